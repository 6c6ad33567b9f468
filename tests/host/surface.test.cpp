// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <string>

#include <nlohmann/json.hpp>

#include "support.hpp"
#include "support/catch.hpp"

using namespace alaris::test;
using Json = nlohmann::json;

namespace {}  // namespace

TEST_CASE("a surface shows the term structure with and without the event that is scheduled", "[host][surface]") {
  const ScratchFolder folder;
  const Ran ran = alaris_data(folder, "surface NFLX --at 2024-05-06 --format json --out nflx.html");
  REQUIRE(ran.exit_code == 0);
  const Json surface = Json::parse(ran.output);
  CHECK(surface.at("schema") == "alaris/surface/1");
  CHECK(surface.at("labels").at(0).get<std::string>().starts_with("SIMULATED market"));
  CHECK(surface.at("report").at("date") == "2024-05-10");
  const double sigma = surface.at("event").at("sigma").at("value");
  CHECK(sigma > 0.01);
  CHECK(sigma < 0.3);
  CHECK(surface.at("event").at("calendar_violation") < 2.0);
  double crush_before = HUGE_VAL;
  bool spanned = false;
  for (const Json& expiry : surface.at("expiries")) {
    const bool spans = expiry.at("events_before") == 1;
    CHECK((expiry.at("expected_crush").get<double>() > 0.0) == spans);
    if (!spans) continue;
    spanned = true;
    CHECK(expiry.at("expected_crush") < crush_before);  // the later the expiry, the less it falls
    crush_before = expiry.at("expected_crush");
    CHECK(expiry.at("volatility_without_event") < expiry.at("volatility"));
    CHECK(expiry.at("quotes").size() > 3);
  }
  CHECK(spanned);

  const std::string page = content_of(folder.path() / "nflx.html");
  CHECK(page.starts_with("<!doctype html>"));
  CHECK(page.find("SIMULATED market") != std::string::npos);
  CHECK(page.find("without the event") != std::string::npos);
  CHECK(page.find("http") == std::string::npos);  // nothing is fetched
  CHECK(page.find("nan") == std::string::npos);
}

TEST_CASE("a surface is a table or CSV too and says what it lacks", "[host][surface]") {
  const ScratchFolder folder;
  const Ran table = alaris_host(folder.path(), "surface NFLX --at 2024-05-06");
  CHECK(table.exit_code == 0);
  CHECK(table.output.starts_with("** SIMULATED market"));
  CHECK(table.output.find("next report  2024-05-10 BMO") != std::string::npos);
  const Ran csv = alaris_data(folder, "surface NFLX --at 2024-05-06 --format csv");
  CHECK(csv.output.starts_with("expiry,years,forward,quotes,events_before,volatility,"));
  CHECK(content_of(folder.path() / "notes.txt").find("SIMULATED") != std::string::npos);
  const Ran quiet = alaris_host(folder.path(), "surface AAPL --at 2024-01-25");
  CHECK(quiet.output.find("no report is known") != std::string::npos);
  CHECK(alaris_host(folder.path(), "surface NFLX").exit_code == 2);
  CHECK(alaris_host(folder.path(), "surface NFLX,KO --at 2024-05-06").exit_code == 2);
  CHECK(alaris_host(folder.path(), "surface NFLX --at May").exit_code == 2);
  CHECK(alaris_host(folder.path(), "surface NFLX --at 1999-05-06").exit_code == 4);
}

TEST_CASE("every past report is measured against the move that came", "[host][surface]") {
  const ScratchFolder folder;
  const Ran ran = alaris_data(folder, "surface KO,NFLX --reports --format csv");
  REQUIRE(ran.exit_code == 0);
  CHECK(ran.output.starts_with("symbol,announced,before,expiries,sigma_event,"));
  CHECK(ran.output.find(",ok\n") != std::string::npos);
  const Ran json = alaris_data(folder, "surface KO --reports --format json");
  REQUIRE(json.exit_code == 0);
  const auto parsed = nlohmann::json::parse(json.output);
  CHECK(parsed["schema"] == "alaris/reports/1");
  CHECK(parsed["labels"][0].get<std::string>().starts_with("SIMULATED"));
  CHECK(parsed["reports"].size() >= parsed["surprise"]["count"].get<std::size_t>());
  CHECK(parsed["reports"][0]["symbol"] == "KO");
}
