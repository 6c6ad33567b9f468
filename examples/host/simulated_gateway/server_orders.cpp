// SPDX-License-Identifier: Apache-2.0
// The simulated broker's orders: validation, echoes, changes, cancels, and what is remembered of them.
#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <utility>

#include <alaris/market/calendar.hpp>
#include <alaris/market/new_york.hpp>

#include "simulated_gateway/server.hpp"

namespace alaris::simulated {

using namespace gateway;
using namespace std::chrono_literals;

namespace {

bool on_tick(double price) {
  return std::fabs(price * 100.0 - std::round(price * 100.0)) < 1e-6;
}

bool in(const std::string& word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

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
          .average_price = order.filled > 0.0 ? rounded(order.paid / order.filled, 8) : 0.0,
          .perm_id = order.perm_id,
          .parent_id = o.parent_id,
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
  if (echo.order.oca_type == 0) echo.order.oca_type = 3;
  echo.order.display_size.reset(), echo.order.delta_neutral_type = "None";
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

std::optional<Server::Refusal> Server::refusal_of_terms(Instant now, const WireOrder& o) const {
  if (scenario_.read_only) return Refusal{321, "Error validating request: the API interface is in Read-Only mode."};
  if (o.account != scenario_.account) return Refusal{321, "Error validating request: invalid account code"};
  if (!(o.quantity > 0.0)) return Refusal{201, "Order rejected - reason:The order size cannot be zero."};
  if (o.quantity > 1e9 || o.quantity != std::round(o.quantity))
    return Refusal{201, "Order rejected - reason:The order size is not a multiple of 1."};
  if (!in(o.action, {"BUY", "SELL"})) return Refusal{321, "Error validating request: invalid action"};
  if (!in(o.type, {"LMT", "MKT", "STP", "STP LMT"}))
    return Refusal{201, "Order rejected - reason:This order type is not simulated."};
  const auto conforms = [](const std::optional<double>& price) { return price && on_tick(*price); };
  if ((in(o.type, {"LMT", "STP LMT"}) && !conforms(o.limit)) || (in(o.type, {"STP", "STP LMT"}) && !conforms(o.stop)))
    return Refusal{110,
                   "The price does not conform to the minimum price "
                   "variation for this contract."};
  if (in(o.tif, {"OPG"}) || !o.good_after.empty())
    return Refusal{201, "Order rejected - reason:This time in force is not simulated."};
  if (!in(o.tif, {"DAY", "GTC", "GTD", "IOC", "FOK"}))
    return Refusal{321, "Error validating request: invalid time in force"};
  if (o.tif != "GTD") return std::nullopt;
  const auto till = parse_time(o.good_till);
  if (!till) return Refusal{10314, "End Date/Time: the date, time or time zone entered is invalid."};
  if (till->at <= now) return Refusal{201, "Order rejected - reason:The good till date has passed."};
  return std::nullopt;
}

std::optional<Server::Refusal> Server::refusal_of_contract(const Contract& contract) const {
  if (!contract.is_bag()) {
    if (market_.find(contract)) return std::nullopt;
    return Refusal{200, "No security definition has been found for the request"};
  }
  if (contract.legs.size() < 2) return Refusal{312, "The combo details are invalid: missing combo leg."};
  std::set<int> distinct;
  for (const ComboLeg& leg : contract.legs)
    if (!market_.by_id(leg.con_id) || leg.ratio <= 0 || leg.ratio > 1000 || !in(leg.action, {"BUY", "SELL"}) ||
        !distinct.insert(leg.con_id).second)
      return Refusal{313, "The combo details for leg are invalid."};
  return std::nullopt;
}

bool Server::valid(Instant now, int id, const PlaceOrder& m) {
  auto refusal = refusal_of_terms(now, m.order);
  if (!refusal) refusal = refusal_of_contract(m.contract);
  if (refusal) error(id, m.order.order_id, refusal->code, refusal->text);
  return !refusal;
}

/// When the order ends by itself. A day order that comes after the close is for the next session.
std::optional<Instant> Server::expiry_of(Instant now, const WireOrder& o) const {
  if (o.tif == "GTD") return parse_time(o.good_till)->at;
  if (o.tif != "DAY") return std::nullopt;
  static const TradingCalendar calendar = TradingCalendar::nyse();
  const Date today = new_york_date(now);
  if (calendar.is_session(today) && now < calendar.close(today)) return calendar.close(today);
  const Date next = calendar.next_session(today);
  if (next == Date::max()) return std::nullopt;  // beyond the years that the calendar knows
  return calendar.close(next);
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
  const double price = m.order.limit.value_or(quote ? (m.order.action == "BUY" ? quote->ask : quote->bid) : 0.0);
  const Instrument* stock = m.contract.is_bag() ? nullptr : market_.find(m.contract);
  if (stock && stock->is_option()) stock = nullptr;
  // Half of a stock's value either way; of options what they cost.
  const double premium = std::max(0.0, m.order.action == "BUY" ? price : -price);
  const double margin = m.order.quantity * (stock ? 0.5 * price : 100.0 * premium);
  double fee = 0.0;
  for (const Traded& leg : traded_by(order))
    fee += commission(order, *market_.by_id(leg.con_id), m.order.quantity * leg.ratio);
  const double net = net_liquidation(now);
  const double change[] = {rounded(margin, 2), rounded(margin, 2), rounded(-fee, 2)};
  const double before[] = {0.0, 0.0, rounded(net, 2)};
  for (std::size_t i = 0; i < 3; ++i) {
    echo.state.margin_before[i] = before[i], echo.state.margin_change[i] = change[i];
    echo.state.margin_after[i] = rounded(before[i] + change[i], 2);
  }
  echo.state.min_commission = rounded(fee, 4), echo.state.max_commission = rounded(fee, 4);
  echo.state.commission_currency = "USD", echo.state.warning.clear();
  send(id, GatewayMessage(echo));
}

void Server::on(Instant now, int id, const PlaceOrder& asked) {
  PlaceOrder m = asked;
  WireOrder& o = m.order;
  if (o.account.empty()) o.account = scenario_.account;  // there is one
  if (o.tif.empty()) o.tif = "DAY";
  const int client_id = connections_.at(id).client_id;
  if (BrokerOrder* order = find_order(client_id, o.order_id)) {
    if (!o.what_if) return modify(now, id, *order, m);
    if (valid(now, id, m)) preview(now, id, m);
    return;
  }
  int& highest = highest_id_[client_id];
  if (o.order_id <= highest || o.order_id < scenario_.next_order_id)
    return error(id, o.order_id, 103, "Duplicate order id");
  if (o.what_if) {  // not an order: the scenario's plans do not count it
    highest = o.order_id;
    if (valid(now, id, m)) preview(now, id, m);
    return;
  }
  ++orders_seen_;
  const auto plan = std::find_if(scenario_.orders.begin(), scenario_.orders.end(),
                                 [&](const OrderPlan& p) { return p.order == orders_seen_; });
  if (plan != scenario_.orders.end() && plan->fate == OrderFate::lose_and_close) return close(id);
  highest = o.order_id;
  if (!valid(now, id, m)) return;
  if (plan != scenario_.orders.end() && plan->fate == OrderFate::reject)
    return error(id, o.order_id, plan->code, plan->text);
  const BrokerOrder* parent = o.parent_id == 0 ? nullptr : find_order(client_id, o.parent_id);
  if (o.parent_id != 0 && !parent) return error(id, o.order_id, 135, "Can't find order with id of the parent.");
  if (parent && parent->status == "Cancelled")
    return error(id, o.order_id, 201, "Order rejected - reason:The parent order is being cancelled.");
  BrokerOrder& order = orders_[next_perm_];
  order = {.request = m, .client_id = client_id, .perm_id = next_perm_++, .changed = now};
  order.status = !o.transmit ? "Inactive" : broker_lost_ ? "PendingSubmit" : "PreSubmitted";
  order.expires = expiry_of(now, o);
  if (plan != scenario_.orders.end() && plan->fate == OrderFate::accept_and_close) return close(id);
  if (o.transmit && parent) transmit_family(now, client_id, o.parent_id);
  tell_order(order);
}

/// The last order of a family transmits those that were parked before it.
void Server::transmit_family(Instant now, int client_id, int parent_id) {
  for (auto& [perm, order] : orders_) {
    WireOrder& o = order.request.order;
    if (order.client_id != client_id || o.transmit || order.over()) continue;
    if (o.order_id != parent_id && o.parent_id != parent_id) continue;
    o.transmit = true, order.changed = now;
    order.status = broker_lost_ ? "PendingSubmit" : "PreSubmitted";
    tell_order(order);
  }
}

bool Server::same_instrument(const Contract& a, const Contract& b) const {
  if (a.is_bag() || b.is_bag()) return a.is_bag() && b.is_bag() && a.legs == b.legs;
  return market_.find(a) == market_.find(b);
}

void Server::modify(Instant now, int id, BrokerOrder& order, const PlaceOrder& m) {
  const WireOrder& o = m.order;
  if (order.over()) return error(id, o.order_id, 104, "Cannot modify a filled order.");
  if (!valid(now, id, m)) return;
  const bool same = same_instrument(m.contract, order.request.contract) && o.action == order.request.order.action &&
                    o.parent_id == order.request.order.parent_id;
  if (!same) return error(id, o.order_id, 105, "Order being modified does not match original order.");
  if (o.quantity < order.filled) return error(id, o.order_id, 104, "Cannot modify an order below what is filled.");
  if (o.stop != order.request.order.stop) order.triggered = false;
  const auto echoed = order.request.contract;
  order.request = m, order.request.contract = echoed, order.changed = now, order.expires = expiry_of(now, o);
  if (o.transmit && order.status == "Inactive") order.status = "PreSubmitted";
  if (o.quantity == order.filled) order.status = "Filled";  // nothing is left of it
  tell_order(order);
}

// ---- the end of orders
// ------------------------------------------------------------------------------------------------------

void Server::cancel(Instant now, BrokerOrder& order) {
  const int client_id = order.client_id, order_id = order.request.order.order_id;
  order.status = "PendingCancel", order.changed = now;
  tell(client_id, status_of(order));
  order.status = "Cancelled";
  tell(client_id, status_of(order));
  tell(client_id, ErrorMessage{order_id, 202, "Order Canceled - reason:", ""});
  for (auto& [perm, child] : orders_)
    if (child.client_id == client_id && child.request.order.parent_id == order_id && !child.over()) cancel(now, child);
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

void Server::on(Instant now, int id, const RequestExecutions& m) {
  const auto wanted = [](const std::string& filter, const std::string& value) {
    return filter.empty() || filter == value;
  };
  const std::string side = m.side == "BUY" ? "BOT" : m.side == "SELL" ? "SLD" : m.side;
  const auto from = parse_time(m.time);
  if (!m.time.empty() && !from) return error(id, m.request_id, 321, "Error validating request: invalid time");
  const Instant midnight = new_york_instant(new_york_date(now), 0min);
  for (ExecutionDetails row : executions_) {
    const Instant at = executed_at_.at(row.execution_id);
    if (at < midnight || (from && at < from->at)) continue;
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
