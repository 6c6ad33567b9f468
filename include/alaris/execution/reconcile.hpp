// SPDX-License-Identifier: Apache-2.0
#pragma once
// Our books against the broker's: every difference that nothing explains blocks its symbol until a person decides. A
// question the broker did not answer is unknown, which blocks everything; it is never an empty account.

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <alaris/core/money.hpp>
#include <alaris/execution/ledger.hpp>

namespace alaris::inline v0 {

/// What we believe. Executions by their id without the revision, with the symbol; working orders by our reference.
struct OurBooks {
  std::map<OptionHolding, std::int64_t> options{};  // signed contracts; no zero entries needed
  std::map<std::string, std::int64_t> shares{};
  Money cash{};
  std::map<std::string, std::string> working_orders{};  // reference -> symbol
  std::map<std::string, std::string> executions{};      // id -> symbol
};

/// What the broker answered. Nothing: that question was not answered completely.
struct BrokerBooks {
  std::optional<std::map<OptionHolding, std::int64_t>> options{};
  std::optional<std::map<std::string, std::int64_t>> shares{};
  std::optional<Money> cash{};
  std::optional<std::map<std::string, std::string>> working_orders{};
  std::optional<std::map<std::string, std::string>> executions{};  // of today; ours may hold more
};

/// What happened to the account without an order of ours: assignment, exercise, expiry, split, dividend, interest, fee.
struct AccountEvent {
  std::string symbol{};
  std::optional<OptionContract> contract{};
  std::int64_t contracts = 0;  // change of the option position
  std::int64_t shares = 0;
  Money cash{};
};

enum class DifferenceKind : std::uint8_t {
  unanswered,  // the broker did not answer: `symbol` is empty, everything is blocked
  option_quantity,
  share_quantity,
  cash,                   // `symbol` is empty
  order_unknown_to_us,    // works at the broker, not in our books
  order_unknown_to_them,  // works in our books, not at the broker
  execution_not_booked
};
[[nodiscard]] constexpr std::string_view name(DifferenceKind kind) noexcept {
  constexpr std::string_view names[] = {"unanswered",          "option_quantity",       "share_quantity",      "cash",
                                        "order_unknown_to_us", "order_unknown_to_them", "execution_not_booked"};
  return names[static_cast<std::size_t>(kind)];
}

struct Difference {
  DifferenceKind kind{};
  std::string symbol{};
  std::optional<OptionContract> contract{};
  std::int64_t ours = 0;  // contracts or shares
  std::int64_t theirs = 0;
  Money cash{};      // theirs less ours
  std::string id{};  // of the order or execution, or the question
  friend bool operator==(const Difference&, const Difference&) = default;
};

/// All differences that the account's events do not explain, in a fixed order.
///   tolerance   of cash, in dollars: interest accrues and fees arrive late
[[nodiscard]] inline std::vector<Difference> reconcile(OurBooks ours, const BrokerBooks& theirs,
                                                       std::span<const AccountEvent> events, Money tolerance) {
  for (const AccountEvent& event : events) {
    if (event.contract) ours.options[{event.symbol, *event.contract}] += event.contracts;
    ours.shares[event.symbol] += event.shares;
    ours.cash += event.cash;
  }
  std::vector<Difference> found;
  const auto unanswered = [&](std::string_view question) {
    found.push_back({.kind = DifferenceKind::unanswered, .id = std::string(question)});
  };
  const auto quantities = [&]<class Key>(const std::map<Key, std::int64_t>& a, const std::map<Key, std::int64_t>& b,
                                         auto differs) {
    std::set<Key> keys;
    for (const auto& [key, quantity] : a) keys.insert(key);
    for (const auto& [key, quantity] : b) keys.insert(key);
    for (const Key& key : keys) {
      const auto in_a = a.find(key), in_b = b.find(key);
      const std::int64_t x = in_a == a.end() ? 0 : in_a->second, y = in_b == b.end() ? 0 : in_b->second;
      if (x != y) differs(key, x, y);
    }
  };

  if (!theirs.options) {
    unanswered("positions");
  } else {
    quantities(ours.options, *theirs.options, [&](const OptionHolding& holding, std::int64_t x, std::int64_t y) {
      found.push_back({.kind = DifferenceKind::option_quantity,
                       .symbol = holding.symbol,
                       .contract = holding.contract,
                       .ours = x,
                       .theirs = y});
    });
  }
  if (!theirs.shares) {
    unanswered("shares");
  } else {
    quantities(ours.shares, *theirs.shares, [&](const std::string& symbol, std::int64_t x, std::int64_t y) {
      found.push_back({.kind = DifferenceKind::share_quantity, .symbol = symbol, .ours = x, .theirs = y});
    });
  }
  if (!theirs.cash) {
    unanswered("cash");
  } else if (const Money gap = *theirs.cash - ours.cash; gap > tolerance || -gap > tolerance) {
    found.push_back({.kind = DifferenceKind::cash, .cash = gap});
  }
  if (!theirs.working_orders) {
    unanswered("open orders");
  } else {
    for (const auto& [reference, symbol] : *theirs.working_orders)
      if (!ours.working_orders.contains(reference))
        found.push_back({.kind = DifferenceKind::order_unknown_to_us, .symbol = symbol, .id = reference});
    for (const auto& [reference, symbol] : ours.working_orders)
      if (!theirs.working_orders->contains(reference))
        found.push_back({.kind = DifferenceKind::order_unknown_to_them, .symbol = symbol, .id = reference});
  }
  if (!theirs.executions) {
    unanswered("executions");
  } else {
    for (const auto& [id, symbol] : *theirs.executions)
      if (!ours.executions.contains(id))
        found.push_back({.kind = DifferenceKind::execution_not_booked, .symbol = symbol, .id = id});
  }
  return found;
}

/// What may not be traded: everything, or these symbols. A difference in cash alone blocks entries everywhere.
struct Blocked {
  bool everything = false;
  std::set<std::string> symbols{};
  [[nodiscard]] bool blocks(const std::string& symbol) const { return everything || symbols.contains(symbol); }
};
[[nodiscard]] inline Blocked blocked_by(std::span<const Difference> differences) {
  Blocked blocked;
  for (const Difference& difference : differences) {
    if (difference.symbol.empty())
      blocked.everything = true;
    else
      blocked.symbols.insert(difference.symbol);
  }
  return blocked;
}

}  // namespace alaris::inline v0
