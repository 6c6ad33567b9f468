// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a backtest, a scan or a study needs from a market: recorded history and the simulated market both give it.

#include <algorithm>
#include <concepts>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <alaris/market/bar.hpp>
#include <alaris/market/chain.hpp>
#include <alaris/market/events.hpp>

namespace alaris::inline v0 {

/// Everything about the past, whole. Strategies never see it: they get a MarketView (as_of.hpp).
/// Spans are sorted by date (statements by known_from), empty where nothing is held; `chain` is null where there is no
/// chain of that date. All functions may be called from several threads at once.
template <class M>
concept market_source = requires(const M& market, std::string_view symbol, Date date) {
  { market.symbols() } -> std::convertible_to<std::span<const std::string>>;
  { market.bars(symbol) } -> std::convertible_to<std::span<const Bar>>;
  { market.chain(symbol, date) } -> std::convertible_to<std::shared_ptr<const OptionChain>>;
  { market.dividends(symbol) } -> std::convertible_to<std::span<const Dividend>>;
  { market.splits(symbol) } -> std::convertible_to<std::span<const Split>>;
  { market.earnings(symbol) } -> std::convertible_to<std::span<const EarningsStatement>>;
  { market.vix() } -> std::convertible_to<std::span<const Bar>>;
  { market.rates() } -> std::convertible_to<std::span<const RatePoint>>;
};

/// Which tables a source holds of a name. An empty table says that nothing happened, a missing one says nothing.
struct HeldTables {
  bool dividends = true;
  bool splits = true;
  [[nodiscard]] constexpr bool all() const noexcept { return dividends && splits; }
  friend constexpr bool operator==(const HeldTables&, const HeldTables&) noexcept = default;
};

/// What a market says of itself by a member `tables(symbol)`; one that does not say holds all of them.
template <market_source Market>
[[nodiscard]] HeldTables tables_of(const Market& market, std::string_view symbol) {
  if constexpr (requires { market.tables(symbol); })
    return market.tables(symbol);
  else
    return {};
}

/// Recorded history of one symbol.
struct SymbolHistory {
  std::string symbol;
  std::vector<Bar> bars;
  std::vector<std::shared_ptr<const OptionChain>> chains;
  std::vector<Dividend> dividends;
  std::vector<Split> splits;
  std::vector<EarningsStatement> earnings;
  HeldTables tables{};
};

/// A market read from files: plain vectors, each sorted by date.
class RecordedMarket {
 public:
  RecordedMarket() = default;
  RecordedMarket(std::vector<SymbolHistory> histories, std::vector<Bar> vix, std::vector<RatePoint> rates)
      : histories_(std::move(histories)), vix_(std::move(vix)), rates_(std::move(rates)) {
    const auto by_date = [](const auto& a, const auto& b) { return a.date < b.date; };
    std::sort(histories_.begin(), histories_.end(), [](const auto& a, const auto& b) { return a.symbol < b.symbol; });
    for (SymbolHistory& h : histories_) {
      std::stable_sort(h.bars.begin(), h.bars.end(), by_date);
      std::stable_sort(h.splits.begin(), h.splits.end(), by_date);
      std::stable_sort(h.chains.begin(), h.chains.end(),
                       [](const auto& a, const auto& b) { return a->date() < b->date(); });
      std::stable_sort(h.dividends.begin(), h.dividends.end(),
                       [](const auto& a, const auto& b) { return a.ex_date < b.ex_date; });
      std::stable_sort(h.earnings.begin(), h.earnings.end(),
                       [](const auto& a, const auto& b) { return a.known_from < b.known_from; });
      symbols_.push_back(h.symbol);
    }
    std::stable_sort(vix_.begin(), vix_.end(), by_date);
    std::stable_sort(rates_.begin(), rates_.end(), by_date);
  }

  [[nodiscard]] std::span<const std::string> symbols() const noexcept { return symbols_; }
  [[nodiscard]] std::span<const Bar> bars(std::string_view symbol) const noexcept { return of(symbol).bars; }
  [[nodiscard]] std::span<const Dividend> dividends(std::string_view symbol) const noexcept {
    return of(symbol).dividends;
  }
  [[nodiscard]] std::span<const Split> splits(std::string_view symbol) const noexcept { return of(symbol).splits; }
  [[nodiscard]] std::span<const EarningsStatement> earnings(std::string_view symbol) const noexcept {
    return of(symbol).earnings;
  }
  [[nodiscard]] HeldTables tables(std::string_view symbol) const noexcept { return of(symbol).tables; }
  [[nodiscard]] std::span<const Bar> vix() const noexcept { return vix_; }
  [[nodiscard]] std::span<const RatePoint> rates() const noexcept { return rates_; }
  [[nodiscard]] std::shared_ptr<const OptionChain> chain(std::string_view symbol, Date date) const noexcept {
    const auto& chains = of(symbol).chains;
    const auto at = std::lower_bound(chains.begin(), chains.end(), date,
                                     [](const auto& chain, Date d) { return chain->date() < d; });
    return at != chains.end() && (*at)->date() == date ? *at : nullptr;
  }
  /// The same market with every chain replaced by transform(chain).
  template <class Transform>
  [[nodiscard]] RecordedMarket with_chains(Transform transform) const {
    RecordedMarket changed(*this);
    for (SymbolHistory& history : changed.histories_)
      for (auto& chain : history.chains) chain = std::make_shared<const OptionChain>(transform(*chain));
    return changed;
  }
  [[nodiscard]] std::span<const std::shared_ptr<const OptionChain>> chains(std::string_view symbol) const noexcept {
    return of(symbol).chains;
  }

 private:
  const SymbolHistory& of(std::string_view symbol) const noexcept {
    static const SymbolHistory none{};
    const auto at = std::lower_bound(histories_.begin(), histories_.end(), symbol,
                                     [](const auto& h, std::string_view s) { return h.symbol < s; });
    return at != histories_.end() && at->symbol == symbol ? *at : none;
  }
  std::vector<SymbolHistory> histories_;
  std::vector<std::string> symbols_;
  std::vector<Bar> vix_;
  std::vector<RatePoint> rates_;
};
static_assert(market_source<RecordedMarket>);

}  // namespace alaris::inline v0
