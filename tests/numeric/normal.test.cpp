// SPDX-License-Identifier: Apache-2.0
#include <alaris/numeric/normal.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <limits>

#include "support/catch.hpp"
#include "support/table.hpp"

using namespace alaris;

namespace {

double ulps(double found, double truth) {
  return std::fabs(found - truth) / (std::nextafter(truth, std::numeric_limits<double>::infinity()) - truth);
}

}  // namespace

TEST_CASE("both tails of the normal distribution keep their relative accuracy", "[numeric][normal][accuracy]") {
  const test::Table table = test::reference_table("normal.csv");
  double pdf = 0.0, cdf = 0.0, mills = 0.0, slope = 0.0;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const double x = table.number(row, "x");
    INFO("x = " << x);
    if (x < 36.0) {  // the density is a normal number
      pdf = std::max(pdf, ulps(normal_pdf(x), table.number(row, "pdf")));
      cdf = std::max(cdf, ulps(scaled_normal_cdf(1.0, -x), table.number(row, "cdf_minus_x")));
      CHECK(ulps(normal_cdf(-x), table.number(row, "cdf_minus_x")) <= 4.0 + 2.0 * x * x);
      CHECK(normal_pdf(-x) == normal_pdf(x));
    }
    mills = std::max(mills, ulps(mills_ratio(x), table.number(row, "mills")));
    slope = std::max(slope, ulps(mills_slope(x), table.number(row, "slope")));
  }
  if (std::getenv("ALARIS_ACCURACY"))
    std::cout << "normal.csv ulp: pdf " << pdf << ", cdf " << cdf << ", mills " << mills << ", slope " << slope << '\n';
  CHECK(pdf <= 4.0);
  CHECK(cdf <= 6.0);
  CHECK(mills <= 4.0);
  CHECK(slope <= 4.0);
}

TEST_CASE("a probability times a large scale does not underflow before the product", "[numeric][normal]") {
  // exp(-39^2 / 2) is 6e-331: no double; times 1e40 it is one.
  const double expected = std::exp(std::log(1e40 * inv_sqrt_two_pi) - 0.5 * 39.0 * 39.0);
  CHECK(std::fabs(scaled_normal_pdf(1e40, 39.0) / expected - 1.0) < 1e-12);
  CHECK(scaled_normal_pdf(1.0, 60.0) == 0.0);
  CHECK(std::isnan(normal_pdf(std::numeric_limits<double>::quiet_NaN())));
  CHECK(normal_pdf(std::numeric_limits<double>::infinity()) == 0.0);
}
