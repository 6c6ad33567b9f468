// SPDX-License-Identifier: Apache-2.0
#include "operations/status_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alaris/execution/order_machine.hpp>
#include <alaris/market/new_york.hpp>

namespace alaris::host {
namespace {

using Json = nlohmann::ordered_json;

constexpr OrderPhase order_phases[] = {OrderPhase::intent,           OrderPhase::submitted, OrderPhase::acknowledged,
                                       OrderPhase::partially_filled, OrderPhase::filled,    OrderPhase::cancelled,
                                       OrderPhase::rejected,         OrderPhase::unknown,   OrderPhase::lost};

std::string number(double value) {
  if (std::isnan(value)) return "-";
  return std::abs(value) >= 1e4 ? fmt::format("{:.0f}", value) : fmt::format("{:.4g}", value);
}
Json or_null(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}
}  // namespace

std::string health_table(const std::vector<CheckRow>& rows) {
  std::string out = fmt::format("{:<18}{:<10}{:>12}{:>10}{:>10}{:>10}  {}\n", "check", "health", "value", "warning",
                                "critical", "age s", "unit");
  for (const CheckRow& row : rows)
    out += fmt::format("{:<18}{:<10}{:>12}{:>10}{:>10}{:>10}  {}\n", row.name, name(row.health), number(row.value),
                       number(row.warning), number(row.critical), number(row.age), row.unit);
  return out;
}

Json health_json(const std::vector<CheckRow>& rows, Instant at) {
  Json checks = Json::array();
  for (const CheckRow& row : rows)
    checks.push_back({{"name", row.name},
                      {"health", name(row.health)},
                      {"value", or_null(row.value)},
                      {"warning", or_null(row.warning)},
                      {"critical", or_null(row.critical)},
                      {"unit", row.unit},
                      {"age_s", or_null(row.age)},
                      {"period_s", row.period},
                      {"alert", row.condition ? Json(row.condition->what) : Json(nullptr)}});
  return {{"schema", "alaris/health/1"}, {"at", new_york_text(at)}, {"health", name(worst(rows))}, {"checks", checks}};
}

namespace {

std::string text_at(const Json& row, const char* key) {
  return row.is_object() && row.contains(key) && row[key].is_string() ? row[key].get<std::string>() : std::string();
}

/// What a trading process is worth, holds and does; every state is a series of its own, 1 for the one it is in.
std::string trading_metrics(const Json& trading) {
  std::string out;
  const auto gauge = [&](std::string_view metric, std::string_view help) {
    out += fmt::format("# HELP alaris_{0} {1}\n# TYPE alaris_{0} gauge\n", metric, help);
  };
  for (const auto& [key, metric, help] :
       {std::tuple{"nav", "net_asset_value_dollars", "Cash and positions at executable marks"},
        {"loss_today", "loss_today_dollars", "Positive when losing, since the previous session's close"}})
    if (trading.contains(key) && trading[key].is_number())
      gauge(metric, help), out += fmt::format("alaris_{} {:.17g}\n", metric, trading[key].get<double>());
  gauge("trading_state", "1 for the state it is in");
  for (const char* state : {"active", "reduce_only", "halted"})
    out += fmt::format("alaris_trading_state{{state=\"{}\"}} {}\n", state, text_at(trading, "state") == state ? 1 : 0);
  gauge("positions", "Contracts and shares that are held, long and short added up");
  for (const auto& [kind, list, key] :
       {std::tuple{"option", "positions", "contracts"}, {"share", "shares", "shares"}}) {
    std::int64_t held = 0;
    if (trading.contains(list) && trading[list].is_array())
      for (const Json& row : trading[list])
        if (row.is_object() && row.contains(key) && row[key].is_number_integer())
          held += std::abs(row[key].get<std::int64_t>());
    out += fmt::format("alaris_positions{{kind=\"{}\"}} {}\n", kind, held);
  }
  std::map<std::string, int> phases;
  for (const OrderPhase phase : order_phases) phases[std::string(name(phase))] = 0;
  if (trading.contains("orders") && trading["orders"].is_array())
    for (const Json& row : trading["orders"])
      if (const auto at = phases.find(text_at(row, "phase")); at != phases.end()) ++at->second;
  gauge("orders", "Orders that work or are of the day");
  for (const auto& [phase, count] : phases) out += fmt::format("alaris_orders{{phase=\"{}\"}} {}\n", phase, count);
  return out;
}

}  // namespace

std::string health_metrics(const std::vector<CheckRow>& rows, const AlertBoard& board, const Json& trading) {
  std::string out =
      "# HELP alaris_check_health 0 ok, 1 unknown, 2 warning, 3 critical\n# TYPE alaris_check_health gauge\n";
  for (const CheckRow& row : rows)
    out += fmt::format("alaris_check_health{{check=\"{}\"}} {}\n", row.name, static_cast<int>(row.health));
  out += "# HELP alaris_check_value The measured value, in the check's unit\n# TYPE alaris_check_value gauge\n";
  for (const CheckRow& row : rows)
    if (std::isfinite(row.value))
      out += fmt::format("alaris_check_value{{check=\"{}\"}} {:.17g}\n", row.name, row.value);
  out += "# HELP alaris_alerts Alerts that stand\n# TYPE alaris_alerts gauge\n";
  for (const Severity severity : {Severity::p0, Severity::p1, Severity::p2}) {
    const auto count = std::count_if(board.alerts.begin(), board.alerts.end(),
                                     [&](const auto& alert) { return alert.second.severity == severity; });
    out += fmt::format("alaris_alerts{{severity=\"{}\"}} {}\n", name(severity), count);
  }
  if (trading.is_object()) out += trading_metrics(trading);
  return out;
}

std::string board_text(const AlertBoard& board) {
  Json alerts = Json::object(), digest = Json::array();
  for (const auto& [key, a] : board.alerts)
    alerts[key] = {{"severity", static_cast<int>(a.severity)},
                   {"asked", static_cast<int>(a.asked)},
                   {"what", a.what},
                   {"since", a.since.time_since_epoch().count()},
                   {"last_seen", a.last_seen.time_since_epoch().count()},
                   {"times", a.times},
                   {"present", a.present},
                   {"latched", a.latched},
                   {"of_connection", a.of_connection},
                   {"acknowledged", a.acknowledged}};
  for (const Announcement& a : board.digest)
    digest.push_back({{"change", static_cast<int>(a.change)},
                      {"key", a.key},
                      {"severity", static_cast<int>(a.severity)},
                      {"what", a.what},
                      {"at", a.at.time_since_epoch().count()}});
  return Json{{"schema", "alaris/alerts/1"}, {"alerts", alerts}, {"digest", digest}}.dump(
             2, ' ', true, Json::error_handler_t::replace) +
         "\n";
}

std::optional<AlertBoard> board_of(const std::string& text) {
  AlertBoard board;
  const auto instant = [](const Json& count) { return Instant(std::chrono::microseconds(count.get<std::int64_t>())); };
  try {
    const Json from = Json::parse(text);
    if (from.at("schema") != "alaris/alerts/1") return std::nullopt;
    for (const auto& [key, a] : from.at("alerts").items())
      board.alerts[key] = {.severity = static_cast<Severity>(a.at("severity").get<int>() % 3),
                           .asked = static_cast<Severity>(a.value("asked", a.at("severity").get<int>()) % 3),
                           .what = a.at("what"),
                           .since = instant(a.at("since")),
                           .last_seen = instant(a.at("last_seen")),
                           .times = a.at("times"),
                           .present = a.at("present"),
                           .was_present = a.at("present"),
                           .latched = a.at("latched"),
                           .of_connection = a.at("of_connection"),
                           .acknowledged = a.at("acknowledged")};
    for (const Json& a : from.at("digest"))
      board.digest.push_back({static_cast<AlertChange>(a.at("change").get<int>() % 4), a.at("key"),
                              static_cast<Severity>(a.at("severity").get<int>() % 3), a.at("what"),
                              instant(a.at("at"))});
  } catch (const Json::exception&) {
    return std::nullopt;
  }
  return board;
}

}  // namespace alaris::host
