// SPDX-License-Identifier: Apache-2.0
// The whole way from a feed's server on this machine into the store, with made-up figures of a made-up name.
#include <chrono>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alaris/market/new_york.hpp>

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

/// What the servers know of ACME: three sessions, one call, one adjusted contract, a split, a report.
class Vendors {
 public:
  Vendors() {
    const Date monday = make_date(2024, 5, 13);
    const auto bars = [&](const std::string& ticker, double factor) {
      Json rows = Json::array();
      for (int day = 0; day < 3; ++day) rows.push_back(bar(monday + std::chrono::days(day), 100.0 + factor * day));
      return Json{{"ticker", ticker}, {"adjusted", false}, {"resultsCount", 3}, {"results", rows}, {"status", "OK"}};
    };
    say("/v2/aggs/ticker/ACME/range/1/day/2024-01-28/2024-05-17?adjusted=false&sort=asc&limit=50000", bars("ACME", 1));
    Json option = bars("O:ACME240517C00100000", 0);
    for (auto& row : option["results"]) row.update({{"o", 2.5}, {"h", 2.7}, {"l", 2.4}, {"c", 2.6}});
    say("/v2/aggs/ticker/O%3AACME240517C00100000/range/1/day/2024-04-27/2024-05-17?adjusted=false&sort=asc&limit=50000",
        option);
    const Json call{{"ticker", "O:ACME240517C00100000"}, {"underlying_ticker", "ACME"},     {"contract_type", "call"},
                    {"exercise_style", "american"},      {"expiration_date", "2024-05-17"}, {"strike_price", 100}};
    Json adjusted = call;
    adjusted["ticker"] = "O:ACME1240517C00100000";
    const std::string list =
        "/v3/reference/options/contracts?underlying_ticker=ACME&expired={}&expiration_date.gte=2024-04-27&"
        "expiration_date.lte=2024-07-16&strike_price.gte=63.00&strike_price.lte=143.00&limit=1000";
    say(fmt::format(fmt::runtime(list), "true"), {{"results", {call, adjusted}}, {"status", "OK"}});
    say(fmt::format(fmt::runtime(list), "false"), {{"results", Json::array()}, {"status", "OK"}});
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
    const Date today =
        new_york_date(std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now()));
    for (int day = 0; day < 60; ++day)
      say("/api/calendar/earnings?date=" + to_string(today + std::chrono::days(day)),
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
                      {"url", "https://vendor.example" + target}});
    }
    folder.write("vendors/manifest.json", Json{{"fixtures", list}}.dump());
  }

 private:
  std::map<std::string, std::pair<int, std::string>> answers_;
};

test::Ran bootstrap(const ScratchFolder& folder, const FeedServer& server, const std::string& more = "") {
  std::string command = fmt::format(
      "POLYGON_API_KEY={} FMP_API_KEY={} EDGAR_USER_AGENT={} {} data bootstrap --symbol ACME "
      "--days 20 --until 2024-05-17 ",
      canaries[0], canaries[1], canaries[2], ALARIS_HOST);
  for (const char* feed : {"massive", "fmp", "nasdaq", "treasury", "cboe", "edgar"})
    command += fmt::format("--set feeds.{}.base_url={} ", feed, server.origin());
  return test::run(folder.path(), command + more);
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
  CHECK_THAT(ran.output, Contains("authentication") && Contains("entitlement"));
  std::filesystem::remove_all(answers);  // where the keys were planted
  CHECK(leaks(folder, ran.output).empty());
  MarketStore store(folder.path() / ".local/state/alaris/alaris.db", Access::read);
  CHECK(store.history("ACME").bars.size() == 3);
  CHECK(store.history("ACME").chains.empty());
  CHECK(store.index("VIX").size() == 2);
}

TEST_CASE("without a key the servers are not asked and the way without one is named", "[host][bootstrap]") {
  const ScratchFolder folder;
  const auto ran = test::alaris_host(folder.path(), "data bootstrap --symbol ACME --days 5");
  CHECK(ran.exit_code == 4);
  CHECK_THAT(ran.output, Contains("POLYGON_API_KEY") && Contains("chains:DIR"));
}
