// SPDX-License-Identifier: Apache-2.0
#include <type_traits>
#include <vector>

#include <alaris/policy/gate.hpp>

#include "policy/trade.hpp"
#include "support/catch.hpp"

using namespace alaris;
using alaris::test::Trade;
using alaris::test::unknown;

namespace {
struct Ticket {
  int id = 0;
  std::int64_t buys = 0;  // of the one contract in the book
};
struct Book {
  std::int64_t held = 0;
  RiskFigures figures{unknown, unknown, unknown, unknown};
  [[nodiscard]] std::vector<PositionLine> lines_with(const Ticket& ticket) const {
    return {{.expiry_day = 1, .strike_thousandths = 1, .held = held, .order = ticket.buys}};
  }
  [[nodiscard]] RiskFigures figures_with(const Ticket&) const { return figures; }
};
using EntryGate = Gate<all_of<MaxContracts<>, CostSurvival<>>, AlwaysRules<>>;
constexpr EntryGate gate{{}, {}};
static_assert(std::is_empty_v<EntryGate>);
static_assert(!std::is_default_constructible_v<SendableOrder<Ticket>>);
static_assert(!std::is_constructible_v<SendableOrder<Ticket>, Ticket, bool>);
static_assert(!std::is_aggregate_v<SendableOrder<Ticket>>);
}  // namespace

TEST_CASE("an order that every rule accepts is sent while trading is active and at no other time", "[policy][gate]") {
  const auto sent = gate.pass(Ticket{7, 1}, Trade{}, Trade{}, Book{}, TradingState::active);
  REQUIRE(sent.has_value());
  CHECK(sent->order().id == 7);
  CHECK_FALSE(sent->reduces_risk());
  for (const TradingState state : {TradingState::reduce_only, TradingState::halted}) {
    const auto kept = gate.pass(Ticket{7, 1}, Trade{}, Trade{}, Book{}, state);
    REQUIRE(!kept.has_value());
    CHECK(kept.error().why == NotSent::trading_state);
    CHECK(kept.error().state == state);
    CHECK(kept.error().finding.rule == nullptr);
    CHECK(kept.error().change == RiskChange::worst_case_rises);
  }
}

TEST_CASE("an order that a rule refuses names the rule", "[policy][gate]") {
  const auto kept = gate.pass(Ticket{7, 1}, Trade{.contracts = 11}, Trade{}, Book{}, TradingState::active);
  REQUIRE(!kept.has_value());
  CHECK(kept.error().why == NotSent::rule);
  CHECK(kept.error().finding.rule->name == "limit.contracts");
  CHECK(name(NotSent::rule) != name(NotSent::trading_state));
}

TEST_CASE("an order that reduces risk passes in every state against every entry rule", "[policy][gate]") {
  const Trade hopeless{.iv30 = unknown, .contracts = 99};
  for (const TradingState state : {TradingState::active, TradingState::reduce_only, TradingState::halted}) {
    const auto sent = gate.pass(Ticket{7, 2}, hopeless, Trade{}, Book{.held = -2}, state);
    REQUIRE(sent.has_value());
    CHECK(sent->reduces_risk());
  }
}

TEST_CASE("the collar and the duplicate check hold for an order that reduces risk as well", "[policy][gate]") {
  const Book book{.held = -2};
  const auto dear = gate.pass(Ticket{7, 2}, Trade{}, Trade{.limit = 9.0}, book, TradingState::active);
  REQUIRE(!dear.has_value());
  CHECK(dear.error().finding.rule->name == "order.model_collar");
  CHECK(dear.error().change == RiskChange::reduces);
  const auto twice = gate.pass(Ticket{7, 2}, Trade{}, Trade{.same_intent_alive = 1}, book, TradingState::halted);
  REQUIRE(!twice.has_value());
  CHECK(twice.error().why == NotSent::rule);
  CHECK(twice.error().finding.rule->name == "order.duplicate");
}

TEST_CASE("calling an order an exit does not make it reduce risk", "[policy][gate]") {
  // three contracts against two held: what the book says decides
  const auto kept = gate.pass(Ticket{7, 3}, Trade{}, Trade{}, Book{.held = -2}, TradingState::reduce_only);
  REQUIRE(!kept.has_value());
  CHECK(kept.error().change == RiskChange::changes_sign);
  const auto again = gate.pass(Ticket{8, 3}, Trade{}, Trade{}, Book{.held = -2}, TradingState::reduce_only);
  CHECK(kept.error() == again.error());
  CHECK_FALSE(kept.error() == gate.pass(Ticket{7, 0}, Trade{}, Trade{}, Book{}, TradingState::reduce_only).error());
}
