// SPDX-License-Identifier: Apache-2.0
#include "config/secrets.hpp"

#include <cstdlib>

#include "host/support.hpp"
#include "host_error.hpp"
#include "support/catch.hpp"

using namespace alaris::host;
using alaris::test::ScratchFolder;

TEST_CASE("a key comes from the environment or from a file for the owner alone", "[host][secrets]") {
  const ScratchFolder folder;
  const std::string file = (folder.path() / "key").string();
  ::unsetenv("ALARIS_TEST_KEY");
  ::unsetenv("ALARIS_TEST_KEY_FILE");
  CHECK(!read_secret("ALARIS_TEST_KEY"));
  folder.write("key", "abc\n");
  ::setenv("ALARIS_TEST_KEY_FILE", file.c_str(), 1);
  std::filesystem::permissions(file, std::filesystem::perms(0644));
  CHECK_THROWS_AS(read_secret("ALARIS_TEST_KEY"), HostError);
  std::filesystem::permissions(file, std::filesystem::perms(0600));
  CHECK(read_secret("ALARIS_TEST_KEY")->reveal() == "abc");
  folder.write("key", "two\nlines\n");
  CHECK_THROWS_AS(read_secret("ALARIS_TEST_KEY"), HostError);
  ::setenv("ALARIS_TEST_KEY", "direct", 1);
  CHECK(read_secret("ALARIS_TEST_KEY")->reveal() == "direct");
  ::setenv("ALARIS_TEST_KEY", "direct\r\n", 1);
  CHECK(read_secret("ALARIS_TEST_KEY")->reveal() == "direct");
  for (const char* bad : {"key\r\nX-Injected: 1", "\n", "key\x01", "key\x7f"}) {
    ::setenv("ALARIS_TEST_KEY", bad, 1);
    CHECK_THROWS_AS(read_secret("ALARIS_TEST_KEY"), HostError);
  }
  ::unsetenv("ALARIS_TEST_KEY");
  ::unsetenv("ALARIS_TEST_KEY_FILE");
}
