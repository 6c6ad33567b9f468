// SPDX-License-Identifier: Apache-2.0
#pragma once
// SSVI: one skew for all expiries, on at-the-money total variances with the events taken out. Free of butterfly and
// calendar arbitrage by its parameters, so that a surface in earnings week can be drawn through thin quotes.
// The host fits SVI expiry by expiry; this is for programs whose expiries are too thin for that.
//   source   Gatheral & Jacquier, Quantitative Finance 14(1), 2014, theorem 4.2 and the power law of section 4

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include <alaris/core/expected.hpp>
#include <alaris/numeric/nelder_mead.hpp>
#include <alaris/volatility/svi.hpp>
#include <alaris/volatility/svi_fit.hpp>

namespace alaris::inline v0 {

/// phi(theta) = eta / (theta^gamma (1 + theta)^(1 - gamma)).
///   domain   |rho| < 1, eta > 0, 0 < gamma <= 1/2; no static arbitrage when eta (1 + |rho|) <= 2 and theta rises with
///   T
struct Ssvi {
  double rho;
  double eta;
  double gamma;
};

[[nodiscard]] inline bool free_of_static_arbitrage(const Ssvi& s) noexcept {
  return std::fabs(s.rho) < 1.0 && s.eta > 0.0 && s.gamma > 0.0 && s.gamma <= 0.5 &&
         s.eta * (1.0 + std::fabs(s.rho)) <= 2.0;
}

/// The SVI smile of an expiry whose at-the-money total variance is `theta` > 0.
[[nodiscard]] inline SviRaw svi_of(const Ssvi& s, double theta) noexcept {
  const double phi = s.eta / (std::pow(theta, s.gamma) * std::pow(1.0 + theta, 1.0 - s.gamma));
  const double square = (1.0 - s.rho) * (1.0 + s.rho);
  return {0.5 * theta * square, 0.5 * theta * phi, s.rho, -s.rho / phi, std::sqrt(square) / phi};
}

/// One expiry's quotes and its at-the-money total variance.
struct SsviSlice {
  double theta;
  std::span<const SmileQuote> quotes;
};

struct SsviFit {
  Ssvi ssvi;
  double rms;  // of residual / error over all quotes
};

/// Three numbers for the whole surface, within the arbitrage-free region.
///   domain   thetas positive, not falling from slice to slice (enforce_rising); quotes as fit_svi; at least five in
///   all error    invalid_input, too_few_quotes, not_converged
[[nodiscard]] inline expected<SsviFit, SmileFault> fit_ssvi(std::span<const SsviSlice> slices,
                                                            std::size_t evaluations = 1000) noexcept {
  std::size_t count = 0;
  double before = 0.0;
  for (const SsviSlice& slice : slices) {
    if (!(slice.theta > 0.0) || !std::isfinite(slice.theta) || slice.theta < before)
      return unexpected(SmileFault::invalid_input);
    before = slice.theta;
    for (const SmileQuote& quote : slice.quotes)
      if (!std::isfinite(quote.k) || !std::isfinite(quote.total_variance) || !(quote.error > 0.0))
        return unexpected(SmileFault::invalid_input);
    count += slice.quotes.size();
  }
  if (count < 5) return unexpected(SmileFault::too_few_quotes);
  // rho = tanh x, eta = 2 / (1 + |rho|) / (1 + e^-y), gamma = 1/2 / (1 + e^-z): every point is arbitrage-free.
  const auto at = [](const std::array<double, 3>& x) {
    const double rho = std::tanh(x[0]);
    return Ssvi{rho, 2.0 / (1.0 + std::fabs(rho)) / (1.0 + std::exp(-x[1])), 0.5 / (1.0 + std::exp(-x[2]))};
  };
  const auto cost = [&](const std::array<double, 3>& x) {
    const Ssvi ssvi = at(x);
    double sum = 0.0;
    for (const SsviSlice& slice : slices) {
      const SviRaw svi = svi_of(ssvi, slice.theta);
      for (const SmileQuote& quote : slice.quotes) {
        const double miss = (svi_total_variance(svi, quote.k) - quote.total_variance) / quote.error;
        sum += miss * miss;
      }
    }
    return sum;
  };
  const auto minimum =
      nelder_mead<3>(cost, {-0.3, 0.0, 1.0}, {0.3, 1.0, -1.0}, {.size = 1e-6, .evaluations = evaluations});
  if (!minimum.converged) return unexpected(SmileFault::not_converged);
  return SsviFit{at(minimum.at), std::sqrt(minimum.value / static_cast<double>(count))};
}

}  // namespace alaris::inline v0
