// SPDX-License-Identifier: Apache-2.0
#include <alaris/numeric/quadrature.hpp>

#include <cmath>
#include <limits>

#include <alaris/numeric/chebyshev.hpp>
#include <alaris/numeric/normal.hpp>

#include "support/catch.hpp"

using namespace alaris;

namespace {
constexpr double epsilon = std::numeric_limits<double>::epsilon();
}

TEMPLATE_TEST_CASE_SIG("Gauss and Legendre integrate polynomials exactly", "[numeric][quadrature]",
                       ((std::size_t Count), Count), 1, 2, 5, 16, 48, 128) {
  const auto rule = gauss_legendre<Count>();
  for (std::size_t degree = 0; degree < 2 * Count; degree += degree < 8 ? 1 : 7) {
    INFO("degree " << degree);
    const double power = static_cast<double>(degree);
    // The rounding of an abscissa near 1 changes its distance to 1, and with it its weight, by several epsilon.
    CHECK(std::fabs(integrate(rule, 0.0, 1.0, [&](double x) { return std::pow(x, power); }) - 1.0 / (power + 1.0)) <=
          16.0 * epsilon);
  }
  for (std::size_t i = 0; i < Count; ++i) CHECK(std::fabs(rule.x[i] + rule.complement[i] - 1.0) <= epsilon);
}

TEST_CASE("an interval in either direction is integrated", "[numeric][quadrature]") {
  const auto rule = gauss_legendre<20>();
  const auto density = [](double x) { return normal_pdf(x); };
  const double truth = 1.0 - 2.0 * normal_cdf(-1.0);
  CHECK(std::fabs(integrate(rule, -1.0, 1.0, density) - truth) <= 4.0 * epsilon);
  CHECK(std::fabs(integrate(rule, 1.0, -1.0, density) + truth) <= 4.0 * epsilon);
}

TEST_CASE("double exponential points integrate what is singular at an end", "[numeric][quadrature]") {
  const auto rule = tanh_sinh<161>();
  // The rule cuts off 1e-14 of the interval at each end: of 1/sqrt(x) that is 2e-7, of ln(x) and sqrt(x) nothing.
  CHECK(std::fabs(integrate(rule, 0.0, 1.0, [](double x) { return std::log(x); }) + 1.0) <= 1e-12);
  CHECK(std::fabs(integrate(rule, 0.0, 1.0, [](double x) { return std::sqrt(x); }) - 2.0 / 3.0) <= 1e-14);
  CHECK(std::fabs(integrate(rule, 0.0, 1.0, [](double x) { return 1.0 / std::sqrt(x); }) - 2.0) <= 1e-6);
}

TEST_CASE("a Chebyshev series gives back what it was made of", "[numeric][chebyshev]") {
  const ChebyshevSeries<7> cubic(-2.0, 5.0, [](double x) { return ((x - 1.0) * x + 3.0) * x - 7.0; });
  for (double x = -2.0; x <= 5.0; x += 0.25)
    CHECK(std::fabs(cubic(x) - (((x - 1.0) * x + 3.0) * x - 7.0)) <= 64.0 * 100.0 * epsilon);
  for (std::size_t n = 4; n < 7; ++n) CHECK(std::fabs(cubic.terms()[n]) <= 16.0 * 100.0 * epsilon);
  CHECK(std::fabs(ChebyshevSeries<1>(0.0, 1.0, [](double) { return 4.0; })(0.3) - 4.0) <= 4.0 * epsilon);
}

TEST_CASE("the error of a Chebyshev series falls as its ellipse says", "[numeric][chebyshev]") {
  // 1 / (1 + x^2) on [-1, 1] has its poles at +-i: rho = 1 + sqrt(2).
  const auto bell = [](double x) { return 1.0 / (1.0 + x * x); };
  const auto worst = [&](const auto& series) {
    double most = 0.0;
    for (double x = -1.0; x <= 1.0; x += 1.0 / 64) most = std::max(most, std::fabs(series(x) - bell(x)));
    return most;
  };
  const double rho = 1.0 + std::sqrt(2.0);
  const double at_10 = worst(ChebyshevSeries<10>(-1.0, 1.0, bell)), at_20 = worst(ChebyshevSeries<20>(-1.0, 1.0, bell));
  CHECK(at_10 <= 4.0 * std::pow(rho, -10));
  CHECK(at_20 <= 4.0 * std::pow(rho, -20));
  CHECK(at_10 >= 0.01 * std::pow(rho, -10));
}
