// SPDX-License-Identifier: Apache-2.0
#pragma once
// What became of one order, from whatever the broker says, in whatever order and however often. The machine keeps facts
// that only grow (a set of executions, the newest revision of each, what was ever reported) and derives its state from
// them, so every permutation and repetition of the same reports ends in the same state and the same bookings.

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <alaris/core/money.hpp>
#include <alaris/core/time.hpp>
#include <alaris/execution/order.hpp>

namespace alaris::inline v0 {

///   intent            durable, nothing sent
///   submitted         bytes handed to the connection
///   acknowledged      the broker knows it and nothing is executed
///   partially_filled  some units of the combination are whole, or a leg is ahead of the others
///   filled            every unit of every leg is executed
///   cancelled         ended by the broker's word; what was executed until then stays
///   rejected          refused by the broker, nothing executed
///   unknown           the connection ended before an answer: to be resolved by asking, never by sending again
///   lost              asked everywhere, found nowhere
enum class OrderPhase : std::uint8_t {
  intent,
  submitted,
  acknowledged,
  partially_filled,
  filled,
  cancelled,
  rejected,
  unknown,
  lost
};

[[nodiscard]] constexpr std::string_view name(OrderPhase phase) noexcept {
  constexpr std::string_view names[] = {
      "intent", "submitted", "acknowledged", "partially_filled", "filled", "cancelled", "rejected", "unknown", "lost"};
  return names[static_cast<std::size_t>(phase)];
}

/// Nothing more is to be expected, save late executions and commissions, which are always booked.
[[nodiscard]] constexpr bool ended(OrderPhase phase) noexcept {
  return phase == OrderPhase::filled || phase == OrderPhase::cancelled || phase == OrderPhase::rejected ||
         phase == OrderPhase::lost;
}

/// One execution of one leg. The last dotted part of the broker's id is a revision: a higher one replaces the lower.
struct LegExecution {
  std::string id{};
  OptionContract contract{};
  int contracts = 0;  // signed: bought positive
  Money price{};      // per share
  Instant at{};
  friend bool operator==(const LegExecution&, const LegExecution&) = default;
};

/// Fees of one execution; may come before it, or much later.
struct ExecutionCommission {
  std::string execution_id{};
  Money amount{};  // positive: paid
};

// What may happen to an order. The first four are our own acts, in the order they were done.
struct WrittenToBroker {};   // its bytes were handed to the connection
struct CancelRequested {};   // we asked for its end
struct ConnectionEnded {};   // before the broker's answer, it may or may not have arrived
struct NotFoundAtBroker {};  // open orders, executions and completed orders all answered completely, none has it
struct Acknowledged {
  int filled_units = 0;  // combinations, as reported; never decreases
};
struct CancelledByBroker {};
struct RejectedByBroker {
  std::string reason{};
};
using OrderEvent = std::variant<WrittenToBroker, CancelRequested, ConnectionEnded, NotFoundAtBroker, Acknowledged,
                                CancelledByBroker, RejectedByBroker, LegExecution, ExecutionCommission>;

/// What an event changes in the books: contracts of one option and cash. A correction books the difference.
struct Booking {
  OptionContract contract{};
  int contracts = 0;  // signed
  Money cash{};       // received: positive
  Money fees{};       // paid: positive; included in neither
  Instant at{};
};

/// "0000e0d5.1.01.02" without its revision, and the revision; an id without a numeric last part is revision 0.
[[nodiscard]] inline std::pair<std::string_view, int> split_revision(std::string_view execution_id) noexcept {
  const std::size_t dot = execution_id.rfind('.');
  if (dot == std::string_view::npos || dot + 1 == execution_id.size()) return {execution_id, 0};
  const std::string_view last = execution_id.substr(dot + 1);
  int revision = 0;
  const auto [end, error] = std::from_chars(last.data(), last.data() + last.size(), revision);
  if (error != std::errc{} || end != last.data() + last.size()) return {execution_id, 0};
  return {execution_id.substr(0, dot), revision};
}

class OrderMachine {
 public:
  explicit OrderMachine(ComboOrder order) : order_(std::move(order)) {}

  [[nodiscard]] const ComboOrder& order() const noexcept { return order_; }

  /// Takes one event in; returns what it changes in the books, nothing when it was known already. An execution of a
  /// contract that is no leg of the order is kept out of the count and returned by `strangers`.
  std::vector<Booking> apply(const OrderEvent& event) {
    return std::visit([this](const auto& e) { return take(e); }, event);
  }

  [[nodiscard]] OrderPhase phase() const noexcept {
    const int whole = filled_units();
    if (whole >= order_.quantity && balanced()) return OrderPhase::filled;
    const bool executed = std::any_of(executions_.begin(), executions_.end(),
                                      [](const auto& entry) { return entry.second.execution.contracts != 0; });
    if (cancelled_) return OrderPhase::cancelled;
    if (rejected_ && !executed) return OrderPhase::rejected;
    if (executed) return OrderPhase::partially_filled;
    if (acknowledged_) return OrderPhase::acknowledged;
    if (lost_) return OrderPhase::lost;
    if (in_doubt_) return OrderPhase::unknown;
    return written_ ? OrderPhase::submitted : OrderPhase::intent;
  }

  /// Combinations whose every leg is executed.
  [[nodiscard]] int filled_units() const noexcept {
    int units = order_.quantity;
    for (const Leg& leg : order_.legs) units = std::min(units, executed(leg.contract) / leg.ratio);
    return std::max(units, 0);
  }
  /// Signed contracts of one leg, newest revisions only.
  [[nodiscard]] int executed(const OptionContract& contract) const noexcept {
    int sum = 0;
    for (const auto& [id, entry] : executions_)
      if (entry.execution.contract == contract) sum += entry.execution.contracts;
    return sum;
  }
  /// No leg is ahead of another. An unbalanced order is an alarm and a question to the broker, never a leg order.
  [[nodiscard]] bool balanced() const noexcept {
    if (order_.legs.empty()) return true;
    const Leg& first = order_.legs.front();
    return std::all_of(order_.legs.begin(), order_.legs.end(), [&](const Leg& leg) {
      return executed(leg.contract) * first.ratio == executed(first.contract) * leg.ratio;
    });
  }
  /// When an unbalanced order was last executed; nothing while it is balanced.
  [[nodiscard]] std::optional<Instant> unbalanced_since() const noexcept {
    if (balanced()) return std::nullopt;
    Instant last{};
    for (const auto& [id, entry] : executions_) last = std::max(last, entry.execution.at);
    return last;
  }
  /// The broker has reported more units than we hold executions for: ask for the executions.
  [[nodiscard]] bool executions_missing() const noexcept { return reported_units_ > filled_units(); }
  /// Executions whose commission is not known yet.
  [[nodiscard]] std::size_t commissions_missing() const noexcept {
    return static_cast<std::size_t>(std::count_if(executions_.begin(), executions_.end(), [](const auto& entry) {
      return entry.second.execution.contracts != 0 && !entry.second.commission;
    }));
  }
  [[nodiscard]] bool cancel_requested() const noexcept { return cancel_requested_; }
  /// It ended without our asking, before it was filled: one failure of execution. A rejection is one as well.
  [[nodiscard]] bool failed() const noexcept {
    const OrderPhase now = phase();
    return now == OrderPhase::rejected || (now == OrderPhase::cancelled && !cancel_requested_);
  }
  [[nodiscard]] const std::string& rejection() const noexcept { return rejection_; }
  /// Fees of the known commissions.
  [[nodiscard]] Money fees() const noexcept {
    Money sum{};
    for (const auto& [id, entry] : executions_)
      if (entry.commission) sum += entry.commission->second;
    return sum;
  }
  /// Net cash of all executions before fees; paid is negative.
  [[nodiscard]] Money cash() const noexcept {
    Money sum{};
    for (const auto& [id, entry] : executions_) sum += cash_of(entry.execution);
    return sum;
  }
  /// Executions of contracts that are no leg of this order.
  [[nodiscard]] const std::vector<LegExecution>& strangers() const noexcept { return strangers_; }

 private:
  /// One execution by its id without the revision. The commission may come first; then there is no contract yet.
  struct Entry {
    int revision = -1;
    LegExecution execution{};
    std::optional<std::pair<int, Money>> commission{};  // by revision
  };

  static Money cash_of(const LegExecution& e) noexcept {
    return -(e.price * static_cast<std::int64_t>(e.contracts) * 100);
  }

  std::vector<Booking> take(const WrittenToBroker&) { return written_ = true, std::vector<Booking>{}; }
  std::vector<Booking> take(const CancelRequested&) { return cancel_requested_ = true, std::vector<Booking>{}; }
  std::vector<Booking> take(const ConnectionEnded&) { return in_doubt_ = written_, std::vector<Booking>{}; }
  std::vector<Booking> take(const NotFoundAtBroker&) { return lost_ = in_doubt_, std::vector<Booking>{}; }
  std::vector<Booking> take(const Acknowledged& e) {
    acknowledged_ = true;
    reported_units_ = std::max(reported_units_, e.filled_units);
    return {};
  }
  std::vector<Booking> take(const CancelledByBroker&) { return cancelled_ = true, std::vector<Booking>{}; }
  std::vector<Booking> take(const RejectedByBroker& e) {
    // Of several reasons the first in the alphabet is kept: the same for every order of arrival.
    if (!rejected_ || e.reason < rejection_) rejection_ = e.reason;
    rejected_ = true;
    return {};
  }

  std::vector<Booking> take(const LegExecution& e) {
    const bool ours =
        std::any_of(order_.legs.begin(), order_.legs.end(), [&](const Leg& leg) { return leg.contract == e.contract; });
    if (!ours) {
      if (std::find(strangers_.begin(), strangers_.end(), e) == strangers_.end()) strangers_.push_back(e);
      std::sort(strangers_.begin(), strangers_.end(),
                [](const LegExecution& a, const LegExecution& b) { return a.id < b.id; });
      return {};
    }
    const auto [base, revision] = split_revision(e.id);
    Entry& entry = executions_[std::string(base)];
    if (revision <= entry.revision) return {};
    std::vector<Booking> changes;
    if (entry.revision >= 0 && entry.execution.contract != e.contract) {
      // A correction that moves the execution to another leg takes the old one back first.
      changes.push_back({entry.execution.contract, -entry.execution.contracts, -cash_of(entry.execution), {}, e.at});
      changes.push_back({e.contract, e.contracts, cash_of(e), {}, e.at});
    } else {
      changes.push_back(
          {e.contract, e.contracts - entry.execution.contracts, cash_of(e) - cash_of(entry.execution), {}, e.at});
    }
    entry.revision = revision;
    entry.execution = e;
    return changes;
  }

  std::vector<Booking> take(const ExecutionCommission& e) {
    const auto [base, revision] = split_revision(e.execution_id);
    Entry& entry = executions_[std::string(base)];
    if (entry.commission && revision <= entry.commission->first) return {};
    const Money before = entry.commission ? entry.commission->second : Money{};
    entry.commission = {revision, e.amount};
    if (e.amount == before) return {};
    return {{entry.execution.contract, 0, {}, e.amount - before, entry.execution.at}};
  }

  ComboOrder order_;
  std::map<std::string, Entry, std::less<>> executions_{};
  std::vector<LegExecution> strangers_{};
  std::string rejection_{};
  int reported_units_ = 0;
  bool written_ = false;
  bool cancel_requested_ = false;
  bool in_doubt_ = false;
  bool lost_ = false;
  bool acknowledged_ = false;
  bool cancelled_ = false;
  bool rejected_ = false;
};

}  // namespace alaris::inline v0
