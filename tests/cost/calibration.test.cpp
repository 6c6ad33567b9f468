// SPDX-License-Identifier: Apache-2.0
#include <alaris/cost/calibration.hpp>

#include "support/catch.hpp"

using namespace alaris;
using Catch::WithinAbs;
using Catch::WithinRel;

namespace {
const FeeSchedule schedule = FeeSchedule::us_equity_options();

CommissionReport report(int spreads, double factor, OrderMinimum minimum = OrderMinimum::per_leg) {
  CommissionReport order{make_date(2025, 3, 3), {{-spreads, 3.10}, {spreads, 4.72}}, {}};
  FeeSchedule truth = schedule;
  truth.commission.front().minimum = minimum;
  order.charged = Money::rounded(factor * option_fees(truth, order.legs, order.date).dollars());
  return order;
}
}  // namespace

TEST_CASE("fees as modelled raise no alarm", "[cost][calibration]") {
  const CommissionReport orders[] = {report(2, 1.0), report(5, 1.0)};
  const FeeCalibration result = calibrate_fees(schedule, orders);
  CHECK(result.orders == 2);
  CHECK(result.modelled == result.charged);
  CHECK_THAT(result.difference, WithinAbs(0.0, 1e-12));
  CHECK_FALSE(result.alarm);
  CHECK_FALSE(result.closer_minimum.has_value());  // the minimum binds on neither order
}

TEST_CASE("a broker that charges 19 % more is near enough and 21 % more or less is an alarm", "[cost][calibration]") {
  const CommissionReport near[] = {report(5, 1.19)}, dear[] = {report(5, 1.21)}, cheap[] = {report(5, 0.79)};
  CHECK_FALSE(calibrate_fees(schedule, near).alarm);
  CHECK(calibrate_fees(schedule, dear).alarm);
  CHECK(calibrate_fees(schedule, cheap).alarm);
  CHECK_THAT(calibrate_fees(schedule, dear).difference, WithinRel(0.21, 1e-5));
}

TEST_CASE("single spreads charged by the combination show that the minimum is not per leg", "[cost][calibration]") {
  const CommissionReport orders[] = {report(1, 1.0, OrderMinimum::per_combination),
                                     report(1, 1.0, OrderMinimum::per_combination)};
  const FeeCalibration result = calibrate_fees(schedule, orders);
  CHECK(result.closer_minimum == OrderMinimum::per_combination);
  CHECK(result.alarm);  // 1.30 instead of 2.00 a spread
}

TEST_CASE("the worst order is named although the sum is near", "[cost][calibration]") {
  const CommissionReport orders[] = {report(5, 1.0), report(5, 0.70), report(5, 1.15)};
  const FeeCalibration result = calibrate_fees(schedule, orders);
  CHECK_FALSE(result.alarm);
  CHECK_THAT(result.worst, WithinRel(-0.30, 1e-5));
}

TEST_CASE("without a report nothing is known and nothing alarms", "[cost][calibration]") {
  const FeeCalibration result = calibrate_fees(schedule, {});
  CHECK(result.orders == 0);
  CHECK(result.difference != result.difference);
  CHECK_FALSE(result.alarm);
}
