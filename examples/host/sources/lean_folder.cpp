// SPDX-License-Identifier: Apache-2.0
// LEAN's Data folder, daily resolution: prices are dollars times 10 000, raw as traded; rows carry no header.
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <map>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include <alaris/market/calendar.hpp>

#include "feeds/lean.hpp"
#include "host_error.hpp"
#include "sources/file_bytes.hpp"
#include "sources/source.hpp"
#include "sources/zip_archive.hpp"
#include "text/csv.hpp"

namespace alaris::host {
namespace {

namespace fs = std::filesystem;

constexpr double price_scale = 1e-4;

/// Walks the rows of a headerless file; complaints name the file (or archive and entry) and line.
class PlainRows {
 public:
  PlainRows(std::string_view text, std::string place) : rest_(text), place_(std::move(place)) {}

  bool next() {
    for (;;) {
      if (rest_.empty()) return false;
      ++line_;
      const std::size_t end = rest_.find('\n');
      std::string_view row = rest_.substr(0, end);
      rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
      if (row.ends_with('\r')) row.remove_suffix(1);
      if (row.empty()) continue;
      fields_.clear();
      for (;;) {
        const std::size_t comma = row.find(',');
        fields_.push_back(row.substr(0, comma));
        if (comma == std::string_view::npos) return true;
        row.remove_prefix(comma + 1);
      }
    }
  }
  [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }
  [[nodiscard]] std::string_view text(std::size_t i) const noexcept { return fields_[i]; }
  /// NaN where the field is empty.
  [[nodiscard]] double number(std::size_t i) const {
    if (fields_[i].empty()) return not_known;
    double value = 0.0;
    const auto [end, error] = std::from_chars(fields_[i].data(), fields_[i].data() + fields_[i].size(), value);
    if (error != std::errc{} || end != fields_[i].data() + fields_[i].size() || !std::isfinite(value))
      fail(fmt::format("'{}' is not a number", fields_[i]));
    return value;
  }
  /// "20140606" or "20140606 00:00"
  [[nodiscard]] Date date(std::size_t i) const {
    const std::string_view t = fields_[i].substr(0, fields_[i].find(' '));
    const auto day = t.size() == 8 ? parse_date(fmt::format("{}-{}-{}", t.substr(0, 4), t.substr(4, 2), t.substr(6, 2)))
                                   : std::nullopt;
    if (!day) fail(fmt::format("'{}' is not a date (YYYYMMDD)", fields_[i]));
    return *day;
  }
  void expect(std::size_t fields) const {
    if (fields_.size() != fields) fail(fmt::format("{} fields where there should be {}", fields_.size(), fields));
  }
  [[noreturn]] void fail(const std::string& why) const {
    throw HostError(ExitCode::data, fmt::format("{}:{}: {}", place_, line_, why));
  }

 private:
  std::string_view rest_;
  std::string place_;
  std::size_t line_ = 0;
  std::vector<std::string_view> fields_;
};

/// The one entry of a daily archive; rows that cannot be used become warnings.
std::vector<Bar> read_bars(const fs::path& archive, LoadedMarket& loaded) {
  std::vector<Bar> bars;
  const std::uint64_t print = for_each_entry(archive, [&](const std::string& entry, const std::string& content) {
    if (entry != archive.stem().string() + ".csv")
      throw HostError(ExitCode::data,
                      fmt::format("{}: holds '{}', which is another symbol's", archive.string(), entry));
    auto table = lean::parse_daily(content, lean::Scale::ten_thousandths);
    if (!table) throw HostError(ExitCode::data, fmt::format("{}#{}: {}", archive.string(), entry, table.error().why));
    for (const RefusedRow& row : table->refused)
      loaded.warnings.push_back(fmt::format("{}#{}: {} left out: {}", archive.string(), entry, row.record, row.why));
    bars = std::move(table->rows);
  });
  loaded.files.push_back({archive.string(), bars.size(), print});
  return bars;
}

/// Splits and cash dividends are where the factors change; the date of a row is the last session before the ex-date.
void read_factors(const fs::path& path, SymbolHistory& history, std::vector<FileRead>& files,
                  const TradingCalendar& calendar) {
  const std::string text = read_file(path);
  PlainRows rows(text, path.string());
  std::size_t count = 0;
  std::optional<std::array<double, 3>> earlier;
  Date earlier_date{};
  while (rows.next()) {
    ++count;
    if (rows.size() < 3) rows.fail("fewer than three fields");
    if (rows.text(1).find("inf") != std::string_view::npos || rows.text(1).find('e') != std::string_view::npos)
      continue;
    const Date date = rows.date(0);
    const std::array<double, 3> factors{rows.number(1), rows.number(2), rows.size() > 3 ? rows.number(3) : not_known};
    if (!(factors[0] > 0.0) || !(factors[1] > 0.0)) continue;
    if (earlier && calendar.kind(earlier_date) != DayKind::unknown) {
      const Date ex_date = calendar.next_session(earlier_date);
      if (factors[1] != (*earlier)[1])
        history.splits.push_back({ex_date, std::round(1e6 * factors[1] / (*earlier)[1]) / 1e6});
      const double paid = (*earlier)[2] * (1.0 - (*earlier)[0] / factors[0]);
      if (factors[0] != (*earlier)[0] && paid > 0.0)
        history.dividends.push_back({ex_date, std::round(paid * 1e4) / 1e4, calendar.open(ex_date)});
    }
    earlier = factors;
    earlier_date = date;
  }
  files.push_back({path.string(), count, fingerprint(text)});
}

/// "aapl_quote_american_call_10000000_20150117.csv" -> its contract.
OptionContract contract_of(const std::string& entry, const fs::path& archive) {
  const auto fail = [&]() -> OptionContract {
    throw HostError(ExitCode::data, fmt::format("{}: entry '{}' does not name a contract", archive.string(), entry));
  };
  std::vector<std::string_view> parts;
  std::string_view rest = std::string_view(entry).substr(0, entry.rfind('.'));
  for (;;) {
    const std::size_t bar = rest.find('_');
    parts.push_back(rest.substr(0, bar));
    if (bar == std::string_view::npos) break;
    rest.remove_prefix(bar + 1);
  }
  if (parts.size() < 6) return fail();
  const std::string_view right = parts[parts.size() - 3], scaled = parts[parts.size() - 2], day = parts.back();
  double strike = 0.0;
  const auto [end, error] = std::from_chars(scaled.data(), scaled.data() + scaled.size(), strike);
  const auto exact = Strike::from_dollars(std::round(strike / 10.0) / 1000.0);
  const auto expiry = day.size() == 8
                          ? parse_date(fmt::format("{}-{}-{}", day.substr(0, 4), day.substr(4, 2), day.substr(6, 2)))
                          : std::nullopt;
  if (error != std::errc{} || end != scaled.data() + scaled.size() || !exact || !expiry ||
      (right != "call" && right != "put"))
    return fail();
  return {*expiry, *exact, right == "call" ? OptionType::call : OptionType::put};
}

using DayQuotes = std::map<Date, std::map<OptionContract, OptionQuote>>;

OptionQuote& quote_of(DayQuotes& days, Date date, const OptionContract& contract) {
  OptionQuote& quote = days[date][contract];
  quote.contract = contract;
  return quote;
}

void read_option_archive(const fs::path& archive, std::string_view kind, DayQuotes& days,
                         std::vector<FileRead>& files) {
  std::size_t count = 0;
  const std::uint64_t print = for_each_entry(archive, [&](const std::string& entry, const std::string& content) {
    const OptionContract contract = contract_of(entry, archive);
    PlainRows rows(content, archive.string() + "#" + entry);
    while (rows.next()) {
      ++count;
      OptionQuote& quote = quote_of(days, rows.date(0), contract);
      if (kind == "quote") {
        rows.expect(11);
        quote.bid = rows.number(4) * price_scale;
        quote.bid_size = rows.number(5);
        quote.ask = rows.number(9) * price_scale;
        quote.ask_size = rows.number(10);
      } else if (kind == "trade") {
        rows.expect(6);
        quote.last = rows.number(4) * price_scale;
        quote.volume = rows.number(5);
      } else {
        rows.expect(2);
        quote.open_interest = rows.number(1);
      }
    }
  });
  files.push_back({archive.string(), count, print});
}

std::vector<RatePoint> read_rates(const fs::path& path, std::vector<FileRead>& files) {
  const std::string text = read_file(path);
  CsvReader rows(text, path.string());
  const std::size_t date = rows.require("DATE"), percent = rows.require("PCREDIT8");
  std::vector<RatePoint> rates;
  while (rows.next()) {
    const auto day = parse_date(rows[date]);
    if (!day) rows.fail(fmt::format("'{}' is not a date (YYYY-MM-DD)", rows[date]));
    rates.push_back({*day, {0.25}, rows.number(percent) / 100.0});
  }
  files.push_back({path.string(), rates.size(), fingerprint(text)});
  return rates;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

void read_options(const fs::path& folder, const std::string& ticker, SymbolHistory& history, LoadedMarket& loaded) {
  DayQuotes days;
  if (fs::is_directory(folder)) {
    std::vector<fs::path> archives;
    for (const auto& entry : fs::directory_iterator(folder)) archives.push_back(entry.path());
    std::sort(archives.begin(), archives.end());
    for (const fs::path& archive : archives)
      for (const std::string_view kind : {"quote", "trade", "openinterest"}) {
        const std::string file = archive.filename().string();
        if (file.starts_with(ticker + "_") && file.ends_with(fmt::format("_{}_american.zip", kind)))
          read_option_archive(archive, kind, days, loaded.files);
      }
  }
  for (auto& [date, contracts] : days) {
    std::vector<OptionQuote> quotes;
    quotes.reserve(contracts.size());
    for (auto& [contract, quote] : contracts) {
      loaded.holds_quotes = loaded.holds_quotes || two_sided(quote);
      quotes.push_back(quote);
    }
    const auto bar = std::lower_bound(history.bars.begin(), history.bars.end(), date,
                                      [](const Bar& b, Date d) { return b.date < d; });
    const double spot = bar != history.bars.end() && bar->date == date ? bar->close : not_known;
    history.chains.push_back(std::make_shared<const OptionChain>(date, spot, std::move(quotes)));
  }
}

}  // namespace

LoadedMarket read_lean_folder(const fs::path& folder, const std::vector<std::string>& symbols) {
  if (!fs::is_directory(folder / "equity" / "usa"))
    throw HostError(ExitCode::data, fmt::format("{}: not a LEAN Data folder (no equity/usa in it)", folder.string()));
  const TradingCalendar calendar = TradingCalendar::nyse();
  LoadedMarket loaded;
  std::vector<SymbolHistory> histories;
  for (const std::string& symbol : symbols) {
    const std::string ticker = lower(symbol);
    const fs::path daily = folder / "equity/usa/daily" / (ticker + ".zip");
    if (!fs::exists(daily))
      throw HostError(ExitCode::data, fmt::format("{}: no daily bars of '{}' ({} is missing)", folder.string(), symbol,
                                                  daily.string()));
    SymbolHistory history{.symbol = symbol, .bars = {}, .chains = {}, .dividends = {}, .splits = {}, .earnings = {}};
    history.bars = read_bars(daily, loaded);
    const fs::path factors = folder / "equity/usa/factor_files" / (ticker + ".csv");
    if (fs::exists(factors)) read_factors(factors, history, loaded.files, calendar);
    read_options(folder / "option/usa/daily", ticker, history, loaded);
    histories.push_back(std::move(history));
  }
  std::vector<RatePoint> rates;
  const fs::path rate_file = folder / "alternative/interest-rate/usa/interest-rate.csv";
  if (fs::exists(rate_file)) rates = read_rates(rate_file, loaded.files);
  loaded.warnings.push_back("LEAN folders hold no earnings calendar: no announcement is known, nothing is decided");
  loaded.market = RecordedMarket(std::move(histories), {}, std::move(rates));
  return loaded;
}

}  // namespace alaris::host
