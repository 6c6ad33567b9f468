// SPDX-License-Identifier: Apache-2.0
// The main job on real chains, where the shared data is present.
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "support/shared_data.hpp"

#include "host/study_tables.hpp"

using namespace alaris::test;
using Catch::Matchers::Contains;

namespace {

/// The chain folder of five names, made once; nothing when the shared data or Python is absent.
const ScratchFolder* five_names() {
  const auto tool = shared_data("tools/chains_to_csv.py"), data = shared_data("data");
  if (!tool || !data) return nullptr;
  static const auto folder = [&]() -> std::unique_ptr<ScratchFolder> {
    auto scratch = std::make_unique<ScratchFolder>();
    const Ran made =
        run(scratch->path(), "python3 '" + std::filesystem::absolute(*tool).string() + "' '" +
                                 std::filesystem::absolute(*data).string() + "' chains AAPL NFLX ORCL DIS CRM");
    if (made.exit_code != 0) return nullptr;
    return scratch;
  }();
  if (!folder) shared_data_was_missing() = true;
  return folder.get();
}

const std::string base =
    "backtest run --symbol AAPL,NFLX,ORCL,DIS,CRM --source chains:chains --quotes estimated "
    "--start 2026-05-25 --end 2026-08-07 ";

}  // namespace

TEST_CASE("with one calendar source every real event is refused by the date rule", "[host][real]") {
  const ScratchFolder* folder = five_names();
  if (!folder) return;
  const Ran ran = alaris_host(folder->path(), base);
  CAPTURE(ran.output);
  CHECK(ran.exit_code == 0);
  CHECK_THAT(ran.output, Contains("5 events: 0 traded, 5 refused"));
  CHECK_THAT(ran.output, Contains("quality.earnings_date"));
  for (const char* symbol : {"AAPL", "NFLX", "ORCL", "DIS", "CRM"})
    for (const char* day : {"2026-06-19", "2026-07-03"})
      CHECK_THAT(ran.output,
                 Contains(std::string(symbol) + " " + day + ": not a trading session: repeats the previous one"));
}

TEST_CASE("relaxed by name the real run trades what the rules admit and carries its labels", "[host][real]") {
  const ScratchFolder* folder = five_names();
  if (!folder) return;
  const Ran ran =
      alaris_host(folder->path(), base + "--set quality.min_earnings_sources=1 --set quality.session_source=derived");
  CAPTURE(ran.output);
  CHECK(ran.exit_code == 0);
  CHECK_THAT(ran.output, Contains("ESTIMATED quotes"));
  CHECK_THAT(ran.output, Contains("EVENT DATE: 1 source, session derived with hindsight"));
  const Ran shown = alaris_host(folder->path(), "backtest show latest --format json");
  const auto shown_run = nlohmann::json::parse(shown.output);
  CHECK(shown_run.at("metrics").at("events") == 5);
  CHECK(shown_run.at("metrics").at("traded").get<int>() >= 1);
  CHECK(shown_run.at("manifest").at("overrides").size() == 2);
}

TEST_CASE("the event study equals a second implementation in another language", "[host][real]") {
  const ScratchFolder* folder = five_names();
  if (!folder) return;
  CHECK(same_study(*folder, "chains", "AAPL,NFLX,ORCL,DIS,CRM") == 5);
}

TEST_CASE("LEAN sample data loads and holds no announcement", "[host][real]") {
  const auto lean = shared_data("data/lean/Data");
  if (!lean) return;
  const ScratchFolder scratch;
  const Ran ran = alaris_host(
      scratch.path(), "backtest run --symbol AAPL,GOOG --source 'lean:" + std::filesystem::absolute(*lean).string() +
                          "' --start 2014-06-01 --end 2015-12-31");
  CAPTURE(ran.output);
  CHECK(ran.exit_code == 0);
  CHECK_THAT(ran.output, Contains("LEAN folders hold no earnings calendar") && Contains("there is nothing to decide"));
}
