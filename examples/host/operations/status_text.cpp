// SPDX-License-Identifier: Apache-2.0
#include "operations/status_text.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alaris/market/new_york.hpp>

#include "report/html.hpp"

namespace alaris::host {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view style =
#include "report/style.css.inc"
    ;

std::string number(double value) {
  return std::isnan(value) ? "-" : fmt::format("{:.4g}", value);
}
Json or_null(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}
std::string_view look_of(Health health) {
  return health == Health::ok         ? "good"
         : health == Health::critical ? "bad"
         : health == Health::warning  ? "unsure"
                                      : "faint";
}

std::string text_of(const Json& object, const char* key) {
  if (!object.is_object() || !object.contains(key)) return "-";
  const Json& value = object[key];
  return value.is_string() ? value.get<std::string>() : value.is_null() ? "-" : value.dump();
}

std::string table_of(const Json& rows, std::string_view title) {
  if (!rows.is_array() || rows.empty()) return fmt::format("<h2>{0}</h2><p class=faint>none</p>", title);
  std::string out = fmt::format("<h2>{}</h2><div class=scroll><table><tr>", title);
  for (const auto& [key, value] : rows[0].items()) out += "<th>" + escaped(key) + "</th>";
  out += "</tr>";
  for (const Json& row : rows) {
    out += "<tr>";
    for (const auto& [key, value] : rows[0].items()) out += "<td>" + escaped(text_of(row, key.c_str())) + "</td>";
    out += "</tr>";
  }
  return out + "</table></div>";
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

std::string health_metrics(const std::vector<CheckRow>& rows, const AlertBoard& board) {
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
  return out;
}

std::string status_page(const std::vector<CheckRow>& rows, const AlertBoard& board, const Json& trading, Instant at) {
  std::string out = fmt::format(
      "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">"
      "<meta http-equiv=refresh content=10><title>Alaris: {0}</title><style>{1}</style><main>"
      "<h1>Alaris <span class={2}>{0}</span></h1><p class=faint>{3}</p>",
      name(worst(rows)), style, look_of(worst(rows)), new_york_text(at));
  if (trading.is_object()) {
    const std::string halted = text_of(trading, "halted");
    out += fmt::format("<div class=labels><span>{} {}</span>{}</div>", escaped(text_of(trading, "mode")),
                       escaped(text_of(trading, "account")),
                       halted == "-" ? "" : "<span>HALTED: " + escaped(halted) + "</span>");
    out += "<div class=figures>";
    for (const char* key : {"phase", "reconciled", "pid"})
      out += fmt::format("<div><small>{}</small><b>{}</b></div>", key, escaped(text_of(trading, key)));
    out += fmt::format("</div><p class=faint>as the trading process wrote at {}</p>", escaped(text_of(trading, "at")));
  } else {
    out += "<p>No trading process has run here.</p>";
  }
  Json alerts = Json::array();
  for (const auto& [key, alert] : board.alerts)
    alerts.push_back({{"severity", name(alert.severity)},
                      {"key", key},
                      {"what", alert.what},
                      {"since", new_york_text(alert.since)},
                      {"state", !alert.present       ? (alert.latched ? "over, latched" : "over")
                                : alert.acknowledged ? "acknowledged"
                                                     : "open"}});
  out += table_of(alerts, "Alerts");
  out +=
      "<h2>Checks</h2><div class=scroll><table><tr><th>check<th>health<th>value<th>warning<th>critical<th>unit<th>age "
      "s<th>every s</tr>";
  for (const CheckRow& row : rows)
    out += fmt::format(
        "<tr><td>{}<td class={}>{}<td class=number>{}<td class=number>{}<td class=number>{}<td>{}<td class=number>{}"
        "<td class=number>{}</tr>",
        row.name, look_of(row.health), name(row.health), number(row.value), number(row.warning), number(row.critical),
        row.unit, number(row.age), fmt::format("{:g}", row.period));
  out += "</table></div>";
  for (const char* key : {"positions", "orders", "differences", "limits", "breakers", "decisions"})
    if (trading.is_object() && trading.contains(key)) out += table_of(trading[key], key);
  return out + "</main></html>\n";
}

std::string board_text(const AlertBoard& board) {
  Json alerts = Json::object(), digest = Json::array();
  for (const auto& [key, a] : board.alerts)
    alerts[key] = {{"severity", static_cast<int>(a.severity)},
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
