// SPDX-License-Identifier: Apache-2.0
#include <alaris/strategy/priced_spread.hpp>

#include <cmath>
#include <functional>
#include <vector>

#include "support/catch.hpp"

using namespace alaris;
using Catch::Matchers::WithinAbs;

namespace {

const TradingCalendar nyse = TradingCalendar::nyse();
const Date today = make_date(2024, 7, 30), front = make_date(2024, 8, 9), back = make_date(2024, 9, 6);
constexpr double rate = 0.04, base = 0.3;

double years_to(Date expiry) {
  return years_between(nyse.close(today), last_trading_instant(expiry, nyse)).value;
}

/// Quotes of a diffusion with one event before the front expiry, spread of ten cents, any of them spoiled.
OptionChain chain(
    double sigma_event, const std::function<void(OptionQuote&)>& spoil = [](OptionQuote&) {}) {
  std::vector<OptionQuote> quotes;
  for (const Date expiry : {front, back})
    for (double strike = 85; strike <= 115; strike += 5)
      for (const OptionType type : {OptionType::put, OptionType::call}) {
        const double years = years_to(expiry), variance = base * base * years + sigma_event * sigma_event;
        const double value =
            black_price(type, {100.0 * std::exp(rate * years), strike, std::sqrt(variance), std::exp(-rate * years)});
        OptionQuote quote{.contract = {expiry, *Strike::from_dollars(strike), type}};
        quote.bid = value - 0.05;
        quote.ask = value + 0.05;
        spoil(quote);
        quotes.push_back(quote);
      }
  return OptionChain(today, 100.0, std::move(quotes));
}
PricedChain priced(const OptionChain& quotes) {
  return {&quotes, nyse.close(today), rate, &nyse};
}
CalendarSpread calendar(SpreadStructure structure = SpreadStructure::call_calendar) {
  return {front, back, *Strike::from_dollars(100), structure};
}
double mid_of(const OptionChain& quotes, const CalendarSpread& spread) {
  return price_combination(spread.legs(), quotes)->mid;
}
}  // namespace

TEST_CASE("on fair quotes the model is worth what the quotes say", "[strategy][model]") {
  const OptionChain fair = chain(0.05);
  for (const SpreadStructure structure :
       {SpreadStructure::call_calendar, SpreadStructure::put_calendar, SpreadStructure::double_calendar}) {
    const CalendarSpread spread = calendar(structure);
    const double value = model_value(priced(fair), spread.legs());
    CHECK_THAT(value, WithinAbs(mid_of(fair, spread), 1e-9));
    CHECK(model_value(priced(fair), reversed(spread.legs())) == -value);
  }
}

TEST_CASE("an absurd quote of a leg moves its midpoint and not the model", "[strategy][model]") {
  const OptionContract short_call{front, *Strike::from_dollars(100), OptionType::call};
  const OptionChain spoiled = chain(0.05, [&](OptionQuote& q) {
    if (q.contract == short_call) q.bid += 1.5, q.ask += 1.5;
  });
  const double fair = mid_of(chain(0.05), calendar());
  CHECK_THAT(mid_of(spoiled, calendar()), WithinAbs(fair - 1.5, 1e-9));
  CHECK_THAT(model_value(priced(spoiled), calendar().legs()), WithinAbs(fair, 1e-9));
}

TEST_CASE("what the model cannot tell apart or price is not known", "[strategy][model]") {
  const OptionChain fair = chain(0.05);
  const std::vector<Leg> call{{{back, *Strike::from_dollars(100), OptionType::call}, 1}};
  CHECK(std::isnan(model_value(priced(fair), call)));
  CHECK(std::isnan(model_value(priced(fair), std::vector<Leg>{})));
  CalendarSpread unlisted = calendar();
  unlisted.strike = *Strike::from_dollars(101);
  CHECK(std::isnan(model_value(priced(fair), unlisted.legs())));
  const OptionChain dark = chain(0.05, [](OptionQuote& q) {
    if (q.contract.expiry == front) q.bid = q.ask = not_known;
  });
  CHECK(std::isnan(model_value(priced(dark), calendar().legs())));
  const OptionChain rising = chain(0.0, [](OptionQuote& q) {  // a term structure that no event explains
    if (q.contract.expiry == front) q.bid -= 0.6, q.ask -= 0.6;
  });
  CHECK(std::isnan(model_value(priced(rising), calendar().legs())));
}
