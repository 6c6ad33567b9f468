// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "host_error.hpp"
#include "sources/file_bytes.hpp"
#include "sources/source.hpp"
#include "text/csv.hpp"

namespace alaris::host {
namespace {

namespace fs = std::filesystem;

/// Opens FOLDER/NAME or FOLDER/NAME.gz; nothing when neither exists.
std::optional<fs::path> present(const fs::path& folder, const std::string& name) {
  for (const std::string& candidate : {name, name + ".gz"})
    if (fs::exists(folder / candidate)) return folder / candidate;
  return std::nullopt;
}

class TableFile {
 public:
  TableFile(const fs::path& path, std::vector<FileRead>& files)
      : text_(read_file(path)), reader(text_, path.string()), files_(&files) {
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

Date date_field(const CsvReader& reader, std::size_t column) {
  const auto date = parse_date(reader[column]);
  if (!date)
    reader.fail(fmt::format("'{}' in column '{}' is not a date (YYYY-MM-DD)", reader[column], reader.header()[column]));
  return *date;
}

Instant instant_field(const CsvReader& reader, std::size_t column) {
  const auto at = parse_instant(reader[column]);
  if (!at)
    reader.fail(fmt::format("'{}' in column '{}' is not an instant with offset (ISO 8601)", reader[column],
                            reader.header()[column]));
  return *at;
}

enum class BarsOf { stock, index };

/// Stock bars must be usable by range estimators; of an index only the close is used, and must be positive.
std::vector<Bar> read_bars(const fs::path& path, BarsOf what, std::vector<FileRead>& files) {
  TableFile file(path, files);
  const CsvReader& r = file.reader;
  const std::size_t date = r.require("date"), open = r.require("open"), high = r.require("high"),
                    low = r.require("low"), close = r.require("close"), volume = r.find("volume");
  std::vector<Bar> bars;
  while (file.next()) {
    Bar bar{date_field(r, date), r.number(open),  r.number(high),
            r.number(low),       r.number(close), volume == CsvReader::npos ? not_known : r.number(volume)};
    const BarDefect defect = defect_of(bar);
    if (what == BarsOf::stock ? defect != BarDefect::none : !(bar.close > 0.0))
      r.fail(std::string(name(defect == BarDefect::none ? BarDefect::not_positive : defect)));
    if (!bars.empty() && bar.date <= bars.back().date) r.fail("dates do not rise from row to row");
    bars.push_back(bar);
  }
  return bars;
}

OptionQuote read_quote(const CsvReader& r, const std::array<std::size_t, 9>& column) {
  const auto strike = Strike::from_dollars(r.number(column[1]));
  if (!strike) r.fail(fmt::format("'{}' is not a strike price", r[column[1]]));
  const std::string_view right = r[column[2]];
  if (right != "C" && right != "P") r.fail(fmt::format("'{}' in column 'right' is neither C nor P", right));
  OptionQuote quote{.contract = {date_field(r, column[0]), *strike, right == "C" ? OptionType::call : OptionType::put}};
  const auto amount = [&](std::size_t which) {
    const double value = column[which] == CsvReader::npos ? not_known : r.number(column[which]);
    if (value < 0.0) r.fail(fmt::format("'{}' is negative", r.header()[column[which]]));
    return value;
  };
  quote.bid = amount(3);
  quote.ask = amount(4);
  quote.last = amount(5);
  quote.volume = amount(6);
  quote.open_interest = amount(7);
  quote.vendor_volatility = amount(8);
  return quote;
}

void read_chains(const fs::path& path, SymbolHistory& history, LoadedMarket& loaded) {
  TableFile file(path, loaded.files);
  const CsvReader& r = file.reader;
  const std::size_t date = r.require("date");
  const std::array<std::size_t, 9> columns{r.require("expiry"), r.require("strike"),     r.require("right"),
                                           r.find("bid"),       r.find("ask"),           r.find("last"),
                                           r.find("volume"),    r.find("open_interest"), r.find("iv")};
  std::map<Date, std::vector<OptionQuote>> days;
  std::vector<OptionQuote>* day = nullptr;
  Date current{};
  while (file.next()) {
    const Date on = date_field(r, date);
    if (!day || on != current) {
      day = &days[on];
      current = on;
    }
    day->push_back(read_quote(r, columns));
    loaded.holds_quotes = loaded.holds_quotes || two_sided(day->back());
  }
  for (auto& [on, quotes] : days) {
    const auto bar =
        std::lower_bound(history.bars.begin(), history.bars.end(), on, [](const Bar& b, Date d) { return b.date < d; });
    const double spot = bar != history.bars.end() && bar->date == on ? bar->close : not_known;
    auto chain = std::make_shared<const OptionChain>(on, spot, std::move(quotes));
    if (chain->duplicates() > 0)
      loaded.warnings.push_back(
          fmt::format("{}: {} duplicate contracts on {} dropped", path.string(), chain->duplicates(), to_string(on)));
    history.chains.push_back(std::move(chain));
  }
}

void read_dividends(const fs::path& path, SymbolHistory& history, std::vector<FileRead>& files) {
  TableFile file(path, files);
  const CsvReader& r = file.reader;
  const std::size_t ex = r.require("ex_date"), amount = r.require("amount"), known = r.require("known_from");
  const std::size_t kind = r.find("kind");
  while (file.next()) {
    const std::string_view said = kind == CsvReader::npos ? "" : r[kind];
    if (!said.empty() && said != "regular" && said != "special")
      r.fail(fmt::format("'{}' in column 'kind' is not regular, special or empty", said));
    history.dividends.push_back({date_field(r, ex), r.number(amount), instant_field(r, known), said == "special"});
  }
}

void read_splits(const fs::path& path, SymbolHistory& history, std::vector<FileRead>& files) {
  TableFile file(path, files);
  const CsvReader& r = file.reader;
  const std::size_t date = r.require("date"), ratio = r.require("ratio"), known = r.find("known_from");
  while (file.next()) {
    const double value = r.number(ratio);
    if (!(value > 0.0)) r.fail(fmt::format("'{}' is not a split ratio", r[ratio]));
    Split split{date_field(r, date), value};
    if (known != CsvReader::npos && !r[known].empty()) split.known_from = instant_field(r, known);
    history.splits.push_back(split);
  }
}

AnnouncementSession session_field(const CsvReader& r, std::size_t column) {
  const std::string_view text = r[column];
  if (text == "BMO") return AnnouncementSession::before_open;
  if (text == "AMC") return AnnouncementSession::after_close;
  if (text == "DMH") return AnnouncementSession::during_market;
  if (text.empty()) return AnnouncementSession::unknown;
  r.fail(fmt::format("'{}' in column 'session' is not BMO, AMC, DMH or empty", text));
}

void read_earnings(const fs::path& path, std::vector<SymbolHistory>& histories, std::vector<FileRead>& files) {
  TableFile file(path, files);
  const CsvReader& r = file.reader;
  const std::size_t symbol = r.require("symbol"), date = r.require("date"), session = r.require("session"),
                    source = r.require("source"), from = r.require("known_from"), until = r.find("known_until");
  while (file.next())
    for (SymbolHistory& history : histories)
      if (history.symbol == r[symbol]) {
        EarningsStatement said{.date = date_field(r, date),
                               .session = session_field(r, session),
                               .source = std::string(r[source]),
                               .known_from = instant_field(r, from)};
        if (!r[until].empty()) said.known_until = instant_field(r, until);
        history.earnings.push_back(std::move(said));
      }
}

std::vector<RatePoint> read_rates(const fs::path& path, std::vector<FileRead>& files) {
  TableFile file(path, files);
  const CsvReader& r = file.reader;
  const std::size_t date = r.require("date"), tenor = r.require("tenor_years"), rate = r.require("rate");
  std::vector<RatePoint> rates;
  while (file.next()) {
    const double value = r.number(rate);
    if (value == value) rates.push_back({date_field(r, date), {r.number(tenor)}, value});
  }
  return rates;
}

fs::path required(const fs::path& folder, const std::string& file) {
  if (const auto path = present(folder, file)) return *path;
  throw HostError(ExitCode::data, fmt::format("{}: no {} (or {}.gz) in this folder", folder.string(), file, file));
}

}  // namespace

std::vector<std::string> chain_folder_symbols(const fs::path& folder) {
  std::vector<std::string> symbols;
  if (!fs::is_directory(folder))
    throw HostError(ExitCode::data, fmt::format("{}: no such folder (source chains:DIR)", folder.string()));
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_directory() && present(entry.path(), "chain.csv")) symbols.push_back(entry.path().filename().string());
  std::sort(symbols.begin(), symbols.end());
  return symbols;
}

std::uint64_t chain_folder_fingerprint(const fs::path& folder, const std::string& symbol) {
  std::uint64_t print = fingerprint(symbol);
  const auto add = [&print](const fs::path& in, const std::string& name) {
    if (const auto path = present(in, name)) print = fingerprint(read_bytes(*path), fingerprint(name, print));
  };
  for (const char* name : {"chain.csv", "bars.csv", "dividends.csv", "splits.csv"}) add(folder / symbol, name);
  for (const char* name : {"earnings.csv", "vix.csv", "rates.csv"}) add(folder, name);
  return print;
}

LoadedMarket read_chain_folder(const fs::path& folder, const std::vector<std::string>& symbols) {
  const std::vector<std::string> held = chain_folder_symbols(folder);
  LoadedMarket loaded;
  std::vector<SymbolHistory> histories;
  for (const std::string& symbol : symbols) {
    if (std::find(held.begin(), held.end(), symbol) == held.end())
      throw HostError(ExitCode::data,
                      fmt::format("{}: no chains for '{}'; the folder holds {}", folder.string(), symbol,
                                  held.empty() ? "none" : fmt::format("{}", fmt::join(held, ", "))));
    SymbolHistory history{.symbol = symbol, .bars = {}, .chains = {}, .dividends = {}, .splits = {}, .earnings = {}};
    history.bars = read_bars(required(folder / symbol, "bars.csv"), BarsOf::stock, loaded.files);
    read_chains(required(folder / symbol, "chain.csv"), history, loaded);
    if (const auto path = present(folder / symbol, "dividends.csv")) read_dividends(*path, history, loaded.files);
    if (const auto path = present(folder / symbol, "splits.csv")) read_splits(*path, history, loaded.files);
    histories.push_back(std::move(history));
  }
  if (const auto path = present(folder, "earnings.csv"))
    read_earnings(*path, histories, loaded.files);
  else
    loaded.warnings.push_back(folder.string() + ": no earnings.csv: no announcement is known");
  std::vector<Bar> vix;
  std::vector<RatePoint> rates;
  if (const auto path = present(folder, "vix.csv"))
    vix = read_bars(*path, BarsOf::index, loaded.files);
  else
    loaded.warnings.push_back(folder.string() + ": no vix.csv: VixStress trips");
  if (const auto path = present(folder, "rates.csv"))
    rates = read_rates(*path, loaded.files);
  else
    loaded.warnings.push_back(folder.string() + ": no rates.csv: no candidate can be priced");
  loaded.market = RecordedMarket(std::move(histories), std::move(vix), std::move(rates));
  return loaded;
}

SourceName parse_source(std::string_view text) {
  if (text == "simulated") return {SourceKind::simulated, {}};
  if (text == "store") return {SourceKind::store, default_store()};
  const std::size_t colon = text.find(':');
  const std::string_view kind = text.substr(0, colon);
  const std::string_view folder = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
  if (!folder.empty() && kind == "chains") return {SourceKind::chains, folder};
  if (!folder.empty() && kind == "lean") return {SourceKind::lean, folder};
  if (!folder.empty() && kind == "store") return {SourceKind::store, folder};
  throw HostError(ExitCode::usage,
                  fmt::format("'{}' is not a source; there are: store, simulated, chains:DIR, lean:DIR", text));
}

}  // namespace alaris::host
