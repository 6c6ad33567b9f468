// SPDX-License-Identifier: Apache-2.0
#include "feeds/lean.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include <alaris/market/new_york.hpp>

#include "feeds/delimited.hpp"
#include "feeds/json_rows.hpp"

namespace alaris::host::lean {
namespace {

constexpr double lowest_close = 0.5, highest_close = 100'000.0;

FeedError failure(FeedFault fault, std::string where, std::string why) {
  return {.fault = fault, .feed = std::string(feed), .where = std::move(where), .why = std::move(why)};
}

/// One line; the first complaint refuses it.
class Line {
 public:
  /// `fields` is room for the fields, used line after line.
  Line(std::size_t number, std::string_view text, std::vector<std::string_view>& fields)
      : number_(number), fields_(fields) {
    split_fields(text, fields_);
  }
  [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }
  [[nodiscard]] std::string_view text(std::size_t i) const { return fields_[i]; }
  [[nodiscard]] bool expect(std::size_t least, std::size_t most) {
    if (fields_.size() < least || fields_.size() > most)
      refuse("", fmt::format("{} fields where there should be {}", fields_.size(), least));
    return !refused_;
  }
  [[nodiscard]] std::optional<double> number(std::size_t i) {
    const WrittenNumber read = written_number(fields_[i]);
    if (!read.ok) refuse(field(i), "not a number");
    return read.value;
  }
  [[nodiscard]] double required(std::size_t i) {
    const auto value = number(i);
    if (!value) refuse(field(i), "a number is required here");
    return value.value_or(0.0);
  }
  /// "20140606", also with " 00:00" behind it.
  [[nodiscard]] Date date(std::size_t i) {
    const std::string_view day = fields_[i].substr(0, fields_[i].find(' '));
    const auto read = day.size() == 8
                          ? parse_date(fmt::format("{}-{}-{}", day.substr(0, 4), day.substr(4, 2), day.substr(6, 2)))
                          : std::nullopt;
    if (!read) refuse(field(i), "not a date (YYYYMMDD)");
    return read.value_or(Date{});
  }
  /// Milliseconds after midnight in New York.
  [[nodiscard]] Instant time(std::size_t i, Date day) {
    const double at = required(i);
    if (at < 0.0 || at >= 86'400'000.0 || at != std::floor(at)) refuse(field(i), "not a time of day in milliseconds");
    return new_york_instant(day, std::chrono::milliseconds(refused_ ? 0 : static_cast<std::int64_t>(at)));
  }
  [[nodiscard]] Side side(std::size_t first, double scale) {
    return {required(first) * scale, required(first + 1) * scale, required(first + 2) * scale,
            required(first + 3) * scale, required(first + 4)};
  }
  void refuse(std::string field, std::string why) {
    if (!refused_) refused_ = RefusedRow{fmt::format("line {}", number_), std::move(field), std::move(why)};
  }
  [[nodiscard]] const std::optional<RefusedRow>& refused() const noexcept { return refused_; }

 private:
  [[nodiscard]] static std::string field(std::size_t i) { return fmt::format("field {}", i + 1); }

  std::size_t number_;
  std::vector<std::string_view>& fields_;
  std::optional<RefusedRow> refused_{};
};

/// Every line that is not blank, read by read(line) -> T.
template <class T, class Read>
FeedTable<T> lines_as(std::string_view text, std::size_t first_line, Read read) {
  FeedTable<T> table;
  std::vector<std::string_view> fields;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view bytes = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (bytes.ends_with('\r')) bytes.remove_suffix(1);
    if (bytes.empty() || number <= first_line) continue;
    Line line(number, bytes, fields);
    T row = read(line);
    if (line.refused())
      table.refused.push_back(*line.refused());
    else
      table.rows.push_back(std::move(row));
  }
  return table;
}

constexpr double ten_thousandth = 1e-4;

}  // namespace

FeedResult<FeedTable<Bar>> parse_daily(std::string_view text, Scale scale) {
  const double unit = scale == Scale::ten_thousandths ? ten_thousandth : 1.0;
  bool unscaled = false;
  auto table = lines_as<Bar>(text, 0, [&](Line& line) {
    Bar bar{};
    if (!line.expect(6, 6)) return bar;
    bar.date = line.date(0);
    const Side side = line.side(1, unit);
    bar = {bar.date, side.open, side.high, side.low, side.close, side.size};
    if (line.refused()) return bar;
    unscaled = unscaled || (scale == Scale::ten_thousandths && (bar.close < lowest_close || bar.close > highest_close));
    if (const BarDefect defect = defect_of(bar); defect != BarDefect::none)
      line.refuse("", std::string(alaris::name(defect)));
    return bar;
  });
  if (unscaled)
    return unexpected(failure(FeedFault::implausible, "", "a close outside 0.5 to 100 000 dollars: is it scaled?"));
  std::stable_sort(table.rows.begin(), table.rows.end(), [](const Bar& a, const Bar& b) { return a.date < b.date; });
  std::vector<Bar> kept;
  for (const Bar& bar : table.rows) {
    if (kept.empty() || kept.back().date != bar.date)
      kept.push_back(bar);
    else if (kept.back().open == bar.open && kept.back().high == bar.high && kept.back().low == bar.low &&
             kept.back().close == bar.close && kept.back().volume == bar.volume)
      ++table.duplicates;
    else
      table.refused.push_back({to_string(bar.date), "", "contradicts an earlier row of the same date"});
  }
  table.rows = std::move(kept);
  return table;
}

FeedResult<FeedTable<MinuteTrade>> parse_minute_trades(std::string_view text, Date date) {
  return lines_as<MinuteTrade>(text, 0, [&](Line& line) {
    MinuteTrade row;
    if (!line.expect(6, 6)) return row;
    row.start = line.time(0, date);
    row.price = line.side(1, ten_thousandth);
    return row;
  });
}

FeedResult<FeedTable<MinuteQuote>> parse_minute_quotes(std::string_view text, Date date) {
  return lines_as<MinuteQuote>(text, 0, [&](Line& line) {
    MinuteQuote row;
    if (!line.expect(11, 11)) return row;
    row.start = line.time(0, date);
    const auto absent = [&](std::size_t first) {
      for (std::size_t i = first; i < first + 5; ++i)
        if (!line.text(i).empty()) return false;
      return true;
    };
    if (!absent(1)) row.bid = line.side(1, ten_thousandth);
    if (!absent(6)) row.ask = line.side(6, ten_thousandth);
    return row;
  });
}

FeedResult<FeedTable<Factor>> parse_factors(std::string_view text) {
  return lines_as<Factor>(text, 0, [](Line& line) {
    Factor row;
    if (!line.expect(3, 4)) return row;
    row.through = line.date(0);
    for (const std::size_t i : {std::size_t{1}, std::size_t{2}})
      if (line.text(i).find_first_of("eEiI") != std::string_view::npos) line.refuse("", "an unusable factor");
    if (line.refused()) return row;
    row.price = line.required(1);
    row.split = line.required(2);
    if (line.size() > 3) row.reference_close = line.number(3);
    if (!line.refused() && !(row.price > 0.0 && row.split > 0.0)) line.refuse("", "a factor of zero");
    return row;
  });
}

std::optional<Factor> factor_on(const std::vector<Factor>& factors, Date date) noexcept {
  for (const Factor& factor : factors)
    if (date <= factor.through) return factor;
  return std::nullopt;
}

FeedResult<FeedTable<TickerName>> parse_map(std::string_view text) {
  return lines_as<TickerName>(text, 0, [](Line& line) {
    TickerName row;
    if (!line.expect(2, 4)) return row;
    row.through = line.date(0);
    row.ticker = std::string(line.text(1));
    if (row.ticker.empty()) line.refuse("field 2", "a ticker is required here");
    return row;
  });
}

std::optional<std::string> ticker_on(const std::vector<TickerName>& names, Date date) {
  if (names.empty() || date < names.front().through) return std::nullopt;
  for (const TickerName& name : names)
    if (date <= name.through) return name.ticker;
  return std::nullopt;
}

bool Universe::belongs_to(const Bar& bar) const noexcept {
  return underlying_close && std::fabs(*underlying_close - bar.close) <= 0.005 &&
         (!underlying_volume || *underlying_volume == bar.volume);
}

FeedResult<Universe> parse_universe(std::string_view text) {
  constexpr std::string_view begin = "#expiry,strike,right,open,high,low,close,volume,open_interest,implied_volatility";
  if (!text.starts_with(begin)) return unexpected(failure(FeedFault::schema, "header", "not that of a universe"));
  Universe universe;
  const std::vector<std::string_view> lines = lines_of(text);
  if (lines.size() < 2) return unexpected(failure(FeedFault::schema, "line 2", "no line of the underlying"));
  std::vector<std::string_view> fields;
  Line underlying(2, lines[1], fields);
  if (underlying.size() < 8 || !underlying.text(0).empty())
    return unexpected(failure(FeedFault::schema, "line 2", "no line of the underlying"));
  universe.underlying_close = underlying.number(6);
  universe.underlying_volume = underlying.number(7);
  universe.contracts = lines_as<UniverseRow>(text, 2, [](Line& line) {
    UniverseRow row;
    if (!line.expect(10, 15)) return row;
    row.contract.expiry = line.date(0);
    const auto strike = Strike::from_dollars(line.required(1));
    if (!strike) line.refuse("strike", "not a strike price");
    row.contract.strike = strike.value_or(Strike{});
    if (line.text(2) != "C" && line.text(2) != "P") line.refuse("right", "neither C nor P");
    row.contract.type = line.text(2) == "P" ? OptionType::put : OptionType::call;
    row.close = line.number(6);
    row.volume = line.number(7);
    row.open_interest = line.number(8);
    row.volatility = line.number(9);
    if (row.volatility && *row.volatility < 1e-6) row.volatility.reset();  // the file's mark for "not solvable"
    return row;
  });
  return universe;
}

FeedResult<FeedTable<RatePoint>> parse_rates(std::string_view text) {
  if (!text.starts_with("DATE,PCREDIT8")) return unexpected(failure(FeedFault::schema, "header", "not DATE,PCREDIT8"));
  return lines_as<RatePoint>(text, 1, [](Line& line) {
    RatePoint row{Date{}, {0.25}, 0.0};
    if (!line.expect(2, 2)) return row;
    const auto day = parse_date(line.text(0));
    if (!day) line.refuse("DATE", "not a date (YYYY-MM-DD)");
    row.date = day.value_or(Date{});
    row.rate = line.required(1) / 100.0;
    return row;
  });
}

}  // namespace alaris::host::lean
