// SPDX-License-Identifier: Apache-2.0
#pragma once
// SVI fitted to one expiry's quotes, each weighted by what bid and ask leave open. For given (m, sigma) the other three
// numbers solve a convex quadratic on a diamond, exactly; only (m, sigma) are searched.
//   sources  Zeliade Systems, Quasi-explicit calibration of Gatheral's SVI model, 2009 (the split); the diamond here is
//            Lee's bound b (1 + |rho|) <= 2 with |rho| <= 1
//   cost     about 40 coarse and 60 to 200 fine evaluations of 2 ns a quote and sigma each; no allocation

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <alaris/core/expected.hpp>
#include <alaris/numeric/nelder_mead.hpp>
#include <alaris/volatility/svi.hpp>

namespace alaris::inline v0 {

/// One strike: k = ln(K / F), total variance (events taken out or not), and its standard deviation.
struct SmileQuote {
  double k;
  double total_variance;
  double error;
};

enum class SmileFault : std::uint8_t { invalid_input, too_few_quotes, not_converged, butterfly_arbitrage, poor_fit };

[[nodiscard]] constexpr std::string_view name(SmileFault fault) noexcept {
  switch (fault) {
    case SmileFault::invalid_input:
      return "invalid_input";
    case SmileFault::too_few_quotes:
      return "too_few_quotes";
    case SmileFault::not_converged:
      return "not_converged";
    case SmileFault::butterfly_arbitrage:
      return "butterfly_arbitrage";
    case SmileFault::poor_fit:
      return "poor_fit";
  }
  return "unknown";
}

struct SviFitSettings {
  double worst_rms = 3.0;         // root mean square of residual / error above which the fit is poor
  bool forbid_butterfly = true;   // fit again under Durrleman's condition when it is broken between the quotes
  std::size_t evaluations = 400;  // of (m, sigma)
};

struct SviFit {
  SviRaw svi;
  double rms;                // of residual / error
  ButterflyCheck butterfly;  // over the quoted strikes and half their range on either side
};

namespace detail {

struct SviInner {
  SviRaw svi;
  double cost;  // sum of ((w - quote) / error)^2
};

/// The best a, b, rho for given m, sigma.
[[nodiscard]] inline SviInner svi_inner(std::span<const SmileQuote> quotes, double m, double sigma) noexcept {
  double weights = 0.0, y_mean = 0.0, z_mean = 0.0, w_mean = 0.0;
  for (const SmileQuote& quote : quotes) {
    const double weight = 1.0 / (quote.error * quote.error), y = (quote.k - m) / sigma;
    weights += weight;
    y_mean += weight * y;
    z_mean += weight * std::sqrt(1.0 + y * y);
    w_mean += weight * quote.total_variance;
  }
  y_mean /= weights;
  z_mean /= weights;
  w_mean /= weights;
  double yy = 0.0, zz = 0.0, yz = 0.0, yw = 0.0, zw = 0.0, ww = 0.0;
  for (const SmileQuote& quote : quotes) {
    const double weight = 1.0 / (quote.error * quote.error), y0 = (quote.k - m) / sigma;
    const double y = y0 - y_mean, z = std::sqrt(1.0 + y0 * y0) - z_mean, w = quote.total_variance - w_mean;
    yy += weight * y * y;
    zz += weight * z * z;
    yz += weight * y * z;
    yw += weight * y * w;
    zw += weight * z * w;
    ww += weight * w * w;
  }
  // w = a + d y + c z with c = b sigma, d = rho c: a quadratic in (c, d) over the diamond |d| <= c, c + |d| <= 2 sigma.
  const auto cost = [&](double c, double d) {
    return ww + c * c * zz + d * d * yy + 2.0 * (c * d * yz - c * zw - d * yw);
  };
  double best_c = 0.0, best_d = 0.0, best = HUGE_VAL;
  const double determinant = yy * zz - yz * yz;
  if (determinant > 1e-14 * yy * zz) {
    const double c = (yy * zw - yz * yw) / determinant, d = (zz * yw - yz * zw) / determinant;
    if (std::fabs(d) <= c && c + std::fabs(d) <= 2.0 * sigma) best_c = c, best_d = d, best = cost(c, d);
  }
  if (best == HUGE_VAL) {
    const std::array<std::array<double, 2>, 5> corners{
        {{0.0, 0.0}, {sigma, sigma}, {2.0 * sigma, 0.0}, {sigma, -sigma}, {0.0, 0.0}}};
    for (std::size_t i = 0; i < 4; ++i) {
      const double c0 = corners[i][0], d0 = corners[i][1];
      const double dc = corners[i + 1][0] - c0, dd = corners[i + 1][1] - d0;
      const double bend = dc * dc * zz + dd * dd * yy + 2.0 * dc * dd * yz;
      const double slope = dc * (c0 * zz + d0 * yz - zw) + dd * (d0 * yy + c0 * yz - yw);
      const double t = bend > 0.0 ? std::clamp(-slope / bend, 0.0, 1.0) : 0.0;
      const double c = c0 + t * dc, d = d0 + t * dd, value = cost(c, d);
      if (value < best) best_c = c, best_d = d, best = value;
    }
  }
  const SviRaw svi{w_mean - best_d * y_mean - best_c * z_mean, best_c / sigma,
                   best_c > 0.0 ? std::clamp(best_d / best_c, -1.0, 1.0) : 0.0, m, sigma};
  return {svi, std::max(best, 0.0)};
}

/// Sum over a coarse grid of how far g is below a small positive margin, squared.
[[nodiscard]] inline double butterfly_penalty(const SviRaw& svi, double from, double to) noexcept {
  constexpr int points = 61;
  constexpr double margin = 0.01;
  double sum = 0.0;
  for (int i = 0; i < points; ++i) {
    const double g = svi_durrleman(svi, from + (to - from) * i / (points - 1));
    const double below = std::isnan(g) ? 1.0 : std::max(margin - g, 0.0);
    sum += below * below;
  }
  return sum;
}

}  // namespace detail

/// Five numbers from five or more strikes (any order).
///   domain   k and total variance finite, error positive and finite; at least two different k
///   error    too_few_quotes below five; not_converged; butterfly_arbitrage when it cannot be avoided or is not
///            forbidden but negative variance appears; poor_fit when rms is above the setting
[[nodiscard]] inline expected<SviFit, SmileFault> fit_svi(std::span<const SmileQuote> quotes,
                                                          const SviFitSettings& settings = {}) noexcept {
  if (quotes.size() < 5) return unexpected(SmileFault::too_few_quotes);
  double low = HUGE_VAL, high = -HUGE_VAL, floor = HUGE_VAL;
  for (const SmileQuote& quote : quotes) {
    if (!std::isfinite(quote.k) || !std::isfinite(quote.total_variance) || !(quote.error > 0.0) ||
        !std::isfinite(quote.error))
      return unexpected(SmileFault::invalid_input);
    low = std::min(low, quote.k);
    high = std::max(high, quote.k);
    floor = std::min(floor, quote.error);
  }
  const double range = high - low;
  if (!(range > 0.0)) return unexpected(SmileFault::invalid_input);
  const double from = low - 0.5 * range, to = high + 0.5 * range;
  const double count = static_cast<double>(quotes.size());

  double stiffness = 0.0;  // of the butterfly penalty
  const auto objective = [&](const std::array<double, 2>& at) {
    const double m = at[0], sigma = std::exp(at[1]);
    if (!(m >= low - range && m <= high + range) || !(sigma >= 1e-4 * range && sigma <= 10.0 * range)) return HUGE_VAL;
    const detail::SviInner inner = detail::svi_inner(quotes, m, sigma);
    const double negative = std::min(svi_minimum_total_variance(inner.svi), 0.0) / floor;
    double value = inner.cost + count * negative * negative;
    if (stiffness > 0.0) value += stiffness * count * detail::butterfly_penalty(inner.svi, from, to);
    return value;
  };
  const auto search = [&] {
    std::array<double, 2> best{0.5 * (low + high), std::log(0.3 * range)};
    double least = HUGE_VAL;
    for (const double place : {-0.1, 0.1, 0.3, 0.45, 0.6, 0.75, 0.9, 1.1})
      for (const double width : {0.02, 0.07, 0.2, 0.6, 2.0}) {
        const std::array<double, 2> at{low + place * range, std::log(width * range)};
        if (const double value = objective(at); value < least) least = value, best = at;
      }
    return nelder_mead<2>(objective, best, {0.05 * range, 0.3}, {.size = 1e-6, .evaluations = settings.evaluations});
  };
  const auto fit_at = [&](const std::array<double, 2>& at) {
    const detail::SviInner inner = detail::svi_inner(quotes, at[0], std::exp(at[1]));
    return SviFit{inner.svi, std::sqrt(inner.cost / count), check_butterfly(inner.svi, from, to, 201)};
  };
  auto minimum = search();
  SviFit fit = fit_at(minimum.at);
  for (stiffness = 1e2; settings.forbid_butterfly && !fit.butterfly.free() && stiffness < 1e9; stiffness *= 1e2) {
    minimum = search();
    fit = fit_at(minimum.at);
  }
  if (!minimum.converged) return unexpected(SmileFault::not_converged);
  if (!(svi_minimum_total_variance(fit.svi) >= 0.0) || (settings.forbid_butterfly && !fit.butterfly.free()))
    return unexpected(SmileFault::butterfly_arbitrage);
  if (!(fit.rms <= settings.worst_rms)) return unexpected(SmileFault::poor_fit);
  return fit;
}

}  // namespace alaris::inline v0
