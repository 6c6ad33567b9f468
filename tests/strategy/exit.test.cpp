// SPDX-License-Identifier: Apache-2.0
#include <alaris/strategy/exit.hpp>

#include <vector>

#include "support/catch.hpp"

using namespace alaris;

namespace {

const TradingCalendar calendar = TradingCalendar::nyse();
const Instant long_ago = *parse_instant("2024-04-01T08:00-04:00");

KnownStatement says(const char* source, Date date, AnnouncementSession session = AnnouncementSession::after_close) {
  return {.date = date, .session = session, .source = source, .known_from = long_ago};
}

/// Entered on Monday 2024-05-06 for a report on Thursday 2024-05-09 after the close; front 05-17, back 06-14.
struct Case {
  HeldCalendar held{.spread = {make_date(2024, 5, 17), make_date(2024, 6, 14), *Strike::from_dollars(100),
                               SpreadStructure::call_calendar},
                    .event_date = make_date(2024, 5, 9),
                    .announced = AnnouncementSession::after_close,
                    .event = *sessions_around(make_date(2024, 5, 9), AnnouncementSession::after_close, calendar),
                    .entered = make_date(2024, 5, 6),
                    .paid = 2.0};
  std::vector<KnownStatement> statements{says("a", make_date(2024, 5, 9)), says("b", make_date(2024, 5, 9))};
  std::vector<Dividend> dividends{};
  ExitMarks marks{.value = 2.0, .crossing = 0.1, .spot = 105.0, .rate = 0.05, .front_volatility = 0.4};
  ExitRules rules{};
  Date session = make_date(2024, 5, 8);

  [[nodiscard]] std::optional<ExitFinding> due() {
    marks.statements = statements;
    marks.dividends = dividends;
    return exit_due(held, marks, session, rules, calendar);
  }
  [[nodiscard]] std::optional<ExitReason> reason() {
    const auto found = due();
    return found ? std::optional(found->reason) : std::nullopt;
  }
};

}  // namespace

TEST_CASE("a spread with nothing against it stays until the session after the event", "[strategy][exit]") {
  Case c;
  for (const unsigned day : {7u, 8u, 9u}) {
    c.session = make_date(2024, 5, day);
    CHECK_FALSE(c.due());
  }
  c.session = make_date(2024, 5, 10);
  CHECK(c.reason() == ExitReason::event_passed);
}

TEST_CASE("a spread is never closed in the session of its own entry", "[strategy][exit]") {
  Case c;
  c.session = c.held.entered;
  c.marks.value = 0.1;
  CHECK_FALSE(c.due());
}

TEST_CASE("a gain of 80 % of the debit is taken and a loss of 50 % is cut", "[strategy][exit]") {
  Case c;
  c.marks.value = 3.59;
  CHECK_FALSE(c.due());
  c.marks.value = 3.61;
  CHECK(c.reason() == ExitReason::crush_captured);
  c.marks.value = 1.01;
  CHECK_FALSE(c.due());
  c.marks.value = 0.99;
  CHECK(c.reason() == ExitReason::stop_loss);
  CHECK_THAT(c.due()->observed, Catch::WithinAbs(0.505, 1e-12));
  CHECK(c.due()->limit == 0.5);
}

TEST_CASE("marks that are not known close nothing", "[strategy][exit]") {
  Case c;
  c.marks = ExitMarks{};
  CHECK_FALSE(c.due());
}

TEST_CASE("a report that is withdrawn or moved ends the trade before the event", "[strategy][exit]") {
  Case c;
  SECTION("no source names a date any more") {
    c.statements = {says("a", make_date(2024, 2, 8))};
    CHECK(c.reason() == ExitReason::date_withdrawn);
  }
  SECTION("both sources name a day a week later") {
    c.statements = {says("a", make_date(2024, 5, 16)), says("b", make_date(2024, 5, 16))};
    CHECK(c.reason() == ExitReason::date_moved);
    CHECK(c.due()->observed == 7.0);
  }
  SECTION("the report now comes before the open: the night at risk is another one") {
    for (KnownStatement& s : c.statements) s.session = AnnouncementSession::before_open;
    CHECK(c.reason() == ExitReason::date_moved);
  }
  SECTION("one source contradicts the session") {
    c.statements[1].session = AnnouncementSession::before_open;
    CHECK(c.reason() == ExitReason::date_moved);
  }
  SECTION("one of two sources that moves its date leaves the earlier one standing") {
    c.statements[1].date = make_date(2024, 5, 10);
    CHECK_FALSE(c.due());
  }
  SECTION("the next quarter is another report") {
    c.statements.push_back(says("a", make_date(2024, 8, 8)));
    CHECK_FALSE(c.due());
  }
}

TEST_CASE("a short call is closed on the last session before an ex-date worth exercising for", "[strategy][exit]") {
  Case c;
  c.marks.spot = 115.0;
  c.dividends = {{make_date(2024, 5, 9), 1.0, long_ago}};
  c.session = make_date(2024, 5, 8);
  CHECK(c.reason() == ExitReason::ex_dividend);  // 1.00 against 0.11 of interest and a put worth cents
  CHECK(c.due()->observed == 1.0);
  SECTION("a day earlier there is still time") {
    c.session = make_date(2024, 5, 7);
    CHECK_FALSE(c.due());
  }
  SECTION("at the strike the put that is given up is worth more") {
    c.marks.spot = 100.5;
    CHECK_FALSE(c.due());
  }
  SECTION("an amount that nobody stated may be worth it") {
    c.dividends[0].amount = not_known;
    CHECK(c.reason() == ExitReason::ex_dividend);
  }
  SECTION("a put calendar owes no dividend") {
    c.held.spread.structure = SpreadStructure::put_calendar;
    CHECK_FALSE(c.due());
  }
  SECTION("without the short leg nobody can exercise") {
    c.held.short_open = false;
    CHECK(c.reason() == ExitReason::assigned);
  }
}

TEST_CASE("before its last session the front is closed by its strike or by the time left", "[strategy][exit]") {
  Case c;
  c.held.event = *sessions_around(make_date(2024, 5, 20), AnnouncementSession::after_close, calendar);
  c.held.event_date = make_date(2024, 5, 20);
  c.statements = {says("a", make_date(2024, 5, 20)), says("b", make_date(2024, 5, 20))};
  c.session = make_date(2024, 5, 15);
  CHECK_FALSE(c.due());
  c.session = make_date(2024, 5, 16);
  CHECK(c.reason() == ExitReason::time);
  c.marks.spot = 100.9;
  CHECK(c.reason() == ExitReason::pin);
  c.held.short_open = false;
  CHECK(c.reason() == ExitReason::assigned);  // what is left is no calendar
}

TEST_CASE("a spread that costs more than half its debit to close is closed while it can be", "[strategy][exit]") {
  Case c;
  c.marks.crossing = 1.0;
  CHECK_FALSE(c.due());
  c.marks.crossing = 1.01;
  CHECK(c.reason() == ExitReason::liquidity);
}

TEST_CASE("every exit rule speaks and each reason has its own name", "[strategy][exit]") {
  Case c;
  c.session = make_date(2024, 5, 10);
  const auto found = assess_exits(c.held, c.marks, c.session, c.rules, calendar);
  for (std::size_t i = 0; i < found.size(); ++i) {
    CHECK(found[i].reason == static_cast<ExitReason>(i));
    for (std::size_t j = 0; j < i; ++j) CHECK(name(found[i].reason) != name(found[j].reason));
  }
}
