// SPDX-License-Identifier: Apache-2.0
// The simulated gateway's answers about the account: positions, figures, what it is worth.
#include <algorithm>
#include <cmath>
#include <utility>

#include "simulated_gateway/server.hpp"

namespace alaris::simulated {

using namespace gateway;
using namespace std::chrono_literals;

namespace {

std::string number_text(double value, int digits) {
  std::string text;
  append_decimal(text, rounded(value, digits) + 0.0);  // no negative zero
  return text;
}

bool lists(const std::string& tags, std::string_view tag) {
  return ("," + tags + ",").find("," + std::string(tag) + ",") != std::string::npos;
}

}  // namespace

std::map<int, double> Server::positions() const {
  std::map<int, double> all;
  for (const auto& [con_id, held] : holdings_) all[con_id] = held.quantity;
  return all;
}

// ---- positions -----------------------------------------------------------------------------------------------------

void Server::send_position(int id, int con_id) {
  const Holding& held = holdings_.at(con_id);
  Position row;
  row.account = scenario_.account, row.contract = market_.by_id(con_id)->contract;
  row.contract.exchange.clear();
  row.position = held.quantity;
  row.average_cost = held.quantity != 0.0 ? rounded(held.cost / held.quantity, 8) : 0.0;
  send(id, GatewayMessage(row));
}

void Server::on(Instant, int id, const RequestPositions&) {
  connections_.at(id).wants_positions = true;
  for (const auto& [con_id, held] : holdings_)
    if (held.quantity != 0.0) send_position(id, con_id);
  send(id, GatewayMessage(PositionEnd{}));
}

void Server::send_portfolio(Instant now, int id, int con_id) {
  const Instrument& instrument = *market_.by_id(con_id);
  const Holding& held = holdings_.at(con_id);
  PortfolioValue row;
  row.contract = instrument.contract, row.position = held.quantity, row.account = scenario_.account;
  row.market_price = rounded(market_.worth(instrument, now), 4);
  row.market_value = rounded(held.quantity * row.market_price * instrument.multiplier(), 2);
  row.average_cost = held.quantity != 0.0 ? rounded(held.cost / held.quantity, 8) : 0.0;
  row.unrealized = rounded(row.market_value - held.cost, 2), row.realized = rounded(held.realized, 2);
  send(id, GatewayMessage(row));
}

// ---- figures -------------------------------------------------------------------------------------------------------

double Server::net_liquidation(Instant now) const {
  double value = cash_.dollars();
  for (const auto& [con_id, held] : holdings_) {
    const Instrument& instrument = *market_.by_id(con_id);
    value += held.quantity * market_.worth(instrument, now) * instrument.multiplier();
  }
  return value;
}

/// A margin account's figures: half of a stock's value to open it, a quarter to keep it, options at what they cost.
std::vector<Server::Figure> Server::figures(Instant now) const {
  double stock = 0.0, gross = 0.0, options = 0.0;
  for (const auto& [con_id, held] : holdings_) {
    const Instrument& instrument = *market_.by_id(con_id);
    const double value = held.quantity * market_.worth(instrument, now) * instrument.multiplier();
    (instrument.is_option() ? options : stock) += value;
    gross += instrument.is_option() ? 0.0 : std::fabs(value);
  }
  const double cash = cash_.dollars(), net = cash + stock + options, equity = cash + stock;
  const std::string initial = number_text(0.5 * gross, 2), maintenance = number_text(0.25 * gross, 2);
  const std::string available = number_text(equity - 0.5 * gross, 2), excess = number_text(equity - 0.25 * gross, 2);
  const std::string cushion = number_text(net > 0.0 ? (equity - 0.25 * gross) / net : 0.0, 6);
  const std::string cash_text = to_string(cash_), equity_text = number_text(equity, 2);
  std::vector<Figure> all{{"AccountType", "INDIVIDUAL", ""},
                          {"Cushion", cushion, ""},
                          {"DayTradesRemaining", "-1", ""},
                          {"Leverage", number_text(net > 0.0 ? gross / net : 0.0, 2), ""},
                          {"LookAheadNextChange", "0", ""},
                          {"NetLiquidation", number_text(net, 2), "USD"},
                          {"TotalCashValue", cash_text, "USD"},
                          {"SettledCash", cash_text, "USD"},
                          {"AccruedCash", "0", "USD"},
                          {"BuyingPower", available, "USD"},
                          {"EquityWithLoanValue", equity_text, "USD"},
                          {"PreviousEquityWithLoanValue", equity_text, "USD"},
                          {"GrossPositionValue", number_text(gross, 2), "USD"}};
  for (const char* kind : {"", "Full", "LookAhead"}) {
    const std::string prefix = kind;
    all.push_back({prefix + "InitMarginReq", initial, "USD"});
    all.push_back({prefix + "MaintMarginReq", maintenance, "USD"});
    all.push_back({prefix + "AvailableFunds", available, "USD"});
    all.push_back({prefix + "ExcessLiquidity", excess, "USD"});
  }
  return all;
}

/// The cash rows; there is one currency.
std::vector<Server::Figure> Server::ledger(Instant now) const {
  double stock = 0.0, options = 0.0, cost = 0.0, realized = 0.0;
  for (const auto& [con_id, held] : holdings_) {
    const Instrument& instrument = *market_.by_id(con_id);
    const double value = held.quantity * market_.worth(instrument, now) * instrument.multiplier();
    (instrument.is_option() ? options : stock) += value;
    cost += held.cost, realized += held.realized;
  }
  const std::string cash = to_string(cash_);
  return {{"Currency", "USD", "USD"},
          {"CashBalance", cash, "USD"},
          {"TotalCashBalance", cash, "USD"},
          {"StockMarketValue", number_text(stock, 2), "USD"},
          {"OptionMarketValue", number_text(options, 2), "USD"},
          {"NetLiquidationByCurrency", number_text(cash_.dollars() + stock + options, 2), "USD"},
          {"UnrealizedPnL", number_text(stock + options - cost, 2), "USD"},
          {"RealizedPnL", number_text(realized, 2), "USD"},
          {"ExchangeRate", "1", "USD"}};
}

// ---- subscriptions -------------------------------------------------------------------------------------------------

void Server::send_summary(Instant now, int id, int request, const std::string& tags) {
  std::vector<Figure> rows = figures(now);
  std::erase_if(rows, [&](const Figure& row) { return !lists(tags, row.tag); });
  for (const auto& [tag, currency] : {std::pair{"$LEDGER", "USD"}, {"$LEDGER:USD", "USD"}, {"$LEDGER:ALL", "BASE"}}) {
    if (!lists(tags, tag)) continue;
    for (Figure& row : ledger(now)) rows.push_back({row.tag, row.value, currency});
  }
  for (const Figure& row : rows)
    send(id, GatewayMessage(AccountSummary{request, scenario_.account, row.tag, row.value, row.currency}));
}

void Server::on(Instant now, int id, const RequestAccountSummary& m) {
  auto& summaries = connections_.at(id).summaries;
  if (!summaries.contains(m.request_id) && summaries.size() >= 2)
    return error(id, m.request_id, 322, "Maximum number of account summary requests exceeded");
  summaries[m.request_id] = m.tags;
  send_summary(now, id, m.request_id, m.tags);
  send(id, GatewayMessage(AccountSummaryEnd{m.request_id}));
}

void Server::send_account_values(Instant now, int id) {
  send(id, GatewayMessage(AccountValue{"AccountReady", "true", "", scenario_.account}));
  send(id, GatewayMessage(AccountValue{"AccountCode", scenario_.account, "", scenario_.account}));
  for (const Figure& row : figures(now))
    send(id, GatewayMessage(AccountValue{row.tag, row.value, row.currency, scenario_.account}));
  for (const Figure& row : ledger(now))
    send(id, GatewayMessage(AccountValue{row.tag, row.value, row.currency, scenario_.account}));
}

void Server::on(Instant now, int id, const SubscribeAccount& m) {
  Connection& connection = connections_.at(id);
  if (!m.subscribe) return void(connection.wants_account = false);
  if (!m.account.empty() && m.account != scenario_.account)
    return error(id, -1, 321, "Error validating request: invalid account code '" + m.account + "'.");
  // One subscription per gateway: the newest has it.
  std::vector<int> displaced;
  for (auto& [other, theirs] : connections_)
    if (other != id && std::exchange(theirs.wants_account, false)) displaced.push_back(other);
  for (const int other : displaced)
    error(other, -1, 2100,
          "New account data requested from TWS. API client has been "
          "unsubscribed from account data.");
  if (!connections_.contains(id)) return;
  connections_.at(id).wants_account = true;
  send_account_values(now, id);
  for (const auto& [con_id, held] : holdings_) send_portfolio(now, id, con_id);
  send(id, GatewayMessage(AccountUpdateTime{gateway_time(now).substr(9, 5)}));
  send(id, GatewayMessage(AccountDownloadEnd{scenario_.account}));
}

/// After a change of position, and every three minutes; `traded` has changed.
void Server::refresh_account(Instant now, const std::set<int>& traded) {
  if (broker_lost_) return;
  last_figures_ = now;
  std::vector<int> running;  // sending may end a connection
  for (const auto& [id, connection] : connections_) running.push_back(id);
  for (const int id : running) {
    if (!connections_.contains(id)) continue;
    const bool positions = connections_.at(id).wants_positions, account = connections_.at(id).wants_account;
    const std::map<int, std::string> summaries = connections_.at(id).summaries;
    for (const int con_id : traded) {
      if (positions) send_position(id, con_id);
      if (account) send_portfolio(now, id, con_id);
    }
    if (account) {
      if (traded.empty())
        for (const auto& [con_id, held] : holdings_) send_portfolio(now, id, con_id);
      send_account_values(now, id);
      send(id, GatewayMessage(AccountUpdateTime{gateway_time(now).substr(9, 5)}));
    }
    for (const auto& [request, tags] : summaries) send_summary(now, id, request, tags);
  }
}

}  // namespace alaris::simulated
