// SPDX-License-Identifier: Apache-2.0
#pragma once
// The market as it was known at one instant. The only door a strategy has: a value published later is not reachable.

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <alaris/core/time.hpp>
#include <alaris/market/calendar.hpp>
#include <alaris/market/new_york.hpp>
#include <alaris/market/rates.hpp>
#include <alaris/market/source.hpp>

namespace alaris::inline v0 {

template <market_source Market>
class MarketView;

/// A session whose close a view has seen, and the instant from which its closing values are known. Only a view makes
/// one, so a strategy cannot name a session that has not closed.
class KnownSession {
 public:
  [[nodiscard]] constexpr Date date() const noexcept { return date_; }
  [[nodiscard]] constexpr Instant known_from() const noexcept { return known_from_; }

 private:
  template <market_source Market>
  friend class MarketView;
  constexpr KnownSession(Date date, Instant known_from) noexcept : date_(date), known_from_(known_from) {}
  Date date_;
  Instant known_from_;
};

/// A view of `market` that knows nothing published after `as_of`. Rows of date D become known at D's close.
/// Holds references: market and calendar must outlive it.
template <market_source Market>
class MarketView {
 public:
  MarketView(const Market& market, const TradingCalendar& calendar, Instant as_of)
      : market_(&market), calendar_(&calendar), as_of_(as_of), last_session_(last_closed(calendar, as_of)) {}

  [[nodiscard]] Instant as_of() const noexcept { return as_of_; }
  [[nodiscard]] const TradingCalendar& calendar() const noexcept { return *calendar_; }
  /// The latest session that has closed.
  [[nodiscard]] Date last_session() const noexcept { return last_session_; }

  [[nodiscard]] std::span<const Bar> bars(std::string_view symbol) const { return closed(market_->bars(symbol)); }
  [[nodiscard]] std::span<const Bar> vix() const { return closed(market_->vix()); }
  /// Continuous, per year; NaN when no rate is known.
  [[nodiscard]] double short_rate() const { return alaris::short_rate(market_->rates(), last_session_); }
  [[nodiscard]] std::span<const Split> splits(std::string_view symbol) const { return closed(market_->splits(symbol)); }

  /// Whether the market holds tables of dividends and splits of a name at all.
  [[nodiscard]] HeldTables tables(std::string_view symbol) const { return tables_of(*market_, symbol); }

  /// Splits that were announced and are not effective yet at the last session that has closed.
  [[nodiscard]] std::vector<Split> pending_splits(std::string_view symbol) const {
    std::vector<Split> pending;
    for (const Split& split : market_->splits(symbol))
      if (split.date > last_session_ && split.known_from && *split.known_from <= as_of_) pending.push_back(split);
    return pending;
  }

  /// The session of a date, when it has closed; nothing for a later one and for a day without a session.
  [[nodiscard]] std::optional<KnownSession> session(Date date) const {
    if (date > last_session_ || !calendar_->is_session(date)) return std::nullopt;
    return KnownSession(date, calendar_->close(date));
  }
  /// The closing chain of a session, or null. A session that another, later view has seen is not known here.
  [[nodiscard]] std::shared_ptr<const OptionChain> chain(std::string_view symbol,
                                                         const std::optional<KnownSession>& session) const {
    return session && session->known_from() <= as_of_ ? market_->chain(symbol, session->date()) : nullptr;
  }
  [[nodiscard]] std::shared_ptr<const OptionChain> chain(std::string_view symbol) const {
    return market_->chain(symbol, last_session_);
  }

  [[nodiscard]] std::vector<Dividend> dividends(std::string_view symbol) const {
    std::vector<Dividend> known;
    for (const Dividend& d : market_->dividends(symbol))
      if (d.known_from <= as_of_) known.push_back(d);
    return known;
  }

  /// What sources had said and not yet taken back. A later replacement does not show.
  [[nodiscard]] std::vector<KnownStatement> earnings(std::string_view symbol) const {
    std::vector<KnownStatement> known;
    for (const EarningsStatement& s : market_->earnings(symbol)) {
      if (s.known_from > as_of_ || (s.known_until && *s.known_until <= as_of_)) continue;
      known.push_back({.date = s.date, .session = s.session, .source = s.source, .known_from = s.known_from});
    }
    return known;
  }

 private:
  static Date last_closed(const TradingCalendar& calendar, Instant as_of) {
    const Date today = new_york_date(as_of);
    return calendar.is_session(today) && calendar.close(today) <= as_of ? today : calendar.previous_session(today);
  }
  template <class Row>
  std::span<const Row> closed(std::span<const Row> rows) const {
    const auto end =
        std::partition_point(rows.begin(), rows.end(), [&](const Row& row) { return row.date <= last_session_; });
    return {rows.begin(), end};
  }

  const Market* market_;
  const TradingCalendar* calendar_;
  Instant as_of_;
  Date last_session_;
};

}  // namespace alaris::inline v0
