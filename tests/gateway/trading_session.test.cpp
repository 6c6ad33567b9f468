// SPDX-License-Identifier: Apache-2.0
#include "operations/trading_session.hpp"

#include <string>

#include <alaris/policy/breaker_text.hpp>

#include "simulated_disk.hpp"
#include "support/catch.hpp"

using namespace alaris;
using namespace alaris::gateway;
using alaris::host::TradingSession;
using alaris::test::SimulatedDisk;

namespace {

const Instant monday = Instant(std::chrono::seconds(1795444267));

/// A process that trades, over a disk that outlives it.
struct Trading {
  explicit Trading(SimulatedDisk& disk) : desk(disk, 7) {
    REQUIRE(desk.recover(monday));
    session.recovered(monday);
  }
  [[nodiscard]] TradingState state() const { return session.trader().state(); }

  OrderDesk desk;
  Session wire{SessionSettings{}, 1};
  RecordedMarket nothing{};
  AnyMarket history{nothing};
  TradingSession session{{}, history, desk, wire, [](AlertLevel, const std::string&) {}};
};

std::string line_of(const Breakers& breakers) {
  return std::string(std::string_view(to_text(breakers)));
}

}  // namespace

TEST_CASE("what the journal keeps of the breakers is in force after a kill", "[gateway][breakers]") {
  SimulatedDisk disk;
  const std::int64_t today = new_york_date(monday).time_since_epoch().count();
  SECTION("a halt latched by failures, until a person resumes") {
    {
      OrderDesk before(disk, 7);
      REQUIRE(before.remember("breakers", {line_of({.failures = {today, 5, true}})}));
      REQUIRE(before.flush());
    }
    Trading after(disk);
    CHECK(after.state() == TradingState::halted);
    CHECK(after.desk.command() == KillCommand::halt);
    SECTION("told to the process") {
      REQUIRE(after.desk.resume("the router was replaced"));
      after.session.command(monday, KillCommand::none);
      REQUIRE(after.desk.flush());
    }
    SECTION("written while no process ran") {
      OrderDesk offline(disk, 0);
      REQUIRE(offline.recover(monday));
      REQUIRE(offline.resume("the router was replaced"));
    }
    Trading resumed(disk);
    CHECK(resumed.state() != TradingState::halted);
    CHECK(resumed.desk.command() == KillCommand::none);
    CHECK(resumed.session.trader().breakers().failures.count == 0);
  }
  SECTION("every change is written as it happens") {
    Trading before(disk);
    before.session.command(monday, KillCommand::reduce_only);
    REQUIRE(before.desk.memories().size() == 1);
    CHECK(before.desk.memories()[0][0] == "breakers");
    CHECK(parse_breakers(before.desk.memories()[0][1])->kill.command == KillCommand::reduce_only);
    before.session.command(monday, KillCommand::reduce_only);
    CHECK(before.desk.memories().size() == 1);  // nothing changed
  }
  SECTION("a day's loss that tripped") {
    {
      OrderDesk before(disk, 7);
      REQUIRE(before.remember("breakers", {line_of({.daily_loss = {.session = today, .halted_session = today}})}));
      REQUIRE(before.flush());
    }
    CHECK(Trading(disk).session.trader().breakers().daily_loss.tripped(today));
  }
  SECTION("a line that cannot be read halts for a person") {
    {
      OrderDesk before(disk, 7);
      REQUIRE(before.remember("breakers", {"breakers v1"}));
      REQUIRE(before.flush());
    }
    Trading after(disk);
    CHECK(after.state() == TradingState::halted);
    CHECK(after.desk.command() == KillCommand::halt);
  }
}
