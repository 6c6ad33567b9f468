// SPDX-License-Identifier: Apache-2.0
#pragma once
// A feed that has nothing new on a holiday may serve the previous session again under the new date. Such a day is not a
// session, whatever the calendar says: an unscheduled closure looks the same.

#include <cstddef>
#include <span>

#include <alaris/market/chain.hpp>

namespace alaris::inline v0 {

/// How much of a chain was already in an earlier one of the same underlying.
struct RepeatedRows {
  std::size_t rows = 0;           // contracts of the later chain
  std::size_t same = 0;           // those with the earlier chain's last price and volume
  bool underlying_moved = false;  // both underlying prices are known and differ
  /// 0 when the later chain is empty.
  [[nodiscard]] constexpr double share() const noexcept {
    return rows > 0 ? static_cast<double>(same) / static_cast<double>(rows) : 0.0;
  }
};

namespace detail {

/// The same last price and volume, a missing one missing in both; of contracts with neither, the same bid and ask. Rows
/// that say nothing repeat nothing.
[[nodiscard]] inline bool repeats(const OptionQuote& before, const OptionQuote& quote) noexcept {
  const auto known = [](double a, double b) { return a == a || b == b; };
  const auto equal = [](double a, double b) { return a == b || (a != a && b != b); };
  if (known(before.last, quote.last) || known(before.volume, quote.volume))
    return equal(before.last, quote.last) && equal(before.volume, quote.volume);
  return (known(before.bid, quote.bid) || known(before.ask, quote.ask)) && equal(before.bid, quote.bid) &&
         equal(before.ask, quote.ask);
}
}  // namespace detail

/// O(n) in the rows of both chains.
[[nodiscard]] inline RepeatedRows repeated_rows(const OptionChain& earlier, const OptionChain& later) noexcept {
  const double was = earlier.spot(), is = later.spot();
  RepeatedRows result{.rows = later.quotes().size(), .underlying_moved = was < is || was > is};
  std::span<const OptionQuote> before = earlier.quotes();
  for (const OptionQuote& quote : later.quotes()) {
    while (!before.empty() && before.front().contract < quote.contract) before = before.subspan(1);
    if (before.empty()) break;
    if (before.front().contract == quote.contract) result.same += detail::repeats(before.front(), quote);
  }
  return result;
}

/// Least share of repeated rows of a copy. In eleven weeks of 22 liquid names the 44 copies of 2026-06-19 and 07-03
/// repeat 80 to 100 % of their rows and the underlying price; 1144 real sessions repeat at most 52 %, one of them with
/// an unchanged underlying price and 18 %.
inline constexpr double holiday_copy_share = 0.75;

[[nodiscard]] inline bool is_holiday_copy(const OptionChain& earlier, const OptionChain& later,
                                          double least_share = holiday_copy_share) noexcept {
  const RepeatedRows repeated = repeated_rows(earlier, later);
  return !repeated.underlying_moved && repeated.rows > 0 && repeated.share() >= least_share;
}

}  // namespace alaris::inline v0
