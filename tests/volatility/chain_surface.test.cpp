// SPDX-License-Identifier: Apache-2.0
#include <alaris/volatility/chain_surface.hpp>

#include <array>
#include <cmath>
#include <vector>

#include <alaris/pricing/black.hpp>
#include <alaris/simulation/market.hpp>
#include <alaris/volatility/american_surface.hpp>
#include <alaris/volatility/event.hpp>

#include "support/catch.hpp"

using namespace alaris;
using namespace std::chrono_literals;
using Catch::WithinAbs;
using Catch::WithinRel;

namespace {

const TradingCalendar& calendar() {
  static const TradingCalendar nyse = TradingCalendar::nyse();
  return nyse;
}
const TradingClock& trading_clock() {
  static const TradingClock clock(calendar());
  return clock;
}
const Instant now = new_york_instant(make_date(2024, 5, 1), 16h);
const std::array<Instant, 1> report{new_york_instant(make_date(2024, 5, 7), 16h + 30min)};

/// European quotes two cents wide around base 30 % in trading time and one event of 6 % after the close of 7 May.
OptionChain flat_smiles() {
  std::vector<OptionQuote> quotes;
  for (const Date expiry : {make_date(2024, 5, 3), make_date(2024, 5, 10), make_date(2024, 5, 17),
                            make_date(2024, 6, 21), make_date(2024, 7, 19)}) {
    const Instant last = last_trading_instant(expiry, calendar());
    const double years = years_between(now, last).value, discount = std::exp(-0.05 * years);
    const double variance =
        0.09 * trading_clock().between(now, last).value + (expiry > make_date(2024, 5, 7) ? 0.0036 : 0.0);
    for (double strike = 80; strike <= 120; strike += 1)
      for (const OptionType type : {OptionType::put, OptionType::call}) {
        const double value = black_price(type, {100 / discount, strike, std::sqrt(variance), discount});
        OptionQuote quote{.contract = {expiry, *Strike::from_dollars(strike), type}};
        quote.bid = value - 0.01;
        quote.ask = value + 0.01;
        quotes.push_back(quote);
      }
  }
  return OptionChain(make_date(2024, 5, 1), 100.0, std::move(quotes));
}

SurfaceInputs inputs() {
  return {.at = now, .rate = 0.05, .events = report, .calendar = &calendar(), .clock = &trading_clock()};
}

}  // namespace

TEST_CASE("a chain gives its base and event volatility back and flat smiles without the event",
          "[volatility][surface]") {
  const auto slices = surface_slices(flat_smiles(), inputs());
  REQUIRE(slices.size() == 5);
  CHECK(slices[0].events_before == 0);
  CHECK(slices[1].events_before == 1);
  for (const auto& slice : slices) {
    CHECK(slice.forward_implied);
    CHECK_THAT(slice.forward, WithinRel(100 / slice.discount, 1e-9));
    CHECK(slice.quotes.size() > 5);
  }
  const auto term = fit_events<TradingTime>(slices);
  REQUIRE(term.has_value());
  CHECK_THAT(term->sigma_event(0).value, WithinRel(0.06, 1e-6));
  CHECK_THAT(std::sqrt(term->base.value), WithinRel(0.30, 1e-4));
  CHECK(term->sigma_event(0).error < 0.002);
  for (const auto& slice : slices) {
    const auto smile = ex_event_smile(slice, *term);
    REQUIRE(smile.has_value());
    for (const double k : {-0.03, 0.0, 0.03})
      CHECK_THAT(smile->total_variance(k), WithinRel(0.09 * slice.diffusion.value, 1e-3));
  }
  // calendar time beside it: the event looks larger, because the weekend before the first expiry was not diffusion
  const auto by_calendar = fit_events<Act365>(slices, {});
  REQUIRE(by_calendar.has_value());
  CHECK(std::fabs(by_calendar->sigma_event(0).value - 0.06) > 1e-4);
}

TEST_CASE("expiries that no longer trade or are quoted on one side only are left out", "[volatility][surface]") {
  auto in = inputs();
  in.at = new_york_instant(make_date(2024, 5, 3), 16h);
  CHECK(surface_slices(flat_smiles(), in).size() == 4);
  const auto whole = flat_smiles();
  std::vector<OptionQuote> puts;
  for (const OptionQuote& quote : whole.quotes())
    if (quote.contract.strike < *Strike::from_dollars(95)) puts.push_back(quote);
  CHECK(surface_slices(OptionChain(whole.date(), 100.0, puts), inputs()).empty());
  CHECK(surface_slices(OptionChain(), inputs()).empty());
}

TEST_CASE("the event that a simulated market prices in is found within its stated error", "[volatility][surface]") {
  SimulationParameters parameters;
  parameters.first_session = make_date(2014, 1, 2);
  parameters.last_session = make_date(2020, 12, 31);
  const SimulatedMarket market(parameters, {"AAA", "BBB", "CCC", "DDD"});
  int events = 0, inside = 0;
  double bias = 0.0, worst = 0.0;
  for (const std::string& symbol : market.symbols()) {
    const SimulationTruth truth = market.truth(symbol);
    std::vector<Instant> announcements;
    for (const SimulatedEvent& event : truth.events()) announcements.push_back(event.announced);
    for (const SimulatedEvent& event : truth.events()) {
      if (event.restated || event.date < make_date(2015, 1, 2) || event.date > make_date(2020, 10, 30)) continue;
      Date day = event.date;
      for (int i = 0; i < 4; ++i) day = calendar().previous_session(day);
      double rate = 0.0;
      for (const RatePoint& point : market.rates())
        if (point.date == day && point.tenor.value == 0.25) rate = point.rate;
      const auto chain = market.chain(symbol, day);
      REQUIRE(chain);
      const auto slices =
          surface_slices(*chain, {calendar().close(day), rate, announcements, &calendar(), &trading_clock()});
      const auto term = fit_events<TradingTime>(slices);
      CAPTURE(symbol, to_string(day));
      REQUIRE(term.has_value());
      const double injected = truth.sigma_priced() * truth.sigma_priced();
      ++events;
      inside += std::fabs(term->events[0].value - injected) <= 1.96 * term->events[0].error;
      bias += term->events[0].value / injected - 1.0;
      std::vector<TermObservation<TradingTime>> seen;
      for (const auto& slice : slices) seen.push_back(slice.observation<TradingTime>());
      worst = std::max(worst, worst_calendar_violation<TradingTime>(*term, seen));
    }
  }
  CAPTURE(events, inside, bias / events);
  CHECK(events > 70);
  CHECK(inside >= 0.95 * events);
  CHECK(std::fabs(bias / events) < 0.01);
  CHECK(worst < 2.0);  // in standard errors
}

TEST_CASE("American quotes give the same event as their European twins", "[volatility][surface]") {
  // the same volatilities, quoted American at 5 % without dividends: deep puts carry an early-exercise premium
  const auto european = flat_smiles();
  std::vector<OptionQuote> quotes(european.quotes().begin(), european.quotes().end());
  const AmericanEngine<> engine;
  for (OptionQuote& quote : quotes) {
    const Instant last = last_trading_instant(quote.contract.expiry, calendar());
    const double years = years_between(now, last).value;
    const double variance = 0.09 * trading_clock().between(now, last).value +
                            (quote.contract.expiry > make_date(2024, 5, 7) ? 0.0036 : 0.0);
    const double value = engine({quote.contract.type, 100.0, quote.contract.strike.dollars(), years, 0.05, 0.0,
                                 std::sqrt(variance / years)})
                             .price;
    quote.bid = value - 0.01;
    quote.ask = value + 0.01;
  }
  const OptionChain american(european.date(), 100.0, quotes);
  const auto slices = surface_slices(american, inputs(), AmericanInversion<>{});
  REQUIRE(slices.size() == 5);
  for (const auto& slice : slices) CHECK_THAT(slice.forward, WithinRel(100 / slice.discount, 2e-5));
  const auto term = fit_events<TradingTime>(slices);
  REQUIRE(term.has_value());
  CHECK_THAT(term->sigma_event(0).value, WithinRel(0.06, 1e-3));
  // taken as European, the premium of the puts looks like volatility and a lower forward
  const auto naive = surface_slices(american, inputs());
  CHECK(std::fabs(naive.back().forward - 100 / naive.back().discount) >
        10 * std::fabs(slices.back().forward - 100 / slices.back().discount));
}
