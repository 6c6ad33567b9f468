// SPDX-License-Identifier: Apache-2.0
#pragma once
// Put-call parity on executable quotes: the equality of European options, the bounds of American ones, and by how much
// the quotes break them. Fair quotes at any rate and any dividend give exactly 0; parity without rates and dividends
// would report 11 to 19 % on fair quotes at 5 % and 30 to 90 days.
//   sources  Stoll, J. Finance 24(5), 1969; American bounds: Merton, J. Finance 28(1), 1973
//   units    dollars per share, years Act/365, continuous rates
//   error    1e-12 relative or 1e-14 of the spot on tests/reference/parity.csv and parity_american.csv

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <alaris/core/option.hpp>
#include <alaris/core/time.hpp>

namespace alaris::inline v0 {

/// One strike of one expiry with its underlying.
struct ParityQuotes {
  double spot_bid;
  double spot_ask;
  double strike;
  Years<Act365> to_expiry;
  double rate;
  double dividend_yield = 0.0;     // continuous; a borrow fee adds to it
  double present_dividends = 0.0;  // cash dividends with 0 < t <= T, discounted at `rate`
  double call_bid;
  double call_ask;
  double put_bid;
  double put_ask;
};

/// Where call minus put must lie, and by how much it does not. Both violations are 0 for fair quotes.
///   violation_lower   buying the call and selling the put, against stock sold short: (lower - (C_ask - P_bid))+
///   violation_upper   selling the call and buying the put, against stock bought: ((C_bid - P_ask) - upper)+
struct ParityBounds {
  double lower;
  double upper;
  double violation_lower;
  double violation_upper;
};

namespace detail {
[[nodiscard]] inline bool parity_domain(const ParityQuotes& q) noexcept {
  for (const double number :
       {q.spot_ask, q.strike, q.to_expiry.value, q.rate, q.dividend_yield, q.present_dividends, q.call_ask, q.put_ask})
    if (!std::isfinite(number)) return false;
  return q.spot_bid > 0.0 && q.spot_ask >= q.spot_bid && q.strike > 0.0 && q.to_expiry.value >= 0.0 &&
         q.present_dividends >= 0.0 && q.call_bid >= 0.0 && q.call_ask >= q.call_bid && q.put_bid >= 0.0 &&
         q.put_ask >= q.put_bid;
}
}  // namespace detail

/// European: S e^{-qT} - PV(D) - K e^{-rT} at the bid and at the ask. American: the lower end also allows the put to be
/// exercised at any time, the upper end the call: S_bid min(1, e^{-qT}) - PV(D) - max(K, K e^{-rT}) and
/// S_ask max(1, e^{-qT}) - min(K, K e^{-rT}) (dividends do not lower it).
///   domain   positive spot and strike, T >= 0, PV(D) >= 0, 0 <= bid <= ask everywhere; otherwise all NaN
[[nodiscard]] inline ParityBounds parity_bounds(ExerciseStyle style, const ParityQuotes& quotes) noexcept {
  if (!detail::parity_domain(quotes)) {
    const double none = std::nan("");
    return {none, none, none, none};
  }
  const double years = quotes.to_expiry.value, discount = std::exp(-quotes.rate * years),
               carry = std::exp(-quotes.dividend_yield * years), paid = quotes.strike * discount;
  ParityBounds bounds{};
  if (style == ExerciseStyle::european) {
    bounds.lower = quotes.spot_bid * carry - quotes.present_dividends - paid;
    bounds.upper = quotes.spot_ask * carry - quotes.present_dividends - paid;
  } else {
    bounds.lower = quotes.spot_bid * std::min(1.0, carry) - quotes.present_dividends - std::max(quotes.strike, paid);
    bounds.upper = quotes.spot_ask * std::max(1.0, carry) - std::min(quotes.strike, paid);
  }
  bounds.violation_lower = std::max(bounds.lower - (quotes.call_ask - quotes.put_bid), 0.0);
  bounds.violation_upper = std::max((quotes.call_bid - quotes.put_ask) - bounds.upper, 0.0);
  return bounds;
}

/// The larger violation over the larger of the two midpoints: what a data check compares with 2 %. NaN outside the
/// domain or when both midpoints are 0.
[[nodiscard]] inline double relative_parity_violation(ExerciseStyle style, const ParityQuotes& quotes) noexcept {
  const ParityBounds bounds = parity_bounds(style, quotes);
  const double larger_mid = 0.5 * std::max(quotes.call_bid + quotes.call_ask, quotes.put_bid + quotes.put_ask);
  return larger_mid > 0.0 ? std::max(bounds.violation_lower, bounds.violation_upper) / larger_mid : std::nan("");
}

/// What the violations of one expiry mean together.
///   consistent       none above the tolerance
///   hard_to_borrow   lower violations at three or more strikes that one borrow rate of at most 100 % a year explains
///   real             one side broken at three or more strikes and no borrow rate explains it
///   bad_data         broken at one or two strikes only, or not judgeable at some strike
enum class ParityGrade : std::uint8_t { consistent, hard_to_borrow, real, bad_data };

[[nodiscard]] constexpr std::string_view name(ParityGrade grade) noexcept {
  switch (grade) {
    case ParityGrade::consistent:
      return "consistent";
    case ParityGrade::hard_to_borrow:
      return "hard_to_borrow";
    case ParityGrade::real:
      return "real";
    case ParityGrade::bad_data:
      return "bad_data";
  }
  return "unknown";
}

struct ParityFinding {
  ParityGrade grade;
  double borrow;  // smallest rate a year that explains everything, for hard_to_borrow; else 0
  std::size_t lower_violations;
  std::size_t upper_violations;
};

/// Grades the strikes of one expiry; `tolerance` is a fraction of the larger midpoint. Bisects the borrow rate to 1e-6.
[[nodiscard]] inline ParityFinding grade_parity(ExerciseStyle style, std::span<const ParityQuotes> strikes,
                                                double tolerance = 0.02) noexcept {
  bool judged = true;
  const auto broken = [&](double borrow) {
    ParityFinding found{ParityGrade::consistent, borrow, 0, 0};
    for (ParityQuotes quotes : strikes) {
      quotes.dividend_yield += borrow;
      const double allowed =
          tolerance * 0.5 * std::max(quotes.call_bid + quotes.call_ask, quotes.put_bid + quotes.put_ask);
      const ParityBounds bounds = parity_bounds(style, quotes);
      judged = judged && bounds.lower <= bounds.upper;
      found.lower_violations += bounds.violation_lower > allowed;
      found.upper_violations += bounds.violation_upper > allowed;
    }
    return found;
  };
  ParityFinding found = broken(0.0);
  if (!judged) {
    found.grade = ParityGrade::bad_data;
    return found;
  }
  if (found.lower_violations + found.upper_violations == 0) return found;
  if (std::max(found.lower_violations, found.upper_violations) < 3) {
    found.grade = ParityGrade::bad_data;
    return found;
  }
  found.grade = ParityGrade::real;
  if (found.lower_violations < 3 || broken(1.0).lower_violations > 0) return found;
  double low = 0.0, high = 1.0;  // lower violations only fall as borrowing gets dearer
  while (high - low > 1e-6) {
    const double middle = 0.5 * (low + high);
    (broken(middle).lower_violations > 0 ? low : high) = middle;
  }
  if (broken(high).upper_violations == 0) {
    found.grade = ParityGrade::hard_to_borrow;
    found.borrow = high;
  }
  return found;
}

}  // namespace alaris::inline v0
