// SPDX-License-Identifier: Apache-2.0
#pragma once
// Price and every derivative up to third order of a European option that a desk has a name for, in closed form.

#include <cmath>
#include <limits>

#include <alaris/core/option.hpp>
#include <alaris/numeric/normal.hpp>
#include <alaris/pricing/bsm.hpp>

namespace alaris::inline v0 {

/// V price, S spot, K strike, s volatility (per 1.00), r rate, q yield (per 1.00), t calendar time in years (so that
/// theta of a long option is negative).
struct BsmGreeks {
  double price;
  double delta;       // dV/dS
  double gamma;       // d2V/dS2
  double vega;        // dV/ds
  double theta;       // dV/dt
  double rho;         // dV/dr
  double epsilon;     // dV/dq
  double vanna;       // d2V/dS ds
  double charm;       // d2V/dS dt
  double volga;       // d2V/ds2
  double veta;        // d2V/ds dt
  double speed;       // d3V/dS3
  double zomma;       // d3V/dS2 ds
  double color;       // d3V/dS2 dt
  double ultima;      // d3V/ds3
  double vera;        // d2V/dr ds
  double dual_delta;  // dV/dK
  double dual_gamma;  // d2V/dK2
};

namespace detail {

/// The part that depends on where the option finishes alone; all of it when nothing is random any more. The option
/// finishes in the money with probability Phi(d_stock) measured in shares and Phi(d_cash) measured in dollars.
[[nodiscard]] inline BsmGreeks bsm_finish(const BsmInputs& in, double yield_factor, double discount, double d_stock,
                                          double d_cash) noexcept {
  const double w = sign(in.type), stock = in.spot * yield_factor, cash = in.strike * discount;
  BsmGreeks out{};
  out.delta = scaled_normal_cdf(w * yield_factor, d_stock);
  out.theta = scaled_normal_cdf(w * in.yield * stock, d_stock) - scaled_normal_cdf(w * in.rate * cash, d_cash);
  out.rho = scaled_normal_cdf(w * in.years * cash, d_cash);
  out.epsilon = scaled_normal_cdf(-w * in.years * stock, d_stock);
  out.charm = scaled_normal_cdf(w * in.yield * yield_factor, d_stock);
  out.dual_delta = scaled_normal_cdf(-w * discount, d_cash);
  return out;
}

}  // namespace detail

/// Price and 17 Greeks.
///   source   Merton 1973 differentiated by hand; tested against automatic differentiation of the price
///   domain   as bsm_price, otherwise all NaN. With no variance left (years = 0 or volatility = 0) the derivatives of
///            the intrinsic value; at its kink the mean of both sides, and the terms in the density are left out.
///   error    each within 16 times the change that half an ulp of the inputs makes, on tests/reference/european.csv
[[nodiscard]] inline BsmGreeks bsm_greeks(const BsmInputs& in) noexcept {
  const double price = bsm_price(in);
  if (std::isnan(price)) {
    return {price, price, price, price, price, price, price, price, price,
            price, price, price, price, price, price, price, price, price};
  }
  const double w = sign(in.type), root_years = std::sqrt(in.years), stdev = in.volatility * root_years;
  const double yield_factor = std::exp(-in.yield * in.years), discount = std::exp(-in.rate * in.years);
  const double log_spot = detail::log_moneyness_of(in.spot, in.strike), carry = in.rate - in.yield;
  const double log_forward = log_spot + carry * in.years;
  const auto finish = [&](double d_stock, double d_cash) {
    BsmGreeks out = detail::bsm_finish(in, yield_factor, discount, d_stock, d_cash);
    out.price = price;
    return out;
  };
  if (stdev == 0.0) {
    const double side =
        log_forward == 0.0 ? 0.0 : std::copysign(std::numeric_limits<double>::infinity(), w * log_forward);
    return finish(side, side);
  }
  const double d1 = log_forward / stdev + 0.5 * stdev, d2 = log_forward / stdev - 0.5 * stdev;
  BsmGreeks out = finish(w * d1, w * d2);
  if (!(std::fabs(d1) < 50.0)) return out;  // the density is zero

  // Everything else is the density times a polynomial: the polynomial goes into the scale, so that the density
  // underflows only when the product does.
  const double spot = in.spot, volatility = in.volatility, years = in.years;
  const auto density = [&](double factor) { return scaled_normal_pdf(yield_factor * factor, d1); };
  const double vega = spot * root_years, gamma = 1.0 / (spot * stdev), drift = 2.0 * carry * years - d2 * stdev;
  const double d12 = d1 * d2;
  out.gamma = density(gamma);
  out.vega = density(vega);
  out.theta -= density(0.5 * spot * volatility / root_years);
  out.vanna = density(-d2 / volatility);
  out.charm -= density(drift / (2.0 * years * stdev));
  out.volga = density(vega * d12 / volatility);
  out.veta = density(vega * (in.yield + carry * d1 / stdev - (1.0 + d12) / (2.0 * years)));
  out.speed = density(-gamma / spot * (d1 / stdev + 1.0));
  out.zomma = density(gamma * (d12 - 1.0) / volatility);
  out.color = density(gamma / (2.0 * years) * (2.0 * in.yield * years + 1.0 + drift / stdev * d1));
  out.ultima = density(-vega / (volatility * volatility) * (d12 * (1.0 - d12) + d1 * d1 + d2 * d2));
  out.vera = density(-spot * years * d1 / volatility);
  out.dual_gamma = density(spot / (in.strike * in.strike * stdev));
  return out;
}

}  // namespace alaris::inline v0
