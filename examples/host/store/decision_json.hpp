// SPDX-License-Identifier: Apache-2.0
#pragma once
// Decisions as JSON and text: the same objects in decisions.jsonl, `signal explain` and `order check`.

#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <alaris/policy/tree.hpp>
#include <alaris/strategy/decision.hpp>
#include <alaris/strategy/event_flow.hpp>

namespace alaris::host {

/// NaN and infinity have no JSON number: not known is null.
[[nodiscard]] nlohmann::ordered_json json_number(double value);

/// "sell 1 2024-05-10 100 call; buy 1 2024-06-07 100 call"
[[nodiscard]] std::string legs_text(const std::vector<Leg>& legs);

/// Every measured figure of a candidate.
[[nodiscard]] nlohmann::ordered_json figures_json(const Candidate& candidate);

/// Every finding in declaration order, flat.
[[nodiscard]] nlohmann::ordered_json findings_json(std::span<const Finding> findings);

/// The expression as it was written: combinations with their parts, rules with their findings.
[[nodiscard]] nlohmann::ordered_json tree_json(std::span<const PolicyNode> tree, std::span<const Finding> findings);

/// The same, one line a node, indented.
[[nodiscard]] std::string tree_text(std::span<const PolicyNode> tree, std::span<const Finding> findings);

/// What an explanation adds to a decision: the grade of its chain, the size that the market's depth would pass where it
/// refuses, and how busy the legs are.
[[nodiscard]] nlohmann::ordered_json remarks_json(const Candidate& candidate, std::span<const LegFlow> flow,
                                                  const StrategySettings& settings);
/// The same as lines of text, only what is worth a remark.
[[nodiscard]] std::string remarks_text(const Candidate& candidate, std::span<const LegFlow> flow,
                                       const StrategySettings& settings);

/// One line of decisions.jsonl, without `schema`.
[[nodiscard]] nlohmann::ordered_json decision_json(const DecisionRecord& decision);

}  // namespace alaris::host
