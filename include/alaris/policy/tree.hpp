// SPDX-License-Identifier: Apache-2.0
#pragma once
// The shape of a composed policy, for whoever prints or stores a verdict as the expression that was written: which
// rules stand under which combination, and which combinations hold.

#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <tuple>

#include <alaris/policy/policy.hpp>

namespace alaris::inline v0 {

/// One rule or combination, in depth-first order: a combination stands before its parts.
struct PolicyNode {
  const RuleInfo* rule = nullptr;  // null for a combination
  std::size_t parts = 0;           // of a combination: how many stand directly under it
  std::size_t needed = 0;          // of them must hold
  std::size_t depth = 0;           // 0 for the whole expression
};

namespace detail {

template <class P>
struct NodesOf {
  static constexpr std::size_t count = 1;
  static constexpr PolicyNode* write(PolicyNode* out, std::size_t depth) {
    *out = {.rule = &P::rule, .parts = 0, .needed = 1, .depth = depth};
    return out + 1;
  }
};

template <class P>
concept combination = requires {
  typename P::parts_tuple;
  { P::needed } -> std::convertible_to<std::size_t>;
};
template <class P, class Parts>
struct NodesOfParts;
template <class P, class... Ps>
struct NodesOfParts<P, std::tuple<Ps...>> {
  static constexpr std::size_t count = (std::size_t{1} + ... + NodesOf<Ps>::count);
  static constexpr PolicyNode* write(PolicyNode* out, std::size_t depth) {
    *out = {.rule = nullptr, .parts = sizeof...(Ps), .needed = P::needed, .depth = depth};
    ++out;
    ((out = NodesOf<Ps>::write(out, depth + 1)), ...);
    return out;
  }
};
template <combination P>
struct NodesOf<P> : NodesOfParts<P, typename P::parts_tuple> {};

template <class P>
constexpr auto nodes_of() {
  std::array<PolicyNode, NodesOf<P>::count> nodes{};
  NodesOf<P>::write(nodes.data(), 0);
  return nodes;
}

constexpr bool mark_holding(std::span<const PolicyNode> tree, std::span<const Finding> findings, std::size_t& node,
                            std::size_t& finding, bool* holds) noexcept {
  const std::size_t self = node++;
  if (tree[self].rule) return holds[self] = findings[finding++].holds();
  std::size_t holding = 0;
  for (std::size_t part = 0; part < tree[self].parts; ++part)
    holding += mark_holding(tree, findings, node, finding, holds);
  return holds[self] = holding >= tree[self].needed;
}

}  // namespace detail

/// The nodes of a policy type; its rules stand in the order of the findings of `assess`.
template <class P>
inline constexpr auto policy_tree = detail::nodes_of<P>();

/// Which nodes hold, given the findings of every rule of `tree` in order. The first is the whole expression's answer.
///   holds    one element a node
///   returns  false, with `holds` untouched, when the sizes do not fit the tree
constexpr bool mark_holding(std::span<const PolicyNode> tree, std::span<const Finding> findings,
                            std::span<bool> holds) noexcept {
  std::size_t rules = 0;
  for (const PolicyNode& node : tree) rules += node.rule != nullptr;
  if (tree.empty() || rules != findings.size() || holds.size() != tree.size()) return false;
  std::size_t node = 0, finding = 0;
  detail::mark_holding(tree, findings, node, finding, holds.data());
  return true;
}

}  // namespace alaris::inline v0
