// SPDX-License-Identifier: Apache-2.0
// The simulated gateway's answers about contracts.
#include <cstdio>

#include <alaris/market/calendar.hpp>
#include <alaris/market/new_york.hpp>

#include "simulated_gateway/server.hpp"

namespace alaris::simulated {

using namespace gateway;
using namespace std::chrono_literals;

namespace {

/// "20261123:0930-20261123:1600;20261124:CLOSED": seven days from `from`, between two times of day or to the close.
std::string hours_text(Date from, std::chrono::minutes opens, std::optional<std::chrono::minutes> closes) {
  static const TradingCalendar calendar = TradingCalendar::nyse();
  const auto clock = [](std::chrono::minutes time) {
    char text[8];
    std::snprintf(text, sizeof text, "%02d%02d", static_cast<int>(time.count() / 60),
                  static_cast<int>(time.count() % 60));
    return std::string(text);
  };
  std::string all;
  for (Date day = from; day < from + std::chrono::days(7); day += std::chrono::days(1)) {
    const std::string date = yyyymmdd(day) + ":";
    if (!all.empty()) all += ';';
    all += calendar.is_session(day)
               ? date + clock(opens) + "-" + date + clock(closes.value_or(calendar.session_close(day)))
               : date + "CLOSED";
  }
  return all;
}

ContractData details_of(const Instrument& instrument, const SymbolPlan& plan, int request_id, Date today) {
  ContractData row;
  row.request_id = request_id, row.contract = instrument.contract, row.min_tick = 0.01;
  const bool option = instrument.is_option();
  row.market_name = plan.symbol, row.order_types = "DAY,FOK,GTC,GTD,IOC,LMT,MKT,OCA,STP,STPLMT,WHATIF";
  row.valid_exchanges = option ? "SMART,CBOE" : "SMART,NASDAQ", row.market_rules = "26,26";
  row.price_magnifier = 1, row.underlying_con_id = option ? plan.con_id : 0;
  row.long_name = plan.symbol + " SIMULATED";
  row.contract_month = option ? instrument.contract.expiry.substr(0, 6) : "";
  row.time_zone = "US/Eastern", row.aggregation_group = option ? 2 : 1;
  row.liquid_hours = hours_text(today, 9h + 30min, std::nullopt);
  row.trading_hours = option ? row.liquid_hours : hours_text(today, 4h, 20h);
  row.underlying_symbol = option ? plan.symbol : "", row.underlying_sec_type = option ? "STK" : "";
  row.real_expiration = option ? instrument.contract.expiry : "";
  row.stock_type = option ? "" : "COMMON";
  row.min_size = 1.0, row.size_increment = 1.0, row.suggested_size_increment = option ? 1.0 : 100.0;
  return row;
}

}  // namespace

// ---- contracts
// ----------------------------------------------------------------------------------------------------------

void Server::on(Instant now, int id, const RequestContractDetails& m) {
  if (m.contract.is_bag()) return error(id, m.request_id, 321, "Error validating request: BAG is not supported here");
  // No instrument here has an ISIN or a CUSIP.
  const auto found = m.security_id.empty() ? market_.matches(m.contract) : std::vector<const Instrument*>{};
  if (found.empty() || (m.contract.con_id == 0 && m.contract.symbol.empty()))
    return error(id, m.request_id, 200, "No security definition has been found for the request");
  for (const Instrument* instrument : found)
    send(id, GatewayMessage(
                 details_of(*instrument, market_.symbols()[instrument->symbol], m.request_id, new_york_date(now))));
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
  if (m.rule_id != 26) return error(id, -1, 321, "Error validating request: unknown market rule");
  send(id, GatewayMessage(MarketRule{m.rule_id, {{0.0, 0.01}}}));
}

}  // namespace alaris::simulated
