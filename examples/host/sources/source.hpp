// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where a market comes from: "chains:DIR", "lean:DIR", "simulated". What was read is reported with it.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <alaris/market/source.hpp>

namespace alaris::host {

enum class SourceKind { simulated, chains, lean };

struct SourceName {
  SourceKind kind = SourceKind::simulated;
  std::filesystem::path folder;  // empty for the simulated market
};

/// Throws HostError(usage) naming the sources there are.
[[nodiscard]] SourceName parse_source(std::string_view text);

struct FileRead {
  std::string path;
  std::size_t rows = 0;
  std::uint64_t fingerprint = 0;
};

/// A market from files, and the files it was made from.
struct LoadedMarket {
  RecordedMarket market;
  std::vector<FileRead> files;
  std::vector<std::string> warnings;
  bool holds_quotes = false;  // at least one contract has a bid and an ask
};

/// Reads a chain folder (docs/formats.md). Throws HostError(data) with file and line.
[[nodiscard]] LoadedMarket read_chain_folder(const std::filesystem::path& folder,
                                             const std::vector<std::string>& symbols);

/// Reads daily bars, corporate actions and daily option quotes of a LEAN Data folder.
[[nodiscard]] LoadedMarket read_lean_folder(const std::filesystem::path& folder,
                                            const std::vector<std::string>& symbols);

}  // namespace alaris::host
