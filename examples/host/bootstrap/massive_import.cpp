// SPDX-License-Identifier: Apache-2.0
#include "bootstrap/massive_import.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <alaris/market/symbol.hpp>

namespace alaris::host {
namespace {

using std::chrono::days;

constexpr double calls_per_second_paid = 20.0;
constexpr int bars_before = 90, expiries_behind = 60, free_history_days = 729;
constexpr double strike_margin = 0.30;                // around the lowest and highest price of the period
constexpr int most_quiet_sessions = 2;                // a plan's figures may come that much later
constexpr std::chrono::minutes quotes_may_trail{15};  // last quotes stamped after the close
constexpr const char* source = "massive";

FeedError implausible(std::string why) {
  return {.fault = FeedFault::implausible, .feed = "massive", .where = {}, .why = std::move(why)};
}

}  // namespace

std::string MassivePlan::text() const {
  if (!snapshots)
    return "the key's plan has no snapshots (free): 5 calls a minute, about two years of daily prices; last prices and "
           "volumes only, quotes will be ESTIMATED";
  return fmt::format(
      "the key's plan has snapshots {}: {}; of the past there are last prices and volumes only, quotes "
      "will be ESTIMATED",
      quotes ? "with quotes" : "without quotes",
      quotes ? "bid, ask, open interest and volatility are recorded from today on"
             : "open interest and volatility are recorded from today on");
}

HttpRequest MassiveImport::request(const std::string& target) const {
  HttpRequest request{.feed = "massive",
                      .url = in_.ask.feeds.massive + target,
                      .headers = {{"Accept", "application/json"}},
                      .credentials = {{"Authorization", "Bearer " + in_.keys.massive->reveal()}}};
  request.patience = VendorContext::patience;
  return request;
}

template <class T>
FeedResult<std::vector<T>> MassiveImport::pages(const std::string& target,
                                                FeedResult<FeedTable<T>> (*parse)(const HttpAnswer&),
                                                std::size_t& refused) {
  const HttpRequest first = request(target);
  PageWalk walk = PageWalk::from(first.url);
  std::vector<T> rows;
  const auto fault = walk_pages(in_.client, first, {.aliases = {"api.massive.com", "api.polygon.io"}}, walk,
                                [&](const HttpAnswer& answer) -> FeedResult<std::optional<std::string>> {
                                  auto table = parse(answer);
                                  if (!table) return unexpected(table.error());
                                  rows.insert(rows.end(), table->rows.begin(), table->rows.end());
                                  refused += table->refused.size();
                                  return table->next_url;
                                });
  if (fault) return unexpected(*fault);
  return rows;
}

FeedResult<MassivePlan> MassiveImport::probed(const std::string& symbol) {
  const auto answer = in_.client.get(request(fmt::format("/v3/snapshot/options/{}?limit=1", percent_encoded(symbol))));
  if (!answer) return unexpected(answer.error());
  const auto rows = massive::parse_snapshot(*answer);
  if (!rows && rows.error().fault != FeedFault::entitlement && rows.error().fault != FeedFault::not_found) {
    in_.client.heed(in_.ask.feeds.massive, rows.error());
    return unexpected(rows.error());
  }
  MassivePlan plan;
  if (!rows) return plan;
  plan.snapshots = true;
  plan.calls_per_second = calls_per_second_paid;
  plan.quotes = std::any_of(rows->rows.begin(), rows->rows.end(), [](const massive::SnapshotRow& row) {
    return row.quote.bid.has_value() || row.quote.ask.has_value();
  });
  return plan;
}

FeedResult<MassivePlan> MassiveImport::plan(const std::string& symbol) {
  if (plan_) return *plan_;
  plan_ = probed(symbol);
  if (*plan_) in_.allow(in_.ask.feeds.massive, (*plan_)->calls_per_second);
  return *plan_;
}

/// Daily bars of the days asked for; a plan whose history begins later is asked from there on, and `days` says so.
FeedResult<FeedTable<massive::Bar>> MassiveImport::bars_of(const std::string& ticker, DayRange& range,
                                                           const massive::BarsAsked& asked,
                                                           std::optional<Date>& history_from) {
  if (history_from) range.first = std::max(range.first, *history_from);
  if (range.first > range.last) return FeedTable<massive::Bar>{};
  auto table = in_.read(request(fmt::format("/v2/aggs/ticker/{}/range/1/day/{}/{}?adjusted=false&sort=asc&limit=50000",
                                            percent_encoded(ticker), to_string(range.first), to_string(range.last))),
                        settled_at(in_.calendar, range.last),
                        [&](const HttpAnswer& a) { return massive::parse_bars(a, asked); });
  if (table) {
    std::erase_if(table->rows,
                  [&](const massive::Bar& bar) { return bar.date() < range.first || bar.date() > range.last; });
    return table;
  }
  const Date begins = in_.calendar.next_session(new_york_date(in_.ask.now) - days(free_history_days));
  if (!table.error().range_only || range.first >= begins) return table;
  history_from = begins;
  in_.events.note(fmt::format("{}: the plan's history does not go back to {}: asked from {} on", ticker,
                              to_string(range.first), to_string(begins)));
  return bars_of(ticker, range, asked, history_from);
}

std::vector<DayRange> MassiveImport::to_read(ReadLedger& ledger, const std::string& ticker, DayRange wanted) const {
  if (wanted.first > wanted.last) return {};
  if (!in_.ask.refresh) return ledger.missing(ticker, wanted, in_.calendar);
  if (!in_.calendar.is_session(wanted.first)) wanted.first = in_.calendar.next_session(wanted.first);
  if (!in_.calendar.is_session(wanted.last)) wanted.last = in_.calendar.previous_session(wanted.last);
  return wanted.first <= wanted.last ? std::vector{wanted} : std::vector<DayRange>{};
}

VendorOutcome MassiveImport::bars(const std::string& symbol) {
  const std::string ticker = spelled(symbol, SymbolSpelling::canonical);
  ReadLedger ledger(in_.store.database(), symbol, source);
  std::vector<Bar>& stock = stock_[symbol];
  stock = in_.store.bars(symbol);
  WriteCount count;
  std::size_t refused = 0;
  std::string quiet;
  for (DayRange range : to_read(ledger, ticker, {in_.ask.start - days(bars_before), in_.end})) {
    const auto table = bars_of(ticker, range, {ticker, false, false, true}, stock_history_from_);
    if (!table) return unexpected(table.error());
    refused += table->refused.size();
    std::vector<Bar> read;
    for (const auto& bar : table->rows)
      read.push_back({bar.date(), bar.open, bar.high, bar.low, bar.close, bar.volume});
    if (read.empty()) {
      const int sessions = in_.calendar.sessions_between(range.first, range.last) + 1;
      if (stock.empty() || sessions > most_quiet_sessions)
        return unexpected(
            implausible(fmt::format("no bar of {} from {} to {}, asked twice; nothing is kept, the next "
                                    "run asks again",
                                    ticker, to_string(range.first), to_string(range.last))));
      quiet = fmt::format("; nothing yet of {} to {}: asked again next time", to_string(range.first),
                          to_string(range.last));
      continue;
    }
    range.last = read.back().date;  // days behind the last bar are not there yet
    stock.insert(stock.end(), read.begin(), read.end());
    if (in_.ask.plan_only) continue;
    count += in_.whole([&] {
      ledger.note(ticker, range, in_.ask.now);
      return in_.store.write_bars(symbol, read, in_.from(source));
    });
  }
  if (in_.ask.plan_only) return std::string("looked at for the strikes; not stored");
  return written(count, refused) + quiet;
}

VendorOutcome MassiveImport::splits(const std::string& symbol) {
  std::size_t refused = 0;
  const auto rows = pages<massive::SplitRow>(
      fmt::format("/stocks/v1/splits?ticker={}&limit=1000", percent_encoded(symbol)), massive::parse_splits, refused);
  if (!rows) return unexpected(rows.error());
  std::vector<Split> splits;
  for (const auto& row : *rows)
    if (row.symbol == symbol) splits.push_back({row.date, row.ratio()});
  return written(in_.whole([&] { return in_.store.write_splits(symbol, splits, in_.from(source)); }), refused);
}

VendorOutcome MassiveImport::dividends(const std::string& symbol) {
  std::size_t refused = 0;
  const auto rows =
      pages<massive::DividendRow>(fmt::format("/stocks/v1/dividends?ticker={}&limit=1000", percent_encoded(symbol)),
                                  massive::parse_dividends, refused);
  if (!rows) return unexpected(rows.error());
  std::vector<Dividend> dividends;
  for (const auto& row : *rows)  // known since the declaration; where that is missing, since now
    if (row.symbol == symbol)
      dividends.push_back({row.ex_date, row.amount,
                           row.declared ? new_york_instant(*row.declared, std::chrono::hours(20)) : in_.ask.now,
                           row.kind == massive::DividendKind::special});
  return written(in_.whole([&] { return in_.store.write_dividends(symbol, dividends, in_.from(source)); }), refused);
}

FeedResult<std::map<std::string, massive::Contract>> MassiveImport::contracts(const std::string& symbol, double low,
                                                                              double high, std::string& left_out) {
  std::map<std::string, massive::Contract> found;
  std::size_t refused = 0, adjusted = 0;
  for (const char* expired : {"true", "false"}) {
    const auto rows = pages<massive::Contract>(
        fmt::format("/v3/reference/options/contracts?underlying_ticker={}&expired={}&expiration_date.gte={}&"
                    "expiration_date.lte={}&strike_price.gte={:.2f}&strike_price.lte={:.2f}&limit=1000",
                    percent_encoded(symbol), expired, to_string(in_.ask.start),
                    to_string(in_.ask.end + days(expiries_behind)), low * (1.0 - strike_margin),
                    high * (1.0 + strike_margin)),
        massive::parse_contracts, refused);
    if (!rows) return unexpected(rows.error());
    for (const massive::Contract& contract : *rows) {
      if (contract.underlying != symbol) continue;
      if (contract.is_standard())
        found.emplace(contract.ticker, contract);
      else
        ++adjusted;
    }
  }
  if (refused || adjusted) left_out = fmt::format("; left out: {} refused, {} not standard", refused, adjusted);
  return found;
}

FeedResult<const ChainWork*> MassiveImport::work(const std::string& symbol) {
  if (const auto known = work_.find(symbol); known != work_.end()) return &known->second;
  const auto read = stock_.find(symbol);
  double low = 0.0, high = 0.0;
  Date last = Date::min();
  for (const Bar& bar : read == stock_.end() ? in_.store.bars(symbol) : read->second)
    if (bar.date >= in_.ask.start && bar.date <= in_.end) {
      low = low == 0.0 ? bar.low : std::min(low, bar.low);
      high = std::max(high, bar.high);
      last = std::max(last, bar.date);
    }
  if (!(low > 0.0 && high >= low))
    return unexpected(implausible("no bar of the period is held: which strikes are near the money is not known"));
  ChainWork work;
  auto listed = contracts(symbol, low, high, work.left_out);
  if (listed && listed->empty()) listed = contracts(symbol, low, high, work.left_out);
  if (!listed) return unexpected(listed.error());
  if (listed->empty()) return unexpected(implausible("no standard contract near the money is listed, asked twice"));
  work.listed = listed->size();
  ReadLedger ledger(in_.store.database(), symbol, source);
  for (auto& [ticker, contract] : *listed)
    for (const DayRange& range : to_read(ledger, ticker, {in_.ask.start, std::min(last, contract.contract.expiry)}))
      work.asks.push_back({contract, range});
  return &work_.emplace(symbol, std::move(work)).first->second;
}

/// What is staged becomes part of the chains, all of it or nothing.
WriteCount MassiveImport::put_in_chains(const std::string& symbol, ReadLedger& ledger) {
  std::map<Date, double> closes;
  for (const Bar& bar : in_.store.bars(symbol)) closes.emplace(bar.date, bar.close);
  return in_.whole([&] {
    WriteCount count;
    for (auto& [date, quotes] : ledger.staged()) {
      const auto close = closes.find(date);
      count += in_.store.write_chain(
          symbol, OptionChain(date, close == closes.end() ? not_known : close->second, std::move(quotes)),
          in_.from(source));
    }
    ledger.clear_staged();
    return count;
  });
}

VendorOutcome MassiveImport::chains(const std::string& symbol) {
  if (const auto key = plan(symbol); !key) return unexpected(key.error());
  const auto planned = work(symbol);
  if (!planned) return unexpected(planned.error());
  const ChainWork& todo = **planned;
  ReadLedger ledger(in_.store.database(), symbol, source);
  const int total = static_cast<int>(todo.asks.size());
  std::size_t unanswered = 0, refused = 0;
  for (int i = 0; i < total; ++i) {
    const ChainWork::Ask& ask = todo.asks[static_cast<std::size_t>(i)];
    if (in_.events.stopped())
      return unexpected(FeedError{.fault = FeedFault::stopped,
                                  .feed = "massive",
                                  .where = {},
                                  .why = fmt::format("stopped after {} of {} contracts", i, total)});
    in_.events.progress(i, total);
    DayRange range = ask.days;
    const auto bars =
        bars_of(ask.contract.ticker, range, {ask.contract.ticker, {}, false, false}, option_history_from_);
    if (!bars) return unexpected(bars.error());
    if (bars->ask_again) {
      ++unanswered;
      continue;
    }
    if (range.first > range.last) continue;
    refused += bars->refused.size();
    Transaction one(in_.store.database());
    for (const auto& bar : bars->rows) ledger.stage(ask.contract.contract, bar.date(), bar.close, bar.volume);
    ledger.note(ask.contract.ticker, range, in_.ask.now);
    one.commit();
  }
  const WriteCount count = put_in_chains(symbol, ledger);
  if (total > 0 && unanswered == todo.asks.size())
    return unexpected(implausible(fmt::format("{} contracts, each empty twice; the next run asks again", total)));
  std::string text = total == 0 && count.added + count.restated == 0 ? "held already" : written(count, refused);
  if (unanswered) text += fmt::format("; {} contracts came back empty twice: asked again next time", unanswered);
  return text + todo.left_out;
}

VendorOutcome MassiveImport::quotes(const std::string& symbol) {
  const Date date = last_settled_session(in_.calendar, in_.ask.now);
  const Instant dawn = new_york_instant(in_.calendar.next_session(date), std::chrono::hours(4));
  if (in_.ask.end < date || in_.ask.now >= dawn)
    return std::string("not now: a snapshot shows the last session until dawn and knows no past");
  double close = not_known;
  for (const Bar& bar : in_.store.bars(symbol))
    if (bar.date == date) close = bar.close;
  if (!(close > 0.0))
    return unexpected(implausible(fmt::format("no bar of {} yet: strikes are not known", to_string(date))));
  std::size_t refused = 0;
  const auto rows = pages<massive::SnapshotRow>(
      fmt::format("/v3/snapshot/options/{}?expiration_date.gte={}&expiration_date.lte={}&strike_price.gte={:.2f}&"
                  "strike_price.lte={:.2f}&limit=250",
                  percent_encoded(symbol), to_string(date), to_string(date + days(expiries_behind)),
                  close * (1.0 - strike_margin), close * (1.0 + strike_margin)),
      massive::parse_snapshot, refused);
  if (!rows) return unexpected(rows.error());
  const Instant opens = in_.calendar.open(date), closes = in_.calendar.close(date) + quotes_may_trail;
  const auto of_session = [&](const std::optional<massive::Nanoseconds>& at) {
    return at && *at >= opens && *at <= closes;
  };
  std::vector<OptionQuote> chain;
  std::size_t stale = 0;
  for (const massive::SnapshotRow& row : *rows) {
    if (!row.contract.is_standard() || row.contract.contract.expiry < date) continue;
    OptionQuote quote{.contract = row.contract.contract};
    if (of_session(row.quote.at)) {
      quote.bid = row.quote.bid.value_or(not_known);
      quote.ask = row.quote.ask.value_or(not_known);
      quote.bid_size = row.quote.bid_size.value_or(not_known);
      quote.ask_size = row.quote.ask_size.value_or(not_known);
    } else if (row.quote.bid || row.quote.ask) {
      ++stale;
    }
    if (row.day_updated && new_york_date(std::chrono::floor<std::chrono::microseconds>(*row.day_updated)) == date) {
      quote.last = row.day_close.value_or(not_known);
      quote.volume = row.day_volume.value_or(not_known);
    }
    quote.open_interest = row.open_interest.value_or(not_known);
    quote.vendor_volatility = row.volatility.value_or(not_known);
    chain.push_back(quote);
  }
  if (chain.empty()) return unexpected(implausible("the snapshot shows no standard contract near the money"));
  const std::size_t contracts = chain.size();
  const WriteCount count = in_.whole(
      [&] { return in_.store.write_chain(symbol, OptionChain(date, close, std::move(chain)), in_.from(source)); });
  std::string text = fmt::format("{} contracts of {}: {}", contracts, to_string(date), written(count, refused));
  if (stale) text += fmt::format("; {} quotes of another time left out", stale);
  return text;
}

}  // namespace alaris::host
