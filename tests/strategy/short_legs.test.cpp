// SPDX-License-Identifier: Apache-2.0
#include <alaris/strategy/short_legs.hpp>

#include <vector>

#include <alaris/pricing/black.hpp>

#include "support/catch.hpp"

using namespace alaris;
using Catch::Matchers::WithinAbs;

namespace {
EventCalendar calendar(OptionType type, double spot, double front_days, double base, double event) {
  return {.type = type,
          .spot = spot,
          .strike = 100,
          .rate = 0.045,
          .front = {front_days / 365},
          .back = {(front_days + 30) / 365},
          .front_base = base,
          .back_base = base,
          .sigma_event = event};
}
}  // namespace

TEST_CASE("a put at 92 is exercised with 7 days to run and kept with 9", "[strategy][assignment]") {
  // market facts: r 4.5 %, volatility 35 %, strike 100: interest 0.0863 against 0.0845, then 0.1109 against 0.1554
  const AssignmentOutlook seven = put_assignment(calendar(OptionType::put, 92, 7, 0.35, 0.0), {0.0});
  CHECK(seven.probability == 1.0);
  CHECK_THAT(seven.cost, WithinAbs(0.0863, 5e-5));
  const AssignmentOutlook nine = put_assignment(calendar(OptionType::put, 92, 9, 0.35, 0.0), {0.0});
  CHECK(nine.probability == 0.0);
}

TEST_CASE("the chance of an early put exercise is that of the stock falling through its boundary",
          "[strategy][assignment]") {
  // the boundary at 7 days lies between 92 and 93; an event of 6 % puts it 1.3 sigmas away
  const AssignmentOutlook at_the_money = put_assignment(calendar(OptionType::put, 100, 8, 0.35, 0.06), {1 / 365.0});
  CHECK(at_the_money.probability > 0.08);
  CHECK(at_the_money.probability < 0.16);
  EventCalendar free = calendar(OptionType::put, 100, 8, 0.35, 0.06);
  free.rate = 0.0;  // interest pays nothing: never
  CHECK(put_assignment(free, {1 / 365.0}).probability == 0.0);
  free.rate = not_known;
  const AssignmentOutlook dark = put_assignment(free, {1 / 365.0});
  CHECK(dark.probability != dark.probability);
}

TEST_CASE("a call goes early before a dividend that exceeds interest and put", "[strategy][assignment]") {
  const AssignmentOutlook deep = call_assignment(calendar(OptionType::call, 130, 9, 0.30, 0.0), {0.0}, 1.0, false);
  CHECK(deep.probability == 1.0);
  CHECK(deep.cost == 1.0);
  CHECK(call_assignment(calendar(OptionType::call, 130, 9, 0.30, 0.0), {0.0}, 0.05, false).probability ==
        0.0);  // interest 0.11
  CHECK(call_assignment(calendar(OptionType::call, 101, 9, 0.30, 0.0), {0.0}, 0.50, false).probability ==
        0.0);  // put 1.3
  const AssignmentOutlook after_close =
      call_assignment(calendar(OptionType::call, 100, 9, 0.30, 0.06), {5 / 365.0}, 1.0, true);
  CHECK(after_close.probability > 0.05);
  CHECK(after_close.probability < 0.5);
  const AssignmentOutlook unstated =
      call_assignment(calendar(OptionType::call, 100, 9, 0.3, 0.0), {0.0}, not_known, false);
  CHECK(unstated.probability != unstated.probability);
}

TEST_CASE("only dividends between today and the planned exit can call a short call away", "[strategy][assignment]") {
  const Date today = make_date(2026, 7, 30), exit = make_date(2026, 7, 31), front = make_date(2026, 8, 7);
  const EventCalendar parts[] = {calendar(OptionType::call, 140, 8, 0.30, 0.02)};
  const auto outlook = [&](Date ex, double amount) {
    return assignment_outlook(parts, std::vector<Dividend>{{.ex_date = ex, .amount = amount, .known_from = {}}}, today,
                              today, exit, {1 / 365.0});
  };
  CHECK(outlook(make_date(2026, 7, 31), 2.0).probability > 0.99);
  CHECK(outlook(make_date(2026, 7, 30), 2.0).probability == 0.0);
  CHECK(outlook(make_date(2026, 8, 3), 2.0).probability == 0.0);
  const auto dark = outlook(make_date(2026, 7, 31), not_known);
  CHECK(dark.probability != dark.probability);
  CHECK(assignment_outlook({}, {}, today, today, exit, {}).probability != 0.0);
  const std::vector<Dividend> owed{
      {make_date(2026, 8, 7), 0.25, {}}, {make_date(2026, 8, 8), 1.0, {}}, {today, 1.0, {}}};
  CHECK(dividends_until(owed, today, front) == 0.25);
}

TEST_CASE("fair quotes prove no cost of borrow and hard ones at least part of it", "[strategy][borrow]") {
  const double years = 30 / 365.0;
  for (const double borrow : {0.0, 0.30}) {
    const double forward = 100 * std::exp((0.045 - borrow) * years), discount = std::exp(-0.045 * years);
    const double call = black_price(OptionType::call, {forward, 100.0, 0.3 * std::sqrt(years), discount});
    const double put = black_price(OptionType::put, {forward, 100.0, 0.3 * std::sqrt(years), discount});
    const double proven = least_borrow({.spot = 100,
                                        .strike = 100,
                                        .call_ask = call + 0.02,
                                        .put_bid = put - 0.02,
                                        .present_dividends = 0,
                                        .to_expiry = {years}});
    CHECK(proven <= borrow);
    if (borrow == 0.0) CHECK(proven == 0.0);
    if (borrow > 0.0) CHECK(proven > 0.20);
  }
  const double dark = least_borrow(
      {.spot = 100, .strike = 100, .call_ask = not_known, .put_bid = 1, .present_dividends = 0, .to_expiry = {years}});
  CHECK(dark != dark);
}
