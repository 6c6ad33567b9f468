// SPDX-License-Identifier: Apache-2.0
#pragma once
// Decisions as JSON and text: the same objects in decisions.jsonl, `signal explain` and `order check`.

#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <alaris/policy/tree.hpp>
#include <alaris/strategy/decision.hpp>

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

/// One line of decisions.jsonl, without `schema`.
[[nodiscard]] nlohmann::ordered_json decision_json(const DecisionRecord& decision);

}  // namespace alaris::host
