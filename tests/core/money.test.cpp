// SPDX-License-Identifier: Apache-2.0
#include <alaris/core/money.hpp>

#include "support/catch.hpp"

using namespace alaris;

TEST_CASE("money adds up to the last millionth", "[core][money]") {
  Money total;
  for (int i = 0; i < 100; ++i) total += *Money::parse("0.02685");
  CHECK(total == *Money::parse("2.685"));
  CHECK(to_string(total) == "2.685");
  CHECK(to_string(-total) == "-2.685");
  CHECK(to_string(Money::from_cents(1250)) == "12.50");
}

TEST_CASE("money text is a plain decimal or it is refused", "[core][money]") {
  const char* bad = GENERATE("", "-", ".", "1.", "1e3", "1.2345678", "$5", "1,000", "nan", "99999999999999999999");
  CAPTURE(bad);
  CHECK_FALSE(Money::parse(bad).has_value());
}

TEST_CASE("a real amount becomes money by rounding half away from zero", "[core][money]") {
  CHECK(Money::rounded(0.0000005).micros() == 1);
  CHECK(Money::rounded(-0.0000005).micros() == -1);
  CHECK(Money::from_micros(-5'000).cents() == -1);
  CHECK(Money::from_micros(4'999).cents() == 0);
}
