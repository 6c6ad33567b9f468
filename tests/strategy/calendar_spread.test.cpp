// SPDX-License-Identifier: Apache-2.0
#include <alaris/strategy/calendar_spread.hpp>

#include "support/catch.hpp"

using namespace alaris;

namespace {
const TradingCalendar calendar = TradingCalendar::nyse();

/// Both rights quoted at the given strikes for every expiry.
OptionChain listed(std::vector<Date> expiries, std::vector<double> strikes) {
  std::vector<OptionQuote> quotes;
  for (const Date expiry : expiries)
    for (const double strike : strikes)
      for (const OptionType type : {OptionType::put, OptionType::call})
        quotes.push_back({.contract = {expiry, *Strike::from_dollars(strike), type}, .bid = 1.0, .ask = 1.1});
  return OptionChain(make_date(2026, 7, 29), 101.0, std::move(quotes));
}
Date day(unsigned month, unsigned day_of_month) {
  return make_date(2026, month, day_of_month);
}
EventSessions after_close(Date date) {
  return *sessions_around(date, AnnouncementSession::after_close, calendar);
}
}  // namespace

TEST_CASE("an expiry on the day after an after-close report leaves no full session and is not sold",
          "[strategy][legs]") {
  // Apple reports Thursday 30 July 2026 after the close: Friday the 31st is the exit session itself.
  const auto spread = choose_calendar(listed({day(7, 31), day(8, 7), day(8, 14), day(9, 4), day(9, 11)}, {100, 105}),
                                      101.0, after_close(day(7, 30)), {}, calendar);
  REQUIRE(spread);
  CHECK(spread->front == day(8, 7));
  CHECK(spread->back == day(9, 4));  // 28 days on, nearer to 30 than 35
  CHECK(spread->strike.dollars() == 100);
}

TEST_CASE("no leg that expires on the announcement date is ever sold", "[strategy][legs]") {
  const auto spread =
      choose_calendar(listed({day(7, 31), day(8, 28)}, {100}), 101.0, after_close(day(7, 31)), {}, calendar);
  CHECK(spread.error() == NoSpread::no_back_expiry);
}

TEST_CASE("midweek expiries are sold only when asked for", "[strategy][legs]") {
  const OptionChain chain = listed({day(8, 3), day(8, 5), day(8, 7), day(9, 4)}, {100});
  CHECK(choose_calendar(chain, 101.0, after_close(day(7, 30)), {}, calendar)->front == day(8, 7));
  CHECK(choose_calendar(chain, 101.0, after_close(day(7, 30)), {.front_any_weekday = true}, calendar)->front ==
        day(8, 3));
}

TEST_CASE("a tie between two back expiries goes to the earlier and between two strikes to the lower",
          "[strategy][legs]") {
  const auto spread =
      choose_calendar(listed({day(8, 7), day(9, 4), day(9, 11)}, {100, 102}), 101.0, after_close(day(7, 30)),
                      {.back_days = std::chrono::days(31) + std::chrono::days(0)}, calendar);
  REQUIRE(spread);
  CHECK(spread->strike.dollars() == 100);
  const auto tie = choose_calendar(listed({day(8, 7), day(8, 28), day(9, 4)}, {100}), 101.0, after_close(day(7, 30)),
                                   {.back_days = std::chrono::days(24)}, calendar);
  CHECK(tie->back == day(8, 28));
}

TEST_CASE("a strike without a two-sided quote in every leg is passed over", "[strategy][legs]") {
  const OptionChain sound = listed({day(8, 7), day(9, 4)}, {100, 105});
  std::vector<OptionQuote> quotes(sound.quotes().begin(), sound.quotes().end());
  for (OptionQuote& quote : quotes)
    if (quote.contract.expiry == day(9, 4) && quote.contract.strike.dollars() == 100) quote.bid = not_known;
  const auto spread =
      choose_calendar(OptionChain(day(7, 29), 101.0, quotes), 101.0, after_close(day(7, 30)), {}, calendar);
  CHECK(spread->strike.dollars() == 105);
}

TEST_CASE("a calendar sells the front and buys the back and a double does it with both rights", "[strategy][legs]") {
  const CalendarSpread one{day(8, 7), day(9, 4), *Strike::from_dollars(100), SpreadStructure::put_calendar};
  REQUIRE(one.legs().size() == 2);
  CHECK(one.legs()[0] == Leg{{day(8, 7), *Strike::from_dollars(100), OptionType::put}, -1});
  CHECK(reversed(one.legs())[1].ratio == -1);
  const CalendarSpread both{day(8, 7), day(9, 4), *Strike::from_dollars(100), SpreadStructure::double_calendar};
  CHECK(both.legs().size() == 4);
}

TEST_CASE("a proposed spread is taken as it is when its legs are quoted and span the event", "[strategy][legs]") {
  const OptionChain chain = listed({day(7, 31), day(8, 7), day(9, 4)}, {100, 105});
  const EventSessions event = after_close(day(7, 30));
  const CalendarSpread far{.front = day(8, 7), .back = day(9, 4), .strike = *Strike::from_dollars(105)};
  const auto taken = listed_calendar(chain, far, event, calendar);
  REQUIRE(taken);
  CHECK(taken->strike.dollars() == 105);
  CHECK(listed_calendar(chain, {day(7, 31), day(9, 4), far.strike}, event, calendar).error() ==
        NoSpread::front_misses_event);
  CHECK(listed_calendar(chain, {day(8, 7), day(9, 4), *Strike::from_dollars(110)}, event, calendar).error() ==
        NoSpread::leg_not_quoted);
}

TEST_CASE("only legs of one strike and two expiries with the later one bought are a long calendar",
          "[strategy][legs]") {
  for (const auto structure :
       {SpreadStructure::call_calendar, SpreadStructure::put_calendar, SpreadStructure::double_calendar}) {
    const CalendarSpread spread{day(8, 7), day(9, 4), *Strike::from_dollars(100), structure};
    std::vector<Leg> legs = spread.legs();
    std::reverse(legs.begin(), legs.end());
    const auto seen = calendar_of(legs);
    REQUIRE(seen);
    CHECK(seen->structure == structure);
    CHECK(seen->front == day(8, 7));
    CHECK(seen->back == day(9, 4));
    for (Leg& leg : legs) leg.ratio = -leg.ratio;  // the later expiry sold
    CHECK_FALSE(calendar_of(legs));
    legs.pop_back();
    CHECK_FALSE(calendar_of(legs));
  }
  CHECK_FALSE(calendar_of({}));
}
