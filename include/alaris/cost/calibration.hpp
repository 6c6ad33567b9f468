// SPDX-License-Identifier: Apache-2.0
#pragma once
// Modelled fees against what the broker reported: a schedule that is a fifth off is an alarm, not a rounding.
// For programs that hold the broker's statements.

#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include <alaris/cost/fees.hpp>

namespace alaris::inline v0 {

/// One executed combination order and what was charged for it in all, fees of third parties included. Reports whose
/// amount the broker has not set are to be left out.
struct CommissionReport {
  Date date;
  std::vector<TradedLeg> legs;
  Money charged;
};

struct FeeCalibration {
  int orders = 0;
  Money modelled{};
  Money charged{};
  /// charged / modelled - 1 over all orders, and of the order with the largest; NaN without a modelled fee.
  double difference = std::numeric_limits<double>::quiet_NaN();
  double worst = std::numeric_limits<double>::quiet_NaN();
  /// The difference over all orders is unknown or larger than allowed.
  bool alarm = false;
  /// The reading of the order minimum whose fees sum to the closer amount; nothing when both sum to the same.
  std::optional<OrderMinimum> closer_minimum{};
};

/// A pure function of the reports. Without a report there is no alarm.
[[nodiscard]] inline FeeCalibration calibrate_fees(const FeeSchedule& schedule,
                                                   std::span<const CommissionReport> reports,
                                                   double alarm_above = 0.20) {
  const auto with = [&](OrderMinimum minimum) {
    FeeSchedule other = schedule;
    for (DatedCommission& tariff : other.commission) tariff.minimum = minimum;
    return other;
  };
  const FeeSchedule by_leg = with(OrderMinimum::per_leg), by_combination = with(OrderMinimum::per_combination);
  FeeCalibration result;
  Money sum_by_leg{}, sum_by_combination{};
  for (const CommissionReport& report : reports) {
    const Money modelled = option_fees(schedule, report.legs, report.date);
    ++result.orders;
    result.modelled += modelled;
    result.charged += report.charged;
    sum_by_leg += option_fees(by_leg, report.legs, report.date);
    sum_by_combination += option_fees(by_combination, report.legs, report.date);
    if (modelled == Money{}) continue;
    const double off = report.charged.dollars() / modelled.dollars() - 1.0;
    if (!(std::fabs(off) <= std::fabs(result.worst))) result.worst = off;
  }
  if (result.orders == 0) return result;
  if (result.modelled != Money{}) result.difference = result.charged.dollars() / result.modelled.dollars() - 1.0;
  result.alarm = !(std::fabs(result.difference) <= alarm_above);
  const auto distance = [&](Money sum) { return std::abs((sum - result.charged).micros()); };
  if (distance(sum_by_leg) != distance(sum_by_combination))
    result.closer_minimum =
        distance(sum_by_leg) < distance(sum_by_combination) ? OrderMinimum::per_leg : OrderMinimum::per_combination;
  return result;
}

}  // namespace alaris::inline v0
