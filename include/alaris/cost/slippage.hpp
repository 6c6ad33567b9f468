// SPDX-License-Identifier: Apache-2.0
#pragma once
// How much of the quoted spread an order gives away. Fees are no part of it: stress widens spreads, not fees.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace alaris::inline v0 {

/// When an order trades: spreads are wider when everybody leaves after an event.
enum class TradeSide : std::uint8_t { entry, exit };

struct SlippageModel {
  /// Share of every leg's half-spread that an order of one, two, three, four or more legs pays: 1 is the touch, 0 mid.
  std::array<double, 4> share_by_legs{1.0, 1.0, 1.0, 1.0};
  double buffer = 1.0;                  // on expected crossing
  double vix_buffer = 1.5;              // further factor while volatility stress is tripped
  double exit_spread_multiplier = 2.0;  // factor at the exit

  /// Buys at the ask, sells at the bid: the default.
  [[nodiscard]] static constexpr SlippageModel touch() noexcept { return {}; }
  /// A data vendor's fills for its own backtests: an order travels 75, 66, 56 and 53 % of bid to ask with one to four
  /// legs, that is 50, 32, 12 and 6 % of the half-spread. Not confirmed but for two legs.
  [[nodiscard]] static constexpr SlippageModel vendor_study() noexcept {
    return {.share_by_legs = {0.50, 0.32, 0.12, 0.06}};
  }

  [[nodiscard]] constexpr double share(std::size_t legs) const noexcept {
    return share_by_legs[std::clamp<std::size_t>(legs, 1, share_by_legs.size()) - 1];
  }
  friend constexpr bool operator==(const SlippageModel&, const SlippageModel&) noexcept = default;
};

/// Dollars per share an order is expected to give away. `crossing` is natural minus mid of the combination, dollars per
/// share: the sum of its legs' half-spreads.
[[nodiscard]] constexpr double expected_crossing(const SlippageModel& model, double crossing, std::size_t legs,
                                                 TradeSide side, bool volatility_stress) noexcept {
  return crossing * model.share(legs) * model.buffer * (volatility_stress ? model.vix_buffer : 1.0) *
         (side == TradeSide::exit ? model.exit_spread_multiplier : 1.0);
}

}  // namespace alaris::inline v0
