// SPDX-License-Identifier: Apache-2.0
#include <alaris/backtest/engine.hpp>
#include <alaris/backtest/event_study.hpp>
#include <alaris/backtest/summary.hpp>
#include <alaris/simulation/market.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace alaris;

namespace {

const TradingCalendar calendar = TradingCalendar::nyse();

std::vector<std::string> names(int count) {
  std::vector<std::string> symbols;
  for (int i = 0; i < count; ++i) symbols.push_back("N" + std::to_string(i));
  return symbols;
}

SimulatedMarket simulated(int count, double event_premium, Date last = make_date(2024, 12, 31)) {
  SimulationParameters parameters;
  parameters.first_session = make_date(2017, 1, 3);
  parameters.last_session = last;
  parameters.event_premium = event_premium;
  return SimulatedMarket(parameters, names(count));
}

BacktestSettings settings(Date start, Date end) {
  return {.strategy = {}, .start = start, .end = end};
}

/// Every event traded, one lot, at mid: the bare strategy without gates or costs.
BacktestResult ungated(const SimulatedMarket& market, int symbols) {
  BacktestSettings s = settings(make_date(2020, 1, 2), make_date(2024, 12, 31));
  s.strategy.fixed_contracts = 1;
  s.fills.model = FillModel::mid;
  s.capital = Money::from_dollars(100'000'000);
  return Backtest(market, names(symbols), calendar, s, all_of<>{}).run([](int, int) {});
}

template <class Market>
BacktestResult gated(const Market& market, int symbols, Date end) {
  return run_backtest(market, names(symbols), calendar, settings(make_date(2022, 1, 3), end), [](int, int) {});
}

}  // namespace

TEST_CASE("without an event premium the strategy earns nothing before costs", "[backtest][premium]") {
  const BacktestSummary s = summarise(ungated(simulated(25, 1.0), 25));
  CAPTURE(s.pnl_at_mid.count, s.pnl_at_mid.mean, s.pnl_at_mid.standard_error);
  CHECK(s.pnl_at_mid.count > 300);
  CHECK(std::fabs(s.pnl_at_mid.mean) < 2.576 * s.pnl_at_mid.standard_error);  // 99 % band of the mean
}

TEST_CASE("with an event premium of 1.3 the strategy earns before costs", "[backtest][premium]") {
  const BacktestSummary s = summarise(ungated(simulated(25, 1.3), 25));
  CAPTURE(s.pnl_at_mid.count, s.pnl_at_mid.mean, s.pnl_at_mid.standard_error);
  CHECK(s.pnl_at_mid.count > 300);
  CHECK(s.pnl_at_mid.mean > 2.576 * s.pnl_at_mid.standard_error);
}

TEST_CASE("decisions do not change when the future is cut off", "[backtest][as-of]") {
  const Date cut = make_date(2023, 6, 30);
  const BacktestResult whole = gated(simulated(4, 1.4), 4, cut), truncated = gated(simulated(4, 1.4, cut), 4, cut);
  REQUIRE(whole.decisions.size() == truncated.decisions.size());
  CHECK(whole.decisions.size() > 15);
  for (std::size_t i = 0; i < whole.decisions.size(); ++i) {
    const DecisionRecord &a = whole.decisions[i], &b = truncated.decisions[i];
    INFO(a.candidate.symbol + " " + to_string(a.candidate.event_date));
    CHECK(a.at == b.at);
    CHECK(a.action == b.action);
    CHECK(a.contracts == b.contracts);
    CHECK(a.decided_by == b.decided_by);
    for (std::size_t f = 0; f < a.findings.size(); ++f) {
      const double x = a.findings[f].seen.observed, y = b.findings[f].seen.observed;
      CHECK((x == y || (x != x && y != y)));
    }
  }
}

TEST_CASE("the books of a run balance to the last millionth", "[backtest][ledger]") {
  const BacktestResult result = gated(simulated(8, 1.6), 8, make_date(2024, 12, 31));
  REQUIRE(result.trades.size() > 3);
  Money cash, pnl;
  for (const CashEntry& entry : result.cash_entries) cash += entry.amount;
  for (const TradeRecord& trade : result.trades) pnl += trade.pnl;
  CHECK(result.equity.back().cash == cash);
  REQUIRE(result.trades.back().exit_reason != ExitReason::end_of_data);
  CHECK(cash == Money::from_dollars(100'000) + result.equity.back().interest + pnl);
}

TEST_CASE("every announcement of the period has an outcome and a rule that decided", "[backtest]") {
  const SimulatedMarket market = simulated(6, 1.3);
  const BacktestResult result = gated(market, 6, make_date(2024, 12, 31));
  for (const std::string& symbol : names(6))
    for (const EarningsStatement& said : market.earnings(symbol)) {
      if (said.source != "reported" || said.date < make_date(2022, 1, 10) || said.date > make_date(2024, 12, 20))
        continue;
      const auto found = std::find_if(result.events.begin(), result.events.end(),
                                      [&](const EventOutcome& e) { return e.symbol == symbol && e.date == said.date; });
      CAPTURE(symbol, to_string(said.date));
      REQUIRE(found != result.events.end());
      CHECK_FALSE(found->decided_by.empty());
    }
}

TEST_CASE("entries end when ten closed trades have cost more than one and a half times their budget",
          "[backtest][cost]") {
  BacktestSettings s = settings(make_date(2020, 1, 2), make_date(2024, 12, 31));
  s.strategy.fixed_contracts = 1;
  s.capital = Money::from_dollars(100'000'000);
  const auto run = [&] { return Backtest(simulated(8, 1.4), names(8), calendar, s, all_of<>{}).run([](int, int) {}); };
  const BacktestResult within = run();
  CHECK(!within.entries_halted_from);
  REQUIRE(within.trades.size() > 60);
  std::int64_t cost = 0, budget = 0;  // of the last ten that closed
  for (auto trade = within.trades.end() - 10; trade != within.trades.end(); ++trade) {
    REQUIRE(trade->exit_reason != ExitReason::end_of_data);
    cost += (trade->pnl_at_mid - trade->pnl).cents();
    budget += Money::rounded(trade->budgeted_cost).cents();
  }
  CHECK(std::accumulate(within.costs.realised.begin(), within.costs.realised.end(), std::int64_t{}) == cost);
  CHECK(std::accumulate(within.costs.modelled.begin(), within.costs.modelled.end(), std::int64_t{}) == budget);
  s.strategy.cost.slippage.share_by_legs = {};  // a model that believes in midpoints
  const BacktestResult beyond = run();
  REQUIRE(beyond.entries_halted_from);
  int after = 0;
  for (const TradeRecord& trade : beyond.trades) after += trade.entered > *beyond.entries_halted_from;
  CHECK(after == 0);
  CHECK(beyond.trades.size() >= 10);
  CHECK(beyond.trades.size() < within.trades.size());
  CHECK(std::any_of(beyond.decisions.begin(), beyond.decisions.end(),
                    [](const DecisionRecord& d) { return d.decided_by == "breaker.cost_overrun"; }));
}

TEST_CASE("no decision sees the quotes it trades at", "[backtest][as-of]") {
  const BacktestResult result = gated(simulated(8, 1.6), 8, make_date(2024, 12, 31));
  for (const OrderRecord& order : result.orders) CHECK(order.decided < calendar.open(order.session));
  for (const ComboFill& fill : result.fills)
    for (const OrderRecord& order : result.orders)
      if (order.order.id == fill.order_id && order.outcome == OrderOutcome::filled)
        CHECK(fill.net <= order.order.limit);
}

TEST_CASE("the event study finds the event volatility that options were priced with", "[backtest][events]") {
  const SimulatedMarket market = simulated(3, 1.2);
  const auto rows = study_events(market, names(3), make_date(2023, 1, 1), make_date(2023, 12, 31), calendar);
  REQUIRE(rows.size() == 12);
  for (const EventStudyRow& row : rows) {
    CAPTURE(row.symbol, to_string(*row.earnings_date), row.status, row.sigma_event);
    CHECK(row.status == "ok");
    CHECK(*row.front > *row.t1);
    // calendar time, one strike, the variance's own term structure and skew: a third of the truth bounds them together
    CHECK_THAT(row.sigma_event, Catch::WithinRel(market.truth(row.symbol).sigma_priced(), 0.33));
    CHECK(row.call_pnl_touch < row.call_pnl_mid);
    CHECK_THAT(row.realised_move, Catch::WithinAbs(std::log(row.spot_after / row.spot_before), 1e-15));
  }
}
