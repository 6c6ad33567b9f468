// SPDX-License-Identifier: Apache-2.0
#include <alaris/backtest/engine.hpp>
#include <alaris/market/any_market.hpp>
#include <alaris/simulation/market.hpp>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace alaris;

namespace {

const TradingCalendar calendar = TradingCalendar::nyse();
const std::vector<std::string> symbols{"N0", "N1", "N2"};

SimulatedMarket simulated() {
  SimulationParameters parameters;
  parameters.first_session = make_date(2019, 1, 2);
  parameters.last_session = make_date(2023, 6, 30);
  parameters.event_premium = 1.4;
  return SimulatedMarket(parameters, symbols);
}

/// The simulated market with its statements and chains changed.
class Changed {
 public:
  using Statements = std::function<std::vector<EarningsStatement>(std::span<const EarningsStatement>)>;
  using Chains = std::function<std::shared_ptr<const OptionChain>(std::string_view, Date)>;
  Changed(const AnyMarket& market, const Statements& statements, Chains chains = nullptr)
      : market_(market), chains_(std::move(chains)) {
    for (const std::string& s : market.symbols()) said_[s] = statements(market.earnings(s));
  }
  [[nodiscard]] std::span<const std::string> symbols() const { return market_.symbols(); }
  [[nodiscard]] std::span<const Bar> bars(std::string_view s) const { return market_.bars(s); }
  [[nodiscard]] std::span<const Dividend> dividends(std::string_view s) const { return market_.dividends(s); }
  [[nodiscard]] std::span<const Split> splits(std::string_view s) const { return market_.splits(s); }
  [[nodiscard]] std::span<const EarningsStatement> earnings(std::string_view s) const { return said_.find(s)->second; }
  [[nodiscard]] std::span<const Bar> vix() const { return market_.vix(); }
  [[nodiscard]] std::span<const RatePoint> rates() const { return market_.rates(); }
  [[nodiscard]] std::shared_ptr<const OptionChain> chain(std::string_view s, Date date) const {
    return chains_ ? chains_(s, date) : market_.chain(s, date);
  }

 private:
  AnyMarket market_;
  Chains chains_;
  std::map<std::string, std::vector<EarningsStatement>, std::less<>> said_;
};

std::vector<EarningsStatement> as_said(std::span<const EarningsStatement> said) {
  return {said.begin(), said.end()};
}

BacktestSettings early(int sessions_before) {
  BacktestSettings s{.strategy = {}, .start = make_date(2022, 1, 3), .end = make_date(2022, 12, 30)};
  s.strategy.fixed_contracts = 1;
  s.strategy.entry_sessions_before = sessions_before;
  s.capital = Money::from_dollars(10'000'000);
  return s;
}
template <class Market>
BacktestResult run(const Market& market, const BacktestSettings& settings) {
  return Backtest(market, symbols, calendar, settings, all_of<>{}).run([](int, int) {});
}
int ended(const BacktestResult& result, ExitReason reason) {
  int count = 0;
  for (const TradeRecord& trade : result.trades) count += trade.exit_reason == reason;
  return count;
}

/// Two sessions before the last close ahead of the report, at noon: after the entry of a run that enters three before.
Instant change_of_mind(const EarningsStatement& said) {
  using namespace std::chrono_literals;
  Date day = calendar.is_session(said.date) ? said.date : calendar.previous_session(said.date);
  for (int i = 0; i < 2; ++i) day = calendar.previous_session(day);
  return new_york_instant(day, 6h);
}

}  // namespace

TEST_CASE("spreads entered early leave after the report when nothing happens before", "[backtest][exit]") {
  const SimulatedMarket market = simulated();
  const BacktestResult result = run(market, early(3));
  REQUIRE(result.trades.size() > 5);
  CHECK(ended(result, ExitReason::event_passed) > 3);
  CHECK(ended(result, ExitReason::date_moved) + ended(result, ExitReason::date_withdrawn) == 0);
}

TEST_CASE("a report that is moved or withdrawn after the entry ends the trade before its old date",
          "[backtest][exit]") {
  const SimulatedMarket market = simulated();
  const bool withdrawn = GENERATE(false, true);
  const Changed changed(AnyMarket(market), [&](std::span<const EarningsStatement> said) {
    std::vector<EarningsStatement> all;
    for (EarningsStatement s : said) {
      if (s.source == "reported" || s.known_until) continue;
      const Instant then = change_of_mind(s);
      if (s.known_from >= then) continue;
      s.known_until = then;
      all.push_back(s);
      if (withdrawn) continue;
      s.known_from = then;
      s.known_until.reset();
      s.date = calendar.nth_session(s.date, 7);
      all.push_back(s);
    }
    std::stable_sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.known_from < b.known_from; });
    return all;
  });
  const BacktestResult result = run(changed, early(3));
  CAPTURE(withdrawn, result.trades.size());
  REQUIRE(result.trades.size() > 5);
  int named = 0;
  for (const TradeRecord& trade : result.trades) {
    named += trade.exit_reason == (withdrawn ? ExitReason::date_withdrawn : ExitReason::date_moved);
    if (trade.exit_reason == ExitReason::date_moved) CHECK(trade.exited < trade.event_date);
  }
  CHECK(2 * named > static_cast<int>(result.trades.size()));
}

TEST_CASE("an entry whose report is moved before its session opens is cancelled", "[backtest][exit]") {
  using namespace std::chrono_literals;
  const SimulatedMarket market = simulated();
  const Changed changed(AnyMarket(market), [&](std::span<const EarningsStatement> said) {
    std::vector<EarningsStatement> all = as_said(said);
    for (EarningsStatement& s : all)
      if (s.source != "reported" && s.session == AnnouncementSession::after_close && !s.known_until)
        s.known_until = new_york_instant(s.date, 8h);
    return all;
  });
  const BacktestResult result = run(changed, early(0));
  int cancelled = 0;
  for (const OrderRecord& order : result.orders) cancelled += order.outcome == OrderOutcome::cancelled;
  CHECK(cancelled > 2);
  for (const TradeRecord& trade : result.trades) CHECK(trade.session != AnnouncementSession::after_close);
}

TEST_CASE("yesterday's quotes under today's date fill nothing", "[backtest][exit]") {
  const SimulatedMarket market = simulated();
  const Changed copied(AnyMarket(market), as_said, [&](std::string_view s, Date date) {
    // Every second session is served again as the next one.
    const bool odd = date.time_since_epoch().count() % 2 != 0;
    const auto chain = market.chain(s, odd ? calendar.previous_session(date) : date);
    if (!odd || !chain) return chain;
    return std::make_shared<const OptionChain>(
        date, chain->spot(), std::vector<OptionQuote>(chain->quotes().begin(), chain->quotes().end()));
  });
  const BacktestResult result = run(copied, early(0));
  int stale = 0;
  for (const OrderRecord& order : result.orders) stale += order.outcome == OrderOutcome::stale;
  CHECK(stale > 2);
  for (const ComboFill& fill : result.fills) CHECK(new_york_date(fill.at).time_since_epoch().count() % 2 == 0);
}

TEST_CASE("trades and interest make up the account of a run at every kind of fill", "[backtest][ledger]") {
  const SimulatedMarket market = simulated();
  for (const FillModel model : fill_models) {
    BacktestSettings s = early(2);
    s.fills.model = model;
    const BacktestResult result = run(market, s);
    Money pnl;
    for (const TradeRecord& trade : result.trades) {
      pnl += trade.pnl;
      CHECK(trade.pnl == trade.pnl_by_fills[model]);
      CHECK(trade.pnl_by_fills.touch <= trade.pnl_by_fills.model);
      CHECK(trade.pnl_by_fills.model <= trade.pnl_by_fills.mid);
    }
    REQUIRE_FALSE(result.trades.empty());
    REQUIRE(ended(result, ExitReason::end_of_data) == 0);
    CHECK(result.equity.back().cash == s.capital + result.equity.back().interest + pnl);
    CHECK(result.equity.back().nav == result.equity.back().cash);
  }
}
