// SPDX-License-Identifier: Apache-2.0
// Elementary functions on as many doubles as a register of the instruction set holds. Relative errors, measured by
// tests/numeric/lanes.test.cpp: exp 1.1 ulp, log 2 ulp, Mills ratio 5 ulp.
// Sums of products are written with fma, so that no compiler flag changes a result.

#ifndef ALARIS_SET
#ifndef ALARIS_NUMERIC_LANES
#define ALARIS_NUMERIC_LANES

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <alaris/numeric/instruction_set.hpp>
#include <alaris/numeric/normal.hpp>

#define ALARIS_SET_TEXT <alaris/numeric/lanes.hpp>
#include <alaris/numeric/each_instruction_set.hpp>
#endif

#else

namespace alaris::inline v0::ALARIS_SET {

inline constexpr std::size_t lanes = ALARIS_SET_LANES;
typedef double Doubles __attribute__((vector_size(ALARIS_SET_LANES * 8)));
typedef std::int64_t Integers __attribute__((vector_size(ALARIS_SET_LANES * 8)));
typedef std::uint64_t Words __attribute__((vector_size(ALARIS_SET_LANES * 8)));
typedef std::uint8_t Bytes __attribute__((vector_size(ALARIS_SET_LANES)));

#define ALARIS_LANES_INLINE [[gnu::always_inline]] inline

ALARIS_LANES_INLINE Doubles all(double x) noexcept {
  return Doubles{} + x;
}
ALARIS_LANES_INLINE Doubles load(const double* from) noexcept {
  Doubles x;
  std::memcpy(&x, from, sizeof x);
  return x;
}
ALARIS_LANES_INLINE void store(double* to, Doubles x) noexcept {
  std::memcpy(to, &x, sizeof x);
}
ALARIS_LANES_INLINE Words words(Doubles x) noexcept {
  return reinterpret_cast<Words>(x);
}
ALARIS_LANES_INLINE Doubles doubles(Words x) noexcept {
  return reinterpret_cast<Doubles>(x);
}
ALARIS_LANES_INLINE Doubles max(Doubles a, Doubles b) noexcept {
  return a > b ? a : b;
}
ALARIS_LANES_INLINE Doubles min(Doubles a, Doubles b) noexcept {
  return a < b ? a : b;
}
ALARIS_LANES_INLINE Doubles abs(Doubles x) noexcept {
  return doubles(words(x) & 0x7fffffffffffffffU);
}
/// The top bit of every lane whose byte, of `lanes` in a row, is negative.
ALARIS_LANES_INLINE Words top_bits(const void* bytes) noexcept {
  Bytes each;
  std::memcpy(&each, bytes, sizeof each);
  return __builtin_convertvector(each, Words) << 56 & 0x8000000000000000U;
}
/// x with its sign changed where the top bit of `sign` is set.
ALARIS_LANES_INLINE Doubles flip(Doubles x, Words sign) noexcept {
  return doubles(words(x) ^ sign);
}

// Builtins and not intrinsics: an intrinsic that was declared under other target flags cannot be inlined here.
#if ALARIS_SET_X86 && ALARIS_SET_LANES == 8
ALARIS_LANES_INLINE Doubles fma(Doubles a, Doubles b, Doubles c) noexcept {
  return __builtin_ia32_vfmaddpd512_mask(a, b, c, 0xff, 4);
}
#if defined(__clang__)
ALARIS_LANES_INLINE Doubles sqrt(Doubles x) noexcept {
  return __builtin_ia32_sqrtpd512(x, 4);
}
#else
ALARIS_LANES_INLINE Doubles sqrt(Doubles x) noexcept {
  return __builtin_ia32_sqrtpd512_mask(x, x, -1, 4);
}
#endif
ALARIS_LANES_INLINE unsigned bits(Integers mask) noexcept {
  typedef long long Long __attribute__((vector_size(64)));
  return __builtin_ia32_cvtq2mask512(reinterpret_cast<Long>(mask));
}
#elif ALARIS_SET_X86 && ALARIS_SET_LANES == 4
ALARIS_LANES_INLINE Doubles fma(Doubles a, Doubles b, Doubles c) noexcept {
  return __builtin_ia32_vfmaddpd256(a, b, c);
}
ALARIS_LANES_INLINE Doubles sqrt(Doubles x) noexcept {
  return __builtin_ia32_sqrtpd256(x);
}
ALARIS_LANES_INLINE unsigned bits(Integers mask) noexcept {
  return static_cast<unsigned>(__builtin_ia32_movmskpd256(reinterpret_cast<Doubles>(mask)));
}
#else
/// Not fused where the set has no such instruction.
ALARIS_LANES_INLINE Doubles fma(Doubles a, Doubles b, Doubles c) noexcept {
  return a * b + c;
}
#if ALARIS_SET_X86
ALARIS_LANES_INLINE Doubles sqrt(Doubles x) noexcept {
  return __builtin_ia32_sqrtpd(x);
}
ALARIS_LANES_INLINE unsigned bits(Integers mask) noexcept {
  return static_cast<unsigned>(__builtin_ia32_movmskpd(reinterpret_cast<Doubles>(mask)));
}
#else
ALARIS_LANES_INLINE Doubles sqrt(Doubles x) noexcept {
  return Doubles{std::sqrt(x[0]), std::sqrt(x[1])};
}
ALARIS_LANES_INLINE unsigned bits(Integers mask) noexcept {
  return static_cast<unsigned>(mask[0] < 0) | static_cast<unsigned>(mask[1] < 0) << 1;
}
#endif
#endif
/// c - a * b
ALARIS_LANES_INLINE Doubles fnma(Doubles a, Doubles b, Doubles c) noexcept {
  return fma(-a, b, c);
}
ALARIS_LANES_INLINE Doubles fma(Doubles a, Doubles b, double c) noexcept {
  return fma(a, b, all(c));
}

/// Coefficients in rising powers of x, by Horner's rule on even and odd powers: half the latency.
template <std::size_t N>
ALARIS_LANES_INLINE Doubles polynomial(const double (&c)[N], Doubles x) noexcept {
  const Doubles square = x * x;
  constexpr std::size_t top = N - 1;
  Doubles even = all(c[top % 2 == 0 ? top : top - 1]), odd = all(c[top % 2 == 1 ? top : top - 1]);
#pragma GCC unroll 16
  for (std::size_t i = (top % 2 == 0 ? top : top - 1); i >= 2; i -= 2) even = fma(even, square, c[i - 2]);
#pragma GCC unroll 16
  for (std::size_t i = (top % 2 == 1 ? top : top - 1); i >= 3; i -= 2) odd = fma(odd, square, c[i - 2]);
  return fma(odd, x, even);
}

/// e^x, own fit of (e^r - 1 - r) / r^2 on |r| <= ln 2 / 2 (tests/reference/lanes_fit.py).
///   domain   -700 <= x <= 700, elsewhere any number
ALARIS_LANES_INLINE Doubles exp_within(Doubles x) noexcept {
  constexpr double c[]{0.50000000000000011,    0.16666666666666671,    0.041666666666624157,   0.0083333333333261411,
                       0.0013888888917198588,  0.00019841269874802173, 2.4801521319879672e-05, 2.7557255423879841e-06,
                       2.7620076916113328e-07, 2.510520706464424e-08};
  const Doubles magic = all(0x1.8p52);
  const Doubles shifted = fma(x, all(0x1.71547652b82fep0), magic), n = shifted - magic;
  const Doubles r = fnma(n, all(0x1.ef35793c7673p-45), fnma(n, all(0x1.62e42fefa38p-1), x));
  const Doubles p = fma(polynomial(c, r), r * r, r) + 1.0;
  return p * doubles((words(shifted) << 52) + (std::uint64_t{1023} << 52));
}

/// The same; beyond its domain the value at the nearer end.
ALARIS_LANES_INLINE Doubles exp(Doubles x) noexcept {
  return exp_within(max(min(x, all(700.0)), all(-700.0)));
}

/// Natural logarithm of a positive normal number: 2 atanh((m - 1) / (m + 1)), 1/sqrt2 <= m < sqrt2.
ALARIS_LANES_INLINE Doubles log(Doubles x) noexcept {
  constexpr double c[]{0.66666666666666696, 0.39999999999899005, 0.28571428626173057, 0.2222221110612709,
                       0.1818289100504977,  0.15331664799306263, 0.14617093237558204};
  const Words bits = words(x), biased = (bits - 0x3fe6a09e667f3bcdU + (std::uint64_t{1023} << 52)) >> 52;
  const Doubles m = doubles(bits - (biased << 52) + (std::uint64_t{1023} << 52));
  const Doubles n = doubles(biased | 0x4330000000000000U) - (0x1p52 + 1023.0);
  const Doubles s = (m - 1.0) / (m + 1.0), t = s * s;
  const Doubles tail = fma(n, all(0x1.ef35793c7673p-45), polynomial(c, t) * t * s);
  return fma(n, all(0x1.62e42fefa38p-1), fma(all(2.0), s, tail));
}

/// c[0] + c[1] x + ... + x^N
template <std::size_t N>
ALARIS_LANES_INLINE Doubles monic_polynomial(const double (&c)[N], Doubles x) noexcept {
  const Doubles square = x * x;
  // One chain begins with x^2 + c, the other with the coefficient between.
  Doubles leads = square + c[N - 2], between = all(c[N - 1]);
#pragma GCC unroll 16
  for (std::size_t i = N - 2; i >= 2; i -= 2) leads = fma(leads, square, c[i - 2]);
#pragma GCC unroll 16
  for (std::size_t i = N - 1; i >= 2; i -= 2) between = fma(between, square, c[i - 2]);
  return N % 2 == 0 ? fma(between, x, leads) : fma(leads, x, between);
}

struct MillsRatio {
  Doubles top, bottom;
};
/// The Mills ratio of the normal distribution, the tail over the density, as a quotient.
///   domain   0 <= x <= 37
ALARIS_LANES_INLINE MillsRatio mills_ratio(Doubles x) noexcept {
  const Doubles bottom = monic_polynomial(detail::mills_bottom, x);
  return {bottom + monic_polynomial(detail::mills_top, x), fma(bottom, x, bottom)};
}

}  // namespace alaris::inline v0::ALARIS_SET

#undef ALARIS_LANES_INLINE
#endif
