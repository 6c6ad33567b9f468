// SPDX-License-Identifier: Apache-2.0
#include <alaris/backtest/engine.hpp>
#include <alaris/market/any_market.hpp>
#include <alaris/market/source.hpp>
#include <alaris/pricing/black.hpp>
#include <alaris/simulation/market.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <optional>
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

namespace {

const Date report = make_date(2026, 3, 18);  // a Wednesday, after the close: sold on Thursday, the front ends on Friday
const Date entry = make_date(2026, 3, 13), day_after_entry = make_date(2026, 3, 16), exit_day = make_date(2026, 3, 17);
const Date passed = make_date(2026, 3, 19), front = make_date(2026, 3, 20), back = make_date(2026, 4, 17);

/// One name that lives through one report. Quotes are Black values of a base volatility and the report's variance.
struct Story {
  ExitRules rules{};
  Date end = make_date(2026, 4, 24);
  double back_base = 0.30;   // base volatility of the back expiry from the day after the entry on
  double spot_then = 100.2;  // that day alone
  double half_then = 0.05;   // half of the spread, that day alone
  bool quoted = true;        // after the entry
  std::vector<Dividend> dividends{};
  std::vector<EarningsStatement> said = agreed(report, new_york_instant(make_date(2026, 1, 10), std::chrono::hours(9)));

  static std::vector<EarningsStatement> agreed(Date date, Instant from) {
    std::vector<EarningsStatement> both;
    for (const char* source : {"exchange", "company"})
      both.push_back({.date = date, .session = AnnouncementSession::after_close, .source = source, .known_from = from});
    return both;
  }
  [[nodiscard]] double spot(Date date) const {
    if (date == day_after_entry) return spot_then;
    if (date <= entry) return 100.0;
    return date.time_since_epoch().count() % 2 == 0 ? 100.2 : 99.8;
  }
  [[nodiscard]] std::shared_ptr<const OptionChain> chain(Date date) const {
    std::vector<OptionQuote> quotes;
    const double rate = 0.04;
    for (const Date expiry : {front, make_date(2026, 3, 27), back, make_date(2026, 5, 15)})
      for (double strike = 80.0; strike <= 120.0; strike += 5.0)
        for (const OptionType type : {OptionType::call, OptionType::put}) {
          if (expiry <= date) continue;
          const double years = years_between(date, expiry).value;
          const double base = date > entry && expiry == back ? back_base : 0.30;
          const double variance = base * base * years + (date <= report ? 0.0064 : 0.0);
          const double value = black_price(type, {.forward = spot(date) * std::exp(rate * years),
                                                  .strike = strike,
                                                  .total_stdev = std::sqrt(variance),
                                                  .discount = std::exp(-rate * years)});
          const double usual = date == entry ? 0.03 : 0.05;  // the front decays faster: the limit must still be met
          const double half = std::min(date == day_after_entry ? half_then : usual, 0.5 * value);
          quotes.push_back({.contract = {expiry, *Strike::from_dollars(strike), type},
                            .bid = value - half,
                            .ask = value + half,
                            .last = value,
                            .volume = 1000.0 + strike,
                            .open_interest = 9000.0});
        }
    return std::make_shared<const OptionChain>(date, spot(date), std::move(quotes));
  }
  [[nodiscard]] RecordedMarket market() const {
    SymbolHistory h{.symbol = "ACME", .bars = {}, .chains = {}, .dividends = dividends, .splits = {}, .earnings = said};
    std::vector<Bar> vix;
    for (Date day = make_date(2025, 12, 1); day <= make_date(2026, 4, 30); day = calendar.next_session(day)) {
      const double close = spot(day);
      h.bars.push_back({day, 100.0, std::max(close, 100.0) + 0.8, std::min(close, 100.0) - 0.8, close, 5e6});
      vix.push_back({day, 18.0, 18.0, 18.0, 18.0, 0.0});
      if (day >= make_date(2026, 3, 5) && (quoted || day <= entry)) h.chains.push_back(chain(day));
    }
    return RecordedMarket({h}, vix, {{make_date(2025, 12, 1), Years<Act365>{0.25}, 0.04}});
  }
  [[nodiscard]] BacktestResult lived(SpreadStructure structure) const {
    BacktestSettings s{.strategy = {}, .start = make_date(2026, 3, 10), .end = end};
    s.strategy.fixed_contracts = 1;
    s.strategy.entry_sessions_before = 3;
    s.strategy.calendar.structure = structure;
    s.strategy.exit = rules;
    const RecordedMarket recorded = market();
    return Backtest(recorded, {"ACME"}, calendar, s, all_of<>{}).run([](int, int) {});
  }
};

struct Expected {
  const char* what;
  Story story;
  ExitReason call, put, both;  // of a call, a put and a double calendar
  Date exited = exit_day;      // unless its event passes
};

/// At ten in the morning of the day after the entry every source names another date, or none.
Story changed_mind(std::optional<Date> date) {
  Story story;
  const Instant then = new_york_instant(day_after_entry, std::chrono::hours(10));
  for (EarningsStatement& s : story.said) s.known_until = then;
  if (date)
    for (EarningsStatement& s : Story::agreed(*date, then)) story.said.push_back(s);
  return story;
}

std::vector<Expected> expectations() {
  using enum ExitReason;
  const ExitRules late{.take_crush_fraction = 50, .stop_loss_fraction = 50};
  const auto ex = make_date(2026, 3, 18);
  const Instant announced = new_york_instant(make_date(2026, 2, 2), std::chrono::hours(9));
  return {
      {"nothing happens", {}, event_passed, event_passed, event_passed},
      {"no source names a date any more", changed_mind(std::nullopt), date_withdrawn, date_withdrawn, date_withdrawn},
      {"every source names a week later", changed_mind(make_date(2026, 3, 25)), date_moved, date_moved, date_moved},
      {"the back volatility falls", {.back_base = 0.19}, stop_loss, stop_loss, stop_loss},
      {"the back volatility rises", {.back_base = 0.45}, crush_captured, crush_captured, crush_captured},
      {"a dividend is worth the exercise of the call",
       {.rules = late, .spot_then = 112.0, .dividends = {{ex, 3.0, announced}}},
       ex_dividend,
       event_passed,
       ex_dividend},
      {"the stock stands at the strike near the front's end", {.rules = {.pin_sessions = 3}}, pin, pin, pin},
      {"the front ends soon", {.rules = {.min_front_sessions = 3}}, time, time, time},
      {"closing has become dear", {.half_then = 0.6}, liquidity, liquidity, liquidity},
      {"the short put is exercised early", {.rules = late, .spot_then = 72.0}, event_passed, assigned, assigned},
      {"nobody quotes it again", {.quoted = false}, expired, expired, expired},
      {"the data ends", {.end = day_after_entry}, end_of_data, end_of_data, end_of_data, day_after_entry},
  };
}

}  // namespace

TEST_CASE("every reason to leave ends a call, a put and a double calendar as it should", "[backtest][exit]") {
  for (const Expected& e : expectations())
    for (const SpreadStructure structure :
         {SpreadStructure::call_calendar, SpreadStructure::put_calendar, SpreadStructure::double_calendar}) {
      const BacktestResult result = e.story.lived(structure);
      const ExitReason reason = structure == SpreadStructure::call_calendar  ? e.call
                                : structure == SpreadStructure::put_calendar ? e.put
                                                                             : e.both;
      const std::string decided = result.decisions.empty() ? "nothing" : result.decisions[0].reason;
      const std::string_view ordered = result.orders.empty() ? "nothing" : name(result.orders[0].outcome);
      CAPTURE(e.what, name(structure), decided, ordered);
      REQUIRE(result.trades.size() == 1);
      const TradeRecord& trade = result.trades[0];
      CHECK(name(trade.exit_reason) == name(reason));
      CHECK(trade.spread.structure == structure);
      CHECK(trade.entered == entry);
      const Date out = reason == ExitReason::event_passed ? passed : e.exited;
      const bool in_one_go = reason != ExitReason::expired && reason != ExitReason::assigned;
      if (in_one_go) CHECK(to_string(trade.exited) == to_string(out));
      const EquityPoint& last = result.equity.back();
      if (reason != ExitReason::end_of_data)
        CHECK(last.cash == Money::from_dollars(100'000) + last.interest + trade.pnl);
      // What a decision closed was written down as one, with what was seen and the limit.
      if (reason < ExitReason::expired) {
        REQUIRE_FALSE(result.exits.empty());
        CHECK(name(result.exits.back().reason) == name(reason));
        CHECK(result.exits.back().session == trade.exited);
        CHECK(result.exits.back().at < calendar.open(trade.exited));
      }
    }
}

TEST_CASE("what an open spread may lose is weighed every night it is held", "[backtest][exit]") {
  const BacktestResult result = Story{}.lived(SpreadStructure::call_calendar);
  REQUIRE(result.trades.size() == 1);
  REQUIRE(result.account_risks.size() == 4);  // 13, 16, 17 and 18 March
  for (const AccountRisk& risk : result.account_risks) {
    CHECK(risk.capital_at_risk == result.trades[0].capital_at_risk);
    CHECK(risk.event_night == (risk.date == report ? risk.capital_at_risk : 0.0));
    CHECK(risk.stress > 0.0);
  }
  REQUIRE(result.risks.size() == 4);
  CHECK(result.risks[0].trade == result.trades[0].id);
}

TEST_CASE("a leg that nobody quotes today is not known, whatever it was yesterday", "[backtest][exit]") {
  // The day after the entry the back collapses to a stop, but only the front is quoted: nothing is closed for it.
  const Story story{.back_base = 0.19};
  const RecordedMarket whole = story.market();
  const BacktestResult stopped = story.lived(SpreadStructure::call_calendar);
  REQUIRE(stopped.trades.size() == 1);
  CHECK(stopped.trades[0].exit_reason == ExitReason::stop_loss);
  const RecordedMarket market = whole.with_chains([](const OptionChain& chain) {
    std::vector<OptionQuote> quotes(chain.quotes().begin(), chain.quotes().end());
    if (chain.date() == day_after_entry)
      std::erase_if(quotes, [](const OptionQuote& q) { return q.contract.expiry == back; });
    return OptionChain(chain.date(), chain.spot(), std::move(quotes));
  });
  BacktestSettings s{.strategy = {}, .start = make_date(2026, 3, 10), .end = exit_day};
  s.strategy.fixed_contracts = 1;
  s.strategy.entry_sessions_before = 3;
  const BacktestResult result = Backtest(market, {"ACME"}, calendar, s, all_of<>{}).run([](int, int) {});
  CHECK(result.exits.empty());
}
