// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tables of the collocation method for American options: quadrature rules and the interpolation weights that depend on
// the resolution only, never on the option. Made once per resolution, on first use.

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

#include <alaris/numeric/quadrature.hpp>

namespace alaris::inline v0 {

/// Resolution of the collocation. The exercise boundary is interpolated at Nodes Chebyshev points; each point
/// integrates with Inner Gauss-Legendre points; at most Newton steps are taken; the premium is integrated with Outer
/// points.
template <std::size_t Nodes, std::size_t Inner, std::size_t Newton, std::size_t Outer>
struct AmericanLevel {
  static constexpr std::size_t nodes = Nodes, inner = Inner, newton = Newton, outer = Outer;
};

namespace detail {

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

  std::array<double, Level::inner> per_inner;  // 1 / inner.x
  std::array<double, Level::outer> per_outer;  // 1 / outer.x

  CollocationTables() noexcept {
    for (std::size_t k = 0; k < Level::inner; ++k) per_inner[k] = 1.0 / inner.x[k];
    for (std::size_t k = 0; k < Level::outer; ++k) per_outer[k] = 1.0 / outer.x[k];
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
