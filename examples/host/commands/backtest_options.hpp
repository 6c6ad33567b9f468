// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `backtest run` and `backtest events` share: symbols, dates, source.

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <alaris/core/time.hpp>

#include "host_error.hpp"
#include "sources/source.hpp"

namespace alaris::host {

/// "AAPL,MSFT" -> two symbols, upper case. Throws HostError(usage) for an empty or malformed one.
[[nodiscard]] inline std::vector<std::string> parse_symbols(std::string_view text) {
  std::vector<std::string> symbols;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    std::string symbol;
    for (const char c : text.substr(0, comma)) symbol += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const bool plain = !symbol.empty() && symbol.size() <= 12 && symbol.front() != '.' &&
                       symbol.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") == std::string::npos;
    if (!plain) throw HostError(ExitCode::usage, fmt::format("--symbol: '{}' is not a ticker symbol", symbol));
    if (std::find(symbols.begin(), symbols.end(), symbol) == symbols.end()) symbols.push_back(std::move(symbol));
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  if (symbols.empty()) throw HostError(ExitCode::usage, "--symbol: no symbol given");
  return symbols;
}

[[nodiscard]] inline Date parse_date_option(std::string_view option, std::string_view text) {
  if (const auto date = parse_date(text)) return *date;
  throw HostError(ExitCode::usage, fmt::format("{}: '{}' is not a date (YYYY-MM-DD)", option, text));
}

}  // namespace alaris::host
