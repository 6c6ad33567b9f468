// SPDX-License-Identifier: Apache-2.0
// Exports of two vendors as they are downloaded: OptionsDX's monthly text files and DoltHub's option_chain table. Both
// hold option quotes alone; what else a run needs lies beside them in the tables of a chain folder (docs/formats.md).
#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "host_error.hpp"
#include "sources/file_bytes.hpp"
#include "sources/folder_tables.hpp"
#include "sources/source.hpp"

namespace alaris::host {
namespace {

namespace fs = std::filesystem;

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool has_ending(const std::string& name, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view end) { return name.ends_with(end); });
}

/// Files below a folder whose name in lower case begins with `start` and ends with one of the endings, sorted.
std::vector<fs::path> files_below(const fs::path& folder, const std::string& start,
                                  std::initializer_list<std::string_view> endings) {
  if (!fs::is_directory(folder)) throw HostError(ExitCode::data, folder.string() + ": no such folder");
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = lower(entry.path().filename().string());
    if (entry.is_regular_file() && name.starts_with(start) && has_ending(name, endings)) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// Bars from SYMBOL/bars.csv; nothing when there is no such file.
bool add_bars(const fs::path& folder, SymbolHistory& history, LoadedMarket& loaded) {
  const auto path = present(folder / history.symbol, "bars.csv");
  if (path) history.bars = read_bars(*path, BarsOf::stock, loaded);
  return path.has_value();
}

/// OptionsDX pads its fields with a blank after each comma.
std::string without_padding(std::string text) {
  auto to = text.begin();
  bool after_comma = true;
  for (const char c : text) {
    if (c == ' ' && after_comma) continue;
    after_comma = c == ',' || c == '\n';
    *to++ = c;
  }
  text.erase(to, text.end());
  return text;
}

/// "12 x 340": contracts at the bid and at the ask.
std::pair<double, double> sizes_of(std::string_view text) {
  const auto number = [](std::string_view digits) {
    while (!digits.empty() && digits.front() == ' ') digits.remove_prefix(1);
    while (!digits.empty() && digits.back() == ' ') digits.remove_suffix(1);
    int value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool whole = read.ec == std::errc{} && read.ptr == digits.data() + digits.size() && value >= 0;
    return whole ? static_cast<double>(value) : not_known;
  };
  const std::size_t cross = text.find('x');
  if (cross == std::string_view::npos) return {not_known, not_known};
  return {number(text.substr(0, cross)), number(text.substr(cross + 1))};
}

/// Columns of one right in a file of OptionsDX.
struct SideColumns {
  OptionType type;
  std::size_t bid, ask, last, volume, size, iv;
  SideColumns(const CsvReader& r, char side, OptionType right)
      : type(right),
        bid(r.require(fmt::format("[{}_BID]", side))),
        ask(r.require(fmt::format("[{}_ASK]", side))),
        last(r.find(fmt::format("[{}_LAST]", side))),
        volume(r.find(fmt::format("[{}_VOLUME]", side))),
        size(r.find(fmt::format("[{}_SIZE]", side))),
        iv(r.find(fmt::format("[{}_IV]", side))) {}

  [[nodiscard]] OptionQuote quote(const CsvReader& r, Date expiry, Strike strike) const {
    OptionQuote out{.contract = {expiry, strike, type}};
    out.bid = amount_field(r, bid);
    out.ask = amount_field(r, ask);
    out.last = amount_field(r, last);
    out.volume = amount_field(r, volume);
    const double volatility = iv == CsvReader::npos ? not_known : r.number(iv);
    out.vendor_volatility = volatility > 0.0 ? volatility : not_known;  // it marks what it could not solve below 0
    std::tie(out.bid_size, out.ask_size) = sizes_of(r[size]);
    return out;
  }
};

/// The quotes of a day are those of its last quote time.
void read_month(const fs::path& path, SymbolHistory& history, LoadedMarket& loaded, std::map<Date, double>& closes) {
  TableFile file(path, without_padding(read_file(path)), loaded.files);
  const CsvReader& r = file.reader;
  const std::size_t date = r.require("[QUOTE_DATE]"), time = r.require("[QUOTE_TIME_HOURS]"),
                    underlying = r.require("[UNDERLYING_LAST]"), expiry = r.require("[EXPIRE_DATE]"),
                    strike = r.require("[STRIKE]");
  const SideColumns sides[] = {{r, 'C', OptionType::call}, {r, 'P', OptionType::put}};
  std::map<Date, ChainDay> days;
  std::map<Date, double> hours;
  while (file.next()) {
    const Date on = date_field(r, date);
    const double hour = r.number(time);
    if (!(hour >= 0.0 && hour <= 24.0)) r.fail(fmt::format("'{}' is not an hour of the day", r[time]));
    const auto known = hours.try_emplace(on, hour).first;
    if (hour < known->second) continue;
    ChainDay& day = days[on];
    if (hour > known->second) {
      day.quotes.clear();
      known->second = hour;
    }
    day.spot = amount_field(r, underlying);
    for (const SideColumns& side : sides)
      day.quotes.push_back(side.quote(r, date_field(r, expiry), strike_field(r, strike)));
  }
  for (const auto& [on, day] : days) closes[on] = day.spot;
  add_chains(std::move(days), path, history, loaded);
}

}  // namespace

LoadedMarket read_optionsdx_folder(const fs::path& folder, const std::vector<std::string>& symbols) {
  LoadedMarket loaded;
  std::vector<SymbolHistory> histories;
  for (const std::string& symbol : symbols) {
    SymbolHistory history{.symbol = symbol, .bars = {}, .chains = {}, .dividends = {}, .splits = {}, .earnings = {}};
    const auto months = files_below(folder, lower(symbol) + "_eod_", {".txt", ".txt.gz", ".csv", ".csv.gz"});
    if (months.empty())
      throw HostError(ExitCode::data,
                      fmt::format("{}: no {}_eod_YYYYMM.txt below this folder", folder.string(), lower(symbol)));
    const bool bars = add_bars(folder, history, loaded);
    std::map<Date, double> closes;
    for (const fs::path& month : months) read_month(month, history, loaded, closes);
    if (!bars) {
      for (const auto& [on, close] : closes)
        history.bars.push_back({on, not_known, not_known, not_known, close, not_known});
      loaded.warnings.push_back(
          fmt::format("{}: no {}/bars.csv: the underlying's prices at the quotes are the only bars, "
                      "estimators that need the day's range have no value",
                      folder.string(), symbol));
    }
    read_actions(folder / symbol, history, loaded.files);
    histories.push_back(std::move(history));
  }
  add_shared_tables(folder, std::move(histories), loaded);
  return loaded;
}

LoadedMarket read_dolthub_folder(const fs::path& folder, const std::vector<std::string>& symbols) {
  LoadedMarket loaded;
  std::map<std::string, SymbolHistory, std::less<>> histories;
  for (const std::string& symbol : symbols) {
    SymbolHistory& history = histories[symbol];
    history.symbol = symbol;
    add_bars(folder, history, loaded);
  }
  for (const fs::path& path : files_below(folder, "ohlcv", {".csv", ".csv.gz"})) {
    TableFile file(path, loaded.files);
    const CsvReader& r = file.reader;
    const std::size_t date = r.require("date"), name = r.require("act_symbol"), open = r.require("open"),
                      high = r.require("high"), low = r.require("low"), close = r.require("close"),
                      volume = r.require("volume");
    while (file.next()) {
      const auto of = histories.find(r[name]);
      if (of == histories.end() || present(folder / of->first, "bars.csv")) continue;
      of->second.bars.push_back({date_field(r, date), amount_field(r, open), amount_field(r, high),
                                 amount_field(r, low), amount_field(r, close), amount_field(r, volume)});
    }
  }
  for (auto& [symbol, history] : histories)
    std::sort(history.bars.begin(), history.bars.end(), [](const Bar& a, const Bar& b) { return a.date < b.date; });

  const auto tables = files_below(folder, "option_chain", {".csv", ".csv.gz"});
  if (tables.empty()) throw HostError(ExitCode::data, folder.string() + ": no option_chain*.csv below this folder");
  for (const fs::path& path : tables) {
    TableFile file(path, loaded.files);
    const CsvReader& r = file.reader;
    const std::size_t date = r.require("date"), name = r.require("act_symbol"), expiry = r.require("expiration"),
                      strike = r.require("strike"), right = r.require("call_put"), bid = r.require("bid"),
                      ask = r.require("ask"), vol = r.find("vol");
    std::map<std::string, std::map<Date, ChainDay>, std::less<>> read;
    while (file.next()) {
      const auto of = histories.find(r[name]);
      if (of == histories.end()) continue;
      const std::string_view side = r[right];
      if (side != "Call" && side != "Put")
        r.fail(fmt::format("'{}' in column 'call_put' is neither Call nor Put", side));
      OptionQuote quote{.contract = {date_field(r, expiry), strike_field(r, strike),
                                     side == "Call" ? OptionType::call : OptionType::put}};
      quote.bid = amount_field(r, bid);
      quote.ask = amount_field(r, ask);
      quote.vendor_volatility = amount_field(r, vol);
      read[of->first][date_field(r, date)].quotes.push_back(quote);
    }
    for (auto& [symbol, days] : read) add_chains(std::move(days), path, histories.find(symbol)->second, loaded);
  }
  std::vector<SymbolHistory> whole;
  for (const std::string& symbol : symbols) {
    SymbolHistory& history = histories.find(symbol)->second;
    if (history.chains.empty())
      throw HostError(ExitCode::data, fmt::format("{}: no rows of '{}' in option_chain", folder.string(), symbol));
    if (history.bars.empty())
      loaded.warnings.push_back(
          fmt::format("{}: neither {}/bars.csv nor ohlcv*.csv: no underlying price is known", folder.string(), symbol));
    read_actions(folder / symbol, history, loaded.files);
    whole.push_back(std::move(history));
  }
  add_shared_tables(folder, std::move(whole), loaded);
  return loaded;
}

LoadedMarket read_source(const SourceName& source, const std::vector<std::string>& symbols) {
  switch (source.kind) {
    case SourceKind::store:
      return read_store(source.folder, symbols);
    case SourceKind::lean:
      return read_lean_folder(source.folder, symbols);
    case SourceKind::optionsdx:
      return read_optionsdx_folder(source.folder, symbols);
    case SourceKind::dolthub:
      return read_dolthub_folder(source.folder, symbols);
    case SourceKind::chains:
    case SourceKind::simulated:
      break;
  }
  return read_chain_folder(source.folder, symbols);
}

}  // namespace alaris::host
