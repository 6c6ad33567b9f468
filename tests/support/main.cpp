// SPDX-License-Identifier: Apache-2.0
// Runs the tests of one executable. A test that needs the shared data throws alaris::test::NeedsSharedData where it is
// absent; the process then exits with 77, which ctest shows as "Skipped".
#define CATCH_CONFIG_RUNNER
#include "support/catch.hpp"
#include "support/shared_data.hpp"

int main(int argc, char** argv) {
  const int failures = Catch::Session().run(argc, argv);
  if (failures == 0 && alaris::test::shared_data_was_missing()) return 77;
  return failures;
}
