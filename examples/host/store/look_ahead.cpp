// SPDX-License-Identifier: Apache-2.0
#include "store/look_ahead.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include <alaris/backtest/altered_future.hpp>
#include <alaris/market/calendar.hpp>
#include <alaris/market/new_york.hpp>

#include "store/run_files.hpp"

namespace alaris::host {
namespace {

/// Everything a run did up to the close of `last`, as it is written down.
struct PastText {
  std::string decisions, orders, fills, equity;
};

PastText past_of(const BacktestResult& result, Date last, const TradingCalendar& calendar) {
  const Instant border = calendar.close(last);
  BacktestResult past;
  for (const DecisionRecord& d : result.decisions)
    if (d.at <= border) past.decisions.push_back(d);
  for (const ExitRecord& e : result.exits)
    if (e.at <= border) past.exits.push_back(e);
  for (const OrderRecord& o : result.orders)
    if (o.session <= last) past.orders.push_back(o);
  for (const ComboFill& f : result.fills)
    if (f.at <= border) past.fills.push_back(f);
  for (const EquityPoint& p : result.equity)
    if (p.date <= last) past.equity.push_back(p);
  return {decisions_jsonl(past), orders_csv(past), fills_csv(past), equity_csv(past)};
}

/// The first line in which two texts differ; empty when they are the same.
std::string first_difference(std::string_view name, const std::string& a, const std::string& b) {
  if (a == b) return "";
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  const auto line = std::count(a.begin(), x, '\n') + 1;
  return fmt::format("{} line {}", name, line);
}

/// Sessions at whose close something was decided, and those at which an announcement that was left alone would have
/// been: a strategy that knows too much may show it by keeping still.
std::vector<Date> borders_of(const BacktestResult& result, std::size_t most, const TradingCalendar& calendar) {
  std::set<Date> sessions;
  for (const DecisionRecord& d : result.decisions) sessions.insert(new_york_date(d.at));
  for (const EventOutcome& event : result.events) {
    const Date before = calendar.previous_session(event.date);
    const Date at = event.session == AnnouncementSession::after_close ? before : calendar.previous_session(before);
    if (!result.equity.empty() && at >= result.equity.front().date && at <= result.equity.back().date)
      sessions.insert(at);
  }
  if (sessions.empty())
    for (std::size_t i = 0; i < result.equity.size(); i += std::max<std::size_t>(result.equity.size() / 4, 1))
      sessions.insert(result.equity[i].date);
  const std::vector<Date> all(sessions.begin(), sessions.end());
  std::vector<Date> chosen;
  const std::size_t count = std::min(all.size(), most);
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(all[i * all.size() / count]);
  return chosen;
}

}  // namespace

LookAheadCheck check_look_ahead(const AnyMarket& market, const BacktestResult& whole, std::size_t most_borders,
                                const std::function<BacktestResult(const AnyMarket&)>& run) {
  const TradingCalendar calendar = TradingCalendar::nyse();
  LookAheadCheck out{.borders = borders_of(whole, most_borders, calendar)};
  for (const Date border : out.borders) {
    const PastText expected = past_of(whole, border, calendar);
    for (const Future future : {Future::truncated, Future::perturbed}) {
      const AlteredFuture altered(market, border, future, calendar);
      const PastText seen = past_of(run(AnyMarket(altered)), border, calendar);
      for (const std::string& difference : {first_difference("decisions", expected.decisions, seen.decisions),
                                            first_difference("orders", expected.orders, seen.orders),
                                            first_difference("fills", expected.fills, seen.fills),
                                            first_difference("equity", expected.equity, seen.equity)})
        if (!difference.empty())
          out.differences.push_back(fmt::format("with the future after {} {}: {} differs", to_string(border),
                                                future == Future::truncated ? "cut off" : "made wrong", difference));
    }
  }
  return out;
}

}  // namespace alaris::host
