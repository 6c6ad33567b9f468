// SPDX-License-Identifier: Apache-2.0
#pragma once
// May this very order be sent? Its price, whether it is already on its way, and how fast orders follow each other. The
// collar and the duplicate check hold for orders that reduce risk as well.

#include <concepts>

#include <alaris/policy/policy.hpp>

namespace alaris::inline v0 {

/// Net prices per share of the combination in the direction of the order: positive is paid, negative received.
template <class O>
concept priced_order = requires(const O& o) {
  { o.limit } -> std::convertible_to<double>;
  { o.model_value } -> std::convertible_to<double>;
  { o.natural } -> std::convertible_to<double>;  // buying at asks, selling at bids
};
template <class O>
concept has_intent = requires(const O& o) {
  { o.same_intent_alive } -> std::convertible_to<double>;  // orders working or in flight for the same intent
};
template <class O>
concept has_order_rate = requires(const O& o) {
  { o.orders_last_minute } -> std::convertible_to<double>;  // sent in the last 60 s, this one in
};

/// How far a limit may lie beyond a price: the larger of a share of the price and an amount. This project's own choice:
/// a quarter of the model's value, at least 10 cents; 30 orders a minute.
struct DefaultOrderLimits {
  static constexpr double collar_share = 0.25, collar_least = 0.10, max_orders_per_minute = 30;
};
struct OrderLimits {
  double collar_share = DefaultOrderLimits::collar_share;  // of the absolute model value
  double collar_least = DefaultOrderLimits::collar_least;  // dollars per share
  double max_orders_per_minute = DefaultOrderLimits::max_orders_per_minute;
};

namespace detail {
template <class Limits>
[[nodiscard]] constexpr double collar_width(const Limits& limits, double model_value) noexcept {
  const double share = limits.collar_share * (model_value < 0.0 ? -model_value : model_value);
  return share <= limits.collar_least ? static_cast<double>(limits.collar_least) : share;
}
}  // namespace detail

/// Nothing is paid far above what the model says it is worth, nothing sold far below.
template <class Limits = DefaultOrderLimits>
struct ModelCollar {
  static constexpr RuleInfo rule{"order.model_collar", "", "limit beyond the model's value", "USD a share",
                                 Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const priced_order auto& o) const noexcept {
    return {.observed = o.limit - o.model_value, .limit = detail::collar_width(limits, o.model_value)};
  }
};
/// A limit beyond the natural price is a marketable one: bounded by the same collar.
template <class Limits = DefaultOrderLimits>
struct NaturalCollar {
  static constexpr RuleInfo rule{"order.natural_collar", "", "limit beyond the natural price", "USD a share",
                                 Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const priced_order auto& o) const noexcept {
    return {.observed = o.limit - o.natural, .limit = detail::collar_width(limits, o.model_value)};
  }
};
struct DuplicateIntent {
  static constexpr RuleInfo rule{"order.duplicate", "", "orders alive for the same intent", "orders",
                                 Relation::at_most};
  [[nodiscard]] constexpr Measurement measure(const has_intent auto& o) const noexcept {
    return {.observed = static_cast<double>(o.same_intent_alive), .limit = 0.0};
  }
};
template <class Limits = DefaultOrderLimits>
struct OrderRate {
  static constexpr RuleInfo rule{"order.rate", "", "orders in the last minute", "orders", Relation::at_most};
  [[no_unique_address]] Limits limits{};
  [[nodiscard]] constexpr Measurement measure(const has_order_rate auto& o) const noexcept {
    return {.observed = static_cast<double>(o.orders_last_minute), .limit = limits.max_orders_per_minute};
  }
};
template <class L>
ModelCollar(L) -> ModelCollar<L>;
template <class L>
NaturalCollar(L) -> NaturalCollar<L>;
template <class L>
OrderRate(L) -> OrderRate<L>;

/// The most aggressive limit that both collars accept. An order that must trade asks for no more than this, because a
/// refused one reduces nothing. NaN where a price is not known.
template <class Limits = DefaultOrderLimits>
[[nodiscard]] constexpr double collar_edge(double model_value, double natural, const Limits& limits = {}) noexcept {
  const double width = detail::collar_width(limits, model_value);
  const double anchor = natural < model_value ? natural : model_value;
  const double unit = 0x1p-52 * ((anchor < 0.0 ? -anchor : anchor) + width);
  double edge = natural == natural ? anchor + width : natural;
  while (edge - anchor > width) edge -= unit;  // the sum was rounded up; the rules look at the difference
  return edge;
}

template <class Limits = DefaultOrderLimits>
using PriceCollar = all_of<ModelCollar<Limits>, NaturalCollar<Limits>>;
/// What every order must pass, also one that reduces risk.
template <class Limits = DefaultOrderLimits>
using AlwaysRules = all_of<ModelCollar<Limits>, NaturalCollar<Limits>, DuplicateIntent>;

}  // namespace alaris::inline v0
