// SPDX-License-Identifier: Apache-2.0
// The whole way from a feed's server on this machine into the store, with made-up figures of a made-up name.
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alaris/market/new_york.hpp>

#include "bootstrap/silences.hpp"
#include "bootstrap/vendor_import.hpp"
#include "feeds/server.hpp"
#include "host/support.hpp"
#include "store/market_store.hpp"
#include "support/catch.hpp"

using namespace alaris;
using namespace alaris::host;
using alaris::test::FeedServer;
using alaris::test::ScratchFolder;
using Catch::Matchers::Contains;
using Json = nlohmann::json;

namespace {

constexpr const char* canaries[]{"CANARY-massive-1f", "CANARY-fmp-2e", "CANARY-agent-3d"};

Json bar(Date date, double close) {
  using namespace std::chrono_literals;
  const auto at = new_york_instant(date, 0h);
  return {{"t", std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count()},
          {"o", close},
          {"h", 110.0},
          {"l", 90.0},
          {"c", close},
          {"v", 1000}};
}

const Date monday = make_date(2024, 5, 13), tuesday = make_date(2024, 5, 14), wednesday = make_date(2024, 5, 15);
const std::string call_100 = "O:ACME240517C00100000", call_105 = "O:ACME240517C00105000";

/// What the servers know of ACME: three sessions, one call, one adjusted contract, a split, a report.
class Vendors {
 public:
  Vendors() {
    stock("2024-01-29", "2024-05-17", monday, 3);
    stock("2024-05-16", "2024-05-17", monday, 0);
    option(call_100, "2024-04-29", "2024-05-15", monday, 3);
    lists({call_100}, "2024-07-16");
    say("/v3/snapshot/options/ACME?limit=1", {{"results", Json::array()}, {"status", "OK"}});
    say("/stocks/v1/splits?ticker=ACME&limit=1000",
        {{"results", {{{"ticker", "ACME"}, {"execution_date", "2020-08-31"}, {"split_from", 1}, {"split_to", 4}}}}});
    say("/stocks/v1/dividends?ticker=ACME&limit=1000", {{"results", Json::array()}});
    answer("/api/global/us_indices/daily_prices/VIX_History.csv",
           "DATE,OPEN,HIGH,LOW,CLOSE\n05/13/2024,13,14,12,13.5\n05/14/2024,13,14,12,13.6\n");
    answer(
        "/resource-center/data-chart-center/interest-rates/daily-treasury-rates.csv/2024/"
        "all?type=daily_treasury_yield_curve&field_tdr_date_value=2024&_format=csv",
        "Date,\"3 Mo\"\n05/13/2024,5.46\n");
    earnings("2031-07-31", "amc");
    say("/files/company_tickers.json", {{"0", {{"cik_str", 42}, {"ticker", "ACME"}, {"title", "Acme"}}}});
    const Json recent{{"accessionNumber", {"0-1", "0-2"}},
                      {"form", {"8-K", "4"}},
                      {"items", {"2.02", ""}},
                      {"filingDate", {"2024-02-01", "2024-03-01"}},
                      {"acceptanceDateTime", {"2024-02-01T21:30:25.000Z", "2024-03-01T22:31:12.000Z"}}};
    say("/submissions/CIK0000000042.json",
        {{"cik", "0000000042"}, {"filings", {{"recent", recent}, {"files", Json::array()}}}});
    no_reports_listed(
        new_york_date(std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now())));
  }
  /// Daily bars of the stock from `first` on; without any there is no results key.
  void stock(const std::string& from, const std::string& to, Date first, int sessions) {
    bars("ACME", from, to, first, sessions, {{"o", 100.0}, {"h", 110.0}, {"l", 90.0}});
  }
  void option(const std::string& ticker, const std::string& from, const std::string& to, Date first, int sessions) {
    bars(ticker, from, to, first, sessions, {{"o", 2.5}, {"h", 2.7}, {"l", 2.4}, {"c", 2.6}});
  }
  static std::string bars_at(const std::string& ticker, const std::string& from, const std::string& to) {
    return fmt::format("/v2/aggs/ticker/{}/range/1/day/{}/{}?adjusted=false&sort=asc&limit=50000",
                       ticker[0] == 'O' ? "O%3A" + ticker.substr(2) : ticker, from, to);
  }
  /// The contracts near the money, and one that delivers something else.
  void lists(const std::vector<std::string>& tickers, const std::string& last_expiry) {
    const auto contract = [](const std::string& ticker) {
      return Json{{"ticker", ticker},
                  {"underlying_ticker", "ACME"},
                  {"contract_type", "call"},
                  {"exercise_style", "american"},
                  {"expiration_date", "2024-05-17"},
                  {"strike_price", std::stoi(ticker.substr(ticker.size() - 8)) / 1000}};
    };
    Json rows = Json::array({contract("O:ACME1240517C00100000")});
    for (const std::string& ticker : tickers) rows.push_back(contract(ticker));
    const std::string list =
        "/v3/reference/options/contracts?underlying_ticker=ACME&expired={}&expiration_date.gte=2024-04-27&"
        "expiration_date.lte={}&strike_price.gte=63.00&strike_price.lte=143.00&limit=1000";
    say(fmt::format(fmt::runtime(list), "true", last_expiry), {{"results", rows}, {"status", "OK"}});
    say(fmt::format(fmt::runtime(list), "false", last_expiry), {{"results", Json::array()}, {"status", "OK"}});
  }
  void no_reports_listed(Date from) {
    for (int day = 0; day < 60; ++day)
      say("/api/calendar/earnings?date=" + to_string(from + std::chrono::days(day)),
          {{"data", nullptr}, {"status", {{"rCode", 200}}}});
  }
  void earnings(const std::string& date, const std::string& time) {
    say("/stable/earnings?symbol=ACME&limit=100&includeReportTimes=true",
        Json::array({{{"symbol", "ACME"}, {"date", date}, {"time", time}}}));
  }
  void say(const std::string& target, const Json& body, int status = 200) { answer(target, body.dump(), status); }
  void answer(const std::string& target, const std::string& body, int status = 200) {
    answers_[target] = {status, body};
  }
  void delay(double seconds) { delay_ = seconds; }

  /// As a folder that the server replays.
  void write_to(const ScratchFolder& folder) const {
    Json list = Json::array();
    int number = 0;
    for (const auto& [target, said] : answers_) {
      const std::string file = std::to_string(number++);
      folder.write("vendors/" + file, said.second);
      list.push_back({{"file", file},
                      {"feed", "x"},
                      {"http_status", said.first},
                      {"headers", Json::object()},
                      {"delay", delay_},
                      {"url", "https://vendor.example" + target}});
    }
    folder.write("vendors/manifest.json", Json{{"fixtures", list}}.dump());
  }

 private:
  void bars(const std::string& ticker, const std::string& from, const std::string& to, Date first, int sessions,
            const Json& prices) {
    Json rows = Json::array();
    for (int day = 0; day < sessions; ++day) {
      rows.push_back(bar(first + std::chrono::days(day), 100.0 + static_cast<double>((first - monday).count() + day)));
      rows.back().update(prices);
    }
    Json body{{"ticker", ticker}, {"adjusted", false}, {"resultsCount", sessions}, {"status", "OK"}};
    if (sessions > 0) body["results"] = rows;
    say(bars_at(ticker, from, to), body);
  }

  double delay_ = 0.0;
  std::map<std::string, std::pair<int, std::string>> answers_;
};

std::string asking(const FeedServer& server, const std::string& command) {
  std::string line = fmt::format("POLYGON_API_KEY={} FMP_API_KEY={} EDGAR_USER_AGENT={} {} {} ", canaries[0],
                                 canaries[1], canaries[2], ALARIS_HOST, command);
  for (const char* feed : {"massive", "fmp", "nasdaq", "treasury", "cboe", "edgar"})
    line += fmt::format("--set feeds.{}.base_url={} ", feed, server.origin());
  return line;
}
const std::string until_friday = "data bootstrap --symbol ACME --days 20 --until 2024-05-17 ";

test::Ran bootstrap(const ScratchFolder& folder, const FeedServer& server, const std::string& more = "") {
  return test::run(folder.path(), asking(server, until_friday + more));
}

/// The same without a process around it, at any time of day.
class Library {
 public:
  Library(const ScratchFolder& folder, const Vendors& vendors) : folder_(&folder) { serve(vendors); }
  void serve(const Vendors& vendors) {
    vendors.write_to(*folder_);
    server_ = std::make_unique<FeedServer>((folder_->path() / "vendors").string());
    if (!server_->runs()) test::shared_data_was_missing() = true;
  }
  [[nodiscard]] bool runs() const { return server_->runs(); }
  [[nodiscard]] MarketStore store() const { return {folder_->path() / "s.db", Access::write}; }

  std::vector<PartOutcome> read(Instant now, Date until, std::set<std::string> only, bool refresh = false) {
    VendorRequest request{.symbols = {"ACME"},
                          .start = make_date(2024, 4, 27),
                          .end = until,
                          .now = now,
                          .only = std::move(only),
                          .refresh = refresh};
    for (std::string* base : {&request.feeds.massive, &request.feeds.fmp, &request.feeds.nasdaq,
                              &request.feeds.treasury, &request.feeds.cboe, &request.feeds.edgar})
      *base = server_->origin();
    const VendorKeys keys{.massive = Secret("KEY-massive"), .fmp = Secret("KEY-fmp"), .edgar_contact = "a b@c.de"};
    const VendorEvents events{.note = [&](const std::string& text) { notes += text + "\n"; },
                              .progress = [](int, int) {},
                              .stopped = [] { return false; }};
    MarketStore to = store();
    HttpClient client(feed_hosts(request.feeds));
    const AnswerCache cache(folder_->path() / "answers");
    return import_from_vendors(to, client, cache, request, keys, events);
  }
  /// How often the servers were asked for this.
  [[nodiscard]] int asked(const std::string& target) const {
    HttpClient client({"127.0.0.1"});
    const auto answer = client.get({.feed = "test", .url = server_->at("/misbehave/asked")});
    return answer ? Json::parse(answer->body).value(target, 0) : -1;
  }
  std::string notes;

 private:
  const ScratchFolder* folder_;
  std::unique_ptr<FeedServer> server_;
};

const PartOutcome& part(const std::vector<PartOutcome>& outcomes, const std::string& name) {
  const auto at = std::find_if(outcomes.begin(), outcomes.end(), [&](const PartOutcome& p) { return p.part == name; });
  REQUIRE(at != outcomes.end());
  CAPTURE(at->what);
  return *at;
}

/// Files below the folder, and text, that hold one of the planted keys.
std::vector<std::string> leaks(const ScratchFolder& folder, const std::string& output) {
  std::vector<std::string> found;
  const auto look = [&](const std::string& name, const std::string& text) {
    for (const char* canary : canaries)
      if (text.find(canary) != std::string::npos) found.push_back(name);
  };
  look("output", output);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path()))
    if (entry.is_regular_file()) look(entry.path().string(), test::content_of(entry.path()));
  return found;
}

}  // namespace

TEST_CASE("a bootstrap fills the store from the servers and asks a second time only for what is new",
          "[host][bootstrap]") {
  const ScratchFolder folder;
  Vendors vendors;
  vendors.write_to(folder);
  const auto file = folder.path() / ".local/state/alaris/alaris.db";
  {
    const FeedServer server((folder.path() / "vendors").string());
    if (!server.runs()) {
      test::shared_data_was_missing() = true;
      return;
    }
    const auto first = bootstrap(folder, server);
    CAPTURE(first.output);
    CHECK(first.exit_code == 0);
    CHECK_THAT(first.output, Contains("1 contracts") && Contains("ESTIMATED") && Contains("1 not standard"));
    CHECK(leaks(folder, first.output).empty());
    const auto second = bootstrap(folder, server);
    CHECK(second.exit_code == 0);
    CHECK_THAT(second.output, Contains("held already"));
  }
  MarketStore store(file, Access::read);
  const SymbolHistory history = store.history("ACME");
  CHECK(history.bars.size() == 3);
  REQUIRE(history.chains.size() == 3);
  CHECK(history.chains[2]->spot() == 102.0);
  REQUIRE(history.chains[0]->quotes().size() == 1);
  CHECK(history.chains[0]->quotes()[0].last == 2.6);
  CHECK(history.chains[0]->quotes()[0].bid != history.chains[0]->quotes()[0].bid);
  REQUIRE(history.splits.size() == 1);
  CHECK(history.splits[0].ratio == 4.0);
  CHECK(store.index("VIX").size() == 2);
  CHECK(store.rates().size() == 1);
  REQUIRE(history.earnings.size() == 2);
  CHECK(history.earnings[0].source == "reported");
  CHECK(new_york_text(history.earnings[0].known_from) == "2024-02-01T16:30:25-05:00");
  CHECK(history.earnings[1].session == AnnouncementSession::after_close);
  CHECK(history.earnings[1].known_from > make_date(2026, 1, 1).time_since_epoch() + Instant{});
}

TEST_CASE("a date that a source moves is known until then and the new one from then on", "[host][bootstrap]") {
  const ScratchFolder folder;
  Vendors vendors;
  for (const char* date : {"2031-07-31", "2031-08-05"}) {
    vendors.earnings(date, "bmo");
    vendors.write_to(folder);
    const FeedServer server((folder.path() / "vendors").string());
    if (!server.runs()) {
      test::shared_data_was_missing() = true;
      return;
    }
    const auto ran = bootstrap(folder, server);
    REQUIRE(ran.exit_code == 0);
    const bool moved = ran.output.find("ACME: fmp moved the report from 2031-07-31 to 2031-08-05") != std::string::npos;
    CHECK(moved == (std::string(date) == "2031-08-05"));
    std::filesystem::remove_all(folder.path() / ".cache");
  }
  MarketStore store(folder.path() / ".local/state/alaris/alaris.db", Access::read);
  std::vector<EarningsStatement> said;
  for (const EarningsStatement& s : store.statements("ACME", Unrepeated::stays))
    if (s.source == "fmp") said.push_back(s);
  REQUIRE(said.size() == 2);
  CHECK(said[0].date == make_date(2031, 7, 31));
  REQUIRE(said[0].known_until);
  CHECK(*said[0].known_until == said[1].known_from);
  CHECK(!said[1].known_until);
  const auto now = test::alaris_host(folder.path(), "data earnings --symbol ACME");
  CHECK_THAT(now.output, Contains("ACME,2024-02-01,AMC,reported") && Contains("ACME,2031-08-05,BMO,unconfirmed,1,fmp"));
  const auto then = test::alaris_host(folder.path(), "data earnings --symbol ACME --at 2024-01-31");
  CHECK(then.output == "symbol,date,session,standing,sources,session_source\n");
}

TEST_CASE("a part that fails leaves the others whole and no key in any text or file", "[host][bootstrap]") {
  const ScratchFolder folder;
  Vendors vendors;
  vendors.say("/v3/snapshot/options/ACME?limit=1",
              {{"status", "ERROR"}, {"error", std::string("Unknown API Key ") + canaries[0]}}, 401);
  vendors.say("/stable/earnings?symbol=ACME&limit=100&includeReportTimes=true",
              {{"Error Message", std::string("Exclusive Endpoint, apikey=") + canaries[1]}}, 402);
  vendors.answer("/submissions/CIK0000000042.json", std::string("<html>") + canaries[2] + "</html>");
  vendors.say("/stocks/v1/splits?ticker=ACME&limit=1000",
              {{"status", "NOT_AUTHORIZED"}, {"message", std::string("Key ") + canaries[0] + " is not allowed"}}, 403);
  vendors.say(Vendors::bars_at("ACME", "2024-01-29", "2024-05-17"),  // an answer that is kept
              {{"ticker", "ACME"},
               {"adjusted", false},
               {"resultsCount", 1},
               {"status", "OK"},
               {"results", Json::array({bar(monday, 100.0)})},
               {"seen", std::string("Bearer ") + canaries[0]}});
  vendors.write_to(folder);
  std::filesystem::path answers = folder.path() / "vendors";
  const FeedServer server(answers.string());
  if (!server.runs()) {
    test::shared_data_was_missing() = true;
    return;
  }
  const auto ran = bootstrap(folder, server, "-v");
  CAPTURE(ran.output);
  CHECK(ran.exit_code == 5);
  CHECK_THAT(ran.output, Contains("authentication") && Contains("entitlement") && Contains("is not allowed"));
  std::filesystem::remove_all(answers);  // where the keys were planted
  CHECK(leaks(folder, ran.output).empty());
  MarketStore store(folder.path() / ".local/state/alaris/alaris.db", Access::read);
  CHECK(store.history("ACME").bars.size() == 1);
  CHECK(store.history("ACME").chains.empty());
  CHECK(store.index("VIX").size() == 2);
}

TEST_CASE("without a key the servers are not asked and the way without one is named", "[host][bootstrap]") {
  const ScratchFolder folder;
  const auto ran = test::alaris_host(folder.path(), "data bootstrap --symbol ACME --days 5");
  CHECK(ran.exit_code == 4);
  CHECK_THAT(ran.output, Contains("POLYGON_API_KEY") && Contains("chains:DIR"));
}

TEST_CASE("figures of a session that is not over are asked for when it is", "[host][bootstrap]") {
  const ScratchFolder folder;
  Vendors vendors;
  vendors.answer("/api/global/us_indices/daily_prices/VIX_History.csv",
                 "DATE,OPEN,HIGH,LOW,CLOSE\n05/14/2024,13,14,12,13.6\n05/15/2024,13,14,12,13.1\n");
  vendors.stock("2024-01-29", "2024-05-14", monday, 3);  // the server gives the open session's bar although not asked
  vendors.stock("2024-05-15", "2024-05-15", wednesday, 1);
  vendors.option(call_100, "2024-04-29", "2024-05-14", monday, 3);
  vendors.option(call_100, "2024-05-15", "2024-05-15", wednesday, 1);
  vendors.lists({call_100}, "2024-07-14");
  Library library(folder, vendors);
  if (!library.runs()) return;
  const std::set<std::string> prices{"vix", "bars", "chains"};
  using namespace std::chrono_literals;
  for (const auto at : {11h + 0min, 16h + 14min}) {
    const auto early = library.read(new_york_instant(wednesday, at), wednesday, prices);
    CHECK(!part(early, "bars").failed);
    CHECK(!part(early, "chains").failed);
    CHECK(library.store().bars("ACME").back().date == tuesday);
    CHECK(library.store().history("ACME").chains.back()->date() == tuesday);
    CHECK(library.store().index("VIX").back().date == tuesday);
  }
  const auto evening = library.read(new_york_instant(wednesday, 16h + 15min), wednesday, prices);
  CHECK(!part(evening, "chains").failed);
  const SymbolHistory history = library.store().history("ACME");
  REQUIRE(history.bars.size() == 3);
  CHECK(history.bars[2].close == 102.0);
  CHECK(history.chains.size() == 3);
  CHECK(library.asked(Vendors::bars_at("ACME", "2024-01-29", "2024-05-14")) == 1);  // the rest is not asked again
}

TEST_CASE("a later day asks only for the new days and a fuller list only for the new contracts", "[host][bootstrap]") {
  const ScratchFolder folder;
  Vendors vendors;
  vendors.stock("2024-01-29", "2024-05-15", monday, 3);
  vendors.lists({call_100}, "2024-07-14");
  Library library(folder, vendors);
  if (!library.runs()) return;
  const Instant later = new_york_instant(make_date(2024, 6, 3), std::chrono::hours(9));
  const std::set<std::string> prices{"bars", "chains"};
  CHECK_THAT(part(library.read(later, wednesday, prices), "chains").what, Contains("3 new"));
  CHECK_THAT(part(library.read(later, wednesday, prices), "chains").what, Contains("held already"));
  CHECK(library.asked(Vendors::bars_at(call_100, "2024-04-29", "2024-05-15")) == 1);

  vendors.stock("2024-05-16", "2024-05-17", monday + std::chrono::days(3), 2);
  vendors.option(call_100, "2024-05-16", "2024-05-17", monday + std::chrono::days(3), 2);
  vendors.lists({call_100}, "2024-07-16");
  library.serve(vendors);
  std::filesystem::remove_all(folder.path() / "answers");  // not the cache, the store knows what was read
  CHECK_THAT(part(library.read(later, make_date(2024, 5, 17), prices), "chains").what, Contains("2 new"));
  CHECK(library.asked(Vendors::bars_at("ACME", "2024-05-16", "2024-05-17")) == 1);
  CHECK(library.asked(Vendors::bars_at(call_100, "2024-05-16", "2024-05-17")) == 1);
  CHECK(library.asked(Vendors::bars_at(call_100, "2024-04-29", "2024-05-17")) == 0);
  CHECK(library.store().history("ACME").chains.size() == 5);

  vendors.lists({call_100, call_105}, "2024-07-16");
  vendors.option(call_105, "2024-04-29", "2024-05-17", monday, 5);
  library.serve(vendors);
  CHECK(!part(library.read(later, make_date(2024, 5, 17), prices), "chains").failed);
  CHECK(library.asked(Vendors::bars_at(call_105, "2024-04-29", "2024-05-17")) == 1);
  const SymbolHistory history = library.store().history("ACME");
  REQUIRE(history.chains.size() == 5);
  for (const auto& chain : history.chains) CHECK(chain->quotes().size() == 2);

  vendors.stock("2024-01-29", "2024-05-17", monday, 5);
  vendors.option(call_100, "2024-04-29", "2024-05-17", monday, 5);
  library.serve(vendors);
  CHECK(!part(library.read(later, make_date(2024, 5, 17), prices, true), "chains").failed);  // --refresh
  CHECK(library.asked(Vendors::bars_at(call_100, "2024-04-29", "2024-05-17")) == 1);
}

TEST_CASE("a date that its source repeats does not lapse", "[host][bootstrap]") {
  const ScratchFolder folder;
  Vendors vendors;
  const Date report = make_date(2026, 4, 30), first = make_date(2026, 2, 2), second = make_date(2026, 2, 22);
  vendors.earnings(to_string(report), "amc");
  vendors.no_reports_listed(first);
  vendors.no_reports_listed(second);
  Library library(folder, vendors);
  if (!library.runs()) return;
  const Instant once = new_york_instant(first, std::chrono::hours(12));
  const Instant again = new_york_instant(second, std::chrono::hours(12));
  const auto said = [&] {
    for (const EarningsStatement& s : library.store().history("ACME").earnings)
      if (s.source == "fmp") return s;
    return EarningsStatement{};
  };
  CHECK(!part(library.read(once, first, {"earnings"}), "earnings (FMP)").failed);
  CHECK(said().known_until == once + std::chrono::days(30));
  CHECK(!part(library.read(again, second, {"earnings"}), "earnings (FMP)").failed);
  CHECK(said().known_from == once);
  CHECK(said().known_until == again + std::chrono::days(30));
}

TEST_CASE("an earnings date is read again after an hour and at once on request", "[host][bootstrap]") {
  const ScratchFolder folder;
  Vendors vendors;
  const Date day = make_date(2026, 2, 2);
  vendors.no_reports_listed(day);
  Library library(folder, vendors);
  if (!library.runs()) return;
  const std::string fmp = "/stable/earnings?symbol=ACME&limit=100&includeReportTimes=true";
  const auto asked_at = [&](std::chrono::minutes time, bool refresh) {
    (void)library.read(new_york_instant(day, time), day, {"earnings"}, refresh);
    return library.asked(fmp);
  };
  using namespace std::chrono_literals;
  CHECK(asked_at(12h, false) == 1);
  CHECK(asked_at(12h + 59min, false) == 1);
  CHECK(asked_at(12h + 59min, true) == 2);
  CHECK(asked_at(14h, false) == 3);
}

TEST_CASE("an empty answer of a busy server is asked again and never taken for a fact", "[host][bootstrap]") {
  const ScratchFolder folder;
  Vendors vendors;
  const std::string bars = Vendors::bars_at("ACME", "2024-01-29", "2024-05-15");
  const std::string option = Vendors::bars_at(call_100, "2024-04-29", "2024-05-15");
  const auto empty = [](const std::string& ticker) {
    return Json{{"ticker", ticker}, {"adjusted", false}, {"resultsCount", 0}, {"results", nullptr}, {"status", "OK"}};
  };
  vendors.lists({call_100}, "2024-07-14");
  vendors.say(bars, empty("ACME"));
  Library library(folder, vendors);
  if (!library.runs()) return;
  const Instant later = new_york_instant(make_date(2024, 6, 3), std::chrono::hours(9));
  const std::set<std::string> prices{"bars", "chains"};
  auto ran = library.read(later, wednesday, prices);
  CHECK(part(ran, "bars").failed);
  CHECK_THAT(part(ran, "bars").what, Contains("asked twice"));
  CHECK(part(ran, "chains").failed);
  CHECK_THAT(part(ran, "chains").what, Contains("which strikes are near the money is not known"));
  CHECK(library.asked(bars) == 2);

  vendors.stock("2024-01-29", "2024-05-15", monday, 3);
  vendors.say(option, empty(call_100));
  library.serve(vendors);
  ran = library.read(later, wednesday, prices);
  CHECK(!part(ran, "bars").failed);
  CHECK(part(ran, "chains").failed);
  CHECK(library.asked(option) == 2);
  CHECK(library.store().history("ACME").chains.empty());

  vendors.option(call_100, "2024-04-29", "2024-05-15", monday, 3);
  library.serve(vendors);
  CHECK(!part(library.read(later, wednesday, prices), "chains").failed);
  CHECK(library.store().history("ACME").chains.size() == 3);
}

TEST_CASE("a plan whose history begins later is asked from there on", "[host][bootstrap]") {
  const ScratchFolder folder;
  Vendors vendors;
  vendors.say(Vendors::bars_at("ACME", "2024-01-29", "2024-05-15"),
              {{"status", "NOT_AUTHORIZED"}, {"message", "Your plan doesn't include this data timeframe."}}, 403);
  vendors.stock("2024-05-14", "2024-05-15", tuesday, 2);
  Library library(folder, vendors);
  if (!library.runs()) return;
  const Instant two_years_on = new_york_instant(make_date(2026, 5, 12), std::chrono::hours(9));
  CHECK(!part(library.read(two_years_on, wednesday, {"bars"}), "bars").failed);
  CHECK(library.store().bars("ACME").front().date == tuesday);
  CHECK_THAT(library.notes, Contains("does not go back to 2024-01-29"));
}

TEST_CASE("after the close the snapshot's quotes are recorded and later prices complete them", "[host][bootstrap]") {
  const ScratchFolder folder;
  Vendors vendors;
  using namespace std::chrono_literals;
  const auto stamp = [](std::chrono::minutes at) {
    return std::chrono::nanoseconds(new_york_instant(wednesday, at).time_since_epoch()).count();
  };
  const auto row = [&](const std::string& ticker, int strike, std::chrono::minutes quoted) {
    return Json{{"details",
                 {{"ticker", ticker},
                  {"contract_type", "call"},
                  {"exercise_style", "american"},
                  {"expiration_date", "2024-05-17"},
                  {"strike_price", strike}}},
                {"last_quote",
                 {{"bid", 2.5}, {"ask", 2.7}, {"bid_size", 11}, {"ask_size", 12}, {"last_updated", stamp(quoted)}}},
                {"implied_volatility", 0.31},
                {"open_interest", 420}};
  };
  const std::string query =
      "/v3/snapshot/options/ACME?expiration_date.gte=2024-05-15&expiration_date.lte=2024-07-14&strike_price.gte=71.40&"
      "strike_price.lte=132.60&limit=250";
  vendors.say("/v3/snapshot/options/ACME?limit=1", {{"results", Json::array({row(call_100, 100, 15h)})}});
  vendors.say(query, {{"results", Json::array({row(call_100, 100, 15h + 59min), row(call_105, 105, 18h)})}});
  vendors.stock("2024-01-29", "2024-05-15", monday, 3);
  vendors.lists({call_100}, "2024-07-14");
  Library library(folder, vendors);
  if (!library.runs()) return;
  const std::set<std::string> prices{"bars", "chains"};
  const auto ran = library.read(new_york_instant(wednesday, 19h), wednesday, prices);
  CHECK_THAT(part(ran, "quotes of today").what, Contains("2 contracts") && Contains("1 quotes of another time"));
  CHECK_THAT(library.notes, Contains("snapshots with quotes"));
  const SymbolHistory history = library.store().history("ACME");
  REQUIRE(history.chains.size() == 3);
  const auto& chain = *history.chains.back();
  REQUIRE(chain.quotes().size() == 2);
  CHECK(chain.quotes()[0].bid == 2.5);
  CHECK(chain.quotes()[0].ask_size == 12.0);
  CHECK(chain.quotes()[0].open_interest == 420.0);
  CHECK(chain.quotes()[0].vendor_volatility == 0.31);
  CHECK(chain.quotes()[0].last == 2.6);  // from the daily bar
  CHECK(chain.quotes()[1].bid != chain.quotes()[1].bid);
  const auto morning = library.read(new_york_instant(make_date(2024, 5, 16), 8h), wednesday, prices);
  CHECK_THAT(part(morning, "quotes of today").what, Contains("knows no past"));
  CHECK(library.asked(query) == 1);
}

TEST_CASE("only the parts asked for run and only their keys are needed", "[host][bootstrap]") {
  const ScratchFolder folder;
  const Vendors vendors;
  vendors.write_to(folder);
  const FeedServer server((folder.path() / "vendors").string());
  if (!server.runs()) {
    test::shared_data_was_missing() = true;
    return;
  }
  const auto without_keys = [&](const std::string& more) {
    std::string line = std::string(ALARIS_HOST) + " data bootstrap --days 20 --until 2024-05-17 " + more;
    for (const char* feed : {"nasdaq", "treasury", "cboe"})
      line += fmt::format(" --set feeds.{}.base_url={}", feed, server.origin());
    return test::run(folder.path(), line);
  };
  const auto market = without_keys("--only vix,rates");
  CHECK(market.exit_code == 0);
  const auto earnings = without_keys("--only earnings --symbol ACME");
  CHECK(earnings.exit_code == 0);
  CHECK_THAT(earnings.output, Contains("no FMP_API_KEY") && Contains("earnings (Nasdaq)"));
  CHECK_THAT(without_keys("--only reports --symbol ACME").output, Contains("EDGAR_USER_AGENT"));
  CHECK(without_keys("--only chains --symbol ACME").exit_code == 4);
  CHECK(without_keys("--only quotes").exit_code == 2);
  CHECK(without_keys("--only earnings").exit_code == 2);
  MarketStore store(folder.path() / ".local/state/alaris/alaris.db", Access::read);
  CHECK(store.index("VIX").size() == 2);
  CHECK(store.rates().size() == 1);
}

TEST_CASE("a dry run says what it would take and stores nothing", "[host][bootstrap]") {
  const ScratchFolder folder;
  const Vendors vendors;
  vendors.write_to(folder);
  const FeedServer server((folder.path() / "vendors").string());
  if (!server.runs()) {
    test::shared_data_was_missing() = true;
    return;
  }
  const auto ran = bootstrap(folder, server, "--dry-run -q");
  CAPTURE(ran.output);
  CHECK(ran.exit_code == 0);
  CHECK_THAT(ran.output, Contains("ESTIMATED") && Contains("1 contracts near the money, 1 calls") &&
                             Contains("1 of them for option prices"));
  MarketStore store(folder.path() / ".local/state/alaris/alaris.db", Access::read);
  CHECK(store.coverage().empty());
}

TEST_CASE("a chain from a vendor that was damaged is asked for again", "[host][bootstrap]") {
  const ScratchFolder folder;
  Vendors vendors;
  vendors.option(call_100, "2024-05-14", "2024-05-14", tuesday, 1);
  const std::string list =
      "/v3/reference/options/contracts?underlying_ticker=ACME&expired={}&expiration_date.gte=2024-05-14&"
      "expiration_date.lte=2024-07-13&strike_price.gte=63.00&strike_price.lte=143.00&limit=1000";
  const Json call{{"ticker", call_100},           {"underlying_ticker", "ACME"},     {"contract_type", "call"},
                  {"exercise_style", "american"}, {"expiration_date", "2024-05-17"}, {"strike_price", 100}};
  vendors.say(fmt::format(fmt::runtime(list), "true"), {{"results", {call}}});
  vendors.say(fmt::format(fmt::runtime(list), "false"), {{"results", Json::array()}});
  vendors.write_to(folder);
  const FeedServer server((folder.path() / "vendors").string());
  if (!server.runs()) {
    test::shared_data_was_missing() = true;
    return;
  }
  const auto file = folder.path() / ".local/state/alaris/alaris.db";
  REQUIRE(bootstrap(folder, server).exit_code == 0);
  MarketStore(file, Access::write).database().run("UPDATE chain SET block=X'28B52FFD00' WHERE date=19857");
  CHECK(test::alaris_host(folder.path(), "data verify").exit_code == 8);
  const auto ran = test::run(folder.path(), asking(server, "data verify --repair"));
  CAPTURE(ran.output);
  CHECK(ran.exit_code == 0);
  const SymbolHistory history = MarketStore(file, Access::read).history("ACME");
  REQUIRE(history.chains.size() == 3);
  CHECK(history.chains[1]->quotes()[0].last == 2.6);
}

TEST_CASE("a server that asked to be left alone is left alone by the next program too", "[host][bootstrap]") {
  const ScratchFolder folder;
  const Silences silences(folder.path() / "a/silences.json");
  const Instant now = new_york_instant(monday, std::chrono::hours(12));
  Limiter limiter;
  silences.apply(limiter, Limiter::Time{}, now);
  silences.keep("data.sec.gov", now + std::chrono::minutes(10));
  silences.keep("api.massive.com", now - std::chrono::minutes(1));
  silences.keep("clock.was.wrong", now + std::chrono::hours(1000));
  silences.apply(limiter, Limiter::Time{}, now);
  CHECK(limiter.free_in("www.sec.gov", Limiter::Time{}) == std::chrono::minutes(10));
  CHECK(limiter.free_in("api.massive.com", Limiter::Time{}) == std::chrono::minutes(0));
  CHECK(limiter.free_in("clock.was.wrong", Limiter::Time{}) == std::chrono::minutes(0));
  folder.write("a/silences.json", "{broken");
  silences.apply(limiter, Limiter::Time{}, now);
}

namespace {

/// Starts the command as its own process, sends it a signal after a while and waits for it; its exit code, or minus the
/// signal that ended it.
int interrupted(const ScratchFolder& folder, const std::string& command, int signal, std::chrono::milliseconds after) {
  const ::pid_t child = ::fork();
  if (child == 0) {
    const std::string line = "cd '" + folder.path().string() + "' && exec env -i PATH=\"$PATH\" HOME='" +
                             folder.path().string() + "' " + command + " >/dev/null 2>&1 </dev/null";
    ::execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
    ::_exit(127);
  }
  ::usleep(static_cast<::useconds_t>(std::chrono::microseconds(after).count()));
  ::kill(child, signal);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/// Everything the store says of ACME, without the times at which it was read.
std::string told(const ScratchFolder& folder) {
  MarketStore store(folder.path() / ".local/state/alaris/alaris.db", Access::read);
  CHECK(store.damage().empty());
  const SymbolHistory history = store.history("ACME");
  std::string out;
  for (const Bar& bar : history.bars) out += fmt::format("{} {};", to_string(bar.date), bar.close);
  for (const auto& chain : history.chains)
    for (const OptionQuote& quote : chain->quotes())
      out += fmt::format("{} {} {};", to_string(chain->date()), quote.contract.strike.dollars(), quote.last);
  for (const EarningsStatement& said : history.earnings) out += said.source + to_string(said.date) + ";";
  return out + fmt::format("{} {}", store.index("VIX").size(), store.rates().size());
}

}  // namespace

TEST_CASE("a bootstrap that is stopped or killed anywhere ends like one that was not", "[host][bootstrap]") {
  const ScratchFolder whole, cut;
  Vendors vendors;
  vendors.write_to(whole);
  vendors.delay(0.03);
  vendors.write_to(cut);
  const FeedServer quick((whole.path() / "vendors").string()), slow((cut.path() / "vendors").string());
  if (!quick.runs() || !slow.runs()) {
    test::shared_data_was_missing() = true;
    return;
  }
  REQUIRE(bootstrap(whole, quick).exit_code == 0);
  const std::string command = asking(slow, until_friday);
  using namespace std::chrono_literals;
  const auto start = std::chrono::steady_clock::now();
  CHECK(interrupted(cut, command, SIGINT, 500ms) == 1);
  CHECK(std::chrono::steady_clock::now() - start < 3s);
  for (const auto after : {80ms, 250ms, 600ms}) {
    CHECK(interrupted(cut, command, SIGKILL, after) == -SIGKILL);
    if (std::filesystem::exists(cut.path() / ".local/state/alaris/alaris.db"))
      CHECK(test::alaris_host(cut.path(), "data verify").exit_code == 0);
  }
  CHECK(bootstrap(cut, slow).exit_code == 0);
  CHECK(told(cut) == told(whole));
}
