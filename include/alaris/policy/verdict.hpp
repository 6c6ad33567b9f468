// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a rule is, what it saw, and what follows: pass, fail, or unknown. No text, no allocation.

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace alaris::inline v0 {

/// How the observed value must stand to the limit.
enum class Relation : std::uint8_t { at_most, at_least, below, above };

[[nodiscard]] constexpr std::string_view symbol(Relation relation) noexcept {
  switch (relation) {
    case Relation::at_most:
      return "<=";
    case Relation::at_least:
      return ">=";
    case Relation::below:
      return "<";
    case Relation::above:
      return ">";
  }
  return "?";
}

/// Unknown never opens risk: it refuses like a failure, and says so.
enum class Outcome : std::uint8_t { pass, fail, unknown, not_applicable };

[[nodiscard]] constexpr std::string_view name(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::pass:
      return "pass";
    case Outcome::fail:
      return "fail";
    case Outcome::unknown:
      return "unknown";
    case Outcome::not_applicable:
      return "not_applicable";
  }
  return "?";
}

/// Static description of a rule; one object per rule type, compared by address.
struct RuleInfo {
  std::string_view name;   // dotted and stable: "cost.survival"
  std::string_view code;   // the runbook's component code, or empty
  std::string_view title;  // what is measured, in words
  std::string_view unit;   // of observed and limit; "1" for a ratio
  Relation required;
};

/// What a rule saw in one candidate. NaN means the value is not known.
struct Measurement {
  double observed;
  double limit;
  bool applies = true;
};

/// A measurement whose rule has no say for this candidate.
[[nodiscard]] constexpr Measurement not_applicable(double limit) noexcept {
  return {.observed = 0.0, .limit = limit, .applies = false};
}

/// True only for known numbers in the required relation: NaN satisfies none.
[[nodiscard]] constexpr bool satisfied(Relation required, const Measurement& seen) noexcept {
  if (!seen.applies) return true;
  switch (required) {
    case Relation::at_most:
      return seen.observed <= seen.limit;
    case Relation::at_least:
      return seen.observed >= seen.limit;
    case Relation::below:
      return seen.observed < seen.limit;
    case Relation::above:
      return seen.observed > seen.limit;
  }
  return false;
}

namespace detail {
inline constexpr double unknown_value = std::numeric_limits<double>::quiet_NaN();

/// part / whole, unknown where the whole is not positive or not finite: never a division by zero, never a sign turned
/// round, and no share of something without end.
[[nodiscard]] constexpr double ratio_of(double part, double whole) noexcept {
  return whole > 0.0 && whole <= std::numeric_limits<double>::max() ? part / whole : unknown_value;
}
}  // namespace detail

/// Trivial to make: a verdict of many findings is written once, by the rules. `Finding{}` is that of no rule.
struct Finding {
  const RuleInfo* rule;
  Measurement seen;
  bool excused = false;  // does not hold, but another branch of the any_of it belongs to does

  [[nodiscard]] constexpr bool holds() const noexcept { return satisfied(rule->required, seen); }
  [[nodiscard]] constexpr bool refuses() const noexcept { return !excused && !holds(); }
  [[nodiscard]] constexpr Outcome outcome() const noexcept {
    if (!seen.applies) return Outcome::not_applicable;
    if (seen.observed != seen.observed || seen.limit != seen.limit) return Outcome::unknown;
    return holds() ? Outcome::pass : Outcome::fail;
  }
  /// Distance to the limit in the rule's unit, positive on the good side; NaN when unknown.
  [[nodiscard]] constexpr double margin() const noexcept {
    const bool upper = rule->required == Relation::at_most || rule->required == Relation::below;
    return upper ? seen.limit - seen.observed : seen.observed - seen.limit;
  }
};

/// Findings of every rule in declaration order, and the judgement of the whole expression.
template <std::size_t N>
struct Verdict {
  std::array<Finding, N> findings;
  bool accepted = false;

  [[nodiscard]] constexpr explicit operator bool() const noexcept { return accepted; }
  /// The first rule that refuses; null when the whole is accepted.
  [[nodiscard]] constexpr const Finding* first_refusal() const noexcept {
    for (const Finding& finding : findings)
      if (finding.refuses()) return &finding;
    return nullptr;
  }
};

}  // namespace alaris::inline v0
