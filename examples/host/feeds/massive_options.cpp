// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <alaris/market/occ_symbol.hpp>
#include <alaris/market/symbol.hpp>

#include "feeds/massive_envelope.hpp"

namespace alaris::host::massive {
namespace {

using std::chrono::nanoseconds;

std::optional<Nanoseconds> stamp(JsonRow& row, std::string_view key) {
  const auto value = row.integer(key);
  return value ? std::optional(Nanoseconds(nanoseconds(*value))) : std::nullopt;
}

/// The fields of one contract, checked against its ticker.
Contract read_contract(JsonRow& row) {
  Contract out;
  const auto ticker = row.text("ticker");
  const std::string right = row.required_text("contract_type");
  const std::string style = row.text("exercise_style").value_or("american");
  const Date expiry = row.required_date("expiration_date");
  const double dollars = row.required_number("strike_price");
  const double shares = row.number("shares_per_contract").value_or(100.0);
  const auto underlying = row.text("underlying_ticker");
  if (row.refused()) return out;
  if (right != "call" && right != "put")
    row.refuse("contract_type", "'" + safe_text(right) + "' is neither call nor put");
  if (style != "american" && style != "european")
    row.refuse("exercise_style", "'" + safe_text(style) + "' is not traded here");
  const auto strike = Strike::from_dollars(dollars);
  if (!strike) row.refuse("strike_price", "not a strike price");
  if (row.refused()) return out;
  out.contract = {expiry, *strike, right == "call" ? OptionType::call : OptionType::put};

  if (ticker) {
    const auto symbol = parse_occ_symbol(*ticker);
    if (!symbol) {
      row.refuse("ticker", std::string(name(symbol.error())));
      return out;
    }
    if (symbol->contract != out.contract) row.refuse("ticker", "says something else than the fields beside it");
    out.ticker = *ticker;
    out.underlying = symbol->letters();
    if (!symbol->is_standard()) out.not_standard = "the root marks an adjusted deliverable";
  }
  if (underlying) out.underlying = canonical_symbol(*underlying);
  if (shares != 100.0 && out.not_standard.empty()) out.not_standard = "not 100 shares per contract";
  if (const Json* extra = row.array("additional_underlyings"); extra && !extra->empty() && out.not_standard.empty())
    out.not_standard = "delivers more than shares of one stock";
  return out;
}

SnapshotRow read_snapshot(JsonRow& row) {
  SnapshotRow out;
  JsonRow details = row.object("details");
  out.contract = read_contract(details);
  JsonRow quote = row.object("last_quote"), greeks = row.object("greeks"), day = row.object("day"),
          trade = row.object("last_trade"), underlying = row.object("underlying_asset");
  out.quote = {.bid = quote.number("bid"),
               .ask = quote.number("ask"),
               .bid_size = quote.number("bid_size"),
               .ask_size = quote.number("ask_size"),
               .midpoint = quote.number("midpoint"),
               .at = stamp(quote, "last_updated"),
               .delayed = quote.text("timeframe").value_or("") == "DELAYED"};
  out.greeks = {greeks.number("delta"), greeks.number("gamma"), greeks.number("theta"), greeks.number("vega")};
  out.volatility = row.number("implied_volatility");
  out.open_interest = row.number("open_interest");
  out.day_volume = day.number("volume");
  out.day_close = day.number("close");
  out.day_updated = stamp(day, "last_updated");
  out.last_price = trade.number("price");
  out.last_trade_at = stamp(trade, "sip_timestamp");
  out.underlying_price = underlying.number("price");
  if (!out.underlying_price) out.underlying_price = underlying.number("value");
  out.underlying_at = stamp(underlying, "last_updated");
  if (const auto symbol = underlying.text("ticker"); symbol && out.contract.underlying.empty())
    out.contract.underlying = canonical_symbol(*symbol);
  for (const JsonRow* inner : {&details, &quote, &greeks, &day, &trade, &underlying}) row.adopt(*inner);
  return out;
}

QuoteState state_of(const QuoteRow& quote) noexcept {
  if (!quote.bid || !quote.ask) return QuoteState::one_sided;
  if (*quote.bid == 0.0) return QuoteState::zero_bid;
  if (*quote.bid == *quote.ask) return QuoteState::locked;
  return *quote.bid > *quote.ask ? QuoteState::crossed : QuoteState::two_sided;
}

QuoteRow read_quote(JsonRow& row) {
  QuoteRow out;
  out.at = Nanoseconds(nanoseconds(row.required_integer("sip_timestamp")));
  out.sequence = row.integer("sequence_number").value_or(0);
  out.bid = row.number("bid_price");
  out.ask = row.number("ask_price");
  out.bid_size = row.number("bid_size");
  out.ask_size = row.number("ask_size");
  if (out.bid.value_or(0.0) < 0.0 || out.ask.value_or(0.0) < 0.0) row.refuse("", "a price is negative");
  out.state = state_of(out);
  return out;
}

TradeRow read_trade(JsonRow& row) {
  TradeRow out;
  out.at = Nanoseconds(nanoseconds(row.required_integer("sip_timestamp")));
  out.price = row.required_number("price");
  out.size = row.required_number("size");
  out.correction = row.integer("correction");
  if (out.price < 0.0 || out.size < 0.0) row.refuse("", "a price or size is negative");
  return out;
}

template <class T, class Read>
FeedResult<FeedTable<T>> table_of(const HttpAnswer& answer, Read read) {
  const auto body = opened(answer);
  if (!body) return unexpected(body.error());
  if (!body->is_object()) return unexpected(schema_error("", "an object is required here"));
  return results_of<T>(*body, read);
}

}  // namespace

bool SnapshotRow::is_tradable() const noexcept {
  return quote.bid && quote.ask && *quote.bid > 0.0 && *quote.ask >= *quote.bid && contract.is_standard();
}

FeedResult<FeedTable<Contract>> parse_contracts(const HttpAnswer& answer) {
  auto table = table_of<Contract>(answer, read_contract);
  if (table && table->rows.empty() && table->refused.empty() && !table->next_url)
    table->warnings.push_back("no contracts: of a past expiry ask with as_of or expired=true");
  return table;
}

FeedResult<FeedTable<SnapshotRow>> parse_snapshot(const HttpAnswer& answer) {
  return table_of<SnapshotRow>(answer, read_snapshot);
}

FeedResult<FeedTable<QuoteRow>> parse_quotes(const HttpAnswer& answer) {
  auto table = table_of<QuoteRow>(answer, read_quote);
  if (!table) return table;
  std::set<std::int64_t> seen;
  for (QuoteRow& quote : table->rows)
    if (quote.sequence != 0 && !seen.insert(quote.sequence).second) quote.state = QuoteState::repeated;
  return table;
}

FeedResult<FeedTable<TradeRow>> parse_trades(const HttpAnswer& answer) {
  return table_of<TradeRow>(answer, read_trade);
}

}  // namespace alaris::host::massive
