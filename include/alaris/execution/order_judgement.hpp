// SPDX-License-Identifier: Apache-2.0
#pragma once
// A proposed order before the gate, with every finding that led to the answer: what opens risk must pass every rule
// while trading is active; what provably reduces it must only be sanely priced and not be on its way already.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <alaris/execution/order.hpp>
#include <alaris/market/combination.hpp>
#include <alaris/market/ticks.hpp>
#include <alaris/policy/gate.hpp>
#include <alaris/policy/order_rules.hpp>
#include <alaris/policy/reducing.hpp>
#include <alaris/strategy/decision.hpp>
#include <alaris/strategy/settings.hpp>

namespace alaris::inline v0 {

/// What the rules of every order read. Prices in dollars per share, positive paid; NaN: not known. An order that
/// reduces risk is held against `mid` where the model has no value: a way out must not depend on a model.
struct OrderFacts {
  double limit;
  double model_value;  // of the combination by the strategy's model (model_value of priced_spread.hpp)
  double natural;
  double same_intent_alive = 0.0;
  double mid = not_known;
};

using OrderRules = AlwaysRules<OrderLimits>;
/// `limit` where the collars of every order accept it, else the last tick before their edge: never nearer to the
/// market.
[[nodiscard]] inline Money within_collar(Money limit, const CombinationPrice& price, const TickLadder& ticks,
                                         const OrderLimits& limits = {}) noexcept {
  const all_of collar{ModelCollar{limits}, NaturalCollar{limits}};
  const auto accepted = [&](Money asked) {
    return admits(collar, OrderFacts{.limit = asked.dollars(), .model_value = price.mid, .natural = price.natural});
  };
  const double edge = collar_edge(price.mid, price.natural, limits);
  if (accepted(limit) || !(edge - edge == 0.0)) return limit;
  const auto away = [&](Money asked) { return away_from_market(ticks, OrderSide::buy, asked); };
  Money within = away(Money::rounded(edge));
  while (!accepted(within)) within = away(within - Money::from_micros(1));
  return within;
}

using OpeningRules = all_of<EntryRules, OrderRate<OrderLimits>>;

/// A candidate whose order is about to be sent.
struct OpeningTrade : Candidate {
  double orders_last_minute = 1.0;  // this one in
};

struct OrderJudgement {
  bool accepted = false;
  RiskChange change = RiskChange::not_readable;
  TradingState state = TradingState::active;
  bool collar_at_mid = false;               // the model has no value and the order reduces risk
  std::vector<Finding> order_findings{};    // of OrderRules
  std::vector<Finding> opening_findings{};  // of OpeningRules; empty when the order reduces risk or cannot be judged
  std::string decided_by{};
  std::string reason{};
  std::optional<SendableOrder<ComboOrder>> sendable{};  // the order itself, when it may be sent
};

/// What is held with the order written into its lines, and the broker's preview of it.
struct OrderBook {
  std::vector<PositionLine> lines;
  RiskFigures figures;
  [[nodiscard]] const std::vector<PositionLine>& lines_with(const ComboOrder&) const noexcept { return lines; }
  [[nodiscard]] const RiskFigures& figures_with(const ComboOrder&) const noexcept { return figures; }
};

/// `opening` is the decision about the spread that the order would open, `unjudged` why there is none.
[[nodiscard]] inline OrderJudgement judge_order(const ComboOrder& order, const DecisionRecord* opening,
                                                std::string_view unjudged, double orders_last_minute, OrderFacts facts,
                                                const OrderBook& book, TradingState state,
                                                const StrategySettings& settings) {
  const OrderLimits& limits = settings.orders;
  const OrderRules always{ModelCollar{limits}, NaturalCollar{limits}, DuplicateIntent{}};
  const OpeningRules rules{entry_rules(settings), OrderRate{limits}};
  OrderJudgement judged{.change = risk_change(book.lines, book.figures), .state = state};
  const bool reduces = judged.change == RiskChange::reduces;
  if (reduces && facts.model_value != facts.model_value) {
    facts.model_value = facts.mid;
    judged.collar_at_mid = true;
  }
  const auto write = [](const auto& verdict, std::vector<Finding>& findings) {
    findings.assign(verdict.findings.begin(), verdict.findings.end());
  };
  write(assess(always, facts), judged.order_findings);

  OpeningTrade trade{opening ? opening->candidate : Candidate{}, orders_last_minute};
  if (!reduces && opening) write(assess(rules, trade), judged.opening_findings);
  auto passed = Gate{rules, always}.pass(order, trade, facts, book, state);
  const auto decided = [&](std::string_view by, std::string why) {
    judged.decided_by = by;
    judged.reason = std::move(why);
    return judged;
  };
  const auto refusal = std::find_if(judged.order_findings.begin(), judged.order_findings.end(),
                                    [](const Finding& finding) { return finding.refuses(); });
  if (refusal != judged.order_findings.end()) return decided(refusal->rule->name, std::string(refusal->rule->title));
  if (!passed && passed.error().why == NotSent::trading_state)
    return decided("trading_state",
                   "trading is " + std::string(name(state)) + " and the order " + std::string(name(judged.change)));
  if (!reduces && !opening) return decided("order.legs", std::string(unjudged));
  if (!reduces && opening->action != DecisionAction::enter) return decided(opening->decided_by, opening->reason);
  if (!passed) return decided(passed.error().finding.rule->name, std::string(passed.error().finding.rule->title));
  judged.accepted = true;
  judged.sendable = *std::move(passed);
  return decided("rules", reduces ? std::string(name(judged.change)) : "every rule accepts it");
}

}  // namespace alaris::inline v0
