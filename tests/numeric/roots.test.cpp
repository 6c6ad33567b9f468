// SPDX-License-Identifier: Apache-2.0
#include <alaris/numeric/roots.hpp>

#include <cmath>
#include <limits>

#include "support/catch.hpp"

using namespace alaris;

namespace {
struct Counted {
  double (*function)(double);
  int* calls;
  double operator()(double x) const {
    ++*calls;
    return function(x);
  }
};
}  // namespace

TEST_CASE("a root is found to the last digits in few steps", "[numeric][roots]") {
  struct Case {
    double (*function)(double);
    double low, high, root;
    int most;  // function calls
  };
  const Case cases[] = {
      {[](double x) { return x * x - 2.0; }, 0.0, 10.0, std::sqrt(2.0), 16},
      {[](double x) { return std::cos(x) - x; }, 0.0, 1.0, 0.7390851332151607, 12},
      {[](double x) { return std::exp(-x) - 1e-12; }, 0.0, 1000.0, std::log(1e12), 60},
      {[](double x) { return x * x * x; }, -1.0, 3.0, 0.0, 2100},                // a triple root
      {[](double x) { return x < 0.3 ? -1.0 : 1.0; }, 0.0, 1.0, 0.3, 60},        // a jump
      {[](double x) { return std::atan(1e6 * (x - 0.7)); }, 0.0, 1.0, 0.7, 60},  // flat, then steep, then flat
      {[](double x) { return std::pow(x - 1.0, 9); }, 0.0, 2.5, 1.0, 200},
      {[](double x) { return 1.0 / (x - 5.0); }, 0.0, 12.0, 5.0, 120},  // a pole changes sign too
  };
  for (const Case& c : cases) {
    INFO("root " << c.root);
    int calls = 0;
    const auto found = find_root(Counted{c.function, &calls}, {c.low, c.high});
    REQUIRE(found);
    const double ulps = 4.0 * std::numeric_limits<double>::epsilon();
    // x^9 is zero in doubles on a whole neighbourhood of its root; the others are determined to 2 ulp.
    CHECK(std::fabs(*found - c.root) <= (c.root == 1.0 ? 1e-30 + 1e-10 : ulps * std::fabs(c.root) + 1e-100));
    CHECK(calls <= c.most);
    const auto turned = find_root(Counted{c.function, &calls}, {c.high, c.low});
    REQUIRE(turned);
    CHECK(std::fabs(*turned - c.root) <= (c.root == 1.0 ? 1e-10 : ulps * std::fabs(c.root) + 1e-100));
  }
}

TEST_CASE("an end that is a root is the answer", "[numeric][roots]") {
  CHECK(*find_root([](double x) { return x - 3.0; }, {3.0, 9.0}) == 3.0);
  CHECK(*find_root([](double x) { return x - 3.0; }, {-9.0, 3.0}) == 3.0);
}

TEST_CASE("a tolerance saves steps and is kept", "[numeric][roots]") {
  int rough = 0, fine = 0;
  const auto square = [](double x) { return x * x - 2.0; };
  const auto near = find_root(Counted{square, &rough}, {0.0, 10.0}, 1e-3);
  REQUIRE(near);
  CHECK(std::fabs(*near - std::sqrt(2.0)) <= 1e-3);
  CHECK(find_root(Counted{square, &fine}, {0.0, 10.0}).has_value());
  CHECK(rough < fine);
}

TEST_CASE("no sign change and no number are said so", "[numeric][roots]") {
  const double unknown = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  const auto line = [](double x) { return x; };
  CHECK(find_root(line, {1.0, 2.0}).error() == RootError::no_sign_change);
  CHECK(find_root(line, {unknown, 2.0}).error() == RootError::not_a_number);
  CHECK(find_root(line, {-1.0, infinity}).error() == RootError::not_a_number);
  CHECK(find_root([](double x) { return x > 0.4 ? std::nan("") : -1.0; }, {0.0, 1.0}).error() ==
        RootError::not_a_number);
  CHECK(*find_root([&](double x) { return x == 0.0 ? -infinity : x == 8.0 ? infinity : x - 3.0; }, {0.0, 8.0}) == 3.0);
}
