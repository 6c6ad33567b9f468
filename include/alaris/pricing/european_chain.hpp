// SPDX-License-Identifier: Apache-2.0
#pragma once
// The European options of one expiry on one stock: square root and discount factors are taken once, not per option.

#include <cstddef>
#include <span>

#include <alaris/core/expects.hpp>
#include <alaris/core/option.hpp>
#include <alaris/numeric/instruction_set.hpp>
#include <alaris/pricing/european_batch.hpp>
#include <alaris/pricing/european_lanes.hpp>

namespace alaris::inline v0 {

/// Columns of equal length; units as BsmInputs.
struct EuropeanChain {
  std::span<const OptionType> type;
  std::span<const double> strike;
  std::span<const double> volatility;
  double spot;
  double years;
  double rate;
  double yield;

  [[nodiscard]] std::size_t size() const noexcept { return strike.size(); }
};

namespace detail {

template <bool Greeks>
inline void european_expiry(const EuropeanChain& in, const EuropeanResults& out, InstructionSet set) noexcept {
  const EuropeanColumns columns{in.type.data(), &in.spot,  in.strike.data(),    &in.years,
                                &in.rate,       &in.yield, in.volatility.data()};
  const auto again = [&](std::size_t i) noexcept {
    european_alone<Greeks>({in.type[i], in.spot, in.strike[i], in.years, in.rate, in.yield, in.volatility[i]}, out, i);
  };
  switch (set) {
#if ALARIS_HAS_X86_SETS
    case InstructionSet::avx512:
      return avx512::price_european_expiry<Greeks>(columns, out, in.size(), again);
    case InstructionSet::avx2:
      return avx2::price_european_expiry<Greeks>(columns, out, in.size(), again);
#endif
    default:
      return baseline::price_european_expiry<Greeks>(columns, out, in.size(), again);
  }
}

}  // namespace detail

/// The prices that european_prices gives row by row, to the last bit; a row outside its domain gives NaN.
///   set     must run on this processor
inline void european_prices(const EuropeanChain& in, std::span<double> price,
                            InstructionSet set = best_instruction_set()) noexcept {
  const std::size_t n = in.size();
  ALARIS_EXPECTS(in.type.size() == n && in.volatility.size() == n && price.size() == n && runs(set));
  detail::european_expiry<false>(in, {.price = price.data()}, set);
}

/// The prices and Greeks that european_greeks gives row by row, to the last bit.
inline void european_greeks(const EuropeanChain& in, const EuropeanGreeks& out,
                            InstructionSet set = best_instruction_set()) noexcept {
  const std::size_t n = in.size();
  ALARIS_EXPECTS(in.type.size() == n && in.volatility.size() == n && out.holds(n) && runs(set));
  detail::european_expiry<true>(in, out.pointers(), set);
}

}  // namespace alaris::inline v0
