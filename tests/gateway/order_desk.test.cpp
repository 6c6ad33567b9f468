// SPDX-License-Identifier: Apache-2.0
#include "gateway/order_desk.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <random>

#include <stdlib.h>
#include <unistd.h>

#include "golden.hpp"
#include "open_gate.hpp"
#include "simulated_disk.hpp"
#include "support/catch.hpp"

using namespace alaris;
using namespace alaris::gateway;
using alaris::test::sendable;
using alaris::test::SimulatedDisk;
using namespace std::chrono_literals;

namespace {

const Instant now = Instant(std::chrono::seconds(1795444267));
const OptionContract near_leg{make_date(2026, 12, 18), *Strike::from_dollars(250.0), OptionType::call};
const OptionContract far_leg{make_date(2027, 1, 15), *Strike::from_dollars(250.0), OptionType::call};

ComboOrder a_calendar(const std::string& id = "alaris-0010") {
  return {id, "AAPL", {{near_leg, -1}, {far_leg, 1}}, 2, 3.15, OrderPurpose::entry};
}
PlaceOrder intend(OrderDesk& desk, const ComboOrder& order = a_calendar(), int id = 5010) {
  const auto place = desk.intend(now, sendable(order), id, {800100101, 800100102}, "DU1234567");
  REQUIRE(place);
  return *place;
}
ExecutionDetails leg_row(const std::string& id, bool near, int contracts, double price) {
  ExecutionDetails row;
  row.order_id = 5010, row.order_ref = "alaris-0010", row.perm_id = 77, row.client_id = 7, row.account = "DU1234567";
  row.contract.sec_type = "OPT", row.contract.symbol = "AAPL", row.contract.con_id = near ? 800100101 : 800100102;
  row.execution_id = id, row.side = near ? "SLD" : "BOT", row.shares = contracts, row.price = price;
  return row;
}
ExecutionDetails combination_row(const std::string& id, int units, double price) {
  ExecutionDetails row = leg_row(id, false, units, price);
  row.contract.sec_type = "BAG", row.contract.con_id = 28812380;
  return row;
}
OrderStatus status(const std::string& word, double filled) {
  return {.order_id = 5010, .status = word, .filled = filled, .perm_id = 77, .client_id = 7};
}
void hears(OrderDesk& desk, const GatewayMessage& message) {
  desk.hear(now, MessageReceived{message});
}
void loses_connection(OrderDesk& desk) {
  desk.hear(now, PhaseChanged{SessionPhase::ready, SessionPhase::down, "", false});
}
OrderPhase phase(const OrderDesk& desk, const std::string& id = "alaris-0010") {
  return desk.find(id)->machine.phase();
}
bool same(const OurBooks& a, const OurBooks& b) {
  return a.options == b.options && a.cash == b.cash && a.working_orders == b.working_orders &&
         a.executions == b.executions;
}
std::vector<GatewayMessage> two_units_in_two_fills() {
  return {status("PreSubmitted", 0),
          status("Submitted", 1),
          status("Filled", 2),
          combination_row("x.1.01", 1, 3.14),
          leg_row("x.2.01", true, 1, 6.30),
          leg_row("x.3.01", false, 1, 9.44),
          leg_row("x.4.01", true, 1, 6.28),
          leg_row("x.5.01", false, 1, 9.43),
          leg_row("x.5.02", false, 1, 9.42),  // a correction
          CommissionReport{.execution_id = "x.2.01", .commission = 0.70255, .currency = "USD"},
          CommissionReport{.execution_id = "x.3.01", .commission = 0.65, .currency = "USD"}};
}

}  // namespace

TEST_CASE("an order leaves only after its intent is on the disk", "[gateway][desk]") {
  SimulatedDisk disk;
  OrderDesk desk(disk, 7);
  const PlaceOrder place = intend(desk);
  CHECK(disk.syncs == 1);
  CHECK(disk.durable.find("alaris-0010") != std::string::npos);
  CHECK(place.contract.is_bag());
  CHECK(place.order.action == "BUY");
  CHECK(*place.order.limit == 3.15);
  CHECK(place.contract.legs[0].action == "SELL");
  for (const bool write : {true, false}) {
    (write ? disk.write_fails : disk.sync_fails) = true;
    OrderDesk failing(disk, 7);
    const auto refused = failing.intend(now, sendable(a_calendar()), 5010, {1, 2}, "DU1234567");
    REQUIRE(!refused);
    CHECK(refused.error() == DeskError::journal_failed);
    disk.write_fails = disk.sync_fails = false;
    CHECK(!failing.intend(now, sendable(a_calendar("other")), 5011, {1, 2},
                          "DU1234567"));  // its tail is not trusted again
  }
}

TEST_CASE("an order carries the hash of its configuration through every restart", "[gateway][desk]") {
  SimulatedDisk disk;
  {
    OrderDesk desk(disk, 7);
    (void)intend(desk);  // of a time before hashes were kept
    desk.use_configuration("0123456789abcdef");
    const auto place = desk.intend(now, sendable(a_calendar("alaris-0011")), 5011, {1, 2}, "DU1234567");
    REQUIRE(place);
    CHECK(desk.find("alaris-0011")->configuration == "0123456789abcdef");
  }
  OrderDesk again(disk, 7);
  REQUIRE(again.recover(now));
  CHECK(again.find("alaris-0010")->configuration.empty());
  CHECK(again.find("alaris-0011")->configuration == "0123456789abcdef");
  CHECK(again.find("alaris-0011")->machine.order().legs == a_calendar().legs);
}

TEST_CASE("a cancel is remembered where the disk takes nothing", "[gateway][desk]") {
  SimulatedDisk disk;
  OrderDesk desk(disk, 7);
  (void)intend(desk);
  hears(desk, status("Submitted", 0));
  disk.write_fails = true;
  desk.cancel_requested("alaris-0010");
  CHECK(desk.failed());
  CHECK(desk.find("alaris-0010")->machine.cancel_requested());
  hears(desk, status("Cancelled", 0));
  CHECK(phase(desk) == OrderPhase::cancelled);
  CHECK(!desk.halt("full"));
  CHECK(desk.command() == KillCommand::halt);  // in memory, for as long as the process lives
}

TEST_CASE("who follows the orders sees by one number whether any has changed", "[gateway][desk]") {
  SimulatedDisk disk;
  OrderDesk desk(disk, 7);
  const auto before = desk.revision();
  (void)intend(desk);
  const auto intended = desk.revision();
  CHECK(intended != before);
  hears(desk, TickSize{.request_id = 1, .tick_type = 0, .size = 5.0});
  CHECK(desk.revision() == intended);
  hears(desk, status("Submitted", 0));
  CHECK(desk.revision() != intended);
}

TEST_CASE("a halt ends with a reason that says something, and the journal knows that it ended", "[gateway][desk]") {
  SimulatedDisk disk;
  OrderDesk desk(disk, 7);
  REQUIRE(desk.remember("breakers", {"tripped"}));
  REQUIRE(desk.halt("odd spreads"));
  for (const char* blank : {"", " ", "\t \n"}) CHECK_FALSE(desk.resume(blank));
  CHECK(desk.command() == KillCommand::halt);
  REQUIRE(desk.resume("quotes are back"));
  CHECK(desk.command() == KillCommand::none);
  OrderDesk restarted(disk, 7);
  REQUIRE(restarted.recover(now));
  CHECK(restarted.command() == KillCommand::none);
  CHECK(restarted.memories() == desk.memories());
  CHECK(restarted.memories().back() == JournalFields{"resume", "quotes are back"});  // after what was kept
}

TEST_CASE("a desk that only reduces risk sends nothing that opens any, also after a restart", "[gateway][desk]") {
  SimulatedDisk disk;
  OrderDesk desk(disk, 7);
  REQUIRE(desk.reduce_only("a quiet week"));
  OrderDesk restarted(disk, 7);
  REQUIRE(restarted.recover(now));
  for (OrderDesk* each : {&desk, &restarted}) {
    CHECK(each->command() == KillCommand::reduce_only);
    CHECK(!each->halted());
    const auto opens = each->intend(now, sendable(a_calendar()), 5010, {1, 2}, "DU1234567");
    REQUIRE(!opens);
    CHECK(opens.error() == DeskError::halted);
  }
  CHECK(desk.intend(now, sendable(a_calendar("exit-1"), true), 5011, {1, 2}, "DU1234567"));
  REQUIRE(desk.halt("odd spreads"));
  REQUIRE(desk.reduce_only("a weaker word"));
  CHECK(desk.command() == KillCommand::halt);
}

TEST_CASE("an exit sells the combination as it was opened", "[gateway][desk]") {
  SimulatedDisk disk;
  OrderDesk desk(disk, 7);
  ComboOrder exit = a_calendar("exit-1");
  exit.legs = reversed(exit.legs), exit.limit = -4.05, exit.purpose = OrderPurpose::exit;
  const PlaceOrder place = intend(desk, exit);
  CHECK(place.order.action == "SELL");
  CHECK(*place.order.limit == 4.05);
  CHECK(place.contract.legs[0].action == "SELL");
  CHECK(place.contract.legs[1].action == "BUY");
}

TEST_CASE("the same intent is refused the second time, also after a restart", "[gateway][desk]") {
  SimulatedDisk disk;
  OrderDesk desk(disk, 7);
  (void)intend(desk);
  const auto again = desk.intend(now, sendable(a_calendar()), 5011, {1, 2}, "DU1234567");
  REQUIRE(!again);
  CHECK(again.error() == DeskError::duplicate_intent);
  CHECK(!desk.intend(now, sendable(a_calendar("other")), 5010, {1, 2}, "DU1234567"));  // an order id is used once
  OrderDesk restarted(disk, 7);
  REQUIRE(restarted.recover(now));
  CHECK(restarted.highest_order_id() == 5010);
  CHECK(!restarted.intend(now, sendable(a_calendar()), 5011, {1, 2}, "DU1234567"));
  CHECK(!desk.intend(now, sendable(a_calendar("bad|reference")), 5020, {1, 2}, "DU1234567"));
}

TEST_CASE("every order and repetition of the broker's reports ends in the same books", "[gateway][desk]") {
  const auto reports = two_units_in_two_fills();
  std::mt19937_64 random(4);
  std::optional<OurBooks> first;
  for (int round = 0; round < 2000; ++round) {
    SimulatedDisk disk;
    OrderDesk desk(disk, 7);
    (void)intend(desk);
    desk.hear(now, OrderWritten{5010});
    std::vector<std::size_t> order(reports.size());
    std::iota(order.begin(), order.end(), 0);
    for (int i = 0; i < 5; ++i) order.push_back(random() % reports.size());
    std::shuffle(order.begin(), order.end(), random);
    for (const std::size_t i : order) hears(desk, reports[i]);
    REQUIRE(phase(desk) == OrderPhase::filled);
    const OurBooks books = desk.books();
    if (!first) first = books;
    REQUIRE(same(books, *first));
    if (round % 50 != 0) continue;
    OrderDesk restarted(disk, 7);
    REQUIRE(restarted.recover(now));
    REQUIRE(same(restarted.books(), *first));
  }
  CHECK(first->options.at({"AAPL", near_leg}) == -2);
  CHECK(first->options.at({"AAPL", far_leg}) == 2);
  // 100 * (6.30 + 6.28 - 9.44 - 9.42) - 0.70255 - 0.65
  CHECK(to_string(first->cash) == "-629.35255");
}

TEST_CASE("an order whose connection ended unanswered is asked about and never sent again", "[gateway][desk]") {
  SimulatedDisk disk;
  OrderDesk desk(disk, 7);
  (void)intend(desk);
  desk.hear(now, OrderWritten{5010});
  loses_connection(desk);
  CHECK(phase(desk) == OrderPhase::unknown);
  BrokerState answers;
  SECTION("found among the open orders it is adopted") {
    OpenOrder row;
    row.order.order_ref = "alaris-0010", row.order.perm_id = 77, row.state.status = "Submitted";
    hears(desk, row);
    answers.open_orders.push_back(row);
    desk.hear(now, Synced{answers});
    CHECK(phase(desk) == OrderPhase::acknowledged);
  }
  SECTION("found among the completed orders it is over") {
    CompletedOrder row;
    row.order.order_ref = "alaris-0010", row.state.status = "Cancelled";
    answers.completed.push_back(row);
    desk.hear(now, Synced{answers});
    CHECK(phase(desk) == OrderPhase::cancelled);
  }
  SECTION("found nowhere it is lost") {
    desk.hear(now, Synced{answers});
    CHECK(phase(desk) == OrderPhase::lost);
    SECTION("and an execution that comes after all is booked") {
      hears(desk, leg_row("x.2.01", true, 1, 6.30));
      CHECK(phase(desk) == OrderPhase::partially_filled);
    }
  }
  SECTION("a broker that lists today only proves nothing about yesterday's order") {
    desk.hear(now + std::chrono::hours(24), Synced{answers});
    CHECK(phase(desk) == OrderPhase::unknown);
    CHECK(desk.take_alarms(now).size() == 1);
  }
}

TEST_CASE("an order that nobody answers for ten seconds on a living connection is asked about", "[gateway][desk]") {
  SimulatedDisk disk;
  OrderDesk desk(disk, 7);
  (void)intend(desk);
  desk.hear(now, OrderWritten{5010});
  (void)desk.take_alarms(now + 9s);
  CHECK((phase(desk) == OrderPhase::submitted && !desk.wants_questions()));
  SECTION("an answer in time asks nothing") {
    hears(desk, status("PreSubmitted", 0));
    (void)desk.take_alarms(now + 1min);
    CHECK((phase(desk) == OrderPhase::acknowledged && !desk.wants_questions()));
  }
  SECTION("silence makes it unknown, and a late answer finds it again") {
    (void)desk.take_alarms(now + 10s);
    CHECK((phase(desk) == OrderPhase::unknown && desk.wants_questions()));
    hears(desk, status("Submitted", 0));
    CHECK(phase(desk) == OrderPhase::acknowledged);
  }
  SECTION("a broker that knows nothing of it has lost it") {
    (void)desk.take_alarms(now + 10s);
    desk.hear(now + 12s, Synced{});
    CHECK((phase(desk) == OrderPhase::lost && !desk.wants_questions()));
  }
}

TEST_CASE("a warning leaves the order alive and a refusal kills only what was not acknowledged", "[gateway][desk]") {
  SimulatedDisk disk;
  OrderDesk desk(disk, 7);
  (void)intend(desk);
  desk.hear(now, OrderWritten{5010});
  desk.hear(now, OrderProblem{5010, 399, ErrorAction::order_lives, "will not be placed until 09:30"});
  CHECK(phase(desk) == OrderPhase::submitted);
  SECTION("before the first echo") {
    desk.hear(now, OrderProblem{5010, 110, ErrorAction::order_failed, "The price does not conform"});
    CHECK(phase(desk) == OrderPhase::rejected);
  }
  SECTION("after it") {
    hears(desk, status("Submitted", 0));
    desk.hear(now, OrderProblem{5010, 110, ErrorAction::order_failed, "The price does not conform"});
    CHECK(phase(desk) == OrderPhase::acknowledged);
    CHECK(desk.wants_questions());
    desk.hear(now, OrderProblem{5010, 202, ErrorAction::order_cancelled, ""});
    CHECK(phase(desk) == OrderPhase::cancelled);
  }
}

TEST_CASE("a combination filled on one leg is an alarm after thirty seconds and no leg order", "[gateway][desk]") {
  SimulatedDisk disk;
  OrderDesk desk(disk, 7);
  (void)intend(desk);
  hears(desk, leg_row("x.2.01", true, 1, 6.30));
  CHECK(desk.take_alarms(now + 29s).empty());
  const auto alarms = desk.take_alarms(now + 30s);
  REQUIRE(alarms.size() == 1);
  CHECK(alarms[0].what.starts_with("P0"));
  CHECK(desk.wants_questions());
  CHECK(desk.take_alarms(now + 60s).empty());
}

TEST_CASE("the golden fill of a calendar is booked from its legs and not from its combination row", "[gateway][desk]") {
  SimulatedDisk disk;
  OrderDesk desk(disk, 7);
  (void)intend(desk);
  for (const char* file : {"gateway-orders.json"})
    for (const auto& test : test::golden(file)) hears(desk, *decode_gateway(test::payload_of(test.at("hex"))));
  const DeskOrder* order = desk.find("alaris-0010");
  CHECK(order->machine.executed(near_leg) == -1);
  CHECK(order->machine.executed(far_leg) == 1);
  CHECK(order->machine.executions_missing());  // the status speaks of two units
  CHECK(order->echoed->con_id != 0);
}

TEST_CASE("a journal cut at any byte gives back its whole records and no others", "[gateway][journal]") {
  SimulatedDisk disk;
  Journal journal(disk);
  for (int i = 0; i < 5; ++i)
    REQUIRE(journal.append({"record", std::to_string(i), std::string(static_cast<std::size_t>(i), 'x')}));
  const std::string whole = disk.cached;
  std::size_t last = 0;
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    SimulatedDisk torn;
    torn.cached = whole.substr(0, cut);
    Journal recovered(torn);
    const auto records = recovered.recover();
    REQUIRE(records);
    CHECK(records->size() >= last);
    last = records->size();
    for (std::size_t i = 0; i < records->size(); ++i) CHECK((*records)[i][1] == std::to_string(i));
    CHECK(recovered.append({"record", "next"}));  // and goes on from there
    Journal again(torn);
    CHECK(again.recover()->size() == last + 1);
  }
  CHECK(last == 5);
}

TEST_CASE("damage before the end of a journal is reported and never repaired", "[gateway][journal]") {
  SimulatedDisk disk;
  Journal journal(disk);
  for (int i = 0; i < 5; ++i) REQUIRE(journal.append({"record", std::to_string(i)}));
  const std::string whole = disk.cached;
  const std::size_t record = whole.size() / 5;
  std::mt19937_64 random(9);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    SimulatedDisk damaged;
    damaged.cached = whole;
    damaged.cached[at] = static_cast<char>(damaged.cached[at] ^ static_cast<char>(1 + random() % 255));
    Journal recovered(damaged);
    const auto records = recovered.recover();
    if (at < whole.size() - record) {
      REQUIRE(!records);
      CHECK(records.error() == JournalError::damaged);
      CHECK(damaged.cached.size() == whole.size());
    } else {
      CHECK(records->size() == 4);
    }
  }
}

TEST_CASE("intents survive a crash at any instant and what was not intended does not appear", "[gateway][journal]") {
  std::mt19937_64 random(11);
  for (int round = 0; round < 300; ++round) {
    SimulatedDisk disk;
    const auto reports = two_units_in_two_fills();
    OrderDesk desk(disk, 7);
    (void)intend(desk);
    const std::size_t heard = random() % (reports.size() + 1);
    for (std::size_t i = 0; i < heard; ++i) hears(desk, reports[i]);
    disk.crash(random);
    OrderDesk restarted(disk, 7);
    REQUIRE(restarted.recover(now));
    REQUIRE(restarted.find("alaris-0010") != nullptr);
    for (const auto& report : reports) hears(restarted, report);  // the broker tells it all again
    for (const auto& report : reports) hears(desk, report);
    CHECK(same(desk.books(), restarted.books()));
  }
}

TEST_CASE("a journal file has one owner and keeps its records", "[gateway][journal]") {
  std::string pattern = (std::filesystem::temp_directory_path() / "alaris-journal-XXXXXX").string();
  const std::filesystem::path folder = ::mkdtemp(pattern.data());
  const auto path = folder / "journal" / "intents.alj";
  {
    FileStorage storage(path);
    REQUIRE(storage.open());
    FileStorage second(path);
    CHECK(!second.open());
    OrderDesk desk(storage, 7);
    REQUIRE(desk.recover(now));
    (void)intend(desk);
  }
  std::ofstream(path, std::ios::app | std::ios::binary) << "AJR1 torn";
  {
    FileStorage storage(path);
    OrderDesk desk(storage, 7);
    REQUIRE(desk.recover(now));
    CHECK(phase(desk) == OrderPhase::unknown);
  }
  CHECK((std::filesystem::status(path).permissions() & std::filesystem::perms::others_all) ==
        std::filesystem::perms::none);
  std::filesystem::remove_all(folder);
}

TEST_CASE("positions in the broker's words are positions in ours", "[gateway][desk]") {
  BrokerState state;
  for (const auto& test : test::golden("gateway-account.json")) {
    const auto message = *decode_gateway(test::payload_of(test.at("hex")));
    if (const auto* row = std::get_if<Position>(&message)) state.positions.push_back(*row);
  }
  const BrokerBooks books = books_of(state, "DU1234567");
  CHECK(books.options->at({"AAPL", near_leg}) == -2);
  CHECK(books.shares->size() == 1);
  CHECK(!books.cash);  // not in the answer: unknown
}

TEST_CASE("a halt outlives the process and lets only what reduces risk through", "[gateway][desk]") {
  SimulatedDisk disk;
  {
    OrderDesk desk(disk, 7);
    REQUIRE(desk.halt("daily loss"));
  }
  OrderDesk desk(disk, 7);
  REQUIRE(desk.recover(now));
  CHECK(*desk.halted() == "daily loss");
  const auto refused = desk.intend(now, sendable(a_calendar()), 5010, {1, 2}, "DU1234567");
  REQUIRE(!refused);
  CHECK(refused.error() == DeskError::halted);
  CHECK(desk.intend(now, sendable(a_calendar("exit-1"), true), 5011, {1, 2}, "DU1234567"));
  CHECK(!desk.resume(""));
  CHECK(desk.resume("the loss was a stale mark"));
  CHECK(desk.intend(now, sendable(a_calendar("entry-2")), 5012, {1, 2}, "DU1234567"));
}
