// SPDX-License-Identifier: Apache-2.0
#include <alaris/volatility/term_structure.hpp>

#include <array>
#include <cmath>
#include <random>
#include <vector>

#include <alaris/market/trading_time.hpp>
#include <alaris/volatility/event.hpp>

#include "support/catch.hpp"

using namespace alaris;
using namespace std::chrono_literals;
using Catch::WithinAbs;
using Catch::WithinRel;

namespace {
using Seen = TermObservation<Act365>;
constexpr Years<Act365> days(double n) {
  return {n / 365.0};
}
/// Base 32 %, one event of 6 % after the first expiry and one of 5 % after 100 days.
std::vector<Seen> two_events() {
  std::vector<Seen> seen;
  for (const double n : {4.0, 11.0, 18.0, 32.0, 60.0, 95.0, 130.0, 180.0}) {
    const std::size_t before = n > 100 ? 2 : n > 5 ? 1 : 0;
    const double jumps = (before > 0 ? 0.0036 : 0.0) + (before > 1 ? 0.0025 : 0.0);
    seen.push_back({days(n), 0.1024 * n / 365.0 + jumps, 2e-5 + 1e-3 * n / 365.0, before});
  }
  return seen;
}
}  // namespace

TEST_CASE("base and two event volatilities come back exactly from eight clean expiries", "[volatility][term]") {
  const auto fit = fit_term_structure<Act365>(two_events());
  REQUIRE(fit.has_value());
  CHECK_THAT(std::sqrt(fit->base.value), WithinRel(0.32, 1e-10));
  CHECK(fit->event_count == 2);
  CHECK_THAT(fit->sigma_event(0).value, WithinRel(0.06, 1e-10));
  CHECK_THAT(fit->sigma_event(1).value, WithinRel(0.05, 1e-10));
  CHECK(fit->chi_square < 1e-15);
  CHECK(fit->degrees == 5);
  CHECK(worst_calendar_violation<Act365>(*fit, two_events()) == 0.0);
  CHECK_THAT(fit->crush(days(11), 1, days(11)), WithinRel(expected_crush(EventSplit{0.32, 0.06}, days(11)), 1e-9));
}

TEST_CASE("a reverting base is told apart from an event by its expiries", "[volatility][term]") {
  std::vector<Seen> seen;
  const double speed = 6.0;
  for (const double n : {4.0, 11.0, 18.0, 32.0, 60.0, 95.0, 180.0}) {
    const double t = n / 365.0;
    seen.push_back({days(n), 0.09 * t + 0.05 * (1 - std::exp(-speed * t)) / speed + (n > 5 ? 0.0036 : 0.0), 1e-4,
                    n > 5 ? std::size_t{1} : 0});
  }
  const auto fit = fit_term_structure<Act365>(seen, {.reversion = speed});
  REQUIRE(fit.has_value());
  CHECK_THAT(fit->base.value, WithinRel(0.09, 1e-9));
  CHECK_THAT(fit->excess.value, WithinRel(0.05, 1e-9));
  CHECK_THAT(fit->sigma_event(0).value, WithinRel(0.06, 1e-9));
  const auto flat = fit_term_structure<Act365>(seen);
  REQUIRE(flat.has_value());
  CHECK(flat->sigma_event(0).value > 0.0605);  // a flat base gives the excess to the event
}

TEST_CASE("the true event variance lies within two stated errors ninety-five times in a hundred",
          "[volatility][term]") {
  std::mt19937_64 generator(2024);
  std::normal_distribution<double> normal;
  const auto clean = two_events();
  int inside = 0;
  constexpr int trials = 4000;
  for (int i = 0; i < trials; ++i) {
    auto noisy = clean;
    for (auto& seen : noisy) seen.total_variance += seen.error * normal(generator);
    const auto fit = fit_term_structure<Act365>(noisy);
    const TermStructure<Act365>& got = fit ? *fit : fit.error().fit;
    inside += std::fabs(got.events[0].value - 0.0036) <= 1.96 * got.events[0].error;
  }
  // Widening by chi-square can only add; the share has a standard error of 0.35 %.
  CHECK(inside > 0.94 * trials);
  CHECK(inside < 0.98 * trials);
}

TEST_CASE("a term structure that rises before the event has a negative event variance and shows it",
          "[volatility][term]") {
  std::vector<Seen> seen = two_events();
  for (auto& s : seen) s.total_variance -= s.events_before > 0 ? 0.0036 + 0.0004 : 0.0;
  const auto fit = fit_term_structure<Act365>(seen);
  REQUIRE_FALSE(fit.has_value());
  CHECK(fit.error().fault == TermFitFault::negative_event_variance);
  CHECK_THAT(fit.error().fit.events[0].value, WithinRel(-0.0004, 1e-9));
  const auto bounded = fit_term_structure<Act365>(seen, {.bound_at_zero = true});
  REQUIRE(bounded.has_value());
  CHECK(bounded->at_bound[0]);
  CHECK(bounded->events[0].value == 0.0);
  CHECK(bounded->events[1].value > 0.0);
  CHECK(bounded->chi_square > 1.0);
}

TEST_CASE("expiries that cannot tell event from base are not identified", "[volatility][term]") {
  const std::array<Seen, 1> one{{{days(9), 0.006, 1e-4, 1}}};
  CHECK(fit_term_structure<Act365>(one).error().fault == TermFitFault::not_identified);
  std::vector<Seen> seen = two_events();
  for (auto& s : seen) s.events_before = s.events_before > 0 ? 2 : 0;  // both events between the same two expiries
  CHECK(fit_term_structure<Act365>(seen).error().fault == TermFitFault::not_identified);
  seen = two_events();
  seen[2].error = 0.0;
  CHECK(fit_term_structure<Act365>(seen).error().fault == TermFitFault::invalid_input);
  seen = two_events();
  for (auto& s : seen) s.total_variance = 0.01 - s.total_variance;
  CHECK(fit_term_structure<Act365>(seen).error().fault == TermFitFault::negative_base_variance);
}

TEST_CASE("calendar time calls part of the weekend an event and trading time does not", "[volatility][term]") {
  // Wednesday's close, event that night, Friday two days and a Friday thirty days ahead; base per trading year
  const TradingClock clock;
  const Instant now = new_york_instant(make_date(2024, 5, 1), 16h);
  const double base = GENERATE(0.30, 0.60);
  CAPTURE(base);
  std::vector<TermObservation<TradingTime>> trading;
  std::vector<Seen> calendar;
  for (const unsigned day : {3u, 31u}) {
    const Instant expiry = new_york_instant(make_date(2024, 5, day), 16h);
    const Years<TradingTime> t = clock.between(now, expiry);
    const double total = base * base * t.value + 0.0036;
    trading.push_back({t, total, 1e-4, 1});
    calendar.push_back({years_between(now, expiry), total, 1e-4, 1});
  }
  CHECK_THAT(fit_term_structure<TradingTime>(trading)->sigma_event(0).value, WithinRel(0.06, 1e-10));
  const double biased = fit_term_structure<Act365>(calendar)->sigma_event(0).value;
  CHECK(biased > (base == 0.30 ? 0.0615 : 0.066));
  CHECK(biased < (base == 0.30 ? 0.0622 : 0.068));
}

TEST_CASE("total variances are made to rise by moving them as little as possible", "[volatility][term]") {
  std::array<double, 5> w{1.0, 3.0, 2.0, 2.5, 4.0};
  const std::array<double, 5> weights{1.0, 1.0, 1.0, 2.0, 1.0};
  enforce_rising(w, weights);
  CHECK(w[0] == 1.0);
  CHECK_THAT(w[1], WithinAbs(2.5, 1e-15));  // 3 and 2 pool at 2.5, which the 2.5 after them joins
  CHECK_THAT(w[2], WithinAbs(2.5, 1e-15));
  CHECK_THAT(w[3], WithinAbs(2.5, 1e-15));
  CHECK(w[4] == 4.0);
}
