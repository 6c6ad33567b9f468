// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <limits>

#include <alaris/execution/price_ladder.hpp>

#include "support/catch.hpp"

using namespace alaris;
using namespace std::chrono_literals;

namespace {
const TickLadder pennies = TickLadder::pennies();
constexpr CombinationPrice market{.natural = 1.75, .mid = 1.70};
constexpr double free_hand = 10.0;

LadderStep work(int cents) {
  return {.action = LadderStep::Action::work, .limit = Money::from_cents(cents)};
}
}  // namespace

TEST_CASE("an entry works a quarter above mid for two minutes, at natural for one, and ends", "[execution][ladder]") {
  // 1.70 + 0.25 * 0.05 = 1.7125: a buyer rounds down to 1.71
  CHECK(entry_step(0s, market, free_hand, pennies) == work(171));
  CHECK(entry_step(119s, market, free_hand, pennies) == work(171));
  CHECK(entry_step(120s, market, free_hand, pennies) == work(175));
  CHECK(entry_step(179s, market, free_hand, pennies) == work(175));
  CHECK(entry_step(180s, market, free_hand, pennies).action == LadderStep::Action::cancel);
}

TEST_CASE("an entry never pays more than its edge allows", "[execution][ladder]") {
  CHECK(entry_step(0s, market, 1.705, pennies) == work(170));
  CHECK(entry_step(150s, market, 1.72, pennies) == work(172));
  CHECK(entry_step(0s, market, std::numeric_limits<double>::quiet_NaN(), pennies).action == LadderStep::Action::wait);
}

TEST_CASE("without a two-sided market an order waits where it is", "[execution][ladder]") {
  CHECK(entry_step(60s, std::nullopt, free_hand, pennies).action == LadderStep::Action::wait);
  CHECK(exit_step(60s, std::nullopt, 0.0, pennies).action == LadderStep::Action::wait);
}

TEST_CASE("an exit gives way a quarter of the gap every two minutes and stays at natural", "[execution][ladder]") {
  // Sold for 2.00 at mid, 1.80 natural: costs of -2.00 and -1.80.
  constexpr CombinationPrice exit{.natural = -1.80, .mid = -2.00};
  CHECK(exit_step(0s, exit, 0.0, pennies) == work(-200));
  CHECK(exit_step(2min, exit, 0.0, pennies) == work(-195));
  CHECK(exit_step(5min, exit, 0.0, pennies) == work(-190));
  CHECK(exit_step(6min, exit, 0.0, pennies) == work(-185));
  CHECK(exit_step(8min, exit, 0.0, pennies) == work(-180));
  CHECK(exit_step(3h, exit, 0.0, pennies) == work(-180));
}

TEST_CASE("a same-strike calendar is never sold five cents below its intrinsic difference", "[execution][ladder]") {
  constexpr CombinationPrice wide{.natural = 0.40, .mid = -0.10};  // the natural side asks us to pay
  CHECK(exit_step(1h, wide, calendar_exit_floor(0.0), pennies) == work(5));
  CHECK(exit_step(1h, wide, calendar_exit_floor(0.50), pennies) == work(-45));
}

TEST_CASE("an unfinished exit is degraded at 15:00, critical at 15:30 and rests outside 09:45 to 15:45",
          "[execution][ladder]") {
  const Instant open{}, close = open + 390min;  // 09:30 to 16:00
  CHECK(exit_urgency(open + 14min, open, close) == ExitUrgency::closed);
  CHECK(exit_urgency(open + 15min, open, close) == ExitUrgency::working);
  CHECK(exit_urgency(open + 330min, open, close) == ExitUrgency::degraded);
  CHECK(exit_urgency(open + 360min, open, close) == ExitUrgency::critical);
  CHECK(exit_urgency(open + 375min, open, close) == ExitUrgency::closed);
}

TEST_CASE("a single option moves in steps that every class takes and a combination in cents", "[execution]") {
  const CombinationPrice price{.natural = 3.27, .mid = 3.13};
  const LadderStep one = entry_step({}, price, 10.0, ticks_for(1)), two = entry_step({}, price, 10.0, ticks_for(2));
  CHECK(one.limit == Money::from_cents(310));  // 3.165, away from the market to the dime
  CHECK(two.limit == Money::from_cents(316));
  for (const TickLadder& ladder : {TickLadder::penny_programme(), TickLadder::outside_programme()})
    CHECK(ladder.on_tick(one.limit));
}
