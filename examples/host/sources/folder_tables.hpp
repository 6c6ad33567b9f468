// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tables that folders of market data share: bars, corporate actions, earnings, rates and the volatility index, as CSV
// with a header row (docs/formats.md). Every complaint names file and line.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sources/file_bytes.hpp"
#include "sources/source.hpp"
#include "text/csv.hpp"

namespace alaris::host {

/// FOLDER/NAME or FOLDER/NAME.gz; nothing when neither exists.
[[nodiscard]] std::optional<std::filesystem::path> present(const std::filesystem::path& folder,
                                                           const std::string& name);

/// FOLDER/NAME or FOLDER/NAME.gz. Throws HostError(data) when neither exists.
[[nodiscard]] std::filesystem::path required(const std::filesystem::path& folder, const std::string& name);

/// One file of rows, counted and fingerprinted as it is read.
class TableFile {
 public:
  TableFile(const std::filesystem::path& path, std::vector<FileRead>& files)
      : TableFile(path, read_file(path), files) {}
  /// Of a text that was read already.
  TableFile(const std::filesystem::path& path, std::string text, std::vector<FileRead>& files)
      : text_(std::move(text)), reader(text_, path.string()), files_(&files) {
    files.push_back({path.string(), 0, fingerprint(text_)});
    place_ = files.size() - 1;
  }
  bool next() {
    const bool more = reader.next();
    if (more) ++(*files_)[place_].rows;
    return more;
  }

 private:
  std::string text_;

 public:
  CsvReader reader;

 private:
  std::vector<FileRead>* files_;
  std::size_t place_ = 0;
};

/// Throw HostError(data) for what is no date, or no instant with offset.
[[nodiscard]] Date date_field(const CsvReader& reader, std::size_t column);
[[nodiscard]] Instant instant_field(const CsvReader& reader, std::size_t column);
/// Not negative, or NaN where the column or the value is missing.
[[nodiscard]] double amount_field(const CsvReader& reader, std::size_t column);
/// The same, but a negative one is some vendors' word for that: it is counted and not
/// known.
[[nodiscard]] double amount_field(const CsvReader& reader, std::size_t column, std::size_t& negative);
/// Tells how many there were.
void warn_of_negatives(const std::filesystem::path& file, std::size_t negative, LoadedMarket& loaded);
[[nodiscard]] Strike strike_field(const CsvReader& reader, std::size_t column);

enum class BarsOf { stock, index };
/// Sorted by date. A bar without one of its prices, or of a date that was there already, is left out and counted in a
/// warning. What is there must be usable by range estimators; of an index only the close is used, and must be positive.
[[nodiscard]] std::vector<Bar> read_bars(const std::filesystem::path& path, BarsOf what, LoadedMarket& loaded);

/// What a file says of one day; the spot is the day's bar where the file names none.
struct ChainDay {
  double spot = not_known;
  std::vector<OptionQuote> quotes{};
};
/// Adds the days of a symbol to its history; duplicates are dropped with a warning that names the file.
void add_chains(std::map<Date, ChainDay> days, const std::filesystem::path& file, SymbolHistory& history,
                LoadedMarket& loaded);

/// dividends.csv and splits.csv of a symbol's folder, where there are any.
void read_actions(const std::filesystem::path& folder, SymbolHistory& history, std::vector<FileRead>& files);

/// The market of these histories with earnings.csv, vix.csv and rates.csv of the folder; a warning for each that is not
/// there.
void add_shared_tables(const std::filesystem::path& folder, std::vector<SymbolHistory> histories, LoadedMarket& loaded);

}  // namespace alaris::host
