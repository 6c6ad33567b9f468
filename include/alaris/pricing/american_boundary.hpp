// SPDX-License-Identifier: Apache-2.0
#pragma once
// The exercise boundary of an American put under a continuous yield, by collocation.
//   source   L. Andersen, M. Lake, D. Offengenden, J. Comp. Finance 20 (1), 2016: b(tau)^2 = ln(X/B)^2 is interpolated
//            in sqrt(tau) on Chebyshev points, with the smooth-pasting form of I. Kim's integral equation (their A).
//   here     the collocation equations are solved by Newton's method with the full Jacobian, where their fixed point is
//            a contraction only while sigma^2 is not small against r: no silent divergence, no choice of equation.
//            Start: M. Li, Rev. Deriv. Res. 13, 2010 (QD+), written without its removable division.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include <alaris/numeric/normal.hpp>
#include <alaris/pricing/american_tables.hpp>

namespace alaris::inline v0 {

/// Put with a unit strike; a call with spot S and strike K is the put with spot K and strike S, rates exchanged.
struct BoundaryInputs {
  double years;        // > 0
  double rate;         // continuous; rate > 0, or rate = 0 > yield; american_band.hpp knows when both may be negative
  double yield;        // continuous
  double volatility;   // > 0
  bool strike = true;  // false: what is exercised stays 1 - S where that is negative (the far side of a band)
};

/// ln(top / B) at the Chebyshev points of sqrt(tau); B is the critical spot over the strike with tau to run.
template <class Level>
struct ExerciseBoundary {
  double top;                              // B just before expiry: min(1, r/q); without a strike r/q
  std::array<double, Level::nodes> depth;  // ln(top / B(tau_i)), first entry: the whole life
  double residual;                         // largest |equation| at the last Newton step, in ln B
  [[nodiscard]] double critical_spot() const noexcept { return top * std::exp(-depth[0]); }
};

namespace detail {

/// Solves a x = b in place, partial pivoting; the answer is in b. Nothing sensible comes of a singular a.
template <std::size_t Size>
void solve_linear(std::array<std::array<double, Size>, Size>& a, std::array<double, Size>& b) noexcept {
  for (std::size_t k = 0; k < Size; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k + 1; i < Size; ++i)
      if (std::fabs(a[i][k]) > std::fabs(a[pivot][k])) pivot = i;
    if (pivot != k) {
      std::swap(a[pivot], a[k]);
      std::swap(b[pivot], b[k]);
    }
    const double inverse = 1.0 / a[k][k];
    for (std::size_t i = k + 1; i < Size; ++i) {
      const double factor = a[i][k] * inverse;
      if (factor == 0.0) continue;
      for (std::size_t j = k + 1; j < Size; ++j) a[i][j] -= factor * a[k][j];
      b[i] -= factor * b[k];
    }
  }
  for (std::size_t k = Size; k-- > 0;) {
    for (std::size_t j = k + 1; j < Size; ++j) b[k] -= a[k][j] * b[j];
    b[k] /= a[k][k];
  }
}

/// The QD+ equation for ln(top / critical spot) with tau to run (unit strike): positive where it is right to wait,
/// negative deep in the money. Newton from `start`, kept inside the bracket that the signs give.
inline double qd_plus_depth(const BoundaryInputs& in, double tau, double top, double start, int steps) noexcept {
  const double variance = in.volatility * in.volatility, v = in.volatility * std::sqrt(tau);
  const double discount = std::exp(-in.rate * tau), yield = std::exp(-in.yield * tau);
  const double per_life = in.rate == 0.0 ? 1.0 / tau : -in.rate / std::expm1(-in.rate * tau);  // r / (1 - e^{-r tau})
  const double g = 2.0 * per_life / variance, om = 2.0 * (in.rate - in.yield) / variance - 1.0;
  const double disc = std::sqrt(om * om + 4.0 * g);
  const double lambda = -0.5 * (om + disc) + discount / disc * g * (1.0 - g / (disc * disc));
  double depth = start, low = 0.0, high = std::numeric_limits<double>::infinity();
  for (int step = 0; step < steps; ++step) {
    const double spot = top * std::exp(-depth);
    const double d_plus = (std::log(spot) + (in.rate - in.yield) * tau) / v + 0.5 * v, d_minus = d_plus - v;
    const double n_plus = normal_cdf(-d_plus), n_minus = normal_cdf(-d_minus), density = yield * normal_pdf(d_plus);
    const double put = discount * n_minus - spot * yield * n_plus;
    const double theta =
        in.rate * discount * n_minus - in.yield * spot * yield * n_plus - 0.5 * v / tau * spot * density;
    const double u = 1.0 - yield * n_plus;
    const double value = spot * u + lambda * (1.0 - spot - put) - 2.0 / (variance * disc) * theta;
    const double theta_slope = -in.rate * density / v - in.yield * yield * n_plus + in.yield * density / v -
                               0.5 * v / tau * density * (1.0 - d_plus / v);
    const double slope = u + density / v + lambda * (yield * n_plus - 1.0) - 2.0 / (variance * disc) * theta_slope;
    (value > 0.0 ? low : high) = depth;
    double next = depth + value / (slope * spot);
    if (!(next > low && next < high)) next = std::isinf(high) ? 2.0 * depth : 0.5 * (low + high);
    if (std::fabs(next - depth) < 1e-9 * depth) return next;
    depth = next;
  }
  return depth;
}

/// The same without a strike, where European value and theta are those of a forward: linear in the critical spot.
inline double qd_plus_depth_of_forward(const BoundaryInputs& in, double tau, double top) noexcept {
  const double variance = in.volatility * in.volatility;
  const double rate_growth = -std::expm1(-in.rate * tau), yield_growth = -std::expm1(-in.yield * tau);
  const double g = 2.0 * in.rate / rate_growth / variance, om = 2.0 * (in.rate - in.yield) / variance - 1.0;
  const double disc = std::sqrt(om * om + 4.0 * g), c = 2.0 / (variance * disc);
  const double lambda = -0.5 * (om + disc) + (1.0 - rate_growth) / disc * g * (1.0 - g / (disc * disc));
  const double spot = (c * in.rate * (1.0 - rate_growth) - lambda * rate_growth) /
                      (yield_growth * (1.0 - lambda) + c * in.yield * (1.0 - yield_growth));
  return std::log(top / spot);
}

template <class Level>
class BoundarySolver {
  static constexpr std::size_t nodes = Level::nodes, inner = Level::inner;
  using Nodes = std::array<double, nodes>;

 public:
  explicit BoundarySolver(const BoundaryInputs& in) noexcept
      : tables_(collocation_tables<Level>()),
        in_(in),
        drift_(in.rate - in.yield - 0.5 * in.volatility * in.volatility) {
    boundary_.top = !in.strike || (in.yield > in.rate && in.yield > 0.0) ? in.rate / in.yield : 1.0;
    log_top_ = std::log(boundary_.top);
  }

  /// Ends after the step that followed a residual below `enough`: it leaves about the square.
  ExerciseBoundary<Level> solve(std::size_t steps = Level::newton, double enough = 1e-9) noexcept {
    seed();
    for (std::size_t step = 0; step < steps; ++step)
      if (newton_step() < enough) break;
    return boundary_;
  }

 private:
  void seed() noexcept {
    double depth = 0.0, before = 0.0;
    for (std::size_t i = nodes; i-- > 0;) {
      const double tau = in_.years * tables_.root[i] * tables_.root[i];
      const bool first = i + 1 == nodes;
      const double start = first ? 2.0 * in_.volatility * std::sqrt(tau) : depth * tables_.root[i] / before;
      depth = in_.strike ? qd_plus_depth(in_, tau, boundary_.top, start, first ? 40 : 20)
                         : qd_plus_depth_of_forward(in_, tau, boundary_.top);
      before = tables_.root[i];
      boundary_.depth[i] = depth;
    }
  }

  /// F_i = depth_i + ln(N_i / D_i) - ln top = 0; returns the largest |F_i| before the step.
  double newton_step() noexcept {
    std::array<Nodes, nodes> jacobian;
    Nodes residual, squares;
    for (std::size_t j = 0; j < nodes; ++j) squares[j] = boundary_.depth[j] * boundary_.depth[j];
    double worst = 0.0;
    for (std::size_t i = 0; i < nodes; ++i) {
      residual[i] = equation(i, squares, jacobian[i]);
      worst = std::max(worst, std::fabs(residual[i]));
    }
    boundary_.residual = worst;
    if (!std::isfinite(worst)) return 0.0;
    solve_linear(jacobian, residual);
    double scale = 1.0;  // at most half of a depth is taken off, and at most a factor e is added to the moneyness
    for (std::size_t i = 0; i < nodes; ++i) {
      if (residual[i] > 0.5 * boundary_.depth[i]) scale = std::min(scale, 0.5 * boundary_.depth[i] / residual[i]);
      if (residual[i] < -1.0) scale = std::min(scale, -1.0 / residual[i]);
    }
    for (std::size_t i = 0; i < nodes; ++i) boundary_.depth[i] -= scale * residual[i];
    return scale < 1.0 ? 1.0 : worst;
  }

  double equation(std::size_t i, const Nodes& squares, Nodes& gradient) noexcept {
    const double root_tau = tables_.root[i] * std::sqrt(in_.years), tau = root_tau * root_tau;
    const double v = in_.volatility * root_tau, depth = boundary_.depth[i];
    const double d0 = (log_top_ - depth + drift_ * tau) / v, d0_plus = d0 + v;
    const double discount = std::exp(-in_.rate * tau), yield = std::exp(-in_.yield * tau);
    double top = 0.0, top_slope = 0.0, bottom = 0.0, bottom_slope = 0.0;
    if (in_.strike) {  // d/dx (phi(x)/v + Phi(x)) = -(x - v) phi / v
      top = discount * normal_pdf(d0) / v;
      top_slope = -d0 * top / v;
      bottom = yield * (normal_pdf(d0_plus) / v + normal_cdf(d0_plus));
      bottom_slope = -d0 * yield * normal_pdf(d0_plus) / (v * v);
    }
    std::array<double, inner> inside, moves, top_inner, bottom_inner;
    for (std::size_t k = 0; k < inner; ++k) {
      const auto& weights = tables_.at[i][k];
      double square = 0.0;
      for (std::size_t j = 0; j < nodes; ++j) square += weights[j] * squares[j];
      const double least = 1e-6 * v * v * tables_.inner.complement[k];  // the interpolant may dip below 0 near expiry
      const bool floored = !(square > least);
      inside[k] = std::sqrt(floored ? least : square);
      const double s = tables_.inner.x[k], dt = tau * s * s, spread = v * s;
      const double d = (inside[k] - depth + drift_ * dt) / spread, d_plus = d + spread;
      const double n = 2.0 * in_.rate * tau / v * tables_.inner.weight[k] * std::exp(-in_.rate * dt) * normal_pdf(d);
      const double m = 2.0 * in_.yield * tau / v * tables_.inner.weight[k] * std::exp(-in_.yield * dt);
      top += n;
      top_inner[k] = -d * n / spread;
      moves[k] = floored ? 0.0 : 1.0 / inside[k];
      bottom += m * (normal_pdf(d_plus) + spread * normal_cdf(d_plus));
      bottom_inner[k] = -d * m * normal_pdf(d_plus) / spread;
    }
    double own = 1.0 - (top_slope / top - bottom_slope / bottom);
    gradient.fill(0.0);
    for (std::size_t k = 0; k < inner; ++k) {
      const double c = top_inner[k] / top - bottom_inner[k] / bottom, ratio = c * moves[k];
      own -= c;
      for (std::size_t j = 0; j < nodes; ++j) gradient[j] += ratio * tables_.at[i][k][j];
    }
    for (std::size_t j = 0; j < nodes; ++j) gradient[j] *= boundary_.depth[j];
    gradient[i] += own;
    return depth + std::log(top / bottom) - log_top_;
  }

  const CollocationTables<Level>& tables_;
  BoundaryInputs in_;
  double drift_, log_top_ = 0.0;
  ExerciseBoundary<Level> boundary_;
};

}  // namespace detail

template <class Level>
[[nodiscard]] ExerciseBoundary<Level> exercise_boundary(const BoundaryInputs& in) noexcept {
  return detail::BoundarySolver<Level>(in).solve();
}

}  // namespace alaris::inline v0
