// SPDX-License-Identifier: Apache-2.0
#pragma once
// Comma-separated values in and out. In: header-driven, any column order, quoted fields, CRLF and a byte-order mark
// tolerated; every complaint names file and line. Out: RFC 4180 quoting, and text that a spreadsheet would take for a
// formula is defused.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace alaris::host {

/// Walks the rows of a CSV text that stays in memory. Field views live until the next call of next().
class CsvReader {
 public:
  /// Reads the header. Throws HostError(data) when the text is empty.
  CsvReader(std::string_view text, std::string file);

  [[nodiscard]] const std::vector<std::string>& header() const noexcept { return header_; }
  /// Index of a column; npos when the file does not have it.
  [[nodiscard]] std::size_t find(std::string_view column) const noexcept;
  /// Index of a column. Throws HostError(data), naming the file and the columns it has.
  [[nodiscard]] std::size_t require(std::string_view column) const;

  /// Moves to the next row that is not blank. Throws HostError(data) when it has more or fewer fields than the header.
  [[nodiscard]] bool next();
  [[nodiscard]] std::string_view operator[](std::size_t column) const noexcept {
    return column == npos ? std::string_view{} : fields_[column];
  }
  [[nodiscard]] std::size_t line() const noexcept { return line_; }

  /// A number, or NaN where the field is empty. Throws HostError(data) naming file, line and column otherwise.
  [[nodiscard]] double number(std::size_t column) const;
  /// HostError(data) about this row: "FILE:LINE: why".
  [[noreturn]] void fail(const std::string& why) const;

  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

 private:
  bool read_record();

  std::string file_;
  std::string_view rest_;
  std::size_t line_ = 0;
  std::size_t lines_read_ = 0;
  std::vector<std::string> header_;
  std::vector<std::string_view> fields_;
  std::vector<std::string> unquoted_;
};

/// One field, quoted where needed; text beginning with = + - @ that is no number gets a leading apostrophe.
[[nodiscard]] std::string csv_field(std::string_view text);
/// A double as text: shortest that reads back the same; empty for NaN.
[[nodiscard]] std::string csv_number(double value);
/// 17 significant digits; empty for NaN.
[[nodiscard]] std::string csv_number_17(double value);
/// Joins fields that are already CSV text, with a newline at the end.
[[nodiscard]] std::string csv_row(const std::vector<std::string>& fields);

}  // namespace alaris::host
