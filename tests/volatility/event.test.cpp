// SPDX-License-Identifier: Apache-2.0
#include <alaris/volatility/event.hpp>

#include <cmath>
#include <limits>

#include "support/catch.hpp"
#include "support/table.hpp"

using namespace alaris;

namespace {
using Quoted = ExpiryVolatility<Act365>;
constexpr Years<Act365> days(double n) {
  return {n / 365.0};
}
}  // namespace

TEST_CASE("event and base volatility agree with forty digits or say which variance is negative",
          "[volatility][event]") {
  const auto oracle = test::reference_table("earnings_jump.csv");
  constexpr double epsilon = std::numeric_limits<double>::epsilon();
  for (std::size_t i = 0; i < oracle.size(); ++i) {
    const auto model = parse_event_model(oracle.text(i, "model"));
    REQUIRE(model);
    const Quoted near{{oracle.number(i, "T1")}, oracle.number(i, "iv1")};
    const Quoted far{{oracle.number(i, "T2")}, oracle.number(i, "iv2")};
    CAPTURE(i, oracle.text(i, "model"), oracle.text(i, "tag"));
    // The documented rounding of a difference of total variances; elsewhere 1e-12 relative.
    const double base_rounding =
        4 * epsilon * (near.total_variance() + far.total_variance()) / (far.to_expiry.value - near.to_expiry.value);
    const EventVariances variances = event_variances(*model, near, far);
    CHECK(std::fabs(variances.base - oracle.number(i, "base_variance")) <=
          std::fmax(1e-12 * std::fabs(oracle.number(i, "base_variance")), base_rounding));
    CHECK_THAT(variances.event,
               Catch::WithinRel(oracle.number(i, "event_variance"), 1e-12) ||
                   Catch::WithinAbs(oracle.number(i, "event_variance"), epsilon * far.total_variance()));
    const auto split = event_split(*model, near, far);
    if (oracle.text(i, "status") != "ok") {
      REQUIRE_FALSE(split.has_value());
      CHECK(name(split.error()) == oracle.text(i, "status"));
      continue;
    }
    REQUIRE(split.has_value());
    CHECK_THAT(split->sigma_base, Catch::WithinRel(oracle.number(i, "base_vol"), 1e-12));
    CHECK_THAT(split->sigma_event, Catch::WithinRel(oracle.number(i, "sigma_e"), 1e-12));
    CHECK_THAT(expected_abs_log_move(split->sigma_event),
               Catch::WithinRel(oracle.number(i, "expected_abs_log_move"), 1e-12));
    CHECK_THAT(expected_abs_move(split->sigma_event),
               Catch::WithinRel(oracle.number(i, "expected_abs_move_lognormal"), 1e-12));
  }
}

TEST_CASE("a six percent event over a 32 percent base lifts nine days to 49.84 percent", "[volatility][event]") {
  const EventSplit truth{.sigma_base = 0.32, .sigma_event = 0.06};
  const double front = volatility_with_event(truth, days(9)), back = volatility_with_event(truth, days(37));
  CHECK_THAT(front, Catch::WithinAbs(.4983974318, 5e-11));
  CHECK_THAT(back, Catch::WithinAbs(.3713670873, 5e-11));
  CHECK_THAT(expected_crush(truth, days(9)), Catch::WithinAbs(front - 0.32, 1e-16));
  const auto found = event_split(EventModel::both_after, Quoted{days(9), front}, Quoted{days(37), back});
  CHECK_THAT(found->sigma_base, Catch::WithinRel(0.32, 1e-14));
  CHECK_THAT(found->sigma_event, Catch::WithinRel(0.06, 1e-14));
}

TEST_CASE("expiries out of order or without a volatility have no event in them", "[volatility][event]") {
  const auto fault = [](Quoted near, Quoted far) { return event_split(EventModel::both_after, near, far).error(); };
  CHECK(fault({days(37), 0.4}, {days(9), 0.5}) == EventFault::invalid_input);
  CHECK(fault({days(9), 0.4}, {days(9), 0.4}) == EventFault::invalid_input);
  CHECK(fault({days(0), 0.4}, {days(9), 0.4}) == EventFault::invalid_input);
  CHECK(fault({days(9), std::nan("")}, {days(37), 0.4}) == EventFault::invalid_input);
}
