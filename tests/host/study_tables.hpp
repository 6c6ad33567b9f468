// SPDX-License-Identifier: Apache-2.0
#pragma once
// The event study of a chain folder, by the program and by tests/reference/event_study.py, compared cell by cell.

#include <set>
#include <string>

#include "support/catch.hpp"

#include "host/support.hpp"
#include "text/csv.hpp"

namespace alaris::test {

/// Number of rows that both agree on, written to ours.csv and theirs.csv beside `chains`. Where the script is silent
/// (implied_move) nothing is compared.
[[nodiscard]] inline int same_study(const ScratchFolder& folder, const std::string& chains,
                                    const std::string& symbols) {
  const Ran own = alaris_host(folder.path(),
                              "backtest events --symbol " + symbols + " --source chains:" + chains + " --out ours.csv");
  CAPTURE(own.output);
  REQUIRE(own.exit_code == 0);
  const Ran other =
      run(folder.path(), "python3 '" ALARIS_SOURCE_DIR "/tests/reference/event_study.py' " + chains + " theirs.csv");
  CAPTURE(other.output);
  REQUIRE(other.exit_code == 0);
  const std::string ours_text = content_of(folder.path() / "ours.csv"),
                    theirs_text = content_of(folder.path() / "theirs.csv");
  host::CsvReader ours(ours_text, "ours.csv"), theirs(theirs_text, "theirs.csv");
  const std::set<std::string> text{"symbol", "session", "t0", "t1", "front", "back", "earnings_date", "status"};
  int rows = 0;
  while (theirs.next()) {
    REQUIRE(ours.next());
    ++rows;
    for (std::size_t i = 0; i < theirs.header().size(); ++i) {
      const std::string& column = theirs.header()[i];
      const std::size_t at = ours.require(column);
      CAPTURE(rows, column, std::string(theirs[0]), std::string(theirs[1]));
      if (text.contains(column) || theirs[i].empty()) CHECK(ours[at] == theirs[i]);
      // prices of hundreds of dollars from two erfc implementations: 1e-9 of a dollar is far above their rounding
      else
        CHECK_THAT(ours.number(at), Catch::WithinAbs(theirs.number(i), 1e-9));
    }
  }
  CHECK_FALSE(ours.next());
  return rows;
}

}  // namespace alaris::test
