// SPDX-License-Identifier: Apache-2.0
#pragma once
// Many European options at once: columns in, columns out, no allocation. The widest vector unit of the processor does
// the work, whatever the program was compiled for.

#include <cstddef>
#include <span>

#include <alaris/core/expects.hpp>
#include <alaris/core/option.hpp>
#include <alaris/numeric/instruction_set.hpp>
#include <alaris/pricing/bsm.hpp>
#include <alaris/pricing/bsm_greeks.hpp>
#include <alaris/pricing/european_lanes.hpp>

namespace alaris::inline v0 {

/// Columns of equal length; units as BsmInputs.
struct EuropeanBatch {
  std::span<const OptionType> type;
  std::span<const double> spot;
  std::span<const double> strike;
  std::span<const double> years;
  std::span<const double> rate;
  std::span<const double> yield;
  std::span<const double> volatility;

  [[nodiscard]] std::size_t size() const noexcept { return spot.size(); }
  [[nodiscard]] bool even() const noexcept {
    const std::size_t n = size();
    return type.size() == n && strike.size() == n && years.size() == n && rate.size() == n && yield.size() == n &&
           volatility.size() == n;
  }
};

/// Columns of equal length; units as BsmGreeks. May not overlap with each other or with the inputs.
struct EuropeanGreeks {
  std::span<double> price;
  std::span<double> delta;
  std::span<double> gamma;
  std::span<double> vega;
  std::span<double> theta;
  std::span<double> rho;

  [[nodiscard]] bool holds(std::size_t n) const noexcept {
    return price.size() == n && delta.size() == n && gamma.size() == n && vega.size() == n && theta.size() == n &&
           rho.size() == n;
  }
  [[nodiscard]] detail::EuropeanResults pointers() const noexcept {
    return {price.data(), delta.data(), gamma.data(), vega.data(), theta.data(), rho.data()};
  }
};

namespace detail {

/// Row i by the scalar functions.
template <bool Greeks>
inline void european_alone(const BsmInputs& in, const EuropeanResults& out, std::size_t i) noexcept {
  if constexpr (Greeks) {
    const BsmGreeks g = bsm_greeks(in);
    out.price[i] = g.price;
    out.delta[i] = g.delta;
    out.gamma[i] = g.gamma;
    out.vega[i] = g.vega;
    out.theta[i] = g.theta;
    out.rho[i] = g.rho;
  } else {
    out.price[i] = bsm_price(in);
  }
}

template <bool Greeks>
inline void european_columns(const EuropeanBatch& in, const EuropeanResults& out, InstructionSet set) noexcept {
  const EuropeanColumns columns{in.type.data(), in.spot.data(),  in.strike.data(),    in.years.data(),
                                in.rate.data(), in.yield.data(), in.volatility.data()};
  const auto again = [&](std::size_t i) noexcept {
    european_alone<Greeks>(
        {in.type[i], in.spot[i], in.strike[i], in.years[i], in.rate[i], in.yield[i], in.volatility[i]}, out, i);
  };
  switch (set) {
#if ALARIS_HAS_X86_SETS
    case InstructionSet::avx512:
      return avx512::price_european_columns<Greeks>(columns, out, in.size(), again);
    case InstructionSet::avx2:
      return avx2::price_european_columns<Greeks>(columns, out, in.size(), again);
#endif
    default:
      return baseline::price_european_columns<Greeks>(columns, out, in.size(), again);
  }
}

}  // namespace detail

/// bsm_price of every row; a row outside its domain gives NaN.
///   error   as bsm_price
///   set     must run on this processor
inline void european_prices(const EuropeanBatch& in, std::span<double> price,
                            InstructionSet set = best_instruction_set()) noexcept {
  ALARIS_EXPECTS(in.even() && price.size() == in.size() && runs(set));
  detail::european_columns<false>(in, {.price = price.data()}, set);
}

/// Price, delta, gamma, vega, theta and rho of bsm_greeks for every row; a row outside its domain gives NaN.
inline void european_greeks(const EuropeanBatch& in, const EuropeanGreeks& out,
                            InstructionSet set = best_instruction_set()) noexcept {
  ALARIS_EXPECTS(in.even() && out.holds(in.size()) && runs(set));
  detail::european_columns<true>(in, out.pointers(), set);
}

}  // namespace alaris::inline v0
