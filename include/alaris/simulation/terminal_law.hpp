// SPDX-License-Identifier: Apache-2.0
#pragma once
// The law of a simulated stock at an expiry and the European prices it gives, by cosine expansion of its density: the
// same square-root variance and the same jumps as the path, so that quotes are fair bets on the path.
//   sources  Heston, Review of Financial Studies 6(2), 1993; Albrecher, Mayer, Schoutens & Tistaert, Wilmott, January
//            2007 (the form of the characteristic function without branch crossings); Fang & Oosterlee, SIAM J. Sci.
//            Comput. 31(2), 2008 (cosine expansion)

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>

#include <alaris/core/expects.hpp>
#include <alaris/core/time.hpp>
#include <alaris/simulation/variance.hpp>

namespace alaris::inline v0 {

/// ln(X at expiry / forward): varying variance from `factor` over `span`, constant variance, and normal jumps.
struct TerminalLaw {
  SquareRootVariance model;
  double factor;
  Years<TradingTime> span;
  double jump_variance;  // sum of sigma^2 of the earnings jumps before expiry

  /// Expected total variance: what an at-the-money option prices, nearly.
  [[nodiscard]] double total_variance() const noexcept { return model.expected_integral(factor, span) + jump_variance; }
};

namespace detail {

/// Just enough complex arithmetic, without the special cases that std::complex must honour.
struct Complex {
  double re, im;
  friend Complex operator+(Complex a, Complex b) noexcept { return {a.re + b.re, a.im + b.im}; }
  friend Complex operator-(Complex a, Complex b) noexcept { return {a.re - b.re, a.im - b.im}; }
  friend Complex operator*(Complex a, Complex b) noexcept {
    return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
  }
  friend Complex operator*(double s, Complex a) noexcept { return {s * a.re, s * a.im}; }
  friend Complex operator/(Complex a, Complex b) noexcept {
    const double inverse = 1.0 / (b.re * b.re + b.im * b.im);
    return {(a.re * b.re + a.im * b.im) * inverse, (a.im * b.re - a.re * b.im) * inverse};
  }
};
/// The root with a positive real part; the domain here has re > 0.
[[nodiscard]] inline Complex sqrt(Complex a) noexcept {
  const double re = std::sqrt(0.5 * (std::sqrt(a.re * a.re + a.im * a.im) + a.re));
  return {re, a.im / (2.0 * re)};
}
[[nodiscard]] inline Complex exp(Complex a) noexcept {
  const double size = std::exp(a.re);
  return {size * std::cos(a.im), size * std::sin(a.im)};
}
[[nodiscard]] inline Complex log(Complex a) noexcept {
  return {0.5 * std::log(a.re * a.re + a.im * a.im), std::atan2(a.im, a.re)};
}

/// Logarithm of E[exp(i u ln(X/F))], u > 0.
[[nodiscard]] inline Complex log_characteristic(const TerminalLaw& law, double u) noexcept {
  const auto& [constant, mean, reversion, vol, leverage] = law.model;
  const double t = law.span.value, v2 = vol * vol;
  const Complex convexity{u * u, u};  // u^2 + i u
  const Complex xi{reversion, -leverage * vol * u};
  const Complex d = sqrt(xi * xi + v2 * convexity), g = (xi - d) / (xi + d), decay = exp(-t * d);
  const Complex one{1.0, 0.0}, damped = one - g * decay;
  const Complex by_factor = (1.0 / v2) * ((xi - d) * (one - decay) / damped);
  const Complex by_mean = (reversion * mean / v2) * (t * (xi - d) - 2.0 * log(damped / (one - g)));
  return by_mean + law.factor * by_factor - 0.5 * (constant * t + law.jump_variance) * convexity;
}

}  // namespace detail

/// European puts of one expiry on a forward of 1.
///   domain   total variance above 1e-8
///   error    absolute 1e-9 of the forward, against twice the range and the terms it needs (tests/simulation)
///   cost     one characteristic function per term (30 to 120 terms), then a sum per strike; no allocation
class CosineSmile {
 public:
  explicit CosineSmile(const TerminalLaw& law, double width = 10.0, double cutoff = 22.0) noexcept {
    const double w = law.total_variance(), root = std::sqrt(w);
    ALARIS_EXPECTS(w > 1e-8);
    low_ = -0.5 * w - width * root;
    const double range = 2.0 * width * root - 2.0 * width * root / 8.0;
    step_ = std::numbers::pi / range;
    scale_ = 2.0 / range;
    sine_[0] = cosine_[0] = 0.0;
    half_first_ = 0.5;
    double constant = 0.5;
    for (count_ = 1; count_ < terms; ++count_) {
      const double u = static_cast<double>(count_) * step_;
      detail::Complex value = detail::log_characteristic(law, u);
      if (value.re < -cutoff) break;
      value.im -= u * low_;
      const double term = std::exp(value.re) * std::cos(value.im) / (1.0 + u * u);
      cosine_[count_] = term;
      sine_[count_] = term / u;
      constant += term;
    }
    constant_ = constant * std::exp(low_);
  }

  /// Undiscounted put prices on strikes relative to the forward; also never below intrinsic and never negative.
  void puts(std::span<const double> strikes, std::span<double> prices) const noexcept {
    ALARIS_EXPECTS(strikes.size() == prices.size());
    for (std::size_t i = 0; i < strikes.size(); i += 2) {
      const std::size_t j = i + 1 < strikes.size() ? i + 1 : i;
      const double at_i = std::log(strikes[i]) - low_, at_j = std::log(strikes[j]) - low_;
      const auto [first, second] = sums(at_i, at_j);
      prices[i] = price(strikes[i], at_i, first);
      prices[j] = price(strikes[j], at_j, second);
    }
  }
  [[nodiscard]] double put(double strike) const noexcept {
    double out = 0.0;
    puts({&strike, 1}, {&out, 1});
    return out;
  }
  [[nodiscard]] std::size_t terms_used() const noexcept { return count_; }

 private:
  static constexpr std::size_t terms = 512;
  struct Pair {
    double first, second;
  };

  [[nodiscard]] double price(double strike, double above_low, double sum) const noexcept {
    const double intrinsic = strike > 1.0 ? strike - 1.0 : 0.0;
    if (!(above_low > 0.0) || above_low * step_ > std::numbers::pi) return intrinsic;
    const double value = scale_ * (strike * (half_first_ * (above_low - 1.0) + sum) + constant_);
    return value > intrinsic ? value : intrinsic;
  }
  /// sum of sine_k sin(k x) - cosine_k cos(k x) at two points side by side (Clenshaw).
  [[nodiscard]] Pair sums(double first_at, double second_at) const noexcept {
    const double x = first_at * step_, y = second_at * step_;
    const double cx = std::cos(x), cy = std::cos(y), tx = 2.0 * cx, ty = 2.0 * cy;
    double sx1 = 0, sx2 = 0, cx1 = 0, cx2 = 0, sy1 = 0, sy2 = 0, cy1 = 0, cy2 = 0;
    for (std::size_t k = count_ - 1; k >= 1; --k) {
      const double s = sine_[k], c = cosine_[k];
      const double sx = tx * sx1 + (s - sx2), ccx = tx * cx1 + (c - cx2);
      const double sy = ty * sy1 + (s - sy2), ccy = ty * cy1 + (c - cy2);
      sx2 = sx1, sx1 = sx, cx2 = cx1, cx1 = ccx;
      sy2 = sy1, sy1 = sy, cy2 = cy1, cy1 = ccy;
    }
    return {sx1 * std::sin(x) - (cx1 * cx - cx2), sy1 * std::sin(y) - (cy1 * cy - cy2)};
  }

  double low_ = 0, step_ = 0, scale_ = 0, half_first_ = 0, constant_ = 0;
  std::size_t count_ = 0;
  std::array<double, terms> sine_, cosine_;
};

}  // namespace alaris::inline v0
