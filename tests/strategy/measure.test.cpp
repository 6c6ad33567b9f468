// SPDX-License-Identifier: Apache-2.0
#include <alaris/strategy/decision.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include <alaris/simulation/market.hpp>

#include "support/catch.hpp"

using namespace alaris;

namespace {

const TradingCalendar nyse = TradingCalendar::nyse();

SimulatedMarket simulated() {
  SimulationParameters parameters;
  parameters.first_session = make_date(2022, 1, 3);
  parameters.last_session = make_date(2023, 12, 29);
  return SimulatedMarket(parameters, std::vector<std::string>{"ACME"});
}

/// The same market with splits that somebody announced.
struct Announced {
  const SimulatedMarket* market;
  std::vector<Split> announced;
  auto symbols() const { return market->symbols(); }
  auto bars(std::string_view symbol) const { return market->bars(symbol); }
  auto chain(std::string_view symbol, Date date) const { return market->chain(symbol, date); }
  auto dividends(std::string_view symbol) const { return market->dividends(symbol); }
  std::span<const Split> splits(std::string_view) const { return announced; }
  auto earnings(std::string_view symbol) const { return market->earnings(symbol); }
  auto vix() const { return market->vix(); }
  auto rates() const { return market->rates(); }
};

/// The candidate of the first report in 2023, seen at the close of the session before its entry.
template <class Market>
Candidate candidate_of(const Market& market) {
  const Portfolio account{.nav = 100'000, .cash = 100'000};
  const EventHistory history;
  const DecisionContext context{&account, &history, {}, 100};
  const StrategySettings settings;
  Date session = make_date(2023, 1, 10);
  std::vector<EarningsConsensus> reports;
  for (; reports.empty(); session = nyse.next_session(session))
    reports = upcoming_earnings(MarketView(market, nyse, nyse.close(session)).earnings("ACME"),
                                session + std::chrono::days(1), SessionSource::stated);
  const EarningsConsensus& report = reports.front();
  const Date entry = entry_session(report, nyse, 0);
  const MarketView view(market, nyse, nyse.close(nyse.previous_session(entry)));
  return evaluate(view, "ACME", report, entry, settings, context);
}

}  // namespace

TEST_CASE("what a candidate puts at risk covers its debit and its worst stress and the way out", "[strategy]") {
  const Candidate c = candidate_of(simulated());
  REQUIRE(c.missing.empty());
  CHECK(c.capital_at_risk > contract_multiplier * c.debit_natural);
  for (std::size_t i = 0; i < c.stress.size(); ++i)
    if (static_cast<StressScenario>(i) != StressScenario::wide_exit) CHECK(c.capital_at_risk >= c.stress[i] - 1e-9);
  double odds = 0.0;
  for (const ReturnOutcome& o : c.outcomes) odds += o.probability;
  CHECK(std::fabs(odds - 1.0) < 1e-12);
  CHECK(c.outcomes.front().return_on_risk <= -loss_in(c.stress, StressScenario::down_5) / c.capital_at_risk);
  CHECK(c.outcomes.back().return_on_risk <= -loss_in(c.stress, StressScenario::assigned) / c.capital_at_risk);
}

TEST_CASE("a name whose split is announced before the back expiry is not entered", "[strategy]") {
  const SimulatedMarket market = simulated();
  const Candidate quiet = candidate_of(market);
  CHECK(quiet.pending_contract_changes == 0);
  CHECK(quiet.adjusted_legs == 0);
  CHECK(admits(StandardContract{}, quiet));
  const Date split = quiet.spread->back - std::chrono::days(3);
  const auto with = [&](Date known) {
    return candidate_of(Announced{&market, {{split, 4.0, new_york_instant(known, std::chrono::hours(12))}}});
  };
  CHECK(with(make_date(2023, 1, 3)).pending_contract_changes == 1);
  CHECK(!admits(StandardContract{}, with(make_date(2023, 1, 3))));
  CHECK(with(split - std::chrono::days(1)).pending_contract_changes == 0);  // nobody had said so yet
}

namespace {
/// The simulated market without its tables of dividends and splits.
struct Bare : Announced {
  HeldTables held;
  HeldTables tables(std::string_view) const { return held; }
};
}  // namespace

TEST_CASE("where a source has no table of splits or dividends nobody knows that contracts are standard", "[strategy]") {
  const SimulatedMarket market = simulated();
  const auto with = [&](HeldTables held) { return candidate_of(Bare{{&market, {}}, held}); };
  CHECK(admits(StandardContract{}, with({})));
  CHECK(!admits(StandardContract{}, with({.splits = false})));
  const Candidate bare = with({.dividends = false});
  CHECK(assess(StandardContract{}, bare).findings[0].outcome() == Outcome::unknown);
  CHECK(assess(ExDividend{}, bare).findings[0].outcome() == Outcome::unknown);
  CHECK(admits(ExDividend{}, with({.splits = false})));
}

TEST_CASE("after an event the spot may move four of the sigmas that were priced for it", "[strategy][quality]") {
  const SimulatedMarket market = simulated();
  const Candidate before = candidate_of(market);
  const Date after = before.event->first_close_after, eve = nyse.previous_session(after);
  const MarketView view(market, nyse, nyse.close(after));
  const auto chain = view.chain("ACME"), previous = view.chain("ACME", view.session(eve));
  const PricedChain priced{chain.get(), view.as_of(), view.short_rate(), &nyse, previous.get()};
  Candidate c{.symbol = "ACME"};
  measure_underlying(c, view, priced, StrategySettings{});
  CHECK(c.spot_move_limit > 3.0 * before.sigma_event);
  CHECK(c.spot_move_limit < 5.0 * before.sigma_event);
  Candidate quiet{.symbol = "ACME"};
  const MarketView calm(market, nyse, nyse.close(eve));
  const PricedChain then{previous.get(), calm.as_of(), calm.short_rate(), &nyse};
  measure_underlying(quiet, calm, then, StrategySettings{});
  CHECK(quiet.spot_move_limit != quiet.spot_move_limit);  // no event, no wider limit
}
