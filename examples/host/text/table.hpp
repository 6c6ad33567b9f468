// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tables for people: columns as wide as what stands in them, and as many of them as the terminal holds.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace alaris::host {

enum class Align { left, right };

struct TableColumn {
  std::string title;
  Align align = Align::left;
  int rank = 0;  // 0 always stays; of the others the highest number leaves first
};

class TextTable {
 public:
  explicit TextTable(std::vector<TableColumn> columns) : columns_(std::move(columns)) {}

  /// One row; a cell that is not given is empty.
  void add(std::vector<std::string> cells);
  /// Title and rows. No line is longer than `width` characters unless the columns of rank 0 are.
  [[nodiscard]] std::string text(std::size_t width) const;
  /// Titles of the columns that do not fit.
  [[nodiscard]] std::vector<std::string> left_out(std::size_t width) const;

 private:
  [[nodiscard]] std::vector<bool> shown(std::size_t width) const;
  [[nodiscard]] std::size_t width_of(std::size_t column) const;

  std::vector<TableColumn> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// Characters of a line: COLUMNS when it is a number, else the terminal's, else 80.
[[nodiscard]] std::size_t terminal_width();

/// Words of one paragraph in lines of at most `width` characters; a longer word has a line of its own.
[[nodiscard]] std::string wrapped(std::string_view words, std::size_t width);

}  // namespace alaris::host
