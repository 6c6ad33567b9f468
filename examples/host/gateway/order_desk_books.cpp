// SPDX-License-Identifier: Apache-2.0
// What our orders add up to, what must be asked about them, and the broker's answers in the same words.
#include <algorithm>
#include <cmath>
#include <utility>

#include "gateway/order_desk.hpp"
#include "gateway/wire_terms.hpp"

namespace alaris::gateway {

using namespace std::chrono_literals;

bool OrderDesk::wants_questions() const {
  return std::any_of(orders_.begin(), orders_.end(), [](const auto& entry) {
    return entry.second.in_question ||
           (!ended(entry.second.machine.phase()) && entry.second.machine.executions_missing());
  });
}

std::vector<DeskAlarm> OrderDesk::take_alarms(Instant now) {
  for (auto& [reference, order] : orders_) {
    const bool silent = order.written_at && now - *order.written_at >= 10s;
    if (silent && order.machine.phase() == OrderPhase::submitted) {
      apply(reference, ConnectionEnded{});  // as good as none
      order.in_question = true;
    }
    const auto since = order.machine.unbalanced_since();
    if (since && now - *since >= 30s && alarmed_.insert(reference + "/unbalanced").second) {
      order.in_question = true;
      ++revision_;
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
