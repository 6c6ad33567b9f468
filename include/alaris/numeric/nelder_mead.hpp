// SPDX-License-Identifier: Apache-2.0
#pragma once
// The downhill simplex: the minimum of a function of a few variables without derivatives. Values that are not finite
// count as infinite, so a domain is stated by answering infinity outside it.
//   source   Nelder & Mead, Computer Journal 7(4), 1965; coefficients 1, 2, 1/2, 1/2

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace alaris::inline v0 {

template <std::size_t N>
struct SimplexMinimum {
  std::array<double, N> at;
  double value;
  std::size_t evaluations;
  bool converged;  // the simplex became smaller than asked before the evaluations ran out
};

struct SimplexSettings {
  double size = 1e-7;             // largest distance of a vertex from the best one, per unit of its step
  std::size_t evaluations = 500;  // at most (the last iteration may take N more)
};

/// Starts from `start` and `start + step[i]` along each axis; steps not zero. Deterministic, no allocation.
template <std::size_t N, class F>
[[nodiscard]] SimplexMinimum<N> nelder_mead(F&& function, const std::array<double, N>& start,
                                            const std::array<double, N>& step, const SimplexSettings& settings = {}) {
  using Point = std::array<double, N>;
  struct Vertex {
    Point at;
    double value;
  };
  std::size_t evaluations = 0;
  const auto measure = [&](const Point& at) {
    ++evaluations;
    const double value = function(at);
    return Vertex{at, std::isfinite(value) ? value : HUGE_VAL};
  };
  const auto towards = [](const Point& from, const Point& to, double by) {
    Point at;
    for (std::size_t i = 0; i < N; ++i) at[i] = from[i] + by * (to[i] - from[i]);
    return at;
  };
  std::array<Vertex, N + 1> simplex;
  simplex[0] = measure(start);
  for (std::size_t i = 0; i < N; ++i) {
    Point at = start;
    at[i] += step[i];
    simplex[i + 1] = measure(at);
  }
  const auto size = [&] {
    double largest = 0.0;
    for (const Vertex& vertex : simplex)
      for (std::size_t i = 0; i < N; ++i)
        largest = std::max(largest, std::fabs((vertex.at[i] - simplex[0].at[i]) / step[i]));
    return largest;
  };
  for (;;) {
    std::stable_sort(simplex.begin(), simplex.end(), [](const auto& a, const auto& b) { return a.value < b.value; });
    const bool small = size() <= settings.size;
    if (small || evaluations >= settings.evaluations) return {simplex[0].at, simplex[0].value, evaluations, small};
    Point centre{};
    for (std::size_t j = 0; j < N; ++j)
      for (std::size_t i = 0; i < N; ++i) centre[i] += simplex[j].at[i] / static_cast<double>(N);
    Vertex& worst = simplex[N];
    const Vertex reflected = measure(towards(centre, worst.at, -1.0));
    if (reflected.value < simplex[0].value) {
      const Vertex expanded = measure(towards(centre, worst.at, -2.0));
      worst = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < simplex[N - 1].value) {
      worst = reflected;
    } else {
      const Vertex& nearer = reflected.value < worst.value ? reflected : worst;
      const Vertex contracted = measure(towards(centre, nearer.at, 0.5));
      if (contracted.value < nearer.value) {
        worst = contracted;
      } else {
        for (std::size_t j = 1; j <= N; ++j) simplex[j] = measure(towards(simplex[0].at, simplex[j].at, 0.5));
      }
    }
  }
}

}  // namespace alaris::inline v0
