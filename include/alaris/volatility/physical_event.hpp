// SPDX-License-Identifier: Apache-2.0
#pragma once
// The event volatility one may expect to be realised, shrunk from the implied one by what past events really did.
//   sigma_P^2 = sigma_Q^2 (8 m + sum z^2) / (8 + n),   z^2 = (move^2 - base variance) / sigma_Q^2 of each past event
// Under the implied measure a calendar's expectation is always minus its cost; only this premium can pay for it.

#include <cmath>
#include <cstddef>
#include <span>

#include <alaris/core/expected.hpp>
#include <alaris/volatility/event.hpp>

namespace alaris::inline v0 {

/// One past event as known at the decision.
struct PastEvent {
  double log_move;       // over the event's session, its mean not removed
  double base_variance;  // of that session without the event: base volatility^2 / 252
  double sigma_implied;  // event volatility that was implied before it
};

/// (move^2 - base variance) / implied event variance: mean 1 when the market prices events right; may be negative.
/// NaN when an input is not finite, base variance is negative or the implied volatility is not positive.
[[nodiscard]] inline double event_surprise(const PastEvent& event) noexcept {
  if (!std::isfinite(event.log_move) || !(event.base_variance >= 0.0) || !std::isfinite(event.base_variance) ||
      !(event.sigma_implied > 0.0) || !std::isfinite(event.sigma_implied))
    return std::nan("");
  return (event.log_move * event.log_move - event.base_variance) / (event.sigma_implied * event.sigma_implied);
}

/// Mean and its standard error (NaN below two values) of the z^2 of many names.
struct PooledSurprise {
  double mean;
  double standard_error;
  std::size_t count;
};

/// Over all finite values; the mean is `otherwise` when there are none.
[[nodiscard]] inline PooledSurprise pooled_surprise(std::span<const double> surprises,
                                                    double otherwise = 1.0) noexcept {
  double sum = 0.0, squares = 0.0;
  std::size_t n = 0;
  for (const double z2 : surprises)
    if (std::isfinite(z2)) sum += z2, ++n;
  if (n == 0) return {otherwise, std::nan(""), 0};
  const double count = static_cast<double>(n), mean = sum / count;
  for (const double z2 : surprises)
    if (std::isfinite(z2)) squares += (z2 - mean) * (z2 - mean);
  return {mean, n > 1 ? std::sqrt(squares / (count - 1.0) / count) : std::nan(""), n};
}

/// sigma_P from this name's past z^2 and the pooled mean; `prior_events` is the weight of the pool, in events.
///   domain   sigma_implied >= 0, prior_events >= 0 and not 0 without history, all finite
///   error    invalid_input; negative_event_variance when the history is below minus the prior
[[nodiscard]] inline expected<double, EventFault> physical_event_sigma(double sigma_implied,
                                                                       std::span<const double> surprises,
                                                                       double pooled_mean = 1.0,
                                                                       double prior_events = 8.0) noexcept {
  double sum = prior_events * pooled_mean;
  for (const double z2 : surprises) sum += z2;
  const double weight = prior_events + static_cast<double>(surprises.size());
  if (!(sigma_implied >= 0.0) || !(prior_events >= 0.0) || !(weight > 0.0) || !std::isfinite(sum) ||
      !std::isfinite(sigma_implied))
    return unexpected(EventFault::invalid_input);
  if (sum < 0.0) return unexpected(EventFault::negative_event_variance);
  return sigma_implied * std::sqrt(sum / weight);
}

}  // namespace alaris::inline v0
