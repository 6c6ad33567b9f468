// SPDX-License-Identifier: Apache-2.0
#include "gateway/session.hpp"

#include "peer.hpp"
#include "support/catch.hpp"

using namespace alaris;
using namespace alaris::gateway;
using alaris::test::a_calendar_order;
using alaris::test::Peer;
using namespace std::chrono_literals;

namespace {

std::string why_stopped(const Peer& peer) {
  REQUIRE(peer.session.phase() == SessionPhase::stopped);
  return peer.events_of<PhaseChanged>().back().why;
}
}  // namespace

TEST_CASE("a session asks the broker for everything before it is ready", "[gateway][session]") {
  Peer peer;
  peer.session.start(peer.now), peer.read();
  CHECK(peer.wish == SocketWish::connect);
  peer.starts();
  CHECK(peer.session.phase() == SessionPhase::syncing);
  CHECK(!peer.session.may_trade(peer.now));
  CHECK(!peer.session.place(peer.now, a_calendar_order(5000)));
  std::vector<int> asked;
  while (peer.session.phase() == SessionPhase::syncing) {
    for (const auto& m : peer.sent) asked.push_back(std::visit([]<class M>(const M&) { return M::id; }, m));
    peer.answers_everything();
  }
  CHECK(peer.session.may_trade(peer.now));
  CHECK(peer.events_of<Synced>().size() == 1);
  CHECK(asked.front() == StartApi::id);
}

TEST_CASE("a gateway of another version is refused with both numbers", "[gateway][session]") {
  Peer peer;
  peer.session.start(peer.now);
  peer.connects();
  peer.says_bytes(frame_of_reply({176, "x"}));
  CHECK_THAT(why_stopped(peer), Catch::Matchers::Contains("176") && Catch::Matchers::Contains("178"));
}

TEST_CASE("frames before the version reply are ignored and a redirect is refused", "[gateway][session]") {
  Peer peer;
  peer.session.start(peer.now);
  peer.connects();
  peer.says(ErrorMessage{-1, 2104, "farm", ""});
  CHECK(peer.session.phase() == SessionPhase::handshaking);
  peer.says_bytes(frame_of_reply({-1, "elsewhere:4001"}));
  CHECK_THAT(why_stopped(peer), Catch::Matchers::Contains("elsewhere:4001"));
}

TEST_CASE("a live account in a paper session stops before anything is asked", "[gateway][session]") {
  for (const std::string& accounts : {std::string("DU7654321"), std::string("U1234567"), std::string()}) {
    Peer peer;
    peer.session.start(peer.now);
    peer.shakes_hands();
    peer.says(ManagedAccounts{accounts});
    CHECK_THAT(why_stopped(peer), Catch::Matchers::Contains("DU1234567"));
  }
  SessionSettings live = test::paper_settings();
  live.paper = false;
  Peer peer(live);
  peer.session.start(peer.now);
  peer.shakes_hands();
  peer.says(ManagedAccounts{"DU1234567"});
  CHECK_THAT(why_stopped(peer), Catch::Matchers::Contains("paper accounts start with D"));
}

TEST_CASE("a silent gateway is reported with the settings to check", "[gateway][session]") {
  Peer peer;
  peer.session.start(peer.now);
  SECTION("no version reply") {
    peer.connects();
  }
  SECTION("no order id") {
    peer.shakes_hands();
  }
  peer.passes(11s);
  CHECK(peer.session.phase() != SessionPhase::ready);
  const auto changes = peer.events_of<PhaseChanged>();
  CHECK(std::any_of(changes.begin(), changes.end(), [](const PhaseChanged& c) {
    return c.to == SessionPhase::down && c.why.find("is the API enabled") != std::string::npos;
  }));
}

TEST_CASE("an unanswered question is unknown and never an empty account", "[gateway][session]") {
  Peer peer;
  peer.session.start(peer.now), peer.read();
  peer.starts();
  peer.says(CurrentTime{1795444267});
  peer.says(OpenOrderEnd{});
  peer.says(OpenOrderEnd{});
  REQUIRE(peer.sent_of<RequestExecutions>().size() == 1);
  peer.passes(10s + 200ms);
  CHECK(peer.session.phase() == SessionPhase::syncing);
  CHECK(peer.sent_of<RequestExecutions>().size() == 2);
  peer.passes(10s + 200ms);
  CHECK(peer.wish == SocketWish::close);
  CHECK(peer.events_of<Synced>().empty());
}

TEST_CASE("a late answer to the first question is not the answer to the second", "[gateway][session]") {
  Peer peer;
  peer.session.start(peer.now), peer.read();
  peer.starts();
  peer.says(CurrentTime{1795444267});
  peer.passes(10s + 200ms);  // the open orders are asked for again
  REQUIRE(peer.sent_of<RequestOpenOrders>().size() == 2);
  peer.says(OpenOrderEnd{});
  CHECK(peer.sent_of<RequestAllOpenOrders>().empty());
  peer.says(OpenOrderEnd{});
  CHECK(peer.sent_of<RequestAllOpenOrders>().size() == 1);
}

TEST_CASE("while the broker is lost nothing is placed and cancels still go out", "[gateway][session]") {
  Peer peer;
  peer.becomes_ready();
  REQUIRE(peer.session.place(peer.now, a_calendar_order(peer.session.next_order_id())));
  peer.read();
  CHECK(peer.sent_of<PlaceOrder>().size() == 1);
  CHECK(peer.events_of<OrderWritten>().size() == 1);
  peer.says_error(-1, 1100, "Connectivity lost");
  CHECK(peer.session.phase() == SessionPhase::degraded);
  CHECK(peer.wish != SocketWish::close);
  CHECK(!peer.session.place(peer.now, a_calendar_order(peer.session.next_order_id())));
  CHECK(peer.session.cancel(peer.now, 5000));
  peer.read();
  CHECK(peer.sent_of<CancelOrder>().size() == 1);
  peer.says_error(-1, 1102, "restored");
  CHECK(peer.session.phase() == SessionPhase::syncing);
  peer.answers_everything();
  CHECK(peer.session.phase() == SessionPhase::ready);
  CHECK(peer.events_of<Synced>().size() == 2);
}

TEST_CASE("after 1101 every stream is asked for again and after 1102 none", "[gateway][session]") {
  for (const int code : {1101, 1102}) {
    Peer peer;
    peer.becomes_ready();
    Contract apple{.con_id = 265598, .symbol = "AAPL", .sec_type = "STK", .exchange = "SMART"};
    (void)peer.session.subscribe(peer.now, apple, "");
    peer.read();
    CHECK(peer.count_ever<RequestMarketData>() == 1);
    peer.says_error(-1, 1100);
    peer.says_error(-1, code);
    peer.answers_everything();
    peer.passes(1s);
    CHECK(peer.count_ever<RequestMarketData>() == (code == 1101 ? 2u : 1u));
  }
}

TEST_CASE("streams come back after a dropped connection under their old ids", "[gateway][session]") {
  Peer peer;
  peer.becomes_ready();
  Contract apple{.con_id = 265598, .symbol = "AAPL", .sec_type = "STK", .exchange = "SMART"};
  const int id = peer.session.subscribe(peer.now, apple, "");
  peer.read();
  peer.session.disconnected(peer.now, "reset"), peer.read();
  CHECK(peer.session.phase() == SessionPhase::down);
  peer.passes(1s + 200ms);
  CHECK(peer.wish == SocketWish::connect);
  peer.starts();
  peer.answers_everything();
  peer.sent.clear();
  peer.passes(1s);
  const auto asked = peer.sent_of<RequestMarketData>();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].request_id == id);
}

TEST_CASE("a silent socket is probed then distrusted then closed", "[gateway][session]") {
  Peer peer;
  peer.becomes_ready();
  peer.passes(13s + 900ms);
  CHECK(peer.sent_of<RequestCurrentTime>().empty());
  peer.passes(200ms);
  CHECK(peer.sent_of<RequestCurrentTime>().size() == 1);
  CHECK(peer.session.phase() == SessionPhase::ready);
  peer.passes(5s);
  CHECK(peer.session.phase() == SessionPhase::degraded);
  SECTION("an answer brings it back, after asking for everything") {
    peer.says(CurrentTime{1});
    CHECK(peer.session.phase() == SessionPhase::syncing);
  }
  SECTION("no answer closes the socket") {
    peer.passes(10s + 200ms);
    CHECK(peer.wish == SocketWish::close);
    CHECK(peer.session.phase() == SessionPhase::down);
  }
}

TEST_CASE("how long an answer takes is measured while quotes flow and silence is no answer", "[gateway][session]") {
  Peer peer;
  peer.becomes_ready();
  (void)peer.session.take_latencies();
  const auto quotes_flow = [&](std::chrono::seconds time) {
    for (auto left = time; left > 0s; left -= 1s) peer.passes(1s), peer.says(TickSize{1, 0, 5.0});
  };
  peer.says(CurrentTime{1});
  CHECK(peer.session.take_latencies().size() == 1);  // the question of the start
  quotes_flow(15s);
  REQUIRE(peer.sent_of<RequestCurrentTime>().size() == 1);
  peer.passes(300ms);
  peer.says(CurrentTime{1});
  const auto measured = peer.session.take_latencies();
  REQUIRE(measured.size() == 1);
  REQUIRE(measured[0]);
  CHECK(*measured[0] >= 300ms);
  CHECK(*measured[0] <= 2s);
  quotes_flow(32s);  // asked again, never answered
  const auto silent = peer.session.take_latencies();
  REQUIRE(silent.size() == 1);
  CHECK(!silent[0]);
}

TEST_CASE("a client id in use stops the first connect and delays a later one", "[gateway][session]") {
  Peer first;
  first.session.start(first.now);
  first.shakes_hands();
  first.says_error(-1, 326, "client id is already in use");
  CHECK_THAT(why_stopped(first), Catch::Matchers::Contains("326"));

  Peer later;
  later.becomes_ready();
  later.session.disconnected(later.now, "reset");
  later.passes(1s + 200ms);
  later.shakes_hands();
  later.says_error(-1, 326, "client id is already in use");
  CHECK(later.session.phase() == SessionPhase::down);
  later.passes(2s + 200ms);
  CHECK(later.session.phase() == SessionPhase::connecting);
}

TEST_CASE("a farm that is down does not touch the session", "[gateway][session]") {
  Peer peer;
  peer.becomes_ready();
  for (const int code : {2103, 2105, 2157, 2108}) peer.says_error(-1, code);
  CHECK(peer.session.may_trade(peer.now));
  CHECK(peer.events_of<Notice>().size() == 3);
}

TEST_CASE("order ids never go back whatever the gateway offers", "[gateway][session]") {
  SessionSettings settings = test::paper_settings();
  settings.highest_order_id = 6000;  // the journal remembers what the gateway forgot
  Peer peer(settings);
  peer.becomes_ready();
  CHECK(peer.session.next_order_id() == 6001);
  CHECK(peer.session.next_order_id() == 6002);
  peer.says(OrderStatus{.order_id = 7000, .status = "Submitted"});
  CHECK(peer.session.next_order_id() == 7001);
  peer.says(NextValidId{9000});
  CHECK(peer.session.next_order_id() == 9000);
  peer.says(NextValidId{5000});
  CHECK(peer.session.next_order_id() == 9001);
}

TEST_CASE("a cancel passes a hundred waiting requests and no second holds more than fifty", "[gateway][session]") {
  Peer peer;
  peer.becomes_ready();
  peer.passes(2s);
  RequestContractDetails details;
  for (int i = 0; i < 100; ++i) CHECK(peer.session.request(peer.now, details, 60s) != 0);
  CHECK(peer.session.place(peer.now, a_calendar_order(5000)));
  CHECK(peer.session.cancel(peer.now, 5000));
  peer.read();
  CHECK(peer.sent_of<PlaceOrder>().size() == 1);
  CHECK(peer.sent_of<CancelOrder>().size() == 1);
  CHECK(peer.sent_of<RequestContractDetails>().size() < 10);
  std::vector<std::size_t> total{peer.sent.size()};
  for (int i = 0; i < 40; ++i) peer.after(100ms), total.push_back(peer.sent.size());
  for (std::size_t i = 10; i < total.size(); ++i) CHECK(total[i] - total[i - 10] <= 50);
  CHECK(peer.sent_of<RequestContractDetails>().size() == 100);
}

TEST_CASE("the gateway's complaint about speed silences the client for a second", "[gateway][session]") {
  Peer peer;
  peer.becomes_ready();
  peer.passes(2s);
  peer.says_error(-1, 100, "Max rate of messages per second has been exceeded");
  CHECK(peer.session.cancel(peer.now, 5000));
  peer.passes(900ms);
  CHECK(peer.sent_of<CancelOrder>().empty());
  peer.passes(300ms);
  CHECK(peer.sent_of<CancelOrder>().size() == 1);
}

TEST_CASE("a request without an answer fails and is not an empty chain", "[gateway][session]") {
  Peer peer;
  peer.becomes_ready();
  const int answered = peer.session.request(peer.now, RequestOptionParameters{0, "AAPL", "", "STK", 265598}, 30s);
  const int refused = peer.session.request(peer.now, RequestContractDetails{}, 30s);
  const int silent = peer.session.request(peer.now, RequestContractDetails{}, 30s);
  peer.says(OptionParametersEnd{answered});
  peer.says_error(refused, 200, "No security definition");
  for (int i = 0; i < 4; ++i) peer.passes(10s), peer.says(CurrentTime{1});
  const auto failed = peer.events_of<RequestFailed>();
  REQUIRE(failed.size() == 2);
  CHECK((failed[0].request_id == refused && failed[0].code == 200));
  CHECK((failed[1].request_id == silent && failed[1].code == 0));
}

TEST_CASE("identical historical requests are fifteen seconds apart", "[gateway][session]") {
  Peer peer;
  peer.becomes_ready();
  RequestHistoricalData bars;
  bars.contract.con_id = 265598, bars.bar_size = "1 day", bars.duration = "1 Y", bars.what_to_show = "TRADES";
  CHECK(peer.session.request(peer.now, bars, 60s) != 0);
  CHECK(peer.session.request(peer.now, bars, 60s) != 0);
  peer.read();
  CHECK(peer.sent_of<RequestHistoricalData>().size() == 1);
  peer.passes(14s + 800ms);
  CHECK(peer.sent_of<RequestHistoricalData>().size() == 1);
  peer.passes(300ms);
  CHECK(peer.sent_of<RequestHistoricalData>().size() == 2);
}

TEST_CASE("streams beyond the line budget wait for a free line", "[gateway][session]") {
  SessionSettings settings = test::paper_settings();
  settings.market_data_lines = 2;
  Peer peer(settings);
  peer.becomes_ready();
  peer.passes(1s);
  std::vector<int> ids;
  for (int i = 1; i <= 3; ++i) ids.push_back(peer.session.subscribe(peer.now, Contract{.con_id = i}, ""));
  peer.passes(1s);
  CHECK(peer.sent_of<RequestMarketData>().size() == 2);
  peer.session.unsubscribe(peer.now, ids[0]);
  peer.passes(1s);
  CHECK(peer.sent_of<RequestMarketData>().size() == 3);
}

TEST_CASE("orders that were queued and never written are given back", "[gateway][session]") {
  Peer peer;
  peer.becomes_ready();
  peer.passes(2s);
  int placed = 0;
  for (int i = 0; i < 20; ++i) placed += peer.session.place(peer.now, a_calendar_order(5000 + i)) ? 1 : 0;
  peer.session.disconnected(peer.now, "reset"), peer.read();
  CHECK(placed == 20);
  const auto written = peer.events_of<OrderWritten>();
  CHECK(written.size() + peer.events_of<OrderNotSent>().size() == 20);
  CHECK(!peer.events_of<OrderNotSent>().empty());
}

TEST_CASE("no order starts in the two minutes before the gateway restarts", "[gateway][session]") {
  SessionSettings settings = test::paper_settings();
  settings.windows.gateway_restart = 9h + 33min;  // the session below is ready at 09:31:07
  Peer peer(settings);
  peer.becomes_ready();
  CHECK(!peer.session.may_trade(peer.now));
  CHECK(peer.session.may_trade(peer.now + 2min));
  CHECK(settings.windows.planned(peer.now + 2min));
  CHECK(!settings.windows.planned(peer.now));
  CHECK(RestartWindows{}.planned(new_york_instant(make_date(2026, 11, 24), 30min)));
  CHECK(RestartWindows{}.planned(new_york_instant(make_date(2026, 11, 27), 23h + 1min)));
  CHECK(RestartWindows{}.planned(new_york_instant(make_date(2026, 11, 28), 2h + 59min)));
  CHECK(!RestartWindows{}.planned(new_york_instant(make_date(2026, 11, 28), 3h)));
}

TEST_CASE("the waits between attempts grow to a minute and are not the same for two clients", "[gateway][session]") {
  Backoff one(1), two(2);
  const int least[] = {1, 2, 4, 8, 15, 30, 60, 60, 60};
  bool differs = false;
  for (const int seconds : least) {
    const auto a = one.next(), b = two.next();
    CHECK(a >= std::chrono::seconds(seconds));
    CHECK(a <= std::chrono::microseconds(seconds * 1'200'000));
    differs = differs || a != b;
  }
  CHECK(differs);
}

TEST_CASE("garbage from the wrong port ends the session and not the program", "[gateway][session]") {
  Peer peer;
  peer.session.start(peer.now);
  peer.connects();
  peer.says_bytes("HTTP/1.1 400 Bad Request\r\n\r\n");
  CHECK(peer.session.phase() == SessionPhase::down);
  Peer ready;
  ready.becomes_ready();
  ready.says_bytes(framed(join_fields({"3", "5001"})));
  ready.says_bytes(framed(join_fields({"987", "1"})));
  ready.says_bytes(framed(join_fields({"987", "2"})));
  CHECK(ready.session.may_trade(ready.now));
  CHECK(ready.events_of<FrameDropped>().size() == 2);  // the unknown message is reported once
}

TEST_CASE("every code of the protocol has its documented action", "[gateway][session]") {
  using enum ErrorAction;
  CHECK(documented_action(202) == order_cancelled);
  CHECK(documented_action(201) == order_rejected);
  CHECK(documented_action(399) == order_lives);
  CHECK(documented_action(10349) == order_lives);
  CHECK(documented_action(110) == order_failed);
  CHECK(documented_action(10148) == refresh_orders);
  CHECK(documented_action(2110) == broker_lost);
  CHECK(documented_action(10167) == delayed_data);
  CHECK(documented_action(123456) == note);
  CHECK(action_of(10999, {{10999, order_failed}}) == order_failed);
  CHECK(says_read_only("API interface is currently in Read-Only mode."));
}
