// SPDX-License-Identifier: Apache-2.0
#include "text/csv.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "host_error.hpp"

namespace alaris::host {

CsvReader::CsvReader(std::string_view text, std::string file) : file_(std::move(file)), rest_(text) {
  if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
  if (!read_record()) throw HostError(ExitCode::data, fmt::format("{}: the file is empty", file_));
  for (const std::string_view field : fields_) header_.emplace_back(field);
}

std::size_t CsvReader::find(std::string_view column) const noexcept {
  for (std::size_t i = 0; i < header_.size(); ++i)
    if (header_[i] == column) return i;
  return npos;
}

std::size_t CsvReader::require(std::string_view column) const {
  const std::size_t at = find(column);
  if (at != npos) return at;
  throw HostError(ExitCode::data,
                  fmt::format("{}:1: no column '{}'; the header is: {}", file_, column, fmt::join(header_, ",")));
}

bool CsvReader::next() {
  if (!read_record()) return false;
  if (fields_.size() != header_.size())
    fail(fmt::format("{} fields, but the header has {}", fields_.size(), header_.size()));
  return true;
}

bool CsvReader::read_record() {
  fields_.clear();
  unquoted_.clear();
  for (;;) {
    if (rest_.empty()) return false;
    line_ = ++lines_read_;
    const std::size_t end = rest_.find('\n');
    std::string_view row = rest_.substr(0, end);
    if (row.find('"') == std::string_view::npos) {
      rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
      if (row.ends_with('\r')) row.remove_suffix(1);
      if (row.empty()) continue;
      for (;;) {
        const std::size_t comma = row.find(',');
        fields_.push_back(row.substr(0, comma));
        if (comma == std::string_view::npos) return true;
        row.remove_prefix(comma + 1);
      }
    }
    break;
  }
  // The slow path: at least one quoted field, which may contain commas, doubled quotes and newlines.
  unquoted_.reserve(64);
  for (;;) {
    std::string field;
    if (rest_.starts_with('"')) {
      rest_.remove_prefix(1);
      for (;;) {
        const std::size_t quote = rest_.find('"');
        if (quote == std::string_view::npos) fail("a quoted field does not end");
        field += rest_.substr(0, quote);
        rest_.remove_prefix(quote + 1);
        if (!rest_.starts_with('"')) break;
        field += '"';
        rest_.remove_prefix(1);
      }
      for (const char c : field) lines_read_ += c == '\n';
    }
    const std::size_t end = rest_.find_first_of(",\n");
    std::string_view tail = rest_.substr(0, end);
    const bool last = end == std::string_view::npos || rest_[end] == '\n';
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    if (last && tail.ends_with('\r')) tail.remove_suffix(1);
    field += tail;
    if (unquoted_.size() == unquoted_.capacity()) fail("too many fields in a quoted row");
    fields_.push_back(unquoted_.emplace_back(std::move(field)));
    if (last) return true;
  }
}

double CsvReader::number(std::size_t column) const {
  const std::string_view text = (*this)[column];
  if (text.empty()) return std::numeric_limits<double>::quiet_NaN();
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    fail(fmt::format("'{}' in column '{}' is not a number", text, header_[column]));
  return value;
}

void CsvReader::fail(const std::string& why) const {
  throw HostError(ExitCode::data, fmt::format("{}:{}: {}", file_, line_, why));
}

std::string csv_field(std::string_view text) {
  std::string field(text);
  if (!field.empty() && std::string_view("=+-@\t\r").find(field.front()) != std::string_view::npos) {
    double number = 0.0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), number);
    if (error != std::errc{} || end != field.data() + field.size()) field.insert(field.begin(), '\'');
  }
  if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
  std::string quoted = "\"";
  for (const char c : field) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string csv_number(double value) {
  return std::isnan(value) ? "" : fmt::format("{}", value);
}
std::string csv_number_17(double value) {
  return std::isnan(value) ? "" : fmt::format("{:.17g}", value);
}

std::string csv_row(const std::vector<std::string>& fields) {
  return fmt::format("{}\n", fmt::join(fields, ","));
}

}  // namespace alaris::host
