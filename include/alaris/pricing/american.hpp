// SPDX-License-Identifier: Apache-2.0
#pragma once
// The words every engine for American options shares: what is priced, what happens before expiry, what comes out.

#include <algorithm>
#include <cmath>

#include <alaris/core/option.hpp>

namespace alaris::inline v0 {

/// One option on one share. Rates are continuous, per year of `years`; yields are continuous (cash dividends apart).
struct AmericanInputs {
  OptionType type;
  double spot;        // dollars per share, > 0
  double strike;      // same, > 0
  double years;       // to expiry, >= 0
  double rate;        // continuous, per year, any sign
  double yield;       // continuous dividend yield or borrow fee, per year, any sign
  double volatility;  // per square root of a year, >= 0
};

/// A cash dividend: the share falls by `amount` (never below 0) at `years` from now; a holder may exercise just before.
struct CashDividend {
  double years;
  double amount;  // dollars per share, >= 0
};

/// Which part of the share is lognormal between dividends: all of it (spot), or what is left without the present value
/// of the dividends to come (escrowed; dearer out-of-the-money puts with the same volatility are one of its artefacts).
enum class DividendModel : unsigned char { spot, escrowed };

/// A known instant at which the logarithm of the share jumps by a normal of this variance (an earnings release).
struct EventVariance {
  double years;
  double variance;  // sigma_e^2, not annualised, >= 0
};

/// Theta is per year of calendar time (negative for most long options). Outside the domain every member is NaN.
struct AmericanValue {
  double price;
  double delta;  // d price / d spot
  double gamma;  // d2 price / d spot2
  double theta;  // d price / d calendar year
};

/// What exercise pays now.
[[nodiscard]] inline double exercise_value(const AmericanInputs& in) noexcept {
  return std::max(sign(in.type) * (in.spot - in.strike), 0.0);
}

/// The domain of every American engine: finite numbers, spot and strike positive, years and volatility not negative.
[[nodiscard]] inline bool priceable(const AmericanInputs& in) noexcept {
  return in.spot > 0.0 && in.strike > 0.0 && in.years >= 0.0 && in.volatility >= 0.0 && std::isfinite(in.spot) &&
         std::isfinite(in.strike) && std::isfinite(in.years) && std::isfinite(in.rate) && std::isfinite(in.yield) &&
         std::isfinite(in.volatility);
}

/// Where early exercise can be optimal between cash dividends. A put: never when r <= 0 and q >= r; below one boundary
/// when r > 0 or r = 0 > q; between two when q < r < 0. A call: the same with r and q exchanged.
enum class ExerciseRegion : unsigned char { never, one_boundary, two_boundaries };

[[nodiscard]] inline ExerciseRegion exercise_region(const AmericanInputs& in) noexcept {
  const double carry = in.type == OptionType::put ? in.rate : in.yield;
  const double other = in.type == OptionType::put ? in.yield : in.rate;
  if (carry > 0.0 || (carry == 0.0 && other < 0.0)) return ExerciseRegion::one_boundary;
  return other < carry ? ExerciseRegion::two_boundaries : ExerciseRegion::never;
}

}  // namespace alaris::inline v0
