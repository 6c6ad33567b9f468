// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>

#include "support.hpp"
#include "support/catch.hpp"

using namespace alaris::test;

namespace {

std::filesystem::path run_folder(const ScratchFolder& folder) {
  for (const auto& run : std::filesystem::directory_iterator(folder.path() / "runs")) return run.path();
  return {};
}

void replace(const std::filesystem::path& file, const std::string& from, const std::string& to) {
  std::string text = content_of(file);
  REQUIRE(text.find(from) != std::string::npos);
  text.replace(text.find(from), from.size(), to);
  std::ofstream(file, std::ios::binary) << text;
}

}  // namespace

TEST_CASE("a run is verified from its folder alone with the configuration it was made with", "[host][verify]") {
  const ScratchFolder folder;
  REQUIRE(alaris_host(folder.path(),
                      "-q backtest run --symbol NFLX --start 2024-02-01 --end 2024-05-31 --seed 3 --capital 250000 "
                      "--fills mid --set risk.max_contracts=2")
              .exit_code == 0);
  const Ran sound = alaris_host(folder.path(), "backtest verify latest");
  CHECK(sound.exit_code == 0);
  CHECK(sound.output.find("** SIMULATED market") != std::string::npos);
  CHECK(sound.output.find("nothing decided, traded or booked before changes") != std::string::npos);

  SECTION("a decision that was edited afterwards is found") {
    replace(run_folder(folder) / "decisions.jsonl", "\"contracts\":", "\"contracts\":1");
    const Ran edited = alaris_host(folder.path(), "backtest verify latest");
    CHECK(edited.exit_code == 1);
    CHECK(edited.output.find("running it again gives other decisions") != std::string::npos);
  }
  SECTION("other data than the run was made of cannot verify it") {
    replace(run_folder(folder) / "manifest.json", "\"data_fnv1a64\": \"", "\"data_fnv1a64\": \"0");
    CHECK(alaris_host(folder.path(), "backtest verify latest").exit_code == 8);
  }
  SECTION("a manifest without a request is named with its fault") {
    replace(run_folder(folder) / "manifest.json", "\"request\"", "\"requested\"");
    const Ran ran = alaris_host(folder.path(), "backtest verify latest");
    CHECK(ran.exit_code == 8);
    CHECK(ran.output.find("manifest.json: /request: missing") != std::string::npos);
  }
}
