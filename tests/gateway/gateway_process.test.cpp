// SPDX-License-Identifier: Apache-2.0
#include "gateway_process.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <alaris/market/new_york.hpp>

#include "gateway/handshake.hpp"
#include "gateway/tcp_link.hpp"
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

/// A client on a real socket with its journal on a real disk.
struct Client {
  explicit Client(JournalStorage& storage, std::uint16_t port)
      : desk(storage, 7),
        recovered(desk.recover(clock_now()).has_value()),
        session([&] {
          SessionSettings settings;
          settings.account = "DU1234567", settings.highest_order_id = desk.highest_order_id();
          return Session(settings, 1);
        }()),
        link(session, "127.0.0.1", port, clock_now, [this](Instant now, const SessionEvent& event) {
          desk.hear(now, event);
          if (on_event) on_event(event);
          if (const auto* synced = std::get_if<Synced>(&event)) state = synced->state;
        }) {
    session.start(clock_now());
  }
  OrderDesk desk;
  bool recovered;
  Session session;
  TcpLink link;
  std::function<void(const SessionEvent&)> on_event{};
  std::optional<BrokerState> state{};

  /// Until `done`, or eight seconds.
  template <class Done>
  bool until(Done done) {
    for (const Instant end = clock_now() + 8s; clock_now() < end && !done();) link.poll(5ms), (void)desk.flush();
    return done();
  }
  bool until_ready() {
    return until([&] { return session.phase() == SessionPhase::ready; });
  }
};

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
  Client client(disk, gateway.port());
  REQUIRE(client.until_ready());
  const auto place = client.desk.intend(clock_now(), test::sendable(calendar.entry("entry-1", 2, 20.0)),
                                        client.session.next_order_id(), calendar.con_ids, "DU1234567");
  REQUIRE(place);
  REQUIRE(client.session.place(clock_now(), *place));
  client.link.pump();
  // The gateway takes the order and closes the connection before it says so.
  REQUIRE(client.until([&] { return client.desk.find("entry-1")->machine.phase() == OrderPhase::filled; }));
  CHECK(client.desk.books().options.at({"AAPL", calendar.bought}) == 2);
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

namespace {

/// A journal file whose process dies at a numbered call.
class DeadlyStorage final : public JournalStorage {
 public:
  explicit DeadlyStorage(const std::filesystem::path& path) : file_(path) {}
  std::string dies_before{};  // "append", "sync", "torn"
  bool read(std::string& all) override { return file_.read(all); }
  bool append(std::string_view bytes) override {
    if (dies_before == "append") ::raise(SIGKILL);
    if (dies_before == "torn") (void)file_.append(bytes.substr(0, bytes.size() / 2)), ::raise(SIGKILL);
    return file_.append(bytes);
  }
  bool sync() override {
    if (dies_before == "sync") ::raise(SIGKILL);
    return file_.sync();
  }
  bool truncate(std::size_t size) override {
    if (dies_before == "truncate") ::raise(SIGKILL);
    return file_.truncate(size);
  }

 private:
  FileStorage file_;
};

/// What a process does until it is killed. Each point is one line of the life of an order.
void live_until(int point, const std::filesystem::path& path, std::uint16_t port, const test::ACalendar& calendar) {
  DeadlyStorage storage(path);
  if (point == 8) storage.dies_before = "truncate";
  Client client(storage, port);  // point 8: during recovery, of the torn tail its predecessor left
  if (!client.until_ready()) ::_exit(1);
  const std::string before[] = {"append", "torn", "sync"};
  if (point <= 2) storage.dies_before = before[point];  // before the journal, in it, before it is durable
  const auto place = client.desk.intend(clock_now(), test::sendable(calendar.entry("entry-1", 2, 20.0)),
                                        client.session.next_order_id(), calendar.con_ids, "DU1234567");
  if (!place) ::_exit(2);
  if (point == 3) ::raise(SIGKILL);  // after the journal, before the send
  client.on_event = [&](const SessionEvent& event) {
    const auto* message = std::get_if<MessageReceived>(&event);
    if (point == 6 && message && std::holds_alternative<OpenOrder>(message->message)) ::raise(SIGKILL);  // acknowledged
    if (point == 7 && message && std::holds_alternative<ExecutionDetails>(message->message))
      ::raise(SIGKILL);  // mid-fill
  };
  if (!client.session.place(clock_now(), *place)) ::_exit(3);
  if (point == 4) ::raise(SIGKILL);  // given to the session, not to the system
  client.link.pump();
  if (point == 5) ::raise(SIGKILL);  // sent, not acknowledged
  (void)client.until([&] { return client.desk.find("entry-1")->machine.phase() == OrderPhase::filled; });
  ::_exit(4);
}

bool killed_at(int point, const std::filesystem::path& path, std::uint16_t port, const test::ACalendar& calendar) {
  const pid_t child = ::fork();
  if (child == 0) {
    live_until(point, path, port, calendar);
    ::_exit(5);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

}  // namespace

TEST_CASE("kill -9 at any point neither loses nor repeats an order", "[gateway][process]") {
  const auto calendar = test::calendar_of(simulated::default_scenario(new_york_date(clock_now())));
  std::string pattern = (std::filesystem::temp_directory_path() / "alaris-kill-XXXXXX").string();
  const std::filesystem::path folder = ::mkdtemp(pattern.data());
  for (int point = 0; point <= 8; ++point) {
    INFO("point " << point);
    test::GatewayProcess gateway;
    REQUIRE(gateway.port() != 0);
    const std::filesystem::path path = folder / ("journal-" + std::to_string(point));
    if (point == 8) {
      REQUIRE(killed_at(1, path, gateway.port(), calendar));  // leaves a torn tail
      REQUIRE(killed_at(8, path, gateway.port(), calendar));
    } else {
      REQUIRE(killed_at(point, path, gateway.port(), calendar));
    }
    FileStorage storage(path);
    Client client(storage, gateway.port());
    REQUIRE(client.recovered);
    REQUIRE(client.until_ready());
    const DeskOrder* order = client.desk.find("entry-1");
    const bool durable = point >= 2 && point != 8;  // written to the file counts: only the power takes that away
    CHECK((order != nullptr) == durable);
    if (point >= 5 && point != 8)
      CHECK(client.until([&] { return client.desk.find("entry-1")->machine.phase() == OrderPhase::filled; }));
    else if (order)
      CHECK(order->machine.phase() == OrderPhase::lost);
    client.session.resynchronise(clock_now(), "the last look");
    client.state.reset();
    REQUIRE(client.until([&] { return client.state.has_value(); }));
    const BrokerBooks theirs = books_of(*client.state, "DU1234567");
    CHECK(client.desk.books().options == *theirs.options);
    CHECK(client.desk.books().cash == *theirs.cash - Money::from_dollars(100'000));
    CHECK(theirs.executions->size() == (point >= 5 && point != 8 ? 2u : 0u));
  }
  std::filesystem::remove_all(folder);
}
