// SPDX-License-Identifier: Apache-2.0
#include "text/table.hpp"

#include "support/catch.hpp"

using namespace alaris::host;

namespace {
TextTable example() {
  TextTable table({{"symbol"}, {"front", Align::left, 2}, {"ratio", Align::right, 1}, {"P&L $", Align::right}});
  table.add({"AAPL", "2024-05-10", "1.31", "-12.50"});
  table.add({"KO", "2024-05-17"});
  return table;
}
}  // namespace

TEST_CASE("a table is as wide as its content and has no space at the end of a line", "[host][table]") {
  CHECK(example().text(80) ==
        "symbol  front       ratio   P&L $\n"
        "AAPL    2024-05-10   1.31  -12.50\n"
        "KO      2024-05-17\n");
  CHECK(example().left_out(33).empty());
}

TEST_CASE("columns leave by rank until the rest fits and are named", "[host][table]") {
  CHECK(example().left_out(32) == std::vector<std::string>{"front"});
  CHECK(example().left_out(20) == std::vector<std::string>{"front", "ratio"});
  CHECK(example().text(20) == "symbol   P&L $\nAAPL    -12.50\nKO\n");
  CHECK(example().text(3) == example().text(14));  // what has rank 0 always stays
}

TEST_CASE("a paragraph breaks between words", "[host][table]") {
  CHECK(wrapped("theta $2.53, gamma -$245.75, carry", 14) == "theta $2.53,\ngamma\n-$245.75,\ncarry");
  CHECK(wrapped("unbreakable", 4) == "unbreakable");
}
