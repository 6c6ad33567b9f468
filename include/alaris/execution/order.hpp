// SPDX-License-Identifier: Apache-2.0
#pragma once
// What we want to trade: a combination of option legs bought or sold as one, and what came of it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <alaris/core/money.hpp>
#include <alaris/core/time.hpp>
#include <alaris/market/combination.hpp>

namespace alaris::inline v0 {

enum class OrderPurpose : std::uint8_t { entry, exit };

[[nodiscard]] constexpr std::string_view name(OrderPurpose purpose) noexcept {
  return purpose == OrderPurpose::entry ? "entry" : "exit";
}

/// An intended combination order. `limit` is the most to pay per spread and share; negative: the least to receive.
struct ComboOrder {
  std::string id{};  // deterministic: the same decision gives the same id
  std::string symbol{};
  std::vector<Leg> legs{};
  int quantity = 0;  // spreads, positive
  double limit = 0.0;
  OrderPurpose purpose = OrderPurpose::entry;
};

struct LegFill {
  OptionContract contract{};
  int contracts = 0;   // signed: bought positive
  double price = 0.0;  // dollars per share
};

/// A whole combination executed at one instant.
struct ComboFill {
  std::string order_id{};
  std::string symbol{};
  Instant at{};
  std::vector<LegFill> legs{};
  int quantity = 0;
  double net = 0.0;         // paid per spread and share; negative: received
  double net_at_mid = 0.0;  // the same legs at the midpoints of the same quotes
  Money fees{};
};

}  // namespace alaris::inline v0
