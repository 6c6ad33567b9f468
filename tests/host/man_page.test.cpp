// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "support.hpp"
#include "support/catch.hpp"

using namespace alaris::test;

TEST_CASE("the manual page holds every command and troff has nothing to say about it", "[host][man]") {
  const ScratchFolder folder;
  const Ran page = alaris_data(folder, "man");
  REQUIRE(page.exit_code == 0);
  CHECK(page.output.starts_with(".TH ALARIS 1"));
  for (const char* command : {".SS backtest run", ".SS data bootstrap", ".SS order check", ".SS surface"})
    CHECK(page.output.find(command) != std::string::npos);
  CHECK(page.output.find("\\-\\-symbol") != std::string::npos);
  CHECK(page.output.find("alaris backtest show latest") != std::string::npos);
  if (run(folder.path(), "sh -c 'command -v groff'").exit_code != 0) return;
  const Ran said = run(folder.path(), "groff -ww -man -Tascii -z data.txt");
  CHECK(said.exit_code == 0);
  CHECK(said.output.empty());
}

TEST_CASE("verbose says what a command took", "[host]") {
  const ScratchFolder folder;
  const Ran quiet = alaris_host(folder.path(), "parity --help"), verbose = alaris_host(folder.path(), "-v version");
  CHECK(quiet.exit_code == 0);
  CHECK(verbose.output.find(" MiB") != std::string::npos);
  CHECK(alaris_host(folder.path(), "version").output.find("MiB") == std::string::npos);
}
