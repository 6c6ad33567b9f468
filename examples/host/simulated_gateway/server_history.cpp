// SPDX-License-Identifier: Apache-2.0
// The simulated gateway's historical data: days of the market or of a walk, and what is cut from them.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <sstream>

#include <alaris/market/calendar.hpp>
#include <alaris/market/new_york.hpp>
#include <alaris/pricing/bsm.hpp>

#include "simulated_gateway/server.hpp"
#include "simulated_gateway/session_path.hpp"

namespace alaris::simulated {

using namespace gateway;
using namespace std::chrono_literals;

namespace {

constexpr int day_seconds = 86'400, week_seconds = 7 * day_seconds, month_seconds = 30 * day_seconds;

std::optional<int> seconds_of(const std::string& bar_size) {
  constexpr std::pair<std::string_view, int> sizes[] = {{"1 secs", 1},
                                                        {"5 secs", 5},
                                                        {"10 secs", 10},
                                                        {"15 secs", 15},
                                                        {"30 secs", 30},
                                                        {"1 min", 60},
                                                        {"2 mins", 120},
                                                        {"3 mins", 180},
                                                        {"5 mins", 300},
                                                        {"10 mins", 600},
                                                        {"15 mins", 900},
                                                        {"20 mins", 1200},
                                                        {"30 mins", 1800},
                                                        {"1 hour", 3600},
                                                        {"2 hours", 7200},
                                                        {"3 hours", 10'800},
                                                        {"4 hours", 14'400},
                                                        {"8 hours", 28'800},
                                                        {"1 day", day_seconds},
                                                        {"1 week", week_seconds},
                                                        {"1 month", month_seconds}};
  for (const auto& [name, seconds] : sizes)
    if (name == bar_size) return seconds;
  return std::nullopt;
}

bool quoted_side(const std::string& what) {
  return what == "MIDPOINT" || what == "BID" || what == "ASK" || what == "BID_ASK";
}
bool of_trades(const std::string& what) {
  return what == "TRADES" || what == "ADJUSTED_LAST";
}
bool of_volatility(const std::string& what) {
  return what == "HISTORICAL_VOLATILITY" || what == "OPTION_IMPLIED_VOLATILITY";
}

/// A mid's bar as one side of the market shows it.
WireBar sided(WireBar bar, const std::string& what, double half) {
  const double low = what == "BID" || what == "BID_ASK" ? -half : what == "ASK" ? half : 0.0;
  const double high = what == "ASK" || what == "BID_ASK" ? half : what == "BID" ? -half : 0.0;
  bar.open = rounded(bar.open + low, 2), bar.low = rounded(bar.low + low, 2);
  bar.close = rounded(bar.close + high, 2), bar.high = rounded(bar.high + high, 2);
  bar.volume = bar.average = -1.0, bar.count = -1;
  return bar;
}

std::string date_text(Instant at, int seconds, int format) {
  if (seconds >= day_seconds) return yyyymmdd(new_york_date(at));
  if (format != 2) return gateway_time(at);
  return std::to_string(std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count());
}

}  // namespace

std::optional<double> historical_volatility(std::span<const Bar> days) {
  constexpr std::size_t window = 30;
  if (days.size() <= window) return std::nullopt;
  double sum = 0.0, squares = 0.0;
  for (std::size_t i = days.size() - window; i < days.size(); ++i) {
    const double r = std::log(days[i].close / days[i - 1].close);
    sum += r, squares += r * r;
  }
  const double n = static_cast<double>(window);
  return std::sqrt((squares - sum * sum / n) / (n - 1.0) * 252.0);
}

// ---- days ----------------------------------------------------------------------------------------------------------

/// Sessions that have opened by `until`, the newest last, at most `count`: a market's own, or a walk back from the
/// present price by the square root of a day, the same for every request. The session of today has stood still.
std::vector<Bar> Server::days_of(const SymbolPlan& plan, Instant now, Instant until, std::size_t count) const {
  static const TradingCalendar calendar = TradingCalendar::nyse();
  const Instrument* stock = market_.by_id(plan.con_id);
  if (const auto recorded = market_.bars(*stock); !recorded.empty()) {
    // Every tick of every line asks: only what is wanted is looked at.
    const auto end = std::partition_point(recorded.begin(), recorded.end(), [&](const Bar& bar) {
      return !calendar.is_session(bar.date) || calendar.open(bar.date) < until;
    });
    const auto known = end - recorded.begin();
    return {end - std::min(known, static_cast<std::ptrdiff_t>(count)), end};
  }
  std::vector<Bar> days;
  std::mt19937_64 random(static_cast<std::uint64_t>(plan.con_id));
  double close = plan.spot;
  Date day = new_york_date(now);
  std::size_t found = 0;
  if (calendar.is_session(day) && now >= calendar.open(day)) days.push_back({day, close, close, close, close, 1e6});
  for (std::size_t i = 0; i < 2600; ++i) {
    day = calendar.previous_session(day);
    if (day < TradingCalendar::first_day()) break;
    const double step = plan.volatility / 16.0 * (static_cast<double>(random() % 2001) / 1000.0 - 1.0);
    const double open = rounded(close * (1.0 - step), 2);
    days.push_back(
        {day, open, rounded(std::max(open, close) * 1.003, 2), rounded(std::min(open, close) * 0.997, 2), close, 2e6});
    close = open;
    if (calendar.open(day) < until && ++found >= count) break;
  }
  std::reverse(days.begin(), days.end());
  std::erase_if(days,
                [&](const Bar& bar) { return calendar.is_session(bar.date) && calendar.open(bar.date) >= until; });
  if (days.size() > count) days.erase(days.begin(), days.end() - static_cast<std::ptrdiff_t>(count));
  return days;
}

// ---- a question ----------------------------------------------------------------------------------------------------

expected<Server::HistoryQuery, Server::Refusal> Server::history_query(Instant now,
                                                                      const RequestHistoricalData& m) const {
  const auto invalid = [](const std::string& what) {
    return unexpected(Refusal{321, "Error validating request: " + what});
  };
  HistoryQuery query{.end = now};
  const auto seconds = seconds_of(m.bar_size);
  if (!seconds) return invalid("invalid bar size '" + m.bar_size + "'");
  query.seconds = *seconds;
  std::istringstream duration(m.duration);
  long count = 0;
  std::string unit, more;
  if (!(duration >> count >> unit) || duration >> more || count < 1 || count > 100'000 || unit.size() != 1)
    return invalid("invalid duration '" + m.duration + "'");
  const long sessions = unit == "D" ? 1 : unit == "W" ? 5 : unit == "M" ? 21 : unit == "Y" ? 252 : 0;
  if (sessions == 0 && unit != "S") return invalid("invalid duration '" + m.duration + "'");
  query.sessions = static_cast<std::size_t>(sessions * count);
  if (sessions == 0) query.bars = static_cast<std::size_t>(std::max(1L, count / query.seconds));
  if (!of_trades(m.what_to_show) && !quoted_side(m.what_to_show) && !of_volatility(m.what_to_show))
    return invalid("'" + m.what_to_show + "' is not simulated");
  if (!m.end.empty()) {
    const auto end = parse_time(m.end);
    if (!end) return unexpected(Refusal{10314, "End Date/Time: the date, time or time zone entered is invalid."});
    if (m.keep_up_to_date || m.what_to_show == "ADJUSTED_LAST") return invalid("an end is not allowed here");
    query.end = std::min(end->at, now), query.unzoned = !end->zoned;
  }
  if (m.keep_up_to_date && query.seconds < 5) return invalid("bars of 1 second cannot be kept up to date");
  const bool old = query.end < now - std::chrono::days(182);
  if ((query.seconds <= 30 && old) || query.sessions > 2600 ||
      query.sessions * (57'600 / static_cast<std::size_t>(query.seconds)) > 60'000)
    return unexpected(Refusal{162,
                              "Historical Market Data Service error "
                              "message: invalid step or too much data"});
  return query;
}

// ---- bars ----------------------------------------------------------------------------------------------------------

/// Bars of one session of a stock or of an option on it, cut at multiples of their size.
void Server::append_session(std::vector<TimedBar>& out, const HistoryQuery& query, const RequestHistoricalData& m,
                            const Instrument& instrument, const Bar& day) const {
  static const TradingCalendar calendar = TradingCalendar::nyse();
  const bool option = instrument.is_option(), regular = m.regular_hours || option;
  const Instant open = regular ? calendar.open(day.date) : new_york_instant(day.date, 4h);
  const Instant close = regular ? calendar.close(day.date) : new_york_instant(day.date, 20h);
  const SessionPath path(day, calendar.open(day.date), calendar.close(day.date),
                         static_cast<std::uint64_t>(day.date.time_since_epoch().count()) * 7919u + instrument.symbol);
  const auto price = [&](double spot, Instant at) {
    return rounded(option ? modelled(instrument, spot, at) : spot, 2);
  };
  const std::chrono::seconds size(query.seconds);
  const Instant midnight = new_york_instant(day.date, 0min);
  for (Instant from = open; from < close && from < query.end;) {
    const Instant to = std::min(close, midnight + ((from - midnight) / size + 1) * size);
    TimedBar bar{from, {}};
    WireBar& b = bar.bar;
    b.open = price(path.at(from), from), b.close = price(path.at(to), to);
    b.high = std::max(b.open, b.close), b.low = std::min(b.open, b.close);
    const auto include = [&](double spot, Instant at) {
      b.high = std::max(b.high, price(spot, at)), b.low = std::min(b.low, price(spot, at));
    };
    for (const int third : {1, 2}) include(path.at(from + (to - from) * third / 3), from);
    for (const auto& turn : path.turns())
      if (turn.at >= from && turn.at < to) include(turn.price, turn.at);
    const double part = static_cast<double>((to - from).count()) / static_cast<double>((close - open).count());
    b.volume = std::floor((option ? 400.0 : day.volume) * part);
    b.average = rounded(0.25 * (b.open + b.high + b.low + b.close), 4);
    b.count = static_cast<int>(std::max(1.0, *b.volume / 200.0));
    out.push_back(std::move(bar));
    from = to;
  }
}

/// Days, or weeks and months of them.
std::vector<Server::TimedBar> Server::long_bars(const HistoryQuery& query, std::span<const Bar> days) const {
  std::vector<TimedBar> bars;
  const auto period = [&](Date date) {
    const auto day = date.time_since_epoch().count();
    const std::chrono::year_month_day ymd{std::chrono::sys_days(date.time_since_epoch())};
    return query.seconds == day_seconds ? static_cast<int>(day)
           : query.seconds == week_seconds
               ? static_cast<int>((day + 3) / 7)  // Monday to Sunday
               : static_cast<int>(ymd.year()) * 12 + static_cast<int>(unsigned(ymd.month()));
  };
  std::optional<int> current;
  for (const Bar& day : days) {
    const Instant at = new_york_instant(day.date, 9h + 30min);
    const double average = 0.25 * (day.open + day.high + day.low + day.close);
    if (current == period(day.date)) {
      WireBar& b = bars.back().bar;
      b.high = std::max(b.high, day.high), b.low = std::min(b.low, day.low), b.close = day.close;
      b.average = rounded((*b.average * *b.volume + average * day.volume) / (*b.volume + day.volume), 4);
      *b.volume += day.volume, b.count += 10'000;
      bars.back().at = at;
    } else {
      bars.push_back({at, {"", day.open, day.high, day.low, day.close, day.volume, rounded(average, 4), 10'000}});
    }
    current = period(day.date);
  }
  return bars;
}

std::vector<Server::TimedBar> Server::volatility_bars(const HistoryQuery& query, const RequestHistoricalData& m,
                                                      const SymbolPlan& plan, std::span<const Bar> days) const {
  std::vector<TimedBar> bars;
  for (std::size_t i = days.size() - std::min(days.size(), query.sessions); i < days.size(); ++i) {
    const auto value = m.what_to_show == "HISTORICAL_VOLATILITY" ? historical_volatility(days.first(i + 1))
                                                                 : std::optional(plan.volatility);
    if (!value) continue;
    const double v = rounded(*value, 6);
    bars.push_back({new_york_instant(days[i].date, 9h + 30min), {"", v, v, v, v, -1.0, -1.0, -1}});
  }
  return bars;
}

/// Empty: there is nothing of that kind.
std::vector<Server::TimedBar> Server::bars_of(Instant now, const HistoryQuery& query, const RequestHistoricalData& m,
                                              const Instrument& instrument) const {
  const SymbolPlan& plan = market_.symbols()[instrument.symbol];
  const std::size_t size = static_cast<std::size_t>(query.seconds);
  const std::size_t sessions = query.bars == 0 ? query.sessions : query.bars * size / 23'400 + 2;
  const auto days = days_of(plan, now, query.end, std::min<std::size_t>(sessions, 2600) + 31);
  const std::span<const Bar> asked = std::span(days).last(std::min(days.size(), sessions));
  const bool whole_days = query.seconds >= day_seconds;
  std::vector<TimedBar> bars;
  if (of_volatility(m.what_to_show)) {
    const bool known = m.what_to_show == "HISTORICAL_VOLATILITY" || market_.bars(*market_.by_id(plan.con_id)).empty();
    if (!instrument.is_option() && query.seconds == day_seconds && known) bars = volatility_bars(query, m, plan, days);
  } else if (whole_days && !instrument.is_option()) {
    bars = long_bars(query, asked);
  } else if (!whole_days) {
    for (const Bar& day : asked)
      if (day.date >= TradingCalendar::first_day()) append_session(bars, query, m, instrument, day);
  }
  if (query.bars != 0 && bars.size() > query.bars)
    bars.erase(bars.begin(), bars.end() - static_cast<std::ptrdiff_t>(query.bars));
  for (TimedBar& bar : bars)
    if (quoted_side(m.what_to_show))
      bar.bar = sided(bar.bar, m.what_to_show, instrument.is_option() ? std::max(0.01, 0.01 * bar.bar.close) : 0.01);
  return bars;
}

/// A combination's bars are made of its legs'.
std::vector<Server::TimedBar> Server::combination_bars(Instant now, const HistoryQuery& query,
                                                       const RequestHistoricalData& m) const {
  std::vector<TimedBar> net;
  for (std::size_t i = 0; i < m.contract.legs.size(); ++i) {
    const ComboLeg& leg = m.contract.legs[i];
    const Instrument* instrument = market_.by_id(leg.con_id);
    const auto bars = instrument ? bars_of(now, query, m, *instrument) : std::vector<TimedBar>{};
    if (i == 0) net.assign(bars.size(), {});
    if (bars.size() != net.size()) return {};
    const double sign = leg.action == "BUY" ? leg.ratio : -leg.ratio;
    for (std::size_t k = 0; k < bars.size(); ++k) {
      WireBar& b = net[k].bar;
      net[k].at = bars[k].at;
      b.open = rounded(b.open + sign * bars[k].bar.open, 2), b.close = rounded(b.close + sign * bars[k].bar.close, 2);
      b.high = std::max(b.open, b.close), b.low = std::min(b.open, b.close);
      b.volume = b.average = -1.0, b.count = -1;
    }
  }
  return net;
}

// ---- answers -------------------------------------------------------------------------------------------------------

void Server::on(Instant now, int id, const RequestHistoricalData& m) {
  Connection& connection = connections_.at(id);
  const std::string contract = std::to_string(m.contract.con_id) + m.contract.symbol + m.contract.expiry +
                               m.contract.right + std::to_string(m.contract.strike) + m.what_to_show;
  const std::string identity = contract + m.end + m.bar_size + m.duration;
  const int weight = m.what_to_show == "BID_ASK" ? 2 : 1;
  if (!connection.historical.may_send(now, identity, contract, weight))
    return error(id, m.request_id, 162, "Historical Market Data Service error message: pacing violation");
  const auto query = history_query(now, m);
  if (!query) return error(id, m.request_id, query.error().code, query.error().text);
  connection.historical.sent(now, identity, contract, weight);
  connection.historical.answered();
  const Instrument* instrument = m.contract.is_bag() ? nullptr : market_.find(m.contract);
  if (!instrument && m.contract.legs.empty())
    return error(id, m.request_id, 200, "No security definition has been found for the request");
  const auto bars = instrument ? bars_of(now, *query, m, *instrument) : combination_bars(now, *query, m);
  if (bars.empty())
    return error(id, m.request_id, 162,
                 "Historical Market Data Service error message: HMDS query "
                 "returned no data");
  if (query->unzoned)
    error(id, m.request_id, 2174,
          "You submitted a date-time without an explicit time zone: US/Eastern "
          "was taken.");
  HistoricalData answer{m.request_id, gateway_time(bars.front().at), gateway_time(query->end), {}};
  for (const TimedBar& bar : bars) {
    answer.bars.push_back(bar.bar);
    answer.bars.back().date = date_text(bar.at, query->seconds, m.date_format);
  }
  send(id, GatewayMessage(answer));
  if (m.keep_up_to_date && connections_.contains(id)) connections_.at(id).kept_bars[m.request_id] = m;
}

void Server::on(Instant, int id, const CancelHistoricalData& m) {
  if (connections_.at(id).kept_bars.erase(m.request_id) == 0)
    return error(id, m.request_id, 366, "No historical data query found for the ticker id");
  error(id, m.request_id, 162,
        "Historical Market Data Service error message: API historical data "
        "query cancelled");
}

/// The bar that is being made, of every request that is kept up to date.
void Server::update_kept_bars(Instant now) {
  std::vector<std::pair<int, RequestHistoricalData>> kept;
  for (const auto& [id, connection] : connections_)
    for (const auto& [request, m] : connection.kept_bars) kept.emplace_back(id, m);
  for (auto& [id, m] : kept) {
    m.duration = std::string("1 ") + (m.bar_size == "1 month" ? "M" : m.bar_size == "1 week" ? "W" : "D");
    const auto query = history_query(now, m);
    const Instrument* instrument = m.contract.is_bag() ? nullptr : market_.find(m.contract);
    if (!query || (!instrument && m.contract.legs.empty())) continue;
    const auto bars = instrument ? bars_of(now, *query, m, *instrument) : combination_bars(now, *query, m);
    if (bars.empty()) continue;
    const WireBar& b = bars.back().bar;
    const std::string date = date_text(bars.back().at, query->seconds, m.date_format);
    send(id, GatewayMessage(HistoricalDataUpdate{m.request_id, b.count, date, b.open, b.close, b.high, b.low, b.average,
                                                 b.volume}));
  }
}

}  // namespace alaris::simulated
