// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rules, and the logic that composes them. `admits` answers and stops at the first rule that decides; `assess` lets
// every rule speak. Both call the same `measure`, so they cannot disagree.

#include <concepts>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include <alaris/policy/verdict.hpp>

namespace alaris::inline v0 {

/// The only thing an author writes: static metadata and one measuring function.
template <class P, class Candidate>
concept rule_for = std::copyable<P> && requires(const P& policy, const Candidate& candidate) {
  { P::rule } -> std::convertible_to<const RuleInfo&>;
  { policy.measure(candidate) }
  noexcept->std::same_as<Measurement>;
};

template <class P, class Candidate>
concept combinator_for = std::copyable<P> && requires(const P& policy, const Candidate& candidate, Finding* out) {
  { P::size } -> std::convertible_to<std::size_t>;
  { policy.admits(candidate) }
  noexcept->std::same_as<bool>;
  { policy.record(candidate, out) }
  noexcept->std::same_as<bool>;
};

template <class P, class Candidate>
concept policy_for = rule_for<P, Candidate> || combinator_for<P, Candidate>;

namespace detail {
template <class P>
consteval std::size_t rule_count() {
  if constexpr (requires { P::size; })
    return P::size;
  else
    return 1;
}
template <class C, policy_for<C> P>
constexpr bool record(const P& policy, const C& candidate, Finding* out) noexcept {
  if constexpr (rule_for<P, C>) {
    const Measurement seen = policy.measure(candidate);
    *out = {.rule = &P::rule, .seen = seen, .excused = false};
    return satisfied(P::rule.required, seen);  // the relation is known here, where the finding would look it up
  } else {
    return policy.record(candidate, out);
  }
}
}  // namespace detail

namespace detail {
/// Asks the rules that cannot judge a candidate all the same, so that the compiler's message names the missing field.
template <class P, class C>
constexpr void name_what_is_missing();
template <class C, class... Ps>
constexpr void name_what_is_missing_in(std::type_identity<std::tuple<Ps...>>) {
  (name_what_is_missing<Ps, C>(), ...);
}
template <class P, class C>
constexpr void name_what_is_missing() {
  if constexpr (policy_for<P, C>)
    return;
  else if constexpr (requires { typename P::parts_tuple; })
    name_what_is_missing_in<C>(std::type_identity<typename P::parts_tuple>{});
  else
    static_cast<void>(sizeof(std::declval<const P&>().measure(std::declval<const C&>())));
}
}  // namespace detail

/// Fast question: stops at the first rule that decides. Ill-formed unless policy_for<P, C>, with a message that names
/// the field that a rule reads and the candidate lacks.
inline constexpr struct admits_fn {
  template <class C, class P>
  [[nodiscard]] constexpr bool operator()(const P& policy, const C& candidate) const noexcept {
    if constexpr (!policy_for<P, C>) {
      detail::name_what_is_missing<P, C>();
      return false;
    } else if constexpr (rule_for<P, C>)
      return satisfied(P::rule.required, policy.measure(candidate));
    else
      return policy.admits(candidate);
  }
} admits{};

/// Full question: every rule speaks. assess(p, c).accepted == admits(p, c) for every p and c.
inline constexpr struct assess_fn {
  template <class C, class P>
  [[nodiscard]] constexpr auto operator()(const P& policy, const C& candidate) const noexcept {
    Verdict<detail::rule_count<P>()> verdict;
    if constexpr (policy_for<P, C>)
      verdict.accepted = detail::record(policy, candidate, verdict.findings.data());
    else
      detail::name_what_is_missing<P, C>();
    return verdict;
  }
} assess{};

namespace detail {
/// `Needed` of the parts must hold.
template <std::size_t Needed, class... Ps>
class joined {
 public:
  static constexpr std::size_t size = (std::size_t{0} + ... + rule_count<Ps>());
  static constexpr std::size_t needed = Needed;
  using parts_tuple = std::tuple<Ps...>;

  constexpr joined() = default;
  constexpr explicit joined(parts_tuple parts) : parts_(std::move(parts)) {}

  [[nodiscard]] constexpr const parts_tuple& parts() const noexcept { return parts_; }

  template <class C>
  requires(policy_for<Ps, C>&&...) [[nodiscard]] constexpr bool admits(const C& candidate) const noexcept {
    return std::apply(
        [&](const Ps&... policy) {
          if constexpr (Needed == sizeof...(Ps))
            return (alaris::admits(policy, candidate) && ...);
          else if constexpr (Needed == 1)
            return (alaris::admits(policy, candidate) || ...);
          else
            return (std::size_t{0} + ... + std::size_t{alaris::admits(policy, candidate)}) >= Needed;
        },
        parts_);
  }
  template <class C>
  requires(policy_for<Ps, C>&&...) constexpr bool record(const C& candidate, Finding* out) const noexcept {
    return std::apply(
        [&](const Ps&... policy) {
          if constexpr (Needed == sizeof...(Ps)) {  // where every part holds there is nothing to excuse
            bool held = true;
            [[maybe_unused]] const auto one = [&](const auto& p) {
              held &= detail::record(p, candidate, out);
              out += rule_count<std::remove_cvref_t<decltype(p)>>();
            };
            (one(policy), ...);
            return held;
          } else {
            std::size_t holding = 0;
            Finding* const first = out;
            [[maybe_unused]] const auto one = [&](const auto& p) {
              holding += detail::record(p, candidate, out);
              out += rule_count<std::remove_cvref_t<decltype(p)>>();
            };
            (one(policy), ...);
            const bool held = holding >= Needed;
            if (held)
              for (Finding* finding = first; finding != out; ++finding) finding->excused = !finding->holds();
            return held;
          }
        },
        parts_);
  }

 private:
  [[no_unique_address]] parts_tuple parts_;
};

/// The parts as a tuple, those that are themselves a `Combinator` replaced by their own parts: nesting flattens.
template <template <class...> class Combinator, class P>
struct flattened {
  static constexpr std::tuple<P> of(P part) { return std::tuple<P>(std::move(part)); }
};
template <template <class...> class Combinator, class... Ps>
struct flattened<Combinator, Combinator<Ps...>> {
  static constexpr auto of(Combinator<Ps...> part) { return part.parts(); }
};
template <template <class...> class Combinator, class... Ps>
constexpr auto flat_tuple(Ps... parts) {
  return std::tuple_cat(flattened<Combinator, Ps>::of(std::move(parts))...);
}
template <class Tuple>
struct joined_all;
template <class... Ps>
struct joined_all<std::tuple<Ps...>> : std::type_identity<joined<sizeof...(Ps), Ps...>> {};
template <class Tuple>
struct joined_any;
template <class... Ps>
struct joined_any<std::tuple<Ps...>> : std::type_identity<joined<1, Ps...>> {};

template <template <class...> class Combinator, class... Ps>
using flat_parts = decltype(flat_tuple<Combinator>(std::declval<Ps>()...));
}  // namespace detail

/// Every part must hold. An empty list holds. An all_of among the parts is replaced by its parts.
template <class... Ps>
struct all_of : detail::joined_all<detail::flat_parts<all_of, Ps...>>::type {
  using base = typename detail::joined_all<detail::flat_parts<all_of, Ps...>>::type;
  constexpr all_of() = default;
  constexpr explicit all_of(Ps... policies) requires(sizeof...(Ps) > 0)
      : base(detail::flat_tuple<alaris::all_of>(std::move(policies)...)) {}
};
/// At least one part must hold. An empty list does not. An any_of among the parts is replaced by its parts.
template <class... Ps>
struct any_of : detail::joined_any<detail::flat_parts<any_of, Ps...>>::type {
  using base = typename detail::joined_any<detail::flat_parts<any_of, Ps...>>::type;
  constexpr any_of() = default;
  constexpr explicit any_of(Ps... policies) requires(sizeof...(Ps) > 0)
      : base(detail::flat_tuple<alaris::any_of>(std::move(policies)...)) {}
};
/// At least `Needed` parts must hold: at_least_of<2, A, B, C>.
template <std::size_t Needed, class... Ps>
struct at_least_of : detail::joined<Needed, Ps...> {
  constexpr at_least_of() = default;
  constexpr explicit at_least_of(Ps... policies) requires(sizeof...(Ps) > 0)
      : detail::joined<Needed, Ps...>(std::tuple<Ps...>(std::move(policies)...)) {}
};
template <class... Ps>
all_of(Ps...) -> all_of<Ps...>;
template <class... Ps>
any_of(Ps...) -> any_of<Ps...>;

}  // namespace alaris::inline v0
