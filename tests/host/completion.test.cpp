// SPDX-License-Identifier: Apache-2.0
#include <sstream>
#include <string>

#include "support.hpp"
#include "support/catch.hpp"

using namespace alaris::test;

namespace {

/// What bash offers after these words.
std::string offered(const ScratchFolder& folder, const std::string& words) {
  folder.write("ask.sh", "source alaris.bash\nCOMP_WORDS=(" + words +
                             ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_alaris\nprintf '%s ' \"${COMPREPLY[@]}\"\n");
  return run(folder.path(), "timeout 20 bash ask.sh").output;
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

TEST_CASE("completion goes on behind a typo and the value of an option", "[host][completion]") {
  const ScratchFolder folder;
  folder.write("alaris.bash", alaris_data(folder, "completion bash").output);
  folder.write("my.toml", "");
  CHECK(offered(folder, "alaris backtset ''").find("backtest") != std::string::npos);  // once without an end
  CHECK(offered(folder, "alaris a b c ''").find("backtest") != std::string::npos);
  CHECK(offered(folder, "alaris -c my.toml ''").find("backtest") != std::string::npos);
  CHECK(offered(folder, "alaris -c my.toml backtest sw").find("sweep") != std::string::npos);
  CHECK(offered(folder, "alaris -c ''").find("my.toml") != std::string::npos);  // files, no command
  CHECK(offered(folder, "alaris -c ''").find("backtest") == std::string::npos);
  CHECK(offered(folder, "alaris backtest run --symbol A --sta").find("--start") != std::string::npos);
  CHECK(offered(folder, "alaris backtest run --symbol = A --sta").find("--start") != std::string::npos);
  CHECK(offered(folder, "alaris backtest run --format ''").find("backtest") == std::string::npos);
}

TEST_CASE("the other shells get theirs and an unknown one is named", "[host][completion]") {
  const ScratchFolder folder;
  CHECK(alaris_host(folder.path(), "completion zsh").output.starts_with("autoload -U +X bashcompinit"));
  CHECK(alaris_host(folder.path(), "completion fish").output.find("-a sweep -d") != std::string::npos);
  CHECK(alaris_host(folder.path(), "completion tcsh").exit_code == 2);
}

TEST_CASE("the help of every command begins with examples of that command", "[host][help]") {
  const ScratchFolder folder;
  std::istringstream script(alaris_data(folder, "completion bash").output);
  int commands = 0;
  for (std::string line; std::getline(script, line);) {
    const std::size_t quote = line.find_first_not_of(' ');
    if (quote == std::string::npos || line[quote] != '\'' || line.find(") commands='") == std::string::npos) continue;
    const std::string path = line.substr(quote + 1, line.find('\'', quote + 1) - quote - 1);
    const Ran help = alaris_data(folder, path + " --help");
    CAPTURE(path);
    CHECK(help.exit_code == 0);
    CHECK(help.output.starts_with("Examples:\n"));
    const std::string examples = help.output.substr(0, help.output.find("\n\n"));
    CHECK(examples.find("alaris" + (path.empty() ? "" : " " + path)) != std::string::npos);
    ++commands;
  }
  CHECK(commands > 50);
}
