// SPDX-License-Identifier: Apache-2.0
#pragma once
// One session's chain as a block of bytes: columns of whole numbers where that loses nothing, compressed, with a
// checksum over the content. What is read back is bit for bit what was written; NaN stays not known.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <alaris/core/expected.hpp>
#include <alaris/market/chain.hpp>

namespace alaris::host {

struct ChainBlock {
  std::string bytes;              // zstd frame with its own checksum
  std::uint64_t fingerprint = 0;  // of the columns before compression: the same for equal quotes
};

enum class BlockFault : std::uint8_t { damaged, unknown_format };

[[nodiscard]] constexpr std::string_view name(BlockFault fault) noexcept {
  return fault == BlockFault::damaged ? "the block is damaged" : "a block of an unknown format";
}

[[nodiscard]] ChainBlock pack_chain(const OptionChain& chain);

/// The quotes in contract order.
[[nodiscard]] expected<std::vector<OptionQuote>, BlockFault> unpack_chain(std::string_view bytes);

/// The fingerprint that pack_chain gave to the content of these bytes.
[[nodiscard]] expected<std::uint64_t, BlockFault> block_fingerprint(std::string_view bytes);

}  // namespace alaris::host
