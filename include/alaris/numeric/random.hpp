// SPDX-License-Identifier: Apache-2.0
#pragma once
// Random numbers that are the same on every compiler: generator, seeding, independent streams and distributions are
// ours, because the standard library leaves its distributions to the implementation.
//   sources  Blackman & Vigna, ACM Trans. Math. Software 47(4), 2021 (xoshiro256++); Steele, Lea & Flood, OOPSLA 2014
//            (SplitMix64); Wichura, Applied Statistics 37(3), 1988, AS 241 (inverse normal)
//   exact    integers and uniforms everywhere; normals on 85 % of draws use + - * / alone, the tails also std::log and
//            std::sqrt: there a different mathematical library may change the last bits

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace alaris::inline v0 {

/// Bijective scrambling of 64 bits: nearby arguments give unrelated results (the finaliser of SplitMix64).
[[nodiscard]] constexpr std::uint64_t mix_bits(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/// A 64-bit key for a name (FNV-1a, scrambled): the seed label of a symbol.
[[nodiscard]] constexpr std::uint64_t key_of(std::string_view name) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return mix_bits(hash);
}

/// The seed of stream `key` below `seed`. Streams of streams: split_seed(split_seed(seed, a), b). The order matters.
[[nodiscard]] constexpr std::uint64_t split_seed(std::uint64_t seed, std::uint64_t key) noexcept {
  return mix_bits(mix_bits(seed + 0x9e3779b97f4a7c15u) + 0x9e3779b97f4a7c15u * (key | 1u) + (key >> 1));
}

/// Uniform on the open interval (0, 1) from 64 random bits: (top 52 bits + 1/2) / 2^52, exact, never 0 and never 1.
[[nodiscard]] constexpr double open_unit(std::uint64_t bits) noexcept {
  return (static_cast<double>(bits >> 12) + 0.5) * 0x1p-52;
}

/// xoshiro256++ 1.0. Period 2^256 - 1. A seed is expanded by SplitMix64; different streams get different seeds from
/// split_seed, so that two streams overlap with probability below 2^-190 for 2^32 draws each.
class RandomStream {
 public:
  using result_type = std::uint64_t;

  constexpr explicit RandomStream(std::uint64_t seed) noexcept {
    for (std::uint64_t& word : state_) word = mix_bits(seed += 0x9e3779b97f4a7c15u);
  }
  constexpr RandomStream(std::uint64_t s0, std::uint64_t s1, std::uint64_t s2, std::uint64_t s3) noexcept
      : state_{s0, s1, s2, s3} {}

  constexpr std::uint64_t operator()() noexcept {
    const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0], t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }
  [[nodiscard]] static constexpr std::uint64_t min() noexcept { return 0; }
  [[nodiscard]] static constexpr std::uint64_t max() noexcept { return ~std::uint64_t{0}; }

 private:
  std::uint64_t state_[4]{};
};

namespace detail {
/// Coefficients from the highest power to the constant.
template <std::size_t N>
[[nodiscard]] constexpr double horner(const double (&coefficients)[N], double x) noexcept {
  double sum = coefficients[0];
  for (std::size_t i = 1; i < N; ++i) sum = sum * x + coefficients[i];
  return sum;
}
}  // namespace detail

/// z with P(Z <= z) = p.
///   domain   0 < p < 1; otherwise NaN
///   error    relative, about 1e-16 by the source; tests/numeric checks 1e-14 through the distribution function
[[nodiscard]] inline double inverse_normal_cdf(double p) noexcept {
  if (!(p > 0.0) || !(p < 1.0)) return std::nan("");
  constexpr double central_top[] = {2509.0809287301226727, 33430.575583588128105, 67265.770927008700853,
                                    45921.953931549871457, 13731.693765509461125, 1971.5909503065514427,
                                    133.14166789178437745, 3.387132872796366608};
  constexpr double central_bottom[] = {
      5226.495278852854561,  28729.085735721942674, 39307.89580009271061,  21213.794301586595867,
      5394.1960214247511077, 687.1870074920579083,  42.313330701600911252, 1.0};
  constexpr double middle_top[] = {7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177,
                                   1.27045825245236838258,   3.64784832476320460504,   5.7694972214606914055,
                                   4.6303378461565452959,    1.42343711074968357734};
  constexpr double middle_bottom[] = {
      1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
      0.68976733498510000455,    1.6763848301838038494,   2.05319162663775882187,   1.0};
  constexpr double far_top[] = {2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386,
                                0.026532189526576123093,   0.29656057182850489123,    1.7848265399172913358,
                                5.4637849111641143699,     6.6579046435011037772};
  constexpr double far_bottom[] = {
      2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
      0.0148753612908506148525,   0.13692988092273580531,   0.59983220655588793769,   1.0};
  const double q = p - 0.5;
  if (std::fabs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * detail::horner(central_top, r) / detail::horner(central_bottom, r);
  }
  const double r = std::sqrt(-std::log(q < 0.0 ? p : 1.0 - p));
  const double z = r <= 5.0 ? detail::horner(middle_top, r - 1.6) / detail::horner(middle_bottom, r - 1.6)
                            : detail::horner(far_top, r - 5.0) / detail::horner(far_bottom, r - 5.0);
  return q < 0.0 ? -z : z;
}

/// One draw each, from one 64-bit word: the k-th draw of a stream does not depend on which distributions came before.
[[nodiscard]] constexpr double draw_uniform(RandomStream& stream) noexcept {
  return open_unit(stream());
}
[[nodiscard]] constexpr double draw_uniform(RandomStream& stream, double low, double high) noexcept {
  return low + (high - low) * draw_uniform(stream);
}
[[nodiscard]] inline double draw_exponential(RandomStream& stream) noexcept {
  return -std::log(draw_uniform(stream));
}
[[nodiscard]] inline double draw_normal(RandomStream& stream) noexcept {
  return inverse_normal_cdf(draw_uniform(stream));
}
/// An integer from `low` to `high`, both included; bias below (high - low + 1) / 2^52.
[[nodiscard]] constexpr int draw_integer(RandomStream& stream, int low, int high) noexcept {
  return low + static_cast<int>(draw_uniform(stream) * (high - low + 1));
}

}  // namespace alaris::inline v0
