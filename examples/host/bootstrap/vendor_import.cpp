// SPDX-License-Identifier: Apache-2.0
#include "bootstrap/vendor_import.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include <alaris/market/earnings_standing.hpp>
#include <alaris/market/symbol.hpp>

#include "bootstrap/massive_import.hpp"
#include "bootstrap/vendor_context.hpp"
#include "feeds/cboe.hpp"
#include "feeds/edgar.hpp"
#include "feeds/fmp.hpp"
#include "feeds/nasdaq.hpp"
#include "feeds/treasury.hpp"

namespace alaris::host {
namespace {

using std::chrono::days;

constexpr double calls_per_second_free = 5.0 / 60.0;
constexpr int bars_before = 90, horizon_days = 55;
constexpr std::chrono::minutes settling{15};          // after the close a day's figures still change
constexpr std::chrono::hours earnings_stay_fresh{1};  // dates are read again before an entry

class Import {
 public:
  explicit Import(VendorContext& context) : in_(context), massive_(context) {
    in_.allow(in_.ask.feeds.massive, calls_per_second_free);
    in_.allow(in_.ask.feeds.nasdaq, 1.0);
    in_.allow(in_.ask.feeds.edgar, 5.0);
  }

  std::vector<PartOutcome> run() {
    if (in_.ask.wants_massive()) prices();
    tell_plan();
    if (in_.ask.plan_only) return std::move(outcomes_);
    if (in_.ask.wants("vix")) part("", "vix", [this] { return vix(); });
    if (in_.ask.wants("rates")) part("", "rates", [this] { return rates(); });
    for (const std::string& symbol : in_.ask.symbols) calendars(symbol);
    if (in_.ask.wants("earnings") && !in_.ask.symbols.empty())
      part("", "earnings (Nasdaq)", [this] { return nasdaq_calendar(); });
    tell_moves();
    if (in_.ask.wants("chains") && in_.keys.massive)
      for (const std::string& symbol : in_.ask.symbols) {  // the long part last
        if (const auto plan = massive_.plan(symbol); plan && plan->snapshots)
          part(symbol, "quotes of today", [&] { return massive_.quotes(symbol); });
        part(symbol, "chains", [&] { return massive_.chains(symbol); });
      }
    return std::move(outcomes_);
  }

 private:
  using Outcome = VendorOutcome;

  void prices() {
    for (const std::string& symbol : in_.ask.symbols) {
      if (!in_.keys.massive) {
        skip(symbol, "bars, chains", "no POLYGON_API_KEY");
        continue;
      }
      (void)massive_.plan(symbol);  // what fails here fails again, and is told, where it is needed
      if (!in_.ask.wants("bars")) continue;
      part(symbol, "bars", [&] { return massive_.bars(symbol); });
      if (in_.ask.plan_only) continue;
      part(symbol, "splits", [&] { return massive_.splits(symbol); });
      part(symbol, "dividends", [&] { return massive_.dividends(symbol); });
    }
  }

  void calendars(const std::string& symbol) {
    if (in_.ask.wants("earnings")) {
      if (in_.keys.fmp)
        part(symbol, "earnings (FMP)", [&] { return fmp_earnings(symbol); });
      else
        skip(symbol, "earnings (FMP)", "no FMP_API_KEY");
    }
    if (!in_.ask.wants("reports")) return;
    if (in_.keys.edgar_contact)
      part(symbol, "reports (EDGAR)", [&] { return edgar_reports(symbol); });
    else
      skip(symbol, "reports (EDGAR)", "no EDGAR_USER_AGENT");
  }

  int rate_years() const {
    return static_cast<int>(civil(in_.ask.end).year()) -
           static_cast<int>(civil(in_.ask.start - days(bars_before)).year()) + 1;
  }

  /// Before the long part: what the key yields, how many calls are left to make, and how long they take.
  void tell_plan() {
    std::size_t options = 0, others = 0;
    double seconds = 0.0;
    if (in_.ask.wants("chains") && in_.keys.massive)
      for (const std::string& symbol : in_.ask.symbols) {
        const auto plan = massive_.plan(symbol);
        const auto work = plan ? massive_.work(symbol) : FeedResult<const ChainWork*>(unexpected(plan.error()));
        if (!plan || !work) continue;  // told where it fails
        if (options + others == 0) in_.events.note(plan->text());
        const auto calls = static_cast<double>((*work)->asks.size());
        in_.events.note(fmt::format("{}: {} contracts near the money, {} calls for their prices at {:g} a second{}",
                                    symbol, (*work)->listed, (*work)->asks.size(), plan->calls_per_second,
                                    (*work)->left_out));
        options += (*work)->asks.size();
        seconds += calls / plan->calls_per_second;
      }
    const auto names = in_.ask.symbols.size();
    if (in_.ask.wants("vix")) ++others;
    if (in_.ask.wants("rates")) others += static_cast<std::size_t>(rate_years());
    if (in_.ask.wants("earnings") && names > 0) {
      const Date today = new_york_date(in_.ask.now);
      const int sessions = in_.calendar.sessions_between(today - days(1), today + days(horizon_days));
      others += static_cast<std::size_t>(sessions) + (in_.keys.fmp ? names : 0);
      seconds += sessions;  // one a second
    }
    if (in_.ask.wants("reports") && in_.keys.edgar_contact) others += names + 1;
    in_.events.note(fmt::format("at most {} calls, {} of them for option prices: about {:.0f} minutes",
                                options + others, options, seconds / 60.0));
  }

  void tell_moves() {
    for (const std::string& symbol : in_.ask.symbols)
      for (const MovedEarnings& move : moved_earnings(in_.store.statements(symbol, Unrepeated::stays),
                                                      in_.ask.now - std::chrono::microseconds(1), in_.ask.now))
        in_.events.note(fmt::format("{}: {} moved the report from {} to {}", symbol, move.source, to_string(move.from),
                                    to_string(move.to)));
  }

  template <class Run>
  void part(const std::string& symbol, const std::string& name, Run run) {
    if (in_.events.stopped()) return skip(symbol, name, "stopped");
    const Outcome outcome = run();
    if (!outcome && outcome.error().fault == FeedFault::stopped) return skip(symbol, name, outcome.error().why);
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
  bool is_over(Date date) const { return date <= last_settled_session(in_.calendar, in_.ask.now); }

  Outcome vix() {
    HttpRequest request{.feed = "cboe",
                        .url = in_.ask.feeds.cboe + "/api/global/us_indices/daily_prices/VIX_History.csv"};
    request.total = std::chrono::seconds(60);
    const std::size_t held = in_.store.index("VIX").size();
    const auto table =
        in_.read(request, in_.today(), [&](const HttpAnswer& a) { return cboe::parse_history(a, held); });
    if (!table) return unexpected(table.error());
    std::vector<Bar> bars;
    for (const auto& day : table->rows)
      if (is_over(day.date))
        bars.push_back({day.date, day.open.value_or(not_known), day.high.value_or(not_known),
                        day.low.value_or(not_known), day.close, not_known});
    return written(in_.whole([&] { return in_.store.write_index("VIX", bars, in_.from("cboe")); }),
                   table->refused.size());
  }

  Outcome rates() {
    WriteCount count;
    std::size_t refused = 0;
    const int last = static_cast<int>(civil(in_.ask.end).year());
    for (int year = static_cast<int>(civil(in_.ask.start - days(bars_before)).year()); year <= last; ++year) {
      HttpRequest request{
          .feed = "treasury",
          .url = fmt::format("{}/resource-center/data-chart-center/interest-rates/daily-treasury-rates.csv/{}/all?type="
                             "daily_treasury_yield_curve&field_tdr_date_value={}&_format=csv",
                             in_.ask.feeds.treasury, year, year)};
      request.total = std::chrono::seconds(60);
      const auto table = in_.read(request, in_.today(), treasury::parse_csv);
      if (!table) return unexpected(table.error());
      refused += table->refused.size();
      std::vector<RatePoint> points;
      for (const auto& curve : table->rows)
        if (is_over(curve.date))
          for (const RatePoint& point : treasury::rate_points(curve)) points.push_back(point);
      count += in_.whole([&] { return in_.store.write_rates(points, in_.from("treasury")); });
    }
    return written(count, refused);
  }

  /// What a calendar says today is known from today on, whatever day it speaks of.
  void say(const std::string& symbol, const char* source, Date date, AnnouncementSession session,
           std::vector<EarningsStatement>& statements) {
    for (const EarningsStatement& said : held_[symbol])
      if (said.source == source && said.date == date && !said.known_until &&
          (session == AnnouncementSession::unknown || said.session == session)) {
        statements.push_back(said);  // said again: it stands for another thirty days
        return;
      }
    for (EarningsStatement said : held_[symbol])  // the source moved its date, or now knows the session
      if (said.source == source && !said.known_until && std::chrono::abs(said.date - date) <= same_report_window) {
        said.known_until = in_.ask.now;
        statements.push_back(std::move(said));
      }
    statements.push_back({.date = date, .session = session, .source = source, .known_from = in_.ask.now});
  }
  void load_held(const std::string& symbol) {
    if (!held_.contains(symbol)) held_[symbol] = in_.store.statements(symbol, Unrepeated::stays);
  }

  Outcome fmp_earnings(const std::string& symbol) {
    HttpRequest request{.feed = "fmp",
                        .url = fmt::format("{}/stable/earnings?symbol={}&limit=100&includeReportTimes=true",
                                           in_.ask.feeds.fmp, percent_encoded(spelled(symbol, SymbolSpelling::dash))),
                        .credentials = {{"apikey", in_.keys.fmp->reveal()}}};
    const auto table = in_.read(request, in_.ask.now - earnings_stay_fresh, fmp::parse_earnings);
    if (!table) return unexpected(table.error());
    load_held(symbol);
    std::vector<EarningsStatement> statements;
    for (const auto& row : fmp::one_per_report(*table).rows)
      if (row.symbol == symbol) say(symbol, "fmp", row.date, row.session, statements);
    return written(in_.whole([&] { return in_.store.write_earnings(symbol, statements, in_.from("fmp")); }),
                   table->refused.size());
  }

  Outcome nasdaq_calendar() {
    const TradingCalendar calendar = TradingCalendar::nyse();
    const Date first = new_york_date(in_.ask.now);
    std::map<std::string, std::vector<EarningsStatement>> statements;
    for (const std::string& symbol : in_.ask.symbols) load_held(symbol);
    std::size_t refused = 0;
    for (Date day = first; day <= first + days(horizon_days); day += days(1)) {
      if (!calendar.is_session(day)) continue;
      if (in_.events.stopped()) break;
      HttpRequest request{.feed = "nasdaq",
                          .url = fmt::format("{}/api/calendar/earnings?date={}", in_.ask.feeds.nasdaq, to_string(day)),
                          .headers = {{"User-Agent", "Mozilla/5.0 (X11; Linux x86_64) alaris"},
                                      {"Accept", "application/json"},
                                      {"Accept-Language", "en-US,en"},
                                      {"Origin", "https://www.nasdaq.com"},
                                      {"Referer", "https://www.nasdaq.com/"}}};
      request.total = std::chrono::seconds(10);
      request.tries = 2;
      const auto table = in_.read(request, in_.ask.now - earnings_stay_fresh, nasdaq::parse_calendar);
      if (!table) return unexpected(table.error());
      refused += table->refused.size();
      for (const auto& row : table->rows)
        if (std::find(in_.ask.symbols.begin(), in_.ask.symbols.end(), row.symbol) != in_.ask.symbols.end())
          say(row.symbol, "nasdaq", day, row.session, statements[row.symbol]);
      if (table->beyond_horizon) break;
    }
    WriteCount count;
    for (const auto& of : statements)
      count += in_.whole([&] { return in_.store.write_earnings(of.first, of.second, in_.from("nasdaq")); });
    return written(count, refused);
  }

  HttpRequest edgar_request(const std::string& base, const std::string& target) const {
    return {.feed = "edgar", .url = base + target, .credentials = {{"User-Agent", *in_.keys.edgar_contact}}};
  }

  Outcome edgar_reports(const std::string& symbol) {
    if (filers_.empty()) {
      const bool public_host = host_of(in_.ask.feeds.edgar) == "data.sec.gov";
      const auto table = in_.read(
          edgar_request(public_host ? "https://www.sec.gov" : in_.ask.feeds.edgar, "/files/company_tickers.json"),
          in_.today() - days(30), edgar::parse_filers);
      if (!table) return unexpected(table.error());
      for (const auto& filer : table->rows) filers_[filer.symbol] = filer.cik;
    }
    const auto filer = filers_.find(symbol);
    if (filer == filers_.end()) return std::string("not a filer");
    const auto company =
        in_.read(edgar_request(in_.ask.feeds.edgar, fmt::format("/submissions/CIK{:010}.json", filer->second)),
                 in_.today(), edgar::parse_submissions);
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
    return written(in_.whole([&] { return in_.store.write_earnings(symbol, statements, in_.from("edgar")); }), 0);
  }

  VendorContext& in_;
  MassiveImport massive_;
  std::vector<PartOutcome> outcomes_;
  std::map<std::string, std::int64_t> filers_;
  std::map<std::string, std::vector<EarningsStatement>> held_;
};

}  // namespace

Instant settled_at(const TradingCalendar& calendar, Date date) {
  const Instant close =
      calendar.is_session(date) ? calendar.close(date) : new_york_instant(date, std::chrono::hours(16));
  return close + settling;
}

Date last_settled_session(const TradingCalendar& calendar, Instant now) {
  const Date today = new_york_date(now);
  return calendar.is_session(today) && settled_at(calendar, today) <= now ? today : calendar.previous_session(today);
}

std::string written(const WriteCount& count, std::size_t refused) {
  std::string text = fmt::format("{} new, {} as before", count.added, count.same);
  if (count.restated) text += fmt::format(", {} restated", count.restated);
  if (count.early) text += fmt::format(", {} of an open session left out", count.early);
  if (refused) text += fmt::format(", {} refused", refused);
  return text;
}

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
  VendorContext context(store, client, cache, request, keys, events);
  return Import(context).run();
}

}  // namespace alaris::host
