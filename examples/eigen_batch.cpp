// SPDX-License-Identifier: Apache-2.0
// How do I price a grid of options that lies in Eigen arrays?
#include <vector>

#include <fmt/format.h>
#include <Eigen/Core>

#include <alaris/adapters/eigen.hpp>
#include <alaris/pricing/european_chain.hpp>
#include <alaris/volatility/implied_batch.hpp>

using namespace alaris;

int main() {
  const Eigen::Index count = 100'001;
  const Eigen::ArrayXd strike = Eigen::ArrayXd::LinSpaced(count, 60.0, 160.0);
  const Eigen::ArrayXd volatility = 0.25 + 0.15 * (strike / 100.0).log().square();  // a smile
  const std::vector<OptionType> type(static_cast<std::size_t>(count), OptionType::call);
  Eigen::ArrayXd price(count), delta(count), gamma(count), vega(count), theta(count), rho(count);
  european_greeks(EuropeanChain{.type = type,
                                .strike = column(strike),  // no copies: spans over Eigen's memory
                                .volatility = column(volatility),
                                .spot = 100.0,
                                .years = 0.5,
                                .rate = 0.04,
                                .yield = 0.01},
                  {column(price), column(delta), column(gamma), column(vega), column(theta), column(rho)});

  const double forward = 100.0 * std::exp(0.5 * (0.04 - 0.01)), discount = std::exp(-0.5 * 0.04);
  Eigen::ArrayXd back(count);
  std::vector<VolStatus> status(type.size());
  implied_volatilities({type, column(price), column(strike), forward, discount, 0.5}, column(back), status);

  Eigen::Index most = 0;
  gamma.maxCoeff(&most);
  fmt::print("at the money: price {:.6f}, delta {:.6f}, vega {:.6f}\n", price[40'000], delta[40'000], vega[40'000]);
  fmt::print("largest gamma {:.6f} at strike {:.2f}\n", gamma.maxCoeff(), strike[most]);
  fmt::print("volatilities come back to twelve digits: {}\n", (back / volatility - 1.0).abs().maxCoeff() < 1e-12);
}
