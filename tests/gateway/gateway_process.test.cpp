// SPDX-License-Identifier: Apache-2.0
#include "gateway_process.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <alaris/market/new_york.hpp>

#include "gateway/handshake.hpp"
#include "open_gate.hpp"
#include "support/catch.hpp"
#include "world.hpp"

using namespace alaris;
using namespace alaris::gateway;
using namespace std::chrono_literals;

namespace {

Instant clock_now() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

/// Drives a session over a real socket until `done` or eight seconds have passed.
template <class Done>
bool drive(std::uint16_t port, std::optional<test::Socket>& socket, Session& session, OrderDesk& desk, Done done) {
  for (const Instant end = clock_now() + 8s; clock_now() < end;) {
    session.tick(clock_now());
    for (const auto& event : session.take_events()) desk.hear(clock_now(), event);
    const SocketWish wish = session.take_wish();
    if (wish != SocketWish::none) socket.reset();
    if (wish == SocketWish::connect) {
      socket.emplace(port);
      if (socket->open())
        session.connected(clock_now());
      else
        session.disconnected(clock_now(), "refused");
    }
    if (socket && socket->open()) {
      socket->write(session.take_bytes());
      if (const std::string bytes = socket->read(5ms); !bytes.empty()) session.received(clock_now(), bytes);
      if (!socket->open()) session.disconnected(clock_now(), "closed");
    } else {
      ::usleep(5000);
    }
    if (done()) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a calendar is filled over a real socket and survives a dropped connection", "[gateway][process]") {
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("alaris-scenario-" + std::to_string(::getpid()) + ".json");
  std::ofstream(file) << R"({"schema": "alaris/gateway_scenario/1", "fills": {"parts": 2, "delay_ms": 20},
    "orders": [{"order": 1, "fate": "accept_and_close"}]})";
  test::GatewayProcess gateway({"--scenario", file.string()});
  REQUIRE(gateway.port() != 0);
  const auto calendar = test::calendar_of(simulated::default_scenario(new_york_date(clock_now())));
  test::SimulatedDisk disk;
  OrderDesk desk(disk, 7);
  SessionSettings settings;
  settings.account = "DU1234567";
  Session session(settings, 1);
  std::optional<test::Socket> socket;
  session.start(clock_now());
  REQUIRE(drive(gateway.port(), socket, session, desk, [&] { return session.phase() == SessionPhase::ready; }));
  const auto place = desk.intend(clock_now(), test::sendable(calendar.entry("entry-1", 2, 20.0)),
                                 session.next_order_id(), calendar.con_ids, "DU1234567");
  REQUIRE(place);
  REQUIRE(session.place(clock_now(), *place));
  // The gateway takes the order and closes the connection before it says so.
  REQUIRE(drive(gateway.port(), socket, session, desk,
                [&] { return desk.find("entry-1")->machine.phase() == OrderPhase::filled; }));
  CHECK(desk.books().options.at({"AAPL", calendar.bought}) == 2);
  CHECK(gateway.stop() == 0);
  std::filesystem::remove(file);
}

TEST_CASE("a scenario file with mistakes is refused with all of them", "[gateway][process]") {
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("alaris-scenario-" + std::to_string(::getpid()) + ".json");
  std::ofstream(file) << R"({"schema": "alaris/gateway_scenario/1", "cash": "much", "fils": {},
    "faults": [{"at_ms": 1, "fault": "earthquake"}]})";
  const std::string command = std::string(ALARIS_GATEWAY_SIM) + " --port 0 --scenario " + file.string() + " 2>&1";
  std::string output;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  for (char buffer[512]; std::fgets(buffer, sizeof buffer, pipe);) output += buffer;
  CHECK(WEXITSTATUS(::pclose(pipe)) == 4);
  CHECK_THAT(output, Catch::Matchers::Contains("cash") && Catch::Matchers::Contains("did you mean 'fills'") &&
                         Catch::Matchers::Contains("earthquake"));
  std::filesystem::remove(file);
}

TEST_CASE("garbage on the port closes one connection and not the gateway", "[gateway][process]") {
  test::GatewayProcess gateway;
  test::Socket garbage(gateway.port());
  garbage.write("GET / HTTP/1.1\r\n\r\n");
  for (int i = 0; i < 100 && garbage.open(); ++i) (void)garbage.read(20ms);
  CHECK(!garbage.open());
  test::Socket client(gateway.port());
  client.write(opening({100, 178}));
  CHECK(!client.read(2000ms).empty());
}
