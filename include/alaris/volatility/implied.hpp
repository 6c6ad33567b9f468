// SPDX-License-Identifier: Apache-2.0
#pragma once
// The volatility that a European price implies, or the reason why none does.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>

#include <alaris/core/expected.hpp>
#include <alaris/pricing/black.hpp>

namespace alaris::inline v0 {

/// Names are the status words of the calculators.
enum class VolError : std::uint8_t {
  below_intrinsic,
  above_bound,
  no_vega,
  invalid_input,
  not_converged,
  at_intrinsic
};

[[nodiscard]] constexpr std::string_view name(VolError error) noexcept {
  switch (error) {
    case VolError::below_intrinsic:
      return "below_intrinsic";
    case VolError::above_bound:
      return "above_bound";
    case VolError::no_vega:
      return "no_vega";
    case VolError::invalid_input:
      return "invalid_input";
    case VolError::not_converged:
      return "not_converged";
    case VolError::at_intrinsic:
      return "at_intrinsic";
  }
  return "unknown";
}

struct QuotedEuropean {
  OptionType type;
  double price;  // dollars per share
  double forward;
  double strike;
  double discount;  // (0, 1]
};

/// Total standard deviation (volatility * sqrt(years)) that reproduces the price: Newton on the logarithm of the
/// out-of-the-money value inside a bracket that always shrinks.
[[nodiscard]] inline expected<double, VolError> implied_total_stdev(const QuotedEuropean& quote) noexcept {
  const OptionType type = quote.type;
  const double price = quote.price, forward = quote.forward, strike = quote.strike, discount = quote.discount;
  if (!(price >= 0.0) || !(forward > 0.0) || !(strike > 0.0) || !(discount > 0.0) || !std::isfinite(price) ||
      !std::isfinite(forward) || !std::isfinite(strike) || !std::isfinite(discount))
    return unexpected(VolError::invalid_input);
  const double undiscounted = price / discount;
  const double intrinsic = std::max(sign(type) * (forward - strike), 0.0);
  const double target = undiscounted - intrinsic, bound = std::min(forward, strike);
  if (target < 0.0) return unexpected(VolError::below_intrinsic);
  if (target == 0.0) return unexpected(VolError::at_intrinsic);
  if (target >= bound) return unexpected(VolError::above_bound);
  const OptionType out = forward <= strike ? OptionType::call : OptionType::put;
  double low = 0.0, high = 1.0;
  const auto value = [&](double s) { return black_price(out, {forward, strike, s, 1.0}); };
  while (value(high) < target) {
    low = high;
    if ((high *= 2.0) > 128.0) return unexpected(VolError::above_bound);
  }
  double s = std::clamp(std::sqrt(2.0 * std::fabs(std::log(forward / strike))), low + 0.1 * (high - low), high);
  for (int i = 0; i < 200; ++i) {
    const double at = value(s);
    (at < target ? low : high) = s;
    if (at == target || !(high - low > 4e-16 * high)) return s;
    const double vega = black_vega({forward, strike, s, 1.0}, 1.0);
    const double next = s - at / vega * std::log(at / target);
    const double step = next > low && next < high ? next : 0.5 * (low + high);
    if (std::fabs(step - s) <= 2e-16 * s) return step;
    s = step;
  }
  return s;
}

}  // namespace alaris::inline v0
