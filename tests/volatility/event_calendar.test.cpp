// SPDX-License-Identifier: Apache-2.0
#include <alaris/volatility/event_calendar.hpp>

#include <array>
#include <cmath>
#include <utility>

#include "support/catch.hpp"

using namespace alaris;
using Catch::WithinAbs;

namespace {
constexpr Years<Act365> days(double n) {
  return {n / 365.0};
}
/// Base 32 %, event 6 %, 9 and 37 days, at the money, 4.5 %.
EventCalendar golden(double base = 0.32) {
  return {.spot = 100,
          .strike = 100,
          .rate = 0.045,
          .front = days(9),
          .back = days(37),
          .front_base = base,
          .back_base = base,
          .sigma_event = 0.06};
}
}  // namespace

// Golden values are printed to four or five places: half a unit of the last place is the tolerance throughout.

TEST_CASE("the calendar across a six percent event costs 1.7592 and is short event volatility",
          "[volatility][calendar]") {
  const EventCalendarGreeks greeks = event_calendar_greeks(golden());
  CHECK_THAT(greeks.debit, WithinAbs(1.7592, 5e-5));
  CHECK_THAT(greeks.delta, WithinAbs(.0177, 5e-5));
  CHECK_THAT(greeks.gamma, WithinAbs(-.01732, 5e-6));
  CHECK_THAT(greeks.theta_frozen_iv / 365.0, WithinAbs(.1098, 5e-5));
  CHECK_THAT(greeks.theta / 365.0, WithinAbs(.0243, 5e-5));
  CHECK_THAT(greeks.vega_parallel / 100.0, WithinAbs(.0639, 5e-5));
  CHECK_THAT(greeks.vega_base / 100.0, WithinAbs(.0688, 5e-5));
  CHECK_THAT(greeks.vega_event / 100.0, WithinAbs(-.1039, 5e-5));
}

TEST_CASE("every Greek of the calendar is the slope of its debit", "[volatility][calendar]") {
  for (const OptionType type : {OptionType::call, OptionType::put}) {
    EventCalendar calendar = golden();
    calendar.type = type;
    calendar.spot = 97;
    calendar.dividend_yield = 0.01;
    calendar.back_base = 0.3;
    const EventCalendarGreeks greeks = event_calendar_greeks(calendar);
    const auto slope = [&](auto move, double step) {
      EventCalendar up = calendar, down = calendar;
      move(up, step);
      move(down, -step);
      return (event_calendar_greeks(up).debit - event_calendar_greeks(down).debit) / (2 * step);
    };
    // central differences: truncation below 1e-7 relative at these steps, rounding 1e-14 / step
    CHECK_THAT(slope([](auto& c, double h) { c.spot += h; }, 1e-3), WithinAbs(greeks.delta, 1e-7));
    CHECK_THAT(slope([](auto& c, double h) { c.front_base += h, c.back_base += h; }, 1e-5),
               WithinAbs(greeks.vega_base, 1e-6));
    CHECK_THAT(slope([](auto& c, double h) { c.sigma_event += h; }, 1e-5), WithinAbs(greeks.vega_event, 1e-4));
    CHECK_THAT(slope([](auto& c, double h) { c.front.value -= h, c.back.value -= h; }, 1e-6),
               WithinAbs(greeks.theta, 1e-5));
    EventCalendar up = calendar, down = calendar;
    up.spot += 1e-3;
    down.spot -= 1e-3;
    CHECK_THAT((event_calendar_greeks(up).delta - event_calendar_greeks(down).delta) / 2e-3,
               WithinAbs(greeks.gamma, 1e-7));
  }
}

TEST_CASE("after the event the spread pays between 95.35 and 106.08 and not at the strike alone",
          "[volatility][calendar]") {
  const EventCalendar calendar = golden();
  // eight days on: one day left in the front, 29 in the back
  constexpr std::array<std::pair<double, double>, 6> values{
      {{85, .1302}, {92, .8912}, {95, 1.6571}, {100, 3.0977}, {105, 1.9488}, {112, .7817}}};
  for (const auto& [spot, value] : values)
    CHECK_THAT(value_after_event(calendar, spot, days(8)), WithinAbs(value, 5e-5));
  const BreakEvens late = break_evens_after_event(calendar, days(8));
  CHECK_THAT(late.lower, WithinAbs(95.3, 0.05));
  CHECK_THAT(late.upper, WithinAbs(105.8, 0.05));
  // one day on: eight days left in the front
  const BreakEvens next_day = break_evens_after_event(calendar, days(1));
  CHECK_THAT(next_day.lower, WithinAbs(95.35, 5e-3));
  CHECK_THAT(next_day.upper, WithinAbs(106.08, 5e-3));
  CHECK_THAT(std::log(next_day.lower / 100) / 0.06, WithinAbs(-0.79, 5e-3));
  CHECK_THAT(std::log(next_day.upper / 100) / 0.06, WithinAbs(0.98, 5e-3));
}

TEST_CASE("a calendar earns only what the event moves less than implied", "[volatility][calendar]") {
  const EventCalendar calendar = golden(0.30);
  CHECK_THAT(event_calendar_greeks(calendar).debit, WithinAbs(1.6220, 5e-5));
  constexpr std::array<std::pair<double, double>, 5> table{
      {{1.0, 0.00}, {0.9, 6.21}, {0.8, 12.55}, {0.7, 18.90}, {0.6, 25.13}}};
  for (const auto& [ratio, dollars] : table)
    CHECK_THAT(100.0 * expected_event_pnl(calendar, {.sigma_event = 0.06 * ratio}), WithinAbs(dollars, 5e-3));
}

TEST_CASE("the expected profit is the mean of the revalued spread over the event's moves", "[volatility][calendar]") {
  const EventCalendar calendar = golden(0.30);
  for (const double elapsed : {0.0, 1.0}) {
    const PhysicalEvent physical{.sigma_event = 0.05, .elapsed = days(elapsed), .diffusion = 0.3};
    const double variance = 0.05 * 0.05 + 0.09 * elapsed / 365.0, stdev = std::sqrt(variance);
    double mean = 0.0;  // trapezoid over +-9 standard deviations: error far below 1e-12 for a smooth integrand
    constexpr double step = 1.0 / 64.0;
    for (int i = -576; i <= 576; ++i) {
      const double z = i * step, density = std::exp(-0.5 * z * z) / std::sqrt(2.0 * 3.141592653589793);
      mean += step * density * event_pnl(calendar, stdev * z - 0.5 * variance + 0.045 * elapsed / 365.0, days(elapsed));
    }
    CHECK_THAT(expected_event_pnl(calendar, physical), WithinAbs(mean, 1e-10));
  }
}

TEST_CASE("a move of two or three event sigmas loses most of the debit and never more", "[volatility][calendar]") {
  const EventCalendar calendar = golden();
  const double debit = event_calendar_greeks(calendar).debit;
  const double two = worst_event_pnl(calendar, 2.0, days(1)), three = worst_event_pnl(calendar, 3.0, days(1));
  CHECK(two < 0.0);
  CHECK(three < two);
  CHECK(three > -debit);
  CHECK(std::fabs(delta_after_event(calendar, 112.0, days(1))) > std::fabs(event_calendar_greeks(calendar).delta));
}

TEST_CASE("implied volatilities and an event split into base volatilities or are refused", "[volatility][calendar]") {
  EventCalendar calendar = golden();
  calendar.front_base = calendar.back_base = 0.0;
  const auto split = with_implied_volatilities(calendar, .49839743178, .37136708732);
  REQUIRE(split.has_value());
  CHECK_THAT(split->front_base, WithinAbs(0.32, 1e-9));
  CHECK_THAT(split->back_base, WithinAbs(0.32, 1e-9));
  CHECK(with_implied_volatilities(calendar, 0.3, 0.37).error() == EventFault::negative_base_variance);
  CHECK(with_implied_volatilities(calendar, 0.3, std::nan("")).error() == EventFault::invalid_input);
  CHECK(std::isnan(event_calendar_greeks([&] {
                     EventCalendar swapped = golden();
                     std::swap(swapped.front, swapped.back);
                     return swapped;
                   }())
                       .debit));
}
