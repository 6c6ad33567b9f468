// SPDX-License-Identifier: Apache-2.0
#pragma once
// The same past with another future: what a decision that sees no future cannot tell apart. Running a backtest on both
// and comparing what was decided up to the border is the look-ahead check.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <alaris/market/calendar.hpp>
#include <alaris/market/source.hpp>

namespace alaris::inline v0 {

///   truncated   nothing is published after the border
///   perturbed   everything published after it is wrong: prices, quotes, volumes, dates, amounts, rates
enum class Future : std::uint8_t { truncated, perturbed };

/// A market that equals `market` in everything published up to the close of `last` and differs in the rest. Refers to
/// `market`, which must outlive it.
template <market_source Market>
class AlteredFuture {
 public:
  AlteredFuture(const Market& market, Date last, Future future, const TradingCalendar& calendar)
      : market_(&market), last_(last), border_(calendar.close(last)), future_(future) {
    for (const std::string& symbol : market.symbols()) {
      History& h = histories_[symbol];
      h.bars = altered_bars(market.bars(symbol), 1.37);
      h.splits = altered_splits(market.splits(symbol));
      h.dividends = altered_dividends(market.dividends(symbol));
      for (EarningsStatement s : market.earnings(symbol)) {
        if (s.known_until && *s.known_until > border_) s.known_until.reset();
        if (s.known_from > border_) {
          if (future_ == Future::truncated) continue;
          s.date += std::chrono::days(7);
        }
        h.earnings.push_back(std::move(s));
      }
    }
    vix_ = altered_bars(market.vix(), 2.5);
    rates_ = kept(market.rates());
    if (future_ == Future::perturbed)
      for (const RatePoint& point : market.rates())
        if (point.date > last_) rates_.push_back({point.date, point.tenor, point.rate + 0.03});
  }

  [[nodiscard]] std::span<const std::string> symbols() const { return market_->symbols(); }
  [[nodiscard]] std::span<const Bar> bars(std::string_view symbol) const { return of(symbol).bars; }
  [[nodiscard]] std::span<const Dividend> dividends(std::string_view symbol) const { return of(symbol).dividends; }
  [[nodiscard]] std::span<const Split> splits(std::string_view symbol) const { return of(symbol).splits; }
  [[nodiscard]] std::span<const EarningsStatement> earnings(std::string_view symbol) const {
    return of(symbol).earnings;
  }
  [[nodiscard]] HeldTables tables(std::string_view symbol) const { return tables_of(*market_, symbol); }
  [[nodiscard]] std::span<const Bar> vix() const { return vix_; }
  [[nodiscard]] std::span<const RatePoint> rates() const { return rates_; }

  [[nodiscard]] std::shared_ptr<const OptionChain> chain(std::string_view symbol, Date date) const {
    const auto chain = market_->chain(symbol, date);
    if (!chain || date <= last_) return chain;
    if (future_ == Future::truncated) return nullptr;
    std::vector<OptionQuote> quotes(chain->quotes().begin(), chain->quotes().end());
    for (OptionQuote& quote : quotes) {
      for (double* price : {&quote.bid, &quote.ask, &quote.last}) *price *= 1.61;
      for (double* count : {&quote.volume, &quote.open_interest}) *count = 7.0 * *count + 3.0;
    }
    return std::make_shared<const OptionChain>(chain->date(), 1.37 * chain->spot(), std::move(quotes));
  }

 private:
  struct History {
    std::vector<Bar> bars;
    std::vector<Dividend> dividends;
    std::vector<Split> splits;
    std::vector<EarningsStatement> earnings;
  };

  template <class Row>
  std::vector<Row> kept(std::span<const Row> rows) const {
    std::vector<Row> out;
    for (const Row& row : rows)
      if (row.date <= last_) out.push_back(row);
    return out;
  }
  std::vector<Bar> altered_bars(std::span<const Bar> rows, double factor) const {
    std::vector<Bar> out = kept(rows);
    if (future_ == Future::truncated) return out;
    for (Bar bar : rows) {
      if (bar.date <= last_) continue;
      for (double* price : {&bar.open, &bar.high, &bar.low, &bar.close}) *price *= factor;
      bar.volume *= 5.0;
      out.push_back(bar);
    }
    return out;
  }
  /// A split that was announced by the border or took effect by then belongs to the past.
  std::vector<Split> altered_splits(std::span<const Split> rows) const {
    std::vector<Split> out;
    for (Split split : rows) {
      if (split.date > last_ && !(split.known_from && *split.known_from <= border_)) {
        if (future_ == Future::truncated) continue;
        split.date += std::chrono::days(3);
        split.ratio *= 2.0;
      }
      out.push_back(split);
    }
    std::stable_sort(out.begin(), out.end(), [](const Split& a, const Split& b) { return a.date < b.date; });
    return out;
  }
  /// So does a dividend that was announced by the border, or paid on shares held through its ex-date by then.
  std::vector<Dividend> altered_dividends(std::span<const Dividend> rows) const {
    std::vector<Dividend> out;
    for (Dividend d : rows) {
      if (d.ex_date > last_ && d.known_from > border_) {
        if (future_ == Future::truncated) continue;
        d.ex_date += std::chrono::days(3);
        d.amount *= 2.0;
      }
      out.push_back(d);
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const Dividend& a, const Dividend& b) { return a.ex_date < b.ex_date; });
    return out;
  }
  const History& of(std::string_view symbol) const {
    static const History none{};
    const auto at = histories_.find(symbol);
    return at == histories_.end() ? none : at->second;
  }

  const Market* market_;
  Date last_;
  Instant border_;
  Future future_;
  std::map<std::string, History, std::less<>> histories_{};
  std::vector<Bar> vix_{};
  std::vector<RatePoint> rates_{};
};

}  // namespace alaris::inline v0
