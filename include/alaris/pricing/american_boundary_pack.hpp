// SPDX-License-Identifier: Apache-2.0
#pragma once
// The collocation of american_boundary.hpp and the premium of american_continuous.hpp with every lane of a pack one
// boundary.

#include <algorithm>
#include <array>
#include <cstddef>

#include <alaris/pricing/american_lanes.hpp>
#include <alaris/pricing/american_tables.hpp>

namespace alaris::inline v0::detail {

template <class Level, std::size_t Width>
class BoundaryPack {
  static constexpr std::size_t nodes = Level::nodes, inner = Level::inner;
  using M = LaneMath<Width, (nodes >= 10)>;
  using V = typename M::V;
  using Nodes = std::array<V, nodes>;

 public:
  V spot, years, rate, yield, volatility;  // puts with unit strike and one boundary each
  V strike = M::all(1.0);                  // 0: a boundary without a strike (BoundaryInputs)
  V log_top, residual_sum, premium;
  Nodes depth;

  [[gnu::always_inline]] void solve() noexcept {
    prepare();
    seed();
    for (std::size_t step = 0; step < std::min<std::size_t>(Level::newton, 2); ++step) newton_step(step == 0);
    for (int extra = 0; extra < 4 && !settled(); ++extra) newton_step();
  }

  /// The boundary of QD+ with the share root^2 of the years to run; solve() starts from it.
  [[gnu::always_inline]] V first_guess(V root) noexcept {
    prepare();
    return guess(root, 2.0 * volatility * root_years_ * root, 5);
  }

  /// Whether the last Newton step of the lane started near enough to have finished the work. Never for a NaN: the
  /// comparisons inside the pack would lose it.
  [[nodiscard]] bool settled(std::size_t lane) const noexcept {
    bool sound = residual_sum[lane] < 0.03;
    for (std::size_t j = 0; j < nodes; ++j) sound = sound && depth[j][lane] >= 0.0 && depth[j][lane] < 700.0;
    return sound;
  }
  [[nodiscard]] bool settled() const noexcept {
    for (std::size_t l = 0; l < Width; ++l)
      if (!settled(l)) return false;
    return true;
  }

  /// European value plus premium, which it keeps; spot above the critical one.
  [[gnu::always_inline]] V price() noexcept {
    Nodes squares;
    for (std::size_t j = 0; j < nodes; ++j) squares[j] = depth[j] * depth[j];
    const V v = volatility * root_years_, per_v = 1.0 / v, log_spot = M::log(spot);
    const V d2 = (log_spot + drift_ * years) * per_v;
    const V european =
        M::exp(-rate * years) * M::normal(-d2).below - spot * M::exp(-yield * years) * M::normal(-d2 - v).below;
    premium = M::all(0.0);
    for (std::size_t k = 0; k < Level::outer; ++k) {
      V square = M::all(1e-30);
      for (std::size_t j = 0; j < nodes; ++j) square += tables_.outer_at[k][j] * squares[j];
      square = M::max(square, M::all(1e-30));
      const double s = tables_.outer.x[k];
      const V dt = years * (s * s), d = (log_spot - log_top + square * M::inverse_root(square) + drift_ * dt) *
                                        (per_v * tables_.per_outer[k]);
      const V weight = years * (2.0 * s * tables_.outer.weight[k]);
      premium += weight * (rate * M::exp(-rate * dt) * M::normal(-d).below -
                           spot * yield * M::exp(-yield * dt) * M::normal(-d - v * s).below);
    }
    return european + premium;
  }
  [[gnu::always_inline]] V critical_spot() const noexcept { return M::exp(log_top - depth[0]); }

 private:
  [[gnu::always_inline]] void prepare() noexcept {
    const auto below_strike = (yield > rate && yield > 0.0) || strike == 0.0;
    const V ratio = rate / (below_strike ? yield : rate);
    log_top = below_strike ? M::log(M::max(ratio, M::all(1e-300))) : M::all(0.0);
    variance_ = volatility * volatility;
    drift_ = rate - yield - 0.5 * variance_;
    root_years_ = years * M::inverse_root(years);
    all_struck_ = true;
    for (std::size_t l = 0; l < Width; ++l) all_struck_ = all_struck_ && strike[l] != 0.0;
  }

  [[gnu::always_inline]] V guess(V root, V start, int steps) const noexcept {
    const V struck = qd_plus(root, start, steps);
    return all_struck_ ? struck : (strike == 0.0 ? qd_plus_of_forward(root) : struck);
  }

  [[gnu::always_inline]] void seed() noexcept {
    const double smallest = tables_.root[nodes - 1];
    V now = 2.0 * volatility * root_years_ * smallest;
    double before = smallest;
    for (std::size_t i = nodes; i-- > 0;) {
      const double root = tables_.root[i];
      now = guess(M::all(root), now * (root / before), i + 1 == nodes ? 5 : 3);
      before = root;
      depth[i] = now;
    }
  }

  /// See qd_plus_depth; here a fixed number of steps, each at most a factor of three.
  [[gnu::always_inline]] V qd_plus(V root, V start, int steps) const noexcept {
    const V tau = years * (root * root), v = volatility * root_years_ * root, per_v = 1.0 / v;
    const V e_r = M::exp(-rate * tau), e_q = M::exp(-yield * tau), x = rate * tau;
    const V per_life = (M::abs(x) > 1e-4 ? x / (1.0 - e_r) : 1.0 + 0.5 * x + x * x / 12.0) / tau;
    const V g = 2.0 * per_life / variance_, om = 2.0 * (rate - yield) / variance_ - 1.0;
    const V square = om * om + 4.0 * g, per_disc = M::inverse_root(square), disc = square * per_disc;
    const V lambda = -0.5 * (om + disc) + e_r * per_disc * g * (1.0 - g * per_disc * per_disc);
    const V on_theta = 2.0 * per_disc / variance_, sigma2 = 0.5 * v / tau;
    V now = start;
    for (int step = 0; step < steps; ++step) {
      const V here = M::exp(log_top - now), d_plus = (log_top - now + (rate - yield) * tau) * per_v + 0.5 * v;
      const auto plus = M::normal(-d_plus), minus = M::normal(v - d_plus);
      const V n_plus = e_q * plus.below, n_minus = e_r * minus.below, density = e_q * plus.density;
      const V theta = rate * n_minus - yield * here * n_plus - sigma2 * here * density;
      const V u = 1.0 - n_plus, value = here * u + lambda * (1.0 - here - n_minus + here * n_plus) - on_theta * theta;
      const V theta_slope =
          (yield - rate) * density * per_v - yield * n_plus - sigma2 * density * (1.0 - d_plus * per_v);
      const V slope = u + density * per_v - lambda * u - on_theta * theta_slope;
      const V next = now + value / (slope * here);
      now = next > 0.33 * now ? (next < 3.0 * now ? next : 3.0 * now) : 0.33 * now;
    }
    return now;
  }

  /// See qd_plus_depth_of_forward.
  [[gnu::always_inline]] V qd_plus_of_forward(V root) const noexcept {
    const V tau = years * (root * root);
    const auto growth = [](V x) {  // 1 - e^{-x}
      const V series = x * (1.0 - x * (0.5 - x * (1.0 / 6.0 - x * (1.0 / 24.0 - x * (1.0 / 120.0)))));
      return M::abs(x) > 0.05 ? 1.0 - M::exp(-x) : series;
    };
    const V of_rate = growth(rate * tau), of_yield = growth(yield * tau);
    const V g = 2.0 * rate / (of_rate * variance_), om = 2.0 * (rate - yield) / variance_ - 1.0;
    const V square = om * om + 4.0 * g, per_disc = M::inverse_root(square), disc = square * per_disc;
    const V c = 2.0 * per_disc / variance_;
    const V lambda = -0.5 * (om + disc) + (1.0 - of_rate) * per_disc * g * (1.0 - g * per_disc * per_disc);
    const V spot_here =
        (c * rate * (1.0 - of_rate) - lambda * of_rate) / (of_yield * (1.0 - lambda) + c * yield * (1.0 - of_yield));
    return log_top - M::log(M::max(spot_here, M::all(1e-300)));
  }

  [[gnu::always_inline]] void newton_step(bool first = false) noexcept {
    std::array<Nodes, nodes> jacobian;
    Nodes residual, squares;
    for (std::size_t j = 0; j < nodes; ++j) squares[j] = depth[j] * depth[j];
    residual_sum = M::all(0.0);
    for (std::size_t i = 0; i < nodes; ++i) {
      residual[i] = equation(i, squares, jacobian[i], first);
      residual_sum += M::abs(residual[i]);
    }
    eliminate(jacobian, residual);
    for (std::size_t i = 0; i < nodes; ++i) depth[i] -= residual[i] < 0.5 * depth[i] ? residual[i] : 0.5 * depth[i];
  }

  [[gnu::always_inline]] V equation(std::size_t i, const Nodes& squares, Nodes& gradient, bool first) noexcept {
    const V tau = years * (tables_.root[i] * tables_.root[i]), v = volatility * root_years_ * tables_.root[i];
    const V per_v = 1.0 / v, d0 = (log_top - depth[i] + drift_ * tau) * per_v;
    const auto euro = M::normal(d0 + v);
    V top = strike * M::exp(-rate * tau) * M::density(d0) * per_v, e_q = strike * M::exp(-yield * tau);
    V top_slope = -d0 * top * per_v, bottom_slope = -d0 * e_q * euro.density * per_v * per_v;
    V bottom = e_q * (euro.density * per_v + euro.below);
    const V on_rate = 2.0 * rate * tau * per_v, on_yield = 2.0 * yield * tau * per_v;
    std::array<V, inner> top_inner, bottom_inner, moves;
    for (std::size_t k = 0; k < inner; ++k) {
      const auto& weights = tables_.at[i][k];
      V square = weights[0] * squares[0];
      for (std::size_t j = 1; j < nodes; ++j) square += weights[j] * squares[j];
      const V least = v * v * (1e-6 * tables_.inner.complement[k]);
      const auto clear = square > least;
      square = clear ? square : least;
      const V per_inside = M::inverse_root(square), inside = square * per_inside;
      const double s = tables_.inner.x[k], w = tables_.inner.weight[k];
      const V dt = tau * (s * s), spread = v * s, per_spread = per_v * tables_.per_inner[k];
      const V d = (inside - depth[i] + drift_ * dt) * per_spread;
      const auto plus = M::normal(d + spread);
      // e^{-rate dt} phi(d) = e^{-yield dt} phi(d + spread) B_i / B_k: one exponential serves both.
      if (first) discount_[i][k] = M::exp(-yield * dt) * w;
      const V n = on_rate * discount_[i][k] * plus.density * M::exp(inside - depth[i]);
      const V m = on_yield * discount_[i][k];
      top += n;
      bottom += m * (plus.density + spread * plus.below);
      const V slope = -d * per_spread;
      top_inner[k] = slope * n;
      bottom_inner[k] = slope * m * plus.density;
      moves[k] = clear ? per_inside : M::all(0.0);
    }
    const V per_top = 1.0 / top, per_bottom = 1.0 / bottom;
    V own = 1.0 - (top_slope * per_top - bottom_slope * per_bottom);
    gradient.fill(M::all(0.0));
    for (std::size_t k = 0; k < inner; ++k) {
      const V c = top_inner[k] * per_top - bottom_inner[k] * per_bottom, ratio = c * moves[k];
      own -= c;
      for (std::size_t j = 0; j < nodes; ++j) gradient[j] += ratio * tables_.at[i][k][j];
    }
    for (std::size_t j = 0; j < nodes; ++j) gradient[j] *= depth[j];
    gradient[i] += own;
    return depth[i] + M::log(top * per_bottom) - log_top;
  }

  /// Elimination without pivoting: the diagonal is near one and the rest is small.
  [[gnu::always_inline]] static void eliminate(std::array<Nodes, nodes>& a, Nodes& b) noexcept {
    for (std::size_t k = 0; k < nodes; ++k) {
      const V inverse = 1.0 / a[k][k];
      for (std::size_t j = k + 1; j < nodes; ++j) a[k][j] *= inverse;
      b[k] *= inverse;
      for (std::size_t i = k + 1; i < nodes; ++i) {
        for (std::size_t j = k + 1; j < nodes; ++j) a[i][j] -= a[i][k] * a[k][j];
        b[i] -= a[i][k] * b[k];
      }
    }
    for (std::size_t k = nodes; k-- > 0;)
      for (std::size_t j = k + 1; j < nodes; ++j) b[k] -= a[k][j] * b[j];
  }

  const CollocationTables<Level>& tables_ = collocation_tables<Level>();
  V variance_, drift_, root_years_;
  std::array<std::array<V, inner>, nodes> discount_;  // e^{-yield dt} times the weight inside the integral of node i
  bool all_struck_ = true;
};

}  // namespace alaris::inline v0::detail
