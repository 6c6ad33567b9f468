// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a broker and the regulators take from an option trade: dated data, replaceable, exact to the millionth.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

#include <alaris/core/money.hpp>
#include <alaris/core/option.hpp>
#include <alaris/core/time.hpp>

namespace alaris::inline v0 {

/// Whether a published figure was confirmed. A row that is not_sure is the best reading so far, to be replaced.
enum class Certainty : std::uint8_t { confirmed, not_sure };

/// An amount in force from a date on.
struct DatedFee {
  Date from;
  Money amount;
  Certainty certainty = Certainty::confirmed;
  friend constexpr bool operator==(const DatedFee&, const DatedFee&) noexcept = default;
};

struct CommissionTier {
  Money min_premium;  // dollars per share
  Money per_contract;
  friend constexpr bool operator==(const CommissionTier&, const CommissionTier&) noexcept = default;
};

/// What a broker's order minimum is compared with. Charged leg by leg an order never costs less.
enum class OrderMinimum : std::uint8_t { per_leg, per_combination };

/// A broker's tariff in force from a date on; tiers from the highest premium down.
struct DatedCommission {
  Date from;
  std::vector<CommissionTier> tiers;
  Money order_minimum;
  OrderMinimum minimum = OrderMinimum::per_leg;
  Certainty certainty = Certainty::confirmed;
  friend bool operator==(const DatedCommission&, const DatedCommission&) = default;
};

/// Dollars per contract unless a comment says otherwise. Tables are sorted by date.
struct FeeSchedule {
  std::string_view source;
  std::vector<DatedCommission> commission;
  std::vector<DatedFee> options_regulatory;     // every contract, sum over exchanges
  std::vector<DatedFee> clearing;               // every contract
  std::vector<DatedFee> trading_activity_sold;  // contracts sold
  std::vector<DatedFee> sec_per_million_sold;   // dollars per million dollars of sales

  /// The published tariff of Interactive Brokers and the regulatory fees of US equity options, 2018 to 2026.
  [[nodiscard]] static FeeSchedule us_equity_options() {
    constexpr Date always = make_date(1990, 1, 1);
    constexpr Certainty not_sure = Certainty::not_sure;
    const auto micros = [](std::int64_t n) { return Money::from_micros(n); };
    const auto cents = [](std::int64_t n) { return Money::from_cents(n); };
    return {.source = "broker's published tiers; SEC, FINRA and OCC fee notices; collected 2026-11",
            // Whether the minimum is per leg or per combination is not settled: the larger reading.
            .commission = {{always,
                            {{cents(10), cents(65)}, {cents(5), cents(50)}, {Money{}, cents(25)}},
                            cents(100),
                            OrderMinimum::per_leg,
                            not_sure}},
            .options_regulatory = {{always, micros(37'900), not_sure}},  // moved between 0.027 and 0.043
            .clearing = {{always, micros(20'000)}, {make_date(2025, 1, 1), micros(25'000), not_sure}},
            .trading_activity_sold = {{always, micros(2'790)}, {make_date(2026, 1, 1), micros(3'290), not_sure}},
            .sec_per_million_sold = {{make_date(2018, 5, 22), cents(1300)},
                                     {make_date(2019, 4, 16), cents(2070)},
                                     {make_date(2020, 2, 18), cents(2210)},
                                     {make_date(2021, 2, 25), cents(510)},
                                     {make_date(2022, 5, 14), cents(2290)},
                                     {make_date(2023, 2, 27), cents(800)},
                                     {make_date(2024, 5, 22), cents(2780)},
                                     {make_date(2025, 5, 14), cents(0)},
                                     {make_date(2026, 4, 4), cents(2060), not_sure}}};
  }
  friend bool operator==(const FeeSchedule&, const FeeSchedule&) = default;
};

/// The row in force on a date: the last one not after it, the first one before the table begins; nullptr when empty.
template <class Row>
[[nodiscard]] constexpr const Row* in_force(const std::vector<Row>& table, Date date) noexcept {
  const Row* found = table.empty() ? nullptr : &table.front();
  for (const Row& row : table)
    if (row.from <= date) found = &row;
  return found;
}

/// One leg as traded: signed contracts and dollars per share.
struct TradedLeg {
  int contracts;
  double price;
};

struct FeeBreakdown {
  Money commission{};
  Money options_regulatory{};
  Money clearing{};
  Money trading_activity{};
  Money section_31{};
  [[nodiscard]] constexpr Money total() const noexcept {
    return commission + options_regulatory + clearing + trading_activity + section_31;
  }
  friend constexpr bool operator==(const FeeBreakdown&, const FeeBreakdown&) noexcept = default;
};

namespace detail {

[[nodiscard]] constexpr Money amount_in_force(const std::vector<DatedFee>& table, Date date) noexcept {
  const DatedFee* row = in_force(table, date);
  return row ? row->amount : Money{};
}
/// `rate` dollars per million dollars of `sales`, nearest millionth.
[[nodiscard]] constexpr Money per_million(Money rate, Money sales) noexcept {
  const std::int64_t dollars = sales.micros() / Money::micros_per_dollar,
                     rest = sales.micros() % Money::micros_per_dollar;
  const std::int64_t millionths = dollars * rate.micros() + rest * rate.micros() / Money::micros_per_dollar;
  return Money::from_micros((millionths + Money::micros_per_dollar / 2) / Money::micros_per_dollar);
}
[[nodiscard]] inline Money commission(const DatedCommission& tariff, std::span<const TradedLeg> legs) noexcept {
  Money total{};
  for (const TradedLeg& leg : legs) {
    const Money premium = Money::rounded(leg.price);
    Money per_contract{};
    for (const CommissionTier& tier : tariff.tiers)
      if (premium >= tier.min_premium) {
        per_contract = tier.per_contract;
        break;
      }
    const Money of_leg = per_contract * std::abs(leg.contracts);
    total += tariff.minimum == OrderMinimum::per_leg ? std::max(of_leg, tariff.order_minimum) : of_leg;
  }
  return legs.empty() ? total : std::max(total, tariff.order_minimum);
}
}  // namespace detail

/// The fees of one combination order executed on `date`, by who takes them. Prices finite and not negative.
[[nodiscard]] inline FeeBreakdown fee_breakdown(const FeeSchedule& schedule, std::span<const TradedLeg> legs,
                                                Date date) noexcept {
  FeeBreakdown fees;
  if (const DatedCommission* tariff = in_force(schedule.commission, date))
    fees.commission = detail::commission(*tariff, legs);
  for (const TradedLeg& leg : legs) {
    const int contracts = std::abs(leg.contracts);
    fees.options_regulatory += detail::amount_in_force(schedule.options_regulatory, date) * contracts;
    fees.clearing += detail::amount_in_force(schedule.clearing, date) * contracts;
    if (leg.contracts >= 0) continue;
    fees.trading_activity += detail::amount_in_force(schedule.trading_activity_sold, date) * contracts;
    fees.section_31 += detail::per_million(detail::amount_in_force(schedule.sec_per_million_sold, date),
                                           Money::rounded(leg.price) * contract_multiplier * contracts);
  }
  return fees;
}
[[nodiscard]] inline Money option_fees(const FeeSchedule& schedule, std::span<const TradedLeg> legs,
                                       Date date) noexcept {
  return fee_breakdown(schedule, legs, date).total();
}

/// What the regulator takes from stock sold for `proceeds`, also when an exercise or an assignment sold it (a call
/// written, a put held). The exchange's fee on shares, below $0.0002 each, is left out.
[[nodiscard]] inline Money stock_sale_fees(const FeeSchedule& schedule, Money proceeds, Date date) noexcept {
  return detail::per_million(detail::amount_in_force(schedule.sec_per_million_sold, date), proceeds);
}

}  // namespace alaris::inline v0
