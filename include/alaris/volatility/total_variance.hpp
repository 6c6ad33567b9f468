// SPDX-License-Identifier: Apache-2.0
#pragma once
// Volatility at a horizon that no expiry has (IV30), by total variance: volatility itself is not linear in time, and
// before an event a straight line between two volatilities gives 38.7 % where the truth is 36.58 %.

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <alaris/core/expected.hpp>
#include <alaris/core/time.hpp>

namespace alaris::inline v0 {

/// At-the-money volatility of one expiry, per square root of a year of its clock.
template <class Clock>
struct ExpiryVolatility {
  Years<Clock> to_expiry;
  double volatility;
  [[nodiscard]] constexpr double total_variance() const noexcept { return volatility * volatility * to_expiry.value; }
};

/// What a horizon outside the expiries gets: nothing, or the volatility of the nearest expiry.
enum class OutsideExpiries : std::uint8_t { refuse, nearest_volatility };

enum class TermFault : std::uint8_t { invalid_input, no_expiry, outside_expiries };

[[nodiscard]] constexpr std::string_view name(TermFault fault) noexcept {
  switch (fault) {
    case TermFault::invalid_input:
      return "invalid_input";
    case TermFault::no_expiry:
      return "no_expiry";
    case TermFault::outside_expiries:
      return "outside_expiries";
  }
  return "unknown";
}

/// Volatility at `horizon`: total variance linear between the neighbouring expiries.
///   domain   expiries strictly ascending and positive, volatilities finite and not negative, horizon positive
///   error    invalid_input, no_expiry, outside_expiries (only when asked to refuse)
///   note     total variance may fall between expiries (a mispriced pair); the line is drawn all the same
template <class Clock>
[[nodiscard]] expected<double, TermFault> volatility_at(std::span<const ExpiryVolatility<Clock>> expiries,
                                                        std::type_identity_t<Years<Clock>> horizon,
                                                        OutsideExpiries outside = OutsideExpiries::refuse) noexcept {
  if (!(horizon.value > 0.0) || !std::isfinite(horizon.value)) return unexpected(TermFault::invalid_input);
  if (expiries.empty()) return unexpected(TermFault::no_expiry);
  double previous = 0.0;
  for (const auto& expiry : expiries) {
    if (!(expiry.to_expiry.value > previous) || !(expiry.volatility >= 0.0) || !std::isfinite(expiry.volatility))
      return unexpected(TermFault::invalid_input);
    previous = expiry.to_expiry.value;
  }
  std::size_t after = 0;
  while (after < expiries.size() && expiries[after].to_expiry < horizon) ++after;
  if (after < expiries.size() && expiries[after].to_expiry == horizon) return expiries[after].volatility;
  if (after == 0 || after == expiries.size()) {
    if (outside == OutsideExpiries::refuse) return unexpected(TermFault::outside_expiries);
    return expiries[after == 0 ? 0 : after - 1].volatility;
  }
  const auto &near = expiries[after - 1], &far = expiries[after];
  const double weight = (horizon.value - near.to_expiry.value) / (far.to_expiry.value - near.to_expiry.value);
  return std::sqrt(((1.0 - weight) * near.total_variance() + weight * far.total_variance()) / horizon.value);
}

inline constexpr Years<Act365> thirty_days{30.0 / 365.0};
inline constexpr Years<Act365> forty_five_days{45.0 / 365.0};

/// Slope of the term structure per calendar day, (IV(45 d) - IV(first)) / (45 - d1), negative before an event.
///   source   a widely copied retail script (its limit: -0.00406); there IV(45 d) is linear in days, here in total
///            variance; beyond the last expiry its volatility
///   error    as volatility_at; outside_expiries when the first expiry is 45 days away or more
[[nodiscard]] inline expected<double, TermFault> term_slope_per_day(
    std::span<const ExpiryVolatility<Act365>> expiries) noexcept {
  if (!expiries.empty() && expiries.front().to_expiry >= forty_five_days)
    return unexpected(TermFault::outside_expiries);
  return volatility_at(expiries, forty_five_days, OutsideExpiries::nearest_volatility).transform([&](double far) {
    return (far - expiries.front().volatility) / (45.0 - 365.0 * expiries.front().to_expiry.value);
  });
}

}  // namespace alaris::inline v0
