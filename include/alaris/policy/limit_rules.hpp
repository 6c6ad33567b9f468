// SPDX-License-Identifier: Apache-2.0
#pragma once
// Does it fit? Limits on the projected portfolio: positions, working and in-flight orders, every one filled. Dollars
// over the whole portfolio with this order filled, unless a comment says otherwise; NaN is not known, and refuses.

#include <concepts>
#include <limits>

#include <alaris/policy/verdict.hpp>

namespace alaris::inline v0 {

template <class C>
concept has_contracts = requires(const C& c) {
  { c.contracts } -> std::convertible_to<double>;  // spreads of this order
};
template <class C>
concept has_nav = requires(const C& c) {
  { c.nav } -> std::convertible_to<double>;
};
template <class C>
concept has_position_at_risk = requires(const C& c) {
  { c.position_at_risk } -> std::convertible_to<double>;  // capital at risk in this name
};
template <class C>
concept has_event_night_at_risk = requires(const C& c) {
  { c.event_night_at_risk } -> std::convertible_to<double>;  // capital at risk in events before the next close
};
template <class C>
concept has_sector_at_risk = requires(const C& c) {
  { c.sector_at_risk } -> std::convertible_to<double>;  // capital at risk in this name's sector; unknown sectors count
};
template <class C>
concept has_stress_loss = requires(const C& c) {
  { c.stress_loss } -> std::convertible_to<double>;  // loss in the worst case of the stress set, positive
};
template <class C>
concept has_cash_after = requires(const C& c) {
  { c.cash_after } -> std::convertible_to<double>;  // after the worst-case debit and fees
};
template <class C>
concept has_loss_today = requires(const C& c) {
  { c.loss_today } -> std::convertible_to<double>;  // since the previous session's close, positive when losing
};
template <class C>
concept has_assignment_notional = requires(const C& c) {
  { c.assignment_notional } -> std::convertible_to<double>;  // strike x 100 x short contracts of this name
  { c.excess_liquidity } -> std::convertible_to<double>;
};
template <class C>
concept has_margin_preview = requires(const C& c) {
  { c.what_if_excess_liquidity } -> std::convertible_to<double>;  // the broker's preview; NaN: no preview, no entry
};
template <class C>
concept has_spread_counts = requires(const C& c) {
  { c.open_spreads_after } -> std::convertible_to<double>;  // names held, this one in
  { c.new_today_after } -> std::convertible_to<double>;     // positions opened today, this one in
};
/// Everything the limits below read.
template <class C>
concept projected_on_portfolio = has_contracts<C> && has_nav<C> && has_position_at_risk<C> &&
    has_event_night_at_risk<C> && has_cash_after<C> && has_loss_today<C> && has_spread_counts<C>;

struct DefaultPortfolioLimits {
  static constexpr double max_contracts = 10, max_notional = 25'000, max_daily_loss = 15'000;
  static constexpr double min_cash_fraction = 0.20, max_position_nav = 0.05, max_event_night_nav = 0.10;
  static constexpr double max_event_night_loss_nav = 0.05, max_open_spreads = 8, max_new_per_day = 5;
  static constexpr double max_sector_nav = 0.15, max_stress_loss_nav = 0.03;
  static constexpr double max_assignment_multiple = 2, min_what_if_excess_liquidity = 0;
};
struct PortfolioLimits {
  double max_contracts = DefaultPortfolioLimits::max_contracts;
  double max_notional = DefaultPortfolioLimits::max_notional;
  double max_daily_loss = DefaultPortfolioLimits::max_daily_loss;
  double min_cash_fraction = DefaultPortfolioLimits::min_cash_fraction;
  double max_position_nav = DefaultPortfolioLimits::max_position_nav;
  double max_event_night_nav = DefaultPortfolioLimits::max_event_night_nav;
  double max_event_night_loss_nav = DefaultPortfolioLimits::max_event_night_loss_nav;
  double max_open_spreads = DefaultPortfolioLimits::max_open_spreads;
  double max_new_per_day = DefaultPortfolioLimits::max_new_per_day;
  double max_sector_nav = DefaultPortfolioLimits::max_sector_nav;
  double max_stress_loss_nav = DefaultPortfolioLimits::max_stress_loss_nav;
  double max_assignment_multiple = DefaultPortfolioLimits::max_assignment_multiple;            // of excess liquidity
  double min_what_if_excess_liquidity = DefaultPortfolioLimits::min_what_if_excess_liquidity;  // dollars
};

/// At least one contract: an order for none has no size to judge.
template <class Limits = DefaultPortfolioLimits>
struct MaxContracts {
  static constexpr RuleInfo rule{"limit.contracts", "", "contracts per spread", "contracts", Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_contracts auto& c) const noexcept {
    const double contracts = c.contracts;
    return {.observed = contracts >= 1.0 ? contracts : detail::unknown_value, .limit = limits.max_contracts};
  }
};
template <class Limits = DefaultPortfolioLimits>
struct MaxNotional {
  static constexpr RuleInfo rule{"limit.notional", "", "capital at risk in this name", "USD", Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_position_at_risk auto& c) const noexcept {
    return {.observed = c.position_at_risk, .limit = limits.max_notional};
  }
};
/// Every short contract of the name assigned at once must be payable from twice the excess liquidity.
template <class Limits = DefaultPortfolioLimits>
struct MaxAssignmentNotional {
  static constexpr RuleInfo rule{"limit.assignment_notional", "", "strike value of the short legs", "USD",
                                 Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_assignment_notional auto& c) const noexcept {
    return {.observed = c.assignment_notional, .limit = limits.max_assignment_multiple * c.excess_liquidity};
  }
};
template <class Limits = DefaultPortfolioLimits>
struct WhatIfMargin {
  static constexpr RuleInfo rule{"limit.what_if_margin", "", "excess liquidity after the order by the margin preview",
                                 "USD", Relation::at_least};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_margin_preview auto& c) const noexcept {
    return {.observed = c.what_if_excess_liquidity, .limit = limits.min_what_if_excess_liquidity};
  }
};
template <class Limits = DefaultPortfolioLimits>
struct MaxPositionShare {
  static constexpr RuleInfo rule{"limit.position_nav", "", "capital at risk in this name over NAV", "1",
                                 Relation::at_most};
  [[no_unique_address]] Limits limits{};
  template <has_position_at_risk C>
  requires has_nav<C>
  [[nodiscard]] constexpr Measurement measure(const C& c) const noexcept {
    return {.observed = detail::ratio_of(c.position_at_risk, c.nav), .limit = limits.max_position_nav};
  }
};
template <class Limits = DefaultPortfolioLimits>
struct MaxSectorShare {
  static constexpr RuleInfo rule{"limit.sector_nav", "", "capital at risk in this name's sector over NAV", "1",
                                 Relation::at_most};
  [[no_unique_address]] Limits limits{};
  template <has_sector_at_risk C>
  requires has_nav<C>
  [[nodiscard]] constexpr Measurement measure(const C& c) const noexcept {
    return {.observed = detail::ratio_of(c.sector_at_risk, c.nav), .limit = limits.max_sector_nav};
  }
};
template <class Limits = DefaultPortfolioLimits>
struct MaxEventNightShare {
  static constexpr RuleInfo rule{"limit.event_night_nav", "", "capital at risk over one event night over NAV", "1",
                                 Relation::at_most};
  [[no_unique_address]] Limits limits{};
  template <has_event_night_at_risk C>
  requires has_nav<C>
  [[nodiscard]] constexpr Measurement measure(const C& c) const noexcept {
    return {.observed = detail::ratio_of(c.event_night_at_risk, c.nav), .limit = limits.max_event_night_nav};
  }
};
/// Loss so far today and everything at risk over the coming event night, together. Names that report the same night are
/// one cluster: event_night_at_risk is their sum. A gain so far buys no further risk.
template <class Limits = DefaultPortfolioLimits>
struct EventNightLoss {
  static constexpr RuleInfo rule{"limit.event_night_loss", "", "loss today plus capital at risk over the event night",
                                 "USD", Relation::at_most};
  [[no_unique_address]] Limits limits{};
  template <has_event_night_at_risk C>
  requires(has_nav<C>&& has_loss_today<C>) [[nodiscard]] constexpr Measurement measure(const C& c) const noexcept {
    const double loss = c.loss_today, by_nav = limits.max_event_night_loss_nav * c.nav;
    const double least = limits.max_daily_loss < by_nav ? limits.max_daily_loss : by_nav;
    return {.observed = (loss <= 0.0 ? 0.0 : loss) + c.event_night_at_risk,
            .limit = c.nav <= std::numeric_limits<double>::max() ? least : detail::unknown_value};
  }
};
/// The worst of the stress set, revalued over the whole projected portfolio.
template <class Limits = DefaultPortfolioLimits>
struct StressLoss {
  static constexpr RuleInfo rule{"limit.stress_loss", "", "loss in the worst case of the stress set over NAV", "1",
                                 Relation::at_most};
  [[no_unique_address]] Limits limits{};
  template <has_stress_loss C>
  requires has_nav<C>
  [[nodiscard]] constexpr Measurement measure(const C& c) const noexcept {
    return {.observed = detail::ratio_of(c.stress_loss, c.nav), .limit = limits.max_stress_loss_nav};
  }
};
template <class Limits = DefaultPortfolioLimits>
struct MaxDailyLoss {
  static constexpr RuleInfo rule{"limit.daily_loss", "", "loss since the previous close", "USD", Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_loss_today auto& c) const noexcept {
    return {.observed = c.loss_today, .limit = limits.max_daily_loss};
  }
};
template <class Limits = DefaultPortfolioLimits>
struct CashReserve {
  static constexpr RuleInfo rule{"limit.cash_reserve", "", "cash after the debit over NAV", "1", Relation::at_least};
  [[no_unique_address]] Limits limits{};
  template <has_cash_after C>
  requires has_nav<C>
  [[nodiscard]] constexpr Measurement measure(const C& c) const noexcept {
    return {.observed = detail::ratio_of(c.cash_after, c.nav), .limit = limits.min_cash_fraction};
  }
};
template <class Limits = DefaultPortfolioLimits>
struct MaxOpenSpreads {
  static constexpr RuleInfo rule{"limit.open_spreads", "", "spreads open", "spreads", Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_spread_counts auto& c) const noexcept {
    return {.observed = static_cast<double>(c.open_spreads_after), .limit = limits.max_open_spreads};
  }
};
template <class Limits = DefaultPortfolioLimits>
struct MaxNewPerDay {
  static constexpr RuleInfo rule{"limit.new_per_day", "", "spreads opened today", "spreads", Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_spread_counts auto& c) const noexcept {
    return {.observed = static_cast<double>(c.new_today_after), .limit = limits.max_new_per_day};
  }
};
template <class L>
MaxContracts(L) -> MaxContracts<L>;
template <class L>
MaxNotional(L) -> MaxNotional<L>;
template <class L>
MaxAssignmentNotional(L) -> MaxAssignmentNotional<L>;
template <class L>
WhatIfMargin(L) -> WhatIfMargin<L>;
template <class L>
MaxPositionShare(L) -> MaxPositionShare<L>;
template <class L>
MaxSectorShare(L) -> MaxSectorShare<L>;
template <class L>
MaxEventNightShare(L) -> MaxEventNightShare<L>;
template <class L>
EventNightLoss(L) -> EventNightLoss<L>;
template <class L>
StressLoss(L) -> StressLoss<L>;
template <class L>
MaxDailyLoss(L) -> MaxDailyLoss<L>;
template <class L>
CashReserve(L) -> CashReserve<L>;
template <class L>
MaxOpenSpreads(L) -> MaxOpenSpreads<L>;
template <class L>
MaxNewPerDay(L) -> MaxNewPerDay<L>;

}  // namespace alaris::inline v0
