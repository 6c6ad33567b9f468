// SPDX-License-Identifier: Apache-2.0
#pragma once
// A session that is not over yet as a market: history as it was known at one instant, and today's quotes in place of
// today's close. A strategy that looks at it as of the close decides as it would on a closing snapshot.

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <alaris/market/calendar.hpp>
#include <alaris/market/new_york.hpp>
#include <alaris/market/source.hpp>

namespace alaris::inline v0 {

/// What has been seen of a name today.
struct LiveSymbol {
  std::string symbol{};
  std::shared_ptr<const OptionChain> chain{};  // null: none was taken
  Bar bar{};                                   // from the open to now, the last price as its close; undated: none
};

/// Rows of sessions before the one `now` lies in, what was published by `now`, and the day's own quotes. Nothing that
/// history holds about later instants is reachable, whatever instant it is asked for. `history` must outlive it.
template <market_source History>
class LiveMarket {
 public:
  LiveMarket(const History& history, Instant now, std::vector<LiveSymbol> seen)
      : history_(&history), today_(new_york_date(now)), seen_(std::move(seen)) {
    for (const std::string& symbol : history.symbols()) {
      Known& known = known_.emplace_back();
      known.symbol = symbol;
      for (const Bar& bar : before(history.bars(symbol))) known.bars.push_back(bar);
      const LiveSymbol* live = find(symbol);
      if (live != nullptr && live->bar.date == today_) known.bars.push_back(live->bar);
      for (const EarningsStatement& said : history.earnings(symbol)) {
        if (said.known_from > now || (said.known_until && *said.known_until <= now)) continue;
        known.earnings.push_back(said);
        known.earnings.back().known_until.reset();
      }
      for (const Dividend& dividend : history.dividends(symbol))
        if (dividend.known_from <= now) known.dividends.push_back(dividend);
      for (const Split& split : history.splits(symbol))
        if (split.date <= today_ || (split.known_from && *split.known_from <= now)) known.splits.push_back(split);
    }
  }

  [[nodiscard]] Date today() const noexcept { return today_; }
  [[nodiscard]] std::span<const std::string> symbols() const { return history_->symbols(); }
  [[nodiscard]] std::span<const Bar> bars(std::string_view symbol) const { return of(symbol).bars; }
  [[nodiscard]] std::shared_ptr<const OptionChain> chain(std::string_view symbol, Date date) const {
    if (date < today_) return history_->chain(symbol, date);
    const LiveSymbol* live = find(symbol);
    return date == today_ && live != nullptr ? live->chain : nullptr;
  }
  [[nodiscard]] std::span<const Dividend> dividends(std::string_view symbol) const { return of(symbol).dividends; }
  /// Those that are effective, and those that are announced for later.
  [[nodiscard]] std::span<const Split> splits(std::string_view symbol) const { return of(symbol).splits; }
  [[nodiscard]] std::span<const EarningsStatement> earnings(std::string_view symbol) const {
    return of(symbol).earnings;
  }
  [[nodiscard]] HeldTables tables(std::string_view symbol) const { return tables_of(*history_, symbol); }
  [[nodiscard]] std::span<const Bar> vix() const { return before(history_->vix()); }
  [[nodiscard]] std::span<const RatePoint> rates() const { return before(history_->rates()); }

 private:
  struct Known {
    std::string symbol{};
    std::vector<Bar> bars{};
    std::vector<EarningsStatement> earnings{};
    std::vector<Dividend> dividends{};
    std::vector<Split> splits{};
  };
  template <class Row>
  [[nodiscard]] std::span<const Row> before(std::span<const Row> rows) const {
    const auto end = std::partition_point(rows.begin(), rows.end(), [&](const Row& row) { return row.date < today_; });
    return {rows.begin(), end};
  }
  [[nodiscard]] const LiveSymbol* find(std::string_view symbol) const {
    const auto at = std::find_if(seen_.begin(), seen_.end(), [&](const LiveSymbol& s) { return s.symbol == symbol; });
    return at == seen_.end() ? nullptr : &*at;
  }
  [[nodiscard]] const Known& of(std::string_view symbol) const {
    static const Known nothing{};
    const auto at = std::find_if(known_.begin(), known_.end(), [&](const Known& k) { return k.symbol == symbol; });
    return at == known_.end() ? nothing : *at;
  }

  const History* history_;
  Date today_;
  std::vector<LiveSymbol> seen_;
  std::vector<Known> known_{};
};

}  // namespace alaris::inline v0
