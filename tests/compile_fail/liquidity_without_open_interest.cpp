// SPDX-License-Identifier: Apache-2.0
// expect: least_leg_open_interest
// A candidate that does not know its open interest cannot be judged by Liquidity: the compiler names what is missing.
#include <alaris/policy/pre_trade_rules.hpp>

struct Spread {
  double contracts = 2, least_leg_volume = 900, least_displayed_size = 10;
#ifndef ALARIS_MUST_FAIL
  double least_leg_open_interest = 400;
#endif
};

bool may_buy(const Spread& spread) {
  return alaris::admits(alaris::Liquidity<>{}, spread);
}
