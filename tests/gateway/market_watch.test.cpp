// SPDX-License-Identifier: Apache-2.0
#include "operations/market_watch.hpp"

#include <cmath>

#include <alaris/market/new_york.hpp>

#include "support/catch.hpp"
#include "world.hpp"

using namespace alaris;
using namespace alaris::gateway;
using alaris::host::MarketWatch;
using alaris::test::World;
using namespace std::chrono_literals;

namespace {

/// Runs the world and lets the watch hear what its session hears.
void watched(World& world, MarketWatch& watch, std::chrono::microseconds time) {
  for (const Instant end = world.now + time; world.now < end;) {
    world.step();
    for (const SessionEvent& event : std::exchange(world.events, {})) watch.hear(world.now, event);
    watch.tick(world.now);
  }
}

}  // namespace

TEST_CASE("a halt of a stock is heard, and that it trades again", "[gateway][halt]") {
  simulated::Scenario scenario = simulated::default_scenario(new_york_date(alaris::test::monday_morning));
  scenario.faults = {{.at = 20s, .kind = simulated::FaultKind::halt, .amount = 2, .symbol = "AAPL"},
                     {.at = 40s, .kind = simulated::FaultKind::halt, .amount = 0, .symbol = "AAPL"},
                     {.at = 60s, .kind = simulated::FaultKind::halt, .amount = 1, .symbol = "AAPL"},
                     {.at = 80s, .kind = simulated::FaultKind::close}};
  World world(scenario);
  REQUIRE(world.run_until_ready(10s));
  MarketWatch watch(world.process->session, {"AAPL", "MSFT"});
  using Halts = std::map<std::string, bool>;
  watched(world, watch, 19s - (world.now - alaris::test::monday_morning));
  CHECK(watch.take_quoted().contains("AAPL"));
  CHECK(watch.take_halts().empty());
  watched(world, watch, 5s);
  CHECK(watch.take_halts() == Halts{{"AAPL", true}});
  CHECK(watch.take_halts().empty());  // once
  watched(world, watch, 20s);
  CHECK(watch.take_halts() == Halts{{"AAPL", false}});
  watched(world, watch, 20s);
  CHECK(watch.take_halts() == Halts{{"AAPL", true}});
  watched(world, watch, 40s);  // the connection ends and comes back: the halt is said again
  CHECK(watch.take_halts() == Halts{{"AAPL", true}});
}

TEST_CASE("the volatility index is heard where the broker has it and is unknown five minutes after", "[gateway][vix]") {
  World world(simulated::default_scenario(new_york_date(alaris::test::monday_morning)));
  REQUIRE(world.run_until_ready(10s));
  int line = 0;  // the request that asked for the index
  MarketWatch watch(world.process->session, {"AAPL"});
  watch.tick(world.now);
  for (int id = 1'500'000'000; id < 1'500'000'100 && line == 0; ++id) {
    watch.hear(world.now, MessageReceived{TickPrice{id, 4, 31.5, 0.0, 0}});
    if (watch.volatility_index(world.now)) line = id;
  }
  REQUIRE(line != 0);
  CHECK(watch.volatility_index(world.now) == 31.5);
  CHECK(watch.volatility_index(world.now + 5min) == 31.5);
  CHECK(std::isnan(*watch.volatility_index(world.now + 5min + 1s)));
  watch.hear(world.now, MessageReceived{TickPrice{line, 68, 50.0, 0.0, 0}});  // a delayed one
  CHECK(watch.volatility_index(world.now) == 31.5);
  watched(world, watch, 5s);  // the simulated gateway has no such index: it is not asked for again
  watch.hear(world.now, MessageReceived{TickPrice{line, 4, 60.0, 0.0, 0}});
  CHECK(watch.volatility_index(world.now) == 31.5);
}
