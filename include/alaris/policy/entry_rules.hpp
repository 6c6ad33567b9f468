// SPDX-License-Identifier: Apache-2.0
#pragma once
// Is there a trade at all? The signal of the earnings calendar and the event it stands on. The three thresholds of the
// signal are retail heuristics without out-of-sample evidence; they are defaults, not findings.

#include <concepts>

#include <alaris/policy/verdict.hpp>

namespace alaris::inline v0 {

template <class C>
concept has_volatility_ratio = requires(const C& c) {
  { c.iv30 } -> std::convertible_to<double>;  // implied, 30 calendar days, per square root of a year
  { c.rv30 } -> std::convertible_to<double>;  // realised over 30 returns without past event sessions, same unit
};
template <class C>
concept has_term_slope = requires(const C& c) {
  { c.term_slope_per_day } -> std::convertible_to<double>;  // change of implied volatility per calendar day
};
template <class C>
concept has_underlying_volume = requires(const C& c) {
  { c.underlying_volume } -> std::convertible_to<double>;  // shares, 30-session mean
};
template <class C>
concept has_event_distance = requires(const C& c) {
  { c.days_to_event } -> std::convertible_to<double>;  // calendar days from entry to the announcement date
};
template <class C>
concept has_event_sources = requires(const C& c) {
  { c.agreeing_sources } -> std::convertible_to<double>;     // independent sources naming this date
  { c.disagreeing_sources } -> std::convertible_to<double>;  // independent sources naming another date
  { c.tradeable_session } -> std::convertible_to<bool>;      // stated, uncontradicted, before open or after close
};

struct DefaultSignalLimits {
  static constexpr double min_iv_rv = 1.25, max_term_slope_per_day = -0.00406, min_underlying_volume = 1'500'000;
  static constexpr double min_days_to_event = 0, max_days_to_event = 14;
};
struct SignalLimits {
  double min_iv_rv = DefaultSignalLimits::min_iv_rv;
  double max_term_slope_per_day = DefaultSignalLimits::max_term_slope_per_day;
  double min_underlying_volume = DefaultSignalLimits::min_underlying_volume;
  double min_days_to_event = DefaultSignalLimits::min_days_to_event;
  double max_days_to_event = DefaultSignalLimits::max_days_to_event;
};

template <class Limits = DefaultSignalLimits>
struct SignalIvRv {
  static constexpr RuleInfo rule{"signal.iv_rv", "", "IV30 over RV30 (heuristic)", "1", Relation::at_least};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_volatility_ratio auto& c) const noexcept {
    return {.observed = detail::ratio_of(c.iv30, c.rv30), .limit = limits.min_iv_rv};
  }
};
template <class L>
SignalIvRv(L) -> SignalIvRv<L>;

template <class Limits = DefaultSignalLimits>
struct InvertedTermStructure {
  static constexpr RuleInfo rule{"signal.term_slope", "", "slope of the term structure (heuristic)", "per day",
                                 Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_term_slope auto& c) const noexcept {
    return {.observed = c.term_slope_per_day, .limit = limits.max_term_slope_per_day};
  }
};
template <class L>
InvertedTermStructure(L) -> InvertedTermStructure<L>;

template <class Limits = DefaultSignalLimits>
struct UnderlyingVolume {
  static constexpr RuleInfo rule{"signal.underlying_volume", "", "mean share volume (heuristic)", "shares",
                                 Relation::at_least};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_underlying_volume auto& c) const noexcept {
    return {.observed = c.underlying_volume, .limit = limits.min_underlying_volume};
  }
};
template <class L>
UnderlyingVolume(L) -> UnderlyingVolume<L>;

template <class Limits = DefaultSignalLimits>
struct DaysToEventAtLeast {
  static constexpr RuleInfo rule{"signal.days_to_event_min", "", "days to the event", "days", Relation::at_least};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_event_distance auto& c) const noexcept {
    return {.observed = c.days_to_event, .limit = limits.min_days_to_event};
  }
};
template <class L>
DaysToEventAtLeast(L) -> DaysToEventAtLeast<L>;

template <class Limits = DefaultSignalLimits>
struct DaysToEventAtMost {
  static constexpr RuleInfo rule{"signal.days_to_event_max", "", "days to the event", "days", Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_event_distance auto& c) const noexcept {
    return {.observed = c.days_to_event, .limit = limits.max_days_to_event};
  }
};
template <class L>
DaysToEventAtMost(L) -> DaysToEventAtMost<L>;

struct DefaultEarningsDateLimits {
  static constexpr double min_sources = 2;
};
struct EarningsDateLimits {
  double min_sources = DefaultEarningsDateLimits::min_sources;
};

/// Enough independent sources name the date and none names another; the session is known and tradeable.
template <class Limits = DefaultEarningsDateLimits>
struct EarningsDateAgreement {
  static constexpr RuleInfo rule{"quality.earnings_date", "DTqc004A", "independent sources that agree on the date",
                                 "sources", Relation::at_least};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_event_sources auto& c) const noexcept {
    const double against = c.disagreeing_sources, agreeing = c.agreeing_sources;
    return {.observed = against > 0.0    ? 0.0
                        : against == 0.0 ? agreeing
                                         : detail::unknown_value,
            .limit = limits.min_sources};
  }
};
template <class L>
EarningsDateAgreement(L) -> EarningsDateAgreement<L>;

struct EarningsSessionKnown {
  static constexpr RuleInfo rule{"quality.earnings_session", "DTqc004A",
                                 "session stated, uncontradicted, outside market hours", "1 = yes", Relation::at_least};
  [[nodiscard]] constexpr Measurement measure(const has_event_sources auto& c) const noexcept {
    return {.observed = c.tradeable_session ? 1.0 : 0.0, .limit = 1.0};
  }
};

}  // namespace alaris::inline v0
