// SPDX-License-Identifier: Apache-2.0
#pragma once
// Greeks by automatic differentiation (Boost.Math autodiff): slower than the closed forms and independent of them.

#include <tuple>

#include <boost/math/differentiation/autodiff.hpp>

#include <alaris/core/option.hpp>
#include <alaris/pricing/bsm.hpp>
#include <alaris/pricing/bsm_formula.hpp>
#include <alaris/pricing/bsm_greeks.hpp>

namespace alaris::inline v0 {

/// Price and 17 Greeks of bsm_formula.
///   domain   as bsm_formula
///   error    that of the differentiated formula: absolute, growing with the order
[[nodiscard]] inline BsmGreeks bsm_greeks_by_autodiff(const BsmInputs& in) {
  namespace autodiff = boost::math::differentiation;
  BsmGreeks out{};
  {  // spot and volatility, each to third order
    const auto variables = autodiff::make_ftuple<double, 3, 3>(in.spot, in.volatility);
    using T = decltype(std::get<0>(variables) * std::get<1>(variables));
    const T value = bsm_formula<T>(in.type, {T(std::get<0>(variables)), T(in.strike), T(in.years), T(in.rate),
                                             T(in.yield), T(std::get<1>(variables))});
    out.price = value.derivative(0, 0);
    out.delta = value.derivative(1, 0);
    out.gamma = value.derivative(2, 0);
    out.speed = value.derivative(3, 0);
    out.vega = value.derivative(0, 1);
    out.volga = value.derivative(0, 2);
    out.ultima = value.derivative(0, 3);
    out.vanna = value.derivative(1, 1);
    out.zomma = value.derivative(2, 1);
  }
  {  // spot twice, volatility and years once: calendar time runs against years to expiry
    const auto variables = autodiff::make_ftuple<double, 2, 1, 1>(in.spot, in.volatility, in.years);
    using T = decltype(std::get<0>(variables) * std::get<1>(variables) * std::get<2>(variables));
    const T value = bsm_formula<T>(in.type, {T(std::get<0>(variables)), T(in.strike), T(std::get<2>(variables)),
                                             T(in.rate), T(in.yield), T(std::get<1>(variables))});
    out.theta = -value.derivative(0, 0, 1);
    out.charm = -value.derivative(1, 0, 1);
    out.color = -value.derivative(2, 0, 1);
    out.veta = -value.derivative(0, 1, 1);
  }
  {  // strike twice, rate, yield and volatility once
    const auto variables = autodiff::make_ftuple<double, 2, 1, 1, 1>(in.strike, in.rate, in.yield, in.volatility);
    using T =
        decltype(std::get<0>(variables) * std::get<1>(variables) * std::get<2>(variables) * std::get<3>(variables));
    const T value =
        bsm_formula<T>(in.type, {T(in.spot), T(std::get<0>(variables)), T(in.years), T(std::get<1>(variables)),
                                 T(std::get<2>(variables)), T(std::get<3>(variables))});
    out.dual_delta = value.derivative(1, 0, 0, 0);
    out.dual_gamma = value.derivative(2, 0, 0, 0);
    out.rho = value.derivative(0, 1, 0, 0);
    out.epsilon = value.derivative(0, 0, 1, 0);
    out.vera = value.derivative(0, 1, 0, 1);
  }
  return out;
}

}  // namespace alaris::inline v0
