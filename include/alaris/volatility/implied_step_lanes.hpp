// SPDX-License-Identifier: Apache-2.0
// Implied total stdev by iteration, one quote in each lane: for the quotes beyond the tables of bridge_tables.hpp. The
// objectives and the Householder step are those of implied.hpp; no more than three steps are needed anywhere, and a
// lane that has not settled after four is left to the scalar solver.

#ifndef ALARIS_SET
#ifndef ALARIS_VOLATILITY_IMPLIED_STEP_LANES
#define ALARIS_VOLATILITY_IMPLIED_STEP_LANES

#include <alaris/numeric/lanes.hpp>

#define ALARIS_SET_TEXT <alaris/volatility/implied_step_lanes.hpp>
#include <alaris/numeric/each_instruction_set.hpp>
#endif

#else

namespace alaris::inline v0::ALARIS_SET {

#define ALARIS_LANES_INLINE [[gnu::always_inline]] inline

/// Per unit of discount * min(forward, strike).
struct TimeValues {
  Doubles log_moneyness;  // |ln(forward / strike)|
  Doubles value;          // out of the money
  Doubles lacking;        // to its bound 1
};

struct StdevMove {
  Doubles gap;     // of the objective
  Doubles change;  // of total stdev
};

ALARIS_LANES_INLINE Doubles householder(Doubles nu, Doubles h2, Doubles h3) noexcept {
  return nu * fma(nu * h2, all(0.5), all(1.0)) / fma(nu, fma(nu, h3 * (1.0 / 6.0), h2), all(1.0));
}

/// Mills ratios at the two arguments of the option's value and the density at the first: d1 = t - h and -d2 = h + t.
struct AtStdev {
  Doubles h, d1, density, first, second;
};
ALARIS_LANES_INLINE AtStdev at_stdev(Doubles log_moneyness, Doubles stdev) noexcept {
  const Doubles h = log_moneyness / stdev, t = 0.5 * stdev, d1 = t - h;
  const MillsRatio one = mills_ratio(abs(d1)), two = mills_ratio(h + t);
  const Doubles inverse = 1.0 / (one.bottom * two.bottom);
  return {h, d1, exp_within(-0.5 * d1 * d1) * inv_sqrt_two_pi, one.top * (two.bottom * inverse),
          two.top * (one.bottom * inverse)};
}

/// One step towards a value below one half of the bound; log_value is exact enough however small the value is.
ALARIS_LANES_INLINE StdevMove step_from_value(const AtStdev& at, Doubles stdev, Doubles log_target) noexcept {
  const Doubles over_stdev = 1.0 / stdev, x = at.h * over_stdev;
  const Doubles over_slope = (at.d1 < 0.0 ? at.first : 1.0 / at.density - at.first) - at.second;
  const Doubles log_value = fma(at.d1 * at.d1, all(-0.5), log(inv_sqrt_two_pi * over_slope));
  const Doubles gap = log_target - log_value;
  const Doubles second = fma(x, at.h, -0.25 * stdev), third = fma(second, second, fma(x * x, all(-3.0), all(-0.25)));
  const Doubles k = 1.0 / over_slope, l = 1.0 / log_value;
  const Integers far = (log_value < -1.5) & (second > 0.0);  // there 1 / ln b is the straighter objective
  const Doubles twice = fma(l, all(2.0), all(1.0));
  const Doubles nu = over_slope * (far ? gap * log_value / log_target : exp(gap) - 1.0);
  const Doubles h2 = far ? second - k * twice : second;
  const Doubles h3 = far ? third + k * (k * fma(l * 6.0, 1.0 + l, all(2.0)) - 3.0 * second * twice) : third;
  return {gap, householder(nu, h2, h3)};
}

/// One step towards what a value above one half of the bound lacks to it.
ALARIS_LANES_INLINE StdevMove step_from_bound(const AtStdev& at, Doubles stdev, Doubles lacking) noexcept {
  const Doubles over_stdev = 1.0 / stdev, x = at.h * over_stdev;
  const Doubles tail = at.density * at.first, beyond = at.density * at.second;
  const Doubles lacks = (at.d1 > 0.0 ? tail : 1.0 - tail) + beyond, over_slope = lacks / at.density;
  const Doubles gap = log(lacks / lacking), k = 1.0 / over_slope;
  const Doubles second = fma(x, at.h, -0.25 * stdev), third = fma(second, second, fma(x * x, all(-3.0), all(-0.25)));
  return {gap, householder(gap * over_slope, second + k, fma(k, fma(second, all(3.0), 2.0 * k), third))};
}

/// As first_stdev of implied.hpp.
ALARIS_LANES_INLINE Doubles first_stdev_of_value(Doubles log_moneyness, Doubles target, Doubles log_target) noexcept {
  const Doubles inflection = sqrt(2.0 * log_moneyness);
  const MillsRatio mills = mills_ratio(inflection);  // h + t there; d1 = 0
  const Doubles at = 0.5 - inv_sqrt_two_pi * (mills.top / mills.bottom);
  const Doubles above = fma(target - at, all(1.0 / inv_sqrt_two_pi), inflection);
  Doubles h = sqrt(-2.0 * log_target), below = inflection;
  Integers going = target < at;
#pragma GCC unroll 1
  for (int i = 0; i < 3; ++i) {
    const Doubles square =
        2.0 * (log(inv_sqrt_two_pi * log_moneyness / (h * fma(h, h, all(1.0)))) - log_target) + log_moneyness;
    const Integers sound = square > 0.5 * log_moneyness;
    h = sound ? sqrt(square) : h;
    below = going & sound ? min(log_moneyness / h, inflection) : inflection;
    going &= sound;
  }
  return target >= at ? above : below;
}
ALARIS_LANES_INLINE Doubles first_stdev_of_bound(Doubles log_moneyness, Doubles lacking) noexcept {
  const Doubles q = sqrt(-2.0 * log(lacking));
  return q + sqrt(fma(q, q, 2.0 * log_moneyness));
}

/// Total stdev of every lane, all values on the same side of one half; `open` gets a bit for each lane that has not
/// settled. A lane stops at its own step, so its answer does not depend on the others.
template <bool FromBound>
ALARIS_LANES_INLINE Doubles stdev_by_steps(const TimeValues& in, unsigned& open) noexcept {
  const Doubles log_target = FromBound ? all(0.0) : log(in.value);
  Doubles stdev = FromBound ? first_stdev_of_bound(in.log_moneyness, in.lacking)
                            : first_stdev_of_value(in.log_moneyness, in.value, log_target);
  Integers settled = {};
#pragma GCC unroll 1
  for (int i = 0; i < 4; ++i) {
    const AtStdev at = at_stdev(in.log_moneyness, stdev);
    const StdevMove move = FromBound ? step_from_bound(at, stdev, in.lacking) : step_from_value(at, stdev, log_target);
    const Integers sound = (abs(at.d1) <= 36.0) & (at.h + 0.5 * stdev <= 36.0) & (abs(move.change) < stdev);
    const Integers last = sound & (abs(move.change) <= 1e-5 * stdev);  // of fourth order: the next is below rounding
    stdev = settled | ~sound ? stdev : stdev + move.change;
    settled |= last;
    if (bits(settled) == (1U << lanes) - 1U) break;
  }
  open = bits(settled) ^ ((1U << lanes) - 1U);
  return stdev;
}

#undef ALARIS_LANES_INLINE

}  // namespace alaris::inline v0::ALARIS_SET

#endif
