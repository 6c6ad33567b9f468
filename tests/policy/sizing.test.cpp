// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <alaris/policy/sizing.hpp>

#include "policy/trade.hpp"
#include "support/catch.hpp"

using namespace alaris;
using alaris::test::unknown;

namespace {
constexpr ReturnOutcome coin[] = {{0.6, 1.0}, {0.4, -1.0}};
constexpr double infinity = std::numeric_limits<double>::infinity();
bool near(double a, double b) {
  return std::fabs(a - b) <= 4e-12;  // the bisection's bound, and rounding
}
/// Kelly 0.2 of 100 000, a quarter of it, 400 at risk a contract: 12.5 contracts.
PositionSize size_of(std::span<const SizeCap> caps, int past_trades = 20, double nav = 100'000, double at_risk = 400,
                     const SizingLimits& limits = {}, double haircut = 0.0) {
  return position_size(coin, haircut, nav, at_risk, past_trades, limits, caps);
}
}  // namespace

TEST_CASE("the growth-optimal share of an even bet is the difference of its odds", "[policy][sizing]") {
  CHECK(near(kelly_fraction(coin, 0.0), 0.2));
  CHECK(near(kelly_fraction(coin, 0.1), (0.2 - 0.1) / (0.9 * 1.1)));  // wins 0.9, loses 1.1: (p b - q a) / (a b)
  CHECK(kelly_fraction(coin, 0.2) == 0.0);
  CHECK(kelly_fraction(coin, 0.3) == 0.0);
  CHECK(kelly_fraction(coin, unknown) == 0.0);
  CHECK(kelly_fraction({}, 0.0) == 0.0);
}

TEST_CASE("a bet that cannot ruin is taken whole and never more", "[policy][sizing]") {
  const ReturnOutcome mild[] = {{0.5, 0.5}, {0.5, -0.1}};
  CHECK(kelly_fraction(mild, 0.0) == 1.0);
  const ReturnOutcome sure[] = {{1.0, 0.5}};
  CHECK(kelly_fraction(sure, 0.0) == 1.0);
  const ReturnOutcome deep[] = {{0.9, 1.0}, {0.1, -4.0}};  // 0.9 / (1 + f) = 0.4 / (1 - 4 f): f = 1 / 8
  CHECK(near(kelly_fraction(deep, 0.0), 0.125));
  const ReturnOutcome just[] = {{0.5, 0.5}, {0.5, -0.24999}};  // -0.25 would be the bet that is taken exactly whole
  CHECK(kelly_fraction(just, 0.0) == 1.0);
  const ReturnOutcome nearly_sure[] = {{0.999999, 1.0}, {0.000001, -1.0}};
  CHECK(near(kelly_fraction(nearly_sure, 0.0), 0.999998));
  const ReturnOutcome endless[] = {{0.5, infinity}, {0.5, -1.0}};
  CHECK(kelly_fraction(endless, 0.0) == 0.0);
  const ReturnOutcome whole[] = {{0.999, 1.0}, {0.001, -1.0}};
  CHECK(near(kelly_fraction(whole, 0.0), 0.998));
}

TEST_CASE("what is already at stake over the same night lowers what is added", "[policy][sizing]") {
  const double alone = kelly_fraction(coin, 0.0);
  const ReturnOutcome nothing[] = {{1.0, 0.0}};
  CHECK(kelly_fraction(coin, 0.0, nothing) == alone);
  // wealth is 1.5 or 0.5 before the coin: 0.6 E[1/(w+f)] = 0.4 E[1/(w-f)], at f^3 - 0.2 f^2 ... solved by its equation
  const ReturnOutcome held[] = {{0.5, 0.5}, {0.5, -0.5}};
  const double f = kelly_fraction(coin, 0.0, held);
  const double up = 0.3 * (1 / (1.5 + f) + 1 / (0.5 + f)), down = 0.2 * (1 / (1.5 - f) + 1 / (0.5 - f));
  CHECK(std::fabs(up - down) < 1e-10);
  CHECK(f < alone);
  CHECK(f > 0.0);
  const ReturnOutcome ruin[] = {{0.5, 0.5}, {0.5, -1.0}};
  CHECK(kelly_fraction(coin, 0.0, ruin) == 0.0);
  const ReturnOutcome dark[] = {{0.5, unknown}, {0.5, 0.0}};
  CHECK(kelly_fraction(coin, 0.0, dark) == 0.0);
  const ReturnOutcome whole[] = {{0.999999, 1.0}, {0.000001, -1.0}};
  CHECK(kelly_fraction(whole, 0.0, held) < 0.5);  // never more than the worst night leaves
  CHECK(position_size(coin, 0.0, 100'000, 400, 20, {}, {}, held).kelly == f);
}

TEST_CASE("wealth that is sure to change scales the bet with it", "[policy][sizing]") {
  const ReturnOutcome more[] = {{1.0, 0.5}}, less[] = {{1.0, -0.4}};
  CHECK(near(kelly_fraction(coin, 0.0, more), 1.5 * 0.2));
  CHECK(near(kelly_fraction(coin, 0.0, less), 0.6 * 0.2));
  CHECK(near(kelly_fraction(coin, 0.1, less), 0.6 * (0.2 - 0.1) / (0.9 * 1.1)));
  const ReturnOutcome almost[] = {{1.0, -0.9999}};  // what is left is bet as before
  CHECK(near(kelly_fraction(coin, 0.0, almost), 1e-4 * 0.2));
  const ReturnOutcome thin[] = {{0.5 + 5e-6, 1.0}, {0.5 - 5e-6, -1.0}};  // an edge of one in a hundred thousand is one
  CHECK(near(kelly_fraction(thin, 0.0), 1e-5));
  const ReturnOutcome endless[] = {{1.0, infinity}};
  CHECK(kelly_fraction(coin, 0.0, endless) == 0.0);
}

TEST_CASE("two nights of outcomes together keep their odds and their means", "[policy][sizing]") {
  const ReturnOutcome other[] = {{0.25, 0.3}, {0.5, 0.0}, {0.25, -0.2}};
  const auto both = joint_outcomes<21>(coin, other);
  double odds = 0.0, mean = 0.0, square = 0.0;
  for (const ReturnOutcome& o : both) {
    odds += o.probability;
    mean += o.probability * o.return_on_risk;
    square += o.probability * o.return_on_risk * o.return_on_risk;
  }
  CHECK(near(odds, 1.0));
  CHECK(near(mean, 0.2 + 0.025));
  CHECK(near(both.front().return_on_risk, -1.2));
  CHECK(near(both.back().return_on_risk, 1.3));
  CHECK(near(both.front().probability, 0.4 * 0.25));
  CHECK(near(both.back().probability, 0.6 * 0.25));
  // the variance grows by no more than a quarter of the spacing squared, and never shrinks
  const double variance = square - mean * mean, exact = (1.0 - 0.04) + (0.25 * 0.09 + 0.25 * 0.04 - 0.000625);
  CHECK(variance >= exact - 1e-12);
  CHECK(variance <= exact + 0.25 * 0.125 * 0.125);
  const ReturnOutcome sure[] = {{1.0, 0.1}};
  const auto one = joint_outcomes<2>(sure, sure);
  CHECK(one[0].probability == 1.0);
  CHECK(one[0].return_on_risk == 0.2);
}

TEST_CASE("a quarter of Kelly is floored and the binding cap is named", "[policy][sizing]") {
  const PositionSize free = size_of({});
  CHECK(free.contracts == 12);
  CHECK(free.bound_by == "kelly");
  CHECK(near(free.kelly, 0.2));
  const SizeCap caps[] = {{"a", 10.0}, {"b", 3.9}, {"c", 4.0}};
  CHECK(size_of(caps).contracts == 3);
  CHECK(size_of(caps).bound_by == "b");
  const SizeCap wide[] = {{"a", 13.0}};
  CHECK(size_of(wide).bound_by == "kelly");
  const SizeCap none[] = {{"a", unknown}};
  CHECK(size_of(none).contracts == 0);
  CHECK(size_of(none).bound_by == "a");
  const SizeCap boundless[] = {{"a", infinity}};
  CHECK(size_of(boundless).contracts == 0);  // an infinite cap is not a known one
  const SizeCap below[] = {{"a", -3.0}, {"b", -1.0}};
  CHECK(size_of(below).contracts == 0);
  CHECK(size_of(below).bound_by == "a");  // it bound at none already
  const SizeCap one[] = {{"a", 1.0}};
  CHECK(size_of(one).contracts == 1);
  const SizeCap less[] = {{"a", 0.999}};
  CHECK(size_of(less).contracts == 0);
}

TEST_CASE("with fewer than twenty past trades half a percent of NAV is the most", "[policy][sizing]") {
  CHECK(size_of({}, 19).contracts == 1);  // 500 / 400
  CHECK(size_of({}, 19).bound_by == "small_sample");
  CHECK(size_of({}, 20).contracts == 12);
  CHECK(size_of({}, 19, 100'000, 501).contracts == 0);
  CHECK(size_of({}, 4, 100'000, 400, {.min_trades = 4}).contracts == 12);
}

TEST_CASE("without edge or money or a known figure the size is nothing", "[policy][sizing]") {
  CHECK(size_of({}, 20, 100'000, 400, {}, 0.2).bound_by == "no_edge");
  for (const double nothing : {0.0, -1.0, unknown}) {
    CHECK(size_of({}, 20, nothing).contracts == 0);
    CHECK(size_of({}, 20, 100'000, nothing).contracts == 0);
  }
  CHECK(size_of({}, 20, 100'000, 400, {.kelly_fraction = unknown}).contracts == 0);
  CHECK(size_of({}, 20, 1e300, 400).contracts == 1'000'000'000);
}
