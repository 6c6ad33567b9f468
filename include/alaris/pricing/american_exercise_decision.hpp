// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an owner of an American option who errs in nothing does tonight: exercise, or wait. The optimal-exercise
// boundary decides where the share pays nothing before expiry; with cash dividends the value of waiting does.
//   source   R. Merton, Bell J. Econ. 4, 1973 (a call is exercised just before an ex-date or not at all); the boundary
//   of
//            american_boundary.hpp; finite differences of american_cash_dividends.hpp
//   error    prices on the boundary within 4e-5 of the strike (FastLevel); with dividends the grid's, about 1e-4 of the
//   strike

#include <cmath>
#include <limits>
#include <span>

#include <alaris/pricing/american_cash_dividends.hpp>
#include <alaris/pricing/american_continuous.hpp>
#include <alaris/pricing/american_early_exercise.hpp>

namespace alaris::inline v0 {

/// Whether exercising now is optimal.
///   in         years to expiry, > 0; in.yield is the borrow fee
///   dividends  to come; one whose `years` is 0 goes ex before the holder is asked again
///   answer     false where the inputs are outside the domain: nobody exercises on what nobody knows
[[nodiscard]] inline bool exercised_now(const AmericanInputs& in, std::span<const CashDividend> dividends) noexcept {
  const double pays = exercise_value(in);
  if (!priceable(in) || !(in.years > 0.0) || !(pays > 0.0)) return false;
  double imminent = 0.0;
  bool later = false;
  for (const CashDividend& d : dividends) {
    if (!(d.amount >= 0.0) || !std::isfinite(d.amount + d.years)) return false;
    if (d.years == 0.0) imminent += d.amount;
    later = later || (d.years > 0.0 && d.years <= in.years && d.amount > 0.0);
  }
  if (in.type == OptionType::call && imminent == 0.0 && in.rate >= 0.0 && in.yield <= 0.0) return false;
  if (in.type == OptionType::put && imminent == 0.0 && !later && in.rate > 0.0 && in.volatility > 0.0 &&
      in.yield == 0.0) {
    const auto boundary = exercise_boundary<FastLevel>(
        {.years = in.years, .rate = in.rate, .yield = in.yield, .volatility = in.volatility});
    return in.spot <= in.strike * boundary.critical_spot();
  }
  AmericanInputs after = in;
  after.spot -= imminent;
  if (!(after.spot > 0.0)) return in.type == OptionType::call;
  const double waiting = american_with_dividends(after, dividends).price;
  // The grid's rounding on the straight line; it moves the boundary by a few hundredths of a dollar on a strike of 100.
  return waiting <= pays + (in.type == OptionType::put ? 1e-6 * in.strike : 0.0);
}

}  // namespace alaris::inline v0
