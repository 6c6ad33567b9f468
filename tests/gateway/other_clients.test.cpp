// SPDX-License-Identifier: Apache-2.0
// What clients of another make do and Alaris does not, against the simulated gateway.
#include <cmath>

#include <alaris/market/new_york.hpp>

#include "gateway/wire_text.hpp"
#include "other_client.hpp"
#include "support/catch.hpp"

using namespace alaris;
using namespace alaris::gateway;
using namespace alaris::test;
using simulated::Scenario;
using simulated::Server;
using namespace std::chrono_literals;

TEST_CASE("a client that stops at 176 is spoken to in the layout of 176", "[gateway][simulated][versions]") {
  for (const int most : {176, 177, 178}) {
    INFO(most);
    Server server(a_market(), monday_morning, 1);
    Stranger client(server);
    client.starts(7, most);
    CHECK(client.version == most);
    CHECK(client.heard().size() == 5);
    PlaceOrder order;
    order.contract.con_id = aapl_call, order.contract.exchange = "SMART";
    order.order.order_id = 1, order.order.action = "BUY", order.order.quantity = 1, order.order.limit = 90.0;
    order.order.account = "DU1234567", order.order.order_ref = "mine", order.order.model_code = "after the profile";
    const auto frame = frame_of(order, most);
    CHECK(split_fields(std::string_view(*frame).substr(4))->size() == (most < 177 ? 115 : 114));
    client.says(*frame);
    Instant now = monday_morning;
    client.waits(now, 500ms);
    std::size_t open = 0, executions = 0;
    while (const auto payload = client.frames.next()) {
      const auto fields = *split_fields(*payload);
      const auto message = decode_gateway(*payload, most);
      REQUIRE(message);
      if (const auto* echo = std::get_if<OpenOrder>(&*message)) {
        ++open;
        CHECK(fields.size() == (most < 177 ? 136 : 135));
        CHECK(echo->order.order_ref == "mine");
        CHECK(echo->order.model_code == "after the profile");
        CHECK(echo->order.clearing_intent == "IB");
      }
      if (std::holds_alternative<ExecutionDetails>(*message)) {
        ++executions;
        CHECK(fields.size() == (most < 178 ? 31 : 32));
      }
    }
    CHECK(open == 1);
    CHECK(executions == 1);
  }
}

TEST_CASE("START_API may leave its capabilities out", "[gateway][simulated]") {
  Server server(a_market(), monday_morning, 1);
  Stranger client(server);
  client.says(opening({100, 178}));
  (void)client.frames.next();
  client.says_fields({"71", "2", "31"});
  CHECK(client.heard_of<NextValidId>().size() == 1);
}

TEST_CASE("an empty account is the one account there is", "[gateway][simulated]") {
  Server server(a_market(), monday_morning, 1);
  Other client(server);
  auto order = client.order(aapl_call, "BUY", 1);
  order.order.account.clear(), order.order.order_ref = "by default";
  CHECK(client.answers_to<OpenOrder>(order).at(0).order.account == "DU1234567");
  CHECK(client.later<ExecutionDetails>(200ms).at(0).account == "DU1234567");
  CHECK(client.answers_to<CompletedOrder>(RequestCompletedOrders{}).at(0).order.account == "DU1234567");
  CHECK(client.answers_to<AccountDownloadEnd>(SubscribeAccount{true, ""}).size() == 1);
  CHECK(client.answers_to<ErrorMessage>(SubscribeAccount{true, "DU999"}).at(0).code == 321);
}

TEST_CASE("what cannot be read is refused under its own number", "[gateway][simulated]") {
  Server server(a_market(), monday_morning, 1);
  Other client(server);
  const auto refused = [&](const std::vector<std::string>& fields) {
    client.says_fields(fields);
    const auto errors = client.heard_of<ErrorMessage>();
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].code == 320);
    return errors[0].request_id;
  };
  CHECK(refused({"92", "1050", "DU1234567", ""}) == 1050);  // no version: requests from 78 on
  CHECK(refused({"50", "3", "1054", "265598"}) == 1054);    // a version before the number
  CHECK(refused({"20", "1060", "x"}) == 1060);
  CHECK(refused({"9", "8"}) == -1);
  CHECK(refused({"80"}) == -1);
  CHECK(refused({"6", "2", "1"}) == -1);
  CHECK(refused({"x", "y"}) == -1);
}

TEST_CASE("a reference outside ASCII is refused and no order comes of it", "[gateway][simulated]") {
  Server server(a_market(), monday_morning, 1);
  Other client(server);
  auto order = client.order(aapl_call, "BUY", 1);
  order.order.order_ref = "cafe", order.order.order_id = 4711;
  std::string frame = *frame_of(order);
  frame.replace(frame.find("cafe"), 4, "caf\xe9");
  client.says(frame);
  const auto errors = client.heard_of<ErrorMessage>();
  REQUIRE(errors.size() == 1);
  CHECK((errors[0].code == 320 && errors[0].request_id == 4711));
  CHECK(server.orders().empty());
}

TEST_CASE("an order cannot be changed below what is filled", "[gateway][simulated]") {
  Scenario scenario = a_market();
  scenario.fills.parts = 5, scenario.fills.delay = 100ms;
  Server server(scenario, monday_morning, 1);
  Other client(server);
  auto order = client.order(aapl_call, "BUY", 10);
  (void)client.after<OrderStatus>(order, 350ms);
  const double filled = server.positions().at(aapl_call);
  REQUIRE((filled >= 4.0 && filled < 10.0));
  order.order.quantity = filled - 1.0;
  CHECK(client.answers_to<ErrorMessage>(order, client.now).at(0).code == 104);
  order.order.quantity = filled;
  CHECK(client.answers_to<OrderStatus>(order, client.now).at(0).status == "Filled");
  (void)client.later<OrderStatus>(1s);
  CHECK(server.positions().at(aapl_call) == filled);
  for (const auto& execution : server.executions()) CHECK(execution.shares > 0.0);
}

TEST_CASE("a preview under a working order's number leaves that order alone", "[gateway][simulated]") {
  Server server(a_market(), monday_morning, 1);
  Other client(server);
  auto order = client.order(aapl_call, "BUY", 1);
  order.order.type = "LMT", order.order.limit = 0.05;
  (void)client.after<OpenOrder>(order);
  order.order.what_if = true, order.order.limit = 90.0;
  const auto echoes = client.after<OpenOrder>(order, 1s);
  REQUIRE(echoes.size() == 1);
  CHECK((echoes[0].order.what_if && echoes[0].order.perm_id == 0));
  CHECK(server.executions().empty());
  CHECK(server.orders().begin()->second.request.order.limit == 0.05);
}

TEST_CASE("a change to another contract does not match the order", "[gateway][simulated]") {
  Server server(a_market(), monday_morning, 1);
  Other client(server);
  auto order = client.order(aapl_call, "BUY", 1);
  order.order.type = "LMT", order.order.limit = 0.05;
  (void)client.after<OpenOrder>(order);
  order.contract.con_id = aapl_call + 2;
  CHECK(client.answers_to<ErrorMessage>(order).at(0).code == 105);
  order.contract.con_id = aapl_call, order.order.limit = 0.06;
  CHECK(client.answers_to<OpenOrder>(order).at(0).order.limit == 0.06);
}

TEST_CASE("the average cost and what was realised follow every turn of a position", "[gateway][simulated]") {
  Server server(a_market(), monday_morning, 1);
  Other client(server);
  (void)client.answers_to<PositionEnd>(RequestPositions{});
  // AAPL: bid 249.99, ask 250.01; commission 0.005 a share, 1.00 an order at least.
  struct Turn {
    const char* action;
    double quantity, position, average, realized;  // 0: nothing was closed
  };
  for (const Turn& turn :
       {Turn{"BUY", 400, 400, 250.015, 0.0}, Turn{"SELL", 100, 300, 250.015, -3.5},
        Turn{"SELL", 500, -200, 249.985, -9.0}, Turn{"BUY", 200, 0, 0.0, -6.0}, Turn{"BUY", 100, 100, 250.02, 0.0}}) {
    INFO(turn.action << ' ' << turn.quantity);
    client.says(*frame_of(client.order(aapl, turn.action, turn.quantity)), client.now);
    client.waits(client.now, 200ms);
    for (const auto& message : client.heard()) {
      if (const auto* row = std::get_if<Position>(&message)) {
        CHECK(row->position == turn.position);
        CHECK(row->average_cost == turn.average);
      }
      if (const auto* report = std::get_if<CommissionReport>(&message))
        CHECK(report->realized == (turn.realized == 0.0 ? std::nullopt : std::optional(turn.realized)));
    }
    CHECK(server.positions().at(aapl) == turn.position);
  }
}

TEST_CASE("prices on the wire are whole cents", "[gateway][simulated]") {
  Server server(a_market(), monday_morning, 1);
  Other client(server);
  const auto whole = [](double price) { return std::round(price * 100.0) / 100.0 == price; };
  RequestMarketData ask{.request_id = 1, .contract = {.symbol = "AAPL", .sec_type = "BAG"}};
  for (int strike = 0; strike < 16; ++strike) {
    ask.request_id = strike + 1;
    ask.contract.legs = {{.con_id = 800'000'001 + strike * 2, .ratio = 1, .action = "SELL", .exchange = "SMART"},
                         {.con_id = 800'030'001 + strike * 2, .ratio = 1, .action = "BUY", .exchange = "SMART"}};
    for (const auto& tick : client.answers_to<TickPrice>(ask, client.now)) CHECK(whole(tick.price));
    PlaceOrder order = client.order(0, strike % 2 == 0 ? "BUY" : "SELL", 1);
    order.contract = ask.contract;
    for (const auto& row : client.after<ExecutionDetails>(order, 100ms)) CHECK(whole(row.price));
    (void)client.later<TickPrice>(1s);
  }
  CHECK(server.executions().size() == 48);
}

TEST_CASE("a preview of shares counts shares", "[gateway][simulated]") {
  Server server(a_market(), monday_morning, 1);
  Other client(server);
  auto order = client.order(aapl, "BUY", 1000);
  order.order.what_if = true;
  const auto echo = client.answers_to<OpenOrder>(order).at(0);
  CHECK(*echo.state.margin_change[0] == 125'005.0);  // half of 1 000 at 250.01
  CHECK(*echo.state.min_commission == 5.0);
}

TEST_CASE("executions are those since midnight in New York and from a given time on", "[gateway][simulated]") {
  Server server(a_market(), monday_morning, 1);
  Other client(server);
  (void)client.after<OrderStatus>(client.order(aapl, "BUY", 10));  // at 09:31:07
  client.now += 1h;
  (void)client.after<OrderStatus>(client.order(aapl, "BUY", 20));
  const auto found = [&](const std::string& time) {
    RequestExecutions ask{.request_id = 1'500'000'001};
    ask.time = time;
    return client.answers_to<ExecutionDetails>(ask, client.now).size();
  };
  CHECK(found("") == 2);
  CHECK(found("20261123-14:40:00") == 1);
  CHECK(found("20261123 09:40:00 US/Eastern") == 1);
  CHECK(found("20261123  08:30:00 US/Central") == 2);
  CHECK(found("20990101-00:00:00") == 0);
  client.now += 12h;
  CHECK(found("") == 2);
  client.now += 2h;
  CHECK(found("") == 0);  // Tuesday
  RequestExecutions ask{.request_id = 3};
  ask.time = "yesterday";
  CHECK(client.answers_to<ErrorMessage>(ask, client.now).at(0).code == 321);
}

// ---- orders that Alaris does not send ------------------------------------------------------------------------------

TEST_CASE("a stop sleeps until the quote reaches it", "[gateway][simulated][orders]") {
  Server server(a_market(), monday_morning, 1);
  Other client(server);
  (void)client.after<OrderStatus>(client.order(aapl, "BUY", 100));
  auto stop = client.order(aapl, "SELL", 60);
  stop.order.type = "STP", stop.order.stop = 240.0;
  auto limited = client.order(aapl, "SELL", 40);
  limited.order.type = "STP LMT", limited.order.stop = 240.0, limited.order.limit = 239.5;
  (void)client.after<OrderStatus>(stop, 1s);
  (void)client.after<OrderStatus>(limited, 1s);
  CHECK(client.status_of(2) == "PreSubmitted");
  server.apply(client.now, {0ms, simulated::FaultKind::spot, 239.0, "AAPL"});
  (void)client.later<OrderStatus>(1s);
  CHECK(client.status_of(2) == "Filled");
  CHECK(client.status_of(3) == "Submitted");  // reached, and its limit is above the market
  server.apply(client.now, {0ms, simulated::FaultKind::spot, 239.6, "AAPL"});
  (void)client.later<OrderStatus>(1s);
  CHECK(client.status_of(3) == "Filled");
  auto without = client.order(aapl, "SELL", 1);
  without.order.type = "STP";
  CHECK(client.answers_to<ErrorMessage>(without, client.now).at(0).code == 110);
}

TEST_CASE("an order lives as long as its time in force says", "[gateway][simulated][orders]") {
  Scenario scenario = a_market();
  scenario.fills.parts = 4;
  Server server(scenario, monday_morning, 1);
  Other client(server);
  const auto far = [&](const std::string& tif, double limit) {
    auto order = client.order(aapl_call, "BUY", 4);
    order.order.type = "LMT", order.order.limit = limit, order.order.tif = tif;
    return order;
  };
  const auto ioc = far("IOC", 0.05), some = far("IOC", 90.0), fok = far("FOK", 90.0), no = far("FOK", 0.05);
  const auto day = far("DAY", 0.05), forever = far("GTC", 0.05);
  auto dated = far("GTD", 0.05), passed = far("GTD", 0.05), when = far("GTD", 0.05);
  dated.order.good_till = "20261123 12:00:00 US/Eastern", passed.order.good_till = "20261122-12:00:00";
  when.order.good_till = "soon";
  for (const auto& order : {ioc, some, fok, no, day, forever, dated}) (void)client.after<OrderStatus>(order, 500ms);
  CHECK(client.status_of(ioc.order.order_id) == "Cancelled");
  CHECK(client.status_of(some.order.order_id) == "Cancelled");  // one part of four, the rest at once cancelled
  CHECK(server.orders().begin()->second.filled == 0.0);
  CHECK(std::next(server.orders().begin())->second.filled == 1.0);
  CHECK(client.status_of(fok.order.order_id) == "Filled");
  CHECK(client.status_of(no.order.order_id) == "Cancelled");
  CHECK(client.answers_to<ErrorMessage>(passed, client.now).at(0).code == 201);
  CHECK(client.answers_to<ErrorMessage>(when, client.now).at(0).code == 10314);
  CHECK(client.answers_to<ErrorMessage>(far("OPG", 1.0), client.now).at(0).code == 201);
  CHECK(client.answers_to<ErrorMessage>(far("XYZ", 1.0), client.now).at(0).code == 321);
  client.now = new_york_instant(make_date(2026, 11, 23), 12h);
  (void)client.later<OrderStatus>(50ms);
  CHECK(client.status_of(dated.order.order_id) == "Cancelled");
  CHECK(client.status_of(day.order.order_id) == "Submitted");
  client.now = new_york_instant(make_date(2026, 11, 23), 16h);
  const auto ended = client.later<ErrorMessage>(50ms);
  CHECK(client.status_of(day.order.order_id) == "Cancelled");
  CHECK((ended.size() == 1 && ended[0].code == 202));
  CHECK(client.status_of(forever.order.order_id) == "Submitted");
  CHECK(client.answers_to<OpenOrder>(far("", 0.05), client.now).at(0).order.tif == "DAY");
}

TEST_CASE("a bracket is sent by its last order and one exit ends the other", "[gateway][simulated][orders]") {
  Server server(a_market(), monday_morning, 1);
  Other client(server);
  auto entry = client.order(aapl, "BUY", 10), target = client.order(aapl, "SELL", 10);
  auto stop = client.order(aapl, "SELL", 10);
  entry.order.transmit = target.order.transmit = false;
  target.order.parent_id = stop.order.parent_id = entry.order.order_id;
  target.order.type = "LMT", target.order.limit = 260.0, stop.order.type = "STP", stop.order.stop = 240.0;
  (void)client.after<OrderStatus>(entry, 1s);
  (void)client.after<OrderStatus>(target, 1s);
  CHECK((client.status_of(1) == "Inactive" && client.status_of(2) == "Inactive"));
  const auto statuses = client.after<OrderStatus>(stop, 1s);
  CHECK(client.status_of(1) == "Filled");
  CHECK(std::any_of(statuses.begin(), statuses.end(), [](const auto& s) { return s.parent_id == 1; }));
  CHECK((client.status_of(2) == "Submitted" && client.status_of(3) == "PreSubmitted"));
  server.apply(client.now, {0ms, simulated::FaultKind::spot, 261.0, "AAPL"});
  (void)client.later<OrderStatus>(1s);
  CHECK((client.status_of(2) == "Filled" && client.status_of(3) == "Cancelled"));
  CHECK(server.positions().at(aapl) == 0.0);
  auto orphan = client.order(aapl, "SELL", 1);
  orphan.order.parent_id = 999;
  CHECK(client.answers_to<ErrorMessage>(orphan, client.now).at(0).code == 135);
}

TEST_CASE("a cancelled parent takes its children with it", "[gateway][simulated][orders]") {
  Server server(a_market(), monday_morning, 1);
  Other client(server);
  auto entry = client.order(aapl, "BUY", 10), target = client.order(aapl, "SELL", 10);
  entry.order.type = "LMT", entry.order.limit = 200.0, entry.order.transmit = false;
  target.order.parent_id = entry.order.order_id;
  (void)client.after<OrderStatus>(entry);
  (void)client.after<OrderStatus>(target, 1s);
  CHECK((client.status_of(1) == "Submitted" && client.status_of(2) == "PreSubmitted"));
  (void)client.after<OrderStatus>(CancelOrder{entry.order.order_id, ""});
  CHECK((client.status_of(1) == "Cancelled" && client.status_of(2) == "Cancelled"));
  CHECK(server.executions().empty());
}

TEST_CASE("of a group one fill cancels or shrinks the others", "[gateway][simulated][orders]") {
  for (const int type : {1, 3}) {
    INFO(type);
    Scenario scenario = a_market();
    scenario.fills.parts = 5;
    Server server(scenario, monday_morning, 1);
    Other client(server);
    auto far = client.order(aapl, "BUY", 10), near = client.order(aapl, "BUY", 5);
    far.order.type = "LMT", far.order.limit = 200.0;
    far.order.oca_group = near.order.oca_group = "one of us", far.order.oca_type = near.order.oca_type = type;
    (void)client.after<OrderStatus>(far);
    (void)client.after<OrderStatus>(near, 50ms);
    REQUIRE(server.positions().at(aapl) == 1.0);
    CHECK(client.status_of(1) == (type == 1 ? "Cancelled" : "Submitted"));
    CHECK(server.orders().begin()->second.request.order.quantity == (type == 1 ? 10.0 : 9.0));
    (void)client.later<OrderStatus>(1s);
    CHECK((client.status_of(1) == "Cancelled" && client.status_of(2) == "Filled"));
  }
}

// ---- the account ---------------------------------------------------------------------------------------------------

TEST_CASE("the account tells its subscribers of a fill", "[gateway][simulated][account]") {
  Server server(a_market(), monday_morning, 1);
  Other client(server);
  (void)client.answers_to<AccountDownloadEnd>(SubscribeAccount{true, "DU1234567"});
  (void)client.answers_to<AccountSummaryEnd>(RequestAccountSummary{9, "All", "TotalCashValue"});
  client.says(*frame_of(client.order(aapl, "BUY", 100)), client.now);
  client.waits(client.now, 200ms);
  std::vector<PortfolioValue> rows;
  std::vector<AccountSummary> figures;
  bool time = false;
  for (const auto& message : client.heard()) {
    if (const auto* row = std::get_if<PortfolioValue>(&message)) rows.push_back(*row);
    if (const auto* row = std::get_if<AccountSummary>(&message)) figures.push_back(*row);
    time = time || std::holds_alternative<AccountUpdateTime>(message);
  }
  REQUIRE(rows.size() == 1);
  CHECK((rows[0].position == 100.0 && rows[0].market_value == 25'000.0 && rows[0].average_cost == 250.02));
  CHECK((rows[0].unrealized == -2.0 && rows[0].realized == 0.0));
  REQUIRE(figures.size() == 1);
  CHECK(figures[0].value == "74998.00");
  CHECK(time);
  (void)client.after<OrderStatus>(client.order(aapl, "SELL", 100));
  const auto after = client.answers_to<PortfolioValue>(SubscribeAccount{true, ""}, client.now);
  REQUIRE(after.size() == 1);
  CHECK((after[0].position == 0.0 && after[0].realized == -4.0));
  client.now += 3min;
  CHECK(client.later<AccountSummary>(50ms).size() == 1);  // and every three minutes
}

TEST_CASE("the account subscription belongs to the newest subscriber", "[gateway][simulated][account]") {
  Server server(a_market(), monday_morning, 1);
  Other first(server, 1), second(server, 2);
  (void)first.answers_to<AccountDownloadEnd>(SubscribeAccount{true, ""});
  second.server.received(monday_morning, second.connection, *frame_of(SubscribeAccount{true, ""}));
  first.hears();  // takes what was said to both
  const auto notices = first.heard_of<ErrorMessage>();
  CHECK((notices.size() == 1 && notices[0].code == 2100));
}

TEST_CASE("every documented tag of the account summary has a row", "[gateway][simulated][account]") {
  Server server(a_market(), monday_morning, 1);
  Other client(server);
  for (const char* tag : {"AccountType",
                          "NetLiquidation",
                          "TotalCashValue",
                          "SettledCash",
                          "AccruedCash",
                          "BuyingPower",
                          "EquityWithLoanValue",
                          "GrossPositionValue",
                          "InitMarginReq",
                          "MaintMarginReq",
                          "AvailableFunds",
                          "ExcessLiquidity",
                          "Cushion",
                          "FullInitMarginReq",
                          "FullMaintMarginReq",
                          "FullAvailableFunds",
                          "FullExcessLiquidity",
                          "LookAheadNextChange",
                          "LookAheadInitMarginReq",
                          "LookAheadMaintMarginReq",
                          "LookAheadAvailableFunds",
                          "LookAheadExcessLiquidity",
                          "DayTradesRemaining",
                          "Leverage"}) {
    INFO(tag);
    const auto rows = client.answers_to<AccountSummary>(RequestAccountSummary{9, "All", tag}, client.now += 1s);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].tag == tag);
    CHECK(!rows[0].value.empty());
  }
  for (const char* tag : {"$LEDGER", "$LEDGER:USD", "$LEDGER:ALL"})
    CHECK(client.answers_to<AccountSummary>(RequestAccountSummary{9, "All", tag}, client.now += 1s).size() > 5);
  CHECK(client.answers_to<AccountSummary>(RequestAccountSummary{9, "All", "Nonsense"}, client.now += 1s).empty());
}
