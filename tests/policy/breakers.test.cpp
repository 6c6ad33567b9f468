// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>

#include <alaris/policy/breaker_text.hpp>

#include "policy/trade.hpp"
#include "support/catch.hpp"

using namespace alaris;
using alaris::test::unknown;

namespace {
constexpr std::int64_t second = 1'000'000, minute = 60 * second;
constexpr std::int64_t monday = 20'000, tuesday = 20'001;

/// A loss seen alike at executable marks and, below the limit, at midpoints.
constexpr LossMark loss(std::int64_t at, double dollars, std::int64_t session = monday) {
  return {.at = at, .session = session, .at_executable = dollars, .at_mid = dollars / 2};
}
}  // namespace

TEST_CASE("volatility stress stands through a silence until the index closes below the reset level", "[policy]") {
  constexpr VixStress calm;
  static_assert(!calm.after(40.0).tripped && calm.after(40.01).tripped);
  static_assert(calm.after(40.01).after(35.0).tripped && !calm.after(40.01).after(34.99).tripped);
  static_assert(!calm.after(38.57).tripped);
  static_assert(calm.after(45.0).after(0.0).after(38.0).tripped);  // the silence did not calm anything
  static_assert(!calm.after(45.0).after(0.0).after(34.0).tripped);
  static_assert(!calm.after(0.0).after(38.0).tripped);  // tripped by silence alone, ended by a close
  const VixStress silent = calm.after(unknown), longer = silent.after(unknown);
  CHECK(silent.tripped);
  CHECK_FALSE(silent.entries_blocked());
  CHECK(longer.entries_blocked());
  CHECK(longer.sessions_without_close == 2);
  CHECK(longer.after(20.0) == calm);
  CHECK(calm.after(41.0, {.trip = 42.0}) == calm);
  CHECK_FALSE(calm.after(45.0).after(36.0, {.trip = 40.0, .reset = 37.0}).tripped);
  CHECK(calm.after(-1.0).tripped);
  CHECK(calm.after(0.0).tripped);
}

TEST_CASE("within a session a level counts once it has stood for a quarter of an hour", "[policy]") {
  const VixConfirmation calm;
  const VixConfirmation turning = calm.after(0, 41.0);
  CHECK_FALSE(turning.high);
  CHECK_FALSE(turning.after(15 * minute - 1, 41.0).high);
  CHECK(turning.after(15 * minute, 41.0).high);
  CHECK_FALSE(turning.after(10 * minute, 40.0).after(15 * minute, 41.0).high);     // dipped in between
  CHECK_FALSE(turning.after(10 * minute, unknown).after(15 * minute, 41.0).high);  // not known in between
  const VixConfirmation high = turning.after(15 * minute, 41.0);
  CHECK(high.after(16 * minute, 35.0).after(40 * minute, 35.0).high);
  CHECK_FALSE(high.after(16 * minute, 34.0).after(31 * minute, 34.0).high);
  CHECK(high.after(16 * minute, 34.0).after(31 * minute - 1, 34.0).high);
  CHECK(high.after(16 * minute, 0.0).after(40 * minute, 0.0).high);  // a zero is no tick
  CHECK(high.after(16 * minute, 34.0).after(20 * minute, 36.0) == high);
  CHECK(calm.after(0, 39.0, {.trip = 38.0}).turning);
  CHECK_FALSE(calm.after(0, 40.0).turning);
}

TEST_CASE("a daily loss trips beyond 15000 dollars after a minute or at once at midpoints", "[policy]") {
  const DailyLoss start;
  CHECK(start.entries_blocked(monday));  // no mark yet
  CHECK_FALSE(start.tripped(monday));
  CHECK_FALSE(start.tripped(0));
  const DailyLoss fine = start.after(loss(0, 14'000));
  CHECK_FALSE(fine.entries_blocked(monday));
  CHECK(fine.entries_blocked(tuesday));
  const DailyLoss losing = fine.after(loss(second, 15'001));
  CHECK_FALSE(losing.tripped(monday));
  CHECK_FALSE(losing.after(loss(61 * second - 1, 15'001)).tripped(monday));
  CHECK(losing.after(loss(30 * second, 16'000)).after(loss(61 * second, 15'001)).tripped(monday));
  CHECK_FALSE(losing.after(loss(30 * second, 15'000)).after(loss(61 * second, 15'001)).tripped(monday));
  CHECK_FALSE(fine.after(loss(second, 15'000)).after(loss(90 * second, 15'000)).tripped(monday));
  CHECK(fine.after({.at = second, .session = monday, .at_executable = 15'001, .at_mid = 15'001}).tripped(monday));
  CHECK(fine.after({.at = second, .session = monday, .at_executable = unknown, .at_mid = 15'001}).tripped(monday));
  CHECK_FALSE(fine.after({.at = second, .session = monday, .at_executable = 0, .at_mid = 15'000}).tripped(monday));
  CHECK(fine.after(loss(second, 200), {.max_loss = 100})
            .after(loss(2 * second, 200), {.max_loss = 100, .standing_for = second})
            .tripped(monday));
}

TEST_CASE("a mark that is not known blocks entries and neither proves nor ends a loss", "[policy]") {
  const DailyLoss losing = DailyLoss{}.after(loss(0, 20'000));
  const LossMark dark{.at = 30 * second, .session = monday, .at_executable = unknown, .at_mid = unknown};
  CHECK(losing.after(dark).entries_blocked(monday));
  CHECK_FALSE(losing.after(dark).tripped(monday));
  CHECK_FALSE(losing.after({.at = 90 * second, .session = monday, .at_executable = unknown, .at_mid = unknown})
                  .tripped(monday));
  CHECK(losing.after(dark).after(loss(60 * second, 20'000)).tripped(monday));
  CHECK_FALSE(losing.after(dark).after(loss(60 * second, 100)).entries_blocked(monday));
}

TEST_CASE("a daily loss halts its session and not the next one", "[policy]") {
  const DailyLoss halted = DailyLoss{}.after(loss(0, 40'000));
  CHECK(halted.tripped(monday));
  CHECK(halted.entries_blocked(monday));
  CHECK(halted.after(loss(minute, -5'000)).entries_blocked(monday));  // no return within the session
  CHECK_FALSE(halted.after(loss(minute, 0, tuesday)).entries_blocked(tuesday));
  const DailyLoss late = DailyLoss{}.after(loss(0, 16'000));
  CHECK_FALSE(late.after(loss(minute, 16'000, tuesday)).tripped(tuesday));  // the minute starts anew
}

TEST_CASE("five execution failures in a session latch until a person says why they are over", "[policy]") {
  ExecutionFailures state;
  for (const ExecutionEvent harmless : {ExecutionEvent::ladder_expired, ExecutionEvent::reject_in_halt})
    for (int i = 0; i < 9; ++i) state = state.after(monday, harmless);
  CHECK(state.count == 0);
  for (const ExecutionEvent failure : {ExecutionEvent::reject, ExecutionEvent::no_acknowledgement,
                                       ExecutionEvent::unrequested_cancel, ExecutionEvent::unbalanced_legs})
    state = state.after(monday, failure);
  CHECK(state.count == 4);
  CHECK_FALSE(state.latched);
  CHECK_FALSE(state.after(tuesday, ExecutionEvent::reject).latched);  // a new session counts anew
  CHECK(state.after(tuesday, ExecutionEvent::reject).count == 1);
  state = state.after(monday, ExecutionEvent::reject);
  CHECK(state.latched);
  CHECK(state.after(tuesday, ExecutionEvent::ladder_expired).latched);
  CHECK(state.cleared("") == state);
  CHECK(state.cleared(" \t\n") == state);
  CHECK(state.cleared("gateway restarted") == ExecutionFailures{.session = monday, .count = 0, .latched = false});
  CHECK(ExecutionFailures{}.after(monday, ExecutionEvent::reject, 1).latched);
}

TEST_CASE("ten trades that cost more than one and a half times their budget stop entries", "[policy]") {
  CostOverrun state{};
  for (int trade = 0; trade < 9; ++trade) state = state.after(90'00, 20'00);
  CHECK(!state.latched);                     // nine prove nothing
  CHECK(state.after(90'00, 20'00).latched);  // the tenth does
  CostOverrun edge{};
  for (int trade = 0; trade < 10; ++trade) edge = edge.after(30'00, 20'00);
  CHECK(!edge.latched);  // exactly one and a half
  CHECK(edge.after(30'01, 20'00).latched);
  for (int trade = 0; trade < 9; ++trade) edge = edge.after(10'00, 20'00);
  CHECK(!edge.after(100'00, 20'00).latched);  // the old ones are gone: 190 against 200
  const CostOverrun tripped = state.after(90'00, 20'00);
  CHECK(tripped.after(0, 20'00).latched);  // stays
  CHECK(tripped.cleared(" ").latched);
  CHECK(tripped.cleared("the budget was raised to the spreads of the last month") == CostOverrun{});
  CHECK(Breakers{.daily_loss = {.session = 7, .marked = true}, .cost = tripped}.state(7) == TradingState::reduce_only);
}

TEST_CASE("a kill command is only ever replaced by a stronger one or cleared by a person with a reason", "[policy]") {
  const KillSwitch halted = KillSwitch{}.after(KillCommand::halt);
  CHECK(halted.after(KillCommand::reduce_only) == halted);
  CHECK(halted.after(KillCommand::none) == halted);
  CHECK(halted.after(KillCommand::halt) == halted);
  CHECK(halted.after(KillCommand::flatten).command == KillCommand::flatten);
  CHECK(halted.cleared(" ") == halted);
  CHECK(halted.cleared("positions reconciled").command == KillCommand::none);
}

TEST_CASE("a name freezes at a halt or a silence and thaws five minutes after it reopens", "[policy]") {
  const MarketHalt unseen;
  CHECK(unseen.frozen(0));
  CHECK(unseen.frozen(600 * second));
  CHECK(MarketHalt{.quoted = true}.frozen(second));
  MarketHalt open = unseen.after_two_sided_quote(1000 * second);
  for (int i = 1; i <= 15; ++i) open = open.after_two_sided_quote((1000 + 20 * i) * second);
  CHECK(open.reopened == 1000 * second);
  CHECK_FALSE(open.frozen(1300 * second));
  CHECK(open.frozen(1300 * second - 1));
  CHECK_FALSE(open.frozen(1330 * second - 1));
  CHECK(open.frozen(1330 * second));  // 30 s without a quote
  CHECK(open.after_two_sided_quote(1330 * second).frozen(1330 * second));
  CHECK_FALSE(open.after_two_sided_quote(1330 * second - 1).frozen(1330 * second));
  const MarketHalt halted = open.after_halt();
  CHECK(halted.frozen(1310 * second));
  CHECK(halted.after_two_sided_quote(1320 * second).frozen(1320 * second));  // quotes do not end a halt
  const MarketHalt reopened = open.after_halt().after_reopening(1310 * second);
  CHECK(reopened.frozen(1320 * second));
  MarketHalt later = reopened;
  for (int i = 0; i <= 16; ++i) later = later.after_two_sided_quote((1305 + 20 * i) * second);
  CHECK_FALSE(later.frozen(1625 * second));
  CHECK(later.reopened == 1310 * second);
}

TEST_CASE("a breaker begins as if nothing had happened", "[policy]") {
  CHECK(VixConfirmation{}.turning_since == 0);
  CHECK(DailyLoss{}.session == 0);
  CHECK(DailyLoss{}.halted_session == 0);
  CHECK(DailyLoss{}.losing_since == 0);
  CHECK(ExecutionFailures{}.session == 0);
  CHECK(ExecutionFailures{}.count == 0);
  CHECK(CostOverrun{}.trades == 0);
  CHECK(MarketHalt{}.last_quote == 0);
  CHECK(MarketHalt{}.reopened == 0);
  CHECK(!VixStress{}.after(1e-9).tripped);  // any price above nothing is a close
  const VixConfirmation high{.high = true};
  CHECK(high.after(1, 1e-9).turning);  // and a tick
  const DailyLoss lost = DailyLoss{}.after(loss(second, 20'000)), back = lost.after(loss(second, 0));
  CHECK(lost.losing);
  CHECK(back.losing_since == 0);  // a new loss stands from its own beginning
}

TEST_CASE("the trading state is the strictest of what the breakers ask", "[policy]") {
  const Breakers marked{.daily_loss = DailyLoss{}.after(loss(0, 0))};
  CHECK(marked.state(monday) == TradingState::active);
  CHECK(marked.state(tuesday) == TradingState::reduce_only);  // no mark of that session yet
  Breakers b = marked;
  b.vix = {.tripped = true, .sessions_without_close = 1};
  CHECK(b.state(monday) == TradingState::active);
  b.vix.sessions_without_close = 2;
  CHECK(b.state(monday) == TradingState::reduce_only);
  b = marked;
  b.kill.command = KillCommand::reduce_only;
  CHECK(b.state(monday) == TradingState::reduce_only);
  b.failures.latched = true;
  CHECK(b.state(monday) == TradingState::halted);
  for (const KillCommand command : {KillCommand::halt, KillCommand::flatten})
    CHECK(Breakers{.daily_loss = marked.daily_loss, .kill = {command}}.state(monday) == TradingState::halted);
  CHECK(name(TradingState::active) == "active");
  CHECK(name(TradingState::reduce_only) == "reduce_only");
  CHECK(name(TradingState::halted) == "halted");
}

TEST_CASE("the stored state of the breakers is one line that gives back exactly what was stored", "[policy]") {
  const Breakers b{.vix = {true, 3, true},
                   .daily_loss = {monday, tuesday, true, true, -5},
                   .failures = {tuesday, 4, true},
                   .kill = {KillCommand::flatten},
                   .cost = CostOverrun{}.after(4512, 2000),
                   .vix_now = {true, true, 7},
                   .vix_session = tuesday};
  const std::string line{std::string_view(to_text(b))};
  CHECK(line ==
        "breakers v3 vix 1 3 1 daily_loss 20000 20001 1 1 -5 failures 20001 4 1 kill 3 cost 1 0"
        " 4512 2000 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 vix_now 1 1 7 20001");
  CHECK(parse_breakers(line) == b);
  CHECK(restored_breakers(line) == b);
  CHECK(parse_breakers(std::string_view(to_text(Breakers{}))) == Breakers{});
  const Breakers extreme{.daily_loss = {INT64_MIN, INT64_MIN, true, true, INT64_MIN},
                         .failures = {INT64_MIN, -2147483647, true},
                         .vix_session = INT64_MIN};
  CHECK(parse_breakers(std::string_view(to_text(extreme))) == extreme);
}

TEST_CASE("a stored state that cannot be read is a halt", "[policy]") {
  const std::string line{std::string_view(to_text(Breakers{.failures = {monday, 5, true}}))};
  for (std::size_t cut = 0; cut < line.size(); ++cut) {
    CHECK(restored_breakers(line.substr(0, cut)).state(monday) == TradingState::halted);
    std::string other = line;
    other[cut] = '#';
    CHECK_FALSE(parse_breakers(other).has_value());
  }
  CHECK_FALSE(parse_breakers(line + " ").has_value());
  CHECK_FALSE(parse_breakers("breakers v3 vix 2 0 0 daily_loss 0 0 0 0 0 failures 0 0 0 kill 0").has_value());
  CHECK_FALSE(parse_breakers("breakers v3 vix 0 0 0 daily_loss 0 0 0 0 0 failures 0 0 0 kill 4").has_value());
  CHECK_FALSE(parse_breakers("breakers v3 vix 0 0 0 daily_loss 0 0 0 0 0 failures 0 0 0 kill -1").has_value());
  CHECK(restored_breakers("").kill.command == KillCommand::halt);
}
