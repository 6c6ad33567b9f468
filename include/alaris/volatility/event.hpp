// SPDX-License-Identifier: Apache-2.0
#pragma once
// One scheduled event between now and an expiry, taken out of two implied volatilities: at the event the stock jumps by
// Z ~ N(-s^2/2, s^2), so IV^2 T = base^2 T + s^2 for an expiry after it and IV = base for one before it.
//   sources  Patell & Wolfson, J. Accounting and Economics 1(2), 1979; Dubinsky, Johannes, Kaeck & Seeger, Review of
//            Financial Studies 32(2), 2019; Leung & Santoli, 2014
//   units    sigma_event is the standard deviation of the event's log move: 0.06 is 6 %, not annualised

#include <cmath>
#include <cstdint>
#include <numbers>
#include <optional>
#include <string_view>

#include <alaris/core/expected.hpp>
#include <alaris/volatility/total_variance.hpp>

namespace alaris::inline v0 {

/// Which of the two expiries span the event.
enum class EventModel : std::uint8_t { both_after, before_after };

[[nodiscard]] constexpr std::string_view name(EventModel model) noexcept {
  return model == EventModel::both_after ? "both_after" : "before_after";
}
[[nodiscard]] constexpr std::optional<EventModel> parse_event_model(std::string_view text) noexcept {
  if (text == name(EventModel::both_after)) return EventModel::both_after;
  if (text == name(EventModel::before_after)) return EventModel::before_after;
  return std::nullopt;
}

enum class EventFault : std::uint8_t { invalid_input, negative_event_variance, negative_base_variance };

[[nodiscard]] constexpr std::string_view name(EventFault fault) noexcept {
  switch (fault) {
    case EventFault::invalid_input:
      return "invalid_input";
    case EventFault::negative_event_variance:
      return "negative_event_variance";
    case EventFault::negative_base_variance:
      return "negative_base_variance";
  }
  return "unknown";
}

/// base: per year of the clock; event: whole. Either may come out negative from real quotes.
struct EventVariances {
  double base;
  double event;
};

/// Volatility without the event, per square root of a year, and the standard deviation of the event's log move.
struct EventSplit {
  double sigma_base;
  double sigma_event;
};

/// The two variances before anybody asks whether they make sense; NaN outside the domain.
///   domain   0 < near.to_expiry < far.to_expiry, volatilities finite and not negative
///   error    rounding of the difference of two total variances: 4 epsilon (w1 + w2) / (T2 - T1) for base
template <class Clock>
[[nodiscard]] EventVariances event_variances(EventModel model, const ExpiryVolatility<Clock>& near,
                                             const ExpiryVolatility<Clock>& far) noexcept {
  const double t1 = near.to_expiry.value, t2 = far.to_expiry.value, v1 = near.volatility, v2 = far.volatility;
  const bool in_domain =
      t1 > 0.0 && t2 > t1 && v1 >= 0.0 && v2 >= 0.0 && std::isfinite(t2) && std::isfinite(v1) && std::isfinite(v2);
  if (!in_domain) return {std::nan(""), std::nan("")};
  const double gap_of_squares = (v1 - v2) * (v1 + v2);
  if (model == EventModel::before_after) return {v1 * v1, -gap_of_squares * t2};
  return {(far.total_variance() - near.total_variance()) / (t2 - t1), gap_of_squares * t1 * t2 / (t2 - t1)};
}

/// Base volatility and event volatility, or which of the two variances is negative (base wins when both are).
template <class Clock>
[[nodiscard]] expected<EventSplit, EventFault> event_split(EventModel model, const ExpiryVolatility<Clock>& near,
                                                           const ExpiryVolatility<Clock>& far) noexcept {
  const EventVariances variances = event_variances(model, near, far);
  if (std::isnan(variances.base)) return unexpected(EventFault::invalid_input);
  if (variances.base < 0.0) return unexpected(EventFault::negative_base_variance);
  if (variances.event < 0.0) return unexpected(EventFault::negative_event_variance);
  return EventSplit{std::sqrt(variances.base), std::sqrt(variances.event)};
}

/// Implied volatility of an expiry that lies behind the event: sqrt(base^2 + s^2 / T); NaN when T is not positive.
template <class Clock>
[[nodiscard]] double volatility_with_event(const EventSplit& split, Years<Clock> to_expiry) noexcept {
  if (!(to_expiry.value > 0.0)) return std::nan("");
  return std::sqrt(split.sigma_base * split.sigma_base + split.sigma_event * split.sigma_event / to_expiry.value);
}
/// How much an expiry's implied volatility falls when the event has passed, at equal base volatility.
template <class Clock>
[[nodiscard]] double expected_crush(const EventSplit& split, Years<Clock> to_expiry) noexcept {
  return volatility_with_event(split, to_expiry) - split.sigma_base;
}

/// E|exp(Z) - 1| = 2 (2 Phi(s/2) - 1): the mean absolute percentage move that the event volatility implies.
[[nodiscard]] inline double expected_abs_move(double sigma_event) noexcept {
  return 2.0 * std::erf(sigma_event / (2.0 * std::numbers::sqrt2));
}
/// sqrt(2/pi) s: the mean absolute log move about its mean.
[[nodiscard]] inline double expected_abs_log_move(double sigma_event) noexcept {
  return sigma_event * std::numbers::sqrt2 * std::numbers::inv_sqrtpi;
}

}  // namespace alaris::inline v0
