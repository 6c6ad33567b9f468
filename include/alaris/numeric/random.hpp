// SPDX-License-Identifier: Apache-2.0
#pragma once
// Random numbers that are the same on every compiler: generator, seeding, independent streams and distributions are
// ours, because the standard library leaves its distributions to the implementation.
//   sources  Blackman & Vigna, ACM Trans. Math. Software 47(4), 2021 (xoshiro256++); Steele, Lea & Flood, OOPSLA 2014
//            (SplitMix64)
//   exact    integers and uniforms everywhere; normals on 85 % of draws use + - * / alone, the tails also std::log and
//            std::sqrt: there a different mathematical library may change the last bits

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <alaris/numeric/inverse_normal.hpp>

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
