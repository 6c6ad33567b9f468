// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <nlohmann/json.hpp>

#include "support.hpp"
#include "support/catch.hpp"

using namespace alaris::test;

namespace {

using Json = nlohmann::json;

/// The order file of docs/formats.md: what a reader copies must work.
Json documented_order() {
  const std::string page = content_of(std::filesystem::path(ALARIS_SOURCE_DIR) / "docs" / "formats.md");
  const std::size_t begin = page.find("```json\n", page.find("## Order file")) + 8;
  return Json::parse(page.substr(begin, page.find("```", begin) - begin));
}

Ran check(const ScratchFolder& folder, const Json& order, const std::string& options = "") {
  folder.write("order.json", order.dump());
  return alaris_host(folder.path(), "order check order.json " + options);
}

const Json* finding(const Json& findings, const std::string& rule) {
  for (const Json& f : findings)
    if (f.at("rule") == rule) return &f;
  return nullptr;
}

}  // namespace

TEST_CASE("a scan shows the three criteria of each name with their margins", "[host][signal]") {
  const ScratchFolder folder;
  const Ran table = alaris_host(folder.path(), "signal scan --symbol NFLX,MSFT --at 2024-05-06");
  CHECK(table.exit_code == 0);
  CHECK(table.output.find("** SIMULATED market") != std::string::npos);
  CHECK(table.output.find("\nNFLX    2024-05-10  ") != std::string::npos);  // 80 characters wide in a pipe
  const Ran ran = alaris_host(folder.path(), "signal scan --symbol NFLX,MSFT --at 2024-05-06 --format json");
  const Json out = Json::parse(ran.output);
  CHECK(out.at("schema") == "alaris/signals/1");
  CHECK(out.at("labels").size() == 1);
  REQUIRE(out.at("signals").size() == 2);
  const Json& netflix = out.at("signals")[0];
  CHECK(netflix.at("signal") == "recommended");
  for (const char* rule : {"signal.iv_rv", "signal.term_slope", "signal.underlying_volume"}) {
    const Json* seen = finding(netflix.at("findings"), rule);
    REQUIRE(seen);
    CHECK(seen->at("margin").get<double>() > 0.0);
  }
}

TEST_CASE("a name without an announcement to come is said to have none", "[host][signal]") {
  const ScratchFolder folder;
  const Ran ran = alaris_host(folder.path(), "signal explain NFLX --at 2024-05-10");
  CHECK(ran.exit_code == 1);
  CHECK(ran.output.find("no announcement known at 2024-05-10T16:00:00-04:00") != std::string::npos);
}

TEST_CASE("an explanation agrees with the backtest that takes the same decision", "[host][signal]") {
  const ScratchFolder folder;
  // without interest, so that the account is what an explanation takes it to be
  REQUIRE(alaris_host(folder.path(),
                      "-q backtest run --symbol NFLX --start 2024-04-15 --end 2024-05-15 "
                      "--set carry.credit_below_rate=1")
              .exit_code == 0);
  std::string decisions;
  for (const auto& run : std::filesystem::directory_iterator(folder.path() / "runs"))
    decisions = content_of(run.path() / "decisions.jsonl");
  const Json decided = Json::parse(decisions.substr(0, decisions.find('\n')));
  const Ran ran =
      alaris_host(folder.path(), "signal explain NFLX --format json --at " + decided.at("at").get<std::string>());
  const Json explained = Json::parse(ran.output);
  CHECK(explained.at("findings") == decided.at("findings"));
  CHECK(explained.at("figures") == decided.at("figures"));
  CHECK(explained.at("action") == decided.at("action"));
}

TEST_CASE("what a spread earns after costs is what it earns at mid less the round trip", "[host][signal]") {
  const ScratchFolder folder;
  const Ran ran = alaris_host(folder.path(), "signal explain NFLX --at 2024-05-06 --contracts 3 --format json");
  const Json out = Json::parse(ran.output);
  CHECK(out.at("contracts") == 3);
  CHECK(out.at("size_bound_by") == "fixed");
  REQUIRE(out.at("what_if").size() == 9);
  const double cost = out.at("figures").at("round_trip_cost");
  for (const Json& move : out.at("what_if"))
    CHECK(std::fabs(move.at("pnl").get<double>() - cost - move.at("net_pnl").get<double>()) < 1e-9);
  CHECK(out.at("tree").at("combination") == "all of");
  CHECK(out.at("tree").at("holds") == (out.at("action") == "enter"));
}

TEST_CASE("the order of the documentation is accepted and eleven of it are refused", "[host][order]") {
  const ScratchFolder folder;
  Json order = documented_order();
  const Ran accepted = check(folder, order);
  CHECK(accepted.exit_code == 0);
  CHECK(accepted.output.find("accepted (rules)") != std::string::npos);
  order["quantity"] = 11;
  const Ran refused = check(folder, order, "--format json");
  CHECK(refused.exit_code == 1);
  const Json out = Json::parse(refused.output);
  CHECK(out.at("schema") == "alaris/order_check/1");
  CHECK(out.at("accepted") == false);
  CHECK(finding(out.at("decision").at("findings"), "limit.contracts")->at("outcome") == "fail");
}

TEST_CASE("an order that its account cannot bear is refused by the limit it breaks", "[host][order]") {
  const ScratchFolder folder;
  Json order = documented_order();
  SECTION("a loss of the day above the limit") {
    order["account"]["loss_today"] = 15001;
    CHECK(check(folder, order).output.find("refused limit.daily_loss") != std::string::npos);
  }
  SECTION("eight spreads open already") {
    for (int i = 0; i < 8; ++i)
      order["account"]["spreads"].push_back({{"symbol", "X" + std::to_string(i)},
                                             {"last_close_before", "2024-04-01"},
                                             {"first_close_after", "2024-04-02"},
                                             {"contracts", 1},
                                             {"capital_at_risk", 100}});
    CHECK(check(folder, order).output.find("refused limit.open_spreads") != std::string::npos);
  }
  SECTION("no cash") {
    order["account"]["cash"] = 20000;
    const Ran ran = check(folder, order);
    CHECK(ran.exit_code == 1);
    CHECK(ran.output.find("refused limit.cash_reserve") != std::string::npos);
  }
}

TEST_CASE("legs that are no long calendar spread are refused without an opinion", "[host][order]") {
  const ScratchFolder folder;
  Json order = documented_order();
  order["legs"][0]["action"] = "buy";
  const Ran ran = check(folder, order);
  CHECK(ran.exit_code == 1);
  CHECK(ran.output.find("refused (order.legs): the legs are no long calendar spread") != std::string::npos);
  order = documented_order();
  order["legs"][0]["expiry"] = "2024-05-10";  // the day of the announcement
  CHECK(check(folder, order).output.find("the front expiry does not span the event") != std::string::npos);
}

TEST_CASE("an order is refused for its price its twin and its haste as every order is", "[host][order]") {
  const ScratchFolder folder;
  Json order = documented_order();
  SECTION("far above what the spread is worth") {
    order["limit"] = 50.0;
    const Ran ran = check(folder, order);
    CHECK(ran.exit_code == 1);
    CHECK(ran.output.find("refused (order.model_collar)") != std::string::npos);
  }
  SECTION("the same intent is on its way") {
    order["account"]["same_intent_alive"] = 1;
    CHECK(check(folder, order).output.find("refused (order.duplicate)") != std::string::npos);
  }
  SECTION("the thirty-first order of a minute") {
    order["account"]["orders_last_minute"] = 31;
    CHECK(check(folder, order).output.find("refused (order.rate)") != std::string::npos);
  }
  SECTION("while trading is halted") {
    order["account"]["trading_state"] = "halted";
    const Ran ran = check(folder, order);
    CHECK(ran.exit_code == 1);
    CHECK(ran.output.find("refused (trading_state): trading is halted and the order opens or grows a short") !=
          std::string::npos);
  }
}

TEST_CASE("closing what is held is allowed while trading is halted and selling the cover is not", "[host][order]") {
  const ScratchFolder folder;
  Json order = documented_order();
  order["legs"][0]["action"] = "buy";
  order["legs"][1]["action"] = "sell";
  order["account"]["trading_state"] = "halted";
  order["account"]["positions"] = {{{"expiry", "2024-05-17"}, {"strike", 104}, {"right", "call"}, {"held", -1}},
                                   {{"expiry", "2024-06-14"}, {"strike", 104}, {"right", "call"}, {"held", 1}}};
  order["account"]["preview"] = {
      {"worst_case_before", 170.0}, {"worst_case_after", 0.0}, {"margin_before", 170.0}, {"margin_after", 0.0}};
  const Ran closing = check(folder, order, "--format json");
  CHECK(closing.exit_code == 0);
  CHECK(Json::parse(closing.output).at("risk_change") == "reduces risk");
  order["legs"].erase(0);  // the long alone: the short would stand uncovered
  const Ran uncovering = check(folder, order);
  CHECK(uncovering.exit_code == 1);
  CHECK(uncovering.output.find("leaves a short less covered") != std::string::npos);
}

TEST_CASE("every fault of an order file is reported at once with its place", "[host][order]") {
  const ScratchFolder folder;
  const Ran ran = check(folder, Json::parse(R"({"schema": "alaris/order/2", "symbl": "NFLX", "at": "soon",
    "quantity": 0, "legs": [{"action": "hold", "expiry": "2024-05-32", "strike": "x"}], "account": {"nav": -1}})"));
  CHECK(ran.exit_code == 4);
  for (const char* fault :
       {"order.json: /schema: 'alaris/order/2' is none of alaris/order/1", "/symbol: missing: text is required",
        "/quantity: 0 lies outside", "/legs/0/action: 'hold' is none of buy, sell",
        "/legs/0/expiry: '2024-05-32' is not a date", "/legs/0/strike: a number is required here",
        "/legs/0/right: missing", "/account/nav: -1 lies outside", "/account/cash: missing",
        "/symbl: unknown field; did you mean 'symbol'?", "/at: 'soon' is neither a date"})
    CHECK(ran.output.find(fault) != std::string::npos);
  folder.write("order.json", "{");
  CHECK(alaris_host(folder.path(), "order check order.json").exit_code == 4);
  CHECK(alaris_host(folder.path(), "order check nowhere.json").exit_code == 4);
}
