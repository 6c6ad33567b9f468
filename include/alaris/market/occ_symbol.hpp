// SPDX-License-Identifier: Apache-2.0
#pragma once
// Option symbols of the Options Clearing Corporation, padded ("AAPL  240503C00172500") and compact
// ("AAPL240503C00172500", "O:AAPL240503C00172500").
//   source   OCC Options Symbology Initiative, 2010: root of 6, yymmdd, C or P, strike in thousandths of 8 digits

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include <alaris/core/expected.hpp>
#include <alaris/market/contract.hpp>

namespace alaris::inline v0 {

/// A contract of a root. A digit in the root marks one that is not standard: at the end an adjusted deliverable
/// ("AAPL1"; 7 was used for ten-share minis), in front a flexible option ("1AAPL").
struct OccSymbol {
  std::string root;  // 1 to 6 of A-Z and 0-9, not digits only; no padding
  OptionContract contract;

  [[nodiscard]] bool is_adjusted() const noexcept { return !root.empty() && root.back() >= '0' && root.back() <= '9'; }
  [[nodiscard]] bool is_standard() const noexcept { return root.find_first_of("0123456789") == std::string::npos; }
  /// The root without its digits: the ticker, but for its punctuation (BRKB is BRK.B).
  [[nodiscard]] std::string letters() const {
    const std::size_t first = root.find_first_not_of("0123456789"), last = root.find_last_not_of("0123456789");
    return first == std::string::npos ? std::string() : root.substr(first, last - first + 1);
  }
  friend bool operator==(const OccSymbol&, const OccSymbol&) = default;
};

enum class OccFault : std::uint8_t { length, root, date, right, strike };

[[nodiscard]] constexpr std::string_view name(OccFault fault) noexcept {
  switch (fault) {
    case OccFault::length:
      return "not the length of an option symbol";
    case OccFault::root:
      return "no root of letters and digits";
    case OccFault::date:
      return "no such expiry date";
    case OccFault::right:
      return "neither C nor P";
    case OccFault::strike:
      return "no strike of eight digits above zero";
  }
  return "unknown";
}

namespace detail {

[[nodiscard]] constexpr bool is_occ_root(std::string_view root) noexcept {
  bool letter = false;
  for (const char c : root) {
    if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9')) return false;
    letter |= c >= 'A';
  }
  return letter && root.size() <= 6;
}
}  // namespace detail

/// Reads the padded form (21 characters) or the compact form with or without "O:". Years 90 to 99 are of the last
/// century. Lower case, inner spaces and dates that do not exist are refused.
[[nodiscard]] inline expected<OccSymbol, OccFault> parse_occ_symbol(std::string_view text) {
  constexpr std::size_t tail = 15;
  if (text.starts_with("O:")) text.remove_prefix(2);
  if (text.size() <= tail || text.size() > tail + 6) return unexpected(OccFault::length);
  std::string_view root = text.substr(0, text.size() - tail);
  if (text.size() == tail + 6) root = root.substr(0, root.find_last_not_of(' ') + 1);
  if (!detail::is_occ_root(root)) return unexpected(OccFault::root);

  text.remove_prefix(text.size() - tail);
  const auto year = detail::digits(text.substr(0, 2)), month = detail::digits(text.substr(2, 2)),
             day = detail::digits(text.substr(4, 2)), strike = detail::digits(text.substr(7));
  if (!year || !month || !day) return unexpected(OccFault::date);
  const std::chrono::year_month_day date{std::chrono::year(*year + (*year >= 90 ? 1900 : 2000)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return unexpected(OccFault::date);
  if (text[6] != 'C' && text[6] != 'P') return unexpected(OccFault::right);
  if (!strike || *strike == 0) return unexpected(OccFault::strike);
  return OccSymbol{.root = std::string(root),
                   .contract = {.expiry = Date(date),
                                .strike = Strike::from_thousandths(*strike),
                                .type = text[6] == 'C' ? OptionType::call : OptionType::put}};
}

enum class OccForm : std::uint8_t { padded, compact };

/// The text that parse_occ_symbol reads back to the same symbol, or what about it has no text.
[[nodiscard]] inline expected<std::string, OccFault> format_occ_symbol(const OccSymbol& symbol,
                                                                       OccForm form = OccForm::padded) {
  if (!detail::is_occ_root(symbol.root)) return unexpected(OccFault::root);
  const auto date = civil(symbol.contract.expiry);
  const int year = static_cast<int>(date.year()), thousandths = symbol.contract.strike.thousandths();
  if (year < 1990 || year > 2089) return unexpected(OccFault::date);
  if (thousandths <= 0 || thousandths > 99'999'999) return unexpected(OccFault::strike);
  char tail[48];
  std::snprintf(tail, sizeof tail, "%02d%02u%02u%c%08d", year % 100, static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), symbol.contract.type == OptionType::call ? 'C' : 'P', thousandths);
  std::string text = symbol.root;
  if (form == OccForm::padded) text.resize(6, ' ');
  return text + tail;
}

}  // namespace alaris::inline v0
