// SPDX-License-Identifier: Apache-2.0
// What the order desk writes down, and how it reads it again after a restart.
#include <algorithm>
#include <charconv>
#include <utility>

#include "gateway/order_desk.hpp"
#include "gateway/overloaded.hpp"
#include "gateway/wire_terms.hpp"

namespace alaris::gateway {
namespace {

std::int64_t number(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
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

}  // namespace

// ---- words of a person ---------------------------------------------------------------------------------------------

bool OrderDesk::reduce_only(std::string_view why) {
  command_ = std::max(command_, KillCommand::reduce_only);
  return journal_.append({"reduce_only", std::string(why)}) && journal_.sync();
}

bool OrderDesk::halt(std::string_view why) {
  halted_ = std::string(why);
  command_ = std::max(command_, KillCommand::halt);
  return journal_.append({"halt", *halted_}) && journal_.sync();
}

bool OrderDesk::flatten(std::string_view why) {
  halted_ = std::string(why);
  command_ = KillCommand::flatten;
  return journal_.append({"flatten", *halted_}) && journal_.sync();
}

bool OrderDesk::resume(std::string_view reason) {
  // Blanks are no reason.
  if (!alaris::detail::stated(reason) || !journal_.append({"resume", std::string(reason)}) || !journal_.sync())
    return false;
  replay({"resume", std::string(reason)});
  return true;
}

bool OrderDesk::adopt_cash(Money at_broker) {
  if (opening_cash_) return true;
  opening_cash_ = at_broker - books().cash;
  return journal_.append({"cash", std::to_string(opening_cash_->micros())}) && journal_.sync();
}

bool OrderDesk::remember(const std::string& kind, std::vector<std::string> fields) {
  fields.insert(fields.begin(), kind);
  memories_.push_back(fields);
  fields.insert(fields.begin(), "remember");
  return journal_.append(fields);
}

// ---- what happened to an order -------------------------------------------------------------------------------------

void OrderDesk::apply(const std::string& order_ref, const OrderEvent& event) {
  ++revision_;
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

JournalFields OrderDesk::intent_record(Instant now, const ComboOrder& order, int order_id,
                                       const std::vector<int>& con_ids, const std::string& account) const {
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
  if (!configuration_.empty()) fields.push_back(configuration_);
  return fields;
}

void OrderDesk::replay_intent(const JournalFields& fields) {
  const std::string& reference = fields[1];
  ComboOrder order;
  order.id = reference, order.symbol = fields[4];
  order.purpose = fields[5] == "exit" ? OrderPurpose::exit : OrderPurpose::entry;
  order.quantity = static_cast<int>(number(fields[6]));
  order.limit = Money::from_micros(number(fields[7])).dollars();
  std::vector<int> con_ids;
  const std::size_t legs_end = fields.size() - (fields.size() - 9) % 5;
  for (std::size_t at = 9; at < legs_end; at += 5) {
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
                                       .configuration = legs_end < fields.size() ? fields.back() : std::string(),
                                       .limit = Money::from_micros(number(fields[7])),
                                       .echoed = {},
                                       .machine = OrderMachine(std::move(order))});
  by_id_[order_id] = reference;
  highest_order_id_ = std::max(highest_order_id_, order_id);
}

void OrderDesk::replay(const JournalFields& fields) {
  if (fields.size() < 2) return;
  const std::string& kind = fields[0];
  const std::string& reference = fields[1];
  if (kind == "intent" && fields.size() >= 9 && (fields.size() - 9) % 5 <= 1) return replay_intent(fields);
  if (kind == "remember") return memories_.emplace_back(fields.begin() + 1, fields.end()), void();
  if (kind == "halt" || kind == "flatten") halted_ = reference;
  if (kind == "reduce_only") command_ = std::max(command_, KillCommand::reduce_only);
  if (kind == "halt") command_ = std::max(command_, KillCommand::halt);
  if (kind == "flatten") command_ = KillCommand::flatten;
  if (kind == "resume") {
    halted_.reset(), command_ = KillCommand::none;
    memories_.push_back(fields);  // what was kept before it is latched no longer
  }
  if (kind == "cash") opening_cash_ = Money::from_micros(number(reference));
  const auto found = orders_.find(reference);
  if (found == orders_.end()) return;
  DeskOrder& order = found->second;
  if (kind == "limit" && fields.size() >= 3) order.limit = Money::from_micros(number(fields[2]));
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

// ---- after a restart -----------------------------------------------------------------------------------------------

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

}  // namespace alaris::gateway
