// SPDX-License-Identifier: Apache-2.0
#include "feeds/nasdaq.hpp"

#include <fmt/format.h>

#include <alaris/market/symbol.hpp>

#include "feeds/delimited.hpp"
#include "feeds/json_rows.hpp"

namespace alaris::host::nasdaq {
namespace {

FeedError failure(FeedFault fault, std::string where, std::string why) {
  return {.fault = fault, .feed = std::string(feed), .where = std::move(where), .why = std::move(why)};
}

bool access_denied(const HttpAnswer& answer) {
  return answer.status == 403 || (is_html(answer.body) && answer.body.find("Denied") != std::string::npos);
}

std::optional<double> money(JsonRow& row, std::string_view key) {
  const auto said = row.text(key);
  if (!said) return std::nullopt;
  const Money money = parse_money(*said);
  if (!money.ok) row.refuse(key, fmt::format("'{}' is not an amount of money", safe_text(*said)));
  return money.dollars;
}

AnnouncementSession session_of(JsonRow& row, std::vector<std::string>& warnings) {
  const std::string slug = row.text("time").value_or("");
  if (slug == "time-pre-market") return AnnouncementSession::before_open;
  if (slug == "time-after-hours") return AnnouncementSession::after_close;
  if (slug != "time-not-supplied")
    warnings.push_back(fmt::format("{}: '{}' is not a session that is known", row.record(), safe_text(slug)));
  return AnnouncementSession::unknown;
}

}  // namespace

Money parse_money(std::string_view text) {
  std::string digits;
  bool negative = false;
  for (const char c : text) {
    if (c == '$' || c == ',' || c == ' ' || c == ')') continue;
    if (c == '(')
      negative = true;
    else
      digits += c;
  }
  const WrittenNumber number = written_number(digits);
  if (!number.ok || !number.value) return {std::nullopt, number.ok};
  return {negative ? -*number.value : *number.value, true};
}

FeedResult<FeedTable<Earnings>> parse_calendar(const HttpAnswer& answer) {
  if (access_denied(answer))
    return unexpected(failure(FeedFault::blocked, {}, "refused as an automated client: pause, and ask rarely"));
  if (answer.status < 200 || answer.status > 299) return unexpected(status_error(feed, answer));
  const auto body = parse_json(feed, answer);
  if (!body) return unexpected(body.error());
  JsonRow top(*body, "");
  JsonRow status = top.object("status");
  const std::int64_t code = status.required_integer("rCode");
  top.adopt(status);
  if (top.refused()) return unexpected(failure(FeedFault::schema, "status/rCode", top.reason().why));
  if (code != 200)
    return unexpected(failure(code == 400 ? FeedFault::request : FeedFault::transport, "status/rCode",
                              fmt::format("the server says {} inside an answer with status 200", code)));
  FeedTable<Earnings> table;
  if (!top.has("data")) return table;
  JsonRow data = top.object("data");
  const Json* rows = data.array("rows");
  if (data.refused()) return unexpected(failure(FeedFault::schema, "data/" + data.reason().field, data.reason().why));
  if (!rows) {
    table.beyond_horizon = !data.has("asOf");
    return table;
  }
  read_rows(*rows, "data/rows", table, [&](JsonRow& row) {
    Earnings out;
    out.symbol = canonical_symbol(row.required_text("symbol"));
    out.company = row.text("name").value_or("");
    out.session = session_of(row, table.warnings);
    out.eps = money(row, "eps");
    out.eps_forecast = money(row, "epsForecast");
    out.last_year_eps = money(row, "lastYearEPS");
    out.market_cap = money(row, "marketCap");
    out.surprise_percent = row.number("surprise");
    if (const auto count = row.number("noOfEsts")) out.estimates = static_cast<std::int64_t>(*count);
    if (const auto said = row.text("lastYearRptDt"); said && *said != "N/A") {
      out.last_year_date = american_date(*said);
      if (!out.last_year_date) row.refuse("lastYearRptDt", fmt::format("'{}' is not a date", safe_text(*said)));
    }
    return out;
  });
  return table;
}

}  // namespace alaris::host::nasdaq
