// SPDX-License-Identifier: Apache-2.0
#pragma once
// Many American options at once under continuous yields: every lane of a pack one option, two where two boundaries are.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

#include <alaris/core/expects.hpp>
#include <alaris/pricing/american.hpp>
#include <alaris/pricing/american_band_pack.hpp>
#include <alaris/pricing/american_boundary_pack.hpp>
#include <alaris/pricing/american_continuous.hpp>
#include <alaris/pricing/american_lanes.hpp>

namespace alaris::inline v0 {
namespace detail {

/// Where the pack needs no special care: one boundary, and a scale of time value that is neither tiny nor huge.
inline bool suits_a_pack(const AmericanInputs& in) noexcept {
  const double v = in.volatility * std::sqrt(in.years), carry = in.type == OptionType::put ? in.rate : in.yield;
  const double pull = (std::fabs(in.rate) + std::fabs(in.yield)) * in.years;
  return priceable(in) && exercise_region(in) == ExerciseRegion::one_boundary && carry > 1e-8 && v > 1e-4 && v < 5.0 &&
         pull < 8.0 * v && std::fabs(std::log(in.spot / in.strike)) < 20.0;
}

}  // namespace detail

/// Prices of many options. Lanes that need care (no boundary, extreme scales) and lanes whose Newton step started
/// from residuals above 0.03 are priced one by one, at AccurateLevel.
///   shape    prices.size() == options.size(), any size
///   error    that of the level; NaN outside the domain of american_price
template <class Level = FastLevel, std::size_t Width = native_pack_width>
void american_prices(std::span<const AmericanInputs> options, std::span<double> prices) noexcept {
  ALARIS_EXPECTS(options.size() == prices.size());
  detail::BoundaryPack<Level, Width> pack;
  std::array<std::size_t, Width> which{};
  std::array<double, Width> unit{};
  std::size_t filled = 0;
  detail::BandPack<Level, Width> bands(options, prices);
  const auto flush = [&] {
    for (std::size_t l = filled; l < Width; ++l) {
      pack.spot[l] = pack.spot[0];
      pack.years[l] = pack.years[0];
      pack.rate[l] = pack.rate[0];
      pack.yield[l] = pack.yield[0];
      pack.volatility[l] = pack.volatility[0];
    }
    pack.solve();
    const auto value = pack.price(), critical = pack.critical_spot();
    for (std::size_t l = 0; l < filled; ++l) {
      const AmericanInputs& in = options[which[l]];
      if (!pack.settled(l) || !std::isfinite(value[l]))
        prices[which[l]] = american_price<AccurateLevel>(in).price;
      else
        prices[which[l]] =
            pack.spot[l] <= critical[l] ? exercise_value(in) : std::max(unit[l] * value[l], exercise_value(in));
    }
    for (std::size_t l = 0; l < filled; ++l) {
      // Next to no premium: the European value decides, and the lanes round it.
      if (!(pack.premium[l] < 1e-7)) continue;
      const detail::UnitPut put{pack.spot[l], pack.years[l], pack.rate[l], pack.yield[l], pack.volatility[l]};
      prices[which[l]] = std::max(prices[which[l]], unit[l] * detail::european_unit_put(put).price);
    }
    filled = 0;
  };
  for (std::size_t i = 0; i < options.size(); ++i) {
    const AmericanInputs& in = options[i];
    if (detail::suits_a_band_pack(in)) {
      bands.add(i);
      continue;
    }
    if (!detail::suits_a_pack(in)) {
      prices[i] = american_price<AccurateLevel>(in).price;
      continue;
    }
    const bool put = in.type == OptionType::put;
    unit[filled] = put ? in.strike : in.spot;
    pack.spot[filled] = (put ? in.spot : in.strike) / unit[filled];
    pack.years[filled] = in.years;
    pack.rate[filled] = put ? in.rate : in.yield;
    pack.yield[filled] = put ? in.yield : in.rate;
    pack.volatility[filled] = in.volatility;
    which[filled] = i;
    if (++filled == Width) flush();
  }
  if (filled > 0) flush();
  bands.flush();
}

}  // namespace alaris::inline v0
