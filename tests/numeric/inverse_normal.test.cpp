// SPDX-License-Identifier: Apache-2.0
#include <alaris/numeric/inverse_normal.hpp>

#include <cmath>
#include <limits>

#include <alaris/numeric/normal.hpp>

#include "support/catch.hpp"
#include "support/table.hpp"

using namespace alaris;

TEST_CASE("the quantile of a tail is where the table says", "[numeric][normal]") {
  const test::Table table = test::reference_table("normal.csv");
  for (std::size_t row = 0; row < table.size(); ++row) {
    const double x = table.number(row, "x"), tail = table.number(row, "cdf_minus_x");
    if (!(x < 35.0)) continue;
    INFO("x = " << x);
    // Half an ulp of the tail moves the quantile by tail / density half ulps; the source states 1e-16 relative.
    const double open = tail / table.number(row, "pdf") * std::numeric_limits<double>::epsilon();
    CHECK(std::fabs(inverse_normal_cdf(tail) + x) <= open + 8.0 * std::numeric_limits<double>::epsilon() * x);
  }
  CHECK(std::isnan(inverse_normal_cdf(0.0)));
  CHECK(std::isnan(inverse_normal_cdf(1.0)));
  CHECK(std::isnan(inverse_normal_cdf(std::nan(""))));
}

TEST_CASE("the scaled error function is the Mills ratio in other units", "[numeric][normal]") {
  // erfcx(0) = 1, erfcx(1) and erfcx(10): 50-digit values rounded.
  const double ulp = std::numeric_limits<double>::epsilon();
  CHECK(erfcx(0.0) == Approx(1.0).epsilon(4 * ulp));
  CHECK(erfcx(1.0) == Approx(0.42758357615580700441).epsilon(5 * ulp));
  CHECK(erfcx(10.0) == Approx(0.056140992743822585858).epsilon(5 * ulp));
  CHECK(erfcx(-1.0) == Approx(5.0089800807622834663).epsilon(5 * ulp));
  CHECK(erfcx(1e100) == Approx(5.6418958354775629e-101).epsilon(5 * ulp));
}
