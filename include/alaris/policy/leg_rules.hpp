// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a short leg can do to its owner before it is closed, and what must not be traded at all: assignment, dividends
// owed, pinning, borrow, contracts that are not standard, names with other news.

#include <concepts>

#include <alaris/policy/policy.hpp>

namespace alaris::inline v0 {

template <class C>
concept has_assignment_risk = requires(const C& c) {
  { c.assignment_probability } -> std::convertible_to<double>;  // of the likeliest short leg, before the planned exit
  { c.assignment_cost } -> std::convertible_to<double>;  // dollars, whole position: what the holders gain by exercising
  { c.nav } -> std::convertible_to<double>;              // dollars
};
template <class C>
concept has_dividends_owed = requires(const C& c) {
  { c.dividends_owed } -> std::convertible_to<double>;  // dollars, whole position: on short calls assigned before it
};
template <class C>
concept has_pin_distance = requires(const C& c) {
  { c.pin_distance } -> std::convertible_to<double>;       // |spot / strike - 1| of the nearest short strike
  { c.sessions_to_spare } -> std::convertible_to<double>;  // after the planned exit, up to the front's last session
};
template <class C>
concept has_borrow = requires(const C& c) {
  { c.borrow_rate } -> std::convertible_to<double>;  // a year, implied or quoted, the larger
  { c.holds_calls } -> std::convertible_to<bool>;
};
template <class C>
concept has_parity_grade = requires(const C& c) {
  { c.hard_to_borrow } -> std::convertible_to<double>;  // expiries of the legs whose parity only a borrow rate explains
};
template <class C>
concept has_contract_standing = requires(const C& c) {
  { c.adjusted_legs } -> std::convertible_to<double>;             // legs whose deliverable is not 100 shares
  { c.pending_contract_changes } -> std::convertible_to<double>;  // splits, mergers, special dividends before the back
};
template <class C>
concept has_other_news = requires(const C& c) {
  { c.results_in_prior_sessions } -> std::convertible_to<double>;  // results or guidance, 8-K item 2.02, last 15
  { c.other_events_before_back } -> std::convertible_to<double>;   // name-specific, before the back expiry
};

/// The two figures of early assignment are this project's own choice; the manual asks for the rule and names none.
struct DefaultLegLimits {
  static constexpr double max_assignment_probability = 0.25, max_assignment_cost_nav = 0.0025;
  static constexpr double min_pin_distance = 0.01, max_borrow = 0.05;
};
struct LegLimits {
  double max_assignment_probability = DefaultLegLimits::max_assignment_probability;
  double max_assignment_cost_nav = DefaultLegLimits::max_assignment_cost_nav;
  double min_pin_distance = DefaultLegLimits::min_pin_distance;  // strictly more
  double max_borrow = DefaultLegLimits::max_borrow;
};

/// How likely exercising a short leg before the planned exit becomes rational for its holder.
template <class Limits = DefaultLegLimits>
struct AssignmentProbability {
  static constexpr RuleInfo rule{"assignment.probability", "", "probability of a rational early exercise", "1",
                                 Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_assignment_risk auto& c) const noexcept {
    return {.observed = c.assignment_probability, .limit = limits.max_assignment_probability};
  }
};
/// What the holders' early exercise would take: interest on the strike of a put, the dividend of a call.
template <class Limits = DefaultLegLimits>
struct AssignmentCost {
  static constexpr RuleInfo rule{"assignment.cost", "", "cash at stake in an early exercise over NAV", "1",
                                 Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_assignment_risk auto& c) const noexcept {
    return {.observed = detail::ratio_of(c.assignment_cost, c.nav), .limit = limits.max_assignment_cost_nav};
  }
};
/// An ordinary dividend that goes ex on or before the front expiry: use puts, or refuse.
struct ExDividend {
  static constexpr RuleInfo rule{"assignment.ex_dividend", "", "dividends owed on short calls up to the front expiry",
                                 "USD", Relation::at_most};
  [[nodiscard]] constexpr Measurement measure(const has_dividends_owed auto& c) const noexcept {
    return {.observed = c.dividends_owed, .limit = 0.0};
  }
};
/// On its last session a short within 1 % of its strike may be assigned either way. A position that is out before has
/// no such session.
template <class Limits = DefaultLegLimits>
struct PinRisk {
  static constexpr RuleInfo rule{"assignment.pin", "", "distance of the stock from a short strike on its last session",
                                 "1", Relation::above};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_pin_distance auto& c) const noexcept {
    const double spare = c.sessions_to_spare;
    return {.observed = spare == spare ? static_cast<double>(c.pin_distance) : detail::unknown_value,
            .limit = limits.min_pin_distance,
            .applies = !(spare >= 1.0)};
  }
};
/// Stock that is dear to borrow makes calls cheap against puts and short stock ruinous: no call calendars.
template <class Limits = DefaultLegLimits>
struct Borrow {
  static constexpr RuleInfo rule{"contract.borrow", "", "cost of borrowing the stock", "a year", Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_borrow auto& c) const noexcept {
    return {.observed = c.borrow_rate, .limit = limits.max_borrow, .applies = static_cast<bool>(c.holds_calls)};
  }
};
/// Puts dear against calls over a whole expiry, as a stock is that hardly anybody lends: the data is right, and the
/// trade is one against those who know why.
struct HardToBorrow {
  static constexpr RuleInfo rule{"contract.hard_to_borrow", "DTqc002A",
                                 "expiries whose parity only a cost of borrowing explains", "expiries",
                                 Relation::at_most};
  [[nodiscard]] constexpr Measurement measure(const has_parity_grade auto& c) const noexcept {
    return {.observed = static_cast<double>(c.hard_to_borrow), .limit = 0.0};
  }
};
/// No adjusted deliverable, and nothing pending that would adjust it before the back expiry.
struct StandardContract {
  static constexpr RuleInfo rule{"contract.standard", "",
                                 "adjusted legs and pending splits, mergers, special dividends", "found",
                                 Relation::at_most};
  [[nodiscard]] constexpr Measurement measure(const has_contract_standing auto& c) const noexcept {
    return {.observed = static_cast<double>(c.adjusted_legs) + c.pending_contract_changes, .limit = 0.0};
  }
};
/// The announcement must be the only news: none just before it, none other before the back expires.
struct QuietNews {
  static constexpr RuleInfo rule{"news.quiet", "", "results in the prior 15 sessions and other events before the back",
                                 "found", Relation::at_most};
  [[nodiscard]] constexpr Measurement measure(const has_other_news auto& c) const noexcept {
    return {.observed = static_cast<double>(c.results_in_prior_sessions) + c.other_events_before_back, .limit = 0.0};
  }
};
template <class L>
AssignmentProbability(L) -> AssignmentProbability<L>;
template <class L>
AssignmentCost(L) -> AssignmentCost<L>;
template <class L>
PinRisk(L) -> PinRisk<L>;
template <class L>
Borrow(L) -> Borrow<L>;

template <class Limits = DefaultLegLimits>
using AssignmentRisk = all_of<AssignmentProbability<Limits>, AssignmentCost<Limits>>;

}  // namespace alaris::inline v0
