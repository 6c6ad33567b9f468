// SPDX-License-Identifier: Apache-2.0
#pragma once
// How many, and what bound it: fractional Kelly on net-of-cost outcomes, then caps. Zero is an answer.
//   source   Kelly, Bell System Technical Journal 35, 1956, in the general form: maximise sum p log(1 + f R)

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>

namespace alaris::inline v0 {

/// One possible result of a position: probability, and net P&L over capital at risk.
struct ReturnOutcome {
  double probability;
  double return_on_risk;
};

/// The fraction of wealth that maximises expected log growth, every return lowered by `haircut` first; 0 when the
/// lowered mean is not positive, at most 1.
///   same_night   what is already held over the same night, return over wealth; independent of the new position. The
///                growth is that of both together: the more is at stake, the less is added
///   domain       probabilities sum to 1, returns finite; otherwise 0
///   error        bisection on the derivative to 1e-12 of the fraction
[[nodiscard]] inline double kelly_fraction(std::span<const ReturnOutcome> outcomes, double haircut,
                                           std::span<const ReturnOutcome> same_night = {}) noexcept {
  const ReturnOutcome nothing_held[] = {{1.0, 0.0}};
  const std::span<const ReturnOutcome> held = same_night.empty() ? nothing_held : same_night;
  double worst = 0.0, worst_held = 0.0;
  for (const ReturnOutcome& o : outcomes) worst = std::min(worst, o.return_on_risk - haircut);
  for (const ReturnOutcome& h : held) worst_held = std::min(worst_held, h.return_on_risk);
  const auto slope = [&](double f) {
    double sum = 0.0;
    for (const ReturnOutcome& o : outcomes) {
      const double r = o.return_on_risk - haircut;
      for (const ReturnOutcome& h : held) sum += o.probability * h.probability * r / (1.0 + h.return_on_risk + f * r);
    }
    return sum;
  };
  const double solvent = 1.0 + worst_held;                  // what the worst outcome of the new position may take
  if (!(solvent > 0.0) || !(slope(0.0) > 0.0)) return 0.0;  // ruined already, no edge, or something is not known
  double low = 0.0, high = worst < 0.0 ? std::min(1.0, (1.0 - 1e-12) * solvent / -worst) : 1.0;
  if (slope(high) > 0.0) return high;
  while (high - low > 1e-12) {
    const double middle = 0.5 * (low + high);
    (slope(middle) > 0.0 ? low : high) = middle;
  }
  return low;
}

/// Two independent results together: every pair, gathered on `places` evenly spaced returns between the worst and the
/// best. Each pair is split between its two neighbours, so that probability and mean are kept exactly and the spread
/// grows (by less than a quarter of the spacing squared): never a smaller risk than the pairs themselves.
///   domain   both not empty, returns finite
template <std::size_t Places>
requires(Places >= 2) [[nodiscard]] constexpr std::array<ReturnOutcome, Places> joint_outcomes(
    std::span<const ReturnOutcome> one, std::span<const ReturnOutcome> other) noexcept {
  const auto by_return = [](const ReturnOutcome& a, const ReturnOutcome& b) {
    return a.return_on_risk < b.return_on_risk;
  };
  const auto [worst, best] = std::minmax_element(one.begin(), one.end(), by_return);
  const auto [other_worst, other_best] = std::minmax_element(other.begin(), other.end(), by_return);
  const double low = worst->return_on_risk + other_worst->return_on_risk;
  const double spacing = (best->return_on_risk + other_best->return_on_risk - low) / static_cast<double>(Places - 1);
  std::array<ReturnOutcome, Places> joint{};
  for (std::size_t i = 0; i < Places; ++i) joint[i] = {0.0, low + spacing * static_cast<double>(i)};
  for (const ReturnOutcome& a : one)
    for (const ReturnOutcome& b : other) {
      const double probability = a.probability * b.probability;
      const double place = spacing > 0.0 ? (a.return_on_risk + b.return_on_risk - low) / spacing : 0.0;
      const std::size_t below = place < static_cast<double>(Places - 2) ? static_cast<std::size_t>(place) : Places - 2;
      const double above = place - static_cast<double>(below);
      joint[below].probability += probability * (1.0 - above);
      joint[below + 1].probability += probability * above;
    }
  return joint;
}

struct SizingLimits {
  double kelly_fraction = 0.25;
  double small_sample_nav = 0.005;  // cap while fewer than min_trades past trades exist
  int min_trades = 20;
};

/// A cap on the number of contracts, with the name that a report shows. An unknown cap (NaN) binds at zero.
struct SizeCap {
  std::string_view name;
  double contracts;
};

struct PositionSize {
  int contracts = 0;
  std::string_view bound_by;  // "kelly", "no_edge", "small_sample" or a cap's name
  double kelly = 0.0;         // full Kelly fraction of NAV
};

/// Fractional Kelly, the small-sample cap, then `caps`; floored, never rounded up to one. Dollars for `nav` and
/// `capital_at_risk` (per contract).
[[nodiscard]] inline PositionSize position_size(std::span<const ReturnOutcome> outcomes, double haircut, double nav,
                                                double capital_at_risk, int past_trades, const SizingLimits& limits,
                                                std::span<const SizeCap> caps,
                                                std::span<const ReturnOutcome> same_night = {}) noexcept {
  PositionSize size{.contracts = 0, .bound_by = "no_edge", .kelly = kelly_fraction(outcomes, haircut, same_night)};
  if (!(size.kelly > 0.0) || !(capital_at_risk > 0.0) || !(nav > 0.0)) return size;
  double least = limits.kelly_fraction * size.kelly * nav / capital_at_risk;
  size.bound_by = "kelly";
  const auto bound = [&](std::string_view name, double contracts) {
    const double at_most = contracts > 0.0 ? contracts : 0.0;
    if (at_most >= least) return;
    least = at_most;
    size.bound_by = name;
  };
  if (past_trades < limits.min_trades) bound("small_sample", limits.small_sample_nav * nav / capital_at_risk);
  for (const SizeCap& cap : caps) bound(cap.name, std::isfinite(cap.contracts) ? cap.contracts : 0.0);
  if (least >= 1.0) size.contracts = static_cast<int>(least < 1e9 ? least : 1e9);  // NaN is no size
  return size;
}

}  // namespace alaris::inline v0
