// SPDX-License-Identifier: Apache-2.0
#pragma once
// The root of a function between two points where its sign differs.

#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include <alaris/core/expected.hpp>

namespace alaris::inline v0 {

enum class RootError : std::uint8_t {
  no_sign_change,  // the values at both ends have the same sign
  not_a_number     // an end or a value is NaN
};

[[nodiscard]] constexpr std::string_view name(RootError error) noexcept {
  switch (error) {
    case RootError::no_sign_change:
      return "no_sign_change";
    case RootError::not_a_number:
      return "not_a_number";
  }
  return "unknown";
}

struct Bracket {
  double low;
  double high;
};

/// Where `function` crosses zero between bracket.low and bracket.high (in either order). Inverse quadratic
/// interpolation wherever it is sure to help, else bisection: never more than a few times the steps of bisection alone.
///   source     T. Chandrupatla, Advances in Engineering Software 28, 1997
///   domain     finite ends, values of different sign (infinite ones too)
///   error      the answer is within tolerance + 2 ulp of a point where the sign of `function` changes
///   tolerance  absolute, not negative
template <class Function>
[[nodiscard]] expected<double, RootError> find_root(Function&& function, Bracket bracket, double tolerance = 0.0) {
  double a = bracket.high, b = bracket.low;  // the last point, and the one on the other side of the root
  double at_a = function(a), at_b = function(b);
  if (at_a != at_a || at_b != at_b || !std::isfinite(b - a)) return unexpected(RootError::not_a_number);
  if (at_a == 0.0) return a;
  if (at_b == 0.0) return b;
  if ((at_a > 0.0) == (at_b > 0.0)) return unexpected(RootError::no_sign_change);

  double t = 0.5;
  for (int step = 0; step < 2100; ++step) {  // bisection alone halves the range of doubles in 2 100 steps
    const double x = a + t * (b - a), at_x = function(x);
    if (at_x != at_x) return unexpected(RootError::not_a_number);
    if (at_x == 0.0) return x;
    double c = a, at_c = at_a;  // the point left behind
    if ((at_x > 0.0) == (at_a > 0.0)) {
      a = x, at_a = at_x;
    } else {
      c = b, at_c = at_b;
      b = std::exchange(a, x), at_b = std::exchange(at_a, at_x);
    }
    const bool a_is_nearer = std::fabs(at_a) < std::fabs(at_b);
    const double best = a_is_nearer ? a : b;
    const double room = tolerance + 2.0 * std::numeric_limits<double>::epsilon() * std::fabs(best) +
                        std::numeric_limits<double>::denorm_min();
    const double width = std::fabs(b - a);
    if (0.5 * width <= room) return best;

    const double xi = (a - b) / (c - b), phi = (at_a - at_b) / (at_c - at_b);
    if (phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi)
      t = at_a / (at_b - at_a) * at_c / (at_b - at_c) + (c - a) / (b - a) * at_a / (at_c - at_a) * at_b / (at_c - at_b);
    else
      t = 0.5;
    const double least = room / width;
    t = t != t ? 0.5 : t < least ? least : t > 1.0 - least ? 1.0 - least : t;
  }
  return std::fabs(at_a) < std::fabs(at_b) ? a : b;
}

}  // namespace alaris::inline v0
