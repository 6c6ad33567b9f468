// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a broker and the regulators take from an option trade: dated data, replaceable, exact to the millionth.

#include <cmath>
#include <span>
#include <vector>

#include <alaris/core/money.hpp>
#include <alaris/core/option.hpp>
#include <alaris/core/time.hpp>

namespace alaris::inline v0 {

/// A value in force from a date on.
struct DatedFee {
  Date from;
  double value;
};

struct CommissionTier {
  double min_premium;  // dollars per share
  double per_contract;
};

/// Dollars per contract unless a comment says otherwise; tables sorted by date, tiers from the highest premium down.
struct FeeSchedule {
  std::vector<CommissionTier> commission;
  double order_minimum;                         // per leg: whether brokers apply it per leg or per combination is not
                                                // settled, and this is the larger reading
  std::vector<DatedFee> options_regulatory;     // every contract
  std::vector<DatedFee> clearing;               // every contract
  std::vector<DatedFee> trading_activity_sold;  // contracts sold
  std::vector<DatedFee> sec_per_million_sold;   // dollars per million dollars of sales

  /// Interactive Brokers' published tiers and the regulatory fees of US equity options, 2018 to 2026. Not confirmed:
  /// the options regulatory fee (a sum over exchanges that moved between 0.027 and 0.043), the 2026 rows, the day in
  /// 2025 on which clearing changed.
  [[nodiscard]] static FeeSchedule us_equity_options() {
    return {.commission = {{0.10, 0.65}, {0.05, 0.50}, {0.0, 0.25}},
            .order_minimum = 1.00,
            .options_regulatory = {{make_date(1990, 1, 1), 0.0379}},
            .clearing = {{make_date(1990, 1, 1), 0.02}, {make_date(2025, 1, 1), 0.025}},
            .trading_activity_sold = {{make_date(1990, 1, 1), 0.00279}, {make_date(2026, 1, 1), 0.00329}},
            .sec_per_million_sold = {{make_date(2018, 5, 22), 13.00},
                                     {make_date(2019, 4, 16), 20.70},
                                     {make_date(2020, 2, 18), 22.10},
                                     {make_date(2021, 2, 25), 5.10},
                                     {make_date(2022, 5, 14), 22.90},
                                     {make_date(2023, 2, 27), 8.00},
                                     {make_date(2024, 5, 22), 27.80},
                                     {make_date(2025, 5, 14), 0.00},
                                     {make_date(2026, 4, 4), 20.60}}};
  }
};

/// The value in force on a date: the last row not after it; the first row before the table begins; 0 when empty.
[[nodiscard]] inline double in_force(std::span<const DatedFee> table, Date date) noexcept {
  double value = table.empty() ? 0.0 : table.front().value;
  for (const DatedFee& row : table)
    if (row.from <= date) value = row.value;
  return value;
}

/// One leg as traded: signed contracts and dollars per share.
struct TradedLeg {
  int contracts;
  double price;
};

/// All fees of one combination order executed on `date`.
[[nodiscard]] inline Money option_fees(const FeeSchedule& schedule, std::span<const TradedLeg> legs, Date date) {
  double total = 0.0;
  for (const TradedLeg& leg : legs) {
    const double contracts = std::fabs(static_cast<double>(leg.contracts));
    double per_contract = 0.0;
    for (const CommissionTier& tier : schedule.commission)
      if (leg.price >= tier.min_premium) {
        per_contract = tier.per_contract;
        break;
      }
    total += std::fmax(contracts * per_contract, schedule.order_minimum);
    total += contracts * (in_force(schedule.options_regulatory, date) + in_force(schedule.clearing, date));
    if (leg.contracts < 0)
      total += contracts * in_force(schedule.trading_activity_sold, date) +
               contracts * contract_multiplier * leg.price * in_force(schedule.sec_per_million_sold, date) / 1e6;
  }
  return Money::rounded(total);
}

}  // namespace alaris::inline v0
