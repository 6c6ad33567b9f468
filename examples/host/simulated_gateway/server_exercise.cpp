// SPDX-License-Identifier: Apache-2.0
// Exercise of an option at the simulated broker: the request is an order under its own number.
#include "simulated_gateway/server.hpp"

namespace alaris::simulated {

using namespace gateway;

/// A long option goes at no price and its shares come, or leave, at the strike; a lapse leaves it to its expiry.
void Server::on(Instant now, int id, const ExerciseOptions& m) {
  const auto refuse = [&](int code, const std::string& text) { error(id, m.request_id, code, text); };
  const Instrument* option = market_.find(m.contract);
  if (!option || !option->is_option()) return refuse(200, "No security definition has been found for the request");
  if (!m.account.empty() && m.account != scenario_.account)
    return refuse(321, "Error validating request: invalid account code");
  if (m.action != 1 && m.action != 2) return refuse(321, "Error validating request: invalid exercise action");
  const auto held = holdings_.find(option->contract.con_id);
  if (m.quantity < 1 || held == holdings_.end() || held->second.quantity < m.quantity)
    return refuse(201,
                  "Order rejected - reason:The account does not hold so "
                  "many of the option.");
  const SymbolPlan& plan = market_.symbols()[option->symbol];
  const bool call = right_of(option->contract.right) == OptionType::call;
  const double gain = (call ? 1.0 : -1.0) * (plan.spot - option->contract.strike);
  if (m.action == 1 && !(gain > 0.0) && !m.override_default)
    return refuse(201,
                  "Order rejected - reason:The option is out of the "
                  "money; the override allows its exercise.");
  PlaceOrder request{.contract = option->contract, .order = {}, .security_id_type = {}, .security_id = {}};
  WireOrder& o = request.order;
  o.order_id = m.request_id, o.action = "SELL", o.quantity = m.quantity, o.type = "MKT", o.limit = 0.0;
  o.account = scenario_.account, o.order_ref = m.action == 1 ? "exercise" : "lapse";
  BrokerOrder& order = orders_[next_perm_];
  order = {.request = std::move(request), .client_id = connections_.at(id).client_id, .perm_id = next_perm_++};
  order.changed = now, order.status = m.action == 1 ? "PreSubmitted" : "Cancelled";
  tell_order(order);
  if (m.action == 2) return;
  order.filled = m.quantity, order.status = "Filled";
  const Instrument& stock = *market_.by_id(plan.con_id);
  const double shares = 100.0 * m.quantity;
  tell(order.client_id, execution(now, order, option->contract, false, m.quantity, 0.0, m.quantity));
  (void)book(*option, -m.quantity, 0.0, 0.0);
  tell(order.client_id, execution(now, order, stock.contract, call, shares, option->contract.strike, shares));
  (void)book(stock, call ? shares : -shares, option->contract.strike, 0.0);
  tell(order.client_id, status_of(order));
  refresh_account(now, {option->contract.con_id, plan.con_id});
}

}  // namespace alaris::simulated
