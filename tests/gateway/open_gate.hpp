// SPDX-License-Identifier: Apache-2.0
#pragma once
// A gate that lets every order through: what the tests of execution need of the policy floor.

#include <array>
#include <limits>
#include <utility>

#include <alaris/execution/order.hpp>
#include <alaris/policy/gate.hpp>
#include <alaris/policy/order_rules.hpp>

namespace alaris::test {

struct NoOtherIntent {
  double same_intent_alive = 0;
};
/// One short call is held; an order "that reduces" buys it back, any other opens.
struct OneShort {
  bool reduces = false;
  [[nodiscard]] std::array<PositionLine, 1> lines_with(const ComboOrder&) const {
    return {PositionLine{.expiry_day = 1, .strike_thousandths = 1, .held = -1, .order = reduces ? 1 : -1}};
  }
  [[nodiscard]] RiskFigures figures_with(const ComboOrder&) const {
    return {.worst_case_before = 1.0, .worst_case_after = 0.0, .margin_before = 1.0, .margin_after = 0.0};
  }
};

[[nodiscard]] inline SendableOrder<ComboOrder> sendable(ComboOrder order, bool reduces = false) {
  const Gate<all_of<DuplicateIntent>, all_of<DuplicateIntent>> gate{{}, {}};
  return *gate.pass(std::move(order), NoOtherIntent{}, NoOtherIntent{}, OneShort{reduces}, TradingState::active);
}

}  // namespace alaris::test
