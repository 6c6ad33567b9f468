// SPDX-License-Identifier: Apache-2.0
#pragma once
// The SVI smile of one expiry: total variance over log moneyness in five numbers, in raw form and as jump-wings, with
// its derivatives and the tests for static arbitrage.
//   sources  Gatheral & Jacquier, Arbitrage-free SVI volatility surfaces, Quantitative Finance 14(1), 2014;
//            Durrleman's condition: Roper, 2010; slope of the wings: Lee, Mathematical Finance 14(3), 2004
//   error    see tests/volatility/svi.test.cpp: 1e-12 relative on tests/reference/svi.csv away from zero crossings

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>

namespace alaris::inline v0 {

/// w(k) = a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2)), k = ln(K / F).
///   domain   b >= 0, |rho| <= 1, sigma >= 0; w may still be negative, see check_butterfly
struct SviRaw {
  double a;
  double b;
  double rho;
  double m;
  double sigma;
};

[[nodiscard]] inline bool in_domain(const SviRaw& svi) noexcept {
  return svi.b >= 0.0 && std::fabs(svi.rho) <= 1.0 && svi.sigma >= 0.0 && std::isfinite(svi.a) &&
         std::isfinite(svi.b) && std::isfinite(svi.m) && std::isfinite(svi.sigma);
}

/// Total variance and its derivatives in k.
struct SmilePointValue {
  double total_variance;
  double slope;
  double curvature;
};

/// NaN outside the domain. Wings that nearly cancel (rho near -1 or 1) are summed without cancellation.
[[nodiscard]] inline SmilePointValue svi_value(const SviRaw& svi, double k) noexcept {
  if (!in_domain(svi) || !std::isfinite(k)) return {std::nan(""), std::nan(""), std::nan("")};
  const double x = k - svi.m, squares = x * x + svi.sigma * svi.sigma;
  const double root = squares > 1e-280 && squares < 1e280 ? std::sqrt(squares) : std::hypot(x, svi.sigma);
  if (root == 0.0) return {svi.a, svi.b * svi.rho, std::nan("")};  // the tip of a kink
  const double square = svi.sigma * svi.sigma;
  double sum = svi.rho * x + root, tilt = svi.rho + x / root;
  if (svi.rho * x < 0.0) {  // root - |x| = sigma^2 / (root + |x|)
    const double rest = square / (root + std::fabs(x));
    sum = rest + (1.0 - std::fabs(svi.rho)) * std::fabs(x);
    tilt = (1.0 - std::fabs(svi.rho)) - rest / root;
    if (x < 0.0) tilt = -tilt;
  }
  return {svi.a + svi.b * sum, svi.b * tilt, svi.b * square / (root * root * root)};
}

[[nodiscard]] inline double svi_total_variance(const SviRaw& svi, double k) noexcept {
  return svi_value(svi, k).total_variance;
}
/// Volatility per square root of a year; NaN where total variance is negative or years are not positive.
[[nodiscard]] inline double svi_volatility(const SviRaw& svi, double k, double years) noexcept {
  const double w = svi_total_variance(svi, k);
  return w >= 0.0 && years > 0.0 ? std::sqrt(w / years) : std::nan("");
}

/// Durrleman's g(k) = (1 - k w'/2w)^2 - w'^2/4 (1/w + 1/4) + w''/2: the sign of the density. NaN where w is not
/// positive.
[[nodiscard]] inline double durrleman(const SmilePointValue& at, double k) noexcept {
  if (!(at.total_variance > 0.0)) return std::nan("");
  const double w = at.total_variance, tilt = 1.0 - 0.5 * k * at.slope / w;
  return tilt * tilt - 0.25 * at.slope * at.slope * (1.0 / w + 0.25) + 0.5 * at.curvature;
}
[[nodiscard]] inline double svi_durrleman(const SviRaw& svi, double k) noexcept {
  return durrleman(svi_value(svi, k), k);
}

/// What a trader quotes: at-the-money variance, its skew, the slopes of the put and call wings, the smallest variance.
struct SviJumpWings {
  double variance;          // v = w(0) / T
  double skew;              // psi
  double put_slope;         // p
  double call_slope;        // c
  double minimum_variance;  // v tilde
};

[[nodiscard]] inline double svi_minimum_total_variance(const SviRaw& svi) noexcept {
  return svi.a + svi.b * svi.sigma * std::sqrt((1.0 - svi.rho) * (1.0 + svi.rho));
}

/// NaN where w(0) or years are not positive.
[[nodiscard]] inline SviJumpWings to_jump_wings(const SviRaw& svi, double years) noexcept {
  const SmilePointValue at = svi_value(svi, 0.0);
  const double root = at.total_variance > 0.0 && years > 0.0 ? std::sqrt(at.total_variance) : std::nan("");
  return {root * root / years, 0.5 * at.slope / root, svi.b * (1.0 - svi.rho) / root, svi.b * (1.0 + svi.rho) / root,
          svi_minimum_total_variance(svi) / years};
}

/// The raw form of jump-wings; nothing where there is none: no slope, a skew beyond the wings, a minimum above the
/// at-the-money variance, or a minimum exactly at the money (then sigma cannot be told).
[[nodiscard]] inline std::optional<SviRaw> to_raw(const SviJumpWings& wings, double years) noexcept {
  const double w = wings.variance * years;
  if (!(w > 0.0) || !(wings.put_slope >= 0.0) || !(wings.call_slope >= 0.0) ||
      !(wings.put_slope + wings.call_slope > 0.0) || !std::isfinite(wings.put_slope + wings.call_slope + wings.skew) ||
      !std::isfinite(wings.minimum_variance))
    return std::nullopt;
  const double root = std::sqrt(w), b = 0.5 * root * (wings.call_slope + wings.put_slope);
  const double rho = (wings.call_slope - wings.put_slope) / (wings.call_slope + wings.put_slope);
  // beta = m / sqrt(m^2 + sigma^2) and, with angles, w(0) - w_min = b R (1 - cos(asin rho - asin beta)).
  const double beta = rho - 2.0 * wings.skew * root / b;
  if (!(std::fabs(beta) <= 1.0)) return std::nullopt;
  const double half = std::sin(0.5 * (std::asin(rho) - std::asin(beta)));
  const double above = w - wings.minimum_variance * years;
  if (!(above >= 0.0) || half == 0.0) return std::nullopt;
  const double radius = above / (2.0 * b * half * half), sigma = radius * std::sqrt((1.0 - beta) * (1.0 + beta));
  return SviRaw{wings.minimum_variance * years - b * sigma * std::sqrt((1.0 - rho) * (1.0 + rho)), b, rho,
                radius * beta, sigma};
}

/// Where a smile allows no butterfly arbitrage on a grid: no negative variance, wings no steeper than 2, g not
/// negative.
struct ButterflyCheck {
  double minimum_total_variance;
  double wing_slope;  // b (1 + |rho|)
  double smallest_g;  // NaN when some total variance is not positive
  double at;
  [[nodiscard]] bool free() const noexcept {
    return minimum_total_variance >= 0.0 && wing_slope <= 2.0 && smallest_g >= 0.0;
  }
};

/// `points` moneynesses from `from` to `to`, both included; points >= 2.
[[nodiscard]] inline ButterflyCheck check_butterfly(const SviRaw& svi, double from = -5.0, double to = 5.0,
                                                    std::size_t points = 4001) noexcept {
  ButterflyCheck check{svi_minimum_total_variance(svi), svi.b * (1.0 + std::fabs(svi.rho)), std::nan(""), from};
  for (std::size_t i = 0; i < points; ++i) {
    const double k = from + (to - from) * (static_cast<double>(i) / static_cast<double>(points - 1));
    const double g = svi_durrleman(svi, k);
    if (std::isnan(g)) return {check.minimum_total_variance, check.wing_slope, g, k};
    if (!(g >= check.smallest_g)) check.smallest_g = g, check.at = k;
  }
  return check;
}

/// Largest excess of the nearer expiry's total variance over the farther one's on the grid; positive is calendar
/// arbitrage. Both smiles over the same moneyness K / F.
[[nodiscard]] inline double calendar_violation(const SviRaw& near, const SviRaw& far, double from = -1.0,
                                               double to = 1.0, std::size_t points = 401) noexcept {
  double worst = -HUGE_VAL;
  for (std::size_t i = 0; i < points; ++i) {
    const double k = from + (to - from) * (static_cast<double>(i) / static_cast<double>(points - 1));
    worst = std::max(worst, svi_total_variance(near, k) - svi_total_variance(far, k));
  }
  return worst;
}

}  // namespace alaris::inline v0
