// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "gateway/handshake.hpp"
#include "golden.hpp"
#include "open_gate.hpp"
#include "stranger.hpp"
#include "support/catch.hpp"
#include "world.hpp"

using namespace alaris;
using namespace alaris::gateway;
using alaris::test::ACalendar;
using alaris::test::calendar_of;
using alaris::test::sendable;
using alaris::test::Stranger;
using alaris::test::World;
using simulated::FaultKind;
using simulated::Scenario;
using namespace std::chrono_literals;

namespace {

Scenario a_market() {
  return simulated::default_scenario(make_date(2026, 11, 23));
}

struct Trader : World {
  explicit Trader(const Scenario& scenario) : World(scenario), calendar(calendar_of(scenario)) {
    REQUIRE(run_until_ready(20s));
    run(1s);
  }
  ACalendar calendar;

  int places(const ComboOrder& order) {
    const int id = process->session.next_order_id();
    const auto place = process->desk.intend(now, sendable(order), id, calendar.con_ids, "DU1234567");
    REQUIRE(place);
    REQUIRE(process->session.place(now, *place));
    pump();
    return id;
  }
  OrderPhase phase(const std::string& id) { return process->desk.find(id)->machine.phase(); }
  void suffers(FaultKind kind, double amount = 0.0, const std::string& symbol = "") {
    server.apply(now, {0ms, kind, amount, symbol});
  }
  bool books_agree() {
    for (const auto& [holding, contracts] : process->desk.books().options) {
      const int id = holding.contract == calendar.sold ? calendar.con_ids[0] : calendar.con_ids[1];
      if (server.positions().at(id) != static_cast<double>(contracts)) return false;
    }
    return process->desk.books().cash == server.cash() - Money::from_dollars(100'000);
  }
};

}  // namespace

TEST_CASE("a calendar is bought and sold again against the simulated gateway", "[gateway][simulated]") {
  Trader trader(a_market());
  trader.places(trader.calendar.entry("entry-1", 2, 20.0));
  trader.run(2s);
  REQUIRE(trader.phase("entry-1") == OrderPhase::filled);
  CHECK(trader.books_agree());
  CHECK(trader.process->desk.books().options.size() == 2);
  trader.places(trader.calendar.exit("exit-1", 2, -0.01));
  trader.run(2s);
  REQUIRE(trader.phase("exit-1") == OrderPhase::filled);
  CHECK(trader.process->desk.books().options.empty());
  CHECK(trader.process->desk.books().cash < Money{});  // two spreads and the fees
  CHECK(trader.process->desk.books().cash == trader.server.cash() - Money::from_dollars(100'000));
  CHECK(trader.process->desk.take_alarms(trader.now + 1min).empty());
}

TEST_CASE("partial and reordered and repeated rows end in the same position", "[gateway][simulated]") {
  Scenario scenario = a_market();
  scenario.fills.parts = 5, scenario.fills.reorder = true, scenario.fills.duplicate = true;
  Trader trader(scenario);
  trader.places(trader.calendar.entry("entry-1", 5, 20.0));
  trader.run(5s);
  CHECK(trader.phase("entry-1") == OrderPhase::filled);
  CHECK(trader.server.executions().size() == 15);  // five fills, each a combination row and two legs
  CHECK(trader.books_agree());
}

TEST_CASE("an order out of reach waits and its cancel is confirmed", "[gateway][simulated]") {
  Trader trader(a_market());
  const int id = trader.places(trader.calendar.entry("entry-1", 1, 0.05));
  trader.run(2s);
  CHECK(trader.phase("entry-1") == OrderPhase::acknowledged);
  CHECK(trader.process->session.cancel(trader.now, id));
  trader.process->desk.cancel_requested("entry-1");
  trader.run(1s);
  CHECK(trader.phase("entry-1") == OrderPhase::cancelled);
  CHECK(!trader.process->desk.find("entry-1")->machine.failed());
  CHECK(trader.process->session.cancel(trader.now, id));
  CHECK(trader.process->session.cancel(trader.now, 999));
  trader.run(1s);
  const auto problems = trader.events_of<OrderProblem>();
  REQUIRE(problems.size() == 3);
  CHECK((problems[0].code == 202 && problems[1].code == 10148 && problems[2].code == 10147));
}

TEST_CASE("a rejected order ends rejected and off-tick prices are refused", "[gateway][simulated]") {
  Scenario scenario = a_market();
  scenario.orders = {{.order = 1, .fate = simulated::OrderFate::reject}};
  Trader trader(scenario);
  trader.places(trader.calendar.entry("entry-1", 1, 3.0));
  trader.places(trader.calendar.entry("entry-2", 1, 3.005));
  trader.run(1s);
  CHECK(trader.phase("entry-1") == OrderPhase::rejected);
  CHECK(trader.phase("entry-2") == OrderPhase::rejected);
}

TEST_CASE("fills of a lost connection are found by asking", "[gateway][simulated]") {
  Scenario scenario = a_market();
  Trader trader(scenario);
  SECTION("the socket stays and the broker is gone") {
    trader.places(trader.calendar.entry("entry-1", 1, 20.0));
    trader.step(1ms), trader.step(1ms), trader.step(1ms);
    trader.suffers(FaultKind::lose_broker);
    trader.run(2s);
    CHECK(trader.process->session.phase() == SessionPhase::degraded);
    CHECK(trader.server.executions().size() == 3);
    CHECK(trader.process->desk.books().options.empty());
    trader.suffers(FaultKind::restore_data_kept);
    trader.run(3s);
  }
  SECTION("the gateway restarts") {
    trader.places(trader.calendar.entry("entry-1", 1, 20.0));
    trader.step(1ms), trader.step(1ms), trader.step(1ms);
    trader.suffers(FaultKind::restart, 20.0);
    trader.run(5s);
    CHECK(trader.process->session.phase() != SessionPhase::ready);
    CHECK(trader.run_until_ready(60s));
    trader.run(1s);
  }
  CHECK(trader.phase("entry-1") == OrderPhase::filled);
  CHECK(trader.books_agree());
}

TEST_CASE("an order in flight when the connection ends is adopted or lost and never sent twice",
          "[gateway][simulated]") {
  for (const auto fate : {simulated::OrderFate::accept_and_close, simulated::OrderFate::lose_and_close}) {
    Scenario scenario = a_market();
    scenario.orders = {{.order = 1, .fate = fate}};
    Trader trader(scenario);
    const int id = trader.places(trader.calendar.entry("entry-1", 1, 20.0));
    trader.run(500ms);
    CHECK(trader.phase("entry-1") == OrderPhase::unknown);
    REQUIRE(trader.run_until_ready(30s));
    trader.run(1s);
    const bool accepted = fate == simulated::OrderFate::accept_and_close;
    CHECK(trader.phase("entry-1") == (accepted ? OrderPhase::filled : OrderPhase::lost));
    CHECK(trader.server.orders().size() == (accepted ? 1 : 0));
    CHECK(trader.process->session.next_order_id() > id);  // although the gateway offers the number again
    CHECK(trader.books_agree());
  }
}

TEST_CASE("a stalled gateway is left and found again", "[gateway][simulated]") {
  Trader trader(a_market());
  trader.suffers(FaultKind::stall);
  trader.run(31s);
  CHECK(trader.process->session.phase() != SessionPhase::ready);
  trader.suffers(FaultKind::resume);
  CHECK(trader.run_until_ready(60s));
}

TEST_CASE("a half-open client id is waited for and not replaced by another", "[gateway][simulated]") {
  Trader trader(a_market());
  trader.suffers(FaultKind::half_open, 20.0);
  trader.kill();
  trader.boot();
  trader.run(5s);
  // A fresh process cannot know that its former self holds the id: it stops, as the first connect must.
  CHECK(trader.process->session.phase() == SessionPhase::stopped);
  trader.suffers(FaultKind::half_open, 0.0);
  trader.run(20s);
  trader.process->session.start(trader.now);
  CHECK(trader.run_until_ready(60s));
}

TEST_CASE("new messages and fields and cuts of the wire change nothing", "[gateway][simulated]") {
  Trader trader(a_market());
  trader.suffers(FaultKind::unknown_message);
  trader.suffers(FaultKind::trailing_fields);
  trader.suffers(FaultKind::single_bytes);
  trader.places(trader.calendar.entry("entry-1", 1, 20.0));
  trader.run(2s);
  CHECK(trader.phase("entry-1") == OrderPhase::filled);
  CHECK(trader.books_agree());
  CHECK(trader.events_of<FrameDropped>().size() == 1);
}

TEST_CASE("a second client with the same id is turned away", "[gateway][simulated]") {
  simulated::Server server(a_market(), test::monday_morning, 1);
  Stranger first(server), second(server), other(server);
  first.starts(7);
  CHECK(!first.heard().empty());
  second.starts(7);
  const auto heard = second.heard();
  REQUIRE(heard.size() == 1);
  CHECK(std::get<ErrorMessage>(heard[0]).code == 326);
  CHECK(second.closed);
  other.starts(8);
  CHECK(other.heard().size() == 5);
}

TEST_CASE("the handshake takes any range that holds the version and closes on others", "[gateway][simulated]") {
  simulated::Server server(a_market(), test::monday_morning, 1);
  // 0: the connection ends.
  for (const auto& [range, version] : {std::pair{"v100..193", 178},
                                       {"v157..178", 178},
                                       {"v178", 178},
                                       {"v190..200", 0},
                                       {"v100..178 +PACEAPI", 178},
                                       {"GET / HTTP", 0},
                                       {"v100..177", 177},
                                       {"v100..176", 176},
                                       {"v100..175", 0},
                                       {"v66..151", 0},
                                       {"v0..100", 0}}) {
    INFO(range);
    Stranger stranger(server);
    stranger.says(std::string(api_prefix) + framed(range));
    const auto reply = stranger.frames.next();
    CHECK(reply.has_value() == (version != 0));
    CHECK(stranger.closed == (version == 0));
    if (reply) CHECK(parse_reply(*reply)->version == version);
  }
}

TEST_CASE("the gateway describes its contracts and refuses what it must", "[gateway][simulated]") {
  simulated::Server server(a_market(), test::monday_morning, 1);
  Stranger client(server);
  client.starts(7);
  (void)client.heard();
  RequestContractDetails ask;
  ask.request_id = 9, ask.contract.symbol = "AAPL", ask.contract.sec_type = "STK";
  CHECK(client.answers_to<ContractData>(ask).size() == 1);
  ask.contract.sec_type = "OPT", ask.contract.expiry = "20261127", ask.contract.strike = 250.0;
  CHECK(client.answers_to<ContractData>(ask).size() == 2);
  ask.contract.right = "CALL";
  CHECK(client.answers_to<ContractData>(ask).size() == 1);
  ask.contract.strike = 3.0;
  CHECK(client.answers_to<ErrorMessage>(ask)[0].code == 200);
  ask.contract.sec_type = "BAG";
  CHECK(client.answers_to<ErrorMessage>(ask)[0].code == 321);
  CHECK(client.answers_to<OptionParameters>(RequestOptionParameters{9, "AAPL", "", "STK", 265598}).size() == 2);
  CHECK(client.answers_to<OptionParameters>(RequestOptionParameters{9, "AAPL", "CBOE", "STK", 265598}).empty());
  CHECK(client.answers_to<ErrorMessage>(RequestOptionParameters{9, "AAPL", "", "STK", 0})[0].code == 321);
  CHECK(client.answers_to<AccountSummary>(RequestAccountSummary{10, "All", "NetLiquidation,TotalCashValue"}).size() ==
        2);
  CHECK(client.answers_to<AccountDownloadEnd>(SubscribeAccount{true, "DU1234567"}).size() == 1);
  CHECK(client.answers_to<MarketRule>(RequestMarketRule{26}).size() == 1);
  RequestHistoricalData bars;
  bars.contract.con_id = 265598, bars.bar_size = "1 day", bars.duration = "2 W", bars.what_to_show = "TRADES";
  CHECK(client.answers_to<HistoricalData>(bars)[0].bars.size() == 10);
  CHECK(client.answers_to<ErrorMessage>(bars)[0].code == 162);  // the same again within 15 s
}

TEST_CASE("snapshots end and streams go on and delayed data says so", "[gateway][simulated]") {
  Scenario scenario = a_market();
  scenario.data = simulated::DataService::delayed;
  simulated::Server server(scenario, test::monday_morning, 1);
  Stranger client(server);
  client.starts(7);
  (void)client.heard();
  RequestMarketData ask{1, Contract{.con_id = 265598}, "", true, false};
  CHECK(client.answers_to<ErrorMessage>(ask)[0].code == 354);
  (void)client.answers_to<ErrorMessage>(RequestMarketDataType{3});
  client.says(*frame_of(ask));
  bool notice = false, delayed_bid = false;
  for (const auto& message : client.heard()) {
    if (const auto* e = std::get_if<ErrorMessage>(&message)) notice = notice || e->code == 10167;
    if (const auto* t = std::get_if<TickPrice>(&message)) delayed_bid = delayed_bid || t->tick_type == 66;
  }
  CHECK(notice);
  CHECK(delayed_bid);
  server.tick(test::monday_morning + 11s);
  client.hears();
  const auto heard = client.heard();
  CHECK(std::any_of(heard.begin(), heard.end(),
                    [](const auto& m) { return std::holds_alternative<TickSnapshotEnd>(m); }));
}

TEST_CASE("a preview reserves nothing and its margin is a number", "[gateway][simulated]") {
  Scenario scenario = a_market();
  scenario.what_if_warns_first = true;
  simulated::Server server(scenario, test::monday_morning, 1);
  Stranger client(server);
  client.starts(7);
  (void)client.heard();
  const ACalendar calendar = calendar_of(scenario);
  PlaceOrder order;
  order.contract.sec_type = "BAG", order.contract.symbol = "AAPL", order.contract.exchange = "SMART";
  for (const auto& [id, action] : {std::pair{calendar.con_ids[0], "SELL"}, std::pair{calendar.con_ids[1], "BUY"}})
    order.contract.legs.push_back({.con_id = id, .ratio = 1, .action = action, .exchange = "SMART"});
  order.order.order_id = 1, order.order.action = "BUY", order.order.quantity = 2, order.order.limit = 3.15;
  order.order.account = "DU1234567", order.order.what_if = true;
  const auto echoes = client.answers_to<OpenOrder>(order);
  REQUIRE(echoes.size() == 2);
  CHECK(!echoes[0].state.margin_change[0]);
  CHECK(!echoes[0].state.warning.empty());
  CHECK(*echoes[1].state.margin_change[0] == 630.0);
  CHECK(server.orders().empty());
  order.order.what_if = false;
  CHECK(client.answers_to<ErrorMessage>(order)[0].code == 103);  // the number is used up
  order.order.order_id = 2, order.order.transmit = false;
  CHECK(client.answers_to<OpenOrder>(order)[0].state.status == "Inactive");
}

TEST_CASE("the fifty-first message of a second is answered with error 100", "[gateway][simulated]") {
  simulated::Server server(a_market(), test::monday_morning, 1);
  Stranger client(server);
  client.starts(7);
  (void)client.heard();
  int complaints = 0;
  for (int i = 0; i < 160 && !client.closed; ++i)
    for (const auto& error : client.answers_to<ErrorMessage>(RequestCurrentTime{})) complaints += error.code == 100;
  CHECK(complaints == 2);
  CHECK(client.closed);
}

TEST_CASE("no recording of another client breaks the gateway", "[gateway][simulated][fuzz]") {
  std::mt19937_64 random(3);
  std::vector<std::string> frames;
  for (const char* file : {"client-requests.json", "client-orders.json"})
    for (const auto& test : test::golden(file)) frames.push_back(test::from_hex(test.at("hex").get<std::string>()));
  for (int round = 0; round < 200; ++round) {
    simulated::Server server(a_market(), test::monday_morning, static_cast<std::uint64_t>(round));
    Stranger client(server);
    client.starts(7);
    for (int i = 0; i < 30 && !client.closed; ++i) {
      std::string frame = frames[random() % frames.size()];
      if (random() % 3 == 0) frame[4 + random() % (frame.size() - 4)] = static_cast<char>(random());
      client.says(frame, test::monday_morning + i * 100ms);
      server.tick(test::monday_morning + i * 100ms);
      client.hears();
      for (const auto& message : client.heard()) CHECK(frame_of(message));
    }
  }
}
