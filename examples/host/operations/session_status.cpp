// SPDX-License-Identifier: Apache-2.0
#include "operations/session_status.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include <nlohmann/json.hpp>

#include <alaris/market/new_york.hpp>

namespace alaris::host {
namespace {

using Json = nlohmann::ordered_json;

Json known(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}
Json known(const std::optional<Instant>& at) {
  return at ? Json(new_york_text(*at)) : Json(nullptr);
}

Json orders_of(const SessionView& view) {
  Json orders = Json::array();
  for (const auto& [reference, order] : view.desk->orders()) {
    const bool of_today = new_york_date(order.intended_at) == new_york_date(view.now);
    if (ended(order.machine.phase()) && !of_today) continue;
    orders.push_back({{"reference", reference},
                      {"symbol", order.machine.order().symbol},
                      {"phase", name(order.machine.phase())},
                      {"filled", order.machine.filled_units()},
                      {"quantity", order.machine.order().quantity},
                      {"limit", to_string(order.limit)}});
  }
  return orders;
}

Json positions_of(const OurBooks& books) {
  Json positions = Json::array();
  for (const auto& [holding, contracts] : books.options)
    positions.push_back({{"symbol", holding.symbol},
                         {"expiry", to_string(holding.contract.expiry)},
                         {"strike", holding.contract.strike.dollars()},
                         {"right", name(holding.contract.type)},
                         {"contracts", contracts}});
  return positions;
}

Json differences_of(const TradingSession& trading) {
  Json differences = Json::array();
  for (const Difference& d : trading.differences())
    differences.push_back({{"kind", name(d.kind)},
                           {"symbol", d.symbol},
                           {"ours", d.ours},
                           {"theirs", d.theirs},
                           {"cash", to_string(d.cash)},
                           {"id", d.id}});
  return differences;
}

/// Limits of the whole account: where it stands, where it must stop, what is left. Positive is room.
Json limits_of(const Portfolio& held, const Breakers& breakers, const StrategySettings& settings) {
  Json limits = Json::array();
  const auto row = [&](std::string_view limit, double value, double bound, std::string_view unit, bool at_most) {
    limits.push_back({{"limit", limit},
                      {"value", known(value)},
                      {"bound", known(bound)},
                      {"margin", known(at_most ? bound - value : value - bound)},
                      {"unit", unit}});
  };
  const PortfolioLimits& most = settings.portfolio;
  row("loss today", held.loss_today, most.max_daily_loss, "USD", true);
  row("cash", held.nav > 0.0 ? 100.0 * held.cash / held.nav : not_known, 100.0 * most.min_cash_fraction, "% of NAV",
      false);
  row("open spreads", static_cast<double>(held.spreads.size()), most.max_open_spreads, "", true);
  row("opened today", held.opened_today, most.max_new_per_day, "", true);
  double at_risk = 0.0;
  for (const HeldSpread& spread : held.spreads) at_risk = std::max(at_risk, spread.capital_at_risk);
  row("largest position", held.nav > 0.0 ? 100.0 * at_risk / held.nav : not_known, 100.0 * most.max_position_nav,
      "% of NAV", true);
  row("failed orders", breakers.failures.count, settings.max_execution_failures, "", true);
  return limits;
}

Json breakers_of(const Breakers& breakers, Date today) {
  const std::int64_t day = today.time_since_epoch().count();
  Json rows = Json::array();
  const auto row = [&](std::string_view breaker, std::string_view state, std::string_view effect) {
    rows.push_back({{"breaker", breaker}, {"state", state}, {"effect", effect}});
  };
  const bool marked = !breakers.daily_loss.entries_blocked(day);
  row("daily loss",
      breakers.daily_loss.tripped(day) ? "tripped"
      : marked                         ? "ready"
                                       : "no valid mark",
      marked ? "" : "no entries");
  row("VIX stress", breakers.vix.tripped ? "tripped" : "ready",
      breakers.vix.entries_blocked() ? "no entries"
      : breakers.vix.tripped         ? "wider cost buffer"
                                     : "");
  row("execution failures", breakers.failures.latched ? "latched" : "ready", breakers.failures.latched ? "halted" : "");
  row("cost overrun", breakers.cost.latched ? "latched" : "ready", breakers.cost.latched ? "no entries" : "");
  constexpr std::string_view pulled[] = {"ready", "reduce only", "halt", "flatten"};
  row("kill switch", pulled[static_cast<std::size_t>(breakers.kill.command)],
      breakers.kill.command == KillCommand::none ? "" : "no entries");
  return rows;
}

Json decisions_of(const std::vector<DecisionRecord>& records) {
  Json rows = Json::array();
  for (const DecisionRecord& record : records) {
    const bool enters = record.action == DecisionAction::enter;
    rows.push_back({{"symbol", record.candidate.symbol},
                    {"event", to_string(record.candidate.event_date)},
                    {"decision", enters ? "enter" : "refuse"},
                    {"contracts", record.contracts},
                    {"decided_by", record.decided_by},
                    {"reason", record.reason}});
  }
  return rows;
}

/// The worst score of the chains that were last decided about; null before the first decision.
Json score_of(const std::vector<DecisionRecord>& records) {
  double worst = not_known;
  for (const DecisionRecord& record : records)
    if (const double score = record.candidate.quality_score; std::isfinite(score))
      worst = std::isfinite(worst) ? std::min(worst, score) : score;
  return known(worst);
}

Json latencies_of(const std::vector<std::optional<double>>& samples) {
  Json rows = Json::array();
  for (const auto& sample : samples) rows.push_back(sample ? Json(*sample) : Json(nullptr));
  return rows;
}

Json conditions_of(const std::vector<Condition>& conditions) {
  Json rows = Json::array();
  for (const Condition& c : conditions)
    rows.push_back({{"key", c.key}, {"severity", name(c.severity)}, {"what", c.what}});
  return rows;
}

}  // namespace

Json status_of(const SessionView& view) {
  const TradingSession& trading = *view.trading;
  const TradingRequest& request = *view.request;
  const OurBooks books = view.desk->books();
  const Portfolio held = trading.trader().portfolio();
  const auto gap = trading.clock_gap();
  const auto quoted = trading.quoted_at();
  const auto of_system = [&](std::chrono::microseconds time) {
    return static_cast<double>(time.count()) / 1e6 / request.clock.speed();
  };
  Json shares = Json::array();
  for (const auto& [symbol, count] : trading.shares()) shares.push_back({{"symbol", symbol}, {"shares", count}});
  const Json gateway{
      {"host", request.gateway.host}, {"port", request.gateway.port}, {"client_id", request.gateway.client_id}};
  return {{"schema", "alaris/trading/1"},
          {"at", new_york_text(view.now)},
          {"pid", ::getpid()},
          {"account", request.gateway.account},
          {"mode", request.gateway.mode},
          {"dry_run", request.dry_run},
          {"practice", request.clock.practises()},
          {"configuration", request.configuration},
          {"labels", request.labels},
          {"symbols", request.symbols},
          {"phase", name(view.phase)},
          {"state", name(trading.trader().state())},
          {"reconciled", trading.reconciled()},
          {"started_at", new_york_text(view.started_at)},
          {"compared_at", known(trading.compared_at())},
          {"clock_gap_s", gap ? Json(static_cast<double>(gap->count()) / 1e6) : Json(nullptr)},
          {"command", name(view.desk->command())},
          {"gateway", gateway},
          {"halted", view.halted ? Json(*view.halted) : Json(nullptr)},
          {"cash", to_string(books.cash)},
          {"nav", known(held.nav > 0.0 ? held.nav : not_known)},  // before the first valuation
          {"loss_today", known(held.nav > 0.0 ? held.loss_today : not_known)},
          {"orders", orders_of(view)},
          {"positions", positions_of(books)},
          {"shares", shares},
          {"differences", differences_of(trading)},
          {"conditions", conditions_of(view.conditions)},
          {"limits", limits_of(held, trading.trader().breakers(), request.strategy)},
          {"breakers", breakers_of(trading.trader().breakers(), new_york_date(view.now))},
          {"decisions", decisions_of(trading.decisions())},
          {"validation_score", score_of(trading.decisions())},
          {"latencies_s", latencies_of(view.latencies)},
          {"quote_age_s", quoted ? Json(of_system(view.now - *quoted)) : Json(nullptr)}};
}

}  // namespace alaris::host
