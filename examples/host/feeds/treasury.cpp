// SPDX-License-Identifier: Apache-2.0
#include "feeds/treasury.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "feeds/delimited.hpp"
#include "feeds/json_rows.hpp"

namespace alaris::host::treasury {
namespace {

FeedError failure(FeedFault fault, std::string where, std::string why) {
  return {.fault = fault, .feed = std::string(feed), .where = std::move(where), .why = std::move(why)};
}

constexpr double lowest = -5.0, highest = 30.0;  // percent; the record high of any tenor was 17.2 in 1981

bool plausible(double percent) noexcept {
  return percent > lowest && percent < highest;
}

/// By date; equal curves collapse, a contradicting one is refused.
void settle(FeedTable<Curve>& table) {
  std::stable_sort(table.rows.begin(), table.rows.end(),
                   [](const Curve& a, const Curve& b) { return a.date < b.date; });
  std::vector<Curve> kept;
  for (const Curve& curve : table.rows) {
    if (kept.empty() || kept.back().date != curve.date)
      kept.push_back(curve);
    else if (kept.back() == curve)
      ++table.duplicates;
    else
      table.refused.push_back({to_string(curve.date), "", "contradicts an earlier row of the same date"});
  }
  table.rows = std::move(kept);
}

/// The text of <d:NAME ...>text</d:NAME>; nothing when it is absent.
std::optional<std::string_view> element(std::string_view xml, std::string_view name) {
  const std::string open = fmt::format("<d:{}", name), close = fmt::format("</d:{}>", name);
  for (std::size_t at = xml.find(open); at != std::string_view::npos; at = xml.find(open, at + 1)) {
    const std::size_t behind = at + open.size();
    if (behind >= xml.size() || (xml[behind] != '>' && xml[behind] != ' ')) continue;  // a longer name
    const std::size_t start = xml.find('>', behind);
    const std::size_t end = start == std::string_view::npos ? start : xml.find(close, start);
    if (end == std::string_view::npos) return std::nullopt;
    return xml.substr(start + 1, end - start - 1);
  }
  return std::nullopt;
}

}  // namespace

std::size_t Curve::known() const noexcept {
  return static_cast<std::size_t>(std::count_if(percent.begin(), percent.end(), [](auto& y) { return y.has_value(); }));
}

FeedResult<FeedTable<Curve>> parse_csv(const HttpAnswer& answer) {
  if (answer.status < 200 || answer.status > 299) return unexpected(status_error(feed, answer));
  if (answer.body.empty()) return FeedTable<Curve>{};
  const auto body = checked_body(feed, answer, BodyFormat::csv);
  if (!body) return unexpected(body.error());
  const std::vector<std::string_view> lines = lines_of(*body);
  std::vector<std::string_view> header, fields;
  split_fields(lines.front(), header);
  if (header.front() != "Date") return unexpected(failure(FeedFault::schema, "header", "no column 'Date' in front"));
  std::vector<std::size_t> tenor_of(header.size(), tenors);
  FeedTable<Curve> table;
  for (std::size_t column = 1; column < header.size(); ++column) {
    const auto at = std::find_if(known_tenors.begin(), known_tenors.end(),
                                 [&](const Tenor& tenor) { return tenor.csv == header[column]; });
    tenor_of[column] = static_cast<std::size_t>(at - known_tenors.begin());
    if (at == known_tenors.end())
      table.warnings.push_back(fmt::format("column '{}' is not known", safe_text(header[column])));
  }
  if (std::count(tenor_of.begin() + 1, tenor_of.end(), tenors) == static_cast<std::ptrdiff_t>(header.size()) - 1)
    return unexpected(failure(FeedFault::schema, "header", "no column is a tenor"));

  for (std::size_t line = 1; line < lines.size(); ++line) {
    if (lines[line].empty()) continue;
    const std::string record = fmt::format("line {}", line + 1);
    split_fields(lines[line], fields);
    Curve curve;
    std::optional<RefusedRow> refused;
    if (fields.size() != header.size())
      refused = RefusedRow{record, "", fmt::format("{} of {} fields", fields.size(), header.size())};
    if (const auto date = american_date(fields.front()))
      curve.date = *date;
    else if (!refused)
      refused = RefusedRow{record, "Date", "not a date"};
    for (std::size_t column = 1; !refused && column < fields.size(); ++column) {
      if (tenor_of[column] == tenors) continue;
      const WrittenNumber number = written_number(fields[column]);
      if (!number.ok || (number.value && !plausible(*number.value)))
        refused = RefusedRow{record, std::string(header[column]), "not a yield in percent"};
      curve.percent[tenor_of[column]] = number.value;
    }
    if (!refused && curve.known() == 0) refused = RefusedRow{record, "", "no yield at all"};
    if (refused)
      table.refused.push_back(*refused);
    else
      table.rows.push_back(curve);
  }
  settle(table);
  return table;
}

FeedResult<FeedTable<Curve>> parse_xml(const HttpAnswer& answer) {
  if (answer.status < 200 || answer.status > 299) return unexpected(status_error(feed, answer));
  const auto body = checked_body(feed, answer, BodyFormat::xml);
  if (!body) return unexpected(body.error());
  if (body->find("<!DOCTYPE") != std::string_view::npos || body->find("<!ENTITY") != std::string_view::npos)
    return unexpected(failure(FeedFault::malformed, "", "document types are not read"));
  if (body->find("</feed>") == std::string_view::npos)
    return unexpected(failure(FeedFault::malformed, "", "the feed is cut off"));
  FeedTable<Curve> table;
  std::size_t entry = 0;
  for (std::size_t at = body->find("<entry"); at != std::string_view::npos;
       at = body->find("<entry", at + 1), ++entry) {
    const std::size_t end = body->find("</entry>", at);
    const std::string record = fmt::format("entry {}", entry);
    if (end == std::string_view::npos) return unexpected(failure(FeedFault::malformed, record, "not closed"));
    const std::string_view xml = body->substr(at, end - at);
    Curve curve;
    const auto date = element(xml, "NEW_DATE");
    const auto day = date ? parse_date(date->substr(0, 10)) : std::nullopt;
    bool wrong = !day;
    if (day) curve.date = *day;
    for (std::size_t i = 0; i < tenors; ++i) {
      const auto text = element(xml, known_tenors[i].xml);
      const WrittenNumber number = written_number(text.value_or(""));
      wrong |= !number.ok || (number.value && !plausible(*number.value));
      curve.percent[i] = number.value;
    }
    if (wrong)
      table.refused.push_back({record, "", "no date, or a value that is no yield in percent"});
    else if (curve.known() != 0)
      table.rows.push_back(curve);
  }
  settle(table);
  return table;
}

std::vector<RatePoint> rate_points(const Curve& curve) {
  std::vector<RatePoint> points;
  for (std::size_t i = 0; i < tenors; ++i)
    if (curve.percent[i])
      points.push_back({curve.date, {known_tenors[i].years}, 2.0 * std::log1p(*curve.percent[i] / 200.0)});
  return points;
}

}  // namespace alaris::host::treasury
