// SPDX-License-Identifier: Apache-2.0
#include "feeds/edgar.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <alaris/market/symbol.hpp>

#include "feeds/json_rows.hpp"

namespace alaris::host::edgar {
namespace {

FeedError failure(FeedFault fault, std::string where, std::string why) {
  return {.fault = fault, .feed = std::string(feed), .where = std::move(where), .why = std::move(why)};
}

/// What the SEC's pages for people mean; they come with several statuses, 200 among them.
std::optional<FeedError> refusal(const HttpAnswer& answer) {
  if (is_html(answer.body) && answer.body.find("Rate Threshold") != std::string::npos) {
    FeedError error = failure(FeedFault::rate_limited, {}, "the rate threshold was exceeded; the whole process pauses");
    error.wait = block_length;
    return error;
  }
  if (is_html(answer.body) && answer.body.find("Undeclared Automated Tool") != std::string::npos)
    return failure(FeedFault::configuration, {}, "set EDGAR_USER_AGENT to your name and an e-mail address");
  if (answer.status >= 200 && answer.status <= 299) return std::nullopt;
  FeedError error = status_error(feed, answer);
  if (error.fault == FeedFault::rate_limited) error.wait = block_length;
  return error;
}

/// "2024-05-02T20:30:34.000Z" as digits.
std::optional<FilingStamp> stamp_of(const std::string& text) {
  const auto at = parse_instant(text);
  if (!at) return std::nullopt;
  return FilingStamp(at->time_since_epoch());
}

FeedResult<std::vector<Filing>> read_arrays(const Json& arrays, const std::string& where) {
  const auto list = [&](const char* key) -> const Json* {
    const auto at = arrays.find(key);
    return at != arrays.end() && at->is_array() ? &*at : nullptr;
  };
  const char* const needed[]{"accessionNumber", "form", "items", "filingDate", "acceptanceDateTime"};
  const Json* columns[5]{};
  for (std::size_t i = 0; i < 5; ++i) {
    columns[i] = list(needed[i]);
    if (!columns[i]) return unexpected(failure(FeedFault::schema, where + "/" + needed[i], "a list is required here"));
  }
  for (const auto& [key, column] : arrays.items())
    if (column.is_array() && column.size() != columns[0]->size())
      return unexpected(failure(FeedFault::schema, where + "/" + safe_text(key),
                                fmt::format("{} entries, {} filings", column.size(), columns[0]->size())));
  std::vector<Filing> filings;
  for (std::size_t i = 0; i < columns[0]->size(); ++i) {
    const auto text = [&](std::size_t column) {
      const Json& value = (*columns[column])[i];
      return value.is_string() ? value.get<std::string>() : std::string();
    };
    const auto filed = parse_date(text(3));
    const auto stamp = stamp_of(text(4));
    if (!filed) return unexpected(failure(FeedFault::schema, fmt::format("{}/filingDate/{}", where, i), "not a date"));
    if (!stamp)
      return unexpected(
          failure(FeedFault::schema, fmt::format("{}/acceptanceDateTime/{}", where, i), "not a time stamp"));
    filings.push_back({text(0), text(1), text(2), *filed, *stamp});
  }
  return filings;
}

}  // namespace

FeedResult<Submissions> parse_submissions(const HttpAnswer& answer) {
  if (auto refused = refusal(answer)) return unexpected(std::move(*refused));
  const auto body = parse_json(feed, answer);
  if (!body) return unexpected(body.error());
  if (!body->is_object()) return unexpected(failure(FeedFault::schema, "", "an object is required here"));
  Submissions out;
  const bool bare = body->contains("accessionNumber");
  JsonRow top(*body, "");
  if (!bare) {
    out.cik = top.required_text("cik");
    out.company = top.text("name").value_or("");
    if (const Json* symbols = top.array("tickers"))
      for (const Json& symbol : *symbols)
        if (symbol.is_string()) out.symbols.push_back(canonical_symbol(symbol.get<std::string>()));
    JsonRow filings = top.object("filings");
    if (const Json* pages = filings.array("files")) {
      FeedTable<OlderPage> older;
      read_rows(*pages, "filings/files", older, [](JsonRow& row) {
        return OlderPage{row.required_text("name"), row.required_date("filingFrom"), row.required_date("filingTo")};
      });
      if (!older.refused.empty())
        return unexpected(
            failure(FeedFault::schema, older.refused[0].record + "/" + older.refused[0].field, older.refused[0].why));
      out.older = std::move(older.rows);
    }
    top.adopt(filings);
    if (top.refused()) return unexpected(failure(FeedFault::schema, top.reason().field, top.reason().why));
    const auto at = body->find("filings");
    if (at == body->end() || !at->is_object() || !at->contains("recent") || !(*at)["recent"].is_object())
      return unexpected(failure(FeedFault::schema, "filings/recent", "an object is required here"));
  }
  auto filings = read_arrays(bare ? *body : (*body)["filings"]["recent"], bare ? "" : "filings/recent");
  if (!filings) return unexpected(filings.error());
  out.filings = std::move(*filings);
  return out;
}

std::vector<ResultsEvent> results_events(const Submissions& company, const TradingCalendar& calendar,
                                         std::optional<StampClock> clock) {
  std::vector<FilingStamp> stamps;
  std::vector<const Filing*> results;
  for (const Filing& filing : company.filings) {
    stamps.push_back(filing.accepted);
    if (announces_results(filing.form, filing.items, filing.filed)) results.push_back(&filing);
  }
  const StampClock read_as = clock.value_or(stamp_clock(stamps));
  std::stable_sort(results.begin(), results.end(),
                   [](const Filing* a, const Filing* b) { return a->accepted < b->accepted; });
  std::vector<Date> dates;
  for (const Filing* filing : results) dates.push_back(filing->filed);
  const std::vector<ResultsKind> kinds = results_kinds(dates);
  std::vector<ResultsEvent> events;
  for (std::size_t i = 0; i < results.size(); ++i)
    events.push_back({results[i]->accession, kinds[i], release_session(results[i]->accepted, read_as, calendar),
                      results[i]->accepted, read_as});
  return events;
}

FeedResult<Instant> parse_filing_header(const HttpAnswer& answer) {
  if (auto refused = refusal(answer)) return unexpected(std::move(*refused));
  constexpr std::string_view tag = "<ACCEPTANCE-DATETIME>";
  const std::size_t at = answer.body.find(tag);
  const std::string_view digits =
      at == std::string::npos ? std::string_view{} : std::string_view(answer.body).substr(at + tag.size(), 14);
  std::optional<Instant> wall;
  if (digits.size() == 14)
    wall =
        parse_instant(fmt::format("{}-{}-{}T{}:{}:{}Z", digits.substr(0, 4), digits.substr(4, 2), digits.substr(6, 2),
                                  digits.substr(8, 2), digits.substr(10, 2), digits.substr(12, 2)));
  if (!wall) return unexpected(failure(FeedFault::schema, "ACCEPTANCE-DATETIME", "14 digits are required here"));
  return instant_of(FilingStamp(wall->time_since_epoch()), StampClock::new_york);
}

FeedResult<FeedTable<Filer>> parse_filers(const HttpAnswer& answer) {
  if (auto refused = refusal(answer)) return unexpected(std::move(*refused));
  const auto body = parse_json(feed, answer);
  if (!body) return unexpected(body.error());
  if (!body->is_object()) return unexpected(failure(FeedFault::schema, "", "an object is required here"));
  FeedTable<Filer> table;
  for (const auto& [key, value] : body->items()) {
    JsonRow row(value, key);
    Filer filer{row.required_integer("cik_str"), canonical_symbol(row.required_text("ticker")),
                row.text("title").value_or("")};
    if (row.refused())
      table.refused.push_back(row.reason());
    else
      table.rows.push_back(std::move(filer));
  }
  return table;
}

}  // namespace alaris::host::edgar
