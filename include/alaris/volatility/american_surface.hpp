// SPDX-License-Identifier: Apache-2.0
#pragma once
// American quotes for chain_surface.hpp: every midpoint is inverted by an American engine, and the right to exercise
// early is taken out of the forward. The carry is what the forward says: dividends and borrow as a yield.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <type_traits>

#include <alaris/core/expected.hpp>
#include <alaris/pricing/american_chain.hpp>
#include <alaris/pricing/american_continuous.hpp>
#include <alaris/pricing/black.hpp>
#include <alaris/volatility/american_implied.hpp>
#include <alaris/volatility/chain_surface.hpp>

namespace alaris::inline v0 {

template <american_engine Engine = AmericanEngine<>>
struct AmericanInversion {
  Engine engine{};

  [[nodiscard]] static AmericanInputs inputs(const SurfaceQuote& quote, double volatility) noexcept {
    return {.type = quote.type,
            .spot = quote.spot,
            .strike = quote.strike,
            .years = quote.years,
            .rate = quote.rate,
            .yield = quote.rate - std::log(quote.forward / quote.spot) / quote.years,
            .volatility = volatility};
  }
  /// European inversion of the price less its early-exercise premium, which hardly depends on the volatility: a step
  /// divides the error by ten or more. Stops when a step is below 1e-5 of the volatility; the general search otherwise.
  [[nodiscard]] expected<double, VolError> operator()(const SurfaceQuote& quote) const noexcept {
    const auto european = [&](double price) {
      return implied_total_stdev({quote.type, price, quote.forward, quote.strike, quote.discount});
    };
    auto stdev = european(quote.price);
    for (int step = 0; stdev && step < 4; ++step) {
      const double premium = early_exercise(quote, *stdev);
      if (!(premium < 0.5 * quote.price)) break;
      const auto next = european(quote.price - premium);
      if (!next) break;
      const double moved = std::fabs(*next - *stdev);
      stdev = next;
      if (moved <= 1e-5 * *next) return stdev;
    }
    return american_implied_volatility({inputs(quote, 0.0), quote.price}, engine).transform([&](double volatility) {
      return volatility * std::sqrt(quote.years);
    });
  }
  /// Through one prepared chain where only a yield is in the way and the strikes are enough to pay for it; strikes that
  /// it does not answer, one by one. Its prices are good to 5e-6 of the strike, a hundredth of a tick.
  void operator()(const SurfaceQuote& terms, std::span<const double> strikes, std::span<const double> prices,
                  std::span<double> stdevs) const noexcept {
    std::fill(stdevs.begin(), stdevs.end(), std::nan(""));
    if (strikes.empty()) return;
    const auto quote_at = [&](std::size_t i) {
      SurfaceQuote quote = terms;
      quote.strike = strikes[i];
      quote.price = prices[i];
      return quote;
    };
    const double root = std::sqrt(terms.years);
    if constexpr (std::is_same_v<Engine, AmericanEngine<>>)
      if (strikes.size() >= 8 && engine.dividends.empty() && !engine.event) {
        // puts ascend to the money, calls from it; a volatility range of six around its level
        const auto level = (*this)(quote_at(terms.type == OptionType::put ? strikes.size() - 1 : 0));
        if (level) {
          const AmericanInputs in = inputs(terms, 0.0);
          const AmericanChain<> chain({terms.type, terms.spot, terms.years, terms.rate, in.yield},
                                      {0.5 * *level / root, 3.0 * *level / root});
          if (chain.in_lanes()) chain.implied(strikes, prices, stdevs);
          for (double& stdev : stdevs) stdev *= root;
        }
      }
    for (std::size_t i = 0; i < strikes.size(); ++i)
      if (!(stdevs[i] > 0.0)) stdevs[i] = (*this)(quote_at(i)).value_or(std::nan(""));
  }
  [[nodiscard]] double early_exercise(const SurfaceQuote& quote, double stdev) const noexcept {
    return engine(inputs(quote, stdev / std::sqrt(quote.years))).price -
           black_price(quote.type, {quote.forward, quote.strike, stdev, quote.discount});
  }
};

}  // namespace alaris::inline v0
