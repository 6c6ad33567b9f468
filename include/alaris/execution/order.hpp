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

/// How a backtest prices its fills.
///   touch   buy at the ask, sell at the bid
///   model   a share of the half-spread away from mid on every leg, no more than the displayed size
///   mid     at the midpoints: what nobody gets; shown for comparison only
enum class FillModel : std::uint8_t { touch, model, mid };
inline constexpr FillModel fill_models[] = {FillModel::touch, FillModel::model, FillModel::mid};

/// The same figure at each kind of fill.
template <class T>
struct ByFill {
  T touch{};
  T model{};
  T mid{};
  [[nodiscard]] constexpr const T& operator[](FillModel at) const noexcept {
    return at == FillModel::touch ? touch : at == FillModel::model ? model : mid;
  }
  [[nodiscard]] constexpr T& operator[](FillModel at) noexcept {
    return at == FillModel::touch ? touch : at == FillModel::model ? model : mid;
  }
};

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

/// Whole units of a combination executed at one instant.
struct ComboFill {
  std::string order_id{};
  std::string symbol{};
  Instant at{};
  std::vector<LegFill> legs{};
  int quantity = 0;
  double net = 0.0;         // paid per spread and share; negative: received
  double net_at_mid = 0.0;  // the same legs at the midpoints of the same quotes
  Money fees{};
  ByFill<Money> cash{};  // received for all contracts, before fees, had they traded so
};

}  // namespace alaris::inline v0
