// SPDX-License-Identifier: Apache-2.0
#include "bootstrap/vendor_import.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include <alaris/market/earnings_standing.hpp>
#include <alaris/market/symbol.hpp>

#include "feeds/cboe.hpp"
#include "feeds/edgar.hpp"
#include "feeds/fmp.hpp"
#include "feeds/massive.hpp"
#include "feeds/nasdaq.hpp"
#include "feeds/treasury.hpp"
#include "http/pages.hpp"
#include "sources/file_bytes.hpp"

namespace alaris::host {
namespace {

using std::chrono::days;

constexpr double calls_per_second_free = 5.0 / 60.0, calls_per_second_paid = 20.0;
constexpr int bars_before = 90, expiries_behind = 60, horizon_days = 55;
constexpr double strike_margin = 0.30;  // around the lowest and highest price of the period

class Import {
 public:
  Import(MarketStore& store, HttpClient& client, const AnswerCache& cache, const VendorRequest& request,
         const VendorKeys& keys, const VendorEvents& events)
      : store_(store), client_(client), cache_(cache), ask_(request), keys_(keys), events_(events) {
    allow(ask_.feeds.massive, calls_per_second_free);
    allow(ask_.feeds.nasdaq, 1.0);
    allow(ask_.feeds.edgar, 5.0);
  }

  std::vector<PartOutcome> run() {
    part("", "vix", [this] { return vix(); });
    part("", "rates", [this] { return rates(); });
    for (const std::string& symbol : ask_.symbols) {
      if (!keys_.massive) {
        skip(symbol, "bars, chains", "no POLYGON_API_KEY");
      } else {
        (void)pace(symbol);  // what fails here fails again, and is told, where it is needed
        part(symbol, "bars", [&] { return bars(symbol); });
        part(symbol, "splits", [&] { return splits(symbol); });
        part(symbol, "dividends", [&] { return dividends(symbol); });
        part(symbol, "chains", [&] { return chains(symbol); });
      }
      if (keys_.fmp)
        part(symbol, "earnings (FMP)", [&] { return fmp_earnings(symbol); });
      else
        skip(symbol, "earnings (FMP)", "no FMP_API_KEY");
      if (keys_.edgar_contact)
        part(symbol, "reports (EDGAR)", [&] { return edgar_reports(symbol); });
      else
        skip(symbol, "reports (EDGAR)", "no EDGAR_USER_AGENT");
    }
    part("", "earnings (Nasdaq)", [this] { return nasdaq_calendar(); });
    for (const std::string& symbol : ask_.symbols)
      for (const MovedEarnings& move : moved_earnings(store_.statements(symbol, Unrepeated::stays),
                                                      ask_.now - std::chrono::microseconds(1), ask_.now))
        events_.note(fmt::format("{}: {} moved the report from {} to {}", symbol, move.source, to_string(move.from),
                                 to_string(move.to)));
    return std::move(outcomes_);
  }

 private:
  using Outcome = FeedResult<std::string>;  // what was read, for the reader

  template <class Run>
  void part(const std::string& symbol, const std::string& name, Run run) {
    if (events_.stopped()) return skip(symbol, name, "stopped");
    const Outcome outcome = run();
    outcomes_.push_back(
        {.symbol = symbol,
         .part = name,
         .failed = !outcome,
         .what = outcome ? *outcome
                         : fmt::format("{} ({})", outcome.error().text(), alaris::host::name(outcome.error().fault))});
  }
  void skip(const std::string& symbol, const std::string& name, const std::string& why) {
    outcomes_.push_back({.symbol = symbol, .part = name, .skipped = true, .what = why});
  }

  static std::string host_of(const std::string& base) {
    const auto url = parse_url(base);
    return url ? url->host : std::string();
  }
  /// A server on this machine needs no pace.
  void allow(const std::string& base, double per_second) {
    if (const auto url = parse_url(base)) client_.limiter().allow(url->host, url->is_loopback() ? 1000.0 : per_second);
  }
  Provenance from(const char* source) const { return {source, ask_.now}; }

  /// One answer, from the cache when it is young enough; kept when `parse` takes it.
  template <class Parse>
  auto read(HttpRequest request, Instant not_before, Parse parse) -> decltype(parse(HttpAnswer{})) {
    if (const auto held = cache_.find(request.url, not_before))
      if (auto parsed = parse(*held)) return parsed;
    const auto answer = client_.get(request);
    if (!answer) return unexpected(answer.error());
    auto parsed = parse(*answer);
    if (parsed)
      cache_.keep(request.url, *answer, ask_.now);
    else
      client_.heed(request.url, parsed.error());
    return parsed;
  }
  Instant today() const { return new_york_instant(new_york_date(ask_.now), std::chrono::hours(0)); }

  /// All rows of one answer or none.
  template <class Write>
  WriteCount whole(Write write) {
    Transaction all(store_.database());
    const WriteCount count = write();
    all.commit();
    return count;
  }

  Outcome vix() {
    HttpRequest request{.feed = "cboe", .url = ask_.feeds.cboe + "/api/global/us_indices/daily_prices/VIX_History.csv"};
    request.total = std::chrono::seconds(60);
    const std::size_t held = store_.index("VIX").size();
    const auto table = read(request, today(), [&](const HttpAnswer& a) { return cboe::parse_history(a, held); });
    if (!table) return unexpected(table.error());
    std::vector<Bar> bars;
    for (const auto& day : table->rows)
      bars.push_back({day.date, day.open.value_or(not_known), day.high.value_or(not_known), day.low.value_or(not_known),
                      day.close, not_known});
    return written(whole([&] { return store_.write_index("VIX", bars, from("cboe")); }), table->refused.size());
  }

  Outcome rates() {
    WriteCount count;
    std::size_t refused = 0;
    const int last = static_cast<int>(civil(ask_.end).year());
    for (int year = static_cast<int>(civil(ask_.start - days(bars_before)).year()); year <= last; ++year) {
      HttpRequest request{
          .feed = "treasury",
          .url = fmt::format("{}/resource-center/data-chart-center/interest-rates/daily-treasury-rates.csv/{}/all?type="
                             "daily_treasury_yield_curve&field_tdr_date_value={}&_format=csv",
                             ask_.feeds.treasury, year, year)};
      request.total = std::chrono::seconds(60);
      const auto table = read(request, today(), treasury::parse_csv);
      if (!table) return unexpected(table.error());
      refused += table->refused.size();
      std::vector<RatePoint> points;
      for (const auto& curve : table->rows)
        for (const RatePoint& point : treasury::rate_points(curve)) points.push_back(point);
      count += whole([&] { return store_.write_rates(points, from("treasury")); });
    }
    return written(count, refused);
  }

  static std::string written(const WriteCount& count, std::size_t refused) {
    std::string text = fmt::format("{} new, {} as before", count.added, count.same);
    if (count.restated) text += fmt::format(", {} restated", count.restated);
    if (refused) text += fmt::format(", {} refused", refused);
    return text;
  }

  HttpRequest massive_request(const std::string& target) const {
    return {.feed = "massive",
            .url = ask_.feeds.massive + target,
            .headers = {{"Accept", "application/json"}},
            .credentials = {{"Authorization", "Bearer " + keys_.massive->reveal()}}};
  }

  template <class T>
  FeedResult<std::vector<T>> pages(const std::string& target, FeedResult<FeedTable<T>> (*parse)(const HttpAnswer&),
                                   std::size_t& refused) {
    const HttpRequest request = massive_request(target);
    PageWalk walk = PageWalk::from(request.url);
    std::vector<T> rows;
    const auto fault = walk_pages(client_, request, {.aliases = {"api.massive.com", "api.polygon.io"}}, walk,
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

  Outcome bars(const std::string& symbol) {
    const std::string ticker = spelled(symbol, SymbolSpelling::canonical);
    const auto table =
        read(massive_request(fmt::format("/v2/aggs/ticker/{}/range/1/day/{}/{}?adjusted=false&sort=asc&limit=50000",
                                         percent_encoded(ticker), to_string(ask_.start - days(bars_before)),
                                         to_string(ask_.end))),
             today(), [&](const HttpAnswer& a) {
               return massive::parse_bars(a, {ticker, false, false, true});
             });
    if (!table) return unexpected(table.error());
    std::vector<Bar> bars;
    for (const auto& bar : table->rows)
      bars.push_back({bar.date(), bar.open, bar.high, bar.low, bar.close, bar.volume});
    return written(whole([&] { return store_.write_bars(symbol, bars, from("massive")); }), table->refused.size());
  }

  Outcome splits(const std::string& symbol) {
    std::size_t refused = 0;
    const auto rows = pages<massive::SplitRow>(
        fmt::format("/stocks/v1/splits?ticker={}&limit=1000", percent_encoded(symbol)), massive::parse_splits, refused);
    if (!rows) return unexpected(rows.error());
    std::vector<Split> splits;
    for (const auto& row : *rows)
      if (row.symbol == symbol) splits.push_back({row.date, row.ratio()});
    return written(whole([&] { return store_.write_splits(symbol, splits, from("massive")); }), refused);
  }

  Outcome dividends(const std::string& symbol) {
    std::size_t refused = 0;
    const auto rows =
        pages<massive::DividendRow>(fmt::format("/stocks/v1/dividends?ticker={}&limit=1000", percent_encoded(symbol)),
                                    massive::parse_dividends, refused);
    if (!rows) return unexpected(rows.error());
    std::vector<Dividend> dividends;
    for (const auto& row : *rows)  // known since the declaration; where that is missing, since now
      if (row.symbol == symbol)
        dividends.push_back({row.ex_date, row.amount,
                             row.declared ? new_york_instant(*row.declared, std::chrono::hours(20)) : ask_.now,
                             row.kind == massive::DividendKind::special});
    return written(whole([&] { return store_.write_dividends(symbol, dividends, from("massive")); }), refused);
  }

  /// How many calls a second this key may make: the snapshot is in every paid plan and in no free one.
  FeedResult<double> pace(const std::string& symbol) {
    if (pace_) return *pace_;
    const auto answer =
        client_.get(massive_request(fmt::format("/v3/snapshot/options/{}?limit=1", percent_encoded(symbol))));
    if (!answer) return unexpected(answer.error());
    const auto rows = massive::parse_snapshot(*answer);
    if (!rows && rows.error().fault != FeedFault::entitlement && rows.error().fault != FeedFault::not_found)
      return unexpected(rows.error());
    pace_ = rows ? calls_per_second_paid : calls_per_second_free;
    allow(ask_.feeds.massive, *pace_);
    return *pace_;
  }

  /// Contracts that could be traded in the period: standard, near the money, expiring until two months behind it.
  FeedResult<std::vector<massive::Contract>> contracts(const std::string& symbol, std::string& left_out) {
    double low = 0.0, high = 0.0;
    for (const Bar& bar : store_.history(symbol).bars)
      if (bar.date >= ask_.start && bar.date <= ask_.end) {
        low = low == 0.0 ? bar.low : std::min(low, bar.low);
        high = std::max(high, bar.high);
      }
    std::map<std::string, massive::Contract> found;
    std::size_t refused = 0, adjusted = 0;
    for (const char* expired : {"true", "false"}) {
      const auto rows = pages<massive::Contract>(
          fmt::format("/v3/reference/options/contracts?underlying_ticker={}&expired={}&expiration_date.gte={}&"
                      "expiration_date.lte={}&strike_price.gte={:.2f}&strike_price.lte={:.2f}&limit=1000",
                      percent_encoded(symbol), expired, to_string(ask_.start),
                      to_string(ask_.end + days(expiries_behind)), low * (1.0 - strike_margin),
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
    std::vector<massive::Contract> out;
    for (auto& [ticker, contract] : found) out.push_back(std::move(contract));
    return out;
  }

  Outcome chains(const std::string& symbol) {
    const std::string range = fmt::format("{}..{}", to_string(ask_.start), to_string(ask_.end));
    if (store_.has_read(symbol, range, fingerprint(range))) return std::string("held already");
    const auto rate = pace(symbol);
    if (!rate) return unexpected(rate.error());
    std::string left_out;
    const auto listed = contracts(symbol, left_out);
    if (!listed) return unexpected(listed.error());
    const int total = static_cast<int>(listed->size());
    events_.note(
        fmt::format("{}: {} contracts, as many calls at {:g} a second: about {:.0f} minutes; last prices and "
                    "volumes only: quotes will be ESTIMATED",
                    symbol, total, *rate, total / *rate / 60.0));
    std::map<Date, std::vector<OptionQuote>> sessions;
    for (int i = 0; i < total; ++i) {
      if (events_.stopped())
        return unexpected(FeedError{
            .feed = "massive", .where = {}, .why = fmt::format("stopped after {} of {} contracts", i, total)});
      events_.progress(i, total);
      const massive::Contract& contract = (*listed)[static_cast<std::size_t>(i)];
      const bool over = contract.contract.expiry < new_york_date(ask_.now);
      const auto bars = read(
          massive_request(fmt::format("/v2/aggs/ticker/{}/range/1/day/{}/{}?adjusted=false&sort=asc&limit=50000",
                                      percent_encoded(contract.ticker), to_string(ask_.start), to_string(ask_.end))),
          over ? Instant::min() : today(), [&](const HttpAnswer& a) {
            return massive::parse_bars(a, {contract.ticker, {}, false, false});
          });
      if (!bars) return unexpected(bars.error());
      for (const auto& bar : bars->rows) {
        OptionQuote quote{.contract = contract.contract};
        quote.last = bar.close;
        quote.volume = bar.volume;
        if (bar.date() <= contract.contract.expiry) sessions[bar.date()].push_back(quote);
      }
    }
    const std::vector<Bar> stock = store_.history(symbol).bars;
    Transaction all(store_.database());
    WriteCount count;
    for (auto& session : sessions) {
      const Date date = session.first;
      const auto bar = std::find_if(stock.begin(), stock.end(), [&](const Bar& b) { return b.date == date; });
      count += store_.write_chain(
          symbol, OptionChain(date, bar == stock.end() ? not_known : bar->close, std::move(session.second)),
          from("massive"));
    }
    if (ask_.end < new_york_date(ask_.now)) store_.note_read(symbol, range, fingerprint(range), from("massive"));
    all.commit();
    return written(count, 0) + left_out;
  }

  /// What a calendar says today is known from today on, whatever day it speaks of.
  void say(const std::string& symbol, const char* source, Date date, AnnouncementSession session,
           std::vector<EarningsStatement>& statements) {
    for (const EarningsStatement& said : held_[symbol])
      if (said.source == source && said.date == date && !said.known_until &&
          (session == AnnouncementSession::unknown || said.session == session))
        return;
    for (EarningsStatement said : held_[symbol])  // the source moved its date, or now knows the session
      if (said.source == source && !said.known_until && std::chrono::abs(said.date - date) <= same_report_window) {
        said.known_until = ask_.now;
        statements.push_back(std::move(said));
      }
    statements.push_back({.date = date, .session = session, .source = source, .known_from = ask_.now});
  }
  void load_held(const std::string& symbol) {
    if (!held_.contains(symbol)) held_[symbol] = store_.statements(symbol, Unrepeated::stays);
  }

  Outcome fmp_earnings(const std::string& symbol) {
    HttpRequest request{.feed = "fmp",
                        .url = fmt::format("{}/stable/earnings?symbol={}&limit=100&includeReportTimes=true",
                                           ask_.feeds.fmp, percent_encoded(spelled(symbol, SymbolSpelling::dash))),
                        .credentials = {{"apikey", keys_.fmp->reveal()}}};
    const auto table = read(request, today(), fmp::parse_earnings);
    if (!table) return unexpected(table.error());
    load_held(symbol);
    std::vector<EarningsStatement> statements;
    for (const auto& row : fmp::one_per_report(*table).rows)
      if (row.symbol == symbol) say(symbol, "fmp", row.date, row.session, statements);
    return written(whole([&] { return store_.write_earnings(symbol, statements, from("fmp")); }),
                   table->refused.size());
  }

  Outcome nasdaq_calendar() {
    const TradingCalendar calendar = TradingCalendar::nyse();
    const Date first = new_york_date(ask_.now);
    std::map<std::string, std::vector<EarningsStatement>> statements;
    for (const std::string& symbol : ask_.symbols) load_held(symbol);
    std::size_t refused = 0;
    for (Date day = first; day <= first + days(horizon_days); day += days(1)) {
      if (!calendar.is_session(day)) continue;
      if (events_.stopped()) break;
      HttpRequest request{.feed = "nasdaq",
                          .url = fmt::format("{}/api/calendar/earnings?date={}", ask_.feeds.nasdaq, to_string(day)),
                          .headers = {{"User-Agent", "Mozilla/5.0 (X11; Linux x86_64) alaris"},
                                      {"Accept", "application/json"},
                                      {"Accept-Language", "en-US,en"},
                                      {"Origin", "https://www.nasdaq.com"},
                                      {"Referer", "https://www.nasdaq.com/"}}};
      request.total = std::chrono::seconds(10);
      request.tries = 2;
      const auto table = read(request, today(), nasdaq::parse_calendar);
      if (!table) return unexpected(table.error());
      refused += table->refused.size();
      for (const auto& row : table->rows)
        if (std::find(ask_.symbols.begin(), ask_.symbols.end(), row.symbol) != ask_.symbols.end())
          say(row.symbol, "nasdaq", day, row.session, statements[row.symbol]);
      if (table->beyond_horizon) break;
    }
    WriteCount count;
    for (const auto& of : statements)
      count += whole([&] { return store_.write_earnings(of.first, of.second, from("nasdaq")); });
    return written(count, refused);
  }

  HttpRequest edgar_request(const std::string& base, const std::string& target) const {
    return {.feed = "edgar", .url = base + target, .credentials = {{"User-Agent", *keys_.edgar_contact}}};
  }

  Outcome edgar_reports(const std::string& symbol) {
    if (filers_.empty()) {
      const bool public_host = host_of(ask_.feeds.edgar) == "data.sec.gov";
      const auto table =
          read(edgar_request(public_host ? "https://www.sec.gov" : ask_.feeds.edgar, "/files/company_tickers.json"),
               today() - days(30), edgar::parse_filers);
      if (!table) return unexpected(table.error());
      for (const auto& filer : table->rows) filers_[filer.symbol] = filer.cik;
    }
    const auto filer = filers_.find(symbol);
    if (filer == filers_.end()) return std::string("not a filer");
    const auto company =
        read(edgar_request(ask_.feeds.edgar, fmt::format("/submissions/CIK{:010}.json", filer->second)), today(),
             edgar::parse_submissions);
    if (!company) return unexpected(company.error());
    std::vector<EarningsStatement> statements;
    for (const auto& event : edgar::results_events(*company, TradingCalendar::nyse())) {
      if (event.kind != ResultsKind::report) continue;
      const Instant latest =
          std::max(instant_of(event.stamp, StampClock::utc),
                   instant_of(event.stamp, event.clock == StampClock::utc ? StampClock::utc : StampClock::new_york));
      statements.push_back(
          {.date = event.release.date, .session = event.release.session, .source = "reported", .known_from = latest});
    }
    return written(whole([&] { return store_.write_earnings(symbol, statements, from("edgar")); }), 0);
  }

  MarketStore& store_;
  HttpClient& client_;
  const AnswerCache& cache_;
  const VendorRequest& ask_;
  const VendorKeys& keys_;
  const VendorEvents& events_;
  std::vector<PartOutcome> outcomes_;
  std::optional<double> pace_;
  std::map<std::string, std::int64_t> filers_;
  std::map<std::string, std::vector<EarningsStatement>> held_;
};

}  // namespace

VendorKeys VendorKeys::of_process() {
  VendorKeys keys{.massive = read_secret("POLYGON_API_KEY"), .fmp = read_secret("FMP_API_KEY"), .edgar_contact = {}};
  if (!keys.massive) keys.massive = read_secret("MASSIVE_API_KEY");
  if (const auto contact = read_secret("EDGAR_USER_AGENT")) keys.edgar_contact = contact->reveal();
  return keys;
}

std::set<std::string> feed_hosts(const FeedSettings& feeds) {
  std::set<std::string> hosts{"api.massive.com", "api.polygon.io", "www.sec.gov", "data.sec.gov"};
  for (const std::string& base : {feeds.massive, feeds.fmp, feeds.nasdaq, feeds.treasury, feeds.cboe, feeds.edgar})
    if (const auto url = parse_url(base)) hosts.insert(url->host);
  return hosts;
}

std::vector<PartOutcome> import_from_vendors(MarketStore& store, HttpClient& client, const AnswerCache& cache,
                                             const VendorRequest& request, const VendorKeys& keys,
                                             const VendorEvents& events) {
  return Import(store, client, cache, request, keys, events).run();
}

}  // namespace alaris::host
