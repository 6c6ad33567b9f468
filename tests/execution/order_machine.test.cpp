// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <vector>

#include <alaris/execution/order_machine.hpp>
#include <alaris/numeric/random.hpp>

#include "support/catch.hpp"

using namespace alaris;

namespace {

const OptionContract front{make_date(2024, 5, 10), *Strike::from_dollars(100), OptionType::call};
const OptionContract back{make_date(2024, 6, 7), *Strike::from_dollars(100), OptionType::call};

ComboOrder two_calendars() {
  return {.id = "ACME-entry",
          .symbol = "ACME",
          .legs = {{front, -1}, {back, +1}},
          .quantity = 2,
          .limit = 1.30,
          .purpose = OrderPurpose::entry};
}

LegExecution execution(const char* id, const OptionContract& contract, int contracts, int cents) {
  return {.id = id, .contract = contract, .contracts = contracts, .price = Money::from_cents(cents), .at = Instant{}};
}

/// A fill of both units, one leg corrected in price, with commissions: everything a broker may say about it.
std::vector<OrderEvent> full_story() {
  return {Acknowledged{0},
          Acknowledged{1},
          Acknowledged{2},
          execution("a.1.01", front, -1, 200),
          execution("b.1.01", back, 1, 325),
          execution("c.1.01", front, -1, 200),
          execution("d.1.01", back, 1, 326),
          execution("d.1.02", back, 1, 324),
          ExecutionCommission{"a.1.01", Money::from_cents(65)},
          ExecutionCommission{"b.1.01", Money::from_cents(64)},
          ExecutionCommission{"c.1.01", Money::from_cents(63)},
          ExecutionCommission{"d.1.01", Money::from_cents(62)},
          ExecutionCommission{"d.1.02", Money::from_cents(61)}};
}

struct Books {
  std::map<OptionContract, int> contracts;
  Money cash{}, fees{};
  void add(const std::vector<Booking>& bookings) {
    for (const Booking& b : bookings) {
      if (b.contracts != 0) contracts[b.contract] += b.contracts;
      cash += b.cash;
      fees += b.fees;
    }
  }
};

}  // namespace

TEST_CASE("an order goes from intent through acknowledgement to filled", "[execution][order]") {
  OrderMachine order(two_calendars());
  CHECK(order.phase() == OrderPhase::intent);
  order.apply(WrittenToBroker{});
  CHECK(order.phase() == OrderPhase::submitted);
  order.apply(Acknowledged{});
  CHECK(order.phase() == OrderPhase::acknowledged);
  order.apply(execution("a.1.01", front, -1, 200));
  CHECK(order.phase() == OrderPhase::partially_filled);
  CHECK(order.filled_units() == 0);
  CHECK_FALSE(order.balanced());
  order.apply(execution("b.1.01", back, 1, 325));
  CHECK(order.filled_units() == 1);
  CHECK(order.balanced());
  order.apply(execution("c.1.01", front, -1, 200));
  order.apply(execution("d.1.01", back, 1, 325));
  CHECK(order.phase() == OrderPhase::filled);
  CHECK(order.cash() == -Money::from_dollars(250));
}

TEST_CASE("every permutation and repetition of the broker's words ends in the same state and books",
          "[execution][order][law]") {
  RandomStream random(20240510);
  const std::vector<OrderEvent> story = full_story();
  for (int trial = 0; trial < 20'000; ++trial) {
    std::vector<OrderEvent> told = story;
    for (int copies = static_cast<int>(draw_uniform(random) * 8); copies > 0; --copies)
      told.push_back(story[static_cast<std::size_t>(draw_uniform(random) * static_cast<double>(story.size()))]);
    for (std::size_t i = told.size(); i > 1; --i)
      std::swap(told[i - 1], told[static_cast<std::size_t>(draw_uniform(random) * static_cast<double>(i))]);
    OrderMachine order(two_calendars());
    order.apply(WrittenToBroker{});
    Books books;
    for (const OrderEvent& event : told) books.add(order.apply(event));
    REQUIRE(order.phase() == OrderPhase::filled);
    REQUIRE(order.fees() == Money::from_cents(65 + 64 + 63 + 61));  // the corrected execution's commission replaces
    REQUIRE(order.cash() == Money::from_cents(100 * (200 + 200 - 325 - 324)));
    REQUIRE(books.cash == order.cash());
    REQUIRE(books.fees == order.fees());
    REQUIRE(books.contracts == std::map<OptionContract, int>{{front, -2}, {back, 2}});
    REQUIRE(order.commissions_missing() == 0);
    REQUIRE_FALSE(order.executions_missing());
  }
}

TEST_CASE("an order cut off before its answer is unknown until the broker was asked everywhere", "[execution][order]") {
  OrderMachine order(two_calendars());
  SECTION("never written: nothing can have arrived") {
    order.apply(ConnectionEnded{});
    CHECK(order.phase() == OrderPhase::intent);
  }
  order.apply(WrittenToBroker{});
  order.apply(ConnectionEnded{});
  SECTION("found working") {
    CHECK(order.phase() == OrderPhase::unknown);
    order.apply(Acknowledged{});
    CHECK(order.phase() == OrderPhase::acknowledged);
  }
  SECTION("found in the executions alone") {
    order.apply(execution("a.1.01", front, -1, 200));
    CHECK(order.phase() == OrderPhase::partially_filled);
  }
  SECTION("found nowhere, then heard of after all") {
    order.apply(NotFoundAtBroker{});
    CHECK(order.phase() == OrderPhase::lost);
    CHECK(ended(order.phase()));
    order.apply(Acknowledged{});
    CHECK(order.phase() == OrderPhase::acknowledged);
  }
}

TEST_CASE("not being found proves nothing about an order whose answer was not in doubt", "[execution][order]") {
  OrderMachine order(two_calendars());
  order.apply(WrittenToBroker{});
  order.apply(NotFoundAtBroker{});
  CHECK(order.phase() == OrderPhase::submitted);
}

TEST_CASE("a late execution after the cancellation is booked and can complete the order", "[execution][order]") {
  OrderMachine order(two_calendars());
  order.apply(WrittenToBroker{});
  order.apply(CancelRequested{});
  order.apply(CancelledByBroker{});
  CHECK(order.phase() == OrderPhase::cancelled);
  CHECK_FALSE(order.failed());
  CHECK(order.apply(execution("a.1.01", front, -2, 200)).size() == 1);
  CHECK(order.phase() == OrderPhase::cancelled);
  CHECK(order.unbalanced_since());
  order.apply(execution("b.1.01", back, 2, 325));
  CHECK(order.phase() == OrderPhase::filled);
}

TEST_CASE("a rejection and a cancellation nobody asked for are failures of execution", "[execution][order]") {
  OrderMachine rejected(two_calendars());
  rejected.apply(WrittenToBroker{});
  rejected.apply(RejectedByBroker{"no permission"});
  CHECK(rejected.phase() == OrderPhase::rejected);
  CHECK(rejected.failed());
  CHECK(rejected.rejection() == "no permission");
  OrderMachine cancelled(two_calendars());
  cancelled.apply(WrittenToBroker{});
  cancelled.apply(CancelledByBroker{});
  CHECK(cancelled.failed());
}

TEST_CASE("units that were reported but not executed in our books ask for the executions", "[execution][order]") {
  OrderMachine order(two_calendars());
  order.apply(WrittenToBroker{});
  order.apply(Acknowledged{1});
  CHECK(order.executions_missing());
  order.apply(execution("a.1.01", front, -1, 200));
  order.apply(execution("b.1.01", back, 1, 325));
  CHECK_FALSE(order.executions_missing());
  CHECK(order.commissions_missing() == 2);
}

TEST_CASE("an execution of a contract that is no leg is shown and never counted", "[execution][order]") {
  OrderMachine order(two_calendars());
  const OptionContract other{front.expiry, *Strike::from_dollars(105), OptionType::put};
  CHECK(order.apply(execution("x.1.01", other, 1, 100)).empty());
  CHECK(order.apply(execution("x.1.01", other, 1, 100)).empty());
  CHECK(order.strangers().size() == 1);
  CHECK(order.phase() == OrderPhase::intent);
}

TEST_CASE("the last dotted part of an execution id is its revision", "[execution][order]") {
  CHECK(split_revision("0000e0d5.65a1.01.02") == std::pair<std::string_view, int>("0000e0d5.65a1.01", 2));
  CHECK(split_revision("plain") == std::pair<std::string_view, int>("plain", 0));
  CHECK(split_revision("a.b.x1") == std::pair<std::string_view, int>("a.b.x1", 0));
  CHECK(split_revision("a.") == std::pair<std::string_view, int>("a.", 0));
}
