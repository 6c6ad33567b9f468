// SPDX-License-Identifier: Apache-2.0
#pragma once
// The gate: the only place where an order becomes one that may be sent. An order that opens risk passes when every rule
// accepts it and trading is active; one that provably reduces risk passes in every state, subject only to the rules
// that hold for every order (price collar, duplicates).

#include <concepts>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include <alaris/core/expected.hpp>
#include <alaris/policy/breakers.hpp>
#include <alaris/policy/policy.hpp>
#include <alaris/policy/reducing.hpp>

namespace alaris::inline v0 {

template <class EntryRules, class OrderRules>
class Gate;

/// An order that the gate let through. There is no other way to make one; what talks to a broker asks for this type.
template <class Order>
class SendableOrder {
 public:
  [[nodiscard]] const Order& order() const noexcept { return order_; }
  /// True when it passed because it reduces risk.
  [[nodiscard]] bool reduces_risk() const noexcept { return reduces_; }

 private:
  template <class EntryRules, class OrderRules>
  friend class Gate;
  SendableOrder(Order order, bool reduces) : order_(std::move(order)), reduces_(reduces) {}
  Order order_;
  bool reduces_;
};

/// What the account holds and has on its way. The lines and figures are of this very order: the book derives them from
/// it, so that nobody can call an order harmless.
template <class Book, class Order>
concept book_for = requires(const Book& book, const Order& order) {
  { book.lines_with(order) } -> std::convertible_to<std::span<const PositionLine>>;
  { book.figures_with(order) } -> std::convertible_to<RiskFigures>;
};

enum class NotSent : std::uint8_t { rule, trading_state };

[[nodiscard]] constexpr std::string_view name(NotSent why) noexcept {
  return why == NotSent::rule ? "a rule refused" : "trading is not active and the order does not reduce risk";
}

struct GateRefusal {
  NotSent why;
  Finding finding{};  // of the first rule that refused; no rule when the state did
  TradingState state = TradingState::active;
  RiskChange change = RiskChange::not_readable;  // why the order does not count as reducing

  friend constexpr bool operator==(const GateRefusal& a, const GateRefusal& b) noexcept {
    return a.why == b.why && a.finding.rule == b.finding.rule && a.state == b.state && a.change == b.change;
  }
};

/// Holds the rules. `EntryRules` judge what opens risk, `OrderRules` every order.
template <class EntryRules, class OrderRules>
class Gate {
 public:
  constexpr Gate(EntryRules entry, OrderRules always) : entry_(std::move(entry)), always_(std::move(always)) {}

  ///   trade   what EntryRules read: the candidate with this order filled
  ///   facts   what OrderRules read: its price against the market, its duplicates
  template <class Order, class Trade, class Facts, book_for<Order> Book>
  requires(policy_for<EntryRules, Trade>&& policy_for<OrderRules, Facts>)
      [[nodiscard]] expected<SendableOrder<Order>, GateRefusal> pass(Order order, const Trade& trade,
                                                                     const Facts& facts, const Book& book,
                                                                     TradingState state) const {
    const auto each = assess(always_, facts);
    const auto lines = book.lines_with(order);
    const RiskChange change = risk_change(lines, book.figures_with(order));
    if (!each.accepted) return refused(NotSent::rule, each, state, change);
    if (change == RiskChange::reduces) return SendableOrder<Order>(std::move(order), true);
    if (state != TradingState::active)
      return unexpected(GateRefusal{.why = NotSent::trading_state, .finding = {}, .state = state, .change = change});
    const auto opens = assess(entry_, trade);
    if (!opens.accepted) return refused(NotSent::rule, opens, state, change);
    return SendableOrder<Order>(std::move(order), false);
  }

 private:
  template <class V>
  static unexpected<GateRefusal> refused(NotSent why, const V& verdict, TradingState state, RiskChange change) {
    const Finding* first = verdict.first_refusal();
    return unexpected(GateRefusal{.why = why, .finding = first ? *first : Finding{}, .state = state, .change = change});
  }
  [[no_unique_address]] EntryRules entry_;
  [[no_unique_address]] OrderRules always_;
};

}  // namespace alaris::inline v0
