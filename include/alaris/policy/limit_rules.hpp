// SPDX-License-Identifier: Apache-2.0
#pragma once
// Does it fit? Limits on the projected portfolio: positions, working and in-flight orders, every one filled.

#include <concepts>

#include <alaris/policy/verdict.hpp>

namespace alaris::inline v0 {

/// All in dollars over the whole portfolio with this order filled, unless a comment says otherwise.
template <class C>
concept projected_on_portfolio = requires(const C& c) {
  { c.contracts } -> std::convertible_to<double>;            // spreads of this order
  { c.position_at_risk } -> std::convertible_to<double>;     // capital at risk in this name
  { c.event_night_at_risk } -> std::convertible_to<double>;  // capital at risk in events before the next close
  { c.cash_after } -> std::convertible_to<double>;           // after the worst-case debit and fees
  { c.loss_today } -> std::convertible_to<double>;           // positive when losing
  { c.nav } -> std::convertible_to<double>;
  { c.open_spreads_after } -> std::convertible_to<double>;  // names held, this one in
  { c.new_today_after } -> std::convertible_to<double>;     // positions opened today, this one in
};

struct DefaultPortfolioLimits {
  static constexpr double max_contracts = 10, max_notional = 25'000, max_daily_loss = 15'000;
  static constexpr double min_cash_fraction = 0.20, max_position_nav = 0.05, max_event_night_nav = 0.10;
  static constexpr double max_event_night_loss_nav = 0.05, max_open_spreads = 8, max_new_per_day = 5;
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
};

template <class Limits = DefaultPortfolioLimits>
struct MaxContracts {
  static constexpr RuleInfo rule{"limit.contracts", "", "contracts per spread", "contracts", Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const projected_on_portfolio auto& c) const noexcept {
    return {.observed = static_cast<double>(c.contracts), .limit = limits.max_contracts};
  }
};
template <class Limits = DefaultPortfolioLimits>
struct MaxNotional {
  static constexpr RuleInfo rule{"limit.notional", "", "capital at risk in this name", "USD", Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const projected_on_portfolio auto& c) const noexcept {
    return {.observed = c.position_at_risk, .limit = limits.max_notional};
  }
};
template <class Limits = DefaultPortfolioLimits>
struct MaxPositionShare {
  static constexpr RuleInfo rule{"limit.position_nav", "", "capital at risk in this name over NAV", "1",
                                 Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const projected_on_portfolio auto& c) const noexcept {
    return {.observed = c.position_at_risk / c.nav, .limit = limits.max_position_nav};
  }
};
template <class Limits = DefaultPortfolioLimits>
struct MaxEventNightShare {
  static constexpr RuleInfo rule{"limit.event_night_nav", "", "capital at risk over one event night over NAV", "1",
                                 Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const projected_on_portfolio auto& c) const noexcept {
    return {.observed = c.event_night_at_risk / c.nav, .limit = limits.max_event_night_nav};
  }
};
/// Loss so far today and everything at risk over the coming event night, together.
template <class Limits = DefaultPortfolioLimits>
struct EventNightLoss {
  static constexpr RuleInfo rule{"limit.event_night_loss", "", "loss today plus capital at risk over the event night",
                                 "USD", Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const projected_on_portfolio auto& c) const noexcept {
    const double by_nav = limits.max_event_night_loss_nav * c.nav;
    return {.observed = (c.loss_today > 0 ? c.loss_today : 0.0) + c.event_night_at_risk,
            .limit = limits.max_daily_loss < by_nav ? limits.max_daily_loss : by_nav};
  }
};
template <class Limits = DefaultPortfolioLimits>
struct MaxDailyLoss {
  static constexpr RuleInfo rule{"limit.daily_loss", "", "loss since the previous close", "USD", Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const projected_on_portfolio auto& c) const noexcept {
    return {.observed = c.loss_today, .limit = limits.max_daily_loss};
  }
};
template <class Limits = DefaultPortfolioLimits>
struct CashReserve {
  static constexpr RuleInfo rule{"limit.cash_reserve", "", "cash after the debit over NAV", "1", Relation::at_least};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const projected_on_portfolio auto& c) const noexcept {
    return {.observed = c.cash_after / c.nav, .limit = limits.min_cash_fraction};
  }
};
template <class Limits = DefaultPortfolioLimits>
struct MaxOpenSpreads {
  static constexpr RuleInfo rule{"limit.open_spreads", "", "spreads open", "spreads", Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const projected_on_portfolio auto& c) const noexcept {
    return {.observed = static_cast<double>(c.open_spreads_after), .limit = limits.max_open_spreads};
  }
};
template <class Limits = DefaultPortfolioLimits>
struct MaxNewPerDay {
  static constexpr RuleInfo rule{"limit.new_per_day", "", "spreads opened today", "spreads", Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const projected_on_portfolio auto& c) const noexcept {
    return {.observed = static_cast<double>(c.new_today_after), .limit = limits.max_new_per_day};
  }
};
template <class L>
MaxContracts(L) -> MaxContracts<L>;
template <class L>
MaxNotional(L) -> MaxNotional<L>;
template <class L>
MaxPositionShare(L) -> MaxPositionShare<L>;
template <class L>
MaxEventNightShare(L) -> MaxEventNightShare<L>;
template <class L>
EventNightLoss(L) -> EventNightLoss<L>;
template <class L>
MaxDailyLoss(L) -> MaxDailyLoss<L>;
template <class L>
CashReserve(L) -> CashReserve<L>;
template <class L>
MaxOpenSpreads(L) -> MaxOpenSpreads<L>;
template <class L>
MaxNewPerDay(L) -> MaxNewPerDay<L>;

}  // namespace alaris::inline v0
