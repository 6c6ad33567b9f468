// SPDX-License-Identifier: Apache-2.0
#include <alaris/numeric/nelder_mead.hpp>

#include "support/catch.hpp"

using namespace alaris;

TEST_CASE("the simplex walks down the banana valley to its end", "[numeric][simplex]") {
  const auto banana = [](const std::array<double, 2>& x) {
    const double bend = x[1] - x[0] * x[0], along = 1.0 - x[0];
    return 100.0 * bend * bend + along * along;
  };
  const auto end = nelder_mead<2>(banana, {-1.2, 1.0}, {0.5, 0.5});
  CHECK(end.converged);
  CHECK_THAT(end.at[0], Catch::WithinAbs(1.0, 1e-6));
  CHECK_THAT(end.at[1], Catch::WithinAbs(1.0, 1e-6));
}

TEST_CASE("a minimum on the edge of the domain is found from inside it", "[numeric][simplex]") {
  const auto edge = [](const std::array<double, 1>& x) { return x[0] < 2.0 ? std::nan("") : x[0]; };
  const auto end = nelder_mead<1>(edge, {5.0}, {1.0});
  CHECK(end.converged);
  CHECK_THAT(end.at[0], Catch::WithinAbs(2.0, 1e-6));
  CHECK_FALSE(nelder_mead<1>(edge, {5.0}, {1.0}, {.evaluations = 10}).converged);
}
