// SPDX-License-Identifier: Apache-2.0
#include <alaris/execution/reconcile.hpp>

#include "support/catch.hpp"

using namespace alaris;

namespace {

const OptionContract short_leg{make_date(2026, 12, 18), *Strike::from_dollars(250.0), OptionType::call};
const OptionContract long_leg{make_date(2027, 1, 15), *Strike::from_dollars(250.0), OptionType::call};

OurBooks two_calendars() {
  OurBooks ours;
  ours.options = {{{"AAPL", short_leg}, -2}, {{"AAPL", long_leg}, 2}};
  ours.cash = Money::from_dollars(99'370);
  ours.executions = {{"e1", "AAPL"}, {"e2", "AAPL"}};
  return ours;
}
BrokerBooks the_same(const OurBooks& ours) {
  return {ours.options, ours.shares, ours.cash, ours.working_orders, ours.executions};
}
std::vector<Difference> against(const BrokerBooks& theirs, std::vector<AccountEvent> events = {}) {
  return reconcile(two_calendars(), theirs, events, Money::from_cents(1));
}

}  // namespace

TEST_CASE("books that agree block nothing", "[execution][reconcile]") {
  CHECK(against(the_same(two_calendars())).empty());
}

TEST_CASE("a question the broker did not answer blocks everything", "[execution][reconcile]") {
  const BrokerBooks silent;
  const auto differences = against(silent);
  CHECK(differences.size() == 5);
  CHECK(blocked_by(differences).blocks("MSFT"));
  BrokerBooks empty = the_same(OurBooks{});
  empty.cash = two_calendars().cash;
  const auto flat = against(empty);
  REQUIRE(flat.size() == 2);  // answered and empty: two legs differ, which is not the same
  CHECK(flat[0].kind == DifferenceKind::option_quantity);
  CHECK(blocked_by(flat).blocks("AAPL"));
  CHECK(!blocked_by(flat).blocks("MSFT"));
}

TEST_CASE("an assignment overnight is explained and the same shares without one are not", "[execution][reconcile]") {
  BrokerBooks theirs = the_same(two_calendars());
  theirs.options->erase({"AAPL", short_leg});
  (*theirs.shares)["AAPL"] = -200;
  theirs.cash = *theirs.cash + Money::from_dollars(50'000);
  const AccountEvent assignment{"AAPL", short_leg, 2, -200, Money::from_dollars(50'000)};
  CHECK(against(theirs, {assignment}).empty());
  CHECK(against(theirs).size() == 3);
}

TEST_CASE("an order or execution only one side knows blocks its symbol", "[execution][reconcile]") {
  BrokerBooks theirs = the_same(two_calendars());
  (*theirs.working_orders)["manual-1"] = "MSFT";
  (*theirs.executions)["e3"] = "NVDA";
  const auto differences = against(theirs);
  REQUIRE(differences.size() == 2);
  CHECK(differences[0].kind == DifferenceKind::order_unknown_to_us);
  CHECK(differences[1].kind == DifferenceKind::execution_not_booked);
  const Blocked blocked = blocked_by(differences);
  CHECK((blocked.blocks("MSFT") && blocked.blocks("NVDA") && !blocked.blocks("AAPL")));

  OurBooks waiting = two_calendars();
  waiting.working_orders["ours-1"] = "AAPL";
  const auto missing = reconcile(waiting, the_same(two_calendars()), {}, Money{});
  REQUIRE(missing.size() == 1);
  CHECK(missing[0].kind == DifferenceKind::order_unknown_to_them);
}

TEST_CASE("executions of earlier days that the broker no longer lists are no difference", "[execution][reconcile]") {
  BrokerBooks theirs = the_same(two_calendars());
  theirs.executions->clear();
  CHECK(against(theirs).empty());
}

TEST_CASE("a cent of interest is tolerated and two are not", "[execution][reconcile]") {
  BrokerBooks theirs = the_same(two_calendars());
  theirs.cash = *theirs.cash + Money::from_cents(1);
  CHECK(against(theirs).empty());
  theirs.cash = *theirs.cash - Money::from_cents(3);
  const auto differences = against(theirs);
  REQUIRE(differences.size() == 1);
  CHECK(differences[0].cash == -Money::from_cents(2));
  CHECK(blocked_by(differences).everything);
}
