// SPDX-License-Identifier: Apache-2.0
// The whole strategy over two years, with one rule of my own beside the library's.
#include <fmt/format.h>

#include <alaris/adapters/fmt.hpp>
#include <alaris/backtest/engine.hpp>
#include <alaris/backtest/summary.hpp>
#include <alaris/simulation/market.hpp>

using namespace alaris;

struct NotTooCheap {  // a spread that costs less than a dollar is mostly fees
  static constexpr RuleInfo rule{"own.debit", "", "debit of the spread", "USD a share", Relation::at_least};
  double least = 1.0;
  Measurement measure(const Candidate& c) const noexcept { return {.observed = c.debit_mid, .limit = least}; }
};

int main() {
  SimulationParameters parameters{.event_premium = 2.0};  // or a RecordedMarket from your own chains
  const std::vector<std::string> names{"AAPL", "KO", "MSFT", "NFLX", "NVDA"};
  const SimulatedMarket market(parameters, names);
  const TradingCalendar calendar = TradingCalendar::nyse();
  const BacktestSettings settings{.strategy = {}, .start = make_date(2023, 1, 3), .end = make_date(2024, 12, 31)};

  const all_of rules{entry_rules(settings.strategy), NotTooCheap{}};
  Backtest backtest(market, names, calendar, settings, rules);
  const BacktestResult result = backtest.run([](int, int) {});

  fmt::print("SIMULATED: {} decisions, {} trades\n", result.decisions.size(), result.trades.size());
  for (std::size_t i = 0; i < result.trades.size() && i < 5; ++i) {
    const TradeRecord& t = result.trades[i];
    fmt::print("{} {}: {} x {:g}, paid {:.2f}, received {:.2f}, {:+.2f} after fees\n", to_string(t.event_date),
               t.symbol, t.contracts, t.spread.strike.dollars(), t.entry_net, t.exit_net, t.pnl.dollars());
  }
  std::size_t own = 0;
  for (const DecisionRecord& d : result.decisions) own += d.decided_by == NotTooCheap::rule.name;
  fmt::print("the own rule alone refused {}\n", own);
}
