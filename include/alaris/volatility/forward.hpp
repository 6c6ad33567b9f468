// SPDX-License-Identifier: Apache-2.0
#pragma once
// The forward, the discount and the borrow that the options of one expiry imply: call minus put is a straight line in
// the strike, C - P = discount (forward - strike), fitted so that a few wrong quotes do not matter.
//   sources  Tukey's bisquare by iterated weights: Beaton & Tukey, Technometrics 16(2), 1974; start: median of paired
//            slopes, Theil, 1950. American quotes: give the early-exercise difference, or stay near the money.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <alaris/core/expected.hpp>
#include <alaris/core/time.hpp>
#include <alaris/numeric/least_squares.hpp>

namespace alaris::inline v0 {

/// Both rights at one strike, dollars per share.
struct ForwardQuote {
  double strike;
  double call_bid;
  double call_ask;
  double put_bid;
  double put_ask;
  double early_exercise = 0.0;  // premium of the American call over its European twin, minus that of the put
};

enum class ForwardFault : std::uint8_t { invalid_input, too_few_strikes, no_agreement };

[[nodiscard]] constexpr std::string_view name(ForwardFault fault) noexcept {
  switch (fault) {
    case ForwardFault::invalid_input:
      return "invalid_input";
    case ForwardFault::too_few_strikes:
      return "too_few_strikes";
    case ForwardFault::no_agreement:
      return "no_agreement";
  }
  return "unknown";
}

/// Errors are standard errors: from the quotes' widths (a flat density between bid and ask), widened when the strikes
/// disagree by more. The band is 95 %; executable_* is where no strike offers a conversion or a reversal.
struct ImpliedForward {
  double forward;
  double forward_error;
  double discount;
  double discount_error;  // 0 when the discount was given
  double lower;
  double upper;
  double executable_lower;
  double executable_upper;
  std::size_t used;      // strikes that kept a weight
  std::size_t rejected;  // two-sided quotes too far from the line
};

namespace detail {
[[nodiscard]] inline double median_of(std::vector<double>& values) noexcept {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}
struct ForwardPoint {
  double strike;
  double gap;    // call minus put, European
  double error;  // its standard deviation
  double low;    // call bid minus put ask
  double high;   // call ask minus put bid
};
}  // namespace detail

/// Fits the strikes with both sides quoted (others are passed over).
///   discount   given, or fitted as well when empty
///   tick       the narrowest width a quote is believed to have
///   error      too_few_strikes (two, or four when the discount is fitted); invalid_input (discount not positive, a
///   quote
///              or premium infinite); no_agreement when fewer than half of the strikes lie on the line
[[nodiscard]] inline expected<ImpliedForward, ForwardFault> implied_forward(std::span<const ForwardQuote> quotes,
                                                                            std::optional<double> discount = {},
                                                                            double tick = 0.01) {
  if (discount && (!(*discount > 0.0) || !std::isfinite(*discount))) return unexpected(ForwardFault::invalid_input);
  std::vector<detail::ForwardPoint> points;
  for (const ForwardQuote& q : quotes) {
    const bool two_sided = q.strike > 0.0 && q.call_bid >= 0.0 && q.call_ask > 0.0 && q.call_ask >= q.call_bid &&
                           q.put_bid >= 0.0 && q.put_ask > 0.0 && q.put_ask >= q.put_bid;
    if (!two_sided) continue;
    const double gap = 0.5 * (q.call_bid + q.call_ask - q.put_bid - q.put_ask) - q.early_exercise;
    if (!std::isfinite(gap)) return unexpected(ForwardFault::invalid_input);
    const double width = std::hypot(std::max(q.call_ask - q.call_bid, tick), std::max(q.put_ask - q.put_bid, tick));
    points.push_back({q.strike, gap, width / std::sqrt(12.0), q.call_bid - q.put_ask - q.early_exercise,
                      q.call_ask - q.put_bid - q.early_exercise});
  }
  const std::size_t n = points.size(), parameters = discount ? 1 : 2;
  if (n < 2 * parameters) return unexpected(ForwardFault::too_few_strikes);
  std::sort(points.begin(), points.end(), [](const auto& a, const auto& b) { return a.strike < b.strike; });

  // A start that a quarter of wrong strikes cannot move: median slope of strikes half the list apart, median level.
  std::vector<double> scratch;
  double slope = discount ? *discount : 0.0;
  if (!discount) {
    for (std::size_t i = 0; i + n / 2 < n; ++i) {
      const auto &near = points[i], &far = points[i + n / 2];
      if (far.strike > near.strike) scratch.push_back((near.gap - far.gap) / (far.strike - near.strike));
    }
    if (scratch.empty()) return unexpected(ForwardFault::too_few_strikes);
    slope = detail::median_of(scratch);
  }
  const auto levels = [&](double d) {
    scratch.clear();
    for (const auto& point : points) scratch.push_back(point.gap + d * point.strike);
    return detail::median_of(scratch);
  };
  double level = levels(slope);  // discount * forward

  // Strikes are measured from their middle, so that level and slope hardly depend on each other.
  const double middle = points[n / 2].strike;
  double scale = 1.0;
  LeastSquaresSolution<2> solution;
  const auto weight_of = [&](const detail::ForwardPoint& point) {
    const double miss = (point.gap - (level - slope * point.strike)) / (4.685 * scale * point.error);
    const double inside = 1.0 - miss * miss;
    return std::fabs(miss) < 1.0 ? inside * inside : 0.0;
  };
  for (int pass = 0; pass < 12; ++pass) {
    scratch.clear();
    for (const auto& point : points)
      scratch.push_back(std::fabs(point.gap - (level - slope * point.strike)) / point.error);
    scale = std::max(1.4826 * detail::median_of(scratch), 1.0);
    LeastSquares<2> squares(parameters);
    for (const auto& point : points) {
      const double weight = weight_of(point) / (point.error * point.error);
      const double y = discount ? point.gap + slope * (point.strike - middle) : point.gap;
      squares.add({1.0, middle - point.strike}, y, weight);
    }
    const auto solved = squares.solve();
    if (!solved) return unexpected(ForwardFault::no_agreement);
    solution = *solved;
    if (!discount) slope = solution.coefficients[1];
    level = solution.coefficients[0] + slope * middle;
  }
  std::size_t used = 0;
  double low = -HUGE_VAL, high = HUGE_VAL;
  for (const auto& point : points) {
    if (weight_of(point) <= 0.0) continue;
    ++used;
    low = std::max(low, point.strike + point.low / slope);
    high = std::min(high, point.strike + point.high / slope);
  }
  if (2 * used < n || used < 2 * parameters || !(slope > 0.0)) return unexpected(ForwardFault::no_agreement);
  const double widen = std::sqrt(std::max(1.0, solution.weighted_residuals / static_cast<double>(used - parameters)));
  const auto& v = solution.covariance;
  const double forward = level / slope;
  // forward - middle = c0 / c1: to first order its variance is that of (c0 - (forward - middle) c1) / c1.
  const double arm = discount ? 0.0 : forward - middle;
  const double error = widen * std::sqrt(v[0][0] - 2.0 * arm * v[0][1] + arm * arm * v[1][1]) / slope;
  return ImpliedForward{.forward = forward,
                        .forward_error = error,
                        .discount = slope,
                        .discount_error = discount ? 0.0 : widen * std::sqrt(v[1][1]),
                        .lower = forward - 1.96 * error,
                        .upper = forward + 1.96 * error,
                        .executable_lower = low,
                        .executable_upper = high,
                        .used = used,
                        .rejected = n - used};
}

/// What the forward says the stock costs to borrow, per year: forward = (spot - dividends) exp((rate - borrow) T).
///   domain   forward, spot - dividends and T positive; otherwise NaN
struct BorrowInputs {
  double forward;
  double spot;
  double present_dividends;
  double rate;
  Years<Act365> to_expiry;
};
[[nodiscard]] inline double implied_borrow(const BorrowInputs& in) noexcept {
  if (!(in.forward > 0.0) || !(in.spot > in.present_dividends) || !(in.to_expiry.value > 0.0)) return std::nan("");
  return in.rate - std::log(in.forward / (in.spot - in.present_dividends)) / in.to_expiry.value;
}

}  // namespace alaris::inline v0
