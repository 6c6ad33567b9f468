// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "support.hpp"
#include "support/catch.hpp"

using namespace alaris::test;

namespace {

/// What bash offers after these words.
std::string offered(const ScratchFolder& folder, const std::string& words) {
  folder.write("ask.sh", "source alaris.bash\nCOMP_WORDS=(" + words +
                             ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_alaris\nprintf '%s ' \"${COMPREPLY[@]}\"\n");
  return run(folder.path(), "bash ask.sh").output;
}

}  // namespace

TEST_CASE("the shell completes every command and option that the program knows", "[host][completion]") {
  const ScratchFolder folder;
  const Ran script = alaris_host(folder.path(), "completion bash");
  REQUIRE(script.exit_code == 0);
  folder.write("alaris.bash", script.output);
  CHECK(offered(folder, "alaris back").find("backtest") != std::string::npos);
  CHECK(offered(folder, "alaris backtest sw").find("sweep") != std::string::npos);
  CHECK(offered(folder, "alaris backtest run --sy").find("--symbol") != std::string::npos);
  CHECK(offered(folder, "alaris backtest run --con").find("--config") != std::string::npos);  // of every command
  CHECK(offered(folder, "alaris surface AAPL --a").find("--at") != std::string::npos);        // after an argument
  CHECK(offered(folder, "alaris backtest run --par").find("--param") == std::string::npos);   // not one of run
}

TEST_CASE("the other shells get theirs and an unknown one is named", "[host][completion]") {
  const ScratchFolder folder;
  CHECK(alaris_host(folder.path(), "completion zsh").output.starts_with("autoload -U +X bashcompinit"));
  CHECK(alaris_host(folder.path(), "completion fish").output.find("-a sweep -d") != std::string::npos);
  CHECK(alaris_host(folder.path(), "completion tcsh").exit_code == 2);
}
