// SPDX-License-Identifier: Apache-2.0
#include <alaris/volatility/svi.hpp>

#include <cmath>
#include <limits>

#include "support/catch.hpp"
#include "support/table.hpp"

using namespace alaris;
using Catch::WithinAbs;
using Catch::WithinRel;

namespace {
SviRaw raw_of(const test::Table& table, std::size_t i) {
  return {table.number(i, "a"), table.number(i, "b"), table.number(i, "rho"), table.number(i, "m"),
          table.number(i, "sigma")};
}
}  // namespace

TEST_CASE("SVI total variance with its slope and curvature agrees with its oracle", "[volatility][svi]") {
  const auto oracle = test::reference_table("svi.csv");
  constexpr double epsilon = std::numeric_limits<double>::epsilon();
  for (std::size_t i = 0; i < oracle.size(); ++i) {
    const SviRaw svi = raw_of(oracle, i);
    const double k = oracle.number(i, "k"), years = oracle.number(i, "T");
    CAPTURE(i, oracle.text(i, "tag"), k);
    const SmilePointValue at = svi_value(svi, k);
    // Sums of terms of either sign: rounding of the largest term, four times, where the sum nearly cancels.
    const double w_rounding = 4 * epsilon * (std::fabs(svi.a) + svi.b * std::fabs(k - svi.m));
    CHECK_THAT(at.total_variance,
               WithinRel(oracle.number(i, "w"), 1e-12) || WithinAbs(oracle.number(i, "w"), w_rounding));
    CHECK_THAT(at.slope, WithinRel(oracle.number(i, "dw_dk"), 1e-12) ||
                             WithinAbs(oracle.number(i, "dw_dk"), 8 * epsilon * svi.b));
    CHECK_THAT(at.curvature, WithinRel(oracle.number(i, "d2w_dk2"), 1e-12));
    CHECK_THAT(svi_volatility(svi, k, years), WithinRel(oracle.number(i, "implied_vol"), 1e-12));
    // g subtracts two squares: rounding of the larger, sixteen times (four roundings each, two inputs at 1e-16)
    const double tilt = 1 - 0.5 * k * at.slope / at.total_variance;
    const double g_rounding =
        16 * epsilon * (tilt * tilt + 0.25 * at.slope * at.slope * (1 / at.total_variance + 0.25) + at.curvature) *
        (1.0 + w_rounding / epsilon / at.total_variance);
    CHECK_THAT(svi_durrleman(svi, k), WithinRel(oracle.number(i, "durrleman_g"), 1e-12) ||
                                          WithinAbs(oracle.number(i, "durrleman_g"), g_rounding));
  }
}

TEST_CASE("jump-wings and the butterfly verdict agree with their oracle", "[volatility][svi]") {
  const auto oracle = test::reference_table("svi_jw.csv");
  for (std::size_t i = 0; i < oracle.size(); ++i) {
    const SviRaw svi = raw_of(oracle, i);
    const double years = oracle.number(i, "T");
    CAPTURE(i, oracle.text(i, "tag"));
    const SviJumpWings wings = to_jump_wings(svi, years);
    CHECK_THAT(wings.variance, WithinRel(oracle.number(i, "v_t"), 1e-12));
    CHECK_THAT(wings.skew, WithinRel(oracle.number(i, "psi_t"), 1e-12) || WithinAbs(oracle.number(i, "psi_t"), 1e-15));
    CHECK_THAT(wings.put_slope, WithinRel(oracle.number(i, "p_t"), 1e-12));
    CHECK_THAT(wings.call_slope, WithinRel(oracle.number(i, "c_t"), 1e-12));
    CHECK_THAT(wings.minimum_variance,
               WithinRel(oracle.number(i, "vtilde_t"), 1e-12) || WithinAbs(oracle.number(i, "vtilde_t"), 1e-16));
    const ButterflyCheck check = check_butterfly(svi);
    CHECK_THAT(check.minimum_total_variance,
               WithinRel(oracle.number(i, "w_min"), 1e-12) || WithinAbs(oracle.number(i, "w_min"), 1e-16));
    CHECK_THAT(check.wing_slope, WithinRel(oracle.number(i, "lee_slope"), 1e-15));
    CHECK(check.free() == (oracle.text(i, "butterfly_free_on_-5_5") == "yes"));
    if (!std::isnan(check.smallest_g)) {
      CHECK_THAT(check.smallest_g, WithinRel(oracle.number(i, "min_g_on_-5_5"), 1e-9));
      CHECK_THAT(check.at, WithinAbs(oracle.number(i, "argmin_k"), 1e-12));
    }
    const auto back = to_raw(wings, years);
    if (std::isnan(oracle.number(i, "inverse_roundtrip_error"))) continue;
    REQUIRE(back.has_value());
    // The inverse divides by the distance of the minimum from the money; what it must give back is the smile.
    for (const double k : {-0.5, -0.1, 0.0, 0.1, 0.5})
      CHECK_THAT(svi_total_variance(*back, k), WithinRel(svi_total_variance(svi, k), 1e-7));
  }
}

TEST_CASE("a smile whose minimum is at the money cannot be found from its jump-wings", "[volatility][svi]") {
  CHECK_FALSE(to_raw(to_jump_wings({0.04, 0.1, 0.0, 0.0, 0.1}, 1.0), 1.0));
  CHECK_FALSE(to_raw({0.04, 0.0, 0.0, 0.0, 0.04}, 1.0));
  CHECK_FALSE(to_raw({0.04, 3.0, 0.5, 0.5, 0.03}, 1.0));
}

TEST_CASE("a front month above the back month is calendar arbitrage by its excess", "[volatility][svi]") {
  const SviRaw near{0.02, 0.1, -0.3, 0.0, 0.1}, far{0.03, 0.1, -0.3, 0.0, 0.1};
  CHECK_THAT(calendar_violation(near, far), WithinAbs(-0.01, 1e-15));
  CHECK_THAT(calendar_violation(far, near), WithinAbs(0.01, 1e-15));
}

TEST_CASE("an SVI smile with negative slope weight has no values", "[volatility][svi]") {
  CHECK(std::isnan(svi_total_variance({0.02, -0.1, -0.3, 0.0, 0.1}, 0.0)));
  CHECK(std::isnan(svi_volatility({-0.2, 0.1, -0.3, 0.0, 0.1}, 0.0, 1.0)));
}
