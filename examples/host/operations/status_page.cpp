// SPDX-License-Identifier: Apache-2.0
// The page of the monitor: server-rendered, no script, no network, nothing that a request could change.
#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alaris/market/new_york.hpp>

#include "operations/status_text.hpp"
#include "report/html.hpp"

namespace alaris::host {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view style =
#include "report/style.css.inc"
    ;

constexpr std::string_view look_of(Health health) {
  return health == Health::ok         ? "good"
         : health == Health::critical ? "bad"
         : health == Health::warning  ? "unsure"
                                      : "faint";
}
constexpr std::string_view look_of(Severity severity) {
  return severity == Severity::p0 ? "bad" : severity == Severity::p1 ? "unsure" : "faint";
}

/// 1234567.5 as 1,234,567.50: of dollars.
std::string grouped(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", std::abs(value), decimals);
  for (auto at = static_cast<std::ptrdiff_t>(text.find('.') == std::string::npos ? text.size() : text.find('.')) - 3;
       at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return (value < 0.0 ? "-" : "") + text;
}

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds)) return "never";
  if (seconds < 10.0) return fmt::format("{:.2g} s", std::max(0.0, seconds));
  if (seconds < 120.0) return fmt::format("{:.0f} s", seconds);
  const auto minutes = static_cast<long>(seconds / 60.0);
  if (minutes < 120) return fmt::format("{} min", minutes);
  if (minutes < 48 * 60) return fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
  return fmt::format("{} days", minutes / 1440);
}

/// A check's figure as a person reads it.
std::string shown(const CheckRow& row, double value, bool measured) {
  if (std::isnan(value)) return "-";
  if (row.unit == "connected") return !measured ? "" : value > 0.0 ? "connected" : "not connected";
  if (row.unit == "damaged") return !measured ? "" : value > 0.0 ? "damaged" : "sound";
  if (row.unit == "share") return fmt::format("{:.1f} %", 100.0 * value);
  if (row.unit == "h") return duration_text(3600.0 * value);
  if (row.unit.starts_with("s")) return duration_text(value);
  if (row.unit == "days") return fmt::format("{:.0f} days", value);
  if (row.unit == "GiB") return fmt::format("{:.3g} GiB", value);
  return fmt::format("{:g}", value);
}

std::string text_of(const Json& object, const char* key) {
  if (!object.is_object() || !object.contains(key)) return "-";
  const Json& value = object[key];
  return value.is_string()         ? value.get<std::string>()
         : value.is_null()         ? "-"
         : value.is_boolean()      ? (value.get<bool>() ? "yes" : "no")
         : value.is_number_float() ? grouped(value.get<double>(), 2)
                                   : value.dump();
}

struct Column {
  const char* key;
  std::string_view head;
  std::string_view form = "";  // "number", "wide" or nothing
};

std::string table_of(const Json& rows, std::string_view title, std::initializer_list<Column> columns) {
  std::string out = fmt::format("<h2>{}</h2>", title);
  if (!rows.is_array() || rows.empty()) return out + "<p class=faint>none</p>";
  out += "<div class=scroll><table><thead><tr>";
  for (const Column& column : columns) out += fmt::format("<th class=\"{}\">{}</th>", column.form, column.head);
  out += "</tr></thead><tbody>";
  for (const Json& row : rows) {
    out += "<tr>";
    for (const Column& column : columns)
      out += fmt::format("<td class=\"{}\">{}</td>", column.form, escaped(text_of(row, column.key)));
    out += "</tr>";
  }
  return out + "</tbody></table></div>";
}

std::string figure(std::string_view name, std::string_view value, std::string_view look = "") {
  return fmt::format("<div><small>{}</small><b class=\"{}\">{}</b></div>", name, look, escaped(value));
}

std::string dollars(const Json& trading, const char* key) {
  return trading.contains(key) && trading[key].is_number() ? "$" + grouped(trading[key].get<double>(), 0) : "-";
}

std::string trading_head(const Json& trading) {
  const std::string halted = text_of(trading, "halted");
  std::string out = fmt::format("<div class=labels><span>{} {}</span>", escaped(text_of(trading, "mode")),
                                escaped(text_of(trading, "account")));
  if (halted != "-") out += "<span class=bad>HALTED: " + escaped(halted) + "</span>";
  if (text_of(trading, "dry_run") == "yes") out += "<span>dry run</span>";
  if (text_of(trading, "practice") == "yes") out += "<span>practice clock</span>";
  if (trading.contains("labels") && trading["labels"].is_array())
    for (const Json& label : trading["labels"])
      if (label.is_string()) out += "<span>" + escaped(label.get<std::string>()) + "</span>";
  out += "</div><div class=figures>";
  const std::string phase = text_of(trading, "phase"), state = text_of(trading, "state");
  out += figure("gateway", phase == "ready" ? "connected" : phase, phase == "ready" ? "good" : "unsure");
  out += figure("trading", state == "reduce_only" ? "reduce only" : state, state == "active" ? "good" : "unsure");
  const bool agreed = text_of(trading, "reconciled") == "yes";
  out += figure("books", agreed ? "agree" : "not compared", agreed ? "good" : "unsure");
  const bool losing =
      trading.contains("loss_today") && trading["loss_today"].is_number() && trading["loss_today"].get<double>() > 0.0;
  out += figure("net asset value", dollars(trading, "nav")) +
         figure("loss today", dollars(trading, "loss_today"), losing ? "bad" : "") +
         figure("cash", "$" + text_of(trading, "cash"));
  return out + fmt::format("</div><p class=faint>as process {} wrote at {}</p>", escaped(text_of(trading, "pid")),
                           escaped(text_of(trading, "at")));
}

std::string alerts_table(const AlertBoard& board) {
  std::string out = "<h2>Alerts</h2>";
  if (board.alerts.empty()) return out + "<p class=faint>none</p>";
  out +=
      "<div class=scroll><table><thead><tr><th>severity<th>about<th>what<th>since<th class=number>times<th>state"
      "</tr></thead><tbody>";
  for (const auto& [key, alert] : board.alerts)
    out += fmt::format("<tr><td class={}>{}<td>{}<td class=wide>{}<td>{}<td class=number>{}<td>{}</tr>",
                       look_of(alert.severity), name(alert.severity), escaped(key), escaped(alert.what),
                       new_york_text(alert.since).substr(0, 19), alert.times,
                       !alert.present       ? (alert.latched ? "over, latched" : "over")
                       : alert.acknowledged ? "acknowledged"
                                            : "open");
  return out + "</tbody></table></div>";
}

std::string checks_table(const std::vector<CheckRow>& rows) {
  std::string out =
      "<h2>Checks</h2><div class=scroll><table><thead><tr><th>check<th>health<th class=number>value<th class=number>"
      "warning<th class=number>critical<th class=number>age<th class=number>every</tr></thead><tbody>";
  for (const CheckRow& row : rows) {
    std::string title(row.name);
    std::replace(title.begin(), title.end(), '_', ' ');
    out += fmt::format(
        "<tr data-check={}><td>{}<td class={}>{}<td class=number>{}<td class=number>{}<td class=number>{}<td class="
        "number>{}<td class=number>{}</tr>",
        row.name, title, look_of(row.health), name(row.health), shown(row, row.value, true),
        shown(row, row.warning, false), shown(row, row.critical, false),
        std::isnan(row.age) ? "-" : duration_text(row.age), row.period > 0.0 ? duration_text(row.period) : "use");
  }
  return out + "</tbody></table></div>";
}

std::string trading_tables(const Json& trading) {
  const auto part = [&](const char* key) { return trading.contains(key) ? trading[key] : Json(nullptr); };
  return table_of(part("limits"), "Limits",
                  {{"limit", "limit"},
                   {"value", "value", "number"},
                   {"bound", "bound", "number"},
                   {"margin", "margin", "number"},
                   {"unit", "unit"}}) +
         table_of(part("breakers"), "Breakers", {{"breaker", "breaker"}, {"state", "state"}, {"effect", "effect"}}) +
         table_of(part("decisions"), "Last decisions",
                  {{"symbol", "name"},
                   {"event", "event"},
                   {"decision", "decision"},
                   {"contracts", "spreads", "number"},
                   {"decided_by", "by"},
                   {"reason", "reason", "wide"}}) +
         table_of(part("positions"), "Positions",
                  {{"symbol", "name"},
                   {"expiry", "expiry"},
                   {"strike", "strike", "number"},
                   {"right", "right"},
                   {"contracts", "contracts", "number"}}) +
         (part("shares").empty()
              ? ""
              : table_of(part("shares"), "Shares", {{"symbol", "name"}, {"shares", "shares", "number"}})) +
         table_of(part("orders"), "Orders",
                  {{"reference", "order"},
                   {"symbol", "name"},
                   {"phase", "phase"},
                   {"filled", "filled", "number"},
                   {"quantity", "of", "number"},
                   {"limit", "limit", "number"}}) +
         table_of(part("differences"), "Differences to the broker",
                  {{"kind", "kind"},
                   {"symbol", "name"},
                   {"ours", "ours", "number"},
                   {"theirs", "theirs", "number"},
                   {"cash", "cash", "number"},
                   {"id", "id"}});
}

}  // namespace

std::string status_page(const std::vector<CheckRow>& rows, const AlertBoard& board, const Json& trading, Instant at) {
  std::string out = fmt::format(
      "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">"
      "<meta http-equiv=refresh content=10><title>Alaris: {0}</title><style>{1}</style><main>"
      "<h1>Alaris <span class={2}>{0}</span></h1><p class=faint>looked at {3}, again every 10 s</p>",
      name(worst(rows)), style, look_of(worst(rows)), new_york_text(at).substr(0, 19));
  out += trading.is_object() ? trading_head(trading) : "<p>No trading process has run here.</p>";
  out += alerts_table(board);
  if (trading.is_object()) out += trading_tables(trading);
  out += checks_table(rows);
  return out + "</main></html>\n";
}

}  // namespace alaris::host
