// SPDX-License-Identifier: Apache-2.0
#pragma once
// The text files of a LEAN data folder, as they are inside its archives. Equity and option prices are dollars times
// 10 000; index prices and everything in universe files are dollars.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <alaris/market/bar.hpp>
#include <alaris/market/contract.hpp>
#include <alaris/market/events.hpp>

#include "feeds/answer.hpp"

namespace alaris::host::lean {

inline constexpr std::string_view feed = "lean";

enum class Scale : std::uint8_t { ten_thousandths, dollars };

/// Daily rows, rising by date; equal rows collapse, contradicting and short ones are refused. A scaled close outside
/// 0.5 to 100 000 dollars makes the file implausible: it was not scaled.
[[nodiscard]] FeedResult<FeedTable<Bar>> parse_daily(std::string_view text, Scale scale);

struct Side {
  double open = 0.0, high = 0.0, low = 0.0, close = 0.0, size = 0.0;
};
struct MinuteTrade {
  Instant start{};
  Side price{};  // its size is the volume
};
struct MinuteQuote {
  Instant start{};
  std::optional<Side> bid{}, ask{};
};
/// Minutes of one date: milliseconds after midnight in New York. A side of five empty fields is absent.
[[nodiscard]] FeedResult<FeedTable<MinuteTrade>> parse_minute_trades(std::string_view text, Date date);
[[nodiscard]] FeedResult<FeedTable<MinuteQuote>> parse_minute_quotes(std::string_view text, Date date);

struct Factor {
  Date through{};  // last day it applies to
  double price = 1.0, split = 1.0;
  std::optional<double> reference_close{};
};
/// Rows with an infinite, exponential or zero factor are refused.
[[nodiscard]] FeedResult<FeedTable<Factor>> parse_factors(std::string_view text);
/// Price and split factor of a date: those of the first row that reaches it.
[[nodiscard]] std::optional<Factor> factor_on(const std::vector<Factor>& factors, Date date) noexcept;

struct TickerName {
  Date through{};  // last day it applies to
  std::string ticker{};
};
[[nodiscard]] FeedResult<FeedTable<TickerName>> parse_map(std::string_view text);
[[nodiscard]] std::optional<std::string> ticker_on(const std::vector<TickerName>& names, Date date);

struct UniverseRow {
  OptionContract contract{};
  std::optional<double> close{}, volume{}, open_interest{}, volatility{};
};
struct Universe {
  std::optional<double> underlying_close{}, underlying_volume{};
  FeedTable<UniverseRow> contracts{};
  /// A file is believed only when its line of the underlying is that day's bar: some carry the bar of a later day.
  [[nodiscard]] bool belongs_to(const Bar& bar) const noexcept;
};
[[nodiscard]] FeedResult<Universe> parse_universe(std::string_view text);

/// The discount window's rate as a step function.
[[nodiscard]] FeedResult<FeedTable<RatePoint>> parse_rates(std::string_view text);

}  // namespace alaris::host::lean
