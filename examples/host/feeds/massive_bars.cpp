// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include <alaris/market/bar.hpp>
#include <alaris/market/new_york.hpp>

#include "feeds/massive_envelope.hpp"

namespace alaris::host::massive {
namespace {

void refuse_defect(JsonRow& row, Date date, double open, double high, double low, double close) {
  if (row.refused()) return;
  const BarDefect defect = defect_of(alaris::Bar{date, open, high, low, close, 0.0});
  if (defect != BarDefect::none) row.refuse("", std::string(name(defect)));
}

Bar read_bar(JsonRow& row) {
  using std::chrono::milliseconds;
  Bar bar;
  const std::int64_t stamp = row.required_integer("t");
  if (stamp < 0 || stamp > 7'258'118'400'000) row.refuse("t", "not a time between 1970 and 2200");
  if (!row.refused()) bar.start = Instant(milliseconds(stamp));
  bar.open = row.required_number("o");
  bar.high = row.required_number("h");
  bar.low = row.required_number("l");
  bar.close = row.required_number("c");
  bar.volume = row.required_number("v");
  bar.vwap = row.number("vw");
  bar.trades = row.integer("n");
  if (bar.volume < 0.0) row.refuse("v", "negative");
  refuse_defect(row, {}, bar.open, bar.high, bar.low, bar.close);
  return bar;
}

bool same(const Bar& a, const Bar& b) {
  return a.start == b.start && a.open == b.open && a.high == b.high && a.low == b.low && a.close == b.close &&
         a.volume == b.volume && a.vwap == b.vwap && a.trades == b.trades;
}

void drop_repeated(FeedTable<Bar>& table) {
  std::vector<Bar> kept;
  for (const Bar& bar : table.rows) {
    if (kept.empty() || kept.back().start != bar.start) {
      kept.push_back(bar);
    } else if (same(kept.back(), bar)) {
      ++table.duplicates;
    } else {
      table.refused.push_back({new_york_text(bar.start), "", "contradicts an earlier bar of the same time"});
    }
  }
  table.rows = std::move(kept);
}

}  // namespace

Date Bar::date() const noexcept {
  return new_york_date(start);
}

FeedResult<FeedTable<Bar>> parse_bars(const HttpAnswer& answer, const BarsAsked& asked) {
  const auto body = opened(answer);
  if (!body) return unexpected(body.error());
  if (!body->is_object()) return unexpected(schema_error("", "an object is required here"));
  JsonRow head(*body, "");
  const std::string ticker = head.required_text("ticker");
  const auto adjusted = head.flag("adjusted");
  const auto count = head.integer("resultsCount");
  if (head.refused()) return unexpected(schema_error(head.reason().field, head.reason().why));
  if (!asked.ticker.empty() && ticker != asked.ticker)
    return unexpected(
        schema_error("ticker", fmt::format("'{}' came, '{}' was asked", safe_text(ticker), asked.ticker)));
  if (asked.adjusted && adjusted && *asked.adjusted != *adjusted)
    return unexpected(schema_error("adjusted", "the other kind of prices was asked"));

  auto table = results_of<Bar>(*body, read_bar);
  if (!table) return table;
  if (table->rows.empty() && table->refused.empty()) {
    table->ask_again = asked.sessions_expected || body->contains("results");
    return table;
  }
  const std::size_t arrived = table->rows.size() + table->refused.size();
  if (count && *count != static_cast<std::int64_t>(arrived))
    table->warnings.push_back(fmt::format("resultsCount says {}, {} rows came", *count, arrived));
  const auto before = [](const Bar& a, const Bar& b) { return a.start < b.start; };
  if (asked.descending) std::reverse(table->rows.begin(), table->rows.end());
  if (!std::is_sorted(table->rows.begin(), table->rows.end(), before)) {
    table->warnings.push_back("the bars were not in the order asked for");
    std::stable_sort(table->rows.begin(), table->rows.end(), before);
  }
  drop_repeated(*table);
  return table;
}

FeedResult<OpenClose> parse_open_close(const HttpAnswer& answer) {
  const auto body = opened(answer);
  if (!body) return unexpected(body.error());
  JsonRow row(*body, "");
  OpenClose day;
  day.symbol = row.required_text("symbol");
  day.date = row.required_date("from");
  day.open = row.required_number("open");
  day.high = row.required_number("high");
  day.low = row.required_number("low");
  day.close = row.required_number("close");
  day.volume = row.required_number("volume");
  day.before_market = row.number("preMarket");
  day.after_hours = row.number("afterHours");
  refuse_defect(row, day.date, day.open, day.high, day.low, day.close);
  if (row.refused()) return unexpected(schema_error(row.reason().field, row.reason().why));
  return day;
}

}  // namespace alaris::host::massive
