// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "host_error.hpp"
#include "operations/config_history.hpp"
#include "support/catch.hpp"

using namespace alaris;
using namespace alaris::host;
using namespace std::chrono_literals;

namespace {

constexpr Instant now{std::chrono::seconds(1'780'000'000)};
constexpr std::chrono::days year{365};

struct Folder {
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "alaris-config-XXXXXX").string();
    path = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path path{};
};

}  // namespace

TEST_CASE("a configuration is found again by the hash that an order carries", "[host][config]") {
  const Folder state;
  const std::string first = keep_configuration(state.path, "a = 1\n", now, year);
  CHECK(first == configuration_hash("a = 1\n"));
  CHECK(keep_configuration(state.path, "a = 1\n", now + 1h, year) == first);
  const std::string second = keep_configuration(state.path, "a = 2\n", now + 2h, year);
  const auto history = configuration_history(state.path);
  REQUIRE(history.size() == 2);
  CHECK(history[0].hash == second);
  CHECK(history[1].used == now + 1h);
  CHECK(kept_configuration(state.path, first.substr(0, 6)) == "a = 1\n");
  CHECK_THROWS_AS(kept_configuration(state.path, ""), HostError);
  CHECK_THROWS_AS(kept_configuration(state.path, "0123456789abcdef"), HostError);
}

TEST_CASE("a configuration is kept for a year after it was last in use", "[host][config]") {
  const Folder state;
  (void)keep_configuration(state.path, "a = 1\n", now, year);
  (void)keep_configuration(state.path, "a = 2\n", now + year, year);
  CHECK(configuration_history(state.path).size() == 2);
  (void)keep_configuration(state.path, "a = 2\n", now + year + 1s, year);
  REQUIRE(configuration_history(state.path).size() == 1);
  // The one in use stays, however long ago the clock says it began.
  (void)keep_configuration(state.path, "a = 2\n", now + 3 * year, year);
  CHECK(configuration_history(state.path).size() == 1);
}

TEST_CASE("a kept configuration that was changed no longer has its hash", "[host][config]") {
  const Folder state;
  const std::string hash = keep_configuration(state.path, "a = 1\n", now, year);
  std::ofstream(state.path / "config" / (hash + ".toml"), std::ios::app) << "b = 2\n";
  REQUIRE(configuration_history(state.path).size() == 1);
  CHECK(!configuration_history(state.path)[0].sound);
}
