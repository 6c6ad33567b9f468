// SPDX-License-Identifier: Apache-2.0
#include "gateway/order_desk.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <alaris/core/time.hpp>
#include <alaris/market/new_york.hpp>

#include "gateway/overloaded.hpp"
#include "gateway/wire_terms.hpp"
#include "gateway/wire_text.hpp"

namespace alaris::gateway {
namespace {

using namespace std::chrono_literals;

bool usable_reference(const std::string& reference) {
  return !reference.empty() && reference.size() <= 40 && printable_ascii(reference) &&
         reference.find_first_of("|;,") == std::string::npos;
}

bool whole(const ComboOrder& order, int order_id, const std::vector<int>& con_ids) {
  return usable_reference(order.id) && order.quantity > 0 && !order.legs.empty() &&
         con_ids.size() == order.legs.size() && std::isfinite(order.limit) && order_id > 0 &&
         std::none_of(order.legs.begin(), order.legs.end(), [](const Leg& leg) { return leg.ratio == 0; });
}

/// One definition of the legs serves both ways: as the position is opened; it is closed by selling that combination.
PlaceOrder message_of(const ComboOrder& order, int order_id, const std::vector<int>& con_ids,
                      const std::string& account) {
  const bool closing = order.purpose == OrderPurpose::exit;
  PlaceOrder place;
  place.order.order_id = order_id;
  place.order.order_ref = order.id;
  place.order.account = account;
  place.order.quantity = order.quantity;
  if (order.legs.size() == 1) {
    place.contract.con_id = con_ids[0];
    place.contract.exchange = "SMART";
    place.order.action = order.legs[0].ratio > 0 ? "BUY" : "SELL";
    place.order.limit = order.legs[0].ratio > 0 ? order.limit : -order.limit;
    place.order.quantity = std::abs(order.legs[0].ratio) * order.quantity;
    return place;
  }
  place.contract.symbol = order.symbol, place.contract.sec_type = "BAG";
  place.contract.exchange = "SMART", place.contract.currency = "USD";
  for (std::size_t i = 0; i < order.legs.size(); ++i) {
    ComboLeg& leg = place.contract.legs.emplace_back();
    leg.con_id = con_ids[i], leg.ratio = std::abs(order.legs[i].ratio), leg.exchange = "SMART";
    leg.action = (order.legs[i].ratio > 0) != closing ? "BUY" : "SELL";
  }
  place.order.action = closing ? "SELL" : "BUY";
  place.order.limit = closing ? -order.limit : order.limit;
  return place;
}

}  // namespace

std::string_view name(DeskError error) noexcept {
  constexpr std::string_view names[] = {"the intent could not be made durable", "this order was intended before",
                                        "the order cannot be sent", "trading is halted",
                                        "the order does not work at the broker"};
  return names[static_cast<std::size_t>(error)];
}

// ---- intents -------------------------------------------------------------------------------------------------------

expected<PlaceOrder, DeskError> OrderDesk::intend(Instant now, const SendableOrder<ComboOrder>& sendable, int order_id,
                                                  std::vector<int> con_ids, const std::string& account) {
  const ComboOrder& order = sendable.order();
  if (!whole(order, order_id, con_ids)) return unexpected(DeskError::bad_order);
  if (command_ != KillCommand::none && !sendable.reduces_risk()) return unexpected(DeskError::halted);
  if (orders_.contains(order.id) || order_id <= highest_order_id_) return unexpected(DeskError::duplicate_intent);

  ++revision_;
  const JournalFields fields = intent_record(now, order, order_id, con_ids, account);
  if (!journal_.append(fields) || !journal_.sync()) return unexpected(DeskError::journal_failed);
  replay(fields);

  return message_of(order, order_id, con_ids, account);
}

expected<PlaceOrder, DeskError> OrderDesk::preview(const ComboOrder& order, int order_id,
                                                   const std::vector<int>& con_ids, const std::string& account) {
  if (!whole(order, order_id, con_ids)) return unexpected(DeskError::bad_order);
  PlaceOrder place = message_of(order, order_id, con_ids, account);
  place.order.what_if = true;
  return place;
}

expected<PlaceOrder, DeskError> OrderDesk::reprice(const SendableOrder<ComboOrder>& sendable,
                                                   const std::string& account) {
  const ComboOrder& order = sendable.order();
  const auto found = orders_.find(order.id);
  if (found == orders_.end() || !std::isfinite(order.limit)) return unexpected(DeskError::bad_order);
  DeskOrder& working = found->second;
  const OrderPhase phase = working.machine.phase();
  if (phase != OrderPhase::acknowledged && phase != OrderPhase::partially_filled)
    return unexpected(DeskError::not_working);
  const ComboOrder& intended = working.machine.order();
  if (order.legs != intended.legs || order.quantity != intended.quantity || order.purpose != intended.purpose)
    return unexpected(DeskError::bad_order);
  if (command_ != KillCommand::none && !sendable.reduces_risk()) return unexpected(DeskError::halted);
  const Money limit = Money::rounded(order.limit);
  if (!journal_.append({"limit", order.id, std::to_string(limit.micros())}) || !journal_.sync())
    return unexpected(DeskError::journal_failed);
  working.limit = limit;
  ++revision_;
  PlaceOrder place = message_of(order, working.order_id, working.con_ids, account);
  if (working.echoed) place.contract = *working.echoed;
  return place;
}

void OrderDesk::cancel_requested(const std::string& order_ref) {
  if (orders_.contains(order_ref)) apply(order_ref, CancelRequested{});
}

void OrderDesk::not_sent(int order_id) {
  const auto found = by_id_.find(order_id);
  if (found == by_id_.end()) return;
  const std::string reference = found->second;
  apply(reference, WrittenToBroker{});
  apply(reference, ConnectionEnded{});
  apply(reference, NotFoundAtBroker{});
}

// ---- what the broker says ------------------------------------------------------------------------------------------

DeskOrder* OrderDesk::match(std::int64_t perm_id, const std::string& order_ref, int client_id, int order_id) {
  std::string reference;
  if (const auto found = by_perm_.find(perm_id); perm_id != 0 && found != by_perm_.end()) {
    reference = found->second;
  } else if (orders_.contains(order_ref)) {
    reference = order_ref;
  } else if (const auto of_id = by_id_.find(order_id);
             order_ref.empty() && client_id == client_id_ && of_id != by_id_.end()) {
    reference = of_id->second;
  } else {
    return nullptr;
  }
  DeskOrder& order = orders_.at(reference);
  if (perm_id != 0 && order.perm_ids.insert(perm_id).second) {
    by_perm_[perm_id] = reference;
    (void)journal_.append({"perm", reference, std::to_string(perm_id)});
  }
  order.heard_of = true;
  ++revision_;
  return &order;
}

void OrderDesk::hear(Instant now, const SessionEvent& event) {
  std::visit(
      overloaded{[&](const MessageReceived& e) { hear_message(now, e.message); },
                 [&](const OrderWritten& e) {
                   const auto found = by_id_.find(e.order_id);
                   if (found == by_id_.end()) return;
                   orders_.at(found->second).written_at = now;
                   apply(found->second, WrittenToBroker{});
                 },
                 [&](const OrderNotSent& e) { not_sent(e.order_id); }, [&](const OrderProblem& e) { hear_problem(e); },
                 [&](const PhaseChanged& e) {
                   if (e.to != SessionPhase::down) return;
                   for (auto& [reference, order] : orders_)
                     if (order.machine.phase() == OrderPhase::submitted) apply(reference, ConnectionEnded{});
                 },
                 [&](const Synced& e) { settle(now, e.state); }, [](const auto&) {}},
      event);
}

void OrderDesk::hear_message(Instant now, const GatewayMessage& message) {
  std::visit(overloaded{[&](const OpenOrder& m) {
                          if (m.order.what_if) return;
                          DeskOrder* order =
                              match(m.order.perm_id, m.order.order_ref, m.order.client_id, m.order.order_id);
                          if (!order) return;
                          order->echoed = m.contract;
                          hear_status(*order, m.state.status, 0.0);
                        },
                        [&](const OrderStatus& m) {
                          if (DeskOrder* order = match(m.perm_id, {}, m.client_id, m.order_id))
                            hear_status(*order, m.status, m.filled);
                        },
                        [&](const ExecutionDetails& m) { hear_execution(now, m); },
                        [&](const CommissionReport& m) { hear_commission(m); }, [](const auto&) {}},
             message);
}

void OrderDesk::hear_status(DeskOrder& order, const std::string& status, double filled) {
  const std::string& reference = order.machine.order().id;
  const OrderPhase before = order.machine.phase();
  if (cancelled_word(status)) {
    if (before != OrderPhase::cancelled) apply(reference, CancelledByBroker{});
    return;
  }
  const int units = static_cast<int>(filled);
  const bool news = before == OrderPhase::submitted || before == OrderPhase::unknown || before == OrderPhase::intent ||
                    before == OrderPhase::lost || units > order.machine.filled_units();
  if (news) apply(reference, Acknowledged{units});
}

void OrderDesk::hear_execution(Instant now, const ExecutionDetails& m) {
  DeskOrder* order = match(m.perm_id, m.order_ref, m.client_id, m.order_id);
  if (!order) return;
  const std::string reference = order->machine.order().id;
  if (m.contract.is_bag()) {  // the check of the legs, never their booking
    if (order->machine.phase() == OrderPhase::submitted || order->machine.phase() == OrderPhase::unknown)
      apply(reference, Acknowledged{});
    return;
  }
  const auto& legs = order->machine.order().legs;
  std::optional<OptionContract> contract = option_of(m.contract);
  for (std::size_t i = 0; i < legs.size(); ++i)
    if (order->con_ids[i] == m.contract.con_id) contract = legs[i].contract;
  if (!contract)
    return alarms_.push_back({reference, "an execution of a contract that is no option: " + m.execution_id});
  const int shares = static_cast<int>(std::lround(m.shares));
  const LegExecution execution{m.execution_id, *contract, m.side == "BOT" ? shares : -shares, Money::rounded(m.price),
                               now};
  const std::size_t strangers = order->machine.strangers().size();
  if (!order->machine.apply(execution).empty()) record(reference, execution);
  if (order->machine.strangers().size() > strangers)
    alarms_.push_back({reference, "an execution of a contract that is no leg: " + m.execution_id});
  const std::string base(split_revision(m.execution_id).first);
  by_execution_[base] = reference;
  if (const auto early = early_commissions_.find(base); early != early_commissions_.end()) {
    const CommissionReport report = early->second;
    early_commissions_.erase(early);
    hear_commission(report);
  }
}

void OrderDesk::hear_commission(const CommissionReport& m) {
  if (!m.commission || !(*m.commission >= 0.0 && *m.commission < 1e9)) return;  // not known yet: the row stays open
  const std::string base(split_revision(m.execution_id).first);
  const auto found = by_execution_.find(base);
  if (found == by_execution_.end()) {
    early_commissions_[base] = m;
    return;
  }
  const ExecutionCommission commission{m.execution_id, Money::rounded(*m.commission)};
  if (!orders_.at(found->second).machine.apply(commission).empty()) record(found->second, commission);
}

/// An order is dead on 201 and 202, and on "order failed" before anything was heard of it; else it must be asked about.
void OrderDesk::hear_problem(const OrderProblem& problem) {
  const auto found = by_id_.find(problem.order_id);
  if (found == by_id_.end()) return;
  DeskOrder& order = orders_.at(found->second);
  ++revision_;
  switch (problem.action) {
    case ErrorAction::order_rejected:
      return apply(found->second, RejectedByBroker{problem.text});
    case ErrorAction::order_cancelled:
      return apply(found->second, CancelledByBroker{});
    case ErrorAction::order_failed:
    case ErrorAction::request_failed:
    case ErrorAction::local_bug:
      if (!order.heard_of) return apply(found->second, RejectedByBroker{problem.text});
      order.in_question = true;
      return;
    case ErrorAction::order_lives:
    case ErrorAction::ignore:
      return;
    default:
      order.in_question = !ended(order.machine.phase());
  }
}

/// After the broker has answered everything: what none of the answers knows was lost on the way.
void OrderDesk::settle(Instant now, const BrokerState& state) {
  std::set<std::string> known;
  for (const OpenOrder& row : state.open_orders)
    if (DeskOrder* order = match(row.order.perm_id, row.order.order_ref, row.order.client_id, row.order.order_id))
      known.insert(order->machine.order().id);
  for (const ExecutionDetails& row : state.executions)
    if (DeskOrder* order = match(row.perm_id, row.order_ref, row.client_id, row.order_id))
      known.insert(order->machine.order().id);
  for (const CompletedOrder& row : state.completed) {
    DeskOrder* order = match(row.order.perm_id, row.order.order_ref, 0, 0);
    if (!order) continue;
    known.insert(order->machine.order().id);
    hear_status(*order, row.state.status, row.state.status == "Filled" ? row.filled : 0.0);
  }
  ++revision_;
  for (auto& [reference, order] : orders_) {
    order.in_question = false;
    if (known.contains(reference) || ended(order.machine.phase())) continue;
    // The broker lists executions and completed orders of its day only; of an older order it can prove nothing.
    const bool of_today = new_york_date(order.intended_at) == new_york_date(now);
    if (order.machine.phase() == OrderPhase::unknown && of_today)
      apply(reference, NotFoundAtBroker{});
    else if ((order.machine.phase() != OrderPhase::submitted || now - order.intended_at > 60s) &&
             alarmed_.insert(reference + "/missing").second)
      alarms_.push_back({reference, "the broker no longer knows this order; its end is not known"});
  }
  (void)journal_.sync();
}

}  // namespace alaris::gateway
