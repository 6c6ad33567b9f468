// SPDX-License-Identifier: Apache-2.0
#pragma once
// Massive (formerly Polygon.io): bars, option contracts, chain snapshots, quotes, trades, corporate actions, calendar.
// Every figure that a plan or an illiquid contract may lack is optional; what is required is said at the field.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <alaris/core/time.hpp>
#include <alaris/market/contract.hpp>

#include "feeds/answer.hpp"

namespace alaris::host::massive {

inline constexpr std::string_view feed = "massive";

using Nanoseconds = std::chrono::sys_time<std::chrono::nanoseconds>;

struct Bar {
  Instant start{};  // of the window
  double open = 0.0, high = 0.0, low = 0.0, close = 0.0, volume = 0.0;
  std::optional<double> vwap{};
  std::optional<std::int64_t> trades{};
  [[nodiscard]] Date date() const noexcept;  // in New York
};

/// What was asked for, so that an answer to another question is noticed.
struct BarsAsked {
  std::string ticker{};  // empty: not checked
  std::optional<bool> adjusted{};
  bool descending = false;
  bool sessions_expected = false;  // the range holds sessions: an answer without rows is worth asking again
};
/// Bars in rising order of time. Equal bars collapse; of contradicting ones the first stays, the others are refused.
[[nodiscard]] FeedResult<FeedTable<Bar>> parse_bars(const HttpAnswer& answer, const BarsAsked& asked = {});

/// One symbol's session (the open-close route).
struct OpenClose {
  std::string symbol{};
  Date date{};
  double open = 0.0, high = 0.0, low = 0.0, close = 0.0, volume = 0.0;
  std::optional<double> before_market{}, after_hours{};
};
[[nodiscard]] FeedResult<OpenClose> parse_open_close(const HttpAnswer& answer);

struct Contract {
  std::string ticker{};      // as the vendor spells it
  std::string underlying{};  // canonical; of the option root when the vendor leaves it out
  OptionContract contract{};
  std::string not_standard{};  // why spreads must not use it; empty: 100 plain shares
  [[nodiscard]] bool is_standard() const noexcept { return not_standard.empty(); }
};
/// Contracts that are neither call nor put, or Bermudan, are refused with a reason. A ticker that says something else
/// than the fields beside it refuses the row.
[[nodiscard]] FeedResult<FeedTable<Contract>> parse_contracts(const HttpAnswer& answer);

struct SnapshotQuote {
  std::optional<double> bid{}, ask{}, bid_size{}, ask_size{}, midpoint{};
  std::optional<Nanoseconds> at{};
  bool delayed = false;
};
struct SnapshotGreeks {
  std::optional<double> delta{}, gamma{}, theta{}, vega{};  // per dollar, dollar^2, calendar day, volatility point
};
struct SnapshotRow {
  Contract contract{};
  SnapshotQuote quote{};
  SnapshotGreeks greeks{};
  std::optional<double> volatility{}, open_interest{}, day_volume{}, day_close{}, last_price{}, underlying_price{};
  std::optional<Nanoseconds> last_trade_at{}, day_updated{}, underlying_at{};
  /// Both sides known, positive and not crossed.
  [[nodiscard]] bool is_tradable() const noexcept;
};
/// A page of a chain, or the single object of the one-contract route.
[[nodiscard]] FeedResult<FeedTable<SnapshotRow>> parse_snapshot(const HttpAnswer& answer);

enum class QuoteState : std::uint8_t { two_sided, locked, crossed, zero_bid, one_sided, repeated };
struct QuoteRow {
  Nanoseconds at{};
  std::int64_t sequence = 0;
  std::optional<double> bid{}, ask{}, bid_size{}, ask_size{};
  QuoteState state = QuoteState::two_sided;
};
/// Rows as they came; a row whose sequence number came before on the page is `repeated`.
[[nodiscard]] FeedResult<FeedTable<QuoteRow>> parse_quotes(const HttpAnswer& answer);

struct TradeRow {
  Nanoseconds at{};
  double price = 0.0, size = 0.0;
  std::optional<std::int64_t> correction{};
};
[[nodiscard]] FeedResult<FeedTable<TradeRow>> parse_trades(const HttpAnswer& answer);

struct SplitRow {
  std::string symbol{};
  Date date{};
  double from = 0.0, to = 0.0;
  std::optional<double> factor_before{};  // of prices dated before `date`, to today's basis
  std::string kind{};
  [[nodiscard]] double ratio() const noexcept { return to / from; }
};
/// Both routes. One row per symbol and date; contradicting ones are an error.
[[nodiscard]] FeedResult<FeedTable<SplitRow>> parse_splits(const HttpAnswer& answer);

enum class DividendKind : std::uint8_t { regular, special, capital_gain, unknown };
struct DividendRow {
  std::string symbol{};
  Date ex_date{};
  double amount = 0.0;  // as declared
  DividendKind kind = DividendKind::unknown;
  std::string currency{};
  std::optional<Date> declared{}, recorded{}, paid{};
  std::optional<double> split_adjusted_amount{};
  std::optional<std::int64_t> frequency{};
};
[[nodiscard]] FeedResult<FeedTable<DividendRow>> parse_dividends(const HttpAnswer& answer);

struct HolidayRow {
  Date date{};
  std::string exchange{}, name{};
  bool closed = false;  // else it closes early
  std::optional<Instant> open{}, close{};
};
[[nodiscard]] FeedResult<FeedTable<HolidayRow>> parse_holidays(const HttpAnswer& answer);

struct MarketNow {
  std::string market{};
  Instant server_time{};
};
[[nodiscard]] FeedResult<MarketNow> parse_market_now(const HttpAnswer& answer);

struct TickerChange {
  Date date{};
  std::string symbol{};
};
[[nodiscard]] FeedResult<FeedTable<TickerChange>> parse_ticker_changes(const HttpAnswer& answer);

}  // namespace alaris::host::massive
