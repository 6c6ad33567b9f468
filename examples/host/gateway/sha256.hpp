// SPDX-License-Identifier: Apache-2.0
#pragma once
// SHA-256: what chains the journal's records, names a configuration's version and proves a copy.
//   source   FIPS 180-4, sections 4.1.2, 5.1.1 and 6.2

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace alaris::gateway {

class Sha256 {
 public:
  using Digest = std::array<unsigned char, 32>;
  Sha256& add(std::string_view bytes) noexcept;
  /// Of all bytes added; the object is used up.
  [[nodiscard]] Digest digest() noexcept;

 private:
  void block(const unsigned char* bytes) noexcept;
  std::array<std::uint32_t, 8> state_{0x6a09e667u, 0xbb67ae85u, 0x3c6ef372u, 0xa54ff53au,
                                      0x510e527fu, 0x9b05688cu, 0x1f83d9abu, 0x5be0cd19u};
  std::array<unsigned char, 64> rest_{};
  std::size_t in_rest_ = 0;
  std::uint64_t length_ = 0;
};

/// Lower-case hexadecimal digits.
[[nodiscard]] std::string hex(const Sha256::Digest& digest);
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

}  // namespace alaris::gateway
