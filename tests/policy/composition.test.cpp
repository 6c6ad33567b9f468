// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <type_traits>
#include <utility>

#include "policy/trade.hpp"
#include "support/catch.hpp"

using namespace alaris;
using alaris::test::EveryRule;
using alaris::test::Trade;
using alaris::test::unknown;

namespace {
using A = MaxContracts<>;
using B = MaxNotional<>;
using C = MaxDailyLoss<>;

// nesting of the same combinator flattens: fewer nodes, same findings, same size
static_assert(policy_tree<all_of<all_of<A, B>, C>>.size() == 4);
static_assert(policy_tree<any_of<any_of<A>, any_of<B, C>>>.size() == 4);
static_assert(policy_tree<all_of<any_of<A, B>, C>>.size() == 5);
static_assert(all_of<all_of<A, all_of<B>>, C>::needed == 3 && any_of<any_of<A, B>, C>::needed == 1);
static_assert(all_of<all_of<>, A>::needed == 1);
static_assert(std::is_empty_v<all_of<all_of<A, B>, any_of<C, A>, at_least_of<2, A, B, C>>>);
static_assert(at_least_of<2, A, B, C>::needed == 2);

// composition is constant where the candidate is
constexpr Trade sound{};
static_assert(admits(A{}, sound) && admits(all_of<A, B, C>{}, sound) && assess(all_of<A, B, C>{}, sound).accepted);
static_assert(admits(all_of<>{}, sound) && !admits(any_of<>{}, sound));
static_assert(assess(all_of<>{}, sound).accepted && !assess(any_of<>{}, sound).accepted);

constexpr Trade with(bool a, bool b, bool c) {
  return {.contracts = a ? 1.0 : 11.0, .position_at_risk = b ? 1.0 : 30'000.0, .loss_today = c ? 0.0 : 20'000.0};
}
}  // namespace

TEST_CASE("a combination holds exactly as often as its parts demand", "[policy]") {
  for (int bits = 0; bits < 8; ++bits) {
    const bool a = bits & 1, b = bits & 2, c = bits & 4;
    const Trade t = with(a, b, c);
    CHECK(admits(all_of<A, B, C>{}, t) == (a && b && c));
    CHECK(admits(any_of<A, B, C>{}, t) == (a || b || c));
    CHECK(admits(at_least_of<2, A, B, C>{}, t) == (a + b + c >= 2));
    CHECK(admits(all_of<A, any_of<B, C>>{}, t) == (a && (b || c)));
    CHECK(admits(any_of<A, all_of<B, C>>{}, t) == (a || (b && c)));
    CHECK(assess(all_of<A, B, C>{}, t).accepted == (a && b && c));
    CHECK(assess(any_of<A, B, C>{}, t).accepted == (a || b || c));
    CHECK(assess(at_least_of<2, A, B, C>{}, t).accepted == (a + b + c >= 2));
    CHECK(assess(any_of<A, all_of<B, C>>{}, t).accepted == (a || (b && c)));
    CHECK(static_cast<bool>(assess(all_of<all_of<A, B>, C>{}, t)) == (a && b && c));
  }
}

TEST_CASE("a refusal that an alternative makes good is excused and a verdict names only what refuses", "[policy]") {
  const auto saved = assess(all_of<C, any_of<A, B>>{}, with(false, true, true));
  CHECK(saved.findings[1].excused);
  CHECK_FALSE(saved.findings[0].excused);
  CHECK_FALSE(saved.findings[2].excused);
  CHECK(saved.first_refusal() == nullptr);
  const auto lost = assess(all_of<C, any_of<A, B>>{}, with(false, false, true));
  CHECK_FALSE(lost.findings[1].excused);
  CHECK(lost.first_refusal() == &lost.findings[1]);
  CHECK(lost.first_refusal()->rule == &A::rule);
}

TEST_CASE("limits given at run time survive flattening in their order", "[policy]") {
  const all_of rules{all_of{MaxContracts{PortfolioLimits{.max_contracts = 1}}, B{}},
                     MaxContracts{PortfolioLimits{.max_contracts = 2}}};
  const auto verdict = assess(rules, Trade{});
  CHECK(verdict.findings.size() == 3);
  CHECK(verdict.findings[0].seen.limit == 1.0);
  CHECK(verdict.findings[2].seen.limit == 2.0);
  CHECK_FALSE(verdict.accepted);
  CHECK(verdict.first_refusal() == &verdict.findings[0]);
}

TEST_CASE("a policy chosen at run time gives the same findings as its type", "[policy]") {
  using Rules = all_of<A, any_of<B, C>>;
  for (int bits = 0; bits < 8; ++bits) {
    const Trade t = with(bits & 1, bits & 2, bits & 4);
    const any_policy<Trade> erased{Rules{}};
    const any_policy<Trade> copy = erased;
    any_policy<Trade> assigned{all_of<>{}};
    CHECK(assigned.admits(t));
    assigned = copy;
    const any_policy<Trade> moved = std::move(assigned);
    std::array<Finding, 3> findings{};
    for (const any_policy<Trade>* p : {&erased, &copy, &moved}) {
      CHECK(p->size() == 3);
      CHECK(p->tree().size() == 5);
      CHECK(p->admits(t) == admits(Rules{}, t));
      CHECK(p->assess(t, findings) == admits(Rules{}, t));
      const auto verdict = assess(Rules{}, t);
      for (std::size_t i = 0; i < 3; ++i) {
        CHECK(findings[i].rule == verdict.findings[i].rule);
        CHECK(findings[i].seen.observed == verdict.findings[i].seen.observed);
        CHECK(findings[i].excused == verdict.findings[i].excused);
      }
    }
  }
}
