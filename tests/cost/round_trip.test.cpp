// SPDX-License-Identifier: Apache-2.0
#include <alaris/cost/round_trip.hpp>

#include <cmath>

#include <alaris/pricing/black.hpp>

#include "support/catch.hpp"

using namespace alaris;
using Catch::WithinAbs;
using Catch::WithinRel;

namespace {
const Date spring_2025 = make_date(2025, 3, 3);

/// Black value of an at-the-money call at 100 with base 30 %, an event of 6 % before expiry and a rate of 4.5 %.
double event_call(double days) {
  const double years = days / 365.0, growth = std::exp(0.045 * years);
  return black_price(OptionType::call, {.forward = 100.0 * growth,
                                        .strike = 100.0,
                                        .total_stdev = std::sqrt(0.30 * 0.30 * years + 0.06 * 0.06),
                                        .discount = 1.0 / growth});
}
}  // namespace

TEST_CASE("the calendar of the cost example is bought for 162.20 and costs 23.88 there and back",
          "[cost][round_trip]") {
  // Published: base 30 %, event 6 %, 9 and 37 days, debit 162.20, round trip 23.88. Not published and chosen here to
  // meet it: 7 cents from mid to natural, five spreads, the fees of spring 2025.
  const double front = event_call(9), back = event_call(37);
  CHECK_THAT(100.0 * (back - front), WithinAbs(162.20, 0.005));
  const TradedLeg legs[] = {{-1, front}, {1, back}};
  const RoundTrip cost = round_trip({}, legs, 0.07, 5, false, spring_2025);
  CHECK_THAT(cost.crossing_open, WithinRel(7.0, 1e-12));
  CHECK_THAT(cost.crossing_close, WithinRel(14.0, 1e-12));
  CHECK_THAT(cost.fees_open + cost.fees_close, WithinAbs(2.88, 0.005));
  CHECK_THAT(cost.total(), WithinAbs(23.88, 0.005));
}

TEST_CASE("a round trip of 23.88 is two points of a vega of 0.1194", "[cost][round_trip]") {
  const RoundTrip cost{.crossing_open = 7.0, .crossing_close = 14.0, .fees_open = 1.44, .fees_close = 1.44};
  CHECK_THAT(cost.volatility_points(0.1194), WithinRel(2.0, 1e-12));
  CHECK_THAT(cost.to_close(), WithinRel(15.44, 1e-12));
}

TEST_CASE("volatility stress widens spreads by half and leaves fees alone", "[cost][round_trip]") {
  const TradedLeg legs[] = {{-1, 3.10}, {1, 4.72}};
  const RoundTrip calm = round_trip({}, legs, 0.07, 2, false, spring_2025);
  const RoundTrip stress = round_trip({}, legs, 0.07, 2, true, spring_2025);
  CHECK_THAT(stress.crossing_open, WithinRel(1.5 * calm.crossing_open, 1e-12));
  CHECK_THAT(stress.crossing_close, WithinRel(1.5 * calm.crossing_close, 1e-12));
  CHECK(stress.fees_open == calm.fees_open);
  CHECK(stress.fees_close == calm.fees_close);
}

TEST_CASE("leaving after an event crosses twice the spread of entering", "[cost][round_trip]") {
  const SlippageModel touch = SlippageModel::touch();
  CHECK_THAT(expected_crossing(touch, 0.07, 2, TradeSide::entry, false), WithinRel(0.07, 1e-12));
  CHECK_THAT(expected_crossing(touch, 0.07, 2, TradeSide::exit, false), WithinRel(0.14, 1e-12));
  CHECK_THAT(expected_crossing(touch, 0.07, 2, TradeSide::exit, true), WithinRel(0.21, 1e-12));
}

TEST_CASE("an order of more legs gives away a smaller share of each spread", "[cost][slippage]") {
  const SlippageModel study = SlippageModel::vendor_study();
  for (std::size_t legs = 1; legs < 4; ++legs) CHECK(study.share(legs + 1) < study.share(legs));
  CHECK(study.share(2) == 0.32);  // 66 % of the way from bid to ask
  CHECK(study.share(9) == study.share(4));
  CHECK(SlippageModel::touch().share(2) == 1.0);
}

TEST_CASE("a buffer above one makes every crossing dearer", "[cost][slippage]") {
  SlippageModel model;
  model.buffer = 1.25;
  CHECK_THAT(expected_crossing(model, 0.08, 2, TradeSide::entry, false), WithinRel(0.10, 1e-12));
}

TEST_CASE("one spread alone pays the order minimum of every leg", "[cost][round_trip]") {
  const TradedLeg legs[] = {{-1, 3.10}, {1, 4.72}};
  const double alone = round_trip({}, legs, 0.07, 1, false, spring_2025).total();
  const double of_two = round_trip({}, legs, 0.07, 2, false, spring_2025).total();
  CHECK_THAT(alone - of_two, WithinAbs(4 * 0.35, 1e-6));
}

TEST_CASE("the round trip of no spread at all is unknown", "[cost][round_trip]") {
  const TradedLeg legs[] = {{-1, 3.10}, {1, 4.72}};
  CHECK(std::isnan(round_trip({}, legs, 0.07, 0, false, spring_2025).total()));
}
