// SPDX-License-Identifier: Apache-2.0
// docs/formats.md is compared with what the program writes: every example line, every header, every key.
#include "store/run_files.hpp"
#include "store/run_folder.hpp"

#include <sstream>

#include <nlohmann/json.hpp>

#include "support/catch.hpp"

#include "host/support.hpp"
#include "host_error.hpp"

using namespace alaris;
using namespace alaris::host;
using namespace alaris::test;
using Catch::Matchers::Contains;

namespace {

OptionContract call(Date expiry) {
  return {expiry, *Strike::from_dollars(100), OptionType::call};
}

/// One trade of a made-up name with round figures: the example of the documentation.
BacktestResult example() {
  const Date front = make_date(2024, 5, 10), back = make_date(2024, 6, 7);
  BacktestResult r;
  const ComboOrder order{.id = "ACME-2024-05-02-entry",
                         .symbol = "ACME",
                         .legs = {{call(front), -1}, {call(back), 1}},
                         .quantity = 2,
                         .limit = 1.25,
                         .purpose = OrderPurpose::entry};
  r.orders.push_back(
      {.order = order, .decided = *parse_instant("2024-05-01T16:00-04:00"), .session = make_date(2024, 5, 2)});
  r.fills.push_back({.order_id = order.id,
                     .symbol = "ACME",
                     .at = *parse_instant("2024-05-02T16:00-04:00"),
                     .legs = {{call(front), -2, 2.0}},
                     .quantity = 2,
                     .fees = *Money::parse("4.1234")});
  TradeRecord t{.id = order.id,
                .symbol = "ACME",
                .event_date = make_date(2024, 5, 2),
                .session = AnnouncementSession::after_close,
                .spread = {front, back, *Strike::from_dollars(100), SpreadStructure::call_calendar},
                .contracts = 2,
                .entered = make_date(2024, 5, 2),
                .exited = make_date(2024, 5, 3)};
  t.entry_net = 1.25, t.exit_net = 1.5, t.entry_mid = 1.2, t.exit_mid = 1.55;
  t.implied_move = 0.05, t.spot_before = 100, t.spot_after = 102;
  t.fees = *Money::parse("8.2468"), t.pnl = *Money::parse("41.7532"), t.pnl_at_mid = Money::from_dollars(70);
  t.capital_at_risk = 300;
  r.trades.push_back(t);
  r.equity.push_back(
      {make_date(2024, 5, 2), *Money::parse("99741.7532"), *Money::parse("99981.75"), *Money::parse("99996.75"), 1});
  r.risks.push_back({make_date(2024, 5, 2), t.id, 250, 300, 300});
  r.account_risks.push_back({make_date(2024, 5, 2), 250, 300, 300});
  r.events.push_back({.symbol = "ACME",
                      .date = make_date(2024, 5, 2),
                      .session = AnnouncementSession::after_close,
                      .known_in_advance = true,
                      .outcome = "traded",
                      .decided_by = "rules",
                      .reason = "exit: event_passed",
                      .pnl = t.pnl});
  return r;
}

/// Its parts, which add up to 41.7532.
std::vector<TradeExplanation> explained() {
  return {{.id = "ACME-2024-05-02-entry",
           .parts = {.base_volatility = -4.5,
                     .event_volatility = 96.25,
                     .theta = 3.5,
                     .gamma = -27.0,
                     .delta = 2.0,
                     .carry = -0.25,
                     .cost = -28.2468,
                     .residual = 0.0,
                     .residual_bound = 0.01},
           .sets_of_marks = 2,
           .greeks = {{make_date(2024, 5, 2), -0.02, -0.01, 0.15, -0.06, 0.025, 0.04}}}};
}

std::string documentation() {
  return content_of(std::filesystem::path(ALARIS_SOURCE_DIR) / "docs/formats.md");
}

}  // namespace

TEST_CASE("the documented examples are what the program writes", "[host][formats]") {
  const BacktestResult result = example();
  const std::string text = documentation();
  for (const std::string& written : {orders_csv(result), fills_csv(result), trades_csv(result, explained()),
                                     equity_csv(result), greeks_csv(result, explained()), events_csv(result)}) {
    CAPTURE(written);
    CHECK(text.find("```\n" + written + "```") != std::string::npos);
  }
}

TEST_CASE("every key of metrics and decisions is documented", "[host][formats]") {
  BacktestResult result = example();
  DecisionRecord decision;
  static constexpr RuleInfo rule{"limit.example", "", "an example", "1", Relation::at_most};
  decision.findings.push_back({.rule = &rule, .seen = {1.0, 2.0}});
  result.decisions.push_back(decision);
  const std::string text = documentation();
  const auto keys = nlohmann::json::parse(metrics_json(result, summarise(result), BacktestReview{}, LookAheadCheck{}));
  for (const auto& [key, value] : keys.items()) CHECK_THAT(text, Contains("`" + key + "`"));
  const auto line = nlohmann::json::parse(decisions_jsonl(result));
  for (const auto& [key, value] : line.items()) CHECK_THAT(text, Contains("`" + key + "`"));
  for (const auto& [key, value] : line.at("findings").at(0).items()) CHECK_THAT(text, Contains("`" + key + "`"));
  result.decisions.clear();
  result.exits.push_back({.trade = "ACME-2024-05-02-entry", .symbol = "ACME", .reason = ExitReason::stop_loss});
  const auto exit = nlohmann::json::parse(decisions_jsonl(result));
  CHECK(exit.at("kind") == "exit");
  CHECK(exit.at("reason") == "stop_loss");
  for (const auto& [key, value] : exit.items()) CHECK_THAT(text, Contains("`" + key + "`"));
}

TEST_CASE("a run leaves every documented file and the manifest documents itself", "[host][formats]") {
  const ScratchFolder folder;
  const Ran ran =
      alaris_host(folder.path(), "backtest run --symbol AAPL --start 2024-01-02 --end 2024-03-28 --format json");
  REQUIRE(ran.exit_code == 0);
  const auto metrics = nlohmann::json::parse(ran.output);
  const std::filesystem::path run_folder = folder.path() / metrics.at("run_folder").get<std::string>();
  for (const char* file : {"manifest.json", "config.toml", "decisions.jsonl", "orders.csv", "fills.csv", "trades.csv",
                           "equity.csv", "greeks.csv", "events.csv", "metrics.json", "report.html"})
    CHECK(std::filesystem::file_size(run_folder / file) > 0);
  const auto manifest = nlohmann::json::parse(content_of(run_folder / "manifest.json"));
  for (const auto& [key, value] : manifest.items()) CHECK_THAT(documentation(), Contains("`" + key + "`"));
  CHECK_THAT(content_of(run_folder / "report.html"),
             Contains("SIMULATED") && !Contains("http://") && !Contains("https://"));
  CHECK_THAT(metrics.dump(), Contains("SIMULATED"));
}

TEST_CASE("the same run decides the same and a different seed is named by compare", "[host]") {
  const ScratchFolder folder;
  const std::string base = "backtest run --symbol AAPL --start 2024-01-02 --end 2024-12-31 --format csv ";
  REQUIRE(alaris_host(folder.path(), base + "--out a").exit_code == 0);
  REQUIRE(alaris_host(folder.path(), base + "--out b").exit_code == 0);
  REQUIRE(alaris_host(folder.path(), base + "--out c --seed 99").exit_code == 0);
  const auto only = [&](const char* runs) {
    return (folder.path() / runs / list_runs(folder.path() / runs).at(0)).string();
  };
  CHECK(alaris_host(folder.path(), "backtest compare " + only("a") + " " + only("b")).exit_code == 0);
  const Ran differs = alaris_host(folder.path(), "backtest compare " + only("a") + " " + only("c"));
  CHECK(differs.exit_code == 1);
  CHECK_THAT(differs.output, Contains("differ first in decision 1"));
  CHECK(alaris_host(folder.path(), "backtest show --runs a latest").exit_code == 0);
  CHECK(alaris_host(folder.path(), "backtest show --runs a zzz").exit_code == 4);
}

TEST_CASE("runs that decide alike and trade otherwise are told apart, with what was and what is", "[host]") {
  const ScratchFolder folder;
  const std::string base =
      "backtest run --symbol KO --start 2019-01-02 --end 2019-02-15 --set strategy.min_iv_rv=1.1 --format csv ";
  const auto only = [&](const std::string& runs) {
    return (folder.path() / runs / list_runs(folder.path() / runs).at(0)).string();
  };
  const auto compared = [&](const std::string& a, const std::string& b) {
    return alaris_host(folder.path(), "backtest compare " + only(a) + " " + only(b));
  };
  REQUIRE(alaris_host(folder.path(), base + "--out touch").exit_code == 0);
  REQUIRE(content_of(only("touch") + "/fills.csv").find("KO-") != std::string::npos);
  SECTION("other fills") {
    REQUIRE(alaris_host(folder.path(), base + "--fills mid --out mid").exit_code == 0);
    const Ran ran = compared("touch", "mid");
    CHECK(ran.exit_code == 1);
    CHECK_THAT(ran.output, Contains("request/fills: \"touch\" -> \"mid\""));
    CHECK_THAT(ran.output, Contains("differ first in fill 1") && Contains("differ first in trade 1"));
    CHECK_THAT(ran.output, Contains("    price: ") && Contains("    pnl: ") && Contains(" -> "));
  }
  SECTION("another exit") {
    REQUIRE(alaris_host(folder.path(), base + "--set strategy.entry_sessions_before=3 --out held").exit_code == 0);
    REQUIRE(alaris_host(folder.path(),
                        base + "--set strategy.entry_sessions_before=3 --set strategy.stop_loss_fraction=0.05 "
                               "--set strategy.take_crush_fraction=0.05 --out stopped")
                .exit_code == 0);
    const Ran ran = compared("held", "stopped");
    CHECK(ran.exit_code == 1);
    CHECK_THAT(ran.output, Contains("0.5 -> 0.05"));
    CHECK_THAT(ran.output, Contains(": exit (") && Contains("differ first in trade 1"));
  }
  SECTION("nothing") {
    REQUIRE(alaris_host(folder.path(), base + "--out again").exit_code == 0);
    const Ran ran = compared("touch", "again");
    CHECK(ran.exit_code == 0);
    CHECK_THAT(ran.output, Contains("every decision, order, fill, trade and session's account is the same"));
  }
}

TEST_CASE("a run knows how many variants of it were tried into its folder", "[host]") {
  const ScratchFolder folder;
  const auto tried = [&](const std::string& setting, const std::string& end = "2019-12-31") {
    const Ran ran = alaris_data(
        folder, "backtest run --symbol KO --start 2019-01-02 --end " + end + " --format json --set " + setting);
    return nlohmann::json::parse(ran.output).at("variants_tried").get<int>();
  };
  CHECK(tried("strategy.min_iv_rv=1.1") == 1);
  CHECK(tried("strategy.min_iv_rv=1.2") == 2);
  CHECK(tried("strategy.min_iv_rv=1.2") == 2);                // the same again is no other variant
  CHECK(tried("strategy.min_iv_rv=1.3", "2019-11-29") == 1);  // another period is another question
}

TEST_CASE("a folder that is not published leaves nothing", "[host]") {
  const ScratchFolder scratch;
  {
    const PendingFolder pending(scratch.path() / "runs/one");
    pending.write("a.txt", "a");
  }
  CHECK(std::filesystem::is_empty(scratch.path() / "runs"));
  PendingFolder pending(scratch.path() / "runs/one");
  pending.write("a.txt", "a");
  pending.publish();
  CHECK(content_of(scratch.path() / "runs/one/a.txt") == "a");
}
