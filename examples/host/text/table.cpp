// SPDX-License-Identifier: Apache-2.0
#include "text/table.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>

namespace alaris::host {
namespace {

constexpr std::size_t between = 2;  // spaces
constexpr std::size_t usual_width = 80;

void append_cell(std::string& line, std::string_view cell, std::size_t width, Align align) {
  const std::size_t padding = width > cell.size() ? width - cell.size() : 0;
  if (align == Align::right) line.append(padding, ' ');
  line.append(cell);
  if (align == Align::left) line.append(padding, ' ');
}

}  // namespace

void TextTable::add(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  rows_.push_back(std::move(cells));
}

std::size_t TextTable::width_of(std::size_t column) const {
  std::size_t widest = columns_[column].title.size();
  for (const auto& row : rows_) widest = std::max(widest, row[column].size());
  return widest;
}

std::vector<bool> TextTable::shown(std::size_t width) const {
  std::vector<bool> keep(columns_.size(), true);
  for (;;) {
    std::size_t total = 0, last = columns_.size();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!keep[i]) continue;
      total += width_of(i) + (total > 0 ? between : 0);
      if (columns_[i].rank > 0 && (last == columns_.size() || columns_[i].rank >= columns_[last].rank)) last = i;
    }
    if (total <= width || last == columns_.size()) return keep;
    keep[last] = false;
  }
}

std::string TextTable::text(std::size_t width) const {
  const std::vector<bool> keep = shown(width);
  std::string out;
  const auto append = [&](const auto& cell_of) {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!keep[i]) continue;
      if (!line.empty()) line.append(between, ' ');
      append_cell(line, cell_of(i), width_of(i), columns_[i].align);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  };
  append([&](std::size_t i) { return std::string_view(columns_[i].title); });
  for (const auto& row : rows_) append([&](std::size_t i) { return std::string_view(row[i]); });
  return out;
}

std::vector<std::string> TextTable::left_out(std::size_t width) const {
  const std::vector<bool> keep = shown(width);
  std::vector<std::string> titles;
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (!keep[i]) titles.push_back(columns_[i].title);
  return titles;
}

std::size_t terminal_width() {
  if (const char* columns = std::getenv("COLUMNS")) {
    std::size_t width = 0;
    const char* end = columns + std::strlen(columns);
    if (std::from_chars(columns, end, width).ptr == end && width > 0) return width;
  }
  struct winsize size {};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return usual_width;
}

std::string wrapped(std::string_view words, std::size_t width) {
  std::string out;
  std::size_t column = 0;
  while (!words.empty()) {
    const std::size_t space = words.find(' ');
    const std::string_view word = words.substr(0, space);
    words.remove_prefix(space == std::string_view::npos ? words.size() : space + 1);
    if (column > 0 && column + 1 + word.size() > width) {
      out += '\n';
      column = 0;
    }
    if (column > 0) out += ' ', ++column;
    out += word;
    column += word.size();
  }
  return out;
}

}  // namespace alaris::host
