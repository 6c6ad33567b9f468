// SPDX-License-Identifier: Apache-2.0
#pragma once
// The quantile of the standard normal distribution.

#include <cmath>
#include <cstddef>

namespace alaris::inline v0 {

namespace detail {
/// Coefficients from the highest power to the constant.
template <std::size_t N>
[[nodiscard]] constexpr double horner(const double (&coefficients)[N], double x) noexcept {
  double sum = coefficients[0];
  for (std::size_t i = 1; i < N; ++i) sum = sum * x + coefficients[i];
  return sum;
}
}  // namespace detail

/// z with P(Z <= z) = p.
///   source   Wichura, Applied Statistics 37(3), 1988, AS 241
///   domain   0 < p < 1; otherwise NaN
///   error    relative, about 1e-16 by the source; tests/numeric checks 1e-14 through the distribution function
[[nodiscard]] inline double inverse_normal_cdf(double p) noexcept {
  if (!(p > 0.0) || !(p < 1.0)) return std::nan("");
  constexpr double central_top[] = {2509.0809287301226727, 33430.575583588128105, 67265.770927008700853,
                                    45921.953931549871457, 13731.693765509461125, 1971.5909503065514427,
                                    133.14166789178437745, 3.387132872796366608};
  constexpr double central_bottom[] = {
      5226.495278852854561,  28729.085735721942674, 39307.89580009271061,  21213.794301586595867,
      5394.1960214247511077, 687.1870074920579083,  42.313330701600911252, 1.0};
  constexpr double middle_top[] = {7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177,
                                   1.27045825245236838258,   3.64784832476320460504,   5.7694972214606914055,
                                   4.6303378461565452959,    1.42343711074968357734};
  constexpr double middle_bottom[] = {
      1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
      0.68976733498510000455,    1.6763848301838038494,   2.05319162663775882187,   1.0};
  constexpr double far_top[] = {2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386,
                                0.026532189526576123093,   0.29656057182850489123,    1.7848265399172913358,
                                5.4637849111641143699,     6.6579046435011037772};
  constexpr double far_bottom[] = {
      2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
      0.0148753612908506148525,   0.13692988092273580531,   0.59983220655588793769,   1.0};
  const double q = p - 0.5;
  if (std::fabs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * detail::horner(central_top, r) / detail::horner(central_bottom, r);
  }
  const double r = std::sqrt(-std::log(q < 0.0 ? p : 1.0 - p));
  const double z = r <= 5.0 ? detail::horner(middle_top, r - 1.6) / detail::horner(middle_bottom, r - 1.6)
                            : detail::horner(far_top, r - 5.0) / detail::horner(far_bottom, r - 5.0);
  return q < 0.0 ? -z : z;
}

}  // namespace alaris::inline v0
