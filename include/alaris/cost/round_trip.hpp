// SPDX-License-Identifier: Apache-2.0
#pragma once
// What it costs to open a spread and to close it again, in dollars and in volatility points.

#include <limits>
#include <span>
#include <vector>

#include <alaris/cost/fees.hpp>
#include <alaris/cost/slippage.hpp>

namespace alaris::inline v0 {

struct CostModel {
  FeeSchedule fees = FeeSchedule::us_equity_options();
  SlippageModel slippage{};
};

/// Dollars per spread.
struct RoundTrip {
  double crossing_open = 0.0;
  double crossing_close = 0.0;
  double fees_open = 0.0;
  double fees_close = 0.0;
  [[nodiscard]] constexpr double total() const noexcept {
    return crossing_open + crossing_close + fees_open + fees_close;
  }
  [[nodiscard]] constexpr double to_close() const noexcept { return crossing_close + fees_close; }
  /// Cost in volatility points (1.00 = one point) given a vega in dollars per share and point.
  [[nodiscard]] constexpr double volatility_points(double vega_per_point) const noexcept {
    return total() / (contract_multiplier * vega_per_point);
  }
};

/// The round trip of `spreads` combinations, per spread; NaN unless there is at least one. `legs` are one spread's
/// opening trades at mid, closed at the same prices; `crossing` is natural minus mid, dollars per share.
[[nodiscard]] inline RoundTrip round_trip(const CostModel& model, std::span<const TradedLeg> legs, double crossing,
                                          int spreads, bool volatility_stress, Date date) {
  if (spreads < 1) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    return {nan, nan, nan, nan};
  }
  std::vector<TradedLeg> open(legs.begin(), legs.end()), close(legs.begin(), legs.end());
  for (TradedLeg& leg : open) leg.contracts *= spreads;
  for (TradedLeg& leg : close) leg.contracts *= -spreads;
  const auto crossed = [&](TradeSide side) {
    return contract_multiplier * expected_crossing(model.slippage, crossing, legs.size(), side, volatility_stress);
  };
  return {.crossing_open = crossed(TradeSide::entry),
          .crossing_close = crossed(TradeSide::exit),
          .fees_open = option_fees(model.fees, open, date).dollars() / spreads,
          .fees_close = option_fees(model.fees, close, date).dollars() / spreads};
}

}  // namespace alaris::inline v0
