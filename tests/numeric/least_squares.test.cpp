// SPDX-License-Identifier: Apache-2.0
#include <alaris/numeric/least_squares.hpp>

#include "support/catch.hpp"

using namespace alaris;
using Catch::WithinAbs;
using Catch::WithinRel;

TEST_CASE("a weighted line through points with known errors has the textbook coefficients",
          "[numeric][least_squares]") {
  // y = 1, 3, 4 at x = 0, 1, 2 with weights 1, 1, 2: normal matrix (4 5; 5 9), right side (12, 19) -> (13/11, 16/11)
  LeastSquares<3> squares(2);
  squares.add({1, 0}, 1, 1);
  squares.add({1, 1}, 3, 1);
  squares.add({1, 2}, 4, 2);
  const auto line = squares.solve();
  REQUIRE(line);
  CHECK_THAT(line->coefficients[0], WithinRel(13.0 / 11.0, 1e-14));
  CHECK_THAT(line->coefficients[1], WithinRel(16.0 / 11.0, 1e-14));
  CHECK_THAT(line->covariance[0][0], WithinRel(9.0 / 11.0, 1e-14));
  CHECK_THAT(line->covariance[1][1], WithinRel(4.0 / 11.0, 1e-14));
  CHECK_THAT(line->covariance[0][1], WithinRel(-5.0 / 11.0, 1e-14));
  // residuals -2/11, 4/11, -1/11: 4 + 16 + 2 over 121
  CHECK_THAT(line->weighted_residuals, WithinAbs(22.0 / 121.0, 1e-14));
}

TEST_CASE("two columns that say the same have no least squares solution", "[numeric][least_squares]") {
  LeastSquares<2> squares;
  for (const double x : {1.0, 2.0, 3.0}) squares.add({x, 3 * x}, x, 1);
  CHECK_FALSE(squares.solve());
  LeastSquares<2> empty;
  empty.add({1, 0}, 1, 1);
  CHECK_FALSE(empty.solve());
}
