// SPDX-License-Identifier: Apache-2.0
// Market data, history and contracts as clients of another make ask for them, against the simulated gateway.
#include <cmath>

#include <alaris/market/new_york.hpp>

#include "other_client.hpp"
#include "simulated_gateway/session_path.hpp"
#include "support/catch.hpp"

using namespace alaris;
using namespace alaris::gateway;
using namespace alaris::test;
using simulated::Scenario;
using simulated::Server;
using namespace std::chrono_literals;

namespace {

constexpr Instant noon = new_york_instant(make_date(2026, 11, 23), 12h);

struct Asker : Other {
  explicit Asker(Server& s) : Other(s) { now = noon; }
  std::vector<GatewayMessage> answers(const ClientMessage& request) {
    says(*frame_of(request), now += 16s);
    return heard();
  }
  std::vector<WireBar> bars(RequestHistoricalData m) {
    for (const auto& message : answers(m))
      if (const auto* data = std::get_if<HistoricalData>(&message)) return data->bars;
    return {};
  }
  int refusal(RequestHistoricalData m) {
    for (const auto& message : answers(m))
      if (const auto* e = std::get_if<ErrorMessage>(&message)) return e->code;
    return 0;
  }
};

RequestHistoricalData ask(const std::string& size, const std::string& duration, const std::string& what = "TRADES") {
  RequestHistoricalData m;
  m.request_id = 1'500'000'001, m.contract.con_id = aapl, m.bar_size = size, m.duration = duration;
  m.what_to_show = what;
  return m;
}

bool sound(const WireBar& b) {
  return b.low <= std::min(b.open, b.close) && b.high >= std::max(b.open, b.close);
}

/// The types of the ticks of one round.
struct Ticks {
  std::set<int> prices{}, sizes{}, generics{}, strings{}, computations{};
  explicit Ticks(const std::vector<GatewayMessage>& heard) {
    for (const auto& message : heard) {
      if (const auto* t = std::get_if<TickPrice>(&message)) prices.insert(t->tick_type);
      if (const auto* t = std::get_if<TickSize>(&message)) sizes.insert(t->tick_type);
      if (const auto* t = std::get_if<TickGeneric>(&message)) generics.insert(t->tick_type);
      if (const auto* t = std::get_if<TickString>(&message)) strings.insert(t->tick_type);
      if (const auto* t = std::get_if<TickOptionComputation>(&message)) computations.insert(t->tick_type);
    }
  }
};
bool holds(const std::set<int>& all, std::initializer_list<int> some) {
  return std::all_of(some.begin(), some.end(), [&](int one) { return all.contains(one); });
}

}  // namespace

// ---- history -------------------------------------------------------------------------------------------------------

TEST_CASE("bars of every size agree with the day they are cut from", "[gateway][simulated][history]") {
  Server server(a_market(), monday_morning, 1);
  Asker client(server);
  const auto days = client.bars(ask("1 day", "5 D"));
  REQUIRE(days.size() == 5);
  CHECK(days.back().date == "20261123");  // the session that is on
  for (const auto& [size, per_day] : {std::pair{"1 min", 390},
                                      {"2 mins", 195},
                                      {"3 mins", 130},
                                      {"5 mins", 78},
                                      {"10 mins", 39},
                                      {"15 mins", 26},
                                      {"20 mins", 20},
                                      {"30 mins", 13},
                                      {"1 hour", 7},
                                      {"2 hours", 4},
                                      {"3 hours", 3},
                                      {"4 hours", 2},
                                      {"8 hours", 1}}) {
    INFO(size);
    auto request = ask(size, "2 D");
    request.end = "20261121-00:00:00";  // Thursday and Friday
    const auto bars = client.bars(request);
    REQUIRE(bars.size() == static_cast<std::size_t>(2 * per_day));
    const auto friday = std::span(bars).last(static_cast<std::size_t>(per_day));
    double high = 0.0, low = 1e9, volume = 0.0;
    for (const WireBar& bar : friday) {
      CHECK(sound(bar));
      CHECK(bar.date.starts_with("20261120 "));
      high = std::max(high, bar.high), low = std::min(low, bar.low), volume += *bar.volume;
    }
    CHECK((friday.front().open == days[3].open && friday.back().close == days[3].close));
    CHECK((high == days[3].high && low == days[3].low));
    CHECK(std::fabs(volume - *days[3].volume) <= per_day);
  }
  for (const auto& [size, count] :
       {std::pair{"1 secs", 600}, {"5 secs", 120}, {"10 secs", 60}, {"15 secs", 40}, {"30 secs", 20}})
    CHECK(client.bars(ask(size, "600 S")).size() == static_cast<std::size_t>(count));
  CHECK(client.bars(ask("1 week", "10 W")).size() >= 10);
  CHECK(client.bars(ask("1 month", "1 Y")).size() >= 12);
}

TEST_CASE("a bar's time is written as its request asks", "[gateway][simulated][history]") {
  Server server(a_market(), monday_morning, 1);
  Asker client(server);
  auto request = ask("30 mins", "1 D");
  request.end = "20261120 16:00:00 US/Eastern";
  CHECK(client.bars(request).front().date == "20261120 09:30:00 US/Eastern");
  request.date_format = 2;
  CHECK(client.bars(request).front().date == "1795185000");
  request.bar_size = "1 day";
  CHECK(client.bars(request).front().date == "20261120");
  request.bar_size = "1 hour", request.regular_hours = false;
  const auto extended = client.bars(request);
  CHECK(extended.size() == 12);  // 04:00 to 16:00, where the request ends
  request.end = "20261120 16:00:00";
  const auto heard = client.answers(request);
  REQUIRE(heard.size() == 2);
  CHECK(std::get<ErrorMessage>(heard[0]).code == 2174);
  request.end = "20261120 16:00:00 Nowhere/City";
  CHECK(client.refusal(request) == 10314);
}

TEST_CASE("what is not traded has no volume and what is not recorded no bars", "[gateway][simulated][history]") {
  Server server(a_market(), monday_morning, 1);
  Asker client(server);
  for (const char* what : {"MIDPOINT", "BID", "ASK", "BID_ASK"}) {
    const auto bars = client.bars(ask("1 hour", "1 D", what));
    REQUIRE(!bars.empty());
    CHECK((bars[0].volume == -1.0 && bars[0].average == -1.0 && bars[0].count == -1));
  }
  for (const char* what : {"HISTORICAL_VOLATILITY", "OPTION_IMPLIED_VOLATILITY"}) {
    const auto bars = client.bars(ask("1 day", "3 D", what));
    REQUIRE(bars.size() == 3);
    CHECK((bars[0].close > 0.05 && bars[0].close < 1.0));
  }
  CHECK(client.refusal(ask("1 day", "3 D", "SCHEDULE")) == 321);
  CHECK(client.refusal(ask("7 bananas", "3 D")) == 321);
  CHECK(client.refusal(ask("1 day", "3 X")) == 321);
  CHECK(client.refusal(ask("1 secs", "1 Y")) == 162);
  auto adjusted = ask("1 day", "3 D", "ADJUSTED_LAST");
  CHECK(client.bars(adjusted).size() == 3);
  adjusted.end = "20261120-21:00:00";
  CHECK(client.refusal(adjusted) == 321);
  auto option = ask("1 day", "3 D");
  option.contract.con_id = aapl_call;
  CHECK(client.refusal(option) == 162);  // end-of-day bars of options do not exist
  option.bar_size = "30 mins";
  const auto bars = client.bars(option);
  CHECK(bars.size() == 2 * 13 + 5 + 1);  // two whole days, and until noon
  CHECK(std::all_of(bars.begin(), bars.end(), sound));
  auto combination = ask("30 mins", "1 D");
  combination.contract = {.symbol = "AAPL", .sec_type = "BAG"};
  combination.contract.legs = {{.con_id = aapl_call, .ratio = 1, .action = "SELL", .exchange = "SMART"},
                               {.con_id = aapl_call + 30'000, .ratio = 1, .action = "BUY", .exchange = "SMART"}};
  CHECK(client.bars(combination).size() >= 5);
}

TEST_CASE("bars that are kept up to date grow until they are cancelled", "[gateway][simulated][history]") {
  Server server(a_market(), monday_morning, 1);
  Asker client(server);
  auto request = ask("5 mins", "1 D");
  request.keep_up_to_date = true;
  const auto before = client.bars(request);
  const auto updates = client.later<HistoricalDataUpdate>(6min);
  CHECK((updates.size() >= 70 && updates.size() <= 73));
  CHECK(updates.back().date != before.back().date);
  CHECK(client.answers_to<ErrorMessage>(CancelHistoricalData{request.request_id}, client.now).at(0).code == 162);
  CHECK(client.later<HistoricalDataUpdate>(1min).empty());
  CHECK(client.answers_to<ErrorMessage>(CancelHistoricalData{request.request_id}, client.now).at(0).code == 366);
}

// ---- market data ---------------------------------------------------------------------------------------------------

TEST_CASE("a stock's stream has its day and the generic ticks it was asked for", "[gateway][simulated][ticks]") {
  Server server(a_market(), monday_morning, 1);
  Asker client(server);
  const Ticks plain(client.answers(RequestMarketData{.request_id = 1, .contract = {.con_id = aapl}}));
  CHECK(holds(plain.prices, {1, 2, 4, 6, 7, 9, 14}));
  CHECK(holds(plain.sizes, {0, 3, 5, 8}));
  CHECK((plain.generics == std::set{49} && plain.strings == std::set{45}));
  const Ticks all(client.answers(RequestMarketData{
      .request_id = 2, .contract = {.con_id = aapl}, .generic_ticks = "100,101,104,105,106,165,232,233,236,411"}));
  CHECK(holds(all.sizes, {21, 27, 28, 29, 30, 87}));
  CHECK(holds(all.generics, {23, 24, 46, 49, 58}));
  CHECK(holds(all.prices, {19, 20, 37}));
  CHECK(all.strings == std::set{45, 48});
  const auto code = [&](const RequestMarketData& m) {
    return client.answers_to<ErrorMessage>(m, client.now).at(0).code;
  };
  CHECK(code({.request_id = 2, .contract = {.con_id = aapl}}) == 102);
  CHECK(code({.request_id = 3, .contract = {.con_id = aapl}, .generic_ticks = "233,99999"}) == 321);
  CHECK(code({.request_id = 3, .contract = {.con_id = aapl}, .generic_ticks = "x"}) == 321);
  CHECK(code({.request_id = 3, .contract = {.symbol = "AAPL", .sec_type = "BAG"}}) == 200);
}

TEST_CASE("an option's stream computes bid, ask, last and model", "[gateway][simulated][ticks]") {
  Scenario scenario = a_market();
  for (const bool delayed : {false, true}) {
    scenario.data = delayed ? simulated::DataService::delayed : simulated::DataService::live;
    Server server(scenario, monday_morning, 1);
    Asker client(server);
    if (delayed) (void)client.answers(RequestMarketDataType{3});
    const auto heard = client.answers(RequestMarketData{.request_id = 1, .contract = {.con_id = aapl_call}});
    const Ticks ticks(heard);
    CHECK(ticks.computations == (delayed ? std::set{80, 81, 82, 83} : std::set{10, 11, 12, 13}));
    CHECK(holds(ticks.prices,
                delayed ? std::initializer_list<int>{66, 67, 68, 75} : std::initializer_list<int>{1, 2, 4, 9}));
    double bid = 0.0, ask_volatility = 0.0;
    for (const auto& message : heard) {
      const auto* row = std::get_if<TickOptionComputation>(&message);
      if (row && row->tick_type % 70 == 10) bid = *row->volatility;
      if (row && row->tick_type % 70 == 11) ask_volatility = *row->volatility;
      if (row && row->tick_type % 70 == 13) CHECK(std::fabs(*row->volatility - 0.55) < 0.01);
    }
    CHECK((bid > 0.0 && bid < ask_volatility));
  }
}

TEST_CASE("a combination with a delta-neutral hedge is read whole", "[gateway][simulated][ticks]") {
  RequestMarketData m{.request_id = 1, .contract = {.con_id = aapl}, .generic_ticks = "233"};
  m.hedge = DeltaNeutralContract{aapl, 0.5, 250.0};
  const auto frame = frame_of(m);
  const auto read = decode_client(std::string_view(*frame).substr(4));
  REQUIRE(read);
  CHECK(std::get<RequestMarketData>(*read).hedge == m.hedge);
  CHECK(std::get<RequestMarketData>(*read).generic_ticks == "233");
}

TEST_CASE("the calculator's price and volatility are each other's inverse", "[gateway][simulated][ticks]") {
  Server server(a_market(), monday_morning, 1);
  Asker client(server);
  const auto price =
      client.answers_to<TickOptionComputation>(CalculateOptionPrice{1, {.con_id = aapl_call}, 0.3, 251.0}, client.now);
  REQUIRE(price.size() == 1);
  CHECK((price[0].tick_type == 53 && *price[0].delta > 0.4 && *price[0].delta < 0.8 && *price[0].theta < 0.0));
  const auto volatility = client.answers_to<TickOptionComputation>(
      CalculateImpliedVolatility{2, {.con_id = aapl_call}, *price[0].price, 251.0}, client.now);
  REQUIRE(volatility.size() == 1);
  CHECK((volatility[0].tick_type == 53 && std::fabs(*volatility[0].volatility - 0.3) < 1e-9));
  const auto none = client.answers_to<TickOptionComputation>(
      CalculateImpliedVolatility{3, {.con_id = aapl_call}, 500.0, 251.0}, client.now);
  CHECK((*none.at(0).volatility == -1.0 && *none.at(0).delta == -2.0));
}

TEST_CASE("an exercise turns options into shares under the request's number", "[gateway][simulated][orders]") {
  Server server(a_market(), monday_morning, 1);
  Asker client(server);
  ExerciseOptions m{.request_id = 4000, .contract = {.con_id = aapl_call - 6}, .quantity = 2};  // strike 235
  CHECK(client.answers_to<ErrorMessage>(m, client.now).at(0).code == 201);
  (void)client.after<OrderStatus>(client.order(aapl_call - 6, "BUY", 3));
  const Money before = server.cash();
  const auto statuses = client.answers_to<OrderStatus>(m, client.now);
  REQUIRE(statuses.size() == 2);
  CHECK((statuses[1].order_id == 4000 && statuses[1].status == "Filled"));
  CHECK(server.positions().at(aapl_call - 6) == 1.0);
  CHECK(server.positions().at(aapl) == 200.0);
  CHECK(before - server.cash() == Money::from_dollars(47'000));
  m.request_id = 4001, m.quantity = 1, m.action = 2;
  CHECK(client.answers_to<OrderStatus>(m, client.now).at(0).status == "Cancelled");
  CHECK(server.positions().at(aapl_call - 6) == 1.0);
}

// ---- contracts -----------------------------------------------------------------------------------------------------

TEST_CASE("contract details have hours and are filtered by everything that is stated", "[gateway][simulated]") {
  Server server(a_market(), monday_morning, 1);
  Asker client(server);
  RequestContractDetails m{.request_id = 9, .contract = {.symbol = "AAPL", .sec_type = "STK"}};
  const auto count = [&](RequestContractDetails asked) {
    return client.answers_to<ContractData>(asked, client.now += 1s).size();
  };
  const auto row = client.answers_to<ContractData>(m, client.now).at(0);
  CHECK(row.liquid_hours.starts_with("20261123:0930-20261123:1600;"));
  CHECK(row.liquid_hours.find("20261126:CLOSED") != std::string::npos);  // Thanksgiving
  CHECK(row.liquid_hours.find("20261127:0930-20261127:1300") != std::string::npos);
  CHECK(row.trading_hours.starts_with("20261123:0400-20261123:2000;"));
  m.contract.currency = "EUR";
  CHECK(count(m) == 0);
  m.contract.currency = "USD", m.contract.exchange = "IBIS";
  CHECK(count(m) == 0);
  m.contract.exchange = "NASDAQ";
  CHECK(count(m) == 1);
  m.security_id_type = "ISIN", m.security_id = "US0378331005";
  CHECK(count(m) == 0);
  RequestContractDetails option{.request_id = 9, .contract = {.symbol = "AAPL", .sec_type = "OPT"}};
  option.contract.local_symbol = row.contract.symbol;
  CHECK(count(option) == 0);
  option.contract.local_symbol = "AAPL  261127C00250000", option.contract.multiplier = "100";
  CHECK(count(option) == 1);
  option.contract.multiplier = "10";
  CHECK(count(option) == 0);
  CHECK(client.answers_to<ErrorMessage>(RequestMarketRule{99}, client.now).at(0).code == 321);
}
