// SPDX-License-Identifier: Apache-2.0
#include <alaris/execution/ledger.hpp>

#include <random>

#include "support/catch.hpp"

using namespace alaris;

namespace {
const Instant noon = *parse_instant("2024-05-02T12:00-04:00");
OptionContract call(int strike) {
  return {make_date(2024, 5, 17), *Strike::from_dollars(strike), OptionType::call};
}
ComboFill bought(int contracts, int strike, double price, const char* fees) {
  return {.order_id = "1",
          .symbol = "AAPL",
          .at = noon,
          .legs = {{call(strike), contracts, price}},
          .quantity = 1,
          .net = price,
          .net_at_mid = price,
          .fees = *Money::parse(fees)};
}
}  // namespace

TEST_CASE("a bought call costs its price times one hundred and its fees", "[execution][ledger]") {
  Ledger ledger(Money::from_dollars(10'000), noon);
  ledger.book(bought(3, 170, 2.155, "2.08055"));
  CHECK(to_string(ledger.cash()) == "9351.41945");
  CHECK(ledger.options().at({"AAPL", call(170)}) == 3);
}

TEST_CASE("an assigned short call delivers shares at the strike", "[execution][ledger]") {
  Ledger ledger(Money::from_dollars(10'000), noon);
  ledger.book(bought(-2, 170, 1.0, "0"));
  ledger.settle(noon, {"AAPL", call(170)}, true);
  CHECK(ledger.options().empty());
  CHECK(ledger.shares().at("AAPL") == -200);
  CHECK(ledger.cash() == Money::from_dollars(10'000 + 200 + 200 * 170));
  ledger.book_shares(noon, "AAPL", 200, Money::from_dollars(171), Money{});
  CHECK(ledger.shares().empty());
  CHECK(ledger.cash() == Money::from_dollars(10'000));
}

TEST_CASE("cash is the sum of its entries after any sequence of fills and settlements", "[execution][ledger]") {
  std::mt19937 random(7);  // its output is specified by the standard
  Ledger ledger(Money::from_dollars(100'000), noon);
  for (int i = 0; i < 2000; ++i) {
    const int strike = 150 + static_cast<int>(random() % 20);
    const int contracts = static_cast<int>(random() % 11) - 5;
    ledger.book(bought(contracts, strike, static_cast<double>(random() % 1000) / 100.0, "0.7196"));
    if (random() % 5 == 0 && !ledger.options().empty())
      ledger.settle(noon, OptionHolding(ledger.options().begin()->first), random() % 2 == 0);
  }
  Money sum;
  for (const CashEntry& entry : ledger.entries()) sum += entry.amount;
  CHECK(sum == ledger.cash());
  for (const auto& [holding, contracts] : ledger.options()) CHECK(contracts != 0);
}
