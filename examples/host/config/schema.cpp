// SPDX-License-Identifier: Apache-2.0
// The one table of configuration keys.
#include <algorithm>
#include <charconv>
#include <limits>

#include "config/config.hpp"

namespace alaris::host {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double to_number(const std::string& text) {
  double value = 0.0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}
int to_integer(const std::string& text) {
  return static_cast<int>(to_number(text));
}

using Apply = void (*)(Settings&, const std::string&);

ConfigKey number(std::string_view key, std::string_view fallback, double low, double high, std::string_view meaning,
                 Apply apply) {
  return {key, KeyKind::number, fallback, low, high, "", meaning, apply};
}
ConfigKey integer(std::string_view key, std::string_view fallback, double low, double high, std::string_view meaning,
                  Apply apply) {
  return {key, KeyKind::integer, fallback, low, high, "", meaning, apply};
}
ConfigKey text(std::string_view key, std::string_view fallback, std::string_view meaning, Apply apply) {
  return {key, KeyKind::text, fallback, 0, 0, "", meaning, apply};
}
ConfigKey choice(std::string_view key, std::string_view fallback, std::string_view choices, std::string_view meaning,
                 Apply apply) {
  return {key, KeyKind::choice, fallback, 0, 0, choices, meaning, apply};
}

std::vector<ConfigKey> all_keys() {
  using S = Settings;
  using T = const std::string&;
  constexpr double tiny = std::numeric_limits<double>::min();  // an open lower end at 0
  std::vector<ConfigKey> keys{
      integer("backup.configuration_days", "365", 1, 36500, "days a configuration version is kept",
              [](S& s, T t) { s.backup.configuration_days = to_integer(t); }),
      integer("backup.database_days", "90", 1, 36500, "days a database snapshot is kept",
              [](S& s, T t) { s.backup.database_days = to_integer(t); }),
      text("backup.time", "02:00", "daily backup, New York time", [](S& s, T t) { s.backup.time = t; }),
      integer("backup.trade_days", "1826", 1, 36500, "days the trade history is kept",
              [](S& s, T t) { s.backup.trade_days = to_integer(t); }),
      number("carry.borrow_fee", "0.0025", 0, 10, "a year, on the value of stock short",
             [](S& s, T t) { s.carry.borrow_fee = to_number(t); }),
      number("carry.credit_below_rate", "0.005", 0, 1, "a year: cash earns the short rate less this, never below zero",
             [](S& s, T t) { s.carry.credit_below_rate = to_number(t); }),
      number("carry.debit_above_rate", "0.015", 0, 1, "a year: cash owed costs the short rate and this",
             [](S& s, T t) { s.carry.debit_above_rate = to_number(t); }),
      number("carry.share_half_spread", "0.01", 0, 10, "dollars, on assigned shares sold at the open",
             [](S& s, T t) { s.carry.share_half_spread = to_number(t); }),
      number("cost.buffer", "1.0", 1, infinity, "factor on expected crossing",
             [](S& s, T t) { s.strategy.cost.slippage.buffer = to_number(t); }),
      number("cost.estimated_half_spread_bp", "4", 0, 100, "half-spread of estimated quotes, basis points of spot",
             [](S& s, T t) { s.estimated_quotes.of_spot = to_number(t) * 1e-4; }),
      number("cost.exit_spread_multiplier", "2.0", 1, infinity, "how much wider spreads are at the exit",
             [](S& s, T t) { s.strategy.cost.slippage.exit_spread_multiplier = to_number(t); }),
      number("cost.legging_chance", "0.10", 0, 1, "of --fills model: that a leg pays its whole half-spread",
             [](S& s, T t) { s.legging_chance = to_number(t); }),
      number("cost.min_net_iv_rv", "1.20", 1, 3, "IV30 / RV30 after costs must exceed this",
             [](S& s, T t) { s.strategy.cost_limits.min_net_iv_rv = to_number(t); }),
      number("cost.vix_buffer", "1.5", 1, infinity, "further factor on crossing under volatility stress",
             [](S& s, T t) { s.strategy.cost.slippage.vix_buffer = to_number(t); }),
      text("feeds.cboe.base_url", "https://cdn.cboe.com", "https or loopback", [](S& s, T t) { s.feeds.cboe = t; }),
      text("feeds.edgar.base_url", "https://data.sec.gov", "https or loopback", [](S& s, T t) { s.feeds.edgar = t; }),
      text("feeds.fmp.base_url", "https://financialmodelingprep.com", "https or loopback",
           [](S& s, T t) { s.feeds.fmp = t; }),
      text("feeds.massive.base_url", "https://api.massive.com", "https or loopback",
           [](S& s, T t) { s.feeds.massive = t; }),
      text("feeds.nasdaq.base_url", "https://api.nasdaq.com", "https or loopback",
           [](S& s, T t) { s.feeds.nasdaq = t; }),
      text("feeds.treasury.base_url", "https://home.treasury.gov", "https or loopback",
           [](S& s, T t) { s.feeds.treasury = t; }),
      text("gateway.account", "", "account id; D... is paper", [](S& s, T t) { s.gateway.account = t; }),
      integer("gateway.client_id", "7", 0, 32767, "client id at the gateway",
              [](S& s, T t) { s.gateway.client_id = to_integer(t); }),
      text("gateway.error_actions", "", "CODE=ACTION,...: what an error means here, e.g. 10349=order_lives",
           [](S& s, T t) { s.gateway.error_actions = t; }),
      text("gateway.host", "127.0.0.1", "gateway address", [](S& s, T t) { s.gateway.host = t; }),
      integer("gateway.market_data_lines", "90", 1, 10000, "subscriptions at once; the account has 100 by default",
              [](S& s, T t) { s.gateway.market_data_lines = to_integer(t); }),
      number("gateway.messages_per_second", "40", 1, 1000, "sent at most; the gateway's limit is half its lines",
             [](S& s, T t) { s.gateway.messages_per_second = to_number(t); }),
      choice("gateway.mode", "paper", "paper|live", "must agree with port and account",
             [](S& s, T t) { s.gateway.mode = t; }),
      integer("gateway.port", "4002", 1, 65535, "4001 live, 4002 paper",
              [](S& s, T t) { s.gateway.port = to_integer(t); }),
      text("gateway.restart_time", "", "HH:MM in New York; no order in the two minutes before; empty: no restart",
           [](S& s, T t) { s.gateway.restart_time = t; }),
      number("monitor.connection_s", "60", 1, 3600, "seconds between connection reports",
             [](S& s, T t) { s.monitor.connection_s = to_number(t); }),
      number("monitor.freshness_s", "900", 1, 86400, "age at which data is stale, seconds",
             [](S& s, T t) { s.monitor.freshness_s = to_number(t); }),
      number("monitor.latency_critical_s", "5", tiny, 600, "latency, seconds",
             [](S& s, T t) { s.monitor.latency_critical_s = to_number(t); }),
      number("monitor.latency_warning_s", "2", tiny, 600, "latency, seconds",
             [](S& s, T t) { s.monitor.latency_warning_s = to_number(t); }),
      number("monitor.memory_critical_gib", "7", tiny, 1024, "resident memory, GiB",
             [](S& s, T t) { s.monitor.memory_critical_gib = to_number(t); }),
      number("monitor.memory_warning_gib", "6", tiny, 1024, "resident memory, GiB",
             [](S& s, T t) { s.monitor.memory_warning_gib = to_number(t); }),
      number("quality.critical_score", "0.90", 0, 1, "chain score below which nothing is opened",
             [](S& s, T t) { s.strategy.quality.critical_score = to_number(t); }),
      number("quality.max_parity_violation", "0.02", 0, 1, "parity violation over the larger mid",
             [](S& s, T t) { s.strategy.quality.max_parity_violation = to_number(t); }),
      number("quality.max_spot_move", "0.10", 0, 1, "spot against the previous session's close",
             [](S& s, T t) { s.strategy.quality.max_spot_move = to_number(t); }),
      number("quality.max_volume_ratio", "10", 1, 1000, "share volume over its median, either way",
             [](S& s, T t) { s.strategy.quality.max_volume_ratio = to_number(t); }),
      integer("quality.min_earnings_sources", "2", 1, 10, "independent sources that agree on the date",
              [](S& s, T t) { s.strategy.earnings_date.min_sources = to_number(t); }),
      choice("quality.session_source", "stated", "stated|derived", "whether a session inferred from prices counts",
             [](S& s, T t) {
               s.strategy.session_source = t == "derived" ? SessionSource::derived : SessionSource::stated;
             }),
      number("quality.warning_score", "0.95", 0, 1, "chain score below which a run warns",
             [](S& s, T t) { s.strategy.quality.warning_score = to_number(t); }),
      number("risk.collar_least", "0.10", 0, 1000, "dollars a limit may lie beyond model and natural price at least",
             [](S& s, T t) { s.strategy.orders.collar_least = to_number(t); }),
      number("risk.collar_share", "0.25", 0, 10, "of the model's value a limit may lie beyond it and the natural price",
             [](S& s, T t) { s.strategy.orders.collar_share = to_number(t); }),
      integer("risk.max_orders_per_minute", "30", 1, 10000, "orders sent in 60 s, the one judged in",
              [](S& s, T t) { s.strategy.orders.max_orders_per_minute = to_number(t); }),
      number("risk.max_assignment_probability", "0.25", 0, 1, "of a rational early exercise of a short leg",
             [](S& s, T t) { s.strategy.legs.max_assignment_probability = to_number(t); }),
      number("risk.max_assignment_cost_nav", "0.0025", 0, 1, "cash at stake in early exercise over NAV",
             [](S& s, T t) { s.strategy.legs.max_assignment_cost_nav = to_number(t); }),
      number("risk.min_pin_distance", "0.01", 0, 1, "of the stock from a short strike on its last session, more than",
             [](S& s, T t) { s.strategy.legs.min_pin_distance = to_number(t); }),
      number("risk.max_borrow", "0.05", 0, 10, "cost of borrowing the stock a year, of calendars with calls",
             [](S& s, T t) { s.strategy.legs.max_borrow = to_number(t); }),
      number("risk.max_event_night_loss_nav", "0.05", tiny, 1, "loss today and capital at risk over one night over NAV",
             [](S& s, T t) { s.strategy.portfolio.max_event_night_loss_nav = to_number(t); }),
      number("risk.max_assignment_multiple", "2", tiny, 100, "strike value of short legs over excess liquidity",
             [](S& s, T t) { s.strategy.portfolio.max_assignment_multiple = to_number(t); }),
      number("risk.min_what_if_excess_liquidity", "0", 0, infinity, "dollars left by the margin preview of the order",
             [](S& s, T t) { s.strategy.portfolio.min_what_if_excess_liquidity = to_number(t); }),
      number("cost.min_net_edge", "0", 0, infinity, "expected P&L a spread after costs must exceed this, dollars",
             [](S& s, T t) { s.strategy.cost_limits.min_net_edge = to_number(t); }),
      number("cost.slippage_one_leg", "1", 0, 1, "share of the half-spread that an order of one leg pays",
             [](S& s, T t) { s.strategy.cost.slippage.share_by_legs[0] = to_number(t); }),
      number("cost.slippage_two_legs", "1", 0, 1, "the same of two legs traded as one order",
             [](S& s, T t) { s.strategy.cost.slippage.share_by_legs[1] = to_number(t); }),
      number("cost.slippage_three_legs", "1", 0, 1, "the same of three",
             [](S& s, T t) { s.strategy.cost.slippage.share_by_legs[2] = to_number(t); }),
      number("cost.slippage_four_legs", "1", 0, 1, "the same of four and more",
             [](S& s, T t) { s.strategy.cost.slippage.share_by_legs[3] = to_number(t); }),
      {"quality.assume_no_actions", KeyKind::boolean, "false", 0, 0, "",
       "a source without a table of dividends or splits counts as one with nothing in it",
       [](S& s, T t) { s.strategy.assume_no_actions = t == "true"; }},
      number("quality.max_spot_disagreement", "0.01", 0, 1, "spot of a second source that confirms a large move",
             [](S& s, T t) { s.strategy.quality.max_spot_disagreement = to_number(t); }),
      integer("strategy.quiet_sessions", "15", 0, 250, "before an entry, without results of the name",
              [](S& s, T t) { s.strategy.quiet_sessions = to_integer(t); }),
      number("risk.max_abs_delta", "0.10", tiny, 1, "net delta per share, strictly below",
             [](S& s, T t) { s.strategy.gamma.max_abs_delta = to_number(t); }),
      integer("risk.max_contracts", "10", 1, 10000, "contracts per spread",
              [](S& s, T t) { s.strategy.portfolio.max_contracts = to_number(t); }),
      number("risk.max_daily_loss", "15000", tiny, infinity, "dollars since the previous close",
             [](S& s, T t) { s.strategy.portfolio.max_daily_loss = to_number(t); }),
      number("risk.max_event_loss_nav", "0.01", tiny, 1, "loss at two event sigmas over NAV",
             [](S& s, T t) { s.strategy.gamma.max_event_loss_nav = to_number(t); }),
      number("risk.max_abs_delta_after_event", "", tiny, 1,
             "net delta per share after a move of one to three event sigmas, at most; unset: no limit",
             [](S& s, T t) { s.strategy.gamma.max_abs_delta_after_event = to_number(t); }),
      number("risk.max_event_night_nav", "0.10", tiny, 1, "capital at risk over one event night over NAV",
             [](S& s, T t) { s.strategy.portfolio.max_event_night_nav = to_number(t); }),
      integer("risk.max_new_per_day", "5", 1, 1000, "spreads opened a day",
              [](S& s, T t) { s.strategy.portfolio.max_new_per_day = to_number(t); }),
      number("risk.max_notional", "25000", tiny, infinity, "capital at risk per position, dollars",
             [](S& s, T t) { s.strategy.portfolio.max_notional = to_number(t); }),
      number("risk.max_open_interest_share", "0.02", tiny, 1, "contracts over open interest, strictly below",
             [](S& s, T t) { s.strategy.liquidity.max_open_interest_share = to_number(t); }),
      integer("risk.max_open_spreads", "8", 1, 1000, "spreads open",
              [](S& s, T t) { s.strategy.portfolio.max_open_spreads = to_number(t); }),
      number("risk.max_position_nav", "0.05", tiny, 1, "capital at risk in one name over NAV",
             [](S& s, T t) { s.strategy.portfolio.max_position_nav = to_number(t); }),
      number("risk.max_sector_nav", "0.15", tiny, 1, "capital at risk in one sector over NAV",
             [](S& s, T t) { s.strategy.portfolio.max_sector_nav = to_number(t); }),
      number("risk.max_stress_loss_nav", "0.03", tiny, 1, "worst case of the stress set over NAV",
             [](S& s, T t) { s.strategy.portfolio.max_stress_loss_nav = to_number(t); }),
      number("risk.max_volume_share", "0.05", tiny, 1, "contracts over leg volume, strictly below",
             [](S& s, T t) { s.strategy.liquidity.max_volume_share = to_number(t); }),
      number("risk.min_cash_fraction", "0.20", 0, 0.999999, "cash after the debit over NAV",
             [](S& s, T t) { s.strategy.portfolio.min_cash_fraction = to_number(t); }),
      integer("risk.max_execution_failures", "5", 1, 1000, "orders of a session that fail before trading halts",
              [](S& s, T t) { s.strategy.max_execution_failures = static_cast<int>(to_number(t)); }),
      number("risk.vix_reset", "35", tiny, 1000, "volatility stress ends below",
             [](S& s, T t) { s.strategy.vix.reset = to_number(t); }),
      number("risk.vix_trip", "40", tiny, 1000, "volatility stress begins above",
             [](S& s, T t) { s.strategy.vix.trip = to_number(t); }),
      number("simulation.event_premium", "1.5", tiny, 10, "implied over physical event volatility",
             [](S& s, T t) { s.simulation.event_premium = to_number(t); }),
      integer("simulation.seed", "3", 0, 2147483647, "seed of the simulated market; the default shows a trade",
              [](S& s, T t) { s.simulation.seed = to_integer(t); }),
      number("sizing.kelly_fraction", "0.25", tiny, 1, "share of the full Kelly size",
             [](S& s, T t) { s.strategy.sizing.kelly_fraction = to_number(t); }),
      integer("sizing.min_trades", "20", 0, 100000, "past trades before the small-sample cap is lifted",
              [](S& s, T t) { s.strategy.sizing.min_trades = to_integer(t); }),
      number("sizing.small_sample_nav", "0.005", tiny, 1, "small-sample cap over NAV",
             [](S& s, T t) { s.strategy.sizing.small_sample_nav = to_number(t); }),
      integer("strategy.back_days", "30", 7, 120, "back expiry, days after the front",
              [](S& s, T t) { s.strategy.calendar.back_days = std::chrono::days(to_integer(t)); }),
      integer("strategy.entry_sessions_before", "0", 0, 10, "sessions before the last one ahead of the report",
              [](S& s, T t) { s.strategy.entry_sessions_before = to_integer(t); }),
      {"strategy.front_any_weekday", KeyKind::boolean, "false", 0, 0, "", "sell expiries of any weekday",
       [](S& s, T t) { s.strategy.calendar.front_any_weekday = t == "true"; }},
      integer("strategy.max_days_to_event", "14", 0, 30, "calendar days at entry",
              [](S& s, T t) { s.strategy.signal.max_days_to_event = to_number(t); }),
      number("strategy.max_term_slope_per_day", "-0.00406", -0.1, 0, "slope of the term structure (heuristic)",
             [](S& s, T t) { s.strategy.signal.max_term_slope_per_day = to_number(t); }),
      integer("strategy.min_days_to_event", "0", 0, 30, "calendar days at entry",
              [](S& s, T t) { s.strategy.signal.min_days_to_event = to_number(t); }),
      number("strategy.min_iv_rv", "1.25", 1, 3, "IV30 / RV30 (heuristic)",
             [](S& s, T t) { s.strategy.signal.min_iv_rv = to_number(t); }),
      number("strategy.min_underlying_volume", "1500000", 0, infinity, "shares, 30-session mean (heuristic)",
             [](S& s, T t) { s.strategy.signal.min_underlying_volume = to_number(t); }),
      choice("strategy.structure", "call_calendar", "call_calendar|put_calendar|double_calendar", "what is traded",
             [](S& s, T t) {
               s.strategy.calendar.structure = t == "put_calendar"      ? SpreadStructure::put_calendar
                                               : t == "double_calendar" ? SpreadStructure::double_calendar
                                                                        : SpreadStructure::call_calendar;
             }),
      text("risk.sectors", "", "SYMBOL=sector, comma-separated; a name without one counts in every sector",
           [](S& s, T t) { s.sectors = t; }),
      number("volatility.half_day_weight", "0.6", 0, 1, "variance of a half day over that of a session",
             [](S& s, T t) { s.day_weights.half_day = to_number(t); }),
      number("volatility.nontrading_day_weight", "0.10", 0, 1, "variance of a day without a session over that of one",
             [](S& s, T t) { s.day_weights.closed = to_number(t); }),
      choice("volatility.estimator", "yang-zhang",
             "ewma|close-to-close|parkinson|garman-klass|garman-klass-yang-zhang|rogers-satchell|yang-zhang",
             "of realised volatility", [](S& s, T t) { s.strategy.estimator = *parse_realised_estimator(t); }),
      number("strategy.stop_loss_fraction", "0.5", 0, 1, "loss at mid over the debit at which a spread is closed",
             [](S& s, T t) { s.strategy.exit.stop_loss_fraction = to_number(t); }),
      number("strategy.max_exit_crossing_fraction", "0.5", 0, 100,
             "cost of closing over the debit above which a spread is closed",
             [](S& s, T t) { s.strategy.exit.max_crossing_fraction = to_number(t); }),
      integer("strategy.min_front_sessions", "1", 0, 10, "sessions left to the front at which a spread is closed",
              [](S& s, T t) { s.strategy.exit.min_front_sessions = to_integer(t); }),
      number("strategy.pin_distance", "0.01", 0, 1, "of the stock from the short strike at which a spread is closed",
             [](S& s, T t) { s.strategy.exit.pin_distance = to_number(t); }),
      integer("strategy.pin_sessions", "1", 0, 10, "sessions left to the front from which the pin distance counts",
              [](S& s, T t) { s.strategy.exit.pin_sessions = to_integer(t); }),
      number("strategy.take_crush_fraction", "0.8", 0, 1, "gain at mid over the debit at which a spread is closed",
             [](S& s, T t) { s.strategy.exit.take_crush_fraction = to_number(t); }),
      integer("volatility.window", "30", 10, 252, "sessions",
              [](S& s, T t) { s.strategy.realised.window = static_cast<std::size_t>(to_integer(t)); }),
  };
  std::sort(keys.begin(), keys.end(), [](const ConfigKey& a, const ConfigKey& b) { return a.key < b.key; });
  return keys;
}

}  // namespace

const std::vector<ConfigKey>& config_schema() {
  static const std::vector<ConfigKey> keys = all_keys();
  return keys;
}

}  // namespace alaris::host
