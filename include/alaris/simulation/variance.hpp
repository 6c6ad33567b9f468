// SPDX-License-Identifier: Apache-2.0
#pragma once
// The variance that drives a simulated stock: a constant part plus a square-root process correlated with the return.
//   d ln X = -(c + y) / 2 dt + sqrt(c) dB + sqrt(y) dW,   dy = k (m - y) dt + v sqrt(y) dV,   dW dV = rho dt
//   sources  Heston, Review of Financial Studies 6(2), 1993; Andersen, J. Computational Finance 11(3), 2008 (the
//            quadratic-exponential step with martingale correction: E[X'] = X exactly, mean and variance of y exact)
//   units    variances per year of trading time

#include <algorithm>
#include <cmath>

#include <alaris/core/time.hpp>
#include <alaris/numeric/normal.hpp>
#include <alaris/simulation/parameters.hpp>

namespace alaris::inline v0 {

struct SquareRootVariance {
  double constant;         // c
  double mean;             // m
  double reversion;        // k, per year
  double vol_of_variance;  // v
  double leverage;         // rho

  /// Long-run variance: constant plus mean.
  [[nodiscard]] constexpr double long_run() const noexcept { return constant + mean; }
  /// Expected integral of c + y over `span`, from a factor y now.
  [[nodiscard]] double expected_integral(double factor, Years<TradingTime> span) const noexcept {
    const double relaxed = -std::expm1(-reversion * span.value) / reversion;
    return long_run() * span.value + (factor - mean) * relaxed;
  }
};

[[nodiscard]] inline SquareRootVariance variance_of(const SimulationParameters& p, double volatility) noexcept {
  const double total = volatility * volatility;
  return {.constant = p.constant_variance_share * total,
          .mean = (1.0 - p.constant_variance_share) * total,
          .reversion = p.mean_reversion,
          .vol_of_variance = p.vol_of_variance * volatility,
          .leverage = p.leverage};
}

/// One step: the factor afterwards, and the normal law of the log return given both ends of the factor.
struct VarianceStep {
  double factor;
  double drift;     // of ln X, jumps and carry apart
  double variance;  // of ln X
};

/// `normal` is a standard normal draw; a larger one gives a larger variance.
[[nodiscard]] inline VarianceStep step(const SquareRootVariance& model, double factor, Years<TradingTime> span,
                                       double normal) noexcept {
  const auto& [constant, mean, reversion, vol, leverage] = model;
  const double dt = span.value, decay = std::exp(-reversion * dt), gone = 1.0 - decay;
  const double expected = mean + (factor - mean) * decay;
  const double spread =
      factor * vol * vol * decay * gone / reversion + mean * vol * vol * gone * gone / (2.0 * reversion);
  const double ratio = spread / (expected * expected);

  // The return given y and y': K0 + K1 y + K2 y' + sqrt((K3 (y + y')) Z, and M = E[exp(A y')] for the correction K0.
  const double shared = 0.5 * dt * (reversion * leverage / vol - 0.5), pull = leverage / vol;
  const double k1 = shared - pull, k2 = shared + pull, k3 = 0.5 * dt * (1.0 - leverage * leverage);
  const double a = k2 + 0.5 * k3;

  double next = 0.0, log_moment = 0.0;
  if (ratio <= 1.5) {
    const double b2 = 2.0 / ratio - 1.0 + std::sqrt(2.0 / ratio) * std::sqrt(2.0 / ratio - 1.0);
    const double scale = expected / (1.0 + b2), root = std::sqrt(b2) + normal;
    next = scale * root * root;
    log_moment = a * b2 * scale / (1.0 - 2.0 * a * scale) - 0.5 * std::log(1.0 - 2.0 * a * scale);
  } else {
    const double zero = (ratio - 1.0) / (ratio + 1.0), slope = (1.0 - zero) / expected;
    const double above = normal_cdf(-normal);  // 1 - U
    next = above >= 1.0 - zero ? 0.0 : std::log((1.0 - zero) / above) / slope;
    log_moment = std::log(zero + slope * (1.0 - zero) / (slope - a));
  }
  const double k0 = -log_moment - (k1 + 0.5 * k3) * factor;
  return {.factor = next,
          .drift = k0 + k1 * factor + k2 * next - 0.5 * constant * dt,
          .variance = k3 * (factor + next) + constant * dt};
}

}  // namespace alaris::inline v0
