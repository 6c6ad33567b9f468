// SPDX-License-Identifier: Apache-2.0
#include "sources/folder_tables.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include <fmt/format.h>

#include "host_error.hpp"

namespace alaris::host {

namespace fs = std::filesystem;

std::optional<fs::path> present(const fs::path& folder, const std::string& name) {
  for (const std::string& candidate : {name, name + ".gz"})
    if (fs::exists(folder / candidate)) return folder / candidate;
  return std::nullopt;
}

fs::path required(const fs::path& folder, const std::string& file) {
  if (const auto path = present(folder, file)) return *path;
  throw HostError(ExitCode::data, fmt::format("{}: no {} (or {}.gz) in this folder", folder.string(), file, file));
}

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

double amount_field(const CsvReader& r, std::size_t column) {
  const double value = column == CsvReader::npos ? not_known : r.number(column);
  if (value < 0.0) r.fail(fmt::format("'{}' is negative", r.header()[column]));
  return value;
}

double amount_field(const CsvReader& r, std::size_t column, std::size_t& negative) {
  const double value = column == CsvReader::npos ? not_known : r.number(column);
  if (!(value < 0.0)) return value;
  ++negative;
  return not_known;
}

void warn_of_negatives(const fs::path& file, std::size_t negative, LoadedMarket& loaded) {
  if (negative > 0)
    loaded.warnings.push_back(
        fmt::format("{}: {} negative prices or counts are taken as not known", file.string(), negative));
}

Strike strike_field(const CsvReader& r, std::size_t column) {
  const auto strike = Strike::from_dollars(r.number(column));
  if (!strike) r.fail(fmt::format("'{}' is not a strike price", r[column]));
  return *strike;
}

std::vector<Bar> read_bars(const fs::path& path, BarsOf what, LoadedMarket& loaded) {
  TableFile file(path, loaded.files);
  const CsvReader& r = file.reader;
  const std::size_t date = r.require("date"), open = r.require("open"), high = r.require("high"),
                    low = r.require("low"), close = r.require("close"), volume = r.find("volume");
  std::vector<Bar> bars;
  std::size_t without_price = 0;
  while (file.next()) {
    const Bar bar{date_field(r, date), r.number(open),  r.number(high),
                  r.number(low),       r.number(close), volume == CsvReader::npos ? not_known : r.number(volume)};
    const bool index = what == BarsOf::index;
    if (std::isnan(bar.close) || (!index && (std::isnan(bar.open) || std::isnan(bar.high) || std::isnan(bar.low)))) {
      ++without_price;
      continue;
    }
    const BarDefect defect = defect_of(bar);
    if (!index ? defect != BarDefect::none : !(bar.close > 0.0))
      r.fail(std::string(name(defect == BarDefect::none ? BarDefect::not_positive : defect)));
    bars.push_back(bar);
  }
  std::stable_sort(bars.begin(), bars.end(), [](const Bar& a, const Bar& b) { return a.date < b.date; });
  const auto again = std::unique(bars.begin(), bars.end(), [](const Bar& a, const Bar& b) { return a.date == b.date; });
  const auto repeated = bars.end() - again;
  bars.erase(again, bars.end());
  if (without_price > 0)
    loaded.warnings.push_back(fmt::format("{}: {} bars without a price left out", path.string(), without_price));
  if (repeated > 0)
    loaded.warnings.push_back(
        fmt::format("{}: {} bars of a date that was there already left out", path.string(), repeated));
  return bars;
}

namespace {

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

}  // namespace

void add_chains(std::map<Date, ChainDay> days, const fs::path& file, SymbolHistory& history, LoadedMarket& loaded) {
  for (auto& [on, day] : days) {
    const auto bar =
        std::lower_bound(history.bars.begin(), history.bars.end(), on, [](const Bar& b, Date d) { return b.date < d; });
    if (!(day.spot > 0.0) && bar != history.bars.end() && bar->date == on) day.spot = bar->close;
    for (const OptionQuote& quote : day.quotes) loaded.holds_quotes = loaded.holds_quotes || two_sided(quote);
    auto chain = std::make_shared<const OptionChain>(on, day.spot, std::move(day.quotes));
    if (chain->duplicates() > 0)
      loaded.warnings.push_back(
          fmt::format("{}: {} duplicate contracts on {} dropped", file.string(), chain->duplicates(), to_string(on)));
    history.chains.push_back(std::move(chain));
  }
}

void read_actions(const fs::path& folder, SymbolHistory& history, std::vector<FileRead>& files) {
  const auto dividends = present(folder, "dividends.csv"), splits = present(folder, "splits.csv");
  history.tables = {.dividends = dividends.has_value(), .splits = splits.has_value()};
  if (dividends) read_dividends(*dividends, history, files);
  if (splits) read_splits(*splits, history, files);
}

void add_shared_tables(const fs::path& folder, std::vector<SymbolHistory> histories, LoadedMarket& loaded) {
  if (const auto path = present(folder, "earnings.csv"))
    read_earnings(*path, histories, loaded.files);
  else
    loaded.warnings.push_back(folder.string() + ": no earnings.csv: no announcement is known");
  std::vector<Bar> vix;
  std::vector<RatePoint> rates;
  if (const auto path = present(folder, "vix.csv"))
    vix = read_bars(*path, BarsOf::index, loaded);
  else
    loaded.warnings.push_back(folder.string() + ": no vix.csv: VixStress trips");
  if (const auto path = present(folder, "rates.csv"))
    rates = read_rates(*path, loaded.files);
  else
    loaded.warnings.push_back(folder.string() + ": no rates.csv: no candidate can be priced");
  loaded.market = RecordedMarket(std::move(histories), std::move(vix), std::move(rates));
}

}  // namespace alaris::host
