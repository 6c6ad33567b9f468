// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <array>
#include <limits>

#include <alaris/policy/tree.hpp>

namespace {
using namespace alaris;

struct Trade {
  double price, size, age;
};
template <double Trade::*Field>
struct AtMostTen {
  static constexpr RuleInfo rule{"test.at_most_ten", "", "a field", "1", Relation::at_most};
  [[nodiscard]] constexpr Measurement measure(const Trade& t) const noexcept {
    return {.observed = t.*Field, .limit = 10.0};
  }
};
using Price = AtMostTen<&Trade::price>;
using Size = AtMostTen<&Trade::size>;
using Age = AtMostTen<&Trade::age>;
using Rules = all_of<Price, any_of<Size, Age>, at_least_of<2, Price, Size, Age>>;

TEST_CASE("the tree of a policy shows its combinations before their parts", "[policy]") {
  constexpr auto& tree = policy_tree<Rules>;
  static_assert(tree.size() == 9);
  static_assert(tree[0].rule == nullptr && tree[0].parts == 3 && tree[0].needed == 3 && tree[0].depth == 0);
  static_assert(tree[1].rule == &Price::rule && tree[1].depth == 1);
  static_assert(tree[2].parts == 2 && tree[2].needed == 1);
  static_assert(tree[4].rule == &Age::rule && tree[4].depth == 2);
  static_assert(tree[5].parts == 3 && tree[5].needed == 2);
  CHECK(policy_tree<Price>.size() == 1);
}

TEST_CASE("each combination of the tree holds as its parts do and the first as the verdict", "[policy]") {
  for (int bits = 0; bits < 27; ++bits) {
    const auto value = [](int digit) {
      return digit == 0 ? 5.0 : digit == 1 ? 15.0 : std::numeric_limits<double>::quiet_NaN();
    };
    const Trade trade{value(bits % 3), value(bits / 3 % 3), value(bits / 9)};
    const auto verdict = assess(Rules{}, trade);
    std::array<bool, policy_tree<Rules>.size()> holds{};
    REQUIRE(mark_holding(policy_tree<Rules>, verdict.findings, holds));
    CAPTURE(trade.price, trade.size, trade.age);
    CHECK(holds[0] == verdict.accepted);
    CHECK(holds[1] == (trade.price <= 10.0));
    CHECK(holds[2] == (trade.size <= 10.0 || trade.age <= 10.0));
    CHECK(holds[5] == ((trade.price <= 10.0) + (trade.size <= 10.0) + (trade.age <= 10.0) >= 2));
  }
}

TEST_CASE("findings that do not fit the tree are refused", "[policy]") {
  const auto verdict = assess(all_of<Price, Size>{}, Trade{1.0, 1.0, 1.0});
  std::array<bool, policy_tree<Rules>.size()> holds{};
  CHECK_FALSE(mark_holding(policy_tree<Rules>, verdict.findings, holds));
}

}  // namespace
