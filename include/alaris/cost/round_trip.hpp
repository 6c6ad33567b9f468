// SPDX-License-Identifier: Apache-2.0
#pragma once
// What it costs to open a spread and to close it again, in dollars and in volatility points.

#include <span>
#include <vector>

#include <alaris/core/money.hpp>
#include <alaris/cost/fees.hpp>

namespace alaris::inline v0 {

struct CostModel {
  FeeSchedule fees = FeeSchedule::us_equity_options();
  double buffer = 1.0;                  // on expected crossing
  double vix_buffer = 1.5;              // further factor on crossing while volatility stress is tripped; fees untouched
  double exit_spread_multiplier = 2.0;  // spreads are wider when everybody leaves
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

/// The round trip of `spreads` combinations, per spread. `legs` are one spread's opening trades at mid; `crossing` is
/// natural minus mid, dollars per share.
[[nodiscard]] inline RoundTrip round_trip(const CostModel& model, std::span<const TradedLeg> legs, double crossing,
                                          int spreads, bool volatility_stress, Date date) {
  std::vector<TradedLeg> open(legs.begin(), legs.end()), close(legs.begin(), legs.end());
  for (TradedLeg& leg : open) leg.contracts *= spreads;
  for (TradedLeg& leg : close) leg.contracts *= -spreads;
  const double per_spread =
      contract_multiplier * crossing * model.buffer * (volatility_stress ? model.vix_buffer : 1.0);
  return {.crossing_open = per_spread,
          .crossing_close = per_spread * model.exit_spread_multiplier,
          .fees_open = option_fees(model.fees, open, date).dollars() / spreads,
          .fees_close = option_fees(model.fees, close, date).dollars() / spreads};
}

}  // namespace alaris::inline v0
