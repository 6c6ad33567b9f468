// SPDX-License-Identifier: Apache-2.0
// Implied total stdev, one quote in each lane: the kernel behind implied_batch.hpp, once for each instruction set.
// Quotes in the two regions of bridge_tables.hpp need no iteration, and nothing is subtracted from its like after the
// time value is known. The others wait until a register of their kind is full and are iterated together.
//   domain   a quote that is neither in a region nor a price like any other is left to the scalar solver, which has no
//            limits and knows the reasons

#ifndef ALARIS_SET
#ifndef ALARIS_VOLATILITY_IMPLIED_LANES
#define ALARIS_VOLATILITY_IMPLIED_LANES

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <alaris/core/option.hpp>
#include <alaris/numeric/lanes.hpp>
#include <alaris/volatility/bridge_tables.hpp>
#include <alaris/volatility/implied_step_lanes.hpp>

namespace alaris::inline v0::detail {

/// Columns of the same length; a stride of 0 repeats one value for every row.
struct QuoteColumns {
  const OptionType* type;
  const double* price;
  const double* forward;
  const double* strike;
  const double* discount;
  std::size_t forward_stride;
  std::size_t discount_stride;
};

}  // namespace alaris::inline v0::detail

#define ALARIS_SET_TEXT <alaris/volatility/implied_lanes.hpp>
#include <alaris/numeric/each_instruction_set.hpp>
#endif

#else

namespace alaris::inline v0::ALARIS_SET {

#define ALARIS_LANES_INLINE [[gnu::always_inline]] inline

template <std::size_t N>
ALARIS_LANES_INLINE Doubles polynomial_at(const double* c, Doubles x) noexcept {
  const Doubles square = x * x;
  constexpr std::size_t top = N - 1, even_top = top - top % 2, odd_top = top - (top + 1) % 2;
  Doubles even = all(c[even_top]), odd = all(c[odd_top]);
#pragma GCC unroll 8
  for (std::size_t i = even_top; i >= 2; i -= 2) even = fma(even, square, c[i - 2]);
#pragma GCC unroll 8
  for (std::size_t i = odd_top; i >= 3; i -= 2) odd = fma(odd, square, c[i - 2]);
  return fma(odd, x, even);
}

/// sum_i u^i sum_j v^j of a table, from row `Row` on.
template <class Table, std::size_t Row = 0, std::size_t Offset = 0>
ALARIS_LANES_INLINE Doubles surface(Doubles u, Doubles v) noexcept {
  const Doubles row = polynomial_at<Table::terms[Row]>(Table::values + Offset, v);
  if constexpr (Row + 1 < Table::rows)
    return fma(surface<Table, Row + 1, Offset + Table::terms[Row]>(u, v), u, row);
  else
    return row;
}

/// a - b c rounded once, on every set, when the two are close.
ALARIS_LANES_INLINE Doubles less_product(Doubles a, Doubles b, Doubles c) noexcept {
#if ALARIS_SET_LANES > 2
  return fnma(b, c, a);
#else
  // Dekker: both factors in halves, whose products are exact.
  const Doubles p = b * c, big_b = b * 134217729.0, big_c = c * 134217729.0;
  const Doubles bh = big_b - (big_b - b), bl = b - bh, ch = big_c - (big_c - c), cl = c - ch;
  const Doubles rest = ((bh * ch - p) + bh * cl + bl * ch) + bl * cl;
  return (a - p) - rest;
#endif
}

/// a / b rounded as a division rounds (within half a unit in the last place and a trace), given 1 / b to a few.
ALARIS_LANES_INLINE Doubles quotient(Doubles a, Doubles b, Doubles over_b) noexcept {
#if ALARIS_SET_LANES > 2
  const Doubles q = a * over_b;
  return fma(fnma(q, b, a), over_b, q);
#else
  (void)over_b;
  return a / b;
#endif
}

struct LogPair {
  Doubles first, second;
};
/// The fraction of 1 + x in [1/sqrt2, sqrt2) less 1, with what rounding 1 + x lost, and the exponent.
struct Split {
  Doubles fraction, exponent;
};
ALARIS_LANES_INLINE Split split_1p(Doubles x) noexcept {
  const Doubles sum = 1.0 + x, lost = x - (sum - 1.0);
  const Words bits = words(sum), biased = (bits - 0x3fe6a09e667f3bcdU + (std::uint64_t{1023} << 52)) >> 52;
  const Doubles m = doubles(bits - (biased << 52) + (std::uint64_t{1023} << 52));
  const Doubles scale = doubles((std::uint64_t{2046} << 52) - (biased << 52));  // 2^-n
  const Doubles n = doubles(biased | 0x4330000000000000U) - (0x1p52 + 1023.0);
  // For n < 54 what was lost still counts; in the last branch x itself is the fraction.
  return {fma(lost, scale, m - 1.0), n};
}
ALARIS_LANES_INLINE Doubles log_of(Split split, Doubles s) noexcept {
  constexpr double c[]{0.66666666666666696, 0.39999999999899005, 0.28571428626173057, 0.2222221110612709,
                       0.1818289100504977,  0.15331664799306263, 0.14617093237558204};
  const Doubles t = s * s, tail = fma(split.exponent, all(0x1.ef35793c7673p-45), polynomial(c, t) * t * s);
  return fma(split.exponent, all(0x1.62e42fefa38p-1), fma(all(2.0), s, tail));
}
/// ln(1 + x) and ln(1 + y) for x, y >= 0, relative, with one division.
ALARIS_LANES_INLINE LogPair log1p_pair(Doubles x, Doubles y) noexcept {
  const Split a = split_1p(x), b = split_1p(y);
  const Doubles below_a = a.fraction + 2.0, below_b = b.fraction + 2.0, inverse = 1.0 / (below_a * below_b);
  return {log_of(a, quotient(a.fraction, below_a, below_b * inverse)),
          log_of(b, quotient(b.fraction, below_b, below_a * inverse))};
}

/// A register of quotes.
struct Quotes {
  Doubles price, forward, strike, discount, low, high, gap, value;
};
ALARIS_LANES_INLINE Quotes quotes_at(const detail::QuoteColumns& in, std::size_t at) noexcept {
  const Doubles price = load(in.price + at), strike = load(in.strike + at);
  const Doubles forward = in.forward_stride != 0 ? load(in.forward + at) : all(*in.forward);
  const Doubles discount = in.discount_stride != 0 ? load(in.discount + at) : all(*in.discount);
  const Words put = top_bits(in.type + at);

  const Doubles low = min(forward, strike), high = max(forward, strike), gap = high - low, lost = (high - gap) - low;
  const Integers inside = (forward > strike) ^ (put != 0U);
  const Doubles parity = fnma(discount, lost, less_product(price, discount, gap));
  const Doubles value = (inside & (forward != strike)) ? parity : price;
  return {price, forward, strike, discount, low, high, gap, value};
}

/// A bit for each lane that is not answered yet, by what must be done about it.
struct Unanswered {
  unsigned scalar, from_value, from_bound;
};

/// Total stdev of one register of quotes.
ALARIS_LANES_INLINE Unanswered imply(const detail::QuoteColumns& in, double* stdev, std::size_t at) noexcept {
  const auto [price, forward, strike, discount, low, high, gap, value] = quotes_at(in, at);
  const Doubles inverse = 1.0 / (low * value);
  const Doubles moneyness = max(quotient(gap, low, value * inverse), all(1e-200));          // E = e^h - 1
  const Doubles ratio = quotient(max(gap, low * 1e-200) * discount, value, low * inverse);  // E / c
  const auto [a, h] = log1p_pair(ratio, moneyness);

  const Integers near = a <= detail::bridge_border;
  const unsigned near_bits = bits(near);
  constexpr unsigned every = (1U << lanes) - 1U;
  Doubles answer = {};
  Integers served = {};
  if (near_bits != 0) {
    const Doubles d = a * polynomial(detail::bridge_over_a, fma(a, all(2.0 / detail::bridge_border), -1.0));
    const Doubles t = h / d, x = t * t;
    const Doubles s = surface<detail::BridgeNear>(fma(x, all(2.0 / detail::bridge_near_x), -1.0),
                                                  fma(d * d, all(2.0 / detail::bridge_near_y), -1.0));
    answer = fma(t * x, s, t);
    served = near & (x <= detail::bridge_near_x);
  }
  if (near_bits != every) {
    constexpr double low_u = detail::bridge_root_low, high_u = detail::bridge_root_high;
    constexpr double low_w = detail::bridge_far_w[0], high_w = detail::bridge_far_w[1];
    const Doubles root = 1.0 / sqrt(a);
    const Doubles over_d = root * polynomial(detail::bridge_over_root, fma(root, all(2.0 / (high_u - low_u)),
                                                                           -(high_u + low_u) / (high_u - low_u)));
    const Doubles t = h * over_d, eta = h * h;
    const Doubles s = surface<detail::BridgeFar>(
        fma(eta, all(2.0 / (detail::bridge_far_h * detail::bridge_far_h)), -1.0),
        fma(over_d * over_d, all(2.0 / (high_w - low_w)), -(high_w + low_w) / (high_w - low_w)));
    const Doubles far = fma(t * eta, s, t);
    const Integers in_far = (a > detail::bridge_border) & (a <= detail::bridge_last) & (h <= detail::bridge_far_h);
    answer = near ? answer : far;
    served |= in_far;
  }
  store(stdev + at, answer);
  const Integers ordinary = (forward >= 1e-8) & (forward <= 1e12) & (strike >= 1e-8) & (strike <= 1e12) &
                            (discount >= 1e-6) & (discount <= 1e3) & (price <= 1e12);
  const unsigned open = bits(ordinary & served & (value >= 1e-60)) ^ every;
  if (open == 0) return {};
  const Doubles unit = discount * low;
  const Integers half_way = value > 0.5 * unit;
  // The steps subtract two Mills ratios, which cancel in the wings of strikes near the money.
  const Integers apart = (value >= 0.05 * unit) | ((gap >= 1.7 * low) & (value >= 1e-280 * unit));
  const unsigned steppable = bits(ordinary & apart & (value < unit)) & open;
  const unsigned from_bound = bits(half_way) & steppable;
  return {open ^ steppable, steppable ^ from_bound, from_bound};
}

/// Iterates one register of quotes that lie on the same side of one half; returns a bit for each lane left open.
template <bool FromBound>
ALARIS_LANES_INLINE unsigned imply_by_steps(const detail::QuoteColumns& in, double* stdev) noexcept {
  const Quotes q = quotes_at(in, 0);
  const Doubles unit = q.discount * q.low, over_unit = 1.0 / unit;
  const Words put = top_bits(in.type);
  const Doubles bound = put != 0U ? q.strike : q.forward;
  const Doubles lacking = -less_product(q.price, q.discount, bound);
  const Doubles moneyness = max(q.gap / q.low, all(1e-200));
  unsigned open = 0;
  const TimeValues values{log1p_pair(moneyness, moneyness).first, quotient(q.value, unit, over_unit),
                          quotient(lacking, unit, over_unit)};
  store(stdev, stdev_by_steps<FromBound>(values, open));
  return open | (bits(lacking > 0.0) ^ ((1U << lanes) - 1U));
}

/// Rows that wait until a register is full of them.
template <bool FromBound>
struct WaitingRows {
  std::size_t row[lanes];
  std::size_t count = 0;

  template <class Again>
  void answer(const detail::QuoteColumns& in, double* stdev, Again& again) {
    if (count == 0) return;
    OptionType type[lanes];
    double rows[4][lanes], answers[lanes];
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const std::size_t from = row[lane < count ? lane : 0];
      type[lane] = in.type[from];
      rows[0][lane] = in.price[from];
      rows[1][lane] = in.forward[from * in.forward_stride];
      rows[2][lane] = in.strike[from];
      rows[3][lane] = in.discount[from * in.discount_stride];
    }
    const unsigned open = imply_by_steps<FromBound>({type, rows[0], rows[1], rows[2], rows[3], 1, 1}, answers);
    for (std::size_t lane = 0; lane < count; ++lane) {
      stdev[row[lane]] = answers[lane];
      if (open >> lane & 1U) again(row[lane]);
    }
    count = 0;
  }
  template <class Again>
  void add(unsigned some, std::size_t at, const detail::QuoteColumns& in, double* stdev, Again& again) {
    for (; some != 0; some &= some - 1) {
      row[count++] = at + static_cast<std::size_t>(__builtin_ctz(some));
      if (count == lanes) answer(in, stdev, again);
    }
  }
};

/// `again(i)` asks the scalar solver about row i. The last register is filled up with copies of the last quote, so that
/// an answer depends on its own row alone.
template <class Again>
inline void imply_columns(const detail::QuoteColumns& in, double* stdev, std::size_t count, Again again) {
  WaitingRows<false> values;
  WaitingRows<true> bounds;
  const auto sort = [&](const Unanswered& left, std::size_t at) {
    for (unsigned some = left.scalar; some != 0; some &= some - 1)
      again(at + static_cast<std::size_t>(__builtin_ctz(some)));
    values.add(left.from_value, at, in, stdev, again);
    bounds.add(left.from_bound, at, in, stdev, again);
  };
  std::size_t at = 0;
  for (; at + lanes <= count; at += lanes)
    if (const Unanswered left = imply(in, stdev, at); (left.scalar | left.from_value | left.from_bound) != 0)
      sort(left, at);
  if (at < count) {
    OptionType type[lanes];
    double rows[4][lanes], answers[lanes];
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const std::size_t row = at + lane < count ? at + lane : count - 1;
      type[lane] = in.type[row];
      rows[0][lane] = in.price[row];
      rows[1][lane] = in.forward[row * in.forward_stride];
      rows[2][lane] = in.strike[row];
      rows[3][lane] = in.discount[row * in.discount_stride];
    }
    const Unanswered left = imply({type, rows[0], rows[1], rows[2], rows[3], 1, 1}, answers, 0);
    for (std::size_t lane = 0; at + lane < count; ++lane) stdev[at + lane] = answers[lane];
    const unsigned real = (1U << (count - at)) - 1U;
    sort({left.scalar & real, left.from_value & real, left.from_bound & real}, at);
  }
  values.answer(in, stdev, again);
  bounds.answer(in, stdev, again);
}

#undef ALARIS_LANES_INLINE

}  // namespace alaris::inline v0::ALARIS_SET

#endif
