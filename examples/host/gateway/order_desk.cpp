// SPDX-License-Identifier: Apache-2.0
#include "gateway/order_desk.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <type_traits>
#include <utility>

#include <alaris/core/time.hpp>
#include <alaris/market/new_york.hpp>

#include "gateway/wire_text.hpp"

namespace alaris::gateway {
namespace {

using namespace std::chrono_literals;

std::int64_t number(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string digits_of(Date date) {
  std::string text = to_string(date);
  std::erase(text, '-');
  return text;
}

std::optional<Date> date_of(std::string_view digits) {
  if (digits.size() < 8) return std::nullopt;
  std::string iso(digits.substr(0, 4));
  return parse_date(iso.append("-").append(digits.substr(4, 2)).append("-").append(digits.substr(6, 2)));
}

std::optional<OptionContract> option_of(const Contract& contract) {
  const auto expiry = date_of(contract.expiry);
  const auto strike = Strike::from_dollars(contract.strike);
  const auto right = right_of(contract.right);
  if (contract.sec_type != "OPT" || !expiry || !strike || !right) return std::nullopt;
  return OptionContract{*expiry, *strike, *right};
}

void append_option(JournalFields& fields, const OptionContract& contract) {
  fields.push_back(digits_of(contract.expiry));
  fields.push_back(std::to_string(contract.strike.thousandths()));
  fields.push_back(contract.type == OptionType::call ? "C" : "P");
}

OptionContract option_in(const JournalFields& fields, std::size_t at) {
  return {date_of(fields[at]).value_or(Date{}),
          Strike::from_thousandths(static_cast<std::int32_t>(number(fields[at + 1]))),
          fields[at + 2] == "C" ? OptionType::call : OptionType::put};
}

std::string micros_of(Instant at) {
  return std::to_string(at.time_since_epoch().count());
}
Instant instant_in(const std::string& text) {
  return Instant(std::chrono::microseconds(number(text)));
}

template <class... Fs>
struct overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
overloaded(Fs...) -> overloaded<Fs...>;

bool usable_reference(const std::string& reference) {
  return !reference.empty() && reference.size() <= 40 && printable_ascii(reference) &&
         reference.find_first_of("|;,") == std::string::npos;
}

bool cancelled_word(const std::string& status) {
  return status == "Cancelled" || status == "ApiCancelled";
}

}  // namespace

std::string_view name(DeskError error) noexcept {
  constexpr std::string_view names[] = {"the intent could not be made durable", "this order was intended before",
                                        "the order cannot be sent", "trading is halted"};
  return names[static_cast<std::size_t>(error)];
}

// ---- intents
// ----------------------------------------------------------------------------------------------------------

expected<PlaceOrder, DeskError> OrderDesk::intend(Instant now, const SendableOrder<ComboOrder>& sendable, int order_id,
                                                  std::vector<int> con_ids, const std::string& account) {
  const ComboOrder& order = sendable.order();
  const bool whole = usable_reference(order.id) && order.quantity > 0 && !order.legs.empty() &&
                     con_ids.size() == order.legs.size() && std::isfinite(order.limit) && order_id > 0 &&
                     std::none_of(order.legs.begin(), order.legs.end(), [](const Leg& leg) { return leg.ratio == 0; });
  if (!whole) return unexpected(DeskError::bad_order);
  if (halted_ && !sendable.reduces_risk()) return unexpected(DeskError::halted);
  if (orders_.contains(order.id) || order_id <= highest_order_id_) return unexpected(DeskError::duplicate_intent);

  JournalFields fields{"intent",
                       order.id,
                       std::to_string(order_id),
                       micros_of(now),
                       order.symbol,
                       std::string(name(order.purpose)),
                       std::to_string(order.quantity),
                       std::to_string(Money::rounded(order.limit).micros()),
                       account};
  for (std::size_t i = 0; i < order.legs.size(); ++i) {
    fields.push_back(std::to_string(con_ids[i]));
    fields.push_back(std::to_string(order.legs[i].ratio));
    append_option(fields, order.legs[i].contract);
  }
  if (!journal_.append(fields) || !journal_.sync()) return unexpected(DeskError::journal_failed);
  replay(fields);

  // One definition of the legs serves both ways: as the position is opened; it is closed by selling that combination.
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

bool OrderDesk::halt(std::string_view why) {
  halted_ = std::string(why);
  return journal_.append({"halt", *halted_}) && journal_.sync();
}

bool OrderDesk::resume(std::string_view reason) {
  if (reason.empty() || !journal_.append({"resume", std::string(reason)}) || !journal_.sync()) return false;
  halted_.reset();
  return true;
}

bool OrderDesk::adopt_cash(Money at_broker) {
  if (opening_cash_) return true;
  opening_cash_ = at_broker - books().cash;
  return journal_.append({"cash", std::to_string(opening_cash_->micros())}) && journal_.sync();
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

// ---- journal
// ----------------------------------------------------------------------------------------------------------

void OrderDesk::apply(const std::string& order_ref, const OrderEvent& event) {
  orders_.at(order_ref).machine.apply(event);
  record(order_ref, event);
}

void OrderDesk::record(const std::string& order_ref, const OrderEvent& event) {
  JournalFields fields = std::visit(
      overloaded{[&](const WrittenToBroker&) {
                   return JournalFields{"written", order_ref};
                 },
                 [&](const CancelRequested&) {
                   return JournalFields{"cancel", order_ref};
                 },
                 [&](const ConnectionEnded&) {
                   return JournalFields{"doubt", order_ref};
                 },
                 [&](const NotFoundAtBroker&) {
                   return JournalFields{"lost", order_ref};
                 },
                 [&](const Acknowledged& e) {
                   return JournalFields{"acknowledged", order_ref, std::to_string(e.filled_units)};
                 },
                 [&](const CancelledByBroker&) {
                   return JournalFields{"cancelled", order_ref};
                 },
                 [&](const RejectedByBroker& e) {
                   return JournalFields{"rejected", order_ref, e.reason};
                 },
                 [&](const LegExecution& e) {
                   JournalFields f{
                       "execution",    order_ref, e.id, std::to_string(e.contracts), std::to_string(e.price.micros()),
                       micros_of(e.at)};
                   append_option(f, e.contract);
                   return f;
                 },
                 [&](const ExecutionCommission& e) {
                   return JournalFields{"commission", order_ref, e.execution_id, std::to_string(e.amount.micros())};
                 }},
      event);
  (void)journal_.append(fields);  // a failure is remembered by the journal: `failed` then refuses every new intent
}

void OrderDesk::replay(const JournalFields& fields) {
  if (fields.size() < 2) return;
  const std::string& kind = fields[0];
  const std::string& reference = fields[1];
  if (kind == "intent" && fields.size() >= 9 && (fields.size() - 9) % 5 == 0) {
    ComboOrder order;
    order.id = reference, order.symbol = fields[4];
    order.purpose = fields[5] == "exit" ? OrderPurpose::exit : OrderPurpose::entry;
    order.quantity = static_cast<int>(number(fields[6]));
    order.limit = Money::from_micros(number(fields[7])).dollars();
    std::vector<int> con_ids;
    for (std::size_t at = 9; at < fields.size(); at += 5) {
      con_ids.push_back(static_cast<int>(number(fields[at])));
      order.legs.push_back({option_in(fields, at + 2), static_cast<int>(number(fields[at + 1]))});
    }
    const int order_id = static_cast<int>(number(fields[2]));
    orders_.emplace(reference, DeskOrder{.order_id = order_id,
                                         .con_ids = std::move(con_ids),
                                         .intended_at = instant_in(fields[3]),
                                         .perm_ids = {},
                                         .heard_of = false,
                                         .in_question = false,
                                         .echoed = {},
                                         .machine = OrderMachine(std::move(order))});
    by_id_[order_id] = reference;
    highest_order_id_ = std::max(highest_order_id_, order_id);
    return;
  }
  if (kind == "halt") halted_ = reference;
  if (kind == "resume") halted_.reset();
  if (kind == "cash") opening_cash_ = Money::from_micros(number(reference));
  const auto found = orders_.find(reference);
  if (found == orders_.end()) return;
  DeskOrder& order = found->second;
  if (kind == "written") order.machine.apply(WrittenToBroker{});
  if (kind == "cancel") order.machine.apply(CancelRequested{});
  if (kind == "doubt") order.machine.apply(ConnectionEnded{});
  if (kind == "lost") order.machine.apply(NotFoundAtBroker{});
  if (kind == "cancelled") order.machine.apply(CancelledByBroker{});
  if (kind == "acknowledged" && fields.size() >= 3) {
    order.machine.apply(Acknowledged{static_cast<int>(number(fields[2]))});
    order.heard_of = true;
  }
  if (kind == "rejected" && fields.size() >= 3) order.machine.apply(RejectedByBroker{fields[2]});
  if (kind == "execution" && fields.size() >= 9) {
    order.machine.apply(LegExecution{fields[2], option_in(fields, 6), static_cast<int>(number(fields[3])),
                                     Money::from_micros(number(fields[4])), instant_in(fields[5])});
    by_execution_[std::string(split_revision(fields[2]).first)] = reference;
  }
  if (kind == "commission" && fields.size() >= 4)
    order.machine.apply(ExecutionCommission{fields[2], Money::from_micros(number(fields[3]))});
  if (kind == "perm" && fields.size() >= 3) {
    order.perm_ids.insert(number(fields[2]));
    by_perm_[number(fields[2])] = reference;
  }
}

expected<std::size_t, JournalError> OrderDesk::recover(Instant) {
  auto records = journal_.recover();
  if (!records) return unexpected(records.error());
  for (const JournalFields& fields : *records) replay(fields);
  // An intent without more may have been sent in the last instant of the process: it is in doubt until the broker says.
  for (auto& [reference, order] : orders_) {
    if (ended(order.machine.phase())) continue;
    apply(reference, WrittenToBroker{});
    apply(reference, ConnectionEnded{});
  }
  if (!journal_.sync()) return unexpected(JournalError::not_written);
  return records->size();
}

// ---- what the broker says
// ---------------------------------------------------------------------------------------------

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
  return &order;
}

void OrderDesk::hear(Instant now, const SessionEvent& event) {
  std::visit(
      overloaded{[&](const MessageReceived& e) { hear_message(now, e.message); },
                 [&](const OrderWritten& e) {
                   if (const auto found = by_id_.find(e.order_id); found != by_id_.end())
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

// ---- questions and books
// ------------------------------------------------------------------------------------------------

bool OrderDesk::wants_questions() const {
  return std::any_of(orders_.begin(), orders_.end(), [](const auto& entry) {
    return entry.second.in_question ||
           (!ended(entry.second.machine.phase()) && entry.second.machine.executions_missing());
  });
}

std::vector<DeskAlarm> OrderDesk::take_alarms(Instant now) {
  for (auto& [reference, order] : orders_) {
    const auto since = order.machine.unbalanced_since();
    if (since && now - *since >= 30s && alarmed_.insert(reference + "/unbalanced").second) {
      order.in_question = true;
      alarms_.push_back({reference, "P0: one leg is executed and the other is not"});
    }
  }
  return std::exchange(alarms_, {});
}

const DeskOrder* OrderDesk::find(const std::string& order_ref) const {
  const auto found = orders_.find(order_ref);
  return found == orders_.end() ? nullptr : &found->second;
}

OurBooks OrderDesk::books() const {
  OurBooks books;
  books.cash = opening_cash_.value_or(Money{});
  for (const auto& [reference, order] : orders_) {
    const ComboOrder& combo = order.machine.order();
    for (const Leg& leg : combo.legs)
      if (const int executed = order.machine.executed(leg.contract); executed != 0)
        books.options[{combo.symbol, leg.contract}] += executed;
    books.cash += order.machine.cash() - order.machine.fees();
    if (!ended(order.machine.phase())) books.working_orders[reference] = combo.symbol;
  }
  std::erase_if(books.options, [](const auto& entry) { return entry.second == 0; });
  for (const auto& [id, reference] : by_execution_) books.executions[id] = orders_.at(reference).machine.order().symbol;
  return books;
}

BrokerBooks books_of(const BrokerState& state, const std::string& account) {
  BrokerBooks books;
  auto& options = books.options.emplace();
  auto& shares = books.shares.emplace();
  for (const Position& row : state.positions) {
    if (row.account != account || row.position == 0.0) continue;
    const auto quantity = static_cast<std::int64_t>(std::llround(row.position));
    if (const auto option = option_of(row.contract))
      options[{row.contract.symbol, *option}] += quantity;
    else
      shares[row.contract.symbol] += quantity;
  }
  for (const AccountSummary& row : state.account)
    if (row.account == account && row.tag == "TotalCashValue") books.cash = Money::parse(row.value);
  auto& working = books.working_orders.emplace();
  for (const OpenOrder& row : state.open_orders) {
    if (row.order.account != account || cancelled_word(row.state.status) || row.state.status == "Filled") continue;
    const std::string reference =
        row.order.order_ref.empty() ? "perm " + std::to_string(row.order.perm_id) : row.order.order_ref;
    working[reference] = row.contract.symbol;
  }
  auto& executions = books.executions.emplace();
  for (const ExecutionDetails& row : state.executions)
    if (row.account == account && !row.contract.is_bag())
      executions[std::string(split_revision(row.execution_id).first)] = row.contract.symbol;
  return books;
}

}  // namespace alaris::gateway
