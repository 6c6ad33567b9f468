// SPDX-License-Identifier: Apache-2.0
#pragma once
// American options under a continuous yield: the European value plus the premium of early exercise, an integral over
// the exercise boundary (I. Kim, Rev. Financ. Stud. 3, 1990). Delta and gamma are its derivatives at fixed boundary,
// which is exact because the boundary does not depend on the spot; theta follows from the differential equation.
// Finite differences where the two boundaries of a band are not found: carry far above volatility, for years.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include <alaris/core/option.hpp>
#include <alaris/numeric/normal.hpp>
#include <alaris/pricing/american.hpp>
#include <alaris/pricing/american_band.hpp>
#include <alaris/pricing/american_boundary.hpp>
#include <alaris/pricing/american_cash_dividends.hpp>
#include <alaris/pricing/black.hpp>

namespace alaris::inline v0 {

/// Relative error (rms, worst) on 6 000 equity options worth at least 0.50 at K = 100 (S 25 to 200, T 1 month to 1
/// year, r 2 to 10 %, q 0 to 12 %, volatility 10 to 60 %): see docs/accuracy.md.
using QuickLevel = AmericanLevel<5, 8, 2, 15>;           // 6e-6, 9e-5
using FastLevel = AmericanLevel<7, 10, 2, 17>;           // 2e-6, 4e-5
using AccurateLevel = AmericanLevel<12, 16, 4, 31>;      // 1e-6, 1e-5
using ReferenceLevel = AmericanLevel<48, 101, 30, 161>;  // every reference row to 1e-8 of the strike

namespace detail {

/// A put with unit strike, and what is known about it.
struct UnitPut {
  double spot, years, rate, yield, volatility;
};

inline AmericanValue european_unit_put(const UnitPut& in) noexcept {
  const double v = in.volatility * std::sqrt(in.years), discount = std::exp(-in.rate * in.years);
  const double carry = std::exp(-in.yield * in.years);
  const double price = black_price(
      OptionType::put, {.forward = in.spot * carry / discount, .strike = 1.0, .total_stdev = v, .discount = discount});
  if (!(v > 0.0)) return {price, price > 0.0 ? -carry : 0.0, 0.0, 0.0};
  const double d1 = (std::log(in.spot) + (in.rate - in.yield) * in.years) / v + 0.5 * v;
  return {price, -carry * normal_cdf(-d1), carry * normal_pdf(d1) / (in.spot * v), 0.0};
}

/// Adds what exercise below a boundary (side = 1), or what not exercising there (side = -1), is worth to a value.
/// `edge` gives the logarithm of the boundary from the interpolated square; it covers the last `span` years.
template <class Level, class Edge>
AmericanValue with_premium(const UnitPut& in, double span, double side, const std::array<double, Level::nodes>& depth,
                           const Edge& edge, AmericanValue value) noexcept {
  const CollocationTables<Level>& tables = collocation_tables<Level>();
  std::array<double, Level::nodes> squares;
  for (std::size_t j = 0; j < Level::nodes; ++j) squares[j] = depth[j] * depth[j];
  const double log_spot = std::log(in.spot), early = in.years - span;
  const double drift = in.rate - in.yield - 0.5 * in.volatility * in.volatility;
  double premium = 0.0, delta = 0.0, gamma = 0.0;
  for (std::size_t k = 0; k < Level::outer; ++k) {
    double square = 0.0;
    for (std::size_t j = 0; j < Level::nodes; ++j) square += tables.outer_at[k][j] * squares[j];
    const double s = tables.outer.x[k], dt = early + span * s * s, spread = in.volatility * std::sqrt(dt);
    const double d = (log_spot - edge(std::sqrt(std::max(square, 0.0))) + drift * dt) / spread, d_plus = d + spread;
    const double weight = side * 2.0 * span * s * tables.outer.weight[k];
    const double strike = weight * in.rate * std::exp(-in.rate * dt),
                 share = weight * in.yield * std::exp(-in.yield * dt);
    const double n_plus = normal_cdf(-d_plus), phi = normal_pdf(d) * strike / spread;
    const double phi_plus = normal_pdf(d_plus) * share / spread;
    premium += strike * normal_cdf(-d) - share * in.spot * n_plus;
    delta += phi_plus - share * n_plus - phi / in.spot;
    gamma += (phi * (1.0 + d / spread) / in.spot + phi_plus * (1.0 - d_plus / spread)) / in.spot;
  }
  return {value.price + premium, value.delta + delta, value.gamma + gamma, 0.0};
}

/// European value plus premium; the spot is above the critical one.
template <class Level>
AmericanValue with_premium(const UnitPut& in, const ExerciseBoundary<Level>& boundary, AmericanValue value) noexcept {
  const double log_top = std::log(boundary.top);
  return with_premium<Level>(
      in, in.years, 1.0, boundary.depth, [&](double depth) { return log_top - depth; }, value);
}

/// The same outside a band: exercise below the upper boundary, less that below the lower one.
template <class Level>
AmericanValue with_premium(const UnitPut& in, const ExerciseBand<Level>& band, AmericanValue value) noexcept {
  const double log_top = std::log(band.lower.top);
  value = with_premium<Level>(
      in, band.span, 1.0, band.upper.depth, [](double depth) { return -depth; }, value);
  return with_premium<Level>(
      in, band.span, -1.0, band.lower.depth, [&](double depth) { return depth - log_top; }, value);
}

/// Without volatility the holder takes the best of e^{-rt} - S e^{-qt}: now, at expiry, or at the one turning point.
inline AmericanValue deterministic_unit_put(const UnitPut& in) noexcept {
  double best = 0.0, when = 0.0;
  const auto consider = [&](double t) {
    const double value = std::exp(-in.rate * t) - in.spot * std::exp(-in.yield * t);
    if (t >= 0.0 && t <= in.years && value > best) best = value, when = t;
  };
  consider(0.0);
  consider(in.years);
  consider(std::log(in.rate / (in.yield * in.spot)) / (in.rate - in.yield));
  return {best, best > 0.0 ? -std::exp(-in.yield * when) : 0.0, 0.0, 0.0};
}

inline AmericanValue held_or_exercised(AmericanValue value, double least) noexcept {
  value.price = std::max(value.price, least);
  return value;
}

/// The put with unit strike; for a call, spot and rates are already exchanged.
template <class Level>
AmericanValue american_unit_put(const UnitPut& in, ExerciseRegion region) noexcept {
  const double pays = std::max(1.0 - in.spot, 0.0);
  if (in.years == 0.0) return {pays, pays > 0.0 ? -1.0 : 0.0, 0.0, 0.0};
  if (!(in.volatility * std::sqrt(in.years) > 1e-7)) return deterministic_unit_put(in);
  const AmericanValue european = european_unit_put(in);
  if (region == ExerciseRegion::never) return european;
  const BoundaryInputs terms{.years = in.years, .rate = in.rate, .yield = in.yield, .volatility = in.volatility};
  AmericanValue value;
  if (region == ExerciseRegion::two_boundaries) {
    // No premium exceeds the strike's and the share's income inside the band for as long as it is open, and it is open
    // while a boundary has less than its width to go: below this nothing is left of either.
    const double width = std::log(in.yield / in.rate) / in.volatility;
    if ((in.rate - in.yield) * std::min(in.years, width * width) < 1e-11) return held_or_exercised(european, pays);
    const ExerciseBand<Level> band = exercise_band<Level>(terms);
    if (!band.found) {
      const AmericanInputs put{OptionType::put, in.spot, 1.0, in.years, in.rate, in.yield, in.volatility};
      return held_or_exercised(american_with_dividends(put, {}), std::max(pays, european.price));
    }
    if (in.spot >= band.lowest() && in.spot <= band.highest()) return {pays, -1.0, 0.0, 0.0};
    value = with_premium(in, band, european);
  } else {
    const ExerciseBoundary<Level> boundary = exercise_boundary<Level>(terms);
    if (in.spot <= boundary.critical_spot()) return {pays, -1.0, 0.0, 0.0};
    value = with_premium(in, boundary, european);
  }
  return held_or_exercised(value, std::max(pays, european.price));
}

}  // namespace detail

/// Price, delta, gamma, theta.
///   domain   priceable(in), otherwise every member is NaN
///   error    docs/accuracy.md, from tests/pricing/american_continuous.test.cpp and american_band.test.cpp
template <class Level = AccurateLevel>
[[nodiscard]] AmericanValue american_price(const AmericanInputs& in) noexcept {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const ExerciseRegion region = exercise_region(in);
  if (!priceable(in)) return {nan, nan, nan, nan};
  const bool put = in.type == OptionType::put;
  // C(S, K, r, q) = P(K, S, q, r), and prices are homogeneous of degree one in spot and strike.
  const double unit = put ? in.strike : in.spot, spot = (put ? in.spot : in.strike) / unit;
  const AmericanValue v = detail::american_unit_put<Level>(
      {spot, in.years, put ? in.rate : in.yield, put ? in.yield : in.rate, in.volatility}, region);
  AmericanValue out{unit * v.price, v.delta, v.gamma / unit, 0.0};
  if (!put) {
    out.delta = v.price - spot * v.delta;
    out.gamma = spot * spot * v.gamma / unit;
  }
  const bool exercised = region != ExerciseRegion::never && v.delta == -1.0 && v.price == 1.0 - spot;
  if (region != ExerciseRegion::never) out.price = std::max(out.price, exercise_value(in));
  if (!exercised)
    out.theta = in.rate * out.price - (in.rate - in.yield) * in.spot * out.delta -
                0.5 * in.volatility * in.volatility * in.spot * in.spot * out.gamma;
  return out;
}

}  // namespace alaris::inline v0
