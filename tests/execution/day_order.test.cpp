// SPDX-License-Identifier: Apache-2.0
#include <alaris/execution/day_order.hpp>
#include <alaris/execution/ledger.hpp>

#include <string>

#include "support/catch.hpp"

using namespace alaris;

namespace {

const Date session = make_date(2024, 5, 2);
const Instant at_close = *parse_instant("2024-05-02T16:00-04:00");
const FeeSchedule fees = FeeSchedule::us_equity_options();

OptionContract call(unsigned day) {
  return {make_date(2024, 5, day), *Strike::from_dollars(100), OptionType::call};
}
/// The front 2.00 at 2.10, the back 3.00 at 3.20, with so many contracts on the bid of the front.
OptionChain chain(double front_size = not_known) {
  return OptionChain(session, 100.0,
                     {{.contract = call(10), .bid = 2.00, .ask = 2.10, .bid_size = front_size, .ask_size = 50},
                      {.contract = call(31), .bid = 3.00, .ask = 3.20, .bid_size = 50, .ask_size = 50}});
}
ComboOrder calendar(int quantity, double limit = 2.0, const std::string& id = "1") {
  return {.id = id, .symbol = "ACME", .legs = {{call(10), -1}, {call(31), +1}}, .quantity = quantity, .limit = limit};
}
DayOrder work(const ComboOrder& order, const OptionChain& quotes, const FillTerms& terms = {}, bool stale = false) {
  return work_for_a_day(order, {&quotes, stale, session, at_close}, terms, fees);
}

}  // namespace

TEST_CASE("what a day's order books is its legs and its fees", "[execution][day]") {
  const DayOrder day = work(calendar(2), chain());
  CHECK(day.machine.phase() == OrderPhase::filled);
  REQUIRE(day.fill);
  Ledger ledger;
  for (const Booking& booking : day.bookings) ledger.book("ACME", booking);
  CHECK(ledger.cash() == Money::from_dollars(-240) - day.fill->fees);
  CHECK(ledger.cash() == day.machine.cash() - day.machine.fees());
  CHECK(ledger.options().at({"ACME", call(10)}) == -2);
  CHECK(ledger.options().at({"ACME", call(31)}) == 2);
  CHECK(day.machine.commissions_missing() == 0);
}

TEST_CASE("the same contracts have a price at the touch by the model and at mid", "[execution][day]") {
  for (const FillModel model : fill_models) {
    const DayOrder day = work(calendar(1), chain(), {.model = model, .legging_chance = 0.0});
    REQUIRE(day.fill);
    CHECK(day.fill->cash.touch == Money::from_cents(-12'000));
    CHECK(day.fill->cash.mid == Money::from_cents(-10'500));
    CHECK(day.fill->cash.model == Money::from_cents(-10'980));  // 32 % of the 15 cents from mid to touch
    CHECK(Money::rounded(-100.0 * day.fill->net) == day.fill->cash[model]);
  }
}

TEST_CASE("a leg that is left behind pays its whole half-spread", "[execution][day]") {
  const DayOrder day = work(calendar(1), chain(), {.model = FillModel::model, .legging_chance = 1.0});
  REQUIRE(day.fill);
  CHECK(day.fill->cash.model == Money::from_cents(-10'500 - 1'000 - 160));  // the back, the wider one
  int behind = 0;
  for (int i = 0; i < 1000; ++i)
    behind +=
        work(calendar(1, 2.0, "order " + std::to_string(i)), chain(), {.model = FillModel::model}).fill->cash.model <
        Money::from_cents(-11'000);
  CHECK(behind > 70);  // 100 expected, standard deviation 9.5
  CHECK(behind < 130);
}

TEST_CASE("the model fills no more than the thinnest leg shows and cancels the rest", "[execution][day]") {
  const DayOrder day = work(calendar(5), chain(3), {.model = FillModel::model});
  REQUIRE(day.fill);
  CHECK(day.fill->quantity == 3);
  CHECK(day.machine.filled_units() == 3);
  CHECK(day.machine.phase() == OrderPhase::cancelled);
  CHECK(day.machine.balanced());
  CHECK(work(calendar(5), chain(3)).fill->quantity == 5);  // at the touch the size is the entry rules' business
}

TEST_CASE("missing stale and empty quotes never fill at any kind of fill", "[execution][day]") {
  const FillModel model = GENERATE(FillModel::touch, FillModel::model, FillModel::mid);
  const FillTerms terms{.model = model};
  CHECK(work(calendar(1), chain(), terms, true).unfilled == NoFill::stale);
  CHECK(work_for_a_day(calendar(1), {nullptr, false, session, at_close}, terms, fees).unfilled == NoFill::not_quoted);
  CHECK(work(calendar(1), chain(0), terms).unfilled == NoFill::no_size);
  const DayOrder beyond = work(calendar(1, 1.0), chain(), terms);
  CHECK(beyond.unfilled == NoFill::beyond_limit);
  CHECK(beyond.bookings.empty());
  CHECK(beyond.machine.phase() == OrderPhase::cancelled);
  CHECK_FALSE(beyond.machine.failed());  // we asked for its end
}
