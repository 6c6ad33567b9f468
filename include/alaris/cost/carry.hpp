// SPDX-License-Identifier: Apache-2.0
#pragma once
// What money and shares earn and cost while nothing trades, and what it takes to be rid of assigned shares.

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <alaris/core/money.hpp>

namespace alaris::inline v0 {

/// Money and shares while nothing trades. The figures are this project's own choice: a broker's published ones move.
struct CarryRules {
  double credit_below_rate = 0.005;  // a year, on cash held; never below zero
  double debit_above_rate = 0.015;   // a year, on cash owed
  double borrow_fee = 0.0025;        // a year, on the value of stock short
  double share_half_spread = 0.01;   // dollars
  Money share_commission = Money::from_micros(5'000);
  Money share_minimum = Money::from_dollars(1);
};

/// Interest on `balance` over `days` calendar days at a continuous short rate taken as simple, actual / 360.
[[nodiscard]] inline Money interest_on(Money balance, double rate, int days, const CarryRules& rules) noexcept {
  if (!std::isfinite(rate)) return {};
  const double paid =
      balance >= Money{} ? std::max(rate - rules.credit_below_rate, 0.0) : rate + rules.debit_above_rate;
  return Money::rounded(balance.dollars() * std::max(paid, 0.0) * days / 360.0);
}
/// The fee on stock short; nothing on stock held.
[[nodiscard]] inline Money borrow_on(std::int64_t shares, double price, int days, const CarryRules& rules) noexcept {
  if (shares >= 0 || !(price > 0.0)) return {};
  return Money::rounded(static_cast<double>(-shares) * price * rules.borrow_fee * days / 360.0);
}

}  // namespace alaris::inline v0
