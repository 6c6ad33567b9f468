// SPDX-License-Identifier: Apache-2.0
#include <alaris/volatility/total_variance.hpp>

#include <array>
#include <cmath>

#include <alaris/volatility/event.hpp>

#include "support/catch.hpp"

using namespace alaris;

namespace {
using Quoted = ExpiryVolatility<Act365>;
constexpr Years<Act365> days(double n) {
  return {n / 365.0};
}
}  // namespace

TEST_CASE("thirty-day volatility before an event is 38 percent and not the chord through its curve",
          "[volatility][term]") {
  // base 32 %, event 6 %: any pair of expiries behind the event gives the same thirty-day volatility
  const EventSplit truth{0.32, 0.06};
  const std::array<Quoted, 2> expiries{
      {{days(9), volatility_with_event(truth, days(9))}, {days(37), volatility_with_event(truth, days(37))}}};
  const double iv30 = *volatility_at<Act365>(expiries, thirty_days);
  CHECK_THAT(iv30, Catch::WithinRel(volatility_with_event(truth, thirty_days), 1e-14));
  const double chord =
      expiries[0].volatility + (expiries[1].volatility - expiries[0].volatility) * (30.0 - 9.0) / (37.0 - 9.0);
  CHECK(chord > iv30 + 0.015);
}

TEST_CASE("an expiry's own volatility comes back unchanged", "[volatility][term]") {
  const std::array<Quoted, 3> expiries{{{days(10), 0.5}, {days(30), 0.4}, {days(60), 0.35}}};
  for (const auto& expiry : expiries) CHECK(*volatility_at<Act365>(expiries, expiry.to_expiry) == expiry.volatility);
}

TEST_CASE("a horizon without expiries around it is refused unless the nearest is asked for", "[volatility][term]") {
  const std::array<Quoted, 2> expiries{{{days(10), 0.5}, {days(30), 0.4}}};
  CHECK(volatility_at<Act365>(expiries, days(5)) == unexpected(TermFault::outside_expiries));
  CHECK(volatility_at<Act365>(expiries, days(31)) == unexpected(TermFault::outside_expiries));
  CHECK(*volatility_at<Act365>(expiries, days(5), OutsideExpiries::nearest_volatility) == 0.5);
  CHECK(*volatility_at<Act365>(expiries, days(31), OutsideExpiries::nearest_volatility) == 0.4);
  CHECK(volatility_at<Act365>({}, days(5)) == unexpected(TermFault::no_expiry));
  const std::array<Quoted, 2> unsorted{{{days(30), 0.5}, {days(10), 0.4}}};
  CHECK(volatility_at<Act365>(unsorted, days(20)) == unexpected(TermFault::invalid_input));
}

TEST_CASE("a term structure of 50 and 40 percent 35 days apart falls by 0.0029 a day", "[volatility][term]") {
  const std::array<Quoted, 2> expiries{{{days(10), 0.5}, {days(45), 0.4}}};
  CHECK_THAT(*term_slope_per_day(expiries), Catch::WithinRel(-0.1 / 35.0, 1e-13));
  const std::array<Quoted, 1> late{{{days(45), 0.4}}};
  CHECK(term_slope_per_day(late) == unexpected(TermFault::outside_expiries));
  const std::array<Quoted, 2> short_list{{{days(10), 0.5}, {days(40), 0.4}}};  // beyond the last: its volatility
  CHECK_THAT(*term_slope_per_day(short_list), Catch::WithinRel(-0.1 / 35.0, 1e-13));
}
