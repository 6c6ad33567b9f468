// SPDX-License-Identifier: Apache-2.0
#include <alaris/strategy/portfolio.hpp>
#include <alaris/strategy/sectors.hpp>

#include "support/catch.hpp"

using namespace alaris;

TEST_CASE("names of one sector and names of none count together", "[strategy][sectors]") {
  const auto table = SectorTable::parse("AAPL=technology, MSFT = technology,JPM=financials");
  REQUIRE(table);
  CHECK(table->together("AAPL", "MSFT"));
  CHECK_FALSE(table->together("AAPL", "JPM"));
  CHECK(table->together("AAPL", "ACME"));  // nobody knows what ACME moves with
  CHECK(table->together("ACME", "ACME"));
  Portfolio portfolio;
  portfolio.spreads.push_back({.symbol = "MSFT", .capital_at_risk = 100.0});
  portfolio.spreads.push_back({.symbol = "JPM", .capital_at_risk = 30.0});
  portfolio.spreads.push_back({.symbol = "ACME", .capital_at_risk = 7.0});
  CHECK(portfolio.capital_at_risk_beside("AAPL", *table) == 107.0);
  CHECK(portfolio.capital_at_risk_beside("JPM", *table) == 37.0);
  CHECK(portfolio.capital_at_risk_beside("NEW", *table) == 137.0);
}

TEST_CASE("a sector entry that cannot be read is named", "[strategy][sectors]") {
  CHECK(SectorTable::parse("").has_value());
  CHECK(SectorTable::parse("AAPL").error() == "AAPL");
  CHECK(SectorTable::parse("AAPL=technology,=x").error() == "=x");
  CHECK(SectorTable::parse("AAPL=technology,AAPL=energy").error() == "AAPL=energy");
}
