// SPDX-License-Identifier: Apache-2.0
// The simulated gateway's answers about contracts, quotes, history and the account.
#include <algorithm>
#include <cmath>
#include <sstream>

#include <alaris/market/calendar.hpp>
#include <alaris/market/new_york.hpp>
#include <alaris/pricing/bsm_greeks.hpp>

#include "simulated_gateway/server.hpp"

namespace alaris::simulated {

using namespace gateway;
using namespace std::chrono_literals;

namespace {

std::string money_text(double dollars) {
  std::string text;
  append_decimal(text, std::round(dollars * 100.0) / 100.0);
  return text;
}

ContractData details_of(const Instrument& instrument, const SymbolPlan& plan, int request_id) {
  ContractData row;
  row.request_id = request_id, row.contract = instrument.contract, row.min_tick = 0.01;
  const bool option = instrument.contract.sec_type == "OPT";
  row.market_name = plan.symbol, row.order_types = "DAY,GTC,LMT,MKT,WHATIF", row.valid_exchanges = "SMART,CBOE";
  row.price_magnifier = 1, row.underlying_con_id = option ? plan.con_id : 0;
  row.long_name = plan.symbol + " SIMULATED";
  row.contract_month = option ? instrument.contract.expiry.substr(0, 6) : "";
  row.time_zone = "US/Eastern", row.aggregation_group = option ? 2 : 1;
  row.underlying_symbol = option ? plan.symbol : "", row.underlying_sec_type = option ? "STK" : "";
  row.market_rules = "26,26", row.real_expiration = option ? instrument.contract.expiry : "";
  row.stock_type = option ? "" : "COMMON";
  row.min_size = 1.0, row.size_increment = 1.0, row.suggested_size_increment = option ? 1.0 : 100.0;
  return row;
}

}  // namespace

// ---- contracts
// ----------------------------------------------------------------------------------------------------------

void Server::on(Instant, int id, const RequestContractDetails& m) {
  if (m.contract.is_bag()) return error(id, m.request_id, 321, "Error validating request: BAG is not supported here");
  const auto found = market_.matches(m.contract);
  if (found.empty() || (m.contract.con_id == 0 && m.contract.symbol.empty()))
    return error(id, m.request_id, 200, "No security definition has been found for the request");
  for (const Instrument* instrument : found)
    send(id, GatewayMessage(details_of(*instrument, market_.symbols()[instrument->symbol], m.request_id)));
  send(id, GatewayMessage(ContractDataEnd{m.request_id}));
}

void Server::on(Instant, int id, const RequestOptionParameters& m) {
  if (m.underlying_con_id == 0) return error(id, m.request_id, 321, "Error validating request: invalid contract id");
  for (const SymbolPlan& plan : market_.symbols()) {
    if (plan.con_id != m.underlying_con_id || !m.exchange.empty()) continue;
    for (const char* exchange : {"SMART", "CBOE"}) {
      OptionParameters row{m.request_id, exchange, plan.con_id, plan.symbol, "100", {}, plan.strikes};
      for (const Date expiry : plan.expiries) row.expirations.push_back(yyyymmdd(expiry));
      send(id, GatewayMessage(row));
    }
  }
  send(id, GatewayMessage(OptionParametersEnd{m.request_id}));
}

void Server::on(Instant, int id, const RequestMarketRule& m) {
  send(id, GatewayMessage(MarketRule{m.rule_id, {{0.0, 0.01}}}));
}

// ---- quotes
// -------------------------------------------------------------------------------------------------------------

void Server::on(Instant now, int id, const RequestMarketData& m) {
  Connection& connection = connections_.at(id);
  if (connection.streams.contains(m.request_id)) return error(id, m.request_id, 322, "Duplicate ticker id");
  if (m.snapshot && !m.generic_ticks.empty())
    return error(id, m.request_id, 321, "Error validating request: snapshots take no generic ticks");
  if (static_cast<int>(connection.streams.size()) >= scenario_.market_data_lines)
    return error(id, m.request_id, 101, "Max number of tickers has been reached");
  if (!m.contract.is_bag() && !market_.find(m.contract))
    return error(id, m.request_id, 200, "No security definition has been found for the request");
  bool delayed = false;
  if (scenario_.data == DataService::none || (scenario_.data == DataService::delayed && connection.data_type < 3))
    return error(id, m.request_id, 354, "Requested market data is not subscribed.");
  if (scenario_.data == DataService::delayed) {
    delayed = true;
    error(id, m.request_id, 10167, "Requested market data is not subscribed. Displaying delayed market data.");
  }
  const Stream stream{m.contract, m.generic_ticks, m.snapshot, delayed};
  connections_.at(id).streams[m.request_id] = stream;
  send(id, GatewayMessage(MarketDataType{m.request_id, delayed ? 3 : 1}));
  send(id, GatewayMessage(TickRequestParameters{m.request_id, 0.01, "9c0001", 3}));
  send_ticks(now, id, m.request_id, stream);
  if (!m.snapshot) return;
  later(now + scenario_.snapshot_takes, [this, id, request = m.request_id](Instant) {
    const auto found = connections_.find(id);
    if (found == connections_.end() || found->second.streams.erase(request) == 0) return;
    send(id, GatewayMessage(TickSnapshotEnd{request}));
  });
}

void Server::on(Instant, int id, const CancelMarketData& m) {
  if (connections_.at(id).streams.erase(m.request_id) == 0) error(id, m.request_id, 300, "Can't find the ticker id");
}

void Server::send_ticks(Instant now, int id, int request, const Stream& stream) {
  const auto quote = market_.quote(stream.contract, now);
  const int shift = stream.delayed ? 65 : 0;  // 66 delayed bid, 67 delayed ask
  const double bid = quote ? quote->bid : -1.0, ask = quote ? quote->ask : -1.0, size = quote ? 25.0 : 0.0;
  send(id, GatewayMessage(TickPrice{request, 1 + shift, bid, size, 1}));
  send(id, GatewayMessage(TickSize{request, stream.delayed ? 69 : 0, size}));
  send(id, GatewayMessage(TickPrice{request, 2 + shift, ask, size, 1}));
  send(id, GatewayMessage(TickSize{request, stream.delayed ? 70 : 3, size}));
  const Instrument* instrument = stream.contract.is_bag() ? nullptr : market_.find(stream.contract);
  if (!instrument || !quote) return;
  send(id, GatewayMessage(TickPrice{request, stream.delayed ? 68 : 4, quote->mid(), 1.0, 0}));
  if (instrument->contract.sec_type != "OPT") return send_day(id, request, *instrument, stream.delayed);
  if (const OptionQuote* row = market_.listed(*instrument)) {
    send(id, GatewayMessage(TickSize{request, stream.delayed ? 74 : 8, row->volume}));
    if (("," + stream.generic_ticks + ",").find(",101,") != std::string::npos)
      send(id, GatewayMessage(TickSize{request, row->contract.type == OptionType::call ? 27 : 28, row->open_interest}));
    return;
  }
  const double spot = market_.symbols()[instrument->symbol].spot;
  const BsmGreeks g = bsm_greeks({.type = *right_of(instrument->contract.right),
                                  .spot = spot,
                                  .strike = instrument->contract.strike,
                                  .years = market_.years_to_expiry(*instrument, now),
                                  .rate = 0.04,
                                  .yield = 0.0,
                                  .volatility = instrument->volatility});
  TickOptionComputation row;
  row.request_id = request, row.tick_type = stream.delayed ? 83 : 13, row.price_based = 1;
  row.volatility = instrument->volatility, row.delta = g.delta, row.price = g.price, row.dividends = 0.0;
  row.gamma = g.gamma, row.vega = g.vega / 100.0, row.theta = g.theta / 365.0, row.underlying = spot;
  send(id, GatewayMessage(row));
}

/// Open, high, low and volume of the day, and the close before it.
void Server::send_day(int id, int request, const Instrument& stock, bool delayed) {
  const auto bars = market_.bars(stock);
  if (bars.size() < 2 || delayed) return;
  const Bar &day = bars.back(), &before = bars[bars.size() - 2];
  for (const auto& [type, price] : {std::pair{14, day.open}, {6, day.high}, {7, day.low}, {9, before.close}})
    send(id, GatewayMessage(TickPrice{request, type, price, 0.0, 0}));
  send(id, GatewayMessage(TickSize{request, 8, day.volume}));
}

void Server::send_all_ticks(Instant now) {
  std::vector<std::pair<int, int>> all;
  for (const auto& [id, connection] : connections_)
    for (const auto& [request, stream] : connection.streams)
      if (!stream.snapshot) all.emplace_back(id, request);
  for (const auto& [id, request] : all)
    if (connections_.contains(id)) send_ticks(now, id, request, Stream(connections_.at(id).streams.at(request)));
}

void Server::on(Instant, int id, const CalculateOptionPrice& m) {
  const Instrument* instrument = market_.find(m.contract);
  if (!instrument || instrument->contract.sec_type != "OPT")
    return error(id, m.request_id, 200, "No security definition has been found for the request");
  TickOptionComputation row;
  row.request_id = m.request_id, row.tick_type = 53, row.volatility = m.volatility, row.underlying = m.underlying_price;
  row.price = bsm_price({.type = *right_of(instrument->contract.right),
                         .spot = m.underlying_price,
                         .strike = instrument->contract.strike,
                         .years = market_.years_to_expiry(*instrument, started_),
                         .rate = 0.04,
                         .yield = 0.0,
                         .volatility = m.volatility});
  row.delta = row.gamma = row.vega = row.theta = -2.0, row.dividends = -1.0;
  send(id, GatewayMessage(row));
}

// ---- history
// ------------------------------------------------------------------------------------------------------------

void Server::on(Instant now, int id, const RequestHistoricalData& m) {
  Connection& connection = connections_.at(id);
  const std::string contract = std::to_string(m.contract.con_id) + m.contract.symbol + m.contract.expiry +
                               m.contract.right + std::to_string(m.contract.strike) + m.what_to_show;
  const std::string identity = contract + m.end + m.bar_size + m.duration;
  const int weight = m.what_to_show == "BID_ASK" ? 2 : 1;
  if (!connection.historical.may_send(now, identity, contract, weight))
    return error(id, m.request_id, 162, "Historical Market Data Service error message: pacing violation");
  connection.historical.sent(now, identity, contract, weight);
  connection.historical.answered();
  const Instrument* instrument = market_.find(m.contract);
  if (!instrument) return error(id, m.request_id, 200, "No security definition has been found for the request");
  std::istringstream duration(m.duration);
  int count = 0;
  std::string unit;
  duration >> count >> unit;
  const int days = unit == "D"   ? count
                   : unit == "W" ? 5 * count
                   : unit == "M" ? 21 * count
                   : unit == "Y" ? 252 * count
                                 : 0;
  if (m.bar_size != "1 day" || days <= 0 || days > 2520)
    return error(id, m.request_id, 162, "Historical Market Data Service error message: HMDS query returned no data");
  if (const auto recorded = market_.bars(*instrument); !recorded.empty() && instrument->contract.sec_type == "STK") {
    HistoricalData answer{m.request_id, "", gateway_time(now), {}};
    for (const Bar& bar : recorded.last(std::min(recorded.size(), static_cast<std::size_t>(days))))
      answer.bars.push_back({yyyymmdd(bar.date), bar.open, bar.high, bar.low, bar.close, bar.volume,
                             0.25 * (bar.open + bar.high + bar.low + bar.close), 10'000});
    answer.start = answer.bars.front().date;
    return send(id, GatewayMessage(answer));
  }
  // A walk back from the present price by the square root of a day; the same for every request of one instrument.
  HistoricalData answer{m.request_id, "", gateway_time(now), {}};
  std::mt19937_64 random(static_cast<std::uint64_t>(instrument->contract.con_id));
  const SymbolPlan& plan = market_.symbols()[instrument->symbol];
  double close = plan.spot;
  Date day = new_york_date(now);
  const TradingCalendar calendar = TradingCalendar::nyse();
  for (int i = 0; i < days; ++i) {
    day = calendar.previous_session(day);
    const double step = plan.volatility / 16.0 * (static_cast<double>(random() % 2001) / 1000.0 - 1.0);
    const double open = close * (1.0 - step);
    const auto cents = [](double x) { return std::round(x * 100.0) / 100.0; };
    WireBar bar{yyyymmdd(day), cents(open), cents(std::max(open, close) * 1.003), cents(std::min(open, close) * 0.997),
                cents(close),  2'000'000.0, cents(0.5 * (open + close)),          10'000};
    answer.bars.insert(answer.bars.begin(), bar);
    close = open;
  }
  answer.start = answer.bars.front().date;
  send(id, GatewayMessage(answer));
}

// ---- account
// ------------------------------------------------------------------------------------------------------------

void Server::send_position(int id, int con_id) {
  Position row;
  row.account = scenario_.account, row.contract = market_.by_id(con_id)->contract;
  row.contract.exchange.clear();
  row.position = positions_[con_id];
  row.average_cost = row.position != 0.0 ? cost_[con_id] / row.position : 0.0;
  send(id, GatewayMessage(row));
}

void Server::on(Instant, int id, const RequestPositions&) {
  connections_.at(id).wants_positions = true;
  for (const auto& [con_id, quantity] : std::map<int, double>(positions_))
    if (quantity != 0.0 && connections_.contains(id)) send_position(id, con_id);
  send(id, GatewayMessage(PositionEnd{}));
}

double Server::net_liquidation(Instant now) const {
  double value = cash_.dollars();
  for (const auto& [con_id, quantity] : positions_) {
    const Instrument* instrument = market_.by_id(con_id);
    value += quantity * market_.worth(*instrument, now) * (instrument->contract.sec_type == "OPT" ? 100.0 : 1.0);
  }
  return value;
}

void Server::on(Instant now, int id, const RequestAccountSummary& m) {
  Connection& connection = connections_.at(id);
  if (connection.summaries.size() >= 2)
    return error(id, m.request_id, 322, "Maximum number of account summary requests exceeded");
  connection.summaries.insert(m.request_id);
  const std::string net = money_text(net_liquidation(now)), cash = to_string(cash_);
  const std::pair<const char*, std::string> rows[] = {
      {"AccountType", "INDIVIDUAL"}, {"NetLiquidation", net},  {"TotalCashValue", cash},
      {"SettledCash", cash},         {"BuyingPower", cash},    {"InitMarginReq", "0.00"},
      {"MaintMarginReq", "0.00"},    {"AvailableFunds", cash}, {"ExcessLiquidity", cash}};
  for (const auto& [tag, value] : rows) {
    if (("," + m.tags + ",").find("," + std::string(tag) + ",") == std::string::npos) continue;
    const char* currency = std::string_view(tag) == "AccountType" ? "" : "USD";
    send(id, GatewayMessage(AccountSummary{m.request_id, scenario_.account, tag, value, currency}));
  }
  send(id, GatewayMessage(AccountSummaryEnd{m.request_id}));
}

void Server::on(Instant now, int id, const SubscribeAccount& m) {
  Connection& connection = connections_.at(id);
  connection.account_updates.reset();
  if (!m.subscribe) return;
  connection.account_updates = m.account;
  send(id, GatewayMessage(AccountValue{"AccountReady", "true", "", scenario_.account}));
  send(id, GatewayMessage(AccountValue{"NetLiquidation", money_text(net_liquidation(now)), "USD", scenario_.account}));
  send(id, GatewayMessage(AccountValue{"TotalCashBalance", to_string(cash_), "USD", scenario_.account}));
  for (const auto& [con_id, quantity] : positions_) {
    const Instrument* instrument = market_.by_id(con_id);
    PortfolioValue row;
    row.contract = instrument->contract, row.position = quantity, row.account = scenario_.account;
    const double multiplier = instrument->contract.sec_type == "OPT" ? 100.0 : 1.0;
    row.market_price = market_.worth(*instrument, now), row.market_value = quantity * row.market_price * multiplier;
    row.average_cost = quantity != 0.0 ? cost_.at(con_id) / quantity : 0.0;
    send(id, GatewayMessage(row));
  }
  send(id, GatewayMessage(AccountUpdateTime{gateway_time(now).substr(9, 5)}));
  send(id, GatewayMessage(AccountDownloadEnd{scenario_.account}));
}

}  // namespace alaris::simulated
