// SPDX-License-Identifier: Apache-2.0
#include "feeds/delimited.hpp"

namespace alaris::host {

std::optional<Date> american_date(std::string_view text) noexcept {
  const std::size_t first = text.find('/'), second = text.find('/', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
  const std::string_view month = text.substr(0, first), day = text.substr(first + 1, second - first - 1),
                         year = text.substr(second + 1);
  if (month.empty() || month.size() > 2 || day.empty() || day.size() > 2 || year.size() != 4) return std::nullopt;
  const auto m = detail::digits(month), d = detail::digits(day), y = detail::digits(year);
  if (!m || !d || !y) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*y), std::chrono::month(static_cast<unsigned>(*m)),
                                         std::chrono::day(static_cast<unsigned>(*d))};
  if (!date.ok()) return std::nullopt;
  return Date(date);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return lines;
}

void split_fields(std::string_view line, std::vector<std::string_view>& fields) {
  fields.clear();
  for (;;) {
    std::string_view field;
    if (line.starts_with('"')) {
      const std::size_t close = line.find('"', 1);
      field = line.substr(1, close == std::string_view::npos ? close : close - 1);
      line = close == std::string_view::npos ? std::string_view{} : line.substr(close + 1);
      const std::size_t comma = line.find(',');
      line = comma == std::string_view::npos ? std::string_view{} : line.substr(comma);
    } else {
      const std::size_t comma = line.find(',');
      field = line.substr(0, comma);
      line = comma == std::string_view::npos ? std::string_view{} : line.substr(comma);
    }
    fields.push_back(field);
    if (line.empty()) return;
    line.remove_prefix(1);
  }
}

}  // namespace alaris::host
