// SPDX-License-Identifier: Apache-2.0
#include "text/progress.hpp"

#include "support/catch.hpp"

using alaris::host::progress_text;

TEST_CASE("the rate of a run is that of its sessions, not of what was read before them", "[host][progress]") {
  CHECK(progress_text(31, 91, 1, 4.0, "sessions") ==
        "[##########                    ] 31/91 sessions  7.5/s  8 s left");
  CHECK(progress_text(501, 1001, 1, 5.0, "sessions") ==
        "[###############               ] 501/1001 sessions  100/s  5 s left");
}

TEST_CASE("nothing is said of the time left before a second session is done", "[host][progress]") {
  CHECK(progress_text(1, 10, 1, 0.0, "sessions") == "[###                           ] 1/10 sessions");
}

TEST_CASE("a rate of less than one a second is not called zero", "[host][progress]") {
  CHECK(progress_text(3, 5, 1, 4.0, "variants") == "[##################            ] 3/5 variants  0.5/s  4 s left");
}
