// SPDX-License-Identifier: Apache-2.0
#include "commands/rows.hpp"

#include <string>

#include <fmt/format.h>

#include "text/csv.hpp"

namespace alaris::host {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& value) {
  return value.is_null() ? "" : value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace

void print_table(const TextTable& table, const Session& session) {
  const std::size_t width = terminal_width();
  fmt::print("{}", table.text(width));
  const std::vector<std::string> left_out = table.left_out(width);
  if (left_out.empty() || session.quiet) return;
  const std::string note =
      fmt::format("note: {} characters leave no room for: {}; COLUMNS=200 or --format csv has every column", width,
                  fmt::join(left_out, ", "));
  fmt::print(stderr, "{}\n", wrapped(note, width));
}

void print_rows(OutputFormat format, std::string_view schema, std::string_view key,
                const std::vector<TableColumn>& columns, const Json& rows, const Session& session) {
  if (format == OutputFormat::json)
    return fmt::print("{}\n", Json{{"schema", schema}, {std::string(key), rows}}.dump(2));
  std::vector<std::string> titles;
  for (const TableColumn& column : columns) titles.push_back(column.title);
  TextTable table(columns);
  if (format == OutputFormat::csv) fmt::print("{}", csv_row(titles));
  for (const Json& row : rows) {
    std::vector<std::string> cells;
    for (const std::string& title : titles) {
      const std::string cell = row.contains(title) ? text_of(row[title]) : "";
      cells.push_back(format == OutputFormat::csv && row.contains(title) && row[title].is_string() ? csv_field(cell)
                                                                                                   : cell);
    }
    if (format == OutputFormat::csv)
      fmt::print("{}", csv_row(cells));
    else
      table.add(std::move(cells));
  }
  if (format == OutputFormat::table) print_table(table, session);
}

}  // namespace alaris::host
