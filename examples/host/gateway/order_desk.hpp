// SPDX-License-Identifier: Apache-2.0
#pragma once
// Our orders: their intents in the journal, an order machine for each, and the broker's messages turned into its
// events. An order is matched by permId, then by its reference, then by client and order id; it is never sent twice.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <alaris/core/expected.hpp>
#include <alaris/execution/order_machine.hpp>
#include <alaris/execution/reconcile.hpp>
#include <alaris/policy/gate.hpp>

#include "gateway/intent_journal.hpp"
#include "gateway/session.hpp"

namespace alaris::gateway {

/// One order of ours, from intent to end.
struct DeskOrder {
  int order_id = 0;
  std::vector<int> con_ids{};  // of the legs, in their order
  Instant intended_at{};
  std::set<std::int64_t> perm_ids{};
  bool heard_of = false;                // openOrder, orderStatus or an execution has come
  std::optional<Instant> written_at{};  // by this process
  bool in_question = false;             // an error left its fate open: ask the broker
  std::string configuration{};          // hash of what it was decided with; empty before hashes were kept
  Money limit{};                        // as last sent, most to pay per spread and share
  std::optional<Contract> echoed{};     // the contract to modify with
  OrderMachine machine;
};

enum class DeskError : std::uint8_t { journal_failed, duplicate_intent, bad_order, halted, not_working };
[[nodiscard]] std::string_view name(DeskError error) noexcept;

/// An alarm of the highest kind: a person must look.
struct DeskAlarm {
  std::string order_ref{};
  std::string what{};
};

class OrderDesk {
 public:
  OrderDesk(JournalStorage& storage, int client_id) : journal_(storage), client_id_(client_id) {}

  /// Replays the journal: the same books as before, every order that may have left in doubt.
  [[nodiscard]] expected<std::size_t, JournalError> recover(Instant now);

  /// Makes an intent durable and returns what to send for it. Nothing may be sent when this fails. Only what passed the
  /// gate comes here; during a halt only what reduces risk.
  ///   con_ids  the broker's contract of each leg of `order`
  [[nodiscard]] expected<PlaceOrder, DeskError> intend(Instant now, const SendableOrder<ComboOrder>& sendable,
                                                       int order_id, std::vector<int> con_ids,
                                                       const std::string& account);
  /// The message that asks for the margin of an order and places nothing. No intent: the journal does not know it.
  [[nodiscard]] static expected<PlaceOrder, DeskError> preview(const ComboOrder& order, int order_id,
                                                               const std::vector<int>& con_ids,
                                                               const std::string& account);
  /// The message that moves a working order to another limit, durable before it is returned. The gate has passed the
  /// same order at that limit.
  [[nodiscard]] expected<PlaceOrder, DeskError> reprice(const SendableOrder<ComboOrder>& sendable,
                                                        const std::string& account);
  /// Latched in the journal: no restart clears it, only `resume` with a person's reason. Each stops what opens risk;
  /// `reduce_only` lets exits work on, during a `halt` they wait for a person, `flatten` closes what is held.
  [[nodiscard]] bool reduce_only(std::string_view why);
  [[nodiscard]] bool halt(std::string_view why);
  [[nodiscard]] bool flatten(std::string_view why);
  [[nodiscard]] KillCommand command() const noexcept { return command_; }
  [[nodiscard]] bool resume(std::string_view reason);
  [[nodiscard]] const std::optional<std::string>& halted() const noexcept { return halted_; }
  /// The account's cash before our first order, journalled once: from then on cash is compared like positions are.
  [[nodiscard]] bool adopt_cash(Money at_broker);
  /// Writes down what the owner must know again after a restart; durable with the next intent, or with `flush`.
  [[nodiscard]] bool remember(const std::string& kind, std::vector<std::string> fields);
  /// All of it, in the order it was written: kind, then the fields.
  [[nodiscard]] const std::vector<JournalFields>& memories() const noexcept { return memories_; }
  /// The hash that every intent from now on carries.
  void use_configuration(std::string hash) { configuration_ = std::move(hash); }
  void cancel_requested(const std::string& order_ref);
  /// An intent that was refused by the session: it never left.
  void not_sent(int order_id);

  void hear(Instant now, const SessionEvent& event);
  /// Combinations executed on one leg only for 30 s, orders in question: what must be asked or told. An order that was
  /// written ten seconds ago and has no answer on a connection that lives is unknown from here on.
  [[nodiscard]] std::vector<DeskAlarm> take_alarms(Instant now);
  [[nodiscard]] bool wants_questions() const;

  [[nodiscard]] const std::map<std::string, DeskOrder>& orders() const noexcept { return orders_; }
  /// Grows whenever an order may have changed: who follows them need not look at all of them again before.
  [[nodiscard]] std::uint64_t revision() const noexcept { return revision_; }
  [[nodiscard]] const DeskOrder* find(const std::string& order_ref) const;
  [[nodiscard]] int highest_order_id() const noexcept { return highest_order_id_; }
  /// Option positions, cash and working orders that follow from every execution ever booked.
  [[nodiscard]] OurBooks books() const;
  [[nodiscard]] bool failed() const noexcept { return journal_.failed(); }
  [[nodiscard]] bool flush() { return journal_.sync(); }

 private:
  DeskOrder* match(std::int64_t perm_id, const std::string& order_ref, int client_id, int order_id);
  void apply(const std::string& order_ref, const OrderEvent& event);
  void record(const std::string& order_ref, const OrderEvent& event);
  void replay(const JournalFields& fields);
  void replay_intent(const JournalFields& fields);
  [[nodiscard]] JournalFields intent_record(Instant now, const ComboOrder& order, int order_id,
                                            const std::vector<int>& con_ids, const std::string& account) const;
  void hear_message(Instant now, const GatewayMessage& message);
  void hear_execution(Instant now, const ExecutionDetails& execution);
  void hear_commission(const CommissionReport& report);
  void hear_status(DeskOrder& order, const std::string& status, double filled);
  void hear_problem(const OrderProblem& problem);
  void settle(Instant now, const BrokerState& state);

  Journal journal_;
  int client_id_;
  int highest_order_id_ = 0;
  std::uint64_t revision_ = 1;
  std::string configuration_{};
  std::optional<std::string> halted_{};
  KillCommand command_ = KillCommand::none;
  std::vector<JournalFields> memories_{};
  std::optional<Money> opening_cash_{};
  std::map<std::string, DeskOrder> orders_{};
  std::map<int, std::string> by_id_{};
  std::map<std::int64_t, std::string> by_perm_{};
  std::map<std::string, std::string, std::less<>> by_execution_{};            // id without revision -> reference
  std::map<std::string, CommissionReport, std::less<>> early_commissions_{};  // execution not seen yet
  std::vector<DeskAlarm> alarms_{};
  std::set<std::string> alarmed_{};
};

/// What the broker's answers say about this account, in the words of `reconcile`.
[[nodiscard]] BrokerBooks books_of(const BrokerState& state, const std::string& account);

}  // namespace alaris::gateway
