// SPDX-License-Identifier: Apache-2.0
#include "text/csv.hpp"

#include <cmath>

#include "support/catch.hpp"

#include "host_error.hpp"

using namespace alaris::host;

TEST_CASE("columns are found by name in any order with any line ends", "[host][csv]") {
  CsvReader rows(
      "\xEF\xBB\xBF"
      "b,a,c\r\n1,2,\r\n\r\n\"x, \"\"y\"\"\",4,5\r\n7,8,9",
      "t.csv");
  const std::size_t a = rows.require("a"), b = rows.require("b"), c = rows.require("c");
  REQUIRE(rows.next());
  CHECK(rows.number(a) == 2);
  CHECK(std::isnan(rows.number(c)));  // empty is not known, never 0
  REQUIRE(rows.next());
  CHECK(rows[b] == "x, \"y\"");
  CHECK(rows.line() == 4);
  REQUIRE(rows.next());
  CHECK(rows.number(c) == 9);
  CHECK_FALSE(rows.next());
  CHECK(rows.find("d") == CsvReader::npos);
}

TEST_CASE("text that a spreadsheet would run is defused and numbers are left alone", "[host][csv]") {
  CHECK(csv_field("=cmd|' /C calc'!A0") == "'=cmd|' /C calc'!A0");
  CHECK(csv_field("@SUM(1)") == "'@SUM(1)");
  CHECK(csv_field("-12.5") == "-12.5");
  CHECK(csv_field("a,b") == "\"a,b\"");
  CHECK(csv_field("say \"hi\"") == "\"say \"\"hi\"\"\"");
  CHECK(csv_number(std::nan("")).empty());
  CHECK(csv_number(0.1) == "0.1");
}
