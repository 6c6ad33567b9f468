// SPDX-License-Identifier: Apache-2.0
#include <alaris/numeric/random.hpp>

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <limits>

#include <alaris/numeric/normal.hpp>
#include "support/catch.hpp"

using namespace alaris;

TEST_CASE("the generator gives the published first words of xoshiro256++", "[numeric][random]") {
  // State 1 2 3 4: the reference sequence that implementations of this generator are checked with.
  RandomStream stream(1, 2, 3, 4);
  for (const std::uint64_t word : std::initializer_list<std::uint64_t>{
           41943041u, 58720359u, 3588806011781223u, 3591011842654386u, 9228616714210784205u, 9973669472204895162u,
           14011001112246962877u, 12406186145184390807u, 15849039046786891736u, 10450023813501588000u})
    CHECK(stream() == word);
}

TEST_CASE("a seed is expanded by the published SplitMix64", "[numeric][random]") {
  std::uint64_t counter = 1234567;
  for (const std::uint64_t word :
       std::initializer_list<std::uint64_t>{6457827717110365317u, 3203168211198807973u, 9817491932198370423u,
                                            4593380528125082431u, 16408922859458223821u})
    CHECK(mix_bits(counter += 0x9e3779b97f4a7c15u) == word);
}

TEST_CASE("the first draws of a seed are the same on every compiler", "[numeric][random]") {
  RandomStream words(42), uniforms(42), normals(42);
  CHECK(words() == 15021278609987233951u);
  CHECK(words() == 5881210131331364753u);
  CHECK(draw_uniform(uniforms) == 0x1.a0ec9a9e88ecdp-1);
  CHECK(draw_normal(normals) == 0.89387325348573643);
  CHECK(key_of("AAPL") == 14906023498249745320u);
  CHECK(split_seed(1, 2) == 5923386252879014907u);
  CHECK(split_seed(2, 1) != split_seed(1, 2));
}

TEST_CASE("the inverse normal undoes the normal distribution function", "[numeric][random]") {
  for (const double p : {1e-300, 1e-100, 1e-30, 1e-12, 1e-6, 0.001, 0.02, 0.0749, 0.0751, 0.2, 0.4, 0.5}) {
    CAPTURE(p);
    const double z = inverse_normal_cdf(p);
    // d ln P / dz = -phi/Phi, about |z| in the tail: the relative error of P is that of z times z^2, and exp adds its
    // own.
    const double bound = 8.0 * std::numeric_limits<double>::epsilon() * (1.0 + z * z);
    CHECK(std::fabs(normal_cdf(z) / p - 1.0) <= bound);
  }
  for (const double p : {0.6, 0.9, 0.925, 0.95, 0.999})
    CHECK(std::fabs(inverse_normal_cdf(p) + inverse_normal_cdf(1.0 - p)) <= 1e-14);
  CHECK(std::isnan(inverse_normal_cdf(0.0)));
  CHECK(std::isnan(inverse_normal_cdf(1.0)));
  CHECK(std::isnan(inverse_normal_cdf(std::nan(""))));
}

TEST_CASE("draws have the moments of their distributions", "[numeric][random]") {
  constexpr int n = 200'000;
  RandomStream stream(7);
  double sum = 0, squares = 0, fourth = 0, exponential = 0, uniform = 0;
  int faces[6] = {};
  for (int i = 0; i < n; ++i) {
    const double z = draw_normal(stream);
    sum += z;
    squares += z * z;
    fourth += z * z * z * z;
    exponential += draw_exponential(stream);
    uniform += draw_uniform(stream);
    ++faces[draw_integer(stream, 1, 6) - 1];
  }
  // Four standard errors of each mean: 1, sqrt(2), sqrt(96), 1, sqrt(1/12) and sqrt(5)/6 over sqrt(n).
  const double four = 4.0 / std::sqrt(double(n));
  CHECK(std::fabs(sum / n) < four);
  CHECK(std::fabs(squares / n - 1) < four * std::sqrt(2.0));
  CHECK(std::fabs(fourth / n - 3) < four * std::sqrt(96.0));
  CHECK(std::fabs(exponential / n - 1) < four);
  CHECK(std::fabs(uniform / n - 0.5) < four * std::sqrt(1.0 / 12.0));
  for (const int count : faces) CHECK(std::fabs(count / double(n) - 1.0 / 6) < four * std::sqrt(5.0) / 6);
}

TEST_CASE("uniform draws never reach 0 or 1", "[numeric][random]") {
  CHECK(open_unit(0) > 0.0);
  CHECK(open_unit(~std::uint64_t{0}) < 1.0);
}

TEST_CASE("streams of one seed are uncorrelated", "[numeric][random]") {
  constexpr int n = 100'000;
  RandomStream a(split_seed(1, key_of("AAPL"))), b(split_seed(1, key_of("MSFT"))), c(split_seed(2, key_of("AAPL")));
  double ab = 0, ac = 0;
  for (int i = 0; i < n; ++i) {
    const double z = draw_normal(a);
    ab += z * draw_normal(b);
    ac += z * draw_normal(c);
  }
  CHECK(std::fabs(ab / n) < 4.0 / std::sqrt(double(n)));
  CHECK(std::fabs(ac / n) < 4.0 / std::sqrt(double(n)));
}
