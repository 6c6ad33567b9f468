// SPDX-License-Identifier: Apache-2.0
#pragma once
// All options of one underlying at one session's close, in contract order, sliced by expiry.

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <alaris/market/quote.hpp>

namespace alaris::inline v0 {

/// One session's closing chain. Construction sorts the quotes by contract and keeps the first of equal contracts;
/// `duplicates()` says how many were dropped.
class OptionChain {
 public:
  OptionChain() = default;
  OptionChain(Date date, double spot, std::vector<OptionQuote> quotes)
      : date_(date), spot_(spot), quotes_(std::move(quotes)) {
    const auto before = [](const OptionQuote& a, const OptionQuote& b) { return a.contract < b.contract; };
    if (!std::is_sorted(quotes_.begin(), quotes_.end(), before))
      std::stable_sort(quotes_.begin(), quotes_.end(), before);
    const auto same = [](const OptionQuote& a, const OptionQuote& b) { return a.contract == b.contract; };
    const auto end = std::unique(quotes_.begin(), quotes_.end(), same);
    duplicates_ = static_cast<std::size_t>(quotes_.end() - end);
    quotes_.erase(end, quotes_.end());
    for (std::size_t i = 0; i < quotes_.size(); ++i)
      if (expiries_.empty() || quotes_[i].contract.expiry != expiries_.back()) {
        expiries_.push_back(quotes_[i].contract.expiry);
        starts_.push_back(i);
      }
    starts_.push_back(quotes_.size());
  }

  [[nodiscard]] Date date() const noexcept { return date_; }
  /// Underlying price that belongs to these quotes, dollars per share.
  [[nodiscard]] double spot() const noexcept { return spot_; }
  [[nodiscard]] std::span<const OptionQuote> quotes() const noexcept { return quotes_; }
  [[nodiscard]] std::span<const Date> expiries() const noexcept { return expiries_; }
  [[nodiscard]] std::size_t duplicates() const noexcept { return duplicates_; }

  /// Quotes of one expiry, by strike, put before call; empty when the expiry is not listed.
  [[nodiscard]] std::span<const OptionQuote> of_expiry(Date expiry) const noexcept {
    const auto at = std::lower_bound(expiries_.begin(), expiries_.end(), expiry);
    if (at == expiries_.end() || *at != expiry) return {};
    const auto i = static_cast<std::size_t>(at - expiries_.begin());
    return std::span(quotes_).subspan(starts_[i], starts_[i + 1] - starts_[i]);
  }

  /// The quote of one contract, or nullptr.
  [[nodiscard]] const OptionQuote* find(const OptionContract& contract) const noexcept {
    const auto at = std::lower_bound(quotes_.begin(), quotes_.end(), contract,
                                     [](const OptionQuote& q, const OptionContract& c) { return q.contract < c; });
    return at != quotes_.end() && at->contract == contract ? &*at : nullptr;
  }

 private:
  Date date_{};
  double spot_ = not_known;
  std::vector<OptionQuote> quotes_;
  std::vector<Date> expiries_;
  std::vector<std::size_t> starts_;
  std::size_t duplicates_ = 0;
};

}  // namespace alaris::inline v0
