// SPDX-License-Identifier: Apache-2.0
// What the simulated market promises about money: at event_premium 1 nothing that is traded at mid makes or loses any
// on average; above 1 whoever sells the event makes some. Symbols are made independent of each other, so that the
// standard error of a mean is that of independent samples.
#include <cmath>
#include <string>
#include <vector>

#include <alaris/market/expiry.hpp>
#include <alaris/pricing/parity.hpp>
#include <alaris/simulation/market.hpp>
#include <alaris/volatility/event.hpp>
#include "support/catch.hpp"

using namespace alaris;

namespace {

struct Sample {
  double sum = 0, squares = 0;
  int count = 0;
  void add(double x) { sum += x, squares += x * x, ++count; }
  double mean() const { return sum / count; }
  double error() const { return std::sqrt((squares / count - mean() * mean()) / count); }
};

SimulationParameters independent_symbols(double event_premium) {
  SimulationParameters p;
  p.first_session = make_date(2019, 1, 2);
  p.last_session = make_date(2024, 12, 31);
  p.event_premium = event_premium;
  p.return_correlation = 0.0;
  p.variance_correlation = 0.0;
  p.moved_date_chance = 0.0;
  return p;
}

std::vector<std::string> names(int count) {
  std::vector<std::string> out;
  for (int i = 0; i < count; ++i) out.push_back("S" + std::to_string(i));
  return out;
}

double middle(const OptionChain& chain, Date expiry, Strike strike, OptionType type) {
  const OptionQuote* quote = chain.find({expiry, strike, type});
  REQUIRE(quote != nullptr);
  return 0.5 * (quote->bid + quote->ask);
}

/// Change of the calendar's mid over the night of a report, in percent of spot, for every report of every symbol: front
/// = first expiry after the reaction, back = the expiry nearest 30 days later, strike nearest the spot in both.
Sample calendars_over_events(const SimulatedMarket& market, OptionType type) {
  Sample sample;
  for (const std::string& symbol : market.symbols()) {
    const auto bars = market.bars(symbol);
    for (const SimulatedEvent& event : market.truth(symbol).events()) {
      const auto after =
          std::lower_bound(bars.begin(), bars.end(), event.reaction, [](const Bar& b, Date d) { return b.date < d; });
      if (after == bars.begin() || after == bars.end()) continue;
      const auto t0 = market.chain(symbol, (after - 1)->date), t1 = market.chain(symbol, after->date);
      const auto expiries = t0->expiries();
      const auto front = std::upper_bound(expiries.begin(), expiries.end(), event.reaction);
      const Date wanted = *front + std::chrono::days(30);
      const Date back = *std::min_element(front + 1, expiries.end(), [&](Date a, Date b) {
        return std::chrono::abs(a - wanted) < std::chrono::abs(b - wanted);
      });
      Strike strike;
      double nearest = 1e9;
      for (const OptionQuote& q : t0->of_expiry(*front)) {
        const double distance = std::fabs(q.contract.strike.dollars() - t0->spot());
        if (distance < nearest && t0->find({back, q.contract.strike, type})) {
          nearest = distance;
          strike = q.contract.strike;
        }
      }
      const double before = middle(*t0, back, strike, type) - middle(*t0, *front, strike, type);
      const double later = middle(*t1, back, strike, type) - middle(*t1, *front, strike, type);
      sample.add(100.0 * (later - before) / t0->spot());
    }
  }
  return sample;
}

}  // namespace

TEST_CASE("without an event premium a calendar held over earnings at mid makes nothing on average",
          "[simulation][fair]") {
  const SimulatedMarket market(independent_symbols(1.0), names(60));
  for (const OptionType type : {OptionType::call, OptionType::put}) {
    const Sample pnl = calendars_over_events(market, type);
    CAPTURE(name(type), pnl.count, pnl.mean(), pnl.error());
    CHECK(pnl.count > 1300);
    // A band of three standard errors, which is narrow enough to tell a premium of 1.1 from none (about 0.06 %).
    CHECK(std::fabs(pnl.mean()) < 3.0 * pnl.error());
    CHECK(3.0 * pnl.error() < 0.06);
  }
}

TEST_CASE("with an event premium of 1.3 a calendar held over earnings at mid makes money on average",
          "[simulation][fair]") {
  const SimulatedMarket market(independent_symbols(1.3), names(60));
  const Sample pnl = calendars_over_events(market, OptionType::call);
  CAPTURE(pnl.count, pnl.mean(), pnl.error());
  CHECK(pnl.mean() > 5.0 * pnl.error());
}

TEST_CASE("options are worth their discounted mean payoff", "[simulation][fair]") {
  // About 15 000 holdings of a month or more, a strike each at the money and 1.5 deviations out; four standard errors.
  const SimulatedMarket market(independent_symbols(1.0), names(250));
  Sample share, call, wing_call, wing_put, day_put;
  for (const std::string& symbol : market.symbols()) {
    const SimulationTruth truth = market.truth(symbol);
    const auto bars = market.bars(symbol);
    for (std::size_t i = 20; i + 70 < bars.size(); i += 23) {
      const Date day = bars[i].date, expiry = listed_expiries(day, 0, *truth.days)[4].expiry;
      const auto last =
          std::lower_bound(bars.begin(), bars.end(), expiry, [](const Bar& b, Date d) { return b.date < d; });
      const double spot = bars[i].close, discount = truth.discount(day, expiry);
      const double stdev = std::sqrt(truth.base_total_variance(day, expiry) + truth.event_variance(day, expiry));
      share.add((last->close - truth.forward(day, expiry)) / spot);
      const auto hold = [&](Sample& sample, OptionType type, double z) {
        const Strike strike = *Strike::from_dollars(std::round(spot * std::exp(z * stdev) * 2.0) / 2.0);
        const double value = truth.european_value(day, {expiry, strike, type});
        sample.add((discount * std::max(sign(type) * (last->close - strike.dollars()), 0.0) - value) / spot);
        return strike;
      };
      hold(call, OptionType::call, 0.0);
      hold(wing_call, OptionType::call, 1.5);
      const Strike low = hold(wing_put, OptionType::put, -1.5);
      const Date next = bars[i + 1].date;
      day_put.add((truth.discount(day, next) * truth.european_value(next, {expiry, low, OptionType::put}) -
                   truth.european_value(day, {expiry, low, OptionType::put})) /
                  spot);
    }
  }
  for (const Sample* sample : {&share, &call, &wing_call, &wing_put, &day_put}) {
    CAPTURE(sample - &share, sample->count, sample->mean(), sample->error());
    CHECK(sample->count > 14'000);
    CHECK(std::fabs(sample->mean()) < 4.0 * sample->error());
  }
}

TEST_CASE("the event variance in at-the-money volatilities is the one that was put in", "[simulation][event]") {
  // Hardly any volatility of variance: the base term structure is flat and the smile too, so that the textbook split
  // must return the truth. Trading time, expiries on both sides of the report.
  SimulationParameters p = independent_symbols(1.3);
  p.vol_of_variance = 1e-3;
  const SimulatedMarket market(p, names(10));
  int seen = 0;
  for (const std::string& symbol : market.symbols()) {
    const SimulationTruth truth = market.truth(symbol);
    for (const SimulatedEvent& event : truth.events()) {
      const Date day = truth.days->previous(event.reaction - std::chrono::days(12));
      const auto chain = market.chain(symbol, day);
      if (!chain || day < make_date(2019, 2, 1)) continue;
      std::vector<ExpiryVolatility<TradingTime>> before, after;
      for (const Date expiry : chain->expiries()) {
        if (expiry > day + std::chrono::days(60)) break;
        const double forward = truth.forward(day, expiry);
        const OptionQuote* at_the_money = nullptr;
        for (const OptionQuote& q : chain->of_expiry(expiry))
          if (!at_the_money || std::fabs(q.contract.strike.dollars() - forward) <
                                   std::fabs(at_the_money->contract.strike.dollars() - forward))
            at_the_money = &q;
        const double years =
            years_between(truth.days->calendar().close(day), truth.days->calendar().close(expiry)).value;
        const Years<TradingTime> clock = truth.days->at_close(expiry) - truth.days->at_close(day);
        const double volatility = at_the_money->vendor_volatility * std::sqrt(years / clock.value);
        (expiry < event.reaction ? before : after).push_back({clock, volatility});
      }
      if (before.empty() || after.size() < 2) continue;
      const auto split = event_split(EventModel::before_after, before.back(), after.front());
      const auto both = event_split(EventModel::both_after, after.front(), after.back());
      REQUIRE(split);
      REQUIRE(both);
      ++seen;
      // The path's long-run volatility is the base; what remains of the smile is of the order of vol_of_variance.
      CHECK(std::fabs(split->sigma_base / truth.stock->traits().base_volatility - 1.0) < 1e-3);
      CHECK(std::fabs(split->sigma_event / truth.sigma_priced() - 1.0) < 2e-3);
      CHECK(std::fabs(both->sigma_event / truth.sigma_priced() - 1.0) < 5e-3);
    }
  }
  CHECK(seen > 150);
}

TEST_CASE("simulated quotes break no parity bound at any strike of any expiry", "[simulation][parity]") {
  SimulationParameters p = independent_symbols(1.3);
  p.dividend_payers = 1.0;
  const SimulatedMarket market(p, names(8));
  int checked = 0;
  double worst = 0.0;
  for (const std::string& symbol : market.symbols()) {
    const SimulationTruth truth = market.truth(symbol);
    for (std::size_t i = 30; i < market.bars(symbol).size(); i += 61) {
      const auto chain = market.chain(symbol, market.bars(symbol)[i].date);
      const double spot = chain->spot();
      for (const Date expiry : chain->expiries()) {
        const double years = years_between(truth.days->calendar().close(chain->date()),
                                           last_trading_instant(expiry, truth.days->calendar()))
                                 .value;
        const double discount = truth.discount(chain->date(), expiry);
        const double dividends = std::max(spot - truth.forward(chain->date(), expiry) * discount, 0.0);
        const auto quotes = chain->of_expiry(expiry);
        REQUIRE(quotes.size() % 2 == 0);
        for (std::size_t k = 0; k < quotes.size(); k += 2) {
          const ParityBounds bounds =
              parity_bounds(ExerciseStyle::american, {.spot_bid = spot,
                                                      .spot_ask = spot,
                                                      .strike = quotes[k].contract.strike.dollars(),
                                                      .to_expiry = {years},
                                                      .rate = -std::log(discount) / years,
                                                      .dividend_yield = 0.0,
                                                      .present_dividends = dividends,
                                                      .call_bid = quotes[k + 1].bid,
                                                      .call_ask = quotes[k + 1].ask,
                                                      .put_bid = quotes[k].bid,
                                                      .put_ask = quotes[k].ask});
          worst = std::max({worst, bounds.violation_lower, bounds.violation_upper});
          ++checked;
        }
      }
    }
  }
  CHECK(checked > 30'000);
  CHECK(worst == 0.0);
}
