// SPDX-License-Identifier: Apache-2.0
#pragma once
// A smooth function of one variable as a short series, to be evaluated many times. For kernels of your own: the tables
// of Alaris are constants in their headers.

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace alaris::inline v0 {

/// Interpolates `Count` values at the Chebyshev points of the first kind of [low, high].
///   source   C. Clenshaw, MTAC 9, 1955; L. Trefethen, Approximation Theory and Approximation Practice, chapters 3 and
///   8 error    for a function analytic around the interval the error falls like rho^-Count, rho the sum of the half
///   axes
///            of the largest ellipse about it (foci at the ends, half focal distance 1) in which it is analytic;
///            outside [low, high] it extrapolates, and errs more with every step
template <std::size_t Count>
class ChebyshevSeries {
  static_assert(Count >= 1);

 public:
  template <class Function>
  ChebyshevSeries(double low, double high, Function&& function)
      : middle_(0.5 * (low + high)), half_(0.5 * (high - low)) {
    std::array<double, Count> value;
    for (std::size_t i = 0; i < Count; ++i) value[i] = function(middle_ + half_ * std::cos(angle(i)));
    for (std::size_t n = 0; n < Count; ++n) {
      double sum = 0.0;
      for (std::size_t i = 0; i < Count; ++i) sum += value[i] * std::cos(static_cast<double>(n) * angle(i));
      term_[n] = sum * (n == 0 ? 1.0 : 2.0) / static_cast<double>(Count);
    }
  }

  /// x in the unit and, for the stated error, in the interval of the constructor.
  [[nodiscard]] double operator()(double x) const noexcept {
    const double u = (x - middle_) / half_;
    double above = 0.0, here = 0.0;
    for (std::size_t n = Count; n-- > 1;) {
      const double below = term_[n] + 2.0 * u * here - above;
      above = here;
      here = below;
    }
    return term_[0] + u * here - above;
  }

  /// Factors of the polynomials T_0, T_1, ...; the size of the last ones shows the error.
  [[nodiscard]] const std::array<double, Count>& terms() const noexcept { return term_; }

 private:
  static double angle(std::size_t i) noexcept {
    return std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(Count);
  }

  double middle_, half_;
  std::array<double, Count> term_;
};

}  // namespace alaris::inline v0
