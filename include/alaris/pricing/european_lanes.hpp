// SPDX-License-Identifier: Apache-2.0
// European options, one in each lane: the kernels behind european_batch.hpp, once for each instruction set.
//   source   the value as a difference of Mills ratios times one density, which keeps relative accuracy far out of the
//            money (the density is common to both terms: F phi(d1) = K phi(d2)); parity for the rest
//   domain   a lane outside the limits of `servable` is left to the scalar functions, which have none

#ifndef ALARIS_SET
#ifndef ALARIS_PRICING_EUROPEAN_LANES
#define ALARIS_PRICING_EUROPEAN_LANES

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <alaris/core/option.hpp>
#include <alaris/numeric/lanes.hpp>

namespace alaris::inline v0::detail {

/// Columns of the same length.
struct EuropeanColumns {
  const OptionType* type;
  const double* spot;
  const double* strike;
  const double* years;
  const double* rate;
  const double* yield;
  const double* volatility;
};
/// price may stand alone; the others are written together or not at all.
struct EuropeanResults {
  double* price;
  double* delta = nullptr;
  double* gamma = nullptr;
  double* vega = nullptr;
  double* theta = nullptr;
  double* rho = nullptr;
};

}  // namespace alaris::inline v0::detail

#define ALARIS_SET_TEXT <alaris/pricing/european_lanes.hpp>
#include <alaris/numeric/each_instruction_set.hpp>
#endif

#else

namespace alaris::inline v0::ALARIS_SET {

#define ALARIS_LANES_INLINE [[gnu::always_inline]] inline

/// Both normal tails of d1 and d2 over the common density: M(|d1|) and M(|d2|).
struct Tails {
  Doubles first, second;
};
ALARIS_LANES_INLINE Tails mills_of(Doubles d1, Doubles d2) noexcept {
  const MillsRatio first = mills_ratio(abs(d1)), second = mills_ratio(abs(d2));
  const Doubles inverse = 1.0 / (first.bottom * second.bottom);
  return {first.top * (second.bottom * inverse), second.top * (first.bottom * inverse)};
}

/// What depends on the expiry alone.
struct Expiry {
  Doubles years, rate, yield, root, growth, decay, yield_factor, discount;
};
ALARIS_LANES_INLINE Expiry expiry_of(Doubles years, Doubles rate, Doubles yield) noexcept {
  const Doubles growth = yield * years, decay = rate * years;
  return {years, rate, yield, sqrt(years), growth, decay, exp_within(-growth), exp_within(-decay)};
}

/// Prices one register of options, whose results go to `at`; returns a bit for each lane that the scalar functions must
/// do again.
template <bool Greeks>
ALARIS_LANES_INLINE unsigned price_european(const Expiry& expiry, Doubles spot, Doubles strike, Doubles volatility,
                                            Words put, const detail::EuropeanResults& out, std::size_t at) noexcept {
  const auto& [years, rate, yield, root, growth, decay, yield_factor, discount] = expiry;
  const Doubles stdev = volatility * root;
  const Doubles scaled = stdev * root * spot, over_scaled = 1.0 / scaled;
  const Doubles over_stdev = over_scaled * root * spot;
  const Doubles log_spot = log(spot / strike);
  const Doubles x = fma(rate - yield, years, log_spot);  // ln(forward / strike)
  const Doubles d1 = fma(x, over_stdev, 0.5 * stdev), d2 = d1 - stdev;
  const Doubles cash = strike * discount, stock = spot * yield_factor;
  const Doubles bell = yield_factor * (exp_within(-0.5 * d1 * d1) * inv_sqrt_two_pi), density = spot * bell;
  const Tails mills = mills_of(d1, d2);

  // Out of the money: a call where x <= 0, a put elsewhere. The term that leads may lie above its median.
  const Integers call_out = x <= 0.0;
  const Doubles lead = call_out ? mills.first : mills.second, less = call_out ? mills.second : mills.first;
  const Integers above = call_out ? d1 > 0.0 : d2 < 0.0;
  const Doubles whole = call_out ? stock : cash;
  const Doubles outside = fma(density, (above ? -lead : lead) - less, above ? whole : all(0.0));
  const Integers in_the_money = call_out ^ (put == 0U);
  const Doubles price = outside + (in_the_money ? flip(stock - cash, put) : all(0.0));
  store(out.price + at, price);

  if constexpr (Greeks) {
    const Doubles w_d1 = flip(d1, put), w_d2 = flip(d2, put);
    const Doubles tail_stock = bell * mills.first, tail_cash = density * mills.second;
    const Doubles delta = flip(w_d1 > 0.0 ? yield_factor - tail_stock : tail_stock, put);
    const Doubles exercise = flip(w_d2 > 0.0 ? cash - tail_cash : tail_cash, put);  // strike paid, discounted
    const Doubles vega = density * root;
    store(out.delta + at, delta);
    store(out.gamma + at, bell * root * over_scaled);
    store(out.vega + at, vega);
    const Doubles decayed = density * volatility * (stdev * spot * over_scaled);  // over the root of time
    store(out.theta + at, fma(yield * spot, delta, fnma(rate, exercise, -0.5 * decayed)));
    store(out.rho + at, years * exercise);
  }

  // Every comparison fails for what is not a number, so an input that is infinite or none at all is not served.
  const Integers servable = (min(spot, strike) >= 1e-8) & (volatility >= 1e-5) & (years >= 1e-9) & (scaled <= 1e140) &
                            (abs(log_spot) <= 40.0) & (abs(growth) <= 20.0) & (abs(decay) <= 20.0) & (abs(d1) <= 36.0) &
                            (abs(d2) <= 36.0) & (price >= 1e-290);
  return bits(servable) ^ ((1U << lanes) - 1U);
}

template <bool Greeks>
ALARIS_LANES_INLINE unsigned price_european(const detail::EuropeanColumns& in, const detail::EuropeanResults& out,
                                            std::size_t at) noexcept {
  return price_european<Greeks>(expiry_of(load(in.years + at), load(in.rate + at), load(in.yield + at)),
                                load(in.spot + at), load(in.strike + at), load(in.volatility + at),
                                top_bits(in.type + at), out, at);
}

/// `again(i)` does option i by the scalar functions. The last register is filled up with copies of the last option, so
/// that an answer depends on its own row alone.
template <bool Greeks, class Again>
inline void price_european_columns(const detail::EuropeanColumns& in, const detail::EuropeanResults& out,
                                   std::size_t count, Again again) {
  std::size_t at = 0;
  for (; at + lanes <= count; at += lanes)
    for (unsigned bad = price_european<Greeks>(in, out, at); bad != 0; bad &= bad - 1)
      again(at + static_cast<std::size_t>(__builtin_ctz(bad)));
  if (at == count) return;

  OptionType type[lanes];
  double rows[6][lanes], results[6][lanes];
  const double* const columns[] = {in.spot, in.strike, in.years, in.rate, in.yield, in.volatility};
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const std::size_t row = at + lane < count ? at + lane : count - 1;
    type[lane] = in.type[row];
    for (std::size_t column = 0; column < 6; ++column) rows[column][lane] = columns[column][row];
  }
  const unsigned bad =
      price_european<Greeks>({type, rows[0], rows[1], rows[2], rows[3], rows[4], rows[5]},
                             {results[0], results[1], results[2], results[3], results[4], results[5]}, 0);
  double* const answers[] = {out.price, out.delta, out.gamma, out.vega, out.theta, out.rho};
  for (std::size_t lane = 0; at + lane < count; ++lane) {
    for (std::size_t column = 0; column < (Greeks ? 6 : 1); ++column)
      answers[column][at + lane] = results[column][lane];
    if (bad >> lane & 1U) again(at + lane);
  }
}

/// The same for options of one expiry on one stock: in.spot, in.years, in.rate and in.yield point to one value each.
template <bool Greeks, class Again>
inline void price_european_expiry(const detail::EuropeanColumns& in, const detail::EuropeanResults& out,
                                  std::size_t count, Again again) {
  const Expiry expiry = expiry_of(all(*in.years), all(*in.rate), all(*in.yield));
  const Doubles spot = all(*in.spot);
  const auto redo = [&](unsigned bad, std::size_t at) {
    for (; bad != 0; bad &= bad - 1) again(at + static_cast<std::size_t>(__builtin_ctz(bad)));
  };
  std::size_t at = 0;
  for (; at + lanes <= count; at += lanes)
    redo(price_european<Greeks>(expiry, spot, load(in.strike + at), load(in.volatility + at), top_bits(in.type + at),
                                out, at),
         at);
  if (at == count) return;

  OptionType type[lanes];
  double strike[lanes], volatility[lanes], results[6][lanes];
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const std::size_t row = at + lane < count ? at + lane : count - 1;
    type[lane] = in.type[row];
    strike[lane] = in.strike[row];
    volatility[lane] = in.volatility[row];
  }
  const unsigned bad =
      price_european<Greeks>(expiry, spot, load(strike), load(volatility), top_bits(type),
                             {results[0], results[1], results[2], results[3], results[4], results[5]}, 0);
  double* const answers[] = {out.price, out.delta, out.gamma, out.vega, out.theta, out.rho};
  for (std::size_t lane = 0; at + lane < count; ++lane)
    for (std::size_t column = 0; column < (Greeks ? 6 : 1); ++column)
      answers[column][at + lane] = results[column][lane];
  redo(bad & ((1U << (count - at)) - 1U), at);
}

#undef ALARIS_LANES_INLINE

}  // namespace alaris::inline v0::ALARIS_SET

#endif
