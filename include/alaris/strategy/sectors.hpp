// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which names move together: a table of sectors, given by whoever runs the strategy.

#include <map>
#include <string>
#include <string_view>

#include <alaris/core/expected.hpp>

namespace alaris::inline v0 {

class SectorTable {
 public:
  /// "AAPL=technology,JPM=financials"; spaces around words do not count.
  ///   error   the entry that is not SYMBOL=sector or names a symbol again
  [[nodiscard]] static expected<SectorTable, std::string> parse(std::string_view text) {
    SectorTable table;
    while (!text.empty()) {
      const std::size_t end = text.find(',');
      const std::string_view entry = text.substr(0, end);
      const std::size_t equals = entry.find('=');
      const std::string_view symbol = trimmed(entry.substr(0, equals));
      const std::string_view sector = equals == entry.npos ? std::string_view{} : trimmed(entry.substr(equals + 1));
      if (symbol.empty() || sector.empty() || !table.sector_.emplace(symbol, sector).second)
        return unexpected(std::string(trimmed(entry)));
      text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
    return table;
  }

  /// Whether both may move together: the same sector, or one of them is in none that is known.
  [[nodiscard]] bool together(std::string_view a, std::string_view b) const {
    const auto first = sector_.find(a), second = sector_.find(b);
    return a == b || first == sector_.end() || second == sector_.end() || first->second == second->second;
  }

 private:
  [[nodiscard]] static std::string_view trimmed(std::string_view word) noexcept {
    while (!word.empty() && word.front() == ' ') word.remove_prefix(1);
    while (!word.empty() && word.back() == ' ') word.remove_suffix(1);
    return word;
  }
  std::map<std::string, std::string, std::less<>> sector_;
};

}  // namespace alaris::inline v0
