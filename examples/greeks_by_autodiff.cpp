// SPDX-License-Identifier: Apache-2.0
// A derivative that nobody has written down: how does gamma move with the interest rate? One formula, another number.
#include <tuple>

#include <fmt/format.h>
#include <boost/math/differentiation/autodiff.hpp>

#include <alaris/pricing/bsm_formula.hpp>
#include <alaris/pricing/bsm_greeks.hpp>

using namespace alaris;

int main() {
  const BsmInputs in{OptionType::call, 100.0, 105.0, 0.25, 0.04, 0.01, 0.30};
  const auto variables = boost::math::differentiation::make_ftuple<double, 2, 1>(in.spot, in.rate);  // orders wanted
  const auto& [spot, rate] = variables;
  using Number = decltype(spot * rate);
  const Number price = bsm_formula<Number>(in.type, {Number(spot), Number(in.strike), Number(in.years), Number(rate),
                                                     Number(in.yield), Number(in.volatility)});
  const BsmGreeks closed = bsm_greeks(in);
  fmt::print("delta        {:.12f}, closed form {:.12f}\n", price.derivative(1, 0), closed.delta);
  fmt::print("gamma        {:.12f}, closed form {:.12f}\n", price.derivative(2, 0), closed.gamma);
  fmt::print("rho          {:.10f}, closed form {:.10f}\n", price.derivative(0, 1), closed.rho);
  fmt::print("d gamma / dr {:.10f}, no closed form here\n", price.derivative(2, 1));
}
