// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "host_error.hpp"
#include "sources/file_bytes.hpp"
#include "sources/folder_tables.hpp"
#include "sources/source.hpp"

namespace alaris::host {
namespace {

namespace fs = std::filesystem;

OptionQuote read_quote(const CsvReader& r, const std::array<std::size_t, 9>& column, std::size_t& negative) {
  const Strike strike = strike_field(r, column[1]);
  const std::string_view right = r[column[2]];
  if (right != "C" && right != "P") r.fail(fmt::format("'{}' in column 'right' is neither C nor P", right));
  OptionQuote quote{.contract = {date_field(r, column[0]), strike, right == "C" ? OptionType::call : OptionType::put}};
  const auto amount = [&](std::size_t which) { return amount_field(r, column[which], negative); };
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
  std::map<Date, ChainDay> days;
  ChainDay* day = nullptr;
  Date current{};
  std::size_t negative = 0;
  while (file.next()) {
    const Date on = date_field(r, date);
    if (!day || on != current) {
      day = &days[on];
      current = on;
    }
    day->quotes.push_back(read_quote(r, columns, negative));
  }
  warn_of_negatives(path, negative, loaded);
  add_chains(std::move(days), path, history, loaded);
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
    history.bars = read_bars(required(folder / symbol, "bars.csv"), BarsOf::stock, loaded);
    read_chains(required(folder / symbol, "chain.csv"), history, loaded);
    read_actions(folder / symbol, history, loaded.files);
    histories.push_back(std::move(history));
  }
  add_shared_tables(folder, std::move(histories), loaded);
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
  if (!folder.empty() && kind == "optionsdx") return {SourceKind::optionsdx, folder};
  if (!folder.empty() && kind == "dolthub") return {SourceKind::dolthub, folder};
  if (!folder.empty() && kind == "store") return {SourceKind::store, folder};
  throw HostError(ExitCode::usage,
                  fmt::format("'{}' is not a source; there are: store, simulated, chains:DIR, lean:DIR, optionsdx:DIR, "
                              "dolthub:DIR",
                              text));
}

}  // namespace alaris::host
