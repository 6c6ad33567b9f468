// SPDX-License-Identifier: Apache-2.0
// The simulated broker's orders: validation, echoes, fills leg by leg, cancels, and what is remembered of them.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "simulated_gateway/server.hpp"

namespace alaris::simulated {

using namespace gateway;
using namespace std::chrono_literals;

namespace {

constexpr double option_fee = 0.65;  // dollars per contract

bool on_tick(double price) {
  return std::fabs(price * 100.0 - std::round(price * 100.0)) < 1e-6;
}

std::string execution_id(int number) {
  char text[40];
  std::snprintf(text, sizeof text, "0000e0d5.%08x.01.01", static_cast<unsigned>(number));
  return text;
}

/// What a fill trades: the legs of a combination, or the contract itself as one leg.
struct Traded {
  int con_id = 0;
  int ratio = 1;
  bool bought = true;
};

}  // namespace

void Server::tell(int client_id, const GatewayMessage& message) {
  // While the broker is lost nothing comes; what happened meanwhile is only to be had by asking.
  if (broker_lost_) return;
  if (const int connection = connection_of(client_id)) send(connection, message);
}

OrderStatus Server::status_of(const BrokerOrder& order) const {
  const WireOrder& o = order.request.order;
  return {.order_id = o.order_id,
          .status = order.status,
          .filled = order.filled,
          .remaining = o.quantity - order.filled,
          .average_price = order.filled > 0.0 ? order.paid / order.filled : 0.0,
          .perm_id = order.perm_id,
          .parent_id = 0,
          .last_price = order.last_price,
          .client_id = order.client_id,
          .why_held = "",
          .market_cap_price = 0.0};
}

OpenOrder Server::echo_of(const BrokerOrder& order) const {
  OpenOrder echo;
  echo.contract = order.request.contract, echo.order = order.request.order;
  if (echo.contract.is_bag()) {
    echo.contract.con_id = 28812380, echo.contract.trading_class = "COMB";
    for (const ComboLeg& leg : echo.contract.legs) {
      if (!echo.order.legs_description.empty()) echo.order.legs_description += ',';
      echo.order.legs_description +=
          std::to_string(leg.con_id) + "|" + std::to_string(leg.action == "BUY" ? leg.ratio : -leg.ratio);
    }
  } else if (const Instrument* instrument = market_.find(echo.contract)) {
    echo.contract = instrument->contract;
    echo.contract.exchange = order.request.contract.exchange;
  }
  echo.contract.primary_exchange.clear();
  echo.order.client_id = order.client_id, echo.order.perm_id = order.perm_id;
  echo.order.stop = order.request.order.stop.value_or(0.0);
  echo.order.oca_type = 3, echo.order.display_size.reset(), echo.order.delta_neutral_type = "None";
  echo.order.clearing_intent = "IB", echo.order.adjusted_type = "None", echo.order.no_auto_price_for_hedge = true;
  echo.order.shares_allocation = std::to_string(order.perm_id) + ".0/" + scenario_.account + "/100";
  echo.state.status = order.status;
  return echo;
}

void Server::tell_order(const BrokerOrder& order) {
  if (!scenario_.fills.status_rows && order.filled > 0.0) return;
  tell(order.client_id, echo_of(order));
  tell(order.client_id, status_of(order));
}

BrokerOrder* Server::find_order(int client_id, int order_id) {
  for (auto& [perm, order] : orders_)
    if (order.client_id == client_id && order.request.order.order_id == order_id) return &order;
  return nullptr;
}

// ---- placing
// --------------------------------------------------------------------------------------------------------------

bool Server::valid(int id, const PlaceOrder& m) {
  const WireOrder& o = m.order;
  const auto refuse = [&](int code, const std::string& text) { return error(id, o.order_id, code, text), false; };
  if (scenario_.read_only) return refuse(321, "Error validating request: the API interface is in Read-Only mode.");
  if (o.account != scenario_.account) return refuse(321, "Error validating request: invalid account code");
  if (!(o.quantity > 0.0)) return refuse(201, "Order rejected - reason:The order size cannot be zero.");
  if (o.action != "BUY" && o.action != "SELL") return refuse(321, "Error validating request: invalid action");
  if (o.type != "LMT" && o.type != "MKT") return refuse(201, "Order rejected - reason:order type is not simulated");
  if (o.type == "LMT" && (!o.limit || !on_tick(*o.limit)))
    return refuse(110, "The price does not conform to the minimum price variation for this contract.");
  if (!m.contract.is_bag())
    return market_.find(m.contract) ? true : refuse(200, "No security definition has been found for the request");
  if (m.contract.legs.size() < 2) return refuse(312, "The combo details are invalid: missing combo leg.");
  std::set<int> distinct;
  for (const ComboLeg& leg : m.contract.legs) {
    if (!market_.by_id(leg.con_id) || leg.ratio <= 0 || !distinct.insert(leg.con_id).second)
      return refuse(313, "The combo details for leg are invalid.");
  }
  return true;
}

void Server::preview(Instant now, int id, const PlaceOrder& m) {
  BrokerOrder order{.request = m, .client_id = connections_.at(id).client_id};
  OpenOrder echo = echo_of(order);
  echo.order.perm_id = 0, echo.order.what_if = true;
  if (scenario_.what_if_warns_first) {
    echo.state.warning = "Your order will not be placed: this is a preview.";
    send(id, GatewayMessage(echo));
  }
  const auto quote = market_.quote(m.contract, now);
  const double price = m.order.limit.value_or(quote ? quote->ask : 0.0);
  const double margin = 100.0 * m.order.quantity * std::max(0.0, m.order.action == "BUY" ? price : -price);
  const double contracts = m.order.quantity * static_cast<double>(std::max<std::size_t>(1, m.contract.legs.size()));
  const double net = net_liquidation(now);
  const double change[] = {margin, margin, -option_fee * contracts};
  const double before[] = {0.0, 0.0, net};
  for (std::size_t i = 0; i < 3; ++i) {
    echo.state.margin_before[i] = before[i], echo.state.margin_change[i] = change[i];
    echo.state.margin_after[i] = before[i] + change[i];
  }
  echo.state.min_commission = option_fee * contracts, echo.state.max_commission = option_fee * contracts;
  echo.state.commission_currency = "USD", echo.state.warning.clear();
  send(id, GatewayMessage(echo));
}

void Server::on(Instant now, int id, const PlaceOrder& m) {
  const int client_id = connections_.at(id).client_id;
  if (BrokerOrder* order = find_order(client_id, m.order.order_id)) return modify(now, id, *order, m);
  int& highest = highest_id_[client_id];
  if (m.order.order_id <= highest || m.order.order_id < scenario_.next_order_id)
    return error(id, m.order.order_id, 103, "Duplicate order id");
  ++orders_seen_;
  const auto plan = std::find_if(scenario_.orders.begin(), scenario_.orders.end(),
                                 [&](const OrderPlan& p) { return p.order == orders_seen_; });
  if (plan != scenario_.orders.end() && plan->fate == OrderFate::lose_and_close) return close(id);
  highest = m.order.order_id;
  if (!valid(id, m)) return;
  if (m.order.what_if) return preview(now, id, m);
  if (plan != scenario_.orders.end() && plan->fate == OrderFate::reject)
    return error(id, m.order.order_id, plan->code, plan->text);
  BrokerOrder& order = orders_[next_perm_];
  order = {.request = m, .client_id = client_id, .perm_id = next_perm_++, .changed = now};
  order.status = !m.order.transmit ? "Inactive" : broker_lost_ ? "PendingSubmit" : "PreSubmitted";
  if (plan != scenario_.orders.end() && plan->fate == OrderFate::accept_and_close) return close(id);
  tell_order(order);
}

void Server::modify(Instant now, int id, BrokerOrder& order, const PlaceOrder& m) {
  if (order.over()) return error(id, m.order.order_id, 104, "Cannot modify a filled order.");
  const bool same = m.contract.legs == order.request.contract.legs && m.order.action == order.request.order.action;
  if (!same) return error(id, m.order.order_id, 105, "Order being modified does not match original order.");
  if (!valid(id, m)) return;
  const auto echoed = order.request.contract;
  order.request = m, order.request.contract = echoed, order.changed = now;
  if (m.order.transmit && order.status == "Inactive") order.status = "PreSubmitted";
  tell_order(order);
}

// ---- the end of orders
// ------------------------------------------------------------------------------------------------------

void Server::cancel(Instant, BrokerOrder& order) {
  order.status = "PendingCancel";
  tell(order.client_id, status_of(order));
  order.status = "Cancelled";
  tell(order.client_id, status_of(order));
  tell(order.client_id, ErrorMessage{order.request.order.order_id, 202, "Order Canceled - reason:", ""});
}

void Server::on(Instant now, int id, const CancelOrder& m) {
  BrokerOrder* order = find_order(connections_.at(id).client_id, m.order_id);
  if (!order) return error(id, m.order_id, 10147, "OrderId that needs to be cancelled is not found.");
  if (order->over()) return error(id, m.order_id, 10148, "OrderId that needs to be cancelled can not be cancelled.");
  cancel(now, *order);
}

void Server::on(Instant now, int, const GlobalCancel&) {
  for (auto& [perm, order] : orders_)
    if (!order.over()) cancel(now, order);
}

// ---- fills
// ------------------------------------------------------------------------------------------------------------------

void Server::consider_fills(Instant now) {
  for (auto& [perm, order] : orders_) {
    if (order.status == "PendingSubmit" && !broker_lost_) {
      order.status = "PreSubmitted", order.changed = now;
      tell_order(order);
    }
    const bool works = order.status == "PreSubmitted" || order.status == "Submitted";
    if (!works || scenario_.fills.policy == FillPolicy::never || now - order.changed < scenario_.fills.delay) continue;
    const WireOrder& o = order.request.order;
    const auto quote = market_.quote(order.request.contract, now);
    if (!quote || (scenario_.fills.one_leg && order.last_price != 0.0)) continue;
    const bool buys = o.action == "BUY";
    const double natural = buys ? quote->ask : quote->bid;
    const bool reached = o.type == "MKT" || (buys ? *o.limit >= natural - 1e-9 : *o.limit <= natural + 1e-9);
    if (scenario_.fills.policy == FillPolicy::marketable && !reached) continue;
    const double left = o.quantity - order.filled;
    const double part = std::max(1.0, std::floor(o.quantity / std::max(1, scenario_.fills.parts)));
    fill(now, order, std::min(left, part), reached ? natural : *o.limit);
  }
}

/// Executes `units` at the net price: every leg near its mid, the last one so that the legs add up to the net.
void Server::fill(Instant now, BrokerOrder& order, double units, double net) {
  const Contract& contract = order.request.contract;
  const WireOrder& o = order.request.order;
  const bool buys = o.action == "BUY";
  std::vector<Traded> traded;
  for (const ComboLeg& leg : contract.legs) traded.push_back({leg.con_id, leg.ratio, (leg.action == "BUY") == buys});
  if (traded.empty()) traded.push_back({market_.find(contract)->contract.con_id, 1, buys});

  std::vector<double> prices;
  double rest = buys ? net : -net;  // what the unit costs in all
  for (std::size_t i = 0; i < traded.size(); ++i) {
    const Traded& leg = traded[i];
    const auto quote = market_.quote(*market_.by_id(leg.con_id), now);
    const double sign = leg.bought ? 1.0 : -1.0;
    double price = quote ? std::round(quote->mid() * 100.0) / 100.0 : 0.01;
    if (i + 1 == traded.size()) price = std::round(sign * rest / leg.ratio * 100.0) / 100.0;
    rest -= sign * leg.ratio * price;
    prices.push_back(price);
  }

  const bool whole = !scenario_.fills.one_leg || !contract.is_bag();
  if (whole) order.filled += units, order.paid += units * net;
  order.last_price = net, order.changed = now;
  order.status = order.filled >= o.quantity ? "Filled" : "Submitted";
  std::vector<GatewayMessage> rows;
  const auto execution = [&](const Contract& of, bool bought, double shares, double price, double cumulative) {
    ExecutionDetails row;
    row.order_id = o.order_id, row.contract = of, row.execution_id = execution_id(next_execution_++);
    row.contract.primary_exchange.clear();
    row.time = gateway_time(now), row.account = scenario_.account, row.exchange = "CBOE";
    row.side = bought ? "BOT" : "SLD", row.shares = shares, row.price = price, row.perm_id = order.perm_id;
    row.client_id = order.client_id, row.cumulative = cumulative, row.average_price = price;
    row.order_ref = o.order_ref, row.last_liquidity = 2;
    executions_.push_back(row);
    rows.push_back(row);
    return row.execution_id;
  };
  if (contract.is_bag() && scenario_.fills.combination_row && whole) {
    Contract bag = contract;
    bag.con_id = 28812380, bag.trading_class = "COMB";
    execution(bag, buys, units, net, order.filled);
  }
  if (!whole) traded.resize(1);
  for (std::size_t i = 0; i < traded.size(); ++i) {
    const Traded& leg = traded[i];
    const Instrument& instrument = *market_.by_id(leg.con_id);
    const double multiplier = instrument.contract.sec_type == "OPT" ? 100.0 : 1.0;
    const double shares = units * leg.ratio, signed_shares = leg.bought ? shares : -shares;
    const std::string id =
        execution(instrument.contract, leg.bought, shares, prices[i], (whole ? order.filled : units) * leg.ratio);
    CommissionReport report;
    report.execution_id = id, report.commission = option_fee * shares, report.currency = "USD";
    commissions_[id] = report;
    rows.push_back(report);
    positions_[leg.con_id] += signed_shares;
    cost_[leg.con_id] += signed_shares * prices[i] * multiplier + *report.commission;
    cash_ -= Money::rounded(signed_shares * prices[i] * multiplier) + Money::rounded(*report.commission);
  }
  if (scenario_.fills.status_rows) rows.push_back(status_of(order));
  if (scenario_.fills.duplicate) rows.push_back(GatewayMessage(rows[random_() % rows.size()]));
  if (scenario_.fills.reorder) std::shuffle(rows.begin(), rows.end(), random_);
  for (const GatewayMessage& row : rows) tell(order.client_id, row);
  std::vector<int> watching;
  for (const auto& [id, connection] : connections_)
    if (connection.wants_positions && !broker_lost_) watching.push_back(id);
  for (const Traded& leg : traded)
    for (const int id : watching) send_position(id, leg.con_id);
}

// ---- reading back
// -------------------------------------------------------------------------------------------------------------

void Server::send_open_orders(int id, std::optional<int> client_id) {
  for (const auto& [perm, order] : orders_) {
    if (order.over() || (client_id && order.client_id != *client_id)) continue;
    send(id, GatewayMessage(echo_of(order)));
    send(id, GatewayMessage(status_of(order)));
  }
  send(id, GatewayMessage(OpenOrderEnd{}));
}

void Server::send_completed(int id) {
  for (const auto& [perm, order] : orders_) {
    if (!order.over()) continue;
    const OpenOrder echo = echo_of(order);
    CompletedOrder row{.contract = echo.contract, .order = echo.order, .state = echo.state, .filled = order.filled};
    row.order.quantity = order.status == "Filled" ? 0.0 : row.order.quantity;
    row.state.completed_time = gateway_time(order.changed), row.state.completed_status = order.status;
    send(id, GatewayMessage(row));
  }
  send(id, GatewayMessage(CompletedOrdersEnd{}));
}

void Server::on(Instant, int id, const RequestExecutions& m) {
  const auto wanted = [](const std::string& filter, const std::string& value) {
    return filter.empty() || filter == value;
  };
  const std::string side = m.side == "BUY" ? "BOT" : m.side == "SELL" ? "SLD" : m.side;
  for (ExecutionDetails row : executions_) {
    if (m.client_id != 0 && m.client_id != row.client_id) continue;
    if (!wanted(m.account, row.account) || !wanted(m.symbol, row.contract.symbol) || !wanted(side, row.side)) continue;
    if (!wanted(m.sec_type, row.contract.sec_type) || !wanted(m.exchange, row.exchange)) continue;
    row.request_id = m.request_id;
    send(id, GatewayMessage(row));
    if (const auto report = commissions_.find(row.execution_id); report != commissions_.end())
      send(id, GatewayMessage(report->second));
  }
  send(id, GatewayMessage(ExecutionDetailsEnd{m.request_id}));
}

}  // namespace alaris::simulated
