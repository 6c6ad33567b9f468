// SPDX-License-Identifier: Apache-2.0
#pragma once
// The Black-Scholes-Merton formula on any number: what dual numbers differentiate and float shortens.

#include <cmath>

#include <alaris/core/option.hpp>
#include <alaris/numeric/number.hpp>

namespace alaris::inline v0 {

/// As BsmInputs, in any number.
template <real T>
struct BsmNumbers {
  T spot;
  T strike;
  T years;
  T rate;
  T yield;
  T volatility;
};

/// The textbook form. bsm_price is the one for doubles: this one subtracts, so far out of the money it keeps only its
/// absolute accuracy, and it has no value where years or volatility are 0.
///   source   Merton, Theory of Rational Option Pricing, 1973
///   domain   spot, strike, years, volatility positive
///   error    about (spot + strike) times the epsilon of T
template <real T>
[[nodiscard]] T bsm_formula(OptionType type, const BsmNumbers<T>& in) {
  using std::erfc;
  using std::exp;
  using std::log;
  using std::sqrt;
  const T w = type == OptionType::call ? T(1.0) : T(-1.0), half = T(0.5);
  const T minus_root_half = T(-1.0) / sqrt(T(2.0));
  const T stdev = in.volatility * sqrt(in.years);
  const T carry = in.rate - in.yield, stock = in.spot * exp(T(-in.yield * in.years));
  const T cash = in.strike * exp(T(-in.rate * in.years));
  const T d1 = (log(T(in.spot / in.strike)) + carry * in.years) / stdev + half * stdev;
  const T d2 = d1 - stdev;
  const T in_stock = stock * half * erfc(T(w * d1 * minus_root_half));
  const T in_cash = cash * half * erfc(T(w * d2 * minus_root_half));
  return w * (in_stock - in_cash);
}

}  // namespace alaris::inline v0
