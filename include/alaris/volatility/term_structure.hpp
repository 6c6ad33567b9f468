// SPDX-License-Identifier: Apache-2.0
#pragma once
// Total variance of all expiries = diffusion + one jump for every scheduled event before the expiry, fitted together by
// weighted least squares with the errors that bid and ask leave.
//   model    w(T) = base T + excess (1 - exp(-reversion T)) / reversion + sum of event variances before T
//   sources  Dubinsky, Johannes, Kaeck & Seeger, RFS 32(2), 2019 (jumps at known times, least squares over expiries);
//            the second term is a variance that reverts, Heston's expected variance with its speed given
//   note     fit once in TradingTime and once in Act365: calendar time biases a 6 % event two days ahead to 6.2 % at
//            base 30 % and 6.7 % at base 60 %

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <alaris/core/expected.hpp>
#include <alaris/core/expects.hpp>
#include <alaris/core/time.hpp>
#include <alaris/numeric/least_squares.hpp>

namespace alaris::inline v0 {

/// At most this many scheduled events before the last expiry: a year of quarterly reports.
inline constexpr std::size_t max_term_events = 4;

/// One expiry. Total variance is iv^2 * (Act/365 years that the iv was quoted in), whatever the clock of diffusion.
template <class Clock>
struct TermObservation {
  Years<Clock> to_expiry;
  double total_variance;
  double error;                   // standard deviation of total_variance, positive
  std::size_t events_before = 0;  // how many of the scheduled events lie before this expiry
};

/// Standard deviation of a total variance known between bid and ask volatility: a flat density over the interval.
[[nodiscard]] inline double total_variance_error(double bid_volatility, double ask_volatility,
                                                 Years<Act365> to_expiry) noexcept {
  return (ask_volatility * ask_volatility - bid_volatility * bid_volatility) * to_expiry.value / std::sqrt(12.0);
}

/// A fitted number and its standard error.
struct Estimate {
  double value = 0.0;
  double error = 0.0;
};

enum class TermFitFault : std::uint8_t {
  invalid_input,
  not_identified,  // no expiry tells two of the parts apart
  negative_event_variance,
  negative_base_variance
};

[[nodiscard]] constexpr std::string_view name(TermFitFault fault) noexcept {
  switch (fault) {
    case TermFitFault::invalid_input:
      return "invalid_input";
    case TermFitFault::not_identified:
      return "not_identified";
    case TermFitFault::negative_event_variance:
      return "negative_event_variance";
    case TermFitFault::negative_base_variance:
      return "negative_base_variance";
  }
  return "unknown";
}

struct TermFitSettings {
  double reversion = 0.0;      // speed per year of the clock; 0: one flat base variance
  bool bound_at_zero = false;  // a negative event variance becomes 0 and the rest is fitted again
};

/// Base variance, its short-dated excess, the event variances in order of time, and how well they explain the expiries.
/// Errors come from the observations' errors, widened by the square root of chi-square per degree when that is above 1.
template <class Clock>
struct TermStructure {
  Estimate base;    // per year of the clock
  Estimate excess;  // variance above the base now, per year
  double reversion = 0.0;
  std::array<Estimate, max_term_events> events{};
  std::array<bool, max_term_events> at_bound{};  // fixed at 0 by bound_at_zero
  std::size_t event_count = 0;
  double chi_square = 0.0;
  std::size_t degrees = 0;

  /// Total variance of the diffusion alone.
  [[nodiscard]] double base_total_variance(Years<Clock> t) const noexcept {
    const double decayed = reversion > 0.0 ? -std::expm1(-reversion * t.value) / reversion : 0.0;
    return base.value * t.value + excess.value * decayed;
  }
  [[nodiscard]] double total_variance(Years<Clock> t, std::size_t events_before) const noexcept {
    double sum = base_total_variance(t);
    for (std::size_t j = 0; j < std::min(events_before, event_count); ++j) sum += events[j].value;
    return sum;
  }
  /// Standard deviation of the j-th event's log move, its error to first order (infinite at 0).
  [[nodiscard]] Estimate sigma_event(std::size_t j) const noexcept {
    const double sigma = std::sqrt(events[j].value);
    return {sigma, events[j].error / (2.0 * sigma)};
  }
  /// Fall of the quoted implied volatility of an expiry when the next event has passed.
  [[nodiscard]] double crush(Years<Clock> t, std::size_t events_before, Years<Act365> quoted) const noexcept {
    const double now = total_variance(t, events_before);
    const double jump = events_before > 0 && event_count > 0 ? events[0].value : 0.0;
    return std::sqrt(now / quoted.value) - std::sqrt((now - jump) / quoted.value);
  }
};

/// The unconstrained fit comes with the failure, so that one can see by how much a variance is negative.
template <class Clock>
struct TermFitFailure {
  TermFitFault fault;
  TermStructure<Clock> fit{};
};

/// Fits `observations` (any order).
///   domain   expiries and errors positive and finite, total variances finite, events_before at most max_term_events
///   error    negative_base_variance when the diffusion falls anywhere up to the last expiry (wins over
///            negative_event_variance); not_identified also when there are fewer expiries than parameters
template <class Clock>
[[nodiscard]] expected<TermStructure<Clock>, TermFitFailure<Clock>> fit_term_structure(
    std::span<const TermObservation<Clock>> observations, const TermFitSettings& settings = {}) noexcept {
  constexpr std::size_t most = 2 + max_term_events;
  using Failure = TermFitFailure<Clock>;
  TermStructure<Clock> fit;
  fit.reversion = settings.reversion;
  if (!(settings.reversion >= 0.0)) return unexpected(Failure{TermFitFault::invalid_input});
  for (const auto& seen : observations) {
    const bool usable = seen.to_expiry.value > 0.0 && std::isfinite(seen.to_expiry.value) &&
                        std::isfinite(seen.total_variance) && seen.error > 0.0 && std::isfinite(seen.error) &&
                        seen.events_before <= max_term_events;
    if (!usable) return unexpected(Failure{TermFitFault::invalid_input});
    fit.event_count = std::max(fit.event_count, seen.events_before);
  }
  double last = 0.0;
  for (const auto& seen : observations) last = std::max(last, seen.to_expiry.value);
  const std::size_t diffusive = settings.reversion > 0.0 ? 2 : 1;

  for (;;) {  // once, and once more for every event that is bounded
    std::array<std::size_t, max_term_events> column{};
    std::size_t parameters = diffusive;
    for (std::size_t j = 0; j < fit.event_count; ++j)
      if (!fit.at_bound[j]) column[j] = parameters++;
    if (observations.size() < parameters) return unexpected(Failure{TermFitFault::not_identified, fit});
    LeastSquares<most> squares(parameters);
    for (const auto& seen : observations) {
      std::array<double, most> row{};
      row[0] = seen.to_expiry.value;
      if (diffusive == 2) row[1] = -std::expm1(-settings.reversion * seen.to_expiry.value) / settings.reversion;
      for (std::size_t j = 0; j < seen.events_before; ++j)
        if (!fit.at_bound[j]) row[column[j]] = 1.0;
      squares.add(row, seen.total_variance, 1.0 / (seen.error * seen.error));
    }
    const auto solution = squares.solve();
    if (!solution) return unexpected(Failure{TermFitFault::not_identified, fit});
    fit.chi_square = solution->weighted_residuals;
    fit.degrees = observations.size() - parameters;
    const double widen =
        fit.degrees > 0 ? std::sqrt(std::max(1.0, fit.chi_square / static_cast<double>(fit.degrees))) : 1.0;
    const auto estimate = [&](std::size_t i) {
      return Estimate{solution->coefficients[i], widen * std::sqrt(solution->covariance[i][i])};
    };
    fit.base = estimate(0);
    if (diffusive == 2) fit.excess = estimate(1);
    std::size_t worst = fit.event_count;
    for (std::size_t j = 0; j < fit.event_count; ++j) {
      fit.events[j] = fit.at_bound[j] ? Estimate{} : estimate(column[j]);
      if (fit.events[j].value < 0.0 && (worst == fit.event_count || fit.events[j].value < fit.events[worst].value))
        worst = j;
    }
    if (settings.bound_at_zero && worst < fit.event_count) {
      fit.at_bound[worst] = true;
      continue;
    }
    // The instantaneous base variance runs monotonically from base + excess now to its value at the last expiry.
    const double at_last = fit.base.value + fit.excess.value * std::exp(-settings.reversion * last);
    if (at_last < 0.0 || fit.base.value + fit.excess.value < 0.0)
      return unexpected(Failure{TermFitFault::negative_base_variance, fit});
    if (worst < fit.event_count) return unexpected(Failure{TermFitFault::negative_event_variance, fit});
    return fit;
  }
}

/// Total variance of one expiry with the fitted events taken out: what the market says of the diffusion up to it.
template <class Clock>
[[nodiscard]] double ex_event_total_variance(const TermStructure<Clock>& fit,
                                             const TermObservation<Clock>& seen) noexcept {
  return seen.total_variance -
         (fit.total_variance(seen.to_expiry, seen.events_before) - fit.base_total_variance(seen.to_expiry));
}

/// Largest fall of total variance between neighbouring expiries, in units of their joint error: above about 2 it is
/// calendar arbitrage and not noise. 0 when it never falls. Observations by expiry.
template <class Clock>
[[nodiscard]] double worst_calendar_violation(const TermStructure<Clock>& fit,
                                              std::span<const TermObservation<Clock>> observations) noexcept {
  double worst = 0.0;
  for (std::size_t i = 1; i < observations.size(); ++i) {
    const double fall =
        ex_event_total_variance(fit, observations[i - 1]) - ex_event_total_variance(fit, observations[i]);
    worst = std::max(worst, fall / std::hypot(observations[i - 1].error, observations[i].error));
  }
  return worst;
}

/// The nearest non-decreasing total variances in the sense of weighted least squares (pool adjacent violators), in
/// place: calendar arbitrage within the quotes' error removed on request.
///   shape   weights of the same size, positive
inline void enforce_rising(std::span<double> total_variances, std::span<const double> weights) noexcept {
  ALARIS_EXPECTS(weights.size() == total_variances.size());
  for (std::size_t end = 1; end < total_variances.size(); ++end) {
    // The pool that ends at `end`: grows to the left while its mean is below the value before it.
    std::size_t begin = end;
    double weight = weights[end], mean = total_variances[end];
    while (begin > 0 && total_variances[begin - 1] > mean) {
      --begin;
      mean = (weight * mean + weights[begin] * total_variances[begin]) / (weight + weights[begin]);
      weight += weights[begin];
    }
    for (std::size_t i = begin; i <= end; ++i) total_variances[i] = mean;
  }
}

}  // namespace alaris::inline v0
