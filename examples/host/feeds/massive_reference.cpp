// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <alaris/market/symbol.hpp>

#include "feeds/massive_envelope.hpp"

namespace alaris::host::massive {
namespace {

SplitRow read_split(JsonRow& row) {
  SplitRow out;
  out.symbol = canonical_symbol(row.required_text("ticker"));
  out.date = row.required_date("execution_date");
  out.from = row.required_number("split_from");
  out.to = row.required_number("split_to");
  out.factor_before = row.number("historical_adjustment_factor");
  out.kind = row.text("adjustment_type").value_or("");
  if (!row.refused() && !(out.from > 0.0 && out.to > 0.0)) row.refuse("split_to", "not a ratio");
  return out;
}

DividendKind kind_of(JsonRow& row) {
  const std::string word = row.text("distribution_type").value_or(row.text("dividend_type").value_or(""));
  if (word == "recurring" || word == "CD") return DividendKind::regular;
  if (word == "special" || word == "supplemental" || word == "SC") return DividendKind::special;
  if (word == "LT" || word == "ST") return DividendKind::capital_gain;
  return DividendKind::unknown;
}

DividendRow read_dividend(JsonRow& row) {
  DividendRow out;
  out.symbol = canonical_symbol(row.required_text("ticker"));
  out.ex_date = row.required_date("ex_dividend_date");
  out.amount = row.required_number("cash_amount");
  out.kind = kind_of(row);
  out.currency = row.text("currency").value_or("");
  out.declared = row.date("declaration_date");
  out.recorded = row.date("record_date");
  out.paid = row.date("pay_date");
  out.split_adjusted_amount = row.number("split_adjusted_cash_amount");
  out.frequency = row.integer("frequency");
  if (out.amount < 0.0) row.refuse("cash_amount", "negative");
  return out;
}

std::optional<Instant> instant(JsonRow& row, std::string_view key) {
  const auto said = row.text(key);
  if (!said) return std::nullopt;
  const auto at = parse_instant(*said);
  if (!at) row.refuse(key, fmt::format("'{}' is not an instant", safe_text(*said)));
  return at;
}

HolidayRow read_holiday(JsonRow& row) {
  HolidayRow out;
  out.date = row.required_date("date");
  out.exchange = row.required_text("exchange");
  out.name = row.text("name").value_or("");
  const std::string status = row.required_text("status");
  if (!row.refused() && status != "closed" && status != "early-close")
    row.refuse("status", fmt::format("'{}' is neither closed nor early-close", safe_text(status)));
  out.closed = status == "closed";
  out.open = instant(row, "open");
  out.close = instant(row, "close");
  if (!row.refused() && !out.closed && !out.close) row.refuse("close", "an early close without its time");
  return out;
}

}  // namespace

FeedResult<FeedTable<SplitRow>> parse_splits(const HttpAnswer& answer) {
  const auto body = opened(answer);
  if (!body) return unexpected(body.error());
  auto table = results_of<SplitRow>(*body, read_split);
  if (!table) return table;
  std::vector<SplitRow> kept;
  for (const SplitRow& split : table->rows) {
    bool repeated = false;
    for (const SplitRow& earlier : kept) {
      if (earlier.symbol != split.symbol || earlier.date != split.date) continue;
      if (earlier.ratio() != split.ratio())
        return unexpected(FeedError{.fault = FeedFault::implausible,
                                    .feed = std::string(feed),
                                    .where = fmt::format("{} {}", split.symbol, to_string(split.date)),
                                    .why = "two splits of different ratio on one day"});
      repeated = true;
    }
    if (repeated)
      ++table->duplicates;
    else
      kept.push_back(split);
  }
  table->rows = std::move(kept);
  return table;
}

FeedResult<FeedTable<DividendRow>> parse_dividends(const HttpAnswer& answer) {
  const auto body = opened(answer);
  if (!body) return unexpected(body.error());
  return results_of<DividendRow>(*body, read_dividend);
}

FeedResult<FeedTable<HolidayRow>> parse_holidays(const HttpAnswer& answer) {
  const auto body = opened(answer);
  if (!body) return unexpected(body.error());
  if (!body->is_array()) return unexpected(schema_error("", "a list is required here"));
  return results_of<HolidayRow>(*body, read_holiday);
}

FeedResult<MarketNow> parse_market_now(const HttpAnswer& answer) {
  const auto body = opened(answer);
  if (!body) return unexpected(body.error());
  JsonRow row(*body, "");
  MarketNow now{.market = row.required_text("market")};
  const auto at = instant(row, "serverTime");
  if (!at) row.refuse("serverTime", "a value is required here");
  if (row.refused()) return unexpected(schema_error(row.reason().field, row.reason().why));
  now.server_time = *at;
  return now;
}

FeedResult<FeedTable<TickerChange>> parse_ticker_changes(const HttpAnswer& answer) {
  const auto body = opened(answer);
  if (!body) return unexpected(body.error());
  JsonRow results = JsonRow(*body, "").object("results");
  const Json* events = results.array("events");
  FeedTable<TickerChange> table;
  if (!events) return unexpected(schema_error("results/events", "a list is required here"));
  read_rows(*events, "results/events", table, [](JsonRow& row) {
    const std::string kind = row.text("type").value_or(row.text("event_type").value_or(""));
    if (kind != "ticker_change") row.refuse("type", "not a change of ticker");
    TickerChange change{.date = row.required_date("date")};
    JsonRow to = row.object("ticker_change");
    change.symbol = canonical_symbol(to.required_text("ticker"));
    row.adopt(to);
    return change;
  });
  return table;
}

}  // namespace alaris::host::massive
