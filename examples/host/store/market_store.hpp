// SPDX-License-Identifier: Apache-2.0
#pragma once
// The local store of market data: one SQLite file. Every value keeps its source, when it was read (as of) and when it
// was published (known from). Writing the same again changes nothing. A source that later says something else of a bar
// or a chain adds a value known from then on and never replaces the first; of a dividend, split or rate it corrects it.
// Contracts, or fields of them, that a chain did not hold yet are added to it: they say nothing else, only more.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <alaris/market/calendar.hpp>
#include <alaris/market/source.hpp>

#include "store/database.hpp"

namespace alaris::host {

struct Provenance {
  std::string source;
  Instant as_of{};
};

/// What a write did to each row: new, already there, said differently before, or left out because its session was not
/// over when it was read (what a source says of an open session is no closing value).
struct WriteCount {
  std::size_t added = 0, same = 0, restated = 0, early = 0;
  WriteCount& operator+=(const WriteCount& other) noexcept {
    added += other.added;
    same += other.same;
    restated += other.restated;
    early += other.early;
    return *this;
  }
};

/// Days or rows of one kind that the store holds of one symbol from one source.
struct Coverage {
  std::string symbol;  // empty for market-wide series
  std::string kind;    // bars, chains, dividends, splits, earnings, rates, vix
  std::string source;
  Date from{}, to{};
  std::int64_t days = 0, rows = 0;
  Instant as_of{};
};

struct Damage {
  std::string symbol{};  // empty: the file itself
  std::string kind{};    // chain or bar
  std::string source{};
  Date date{};
  Instant as_of{};
  std::string why{};
};

/// A date that its source did not repeat: it lapses 30 days after it was last read, or stays as it was written.
enum class Unrepeated : std::uint8_t { lapse, stays };

class MarketStore {
 public:
  /// $XDG_STATE_HOME/alaris/alaris.db, else under ~/.local/state.
  [[nodiscard]] static std::filesystem::path default_file();
  /// The store for reading; nothing where no file is.
  [[nodiscard]] static std::optional<MarketStore> existing(const std::filesystem::path& file);
  MarketStore(const std::filesystem::path& file, Access access);

  [[nodiscard]] Database& database() noexcept { return *database_; }
  /// Another number once another connection has changed the store.
  [[nodiscard]] std::int64_t data_version();

  WriteCount write_bars(const std::string& symbol, std::span<const Bar> bars, const Provenance& from);
  WriteCount write_index(const std::string& index, std::span<const Bar> bars, const Provenance& from);
  WriteCount write_chain(const std::string& symbol, const OptionChain& chain, const Provenance& from);
  WriteCount write_dividends(const std::string& symbol, std::span<const Dividend> rows, const Provenance& from);
  WriteCount write_splits(const std::string& symbol, std::span<const Split> rows, const Provenance& from);
  /// The source of a statement is its own; `from.source` says where it was read.
  WriteCount write_earnings(const std::string& symbol, std::span<const EarningsStatement> rows, const Provenance& from);
  WriteCount write_rates(std::span<const RatePoint> rows, const Provenance& from);

  /// Symbols of which a chain or a bar is held.
  [[nodiscard]] std::vector<std::string> symbols();
  [[nodiscard]] bool holds(const std::string& symbol);
  /// What sources said about reports; see Unrepeated.
  [[nodiscard]] std::vector<EarningsStatement> statements(const std::string& symbol, Unrepeated unrepeated);
  /// What was published first of each day; where sources differ, the first of them. Throws HostError(integrity) for a
  /// damaged chain, HostError(data) for splits that contradict each other.
  [[nodiscard]] SymbolHistory history(const std::string& symbol);
  /// The bars of history(), whatever state the chains are in.
  [[nodiscard]] std::vector<Bar> bars(const std::string& symbol);
  [[nodiscard]] std::vector<Bar> index(const std::string& index);
  [[nodiscard]] std::vector<RatePoint> rates();

  [[nodiscard]] std::vector<Coverage> coverage();
  /// Every block unpacked and compared with its fingerprint, every bar judged. Empty: sound.
  [[nodiscard]] std::vector<Damage> damage();
  /// Puts a bar in the place of a defective one of the same day and source. A damaged chain is replaced by write_chain.
  void mend_bar(const std::string& symbol, const std::string& source, const Bar& bar);

  /// Whether `origin` was read for `symbol` with this fingerprint, and that it now was.
  [[nodiscard]] bool has_read(const std::string& symbol, const std::string& origin, std::uint64_t fingerprint);
  void note_read(const std::string& symbol, const std::string& origin, std::uint64_t fingerprint,
                 const Provenance& from);
  /// Folder or address that a symbol's data of this source came from; nothing when it is not known.
  [[nodiscard]] std::optional<std::string> origin_of(const std::string& symbol, const std::string& source);

 private:
  struct HeldChain;
  [[nodiscard]] Instant close_of(Date date) const noexcept;
  [[nodiscard]] std::vector<HeldChain> held_chains(const std::string& symbol, Date date, const std::string& source);
  void put_chain(const std::string& symbol, const OptionChain& chain, Instant known, const Provenance& from);
  WriteCount write_days(const std::string& table, const std::string& symbol, std::span<const Bar> bars,
                        const Provenance& from);
  std::vector<Bar> days(const std::string& table, const std::string& symbol);

  std::unique_ptr<Database> database_;
  TradingCalendar calendar_ = TradingCalendar::nyse();
};

}  // namespace alaris::host
