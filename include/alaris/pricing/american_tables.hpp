// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tables of the collocation method for American options: quadrature rules and the interpolation weights that depend on
// the resolution only, never on the option. Made once per resolution, on first use.

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace alaris::inline v0 {

/// Resolution of the collocation. The exercise boundary is interpolated at Nodes Chebyshev points; each point
/// integrates with Inner Gauss-Legendre points; at most Newton steps are taken; the premium is integrated with Outer
/// points.
template <std::size_t Nodes, std::size_t Inner, std::size_t Newton, std::size_t Outer>
struct AmericanLevel {
  static constexpr std::size_t nodes = Nodes, inner = Inner, newton = Newton, outer = Outer;
};

namespace detail {

/// A quadrature rule on [0, 1]: abscissas x, and 1 - x without cancellation.
template <std::size_t Count>
struct UnitRule {
  std::array<double, Count> x, complement, weight;
};

template <std::size_t Count>
UnitRule<Count> gauss_legendre() noexcept {
  UnitRule<Count> rule;
  constexpr double count = static_cast<double>(Count);
  for (std::size_t i = 0; i < Count; ++i) {
    double x = std::cos(std::numbers::pi * (static_cast<double>(i) + 0.75) / (count + 0.5)), slope = 1.0;
    for (int step = 0; step < 60; ++step) {
      double before = 1.0, now = x;
      for (std::size_t n = 2; n <= Count; ++n) {
        const double k = static_cast<double>(n), next = ((2.0 * k - 1.0) * x * now - (k - 1.0) * before) / k;
        before = now;
        now = next;
      }
      slope = count * (x * now - before) / (x * x - 1.0);
      const double move = now / slope;
      x -= move;
      if (std::fabs(move) < 1e-15) break;
    }
    rule.x[i] = 0.5 * (1.0 - x);
    rule.complement[i] = 0.5 * (1.0 + x);
    rule.weight[i] = 1.0 / ((1.0 - x * x) * slope * slope);
  }
  return rule;
}

/// Tanh-sinh: points crowd doubly exponentially at both ends, for integrands that are steep or singular there.
/// H. Takahasi, M. Mori, Publ. RIMS 9, 1974. The range balances what is cut off at the ends (1e-14 at 3.1) against the
/// step; chosen by the error on 6 000 equity options (benchmarks/pricing/american.bench.cpp).
template <std::size_t Count>
UnitRule<Count> tanh_sinh() noexcept {
  UnitRule<Count> rule;
  constexpr double range = Count <= 17 ? 1.9 : Count < 64 ? 2.2 : 3.1, half_pi = 0.5 * std::numbers::pi;
  const double step = 2.0 * range / static_cast<double>(Count - 1);
  for (std::size_t i = 0; i < Count; ++i) {
    const double t = -range + step * static_cast<double>(i), u = half_pi * std::sinh(t);
    const double low = 1.0 / (1.0 + std::exp(-2.0 * u)), high = 1.0 / (1.0 + std::exp(2.0 * u));
    rule.x[i] = low;
    rule.complement[i] = high;
    rule.weight[i] = step * 2.0 * low * high * half_pi * std::cosh(t);
  }
  return rule;
}

/// Gauss-Legendre converges faster until the logarithmic end of the boundary near expiry limits it, at 1e-8 of the
/// strike and some 60 points; from there on tanh-sinh.
template <std::size_t Count>
UnitRule<Count> unit_rule() noexcept {
  if constexpr (Count < 64)
    return gauss_legendre<Count>();
  else
    return tanh_sinh<Count>();
}

/// Weights that interpolate at `root` = sqrt(tau / T) a function given at the Chebyshev points cos(i pi / Nodes),
/// i < Nodes, of 2 root - 1, and 0 at root = 0. J.-P. Berrut, L. Trefethen, SIAM Review 46, 2004.
template <std::size_t Nodes>
std::array<double, Nodes> boundary_weights(double root) noexcept {
  std::array<double, Nodes> weight{};
  const auto point = [](std::size_t i) {  // 1/2 (1 + cos t) = cos^2(t/2)
    const double c = std::cos(0.5 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(Nodes));
    return c * c;
  };
  double sum = 0.0;
  for (std::size_t i = 0; i <= Nodes; ++i) {
    const double gap = root - (i == Nodes ? 0.0 : point(i));
    if (gap == 0.0) {
      weight.fill(0.0);
      if (i < Nodes) weight[i] = 1.0;
      return weight;
    }
    const double w = (i % 2 == 0 ? 1.0 : -1.0) * (i == 0 || i == Nodes ? 0.5 : 1.0) / gap;
    sum += w;
    if (i < Nodes) weight[i] = w;
  }
  for (double& w : weight) w /= sum;
  return weight;
}

template <class Level>
struct CollocationTables {
  static constexpr std::size_t nodes = Level::nodes;
  std::array<double, nodes> root;                                             // sqrt(tau_i / T), falling from 1
  UnitRule<Level::inner> inner = unit_rule<Level::inner>();                   // in sqrt((tau - u) / tau)
  UnitRule<Level::outer> outer = tanh_sinh<Level::outer>();                   // in sqrt((T - u) / T)
  std::array<std::array<std::array<double, nodes>, Level::inner>, nodes> at;  // boundary inside the integral of node i
  std::array<std::array<double, nodes>, Level::outer> outer_at;               // boundary inside the premium

  CollocationTables() noexcept {
    for (std::size_t i = 0; i < nodes; ++i) {
      const double c = std::cos(0.5 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(nodes));
      root[i] = c * c;
      for (std::size_t k = 0; k < Level::inner; ++k)
        at[i][k] = boundary_weights<nodes>(root[i] * std::sqrt(inner.complement[k] * (1.0 + inner.x[k])));
    }
    for (std::size_t k = 0; k < Level::outer; ++k)
      outer_at[k] = boundary_weights<nodes>(std::sqrt(outer.complement[k] * (1.0 + outer.x[k])));
  }
};

template <class Level>
const CollocationTables<Level>& collocation_tables() noexcept {
  static const CollocationTables<Level> tables;
  return tables;
}

}  // namespace detail
}  // namespace alaris::inline v0
