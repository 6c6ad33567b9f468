// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <nlohmann/json.hpp>

#include "support.hpp"
#include "support/catch.hpp"

using namespace alaris::test;
using Json = nlohmann::json;

TEST_CASE("the chain of a simulated day holds every desk check", "[host][quality]") {
  const ScratchFolder folder;
  const Ran ran = alaris_data(folder, "data quality AAPL --at 2024-07-30 --format json");
  REQUIRE(ran.exit_code == 0);
  const Json said = Json::parse(ran.output);
  CHECK(said["schema"] == "alaris/chain-quality/1");
  CHECK(said["session"] == "2024-07-30");
  CHECK(said["checks"].size() == 9);
  int applicable = 0, passed = 0;
  for (const Json& check : said["checks"]) {
    applicable += check["applicable"].get<int>();
    passed += check["passed"].get<int>();
  }
  CHECK(applicable > 100);
  CHECK(static_cast<int>(said["failed"].size()) == applicable - passed);
  CHECK(said["score"].get<double>() == static_cast<double>(passed) / applicable);
  CHECK(said["grade"] == "good");
}

TEST_CASE("the table says what each check asks and the day before a session is asked for", "[host][quality]") {
  const ScratchFolder folder;
  const Ran table = alaris_host(folder.path(), "data quality AAPL --at 2024-07-28");  // a Sunday: Friday's close
  CHECK(table.exit_code == 0);
  CHECK(table.output.find("AAPL at the close of 2024-07-26: ") != std::string::npos);
  CHECK(table.output.find("no butterfly can be") != std::string::npos);
  CHECK(alaris_host(folder.path(), "data quality AAPL").exit_code == 2);
  CHECK(alaris_host(folder.path(), "data quality AAPL,NFLX --at 2024-07-28").exit_code == 2);
}
