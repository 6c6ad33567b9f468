// SPDX-License-Identifier: Apache-2.0
#include "feeds/cboe.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "feeds/delimited.hpp"
#include "feeds/json_rows.hpp"

namespace alaris::host::cboe {
namespace {

FeedError failure(FeedFault fault, std::string where, std::string why) {
  return {.fault = fault, .feed = std::string(feed), .where = std::move(where), .why = std::move(why)};
}

struct Columns {
  std::size_t date, open, high, low, close, count;
};

std::optional<Columns> columns_of(std::string_view header) {
  std::vector<std::string_view> names;
  split_fields(header, names);
  const auto find = [&](std::string_view name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  };
  Columns columns{find("DATE"), find("OPEN"), find("HIGH"), find("LOW"), find("CLOSE"), names.size()};
  if (names.size() == 2 && columns.date < 2 && columns.close == 2) columns.close = 1 - columns.date;
  if (columns.date == names.size() || columns.close == names.size()) return std::nullopt;
  return columns;
}

/// The day of one line, or why there is none.
expected<IndexDay, RefusedRow> read_day(const std::vector<std::string_view>& fields, const Columns& columns,
                                        const std::string& record) {
  const auto refuse = [&](std::string field, std::string why) {
    return unexpected(RefusedRow{record, std::move(field), std::move(why)});
  };
  if (fields.size() != columns.count) return refuse("", fmt::format("{} of {} fields", fields.size(), columns.count));
  const auto date = american_date(fields[columns.date]);
  if (!date) return refuse("DATE", "not a date");
  bool readable = true;
  const auto price = [&](std::size_t column) {
    if (column == columns.count) return std::optional<double>{};
    const WrittenNumber number = written_number(fields[column]);
    readable &= number.ok && number.value.value_or(0.0) >= 0.0;
    return number.value && *number.value != 0.0 ? number.value : std::nullopt;
  };
  const auto close = price(columns.close), open = price(columns.open), high = price(columns.high),
             low = price(columns.low);
  if (!readable) return refuse("", "a value is not a price");
  if (!close) return refuse("CLOSE", "a positive close is required here");
  if (high && low && *high < *low) return refuse("HIGH", "below the low");
  return IndexDay{*date, *close, open, high, low};
}

}  // namespace

FeedResult<FeedTable<IndexDay>> parse_history(const HttpAnswer& answer, std::size_t held_before) {
  if (answer.status < 200 || answer.status > 299) return unexpected(status_error(feed, answer));
  const auto body = checked_body(feed, answer, BodyFormat::csv);
  if (!body) return unexpected(body.error());
  const std::vector<std::string_view> lines = lines_of(*body);
  const auto columns = columns_of(lines.front());
  if (!columns) return unexpected(failure(FeedFault::schema, "header", "no columns DATE and CLOSE"));
  FeedTable<IndexDay> table;
  std::vector<std::string_view> fields;
  for (std::size_t line = 1; line < lines.size(); ++line) {
    if (lines[line].empty()) continue;
    split_fields(lines[line], fields);
    auto day = read_day(fields, *columns, fmt::format("line {}", line + 1));
    if (day)
      table.rows.push_back(*day);
    else
      table.refused.push_back(day.error());
  }
  std::stable_sort(table.rows.begin(), table.rows.end(),
                   [](const IndexDay& a, const IndexDay& b) { return a.date < b.date; });
  std::vector<IndexDay> kept;
  for (const IndexDay& day : table.rows) {
    if (kept.empty() || kept.back().date != day.date)
      kept.push_back(day);
    else if (kept.back() == day)
      ++table.duplicates;
    else
      table.refused.push_back({to_string(day.date), "", "contradicts an earlier row of the same date"});
  }
  table.rows = std::move(kept);
  if (table.rows.size() < held_before)
    return unexpected(failure(FeedFault::implausible, "",
                              fmt::format("{} days came, {} were held before", table.rows.size(), held_before)));
  return table;
}

}  // namespace alaris::host::cboe
