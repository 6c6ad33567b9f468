// SPDX-License-Identifier: Apache-2.0
#pragma once
// May this spread be bought? Costs, event risk and liquidity, before any limit of the portfolio.

#include <concepts>
#include <limits>

#include <alaris/policy/policy.hpp>

namespace alaris::inline v0 {

template <class C>
concept priced_with_costs = requires(const C& c) {
  { c.iv30 } -> std::convertible_to<double>;
  { c.rv30 } -> std::convertible_to<double>;
  { c.vega30 } -> std::convertible_to<double>;           // dollars per share and volatility point, 30 days, same strike
  { c.round_trip_cost } -> std::convertible_to<double>;  // dollars per spread: open and close, fees and crossing
};
template <class C>
concept priced_with_edge = requires(const C& c) {
  { c.expected_pnl } -> std::convertible_to<double>;  // dollars per spread at mid, physical event model, before cost
  { c.round_trip_cost } -> std::convertible_to<double>;
};
template <class C>
concept has_net_delta = requires(const C& c) {
  { c.net_delta } -> std::convertible_to<double>;  // per spread and share, event-consistent
};
template <class C>
concept has_event_loss = requires(const C& c) {
  { c.event_loss } -> std::convertible_to<double>;  // dollars, whole position: worse of +-2 event sigmas, exit cost in
  { c.nav } -> std::convertible_to<double>;         // dollars
};
template <class C>
concept has_delta_after_event = requires(const C& c) {
  // per spread and share: the largest absolute delta after a move of plus or minus 1, 2 or 3 event sigmas
  { c.delta_after_event } -> std::convertible_to<double>;
};
template <class C>
concept has_leg_volume = requires(const C& c) {
  { c.contracts } -> std::convertible_to<double>;
  { c.least_leg_volume } -> std::convertible_to<double>;  // contracts, 5 nearest strikes, of the thinnest leg
};
template <class C>
concept has_open_interest = requires(const C& c) {
  { c.contracts } -> std::convertible_to<double>;
  { c.least_leg_open_interest } -> std::convertible_to<double>;  // contracts, of the thinnest leg
};
template <class C>
concept has_displayed_size = requires(const C& c) {
  { c.contracts } -> std::convertible_to<double>;
  { c.least_displayed_size } -> std::convertible_to<double>;  // contracts at the thinner touch; NaN when not shown
};
template <class C>
concept sized_in_market = has_leg_volume<C> && has_open_interest<C> && has_displayed_size<C>;

struct DefaultCostLimits {
  static constexpr double min_net_iv_rv = 1.20, min_net_edge = 0.0;
};
struct CostLimits {
  double min_net_iv_rv = DefaultCostLimits::min_net_iv_rv;
  double min_net_edge = DefaultCostLimits::min_net_edge;
};

/// (IV30 - C_rt / (100 vega30)) / RV30 > 1.20: the signal, less what trading it costs in volatility points.
template <class Limits = DefaultCostLimits>
struct SignalSurvivesCost {
  static constexpr RuleInfo rule{"cost.survival", "STCS006A", "IV30 over RV30 after costs", "1", Relation::above};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const priced_with_costs auto& c) const noexcept {
    const double cost_in_points = detail::ratio_of(c.round_trip_cost, 100.0 * c.vega30);
    return {.observed = detail::ratio_of(c.iv30 - cost_in_points / 100.0, c.rv30), .limit = limits.min_net_iv_rv};
  }
};
template <class L>
SignalSurvivesCost(L) -> SignalSurvivesCost<L>;

/// Expected P&L under the physical event model less the round trip is positive. Never the risk-neutral expectation:
/// that is minus the cost, always.
template <class Limits = DefaultCostLimits>
struct EdgeSurvivesCost {
  static constexpr RuleInfo rule{"cost.expected_pnl", "STCS006A", "expected P&L after costs", "USD a spread",
                                 Relation::above};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const priced_with_edge auto& c) const noexcept {
    return {.observed = c.expected_pnl - c.round_trip_cost, .limit = limits.min_net_edge};
  }
};
template <class L>
EdgeSurvivesCost(L) -> EdgeSurvivesCost<L>;

/// A limit of infinity is no limit: the rule then has no say.
struct DefaultGammaLimits {
  static constexpr double max_abs_delta = 0.10, max_event_loss_nav = 0.01;
  static constexpr double max_abs_delta_after_event = std::numeric_limits<double>::infinity();
};
struct GammaLimits {
  double max_abs_delta = DefaultGammaLimits::max_abs_delta;
  double max_event_loss_nav = DefaultGammaLimits::max_event_loss_nav;
  double max_abs_delta_after_event = DefaultGammaLimits::max_abs_delta_after_event;
};

template <class Limits = DefaultGammaLimits>
struct NetDelta {
  static constexpr RuleInfo rule{"gamma.net_delta", "STHD003A", "absolute net delta per share", "1", Relation::below};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_net_delta auto& c) const noexcept {
    return {.observed = c.net_delta < 0 ? -c.net_delta : c.net_delta, .limit = limits.max_abs_delta};
  }
};
template <class L>
NetDelta(L) -> NetDelta<L>;

/// Gamma limited in money: what a two-sigma event move would cost, revalued.
template <class Limits = DefaultGammaLimits>
struct EventLoss {
  static constexpr RuleInfo rule{"gamma.event_loss", "STHD003A", "loss at two event sigmas over NAV", "1",
                                 Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_event_loss auto& c) const noexcept {
    return {.observed = detail::ratio_of(c.event_loss, c.nav), .limit = limits.max_event_loss_nav};
  }
};
template <class L>
EventLoss(L) -> EventLoss<L>;

/// Optional: how far the event may push the delta. Reported always, judged only where a limit is set.
template <class Limits = DefaultGammaLimits>
struct DeltaAfterEvent {
  static constexpr RuleInfo rule{"gamma.delta_after_event", "STHD003A", "largest absolute delta after 1, 2, 3 sigma",
                                 "1", Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_delta_after_event auto& c) const noexcept {
    constexpr double none = std::numeric_limits<double>::infinity();
    return {.observed = c.delta_after_event,
            .limit = limits.max_abs_delta_after_event,
            .applies = limits.max_abs_delta_after_event != none};
  }
};
template <class L>
DeltaAfterEvent(L) -> DeltaAfterEvent<L>;

struct DefaultLiquidityLimits {
  static constexpr double max_volume_share = 0.05, max_open_interest_share = 0.02;
};
struct LiquidityLimits {
  double max_volume_share = DefaultLiquidityLimits::max_volume_share;
  double max_open_interest_share = DefaultLiquidityLimits::max_open_interest_share;
};

namespace detail {
/// order / market, unknown where the order is empty or the market shows nothing.
[[nodiscard]] constexpr double share_of(double order, double market) noexcept {
  return order > 0.0 ? ratio_of(order, market) : unknown_value;
}
}  // namespace detail

template <class Limits = DefaultLiquidityLimits>
struct VolumeShare {
  static constexpr RuleInfo rule{"liquidity.volume_share", "STCS008A", "contracts over the thinnest leg's volume", "1",
                                 Relation::below};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_leg_volume auto& c) const noexcept {
    return {.observed = detail::share_of(c.contracts, c.least_leg_volume), .limit = limits.max_volume_share};
  }
};
template <class L>
VolumeShare(L) -> VolumeShare<L>;

template <class Limits = DefaultLiquidityLimits>
struct OpenInterestShare {
  static constexpr RuleInfo rule{"liquidity.open_interest_share", "STCS008A", "contracts over open interest", "1",
                                 Relation::below};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_open_interest auto& c) const noexcept {
    return {.observed = detail::share_of(c.contracts, c.least_leg_open_interest),
            .limit = limits.max_open_interest_share};
  }
};
template <class L>
OpenInterestShare(L) -> OpenInterestShare<L>;

struct DisplayedSize {
  static constexpr RuleInfo rule{"liquidity.displayed_size", "STCS008A", "contracts over displayed size", "1",
                                 Relation::at_most};
  [[nodiscard]] constexpr Measurement measure(const has_displayed_size auto& c) const noexcept {
    return {.observed = detail::share_of(c.contracts, c.least_displayed_size), .limit = 1.0};
  }
};

template <class Limits = DefaultCostLimits>
using CostSurvival = all_of<SignalSurvivesCost<Limits>, EdgeSurvivesCost<Limits>>;
template <class Limits = DefaultGammaLimits>
using GammaRisk = all_of<NetDelta<Limits>, EventLoss<Limits>>;
/// On each leg: a small share of the volume, and a small share of the open interest or enough displayed size.
template <class Limits = DefaultLiquidityLimits>
using Liquidity = all_of<VolumeShare<Limits>, any_of<OpenInterestShare<Limits>, DisplayedSize>>;

template <class Limits = DefaultLiquidityLimits>
[[nodiscard]] constexpr Liquidity<Limits> liquidity_rules(const Limits& limits = {}) noexcept {
  return Liquidity<Limits>{VolumeShare<Limits>{limits}, any_of<OpenInterestShare<Limits>, DisplayedSize>{
                                                            OpenInterestShare<Limits>{limits}, DisplayedSize{}}};
}

/// The largest number of contracts that Liquidity would pass in this market; 0 when nothing would, or nothing is known.
/// A proposal only: judging never resizes.
template <class Limits = DefaultLiquidityLimits>
[[nodiscard]] constexpr int largest_liquid_size(const sized_in_market auto& c, const Limits& limits = {}) noexcept {
  struct {
    double contracts, least_leg_volume, least_leg_open_interest, least_displayed_size;
  } order{1.0, c.least_leg_volume, c.least_leg_open_interest, c.least_displayed_size};
  const Liquidity<Limits> rules = liquidity_rules(limits);
  int low = 0, high = 1 << 30;  // low passes or is nothing, high fails
  while (high - low > 1) {
    const int middle = low + (high - low) / 2;
    order.contracts = middle;
    (admits(rules, order) ? low : high) = middle;
  }
  return low;
}

/// The rule that stands against one contract more than largest_liquid_size: the volume, or else the one of the two
/// alternatives that held last.
template <class Limits = DefaultLiquidityLimits>
[[nodiscard]] constexpr const RuleInfo& liquidity_bound(const sized_in_market auto& c, int largest,
                                                        const Limits& limits = {}) noexcept {
  struct {
    double contracts, least_leg_volume, least_leg_open_interest, least_displayed_size;
  } order{1.0 + largest, c.least_leg_volume, c.least_leg_open_interest, c.least_displayed_size};
  if (!admits(VolumeShare<Limits>{limits}, order)) return VolumeShare<Limits>::rule;
  order.contracts = largest;
  return admits(DisplayedSize{}, order) && !admits(OpenInterestShare<Limits>{limits}, order)
             ? DisplayedSize::rule
             : OpenInterestShare<Limits>::rule;
}

}  // namespace alaris::inline v0
