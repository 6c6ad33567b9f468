// SPDX-License-Identifier: Apache-2.0
#pragma once
// The few functions that pricing many American options at once needs, on packs of doubles (the vector extension of GCC
// and Clang): every lane is one option. Relative errors of the full (short) forms: exp 1e-15 * (1 + |x|) (6e-9), normal
// distribution 3e-12 (2e-8), logarithm 1e-14 absolute, square root 1e-15 (5e-11). A width is part of the type, so
// programs may mix widths; the instruction set is the compiler's choice.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <numbers>

#include <alaris/numeric/normal.hpp>

namespace alaris::inline v0 {

/// Doubles in one register of the instruction set this translation unit is compiled for. It is a template argument of
/// everything that depends on it, so units compiled for different sets link and agree.
#if defined(__AVX512F__)
constexpr std::size_t native_pack_width = 8;
#elif defined(__AVX__)
constexpr std::size_t native_pack_width = 4;
#else
constexpr std::size_t native_pack_width = 2;
#endif

namespace detail {

template <std::size_t Width>
struct PackOf {
  typedef double type __attribute__((vector_size(Width * sizeof(double))));
  typedef std::int64_t bits __attribute__((vector_size(Width * sizeof(double))));
  typedef std::uint64_t unsigned_bits __attribute__((vector_size(Width * sizeof(double))));
};
template <std::size_t Width>
using Pack = typename PackOf<Width>::type;

template <std::size_t Width, bool Full>
struct LaneMath {
  using V = Pack<Width>;
  using I = typename PackOf<Width>::bits;
  using U = typename PackOf<Width>::unsigned_bits;  // wraps: lanes without a sense are judged later, not here

  [[gnu::always_inline]] static V all(double x) noexcept { return V{} + x; }
  [[gnu::always_inline]] static V max(V a, V b) noexcept { return a > b ? a : b; }
  [[gnu::always_inline]] static V min(V a, V b) noexcept { return a < b ? a : b; }
  [[gnu::always_inline]] static V abs(V a) noexcept { return std::bit_cast<V>(std::bit_cast<I>(a) & INT64_MAX); }

  static constexpr std::size_t width = Width;
  [[gnu::always_inline]] static V sqrt(V x) noexcept { return x * inverse_root(x); }
  [[gnu::always_inline]] static double lane(const V& a, std::size_t l) noexcept { return a[l]; }
  [[gnu::always_inline]] static void set(V& a, std::size_t l, double x) noexcept { a[l] = x; }
  [[gnu::always_inline]] static bool same(const V& a, const V& b) noexcept {
    for (std::size_t l = 0; l < Width; ++l)
      if (a[l] != b[l]) return false;
    return true;
  }

  /// Below -700 the answer is e^{-700}, above 700 e^{700}.
  [[gnu::always_inline]] static V exp(V x) noexcept {
    constexpr double magic = 0x1.8p52;
    x = max(min(x, all(700.0)), all(-700.0));
    const V shifted = x * std::numbers::log2e + magic, n = shifted - magic;
    const V r = (x - n * 0x1.62e42fefa38p-1) - n * 0x1.ef35793c7673p-45;
    V p = all(1.0 / 5040.0);
    if constexpr (Full) {
      p = all(1.0 / 39916800.0);
      for (const double c : {1.0 / 3628800.0, 1.0 / 362880.0, 1.0 / 40320.0, 1.0 / 5040.0}) p = p * r + c;
    }
    for (const double c : {1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0}) p = p * r + c;
    return p * std::bit_cast<V>((std::bit_cast<U>(shifted) << 52) + (std::uint64_t{1023} << 52));
  }

  /// Natural logarithm of a normal positive number.
  [[gnu::always_inline]] static V log(V x) noexcept {
    const U bits = std::bit_cast<U>(x);
    const I exponent = std::bit_cast<I>(bits - 0x3fe6a09e667f3bcdU) >> 52;  // so that 1/sqrt2 <= m < sqrt2
    const V m = std::bit_cast<V>(bits - (std::bit_cast<U>(exponent) << 52));
    const V n = std::bit_cast<V>(exponent + 0x4338000000000000) - 0x1.8p52;
    const V s = (m - 1.0) / (m + 1.0), t = s * s;
    V p = all(1.0 / 21.0);
    for (const double c :
         {1.0 / 19.0, 1.0 / 17.0, 1.0 / 15.0, 1.0 / 13.0, 1.0 / 11.0, 1.0 / 9.0, 1.0 / 7.0, 1.0 / 5.0, 1.0 / 3.0, 1.0})
      p = p * t + c;
    return n * std::numbers::ln2 + 2.0 * s * p;
  }

  /// 1 / sqrt(x) for a normal positive number: Newton steps from the exponent.
  [[gnu::always_inline]] static V inverse_root(V x) noexcept {
    V y = std::bit_cast<V>(0x5fe6eb50c7b537a9U - (std::bit_cast<U>(x) >> 1));
    const V half = 0.5 * x;
    for (int i = 0; i < (Full ? 4 : 3); ++i) y = y * (1.5 - half * y * y);
    return y;
  }

  struct Normal {
    V density, below;
  };
  /// phi(x) and Phi(x). Tail by the Mills ratio, fitted in tests/reference/american_mills_fit.py.
  [[gnu::always_inline]] static Normal normal(V x) noexcept {
    const V z = abs(x) * (1.0 / std::numbers::sqrt2), bell = exp(-0.5 * x * x);
    const V wide = z + 3.75, scale = 1.0 + 2.0 * z, inverse = 1.0 / (wide * scale);
    const V t = (z - 3.75) * scale * inverse;
    V p;
    if constexpr (Full) {
      p = all(9.716832594870286e-07);
      for (const double c :
           {-1.0356884912594671e-06, -1.023941194177756e-05, 2.240578686622266e-05, 5.0597038817391044e-05,
            -0.00029013884841145633, 0.00029425092340958905, 0.0017556078844614806, -0.00974673732610103,
            0.02836228455237003, -0.05869337381998894, 0.092304319858493, -0.10880393189758943, 0.08227673858989491,
            0.003585415521929792, -0.14024059858768265, 1.2375126308378275})
        p = p * t + c;
    } else {
      p = all(-0.00022874723359084774);
      for (const double c : {0.0003967046382800549, 0.0016886622311156746, -0.009845491094959295, 0.02839648212065827,
                             -0.0586459828677125, 0.092296367961203, -0.10881458496174144, 0.08227741756036867,
                             0.003586310101688852, -0.14024060801000693, 1.2375126184625718})
        p = p * t + c;
    }
    const V tail = 0.5 * bell * p * wide * inverse;
    return {bell * inv_sqrt_two_pi, x > 0.0 ? 1.0 - tail : tail};
  }
  [[gnu::always_inline]] static V density(V x) noexcept { return exp(-0.5 * x * x) * inv_sqrt_two_pi; }
};

}  // namespace detail
}  // namespace alaris::inline v0
