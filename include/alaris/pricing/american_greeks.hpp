// SPDX-License-Identifier: Apache-2.0
#pragma once
// All Greeks of an American option from any engine, and the engine that chooses the method by what is priced.

#include <algorithm>
#include <cmath>
#include <concepts>
#include <optional>
#include <span>

#include <alaris/pricing/american.hpp>
#include <alaris/pricing/american_cash_dividends.hpp>
#include <alaris/pricing/american_continuous.hpp>

namespace alaris::inline v0 {

/// Anything that prices AmericanInputs and says how far an input must move for a difference of prices to be a
/// derivative: bump is the share of the volatility, and five times the change of a rate over up to one year.
template <class E>
concept american_engine = requires(const E& engine, const AmericanInputs& in) {
  { engine(in) } -> std::convertible_to<AmericanValue>;
  { E::bump } -> std::convertible_to<double>;
};

/// Continuous yield, by collocation.
template <class Level = AccurateLevel>
struct ContinuousEngine {
  static constexpr double bump = 1e-3;
  [[nodiscard]] AmericanValue operator()(const AmericanInputs& in) const noexcept { return american_price<Level>(in); }
};

/// Cash dividends and an event, by finite differences. The dividends must outlive the engine.
template <class Grid = ProductionGrid>
struct DividendEngine {
  static constexpr double bump = 1e-2;  // the grid moves with the inputs
  std::span<const CashDividend> dividends{};
  std::optional<EventVariance> event{};
  [[nodiscard]] AmericanValue operator()(const AmericanInputs& in) const noexcept {
    return american_with_dividends<Grid>(in, dividends, event);
  }
};

/// Collocation when nothing but a continuous yield is in the way, finite differences otherwise.
template <class Level = FastLevel, class Grid = ProductionGrid>
struct AmericanEngine {
  static constexpr double bump = 1e-2;
  std::span<const CashDividend> dividends{};
  std::optional<EventVariance> event{};
  [[nodiscard]] AmericanValue operator()(const AmericanInputs& in) const noexcept {
    const auto matters = [&](double years) { return years > 0.0 && years <= in.years; };
    bool plain = !(event && matters(event->years));
    for (const CashDividend& d : dividends) plain = plain && !matters(d.years) && d.amount >= 0.0;
    return plain ? american_price<Level>(in) : american_with_dividends<Grid>(in, dividends, event);
  }
};

/// Vega per 1.00 of volatility, rho and dividend rho per 1.00 of rate and yield, theta per calendar year.
struct AmericanGreeks {
  double price, delta, gamma, theta, vega, rho, dividend_rho;
};

namespace detail {
/// Central difference of fourth order.
template <american_engine Engine>
double price_slope(const Engine& engine, AmericanInputs in, double AmericanInputs::*input, double step) noexcept {
  const double centre = in.*input;
  const auto at = [&](double moved) {
    in.*input = centre + moved;
    const AmericanValue value = engine(in);
    return value.price;
  };
  return (8.0 * (at(step) - at(-step)) - (at(2.0 * step) - at(-2.0 * step))) / (12.0 * step);
}
}  // namespace detail

/// Delta, gamma and theta as the engine gives them; vega, rho and dividend rho by differences of its prices (twelve
/// more valuations). NaN in, NaN out; vega is NaN at volatility 0.
template <american_engine Engine = AmericanEngine<>>
[[nodiscard]] AmericanGreeks american_greeks(const AmericanInputs& in, const Engine& engine = {}) noexcept {
  const AmericanValue value = engine(in);
  // The error of the difference is step^4 of the fifth derivative, that of the prices is divided by the step.
  const double rate_step = 0.2 * Engine::bump / std::max(1.0, in.years);
  return {value.price,
          value.delta,
          value.gamma,
          value.theta,
          detail::price_slope(engine, in, &AmericanInputs::volatility, Engine::bump * in.volatility),
          detail::price_slope(engine, in, &AmericanInputs::rate, rate_step),
          detail::price_slope(engine, in, &AmericanInputs::yield, rate_step)};
}

}  // namespace alaris::inline v0
