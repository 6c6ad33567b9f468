// SPDX-License-Identifier: Apache-2.0
#pragma once
// Can the data be believed? The day as a whole, and the candidate's own legs.

#include <concepts>

#include <alaris/policy/policy.hpp>

namespace alaris::inline v0 {

template <class C>
concept has_day_quality = requires(const C& c) {
  { c.spot_move } -> std::convertible_to<double>;  // |close / previous session's close - 1|, adjusted
  {
    c.spot_move_limit
    } -> std::convertible_to<double>;                  // wider in the first session after a scheduled event; NaN: none
  { c.volume_ratio } -> std::convertible_to<double>;   // share volume over its 20-session median
  { c.quality_score } -> std::convertible_to<double>;  // passed / applicable over the chain, unknown counted as failed
  { c.worst_leg_parity } -> std::convertible_to<double>;  // parity violation over the larger mid, worst of the expiries
};
template <class C>
concept has_second_spot = requires(const C& c) {
  { c.spot_disagreement } -> std::convertible_to<double>;  // |a second source's spot / spot - 1|; NaN without one
};

template <class C>
concept has_leg_checks = requires(const C& c) {
  { c.failed_leg_checks } -> std::convertible_to<double>;  // over the candidate's own legs
};

struct DefaultQualityLimits {
  static constexpr double max_spot_move = 0.10, max_parity_violation = 0.02, max_volume_ratio = 10;
  static constexpr double critical_score = 0.90, warning_score = 0.95, max_spot_disagreement = 0.01;
};
struct QualityLimits {
  double max_spot_move = DefaultQualityLimits::max_spot_move;
  double max_parity_violation = DefaultQualityLimits::max_parity_violation;
  double max_volume_ratio = DefaultQualityLimits::max_volume_ratio;
  double critical_score = DefaultQualityLimits::critical_score;
  double warning_score = DefaultQualityLimits::warning_score;                  // reported, not judged
  double max_spot_disagreement = DefaultQualityLimits::max_spot_disagreement;  // this project's own choice
};

template <class Limits = DefaultQualityLimits>
struct SpotMove {
  static constexpr RuleInfo rule{"quality.spot_move", "DTqc001A", "spot against the previous session's close", "1",
                                 Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_day_quality auto& c) const noexcept {
    return {.observed = c.spot_move,
            .limit = c.spot_move_limit > limits.max_spot_move ? c.spot_move_limit : limits.max_spot_move};
  }
};
/// A second, independent source of the spot agrees with the first: what moved so far really did.
template <class Limits = DefaultQualityLimits>
struct SpotConfirmed {
  static constexpr RuleInfo rule{"quality.spot_confirmed", "DTqc001A", "spot of a second source against the first", "1",
                                 Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_second_spot auto& c) const noexcept {
    return {.observed = c.spot_disagreement, .limit = limits.max_spot_disagreement};
  }
};
template <class Limits = DefaultQualityLimits>
struct PutCallParity {
  static constexpr RuleInfo rule{"quality.parity", "DTqc002A", "parity violation over the larger mid", "1",
                                 Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_day_quality auto& c) const noexcept {
    return {.observed = c.worst_leg_parity, .limit = limits.max_parity_violation};
  }
};
/// Within [1/limit, limit] of the median: measured as the larger of the ratio and its inverse.
template <class Limits = DefaultQualityLimits>
struct VolumeSpike {
  static constexpr RuleInfo rule{"quality.volume", "DTqc003A", "share volume over its median, or the inverse", "1",
                                 Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_day_quality auto& c) const noexcept {
    const double ratio = c.volume_ratio;
    return {.observed = ratio >= 1.0 ? ratio : detail::ratio_of(1.0, ratio), .limit = limits.max_volume_ratio};
  }
};
template <class Limits = DefaultQualityLimits>
struct ChainScore {
  static constexpr RuleInfo rule{"quality.score", "", "share of chain checks passed", "1", Relation::at_least};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_day_quality auto& c) const noexcept {
    return {.observed = c.quality_score, .limit = limits.critical_score};
  }
};
/// The score is about the chain; of the legs that are traded nothing may be wrong.
struct LegChecks {
  static constexpr RuleInfo rule{"quality.legs", "", "desk checks that a leg fails", "found", Relation::at_most};
  [[nodiscard]] constexpr Measurement measure(const has_leg_checks auto& c) const noexcept {
    return {.observed = c.failed_leg_checks, .limit = 0.0};
  }
};
template <class L>
SpotMove(L) -> SpotMove<L>;
template <class L>
SpotConfirmed(L) -> SpotConfirmed<L>;
template <class L>
PutCallParity(L) -> PutCallParity<L>;
template <class L>
VolumeSpike(L) -> VolumeSpike<L>;
template <class L>
ChainScore(L) -> ChainScore<L>;

/// The spot is where the session before left it, or a second source confirms that it went.
template <class Limits = DefaultQualityLimits>
using BelievedSpot = any_of<SpotMove<Limits>, SpotConfirmed<Limits>>;

}  // namespace alaris::inline v0
