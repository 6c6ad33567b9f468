// SPDX-License-Identifier: Apache-2.0
#pragma once
// SVI fitted to one expiry's quotes, each weighted by what bid and ask leave open. For given (m, sigma) the other three
// numbers solve a convex quadratic on a diamond, exactly; only (m, sigma) are searched.
//   sources  Zeliade Systems, Quasi-explicit calibration of Gatheral's SVI model, 2009 (the split); the diamond here is
//            Lee's bound b (1 + |rho|) <= 2 with |rho| <= 1
//            outliers: Tukey's bisquare, as in forward.hpp
//   cost     40 coarse and 60 to 200 fine evaluations of about 5 ns a quote, twice with outliers; where arbitrage has
//   to be
//            kept out all five numbers are searched, up to 2400 evaluations

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
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

enum class SmileFault : std::uint8_t {
  invalid_input,
  too_few_quotes,
  not_converged,
  butterfly_arbitrage,
  calendar_arbitrage,
  poor_fit
};

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
    case SmileFault::calendar_arbitrage:
      return "calendar_arbitrage";
    case SmileFault::poor_fit:
      return "poor_fit";
  }
  return "unknown";
}

struct SviFitSettings {
  double worst_rms = 3.0;             // root mean square of residual / noise above which the fit is poor
  bool forbid_butterfly = true;       // fit again under Durrleman's condition when it is broken around the quotes
  std::optional<SviRaw> not_below{};  // the smile of a nearer expiry: fit again until this one lies nowhere below it
  std::size_t evaluations = 400;      // of (m, sigma)
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

inline constexpr int penalty_points = 61;

/// The same for how far total variance is below that of a nearer expiry, as a fraction of it.
[[nodiscard]] inline double calendar_penalty(const SviRaw& near, const SviRaw& svi, double from, double to) noexcept {
  constexpr double margin = 1e-3;
  double sum = 0.0;
  for (int i = 0; i < penalty_points; ++i) {
    const double k = from + (to - from) * i / (penalty_points - 1), floor = svi_total_variance(near, k);
    const double below = std::max((1.0 + margin) - svi_total_variance(svi, k) / floor, 0.0);
    sum += below * below;
  }
  return sum;
}

/// Sum over a coarse grid of how far g is below a small positive margin, squared.
[[nodiscard]] inline double butterfly_penalty(const SviRaw& svi, double from, double to) noexcept {
  constexpr double margin = 0.01;
  double sum = 0.0;
  for (int i = 0; i < penalty_points; ++i) {
    const double g = svi_durrleman(svi, from + (to - from) * i / (penalty_points - 1));
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

/// One expiry being fitted. Quotes ascend in k; `believed` are theirs with errors as large as their scatter, `quotes`
/// with errors that also grow where a quote is an outlier.
struct SviSearch {
  std::vector<SmileQuote> believed, quotes;
  double low, high, noise, smallest_error;
  const SviFitSettings& settings;

  SviSearch(std::vector<SmileQuote> ascending, const SviFitSettings& chosen)
      : believed(std::move(ascending)),
        low(believed.front().k),
        high(believed.back().k),
        noise(smile_noise(believed)),
        smallest_error(HUGE_VAL),
        settings(chosen) {
    for (SmileQuote& quote : believed) smallest_error = std::min(smallest_error, quote.error *= noise);
    quotes = believed;
  }
  [[nodiscard]] double range() const noexcept { return high - low; }
  [[nodiscard]] double from() const noexcept { return low - 0.5 * range(); }
  [[nodiscard]] double to() const noexcept { return high + 0.5 * range(); }
  [[nodiscard]] bool in_reach(double m, double sigma) const noexcept {
    return m >= low - range() && m <= high + range() && sigma >= 1e-4 * range() && sigma <= 10.0 * range();
  }
  [[nodiscard]] double negative_cost(const SviRaw& svi) const noexcept {
    const double below = std::min(svi_minimum_total_variance(svi), 0.0) / smallest_error;
    return static_cast<double>(quotes.size()) * below * below;
  }

  /// Over (m, ln sigma), the rest solved exactly; from the best point of a coarse grid.
  [[nodiscard]] SimplexMinimum<2> free_minimum() const {
    const auto cost = [&](const std::array<double, 2>& at) {
      const double sigma = std::exp(at[1]);
      if (!in_reach(at[0], sigma)) return HUGE_VAL;
      const SviInner inner = svi_inner(quotes, at[0], sigma);
      return inner.cost + negative_cost(inner.svi);
    };
    std::array<double, 2> best{0.5 * (low + high), std::log(0.3 * range())};
    double least = HUGE_VAL;
    for (const double place : {-0.1, 0.1, 0.3, 0.45, 0.6, 0.75, 0.9, 1.1})
      for (const double width : {0.02, 0.07, 0.2, 0.6, 2.0}) {
        const std::array<double, 2> at{low + place * range(), std::log(width * range())};
        if (const double value = cost(at); value < least) least = value, best = at;
      }
    return nelder_mead<2>(cost, best, {0.05 * range(), 0.3}, {.size = 1e-6, .evaluations = settings.evaluations});
  }

  /// Over all five numbers, arbitrage made dearer and dearer; from `svi`.
  [[nodiscard]] SviRaw constrained(SviRaw svi) const {
    const auto raw = [](const std::array<double, 5>& at) {
      return SviRaw{at[0], std::exp(at[1]), std::tanh(at[2]), at[3], std::exp(at[4])};
    };
    for (double stiffness = 1e2; stiffness < 1e9; stiffness *= 1e2) {
      const auto cost = [&](const std::array<double, 5>& at) {
        const SviRaw tried = raw(at);
        if (!in_reach(tried.m, tried.sigma) || tried.b * (1.0 + std::fabs(tried.rho)) > 2.0) return HUGE_VAL;
        double sum = negative_cost(tried), penalty = 0.0;
        for (const SmileQuote& quote : quotes) {
          const double miss = (svi_total_variance(tried, quote.k) - quote.total_variance) / quote.error;
          sum += miss * miss;
        }
        if (settings.forbid_butterfly) penalty += butterfly_penalty(tried, from(), to());
        if (settings.not_below) penalty += calendar_penalty(*settings.not_below, tried, from(), to());
        return sum + stiffness * static_cast<double>(quotes.size()) * penalty;
      };
      const double b = std::clamp(svi.b, 1e-6, 1.99 / (1.0 + std::fabs(svi.rho)));
      const std::array<double, 5> start{svi.a, std::log(b), std::atanh(std::clamp(svi.rho, -0.999, 0.999)), svi.m,
                                        std::log(svi.sigma)};
      const double level = 0.1 * std::max(std::fabs(svi_total_variance(svi, 0.5 * (low + high))), smallest_error);
      svi = raw(nelder_mead<5>(cost, start, {level, -0.3, 0.2, 0.05 * range(), 0.3},
                               {.size = 1e-5, .evaluations = settings.evaluations})
                    .at);
      if (allowed(judged(svi))) break;
    }
    return svi;
  }

  [[nodiscard]] SviFit judged(const SviRaw& svi) const noexcept {
    SviFit fit{svi, 0.0, noise, 0, check_butterfly(svi, from(), to(), 201)};
    double sum = 0.0;
    for (const SmileQuote& quote : believed) {
      const double miss = (svi_total_variance(svi, quote.k) - quote.total_variance) / quote.error;
      if (std::fabs(miss) < 4.685)
        sum += miss * miss;
      else
        ++fit.outliers;
    }
    fit.rms = std::sqrt(sum / static_cast<double>(std::max<std::size_t>(believed.size() - fit.outliers, 1)));
    return fit;
  }
  void discount_outliers(const SviRaw& svi) noexcept {
    for (std::size_t i = 0; i < quotes.size(); ++i) {
      const SmileQuote& quote = believed[i];
      const double miss = (svi_total_variance(svi, quote.k) - quote.total_variance) / (4.685 * quote.error);
      const double weight = std::fabs(miss) < 1.0 ? 1.0 - miss * miss : 0.0;  // square root of the bisquare
      quotes[i].error = quote.error / std::max(weight, 1e-3);
    }
  }
  [[nodiscard]] bool crosses(const SviRaw& svi) const noexcept {
    return settings.not_below && calendar_violation(*settings.not_below, svi, from(), to(), 201) > 0.0;
  }
  [[nodiscard]] bool allowed(const SviFit& fit) const noexcept {
    return (fit.butterfly.free() || !settings.forbid_butterfly) && !crosses(fit.svi);
  }
};

}  // namespace detail

/// Five numbers from five or more strikes (any order).
///   domain   k and total variance finite, error positive and finite; at least two different k
///   error    too_few_quotes below five; not_converged; butterfly_arbitrage when it cannot be avoided or is not
///            forbidden but negative variance appears; poor_fit when rms is above the setting or more than a quarter of
///            the quotes are outliers (more than 4.7 times the noise away)
[[nodiscard]] inline expected<SviFit, SmileFault> fit_svi(std::span<const SmileQuote> quotes,
                                                          const SviFitSettings& settings = {}) {
  if (quotes.size() < 5) return unexpected(SmileFault::too_few_quotes);
  for (const SmileQuote& quote : quotes)
    if (!std::isfinite(quote.k) || !std::isfinite(quote.total_variance) || !(quote.error > 0.0) ||
        !std::isfinite(quote.error))
      return unexpected(SmileFault::invalid_input);
  std::vector<SmileQuote> ascending(quotes.begin(), quotes.end());
  std::stable_sort(ascending.begin(), ascending.end(), [](const auto& a, const auto& b) { return a.k < b.k; });
  if (!(ascending.back().k > ascending.front().k)) return unexpected(SmileFault::invalid_input);
  detail::SviSearch search(std::move(ascending), settings);

  const auto exact = [&](const SimplexMinimum<2>& minimum) {
    return search.judged(detail::svi_inner(search.quotes, minimum.at[0], std::exp(minimum.at[1])).svi);
  };
  auto minimum = search.free_minimum();
  SviFit fit = exact(minimum);
  if (fit.outliers > 0 && 4 * fit.outliers <= quotes.size()) {
    search.discount_outliers(fit.svi);
    minimum = search.free_minimum();
    fit = exact(minimum);
  }
  if (!minimum.converged) return unexpected(SmileFault::not_converged);
  if (!search.allowed(fit)) fit = search.judged(search.constrained(fit.svi));
  if (!(svi_minimum_total_variance(fit.svi) >= 0.0) || (settings.forbid_butterfly && !fit.butterfly.free()))
    return unexpected(SmileFault::butterfly_arbitrage);
  if (search.crosses(fit.svi)) return unexpected(SmileFault::calendar_arbitrage);
  if (!(fit.rms <= settings.worst_rms) || 4 * fit.outliers > quotes.size()) return unexpected(SmileFault::poor_fit);
  return fit;
}

}  // namespace alaris::inline v0
