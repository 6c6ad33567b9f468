// SPDX-License-Identifier: Apache-2.0
#pragma once
// All strikes of one expiry and right on a share with cash dividends and an event: the finite differences of
// american_cash_dividends.hpp with every lane of a pack one strike. For desks that
// value whole chains of a dividend payer; the host, which inverts mids, takes them one by one.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>

#include <alaris/core/expects.hpp>
#include <alaris/pricing/american.hpp>
#include <alaris/pricing/american_cash_dividends.hpp>
#include <alaris/pricing/american_chain.hpp>
#include <alaris/pricing/american_lanes.hpp>

namespace alaris::inline v0 {

/// What happens to the share before expiry. The dividends must outlive it.
struct ShareEvents {
  std::span<const CashDividend> dividends{};
  std::optional<EventVariance> event{};
};

/// values[i] of strikes[i] at sigmas[i]; three spans of one length.
///   domain, error   those of american_with_dividends<Grid>; an option outside the domain is NaN, the others are not
///                   touched by it
template <class Grid = ProductionGrid, std::size_t Width = native_pack_width>
void american_dividend_chain(const ChainTerms& terms, const ShareEvents& events, std::span<const double> strikes,
                             std::span<const double> sigmas, std::span<AmericanValue> values) noexcept {
  ALARIS_EXPECTS(strikes.size() == sigmas.size() && strikes.size() == values.size());
  using M = detail::LaneMath<Width, true>;
  const auto option = [&](std::size_t i) {
    return AmericanInputs{terms.type, terms.spot, strikes[i], terms.years, terms.rate, terms.yield, sigmas[i]};
  };
  // Terms that the lanes do not serve, or that no option survives, are told by a sound strike and volatility.
  const AmericanInputs probe{terms.type, terms.spot, terms.spot, terms.years, terms.rate, terms.yield, 0.2};
  const bool sound =
      std::isfinite(american_with_dividends<AmericanGrid<33, 8>>(probe, events.dividends, events.event).price);
  if (!sound || terms.years == 0.0 || exercise_region(probe) == ExerciseRegion::two_boundaries) {
    for (std::size_t i = 0; i < strikes.size(); ++i)
      values[i] = american_with_dividends<Grid>(option(i), events.dividends, events.event);
    return;
  }
  for (std::size_t first = 0; first < strikes.size(); first += Width) {
    const std::size_t count = std::min(Width, strikes.size() - first);
    auto strike = M::all(terms.spot), sigma = M::all(0.2);
    for (std::size_t l = 0; l < count; ++l) {
      if (!priceable(option(first + l))) continue;
      strike[l] = strikes[first + l];
      sigma[l] = sigmas[first + l];
    }
    const auto out = detail::CashDividendSolver<Grid, M>(probe, strike, sigma, ExerciseStyle::american)
                         .value(events.dividends, events.event);
    for (std::size_t l = 0; l < count; ++l) {
      const AmericanInputs in = option(first + l);
      constexpr double nan = std::numeric_limits<double>::quiet_NaN();
      values[first + l] = priceable(in) ? AmericanValue{std::max(out.price[l], exercise_value(in)), out.delta[l],
                                                        out.gamma[l], out.theta[l]}
                                        : AmericanValue{nan, nan, nan, nan};
    }
  }
}

}  // namespace alaris::inline v0
