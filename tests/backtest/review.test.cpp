// SPDX-License-Identifier: Apache-2.0
#include <alaris/backtest/engine.hpp>
#include <alaris/backtest/review.hpp>
#include <alaris/simulation/market.hpp>

#include <cmath>
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

SimulatedMarket simulated(int count, double event_premium) {
  SimulationParameters parameters;
  parameters.first_session = make_date(2017, 1, 3);
  parameters.last_session = make_date(2024, 12, 31);
  parameters.event_premium = event_premium;
  return SimulatedMarket(parameters, names(count));
}

/// Admits every second announcement by a coin that knows nothing of the market.
struct CoinToss {
  static constexpr RuleInfo rule{"test.coin", "", "tails", "1", Relation::at_most};
  Measurement measure(const Candidate& c) const noexcept {
    RandomStream stream(static_cast<std::uint64_t>(c.event_date.time_since_epoch().count()) * 977 +
                        static_cast<std::uint64_t>(c.symbol.back()));
    return {.observed = draw_uniform(stream), .limit = 0.5};
  }
};

template <class Rules>
BacktestResult one_lot_each(const SimulatedMarket& market, int count, Rules rules) {
  BacktestSettings s{.strategy = {}, .start = make_date(2020, 1, 2), .end = make_date(2024, 12, 31)};
  s.strategy.fixed_contracts = 1;
  s.capital = Money::from_dollars(100'000'000);
  return Backtest(market, names(count), calendar, s, rules).run([](int, int) {});
}

}  // namespace

TEST_CASE("a random strategy on a martingale market earns minus its costs", "[backtest][review][law]") {
  const BacktestResult run = one_lot_each(simulated(25, 1.0), 25, all_of<CoinToss>{});
  std::vector<double> before_costs, costs;
  for (const TradeRecord& t : run.trades) {
    before_costs.push_back(t.pnl_at_mid.dollars());
    costs.push_back((t.pnl_at_mid - t.pnl).dollars());
  }
  const MeanEstimate gross = estimate_mean(before_costs), cost = estimate_mean(costs);
  CAPTURE(gross.count, gross.mean, gross.standard_error, cost.mean);
  CHECK(gross.count > 100);
  CHECK(cost.lower > 0.0);                                      // every trade crosses two spreads and pays fees
  CHECK(std::fabs(gross.mean) < 2.576 * gross.standard_error);  // so net = -cost within the 99 % band
}

TEST_CASE("the same trades make less at the touch than by the model and less than at mid", "[backtest][review]") {
  const SimulatedMarket market = simulated(6, 1.3);
  const BacktestResult run = one_lot_each(market, 6, all_of<>{});
  const BacktestReview r = review(run, market, LiquidityLimits{}, calendar);
  std::vector<double> net, at_mid;
  for (const TradeRecord& t : run.trades) {
    net.push_back(t.pnl.dollars());
    at_mid.push_back(t.pnl_at_mid.dollars());
  }
  REQUIRE(r.fills.touch.count == run.trades.size());
  CHECK(r.fills.touch.mean == Approx(estimate_mean(net).mean).margin(0.01));  // the run itself fills at the touch
  CHECK(r.fills.mid.mean == Approx(estimate_mean(at_mid).mean).margin(0.01));
  CHECK(r.fills.touch.mean < r.fills.model.mean);
  CHECK(r.fills.model.mean < r.fills.mid.mean);
  CHECK(r.event_time.as_traded.count > 30);
  CHECK(std::fabs(r.event_time.session_early.mean) < std::fabs(r.event_time.as_traded.mean) + 60.0);
  CHECK(r.return_on_risk.lower < r.return_on_risk.upper);
  CHECK(r.capacity.median_spreads >= 0.0);
  CHECK(r.capacity.median_capital_at_risk >= 0.0);
  CHECK(r.trades.size() == run.trades.size());
}

TEST_CASE("a spread sold before the report has neither its crush nor its move", "[backtest][review]") {
  const SimulatedMarket market = simulated(6, 1.3);
  const BacktestResult run = one_lot_each(market, 6, all_of<>{});
  const EventTimeSensitivity s = event_time_sensitivity(run.trades, market, calendar);
  // The scatter of a session without a report is below that of the night of the report.
  CHECK(s.session_early.standard_error < 0.5 * s.as_traded.standard_error);
  CHECK(s.session_late.standard_error < s.as_traded.standard_error);
}

TEST_CASE("the deepest drawdown has its peak its trough and its recovery", "[backtest][performance]") {
  const std::vector<double> nav{100, 110, 99, 104, 88, 100, 110, 105};
  const Drawdown d = deepest_drawdown(nav);
  CHECK(d.depth == Approx(0.2));
  CHECK(d.peak == 1);
  CHECK(d.trough == 4);
  CHECK(d.recovered == 6);
  CHECK(deepest_drawdown(std::vector<double>{100, 90}).recovered == 2);
  CHECK(deepest_drawdown(std::vector<double>{1, 2, 3}).depth == 0.0);
  CHECK(deepest_drawdown({}).depth == 0.0);
}
