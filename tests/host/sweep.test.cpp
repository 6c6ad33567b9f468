// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <nlohmann/json.hpp>

#include "support.hpp"
#include "support/catch.hpp"

using namespace alaris::test;
using Json = nlohmann::json;

namespace {
const std::string period = "--symbol AAPL,KO --start 2020-01-02 --end 2021-12-31 --set simulation.event_premium=2 ";
}

TEST_CASE("a sweep gives the same figures for any number of threads", "[host][sweep]") {
  const ScratchFolder folder;
  const std::string grid =
      "-q backtest sweep " + period +
      "--param strategy.min_iv_rv=1.1:1.5:0.2 --param 'strategy.structure=call_calendar|put_calendar' "
      "--format csv --out ";
  const Ran one = alaris_host(folder.path(), grid + "one.csv --threads 1");
  const Ran four = alaris_host(folder.path(), grid + "four.csv --threads 4");
  CHECK(one.exit_code == 0);
  CHECK(four.exit_code == 0);
  const std::string table = content_of(folder.path() / "one.csv");
  CHECK(table == content_of(folder.path() / "four.csv"));
  CHECK(table.starts_with("strategy.min_iv_rv,strategy.structure,trades,net_pnl,pnl_per_trade,bootstrap_low,"));
  CHECK(std::count(table.begin(), table.end(), '\n') == 7);  // a header and six variants
}

TEST_CASE("a sweep names the best variant and what it is worth after all that was tried", "[host][sweep]") {
  const ScratchFolder folder;
  const Ran ran = alaris_host(folder.path(),
                              "-q backtest sweep " + period + "--param strategy.min_iv_rv=1.1:1.5:0.2 --format json");
  REQUIRE(ran.exit_code == 0);
  const Json out = Json::parse(ran.output.substr(ran.output.find('{')));
  CHECK(out.at("schema") == "alaris/sweep/1");
  CHECK(out.at("labels").at(0).get<std::string>().starts_with("SIMULATED"));
  REQUIRE(out.at("variants").size() == 3);
  const Json& best = out.at("variants").at(out.at("best").get<std::size_t>());
  for (const Json& variant : out.at("variants")) CHECK(best.at("return_on_risk") >= variant.at("return_on_risk"));
  CHECK(out.at("deflated_sharpe_probability") <= best.at("sharpe_above_zero_probability"));
}

TEST_CASE("a variant of a sweep is the run with that value set", "[host][sweep]") {
  const ScratchFolder folder;
  const Ran sweep =
      alaris_host(folder.path(), "-q backtest sweep " + period + "--param strategy.min_iv_rv=1.4:1.4:1 --format json");
  const Ran run =
      alaris_host(folder.path(), "-q backtest run " + period + "--set strategy.min_iv_rv=1.4 --format json");
  const Json variant = Json::parse(sweep.output.substr(sweep.output.find('{'))).at("variants").at(0);
  const Json metrics = Json::parse(run.output.substr(run.output.find('{')));
  CHECK(variant.at("trades") == metrics.at("traded"));
  CHECK(variant.at("net_pnl") == metrics.at("net_pnl"));
  CHECK(variant.at("sharpe") == metrics.at("sharpe"));
}

TEST_CASE("a walk forward chooses before it trades", "[host][sweep]") {
  const ScratchFolder folder;
  const Ran ran =
      alaris_host(folder.path(), "-q backtest walkforward " + period +
                                     "--param strategy.min_iv_rv=1.1:1.5:0.2 --train-days 365 --test-days 182");
  CHECK(ran.exit_code == 0);
  CHECK(ran.output.find("2020-01-02  2021-01-01  2021-07-01") != std::string::npos);
  CHECK(ran.output.find("2020-07-02  2021-07-02  2021-12-30") != std::string::npos);
  CHECK(ran.output.find("outside the training windows:") != std::string::npos);
  const Ran json = alaris_data(folder, "-q backtest walkforward " + period +
                                           "--param strategy.min_iv_rv=1.1:1.5:0.2 --train-days 365 --test-days 182 "
                                           "--format json");
  const auto parsed = nlohmann::json::parse(json.output);
  CHECK(parsed["schema"] == "alaris/walkforward/1");
  CHECK(parsed["windows"][1]["test_start"] == "2021-07-02");
  CHECK(parsed["outside"].contains("pnl_per_trade"));
  CHECK(alaris_host(folder.path(), "backtest walkforward " + period + "--param strategy.min_iv_rv=1:2:1").exit_code ==
        2);  // two years of training leave nothing to test
}

TEST_CASE("a grid that makes no sense is refused before anything runs", "[host][sweep]") {
  const ScratchFolder folder;
  for (const char* parameter : {"strategy.min_iv_rv", "strategy.min_iv_rv=1:2:0", "strategy.min_iv_rv=2:1:0.1",
                                "simulation.event_premium=1:2:0.5", "strategy.min_iv_rv=1:1.9:0.00001"})
    CHECK(alaris_host(folder.path(), "backtest sweep " + period + "--param " + parameter).exit_code == 2);
  for (const char* parameter : {"strategy.no_such=1:2:1", "strategy.min_iv_rv=1:x:1", "strategy.min_iv_rv=1:9:4"})
    CHECK(alaris_host(folder.path(), "backtest sweep " + period + "--param " + parameter).exit_code >= 2);
}
