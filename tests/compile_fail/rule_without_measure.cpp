// SPDX-License-Identifier: Apache-2.0
// expect: measure
// A rule that does not say what it measures is no rule.
#include <alaris/policy/policy.hpp>

struct Trade {
  double price = 1;
};
struct Cheap {
  static constexpr alaris::RuleInfo rule{"own.cheap", "", "price", "USD", alaris::Relation::at_most};
#ifndef ALARIS_MUST_FAIL
  constexpr alaris::Measurement measure(const Trade& t) const noexcept {
    return {.observed = t.price, .limit = 2};
  }
#endif
};

bool may_buy(const Trade& trade) {
  return alaris::admits(Cheap{}, trade);
}
