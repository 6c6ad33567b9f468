// SPDX-License-Identifier: Apache-2.0
#include "store/decision_json.hpp"

#include <cmath>
#include <cstdlib>
#include <memory>

#include <fmt/format.h>

#include <alaris/adapters/fmt.hpp>
#include <alaris/market/new_york.hpp>

namespace alaris::host {
namespace {

using Json = nlohmann::ordered_json;

Json finding_json(const Finding& f) {
  return {{"rule", f.rule->name},
          {"code", f.rule->code},
          {"outcome", name(f.outcome())},
          {"excused", f.excused},
          {"observed", json_number(f.seen.observed)},
          {"relation", symbol(f.rule->required)},
          {"limit", json_number(f.seen.limit)},
          {"unit", f.rule->unit},
          {"margin", json_number(f.margin())}};
}

/// Early assignment, short leg by short leg.
Json short_legs_json(const Candidate& c) {
  Json legs = Json::array();
  for (const ShortLeg& leg : c.short_legs)
    legs.push_back({{"expiry", to_string(leg.contract.expiry)},
                    {"strike", leg.contract.strike.dollars()},
                    {"right", name(leg.contract.type)},
                    {"assignment_probability", json_number(leg.probability)},
                    {"assignment_cost", json_number(leg.cost)}});
  return legs;
}

/// The loss of one spread in every scenario of the stress set.
Json stress_json(const Candidate& c) {
  Json losses = Json::object();
  for (std::size_t i = 0; i < c.stress.size(); ++i)
    losses[std::string(name(static_cast<StressScenario>(i)))] = json_number(c.stress[i]);
  return losses;
}

std::string combination(const PolicyNode& node) {
  if (node.needed == node.parts) return "all of";
  return node.needed == 1 ? "any of" : fmt::format("at least {} of", node.needed);
}

/// Which nodes hold, as bytes: a vector<bool> has no span.
std::vector<char> holding(std::span<const PolicyNode> tree, std::span<const Finding> findings) {
  const auto holds = std::make_unique<bool[]>(tree.size());
  if (!mark_holding(tree, findings, {holds.get(), tree.size()})) return {};
  return {holds.get(), holds.get() + tree.size()};
}

Json subtree(std::span<const PolicyNode> tree, std::span<const Finding> findings, const std::vector<char>& holds,
             std::size_t& node, std::size_t& finding) {
  const std::size_t self = node++;
  if (tree[self].rule) return finding_json(findings[finding++]);
  Json parts = Json::array();
  for (std::size_t i = 0; i < tree[self].parts; ++i) parts.push_back(subtree(tree, findings, holds, node, finding));
  return {{"combination", combination(tree[self])},
          {"needed", tree[self].needed},
          {"holds", holds[self] != 0},
          {"parts", std::move(parts)}};
}

}  // namespace

Json json_number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

std::string legs_text(const std::vector<Leg>& legs) {
  std::string text;
  for (const Leg& leg : legs)
    text +=
        fmt::format("{}{} {} {} {:g} {}", text.empty() ? "" : "; ", leg.ratio > 0 ? "buy" : "sell", std::abs(leg.ratio),
                    to_string(leg.contract.expiry), leg.contract.strike.dollars(), name(leg.contract.type));
  return text;
}

Json figures_json(const Candidate& c) {
  const auto number = json_number;
  return {{"spot", number(c.spot)},
          {"iv30", number(c.iv30)},
          {"rv30", number(c.rv30)},
          {"rv30_with_events", number(c.rv30_with_events)},
          {"front_iv", number(c.front_iv)},
          {"back_iv", number(c.back_iv)},
          {"front_iv_over_rv30", number(c.front_iv / c.rv30)},
          {"term_slope_per_day", number(c.term_slope_per_day)},
          {"underlying_volume", number(c.underlying_volume)},
          {"sigma_base", number(c.sigma_base)},
          {"sigma_event", number(c.sigma_event)},
          {"sigma_physical", number(c.sigma_physical)},
          {"implied_move", number(c.implied_move)},
          {"past_events", number(c.past_events)},
          {"debit_mid", number(c.debit_mid)},
          {"debit_natural", number(c.debit_natural)},
          {"vega30", number(c.vega30)},
          {"round_trip_cost", number(c.round_trip_cost)},
          {"round_trip_points", number(c.round_trip_points)},
          {"expected_pnl", number(c.expected_pnl)},
          {"net_delta", number(c.net_delta)},
          {"capital_at_risk", number(c.capital_at_risk)},
          {"event_loss", number(c.event_loss)},
          {"delta_after_event", number(c.delta_after_event)},
          {"borrow_rate", number(c.borrow_rate)},
          {"short_legs", short_legs_json(c)},
          {"stress", stress_json(c)},
          {"quality_score", number(c.quality_score)},
          {"kelly", number(c.kelly)}};
}

Json findings_json(std::span<const Finding> findings) {
  Json out = Json::array();
  for (const Finding& f : findings) out.push_back(finding_json(f));
  return out;
}

Json tree_json(std::span<const PolicyNode> tree, std::span<const Finding> findings) {
  const std::vector<char> holds = holding(tree, findings);
  if (holds.empty()) return nullptr;
  std::size_t node = 0, finding = 0;
  return subtree(tree, findings, holds, node, finding);
}

std::string tree_text(std::span<const PolicyNode> tree, std::span<const Finding> findings) {
  const std::vector<char> holds = holding(tree, findings);
  std::string text;
  std::size_t finding = 0;
  for (std::size_t i = 0; i < holds.size(); ++i)
    text += tree[i].rule ? fmt::format("{:{}}{}\n", "", 2 * tree[i].depth, findings[finding++])
                         : fmt::format("{:{}}{} {}:\n", "", 2 * tree[i].depth, holds[i] ? "met" : "refused",
                                       combination(tree[i]));
  return text;
}

Json remarks_json(const Candidate& c, std::span<const LegFlow> flow, const StrategySettings& settings) {
  Json legs = Json::array();
  for (const LegFlow& leg : flow)
    legs.push_back({{"expiry", to_string(leg.contract.expiry)},
                    {"strike", leg.contract.strike.dollars()},
                    {"right", name(leg.contract.type)},
                    {"volume", json_number(leg.volume)},
                    {"over_median", json_number(leg.over_median)},
                    {"event_flow", leg.event_flow(settings.quality)}});
  const auto liquid = liquid_size_instead(c, settings.liquidity);
  return {{"quality_grade", word(quality_grade(c.quality_score, settings.quality))},
          {"largest_liquid_size", liquid ? Json(*liquid) : Json(nullptr)},
          {"leg_flow", std::move(legs)}};
}

std::string remarks_text(const Candidate& c, std::span<const LegFlow> flow, const StrategySettings& settings) {
  std::string text;
  if (const auto grade = quality_grade(c.quality_score, settings.quality); c.spread && grade != QualityGrade::good)
    text += fmt::format("chain checks: {:.1f} % passed, {}\n", 100 * c.quality_score, name(grade));
  if (const auto liquid = liquid_size_instead(c, settings.liquidity))
    text +=
        *liquid > 0 ? fmt::format("liquidity: {} spreads would pass\n", *liquid) : "liquidity: no size would pass\n";
  for (const LegFlow& leg : flow)
    if (leg.event_flow(settings.quality))
      text +=
          fmt::format("event flow: {} {:g} {} traded {:.1f} times its usual volume\n", to_string(leg.contract.expiry),
                      leg.contract.strike.dollars(), name(leg.contract.type), leg.over_median);
  return text;
}

Json decision_json(const DecisionRecord& d) {
  const Candidate& c = d.candidate;
  return {{"at", new_york_text(d.at)},
          {"fill_session", to_string(d.fill_session)},
          {"symbol", c.symbol},
          {"event_date", to_string(c.event_date)},
          {"session", name(c.session)},
          {"session_derived", c.session_derived},
          {"action", name(d.action)},
          {"decided_by", d.decided_by},
          {"reason", d.reason},
          {"contracts", d.contracts},
          {"size_bound_by", c.size_bound_by},
          {"legs", c.spread ? legs_text(c.spread->legs()) : ""},
          {"figures", figures_json(c)},
          {"findings", findings_json(d.findings)}};
}

}  // namespace alaris::host
