// SPDX-License-Identifier: Apache-2.0
#pragma once
// A CSV table of reference values in memory: cells by column name, empty cell = NaN.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace alaris::test {

class Table {
 public:
  explicit Table(const std::filesystem::path& path) {
    std::ifstream in(path);
    if (!in) throw std::runtime_error("cannot read " + path.string());
    std::string line;
    std::getline(in, line);
    const auto header = split(line);
    for (std::size_t i = 0; i < header.size(); ++i) columns_[header[i]] = i;
    while (std::getline(in, line))
      if (!line.empty()) rows_.push_back(split(line));
  }
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] const std::string& text(std::size_t row, const std::string& column) const {
    return rows_.at(row).at(columns_.at(column));
  }
  [[nodiscard]] double number(std::size_t row, const std::string& column) const {
    const std::string& cell = text(row, column);
    return cell.empty() ? std::numeric_limits<double>::quiet_NaN() : std::strtod(cell.c_str(), nullptr);
  }

 private:
  static std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> cells(1);
    for (const char c : line) {
      if (c == '\r') continue;
      if (c == ',')
        cells.emplace_back();
      else
        cells.back() += c;
    }
    return cells;
  }
  std::map<std::string, std::size_t> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// A table of our own reference values, tests/reference/<file>.
inline Table reference_table(const std::string& file) {
  return Table(std::filesystem::path(ALARIS_SOURCE_DIR) / "tests" / "reference" / file);
}

}  // namespace alaris::test
