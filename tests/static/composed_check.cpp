// SPDX-License-Identifier: Apache-2.0
// The composed check and the comparisons one would write by hand: compare_code.cmake compiles this file to assembly and
// asks whether both functions are the same instructions.
#include <alaris/policy/pre_trade_rules.hpp>

struct Trade {
  double iv30, rv30, vega30, round_trip_cost, expected_pnl, net_delta, event_loss, nav;
};

extern "C" bool composed_check(const Trade& t) {
  using namespace alaris;
  return admits(all_of<CostSurvival<>, GammaRisk<>>{}, t);
}

namespace {
double ratio(double part, double whole) {
  return whole > 0.0 && whole <= std::numeric_limits<double>::max() ? part / whole
                                                                    : std::numeric_limits<double>::quiet_NaN();
}
}  // namespace

extern "C" bool written_by_hand(const Trade& t) {
  return ratio(t.iv30 - ratio(t.round_trip_cost, 100.0 * t.vega30) / 100.0, t.rv30) > 1.20 &&
         t.expected_pnl - t.round_trip_cost > 0.0 && (t.net_delta < 0 ? -t.net_delta : t.net_delta) < 0.10 &&
         ratio(t.event_loss, t.nav) <= 0.01;
}
