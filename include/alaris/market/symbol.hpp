// SPDX-License-Identifier: Apache-2.0
#pragma once
// One spelling for a stock: upper case, a dot before the share class (BRK.B). Vendors write BRK-B, BRK/B or BRKB.

#include <cstdint>
#include <string>
#include <string_view>

namespace alaris::inline v0 {

/// Who is asked. Option roots of the OCC have no separator.
enum class SymbolSpelling : std::uint8_t { canonical, dash, slash, option_root };

/// "brk/b", "BRK-B" and "BRK.B" are BRK.B. Only a single letter behind the last separator is a share class; exchange
/// suffixes (0700.HK) stay as they are, in upper case.
[[nodiscard]] inline std::string canonical_symbol(std::string_view text) {
  std::string symbol(text);
  for (char& c : symbol)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  const std::size_t n = symbol.size();
  if (n >= 3 && symbol[n - 1] >= 'A' && symbol[n - 1] <= 'Z' && (symbol[n - 2] == '-' || symbol[n - 2] == '/'))
    symbol[n - 2] = '.';
  return symbol;
}

/// The canonical symbol as another spelling has it.
[[nodiscard]] inline std::string spelled(std::string_view canonical, SymbolSpelling spelling) {
  std::string symbol(canonical);
  const std::size_t dot = symbol.rfind('.');
  if (dot == std::string::npos || dot + 2 != symbol.size()) return symbol;
  switch (spelling) {
    case SymbolSpelling::canonical:
      break;
    case SymbolSpelling::dash:
      symbol[dot] = '-';
      break;
    case SymbolSpelling::slash:
      symbol[dot] = '/';
      break;
    case SymbolSpelling::option_root:
      symbol.erase(dot, 1);
      break;
  }
  return symbol;
}

}  // namespace alaris::inline v0
