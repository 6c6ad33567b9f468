// SPDX-License-Identifier: Apache-2.0
#pragma once
// SVI fitted to one expiry's quotes, each weighted by what bid and ask leave open. For given (m, sigma) the other three
// numbers solve a convex quadratic on a diamond, exactly; only (m, sigma) are searched.
//   sources  Zeliade Systems, Quasi-explicit calibration of Gatheral's SVI model, 2009 (the split); the diamond here is
//            Lee's bound b (1 + |rho|) <= 2 with |rho| <= 1
//            outliers: Tukey's bisquare, as in forward.hpp
//   cost     40 coarse and 60 to 200 fine evaluations of about 5 ns a quote, up to three times

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

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
  double rms;                // of residual / (error * noise), outliers left out
  double noise;              // how many times their errors neighbouring quotes scatter; at least 1
  std::size_t outliers;      // quotes that lost their weight
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

/// Median scatter of the quotes about the chord of their neighbours, in units of what their errors explain; at least 1.
/// A smooth smile of any shape gives 1, however badly SVI fits it; closing volatilities of thin options give 5 to 20.
[[nodiscard]] inline double smile_noise(std::span<const SmileQuote> ascending) noexcept {
  std::array<double, 128> scatter;
  std::size_t count = 0;
  for (std::size_t i = 1; i + 1 < ascending.size() && count < scatter.size(); ++i) {
    const SmileQuote &before = ascending[i - 1], &at = ascending[i], &after = ascending[i + 1];
    if (!(after.k > before.k)) continue;
    const double right = (at.k - before.k) / (after.k - before.k), left = 1.0 - right;
    const double off = at.total_variance - left * before.total_variance - right * after.total_variance;
    scatter[count++] = std::fabs(off) / std::hypot(at.error, std::hypot(left * before.error, right * after.error));
  }
  if (count < 3) return 1.0;
  const auto middle = scatter.begin() + static_cast<std::ptrdiff_t>(count / 2);
  std::nth_element(scatter.begin(), middle, scatter.begin() + static_cast<std::ptrdiff_t>(count));
  return std::max(1.4826 * *middle, 1.0);
}

}  // namespace detail

/// Five numbers from five or more strikes (any order).
///   domain   k and total variance finite, error positive and finite; at least two different k
///   error    too_few_quotes below five; not_converged; butterfly_arbitrage when it cannot be avoided or is not
///            forbidden but negative variance appears; poor_fit when rms is above the setting or more than a quarter of
///            the quotes are outliers (more than 4.7 times the noise away)
[[nodiscard]] inline expected<SviFit, SmileFault> fit_svi(std::span<const SmileQuote> given,
                                                          const SviFitSettings& settings = {}) {
  if (given.size() < 5) return unexpected(SmileFault::too_few_quotes);
  std::vector<SmileQuote> quotes(given.begin(), given.end());  // errors grow where a quote is an outlier
  double floor = HUGE_VAL;
  for (const SmileQuote& quote : quotes) {
    if (!std::isfinite(quote.k) || !std::isfinite(quote.total_variance) || !(quote.error > 0.0) ||
        !std::isfinite(quote.error))
      return unexpected(SmileFault::invalid_input);
    floor = std::min(floor, quote.error);
  }
  std::stable_sort(quotes.begin(), quotes.end(), [](const auto& a, const auto& b) { return a.k < b.k; });
  const double low = quotes.front().k, high = quotes.back().k, range = high - low;
  if (!(range > 0.0)) return unexpected(SmileFault::invalid_input);
  const double from = low - 0.5 * range, to = high + 0.5 * range;
  const double count = static_cast<double>(quotes.size());
  const double noise = detail::smile_noise(quotes);
  for (SmileQuote& quote : quotes) quote.error *= noise;
  const std::vector<SmileQuote> weighed(quotes);

  double stiffness = 0.0;  // of the butterfly penalty
  const auto objective = [&](const std::array<double, 2>& at) {
    const double m = at[0], sigma = std::exp(at[1]);
    if (!(m >= low - range && m <= high + range) || !(sigma >= 1e-4 * range && sigma <= 10.0 * range)) return HUGE_VAL;
    const detail::SviInner inner = detail::svi_inner(quotes, m, sigma);
    const double negative = std::min(svi_minimum_total_variance(inner.svi), 0.0) / (floor * noise);
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
    SviFit fit{detail::svi_inner(quotes, at[0], std::exp(at[1])).svi, 0.0, noise, 0, {}};
    double sum = 0.0;
    for (const SmileQuote& quote : weighed) {
      const double miss = (svi_total_variance(fit.svi, quote.k) - quote.total_variance) / quote.error;
      if (std::fabs(miss) < 4.685)
        sum += miss * miss;
      else
        ++fit.outliers;
    }
    fit.rms = std::sqrt(sum / std::max(count - static_cast<double>(fit.outliers), 1.0));
    fit.butterfly = check_butterfly(fit.svi, from, to, 201);
    return fit;
  };
  auto minimum = search();
  SviFit fit = fit_at(minimum.at);
  if (fit.outliers > 0 && 4 * fit.outliers <= quotes.size()) {
    for (std::size_t i = 0; i < quotes.size(); ++i) {
      const double miss =
          (svi_total_variance(fit.svi, weighed[i].k) - weighed[i].total_variance) / (4.685 * weighed[i].error);
      const double weight = std::fabs(miss) < 1.0 ? 1.0 - miss * miss : 0.0;  // square root of the bisquare
      quotes[i].error = weighed[i].error / std::max(weight, 1e-3);
    }
    minimum = search();
    fit = fit_at(minimum.at);
  }
  for (stiffness = 1e2; settings.forbid_butterfly && !fit.butterfly.free() && stiffness < 1e9; stiffness *= 1e2) {
    minimum = search();
    fit = fit_at(minimum.at);
  }
  if (!minimum.converged) return unexpected(SmileFault::not_converged);
  if (!(svi_minimum_total_variance(fit.svi) >= 0.0) || (settings.forbid_butterfly && !fit.butterfly.free()))
    return unexpected(SmileFault::butterfly_arbitrage);
  if (!(fit.rms <= settings.worst_rms) || 4 * fit.outliers > quotes.size()) return unexpected(SmileFault::poor_fit);
  return fit;
}

}  // namespace alaris::inline v0
