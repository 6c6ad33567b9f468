// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where a market comes from: "store", "chains:DIR", "lean:DIR", "optionsdx:DIR", "dolthub:DIR", "simulated". What was
// read is reported with it.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <alaris/market/source.hpp>

namespace alaris::host {

enum class SourceKind { simulated, chains, lean, optionsdx, dolthub, store };

struct SourceName {
  SourceKind kind = SourceKind::simulated;
  std::filesystem::path folder;  // the file of a store; empty for the simulated market
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

/// Reads OptionsDX end-of-day files, SYMBOL_eod_YYYYMM.txt at any depth (docs/formats.md).
[[nodiscard]] LoadedMarket read_optionsdx_folder(const std::filesystem::path& folder,
                                                 const std::vector<std::string>& symbols);

/// Reads CSV exports of DoltHub's option_chain and ohlcv tables (docs/formats.md).
[[nodiscard]] LoadedMarket read_dolthub_folder(const std::filesystem::path& folder,
                                               const std::vector<std::string>& symbols);

/// Reads the local store. Throws HostError(data) when it does not hold a symbol.
[[nodiscard]] LoadedMarket read_store(const std::filesystem::path& file, const std::vector<std::string>& symbols);

/// Reads any source that is recorded.
[[nodiscard]] LoadedMarket read_source(const SourceName& source, const std::vector<std::string>& symbols);

/// How many of the symbols the default store holds chains of.
enum class StoreHolding { none, some, all };
[[nodiscard]] StoreHolding store_holding(const std::vector<std::string>& symbols);
[[nodiscard]] std::vector<std::string> stored_symbols(const std::filesystem::path& file);
[[nodiscard]] std::filesystem::path default_store();

/// Symbols of a chain folder, sorted.
[[nodiscard]] std::vector<std::string> chain_folder_symbols(const std::filesystem::path& folder);
/// One number for the bytes of a symbol's files, and of the files all symbols share, without reading them as tables.
[[nodiscard]] std::uint64_t chain_folder_fingerprint(const std::filesystem::path& folder, const std::string& symbol);

}  // namespace alaris::host
