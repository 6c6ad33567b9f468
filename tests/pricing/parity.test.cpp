// SPDX-License-Identifier: Apache-2.0
#include <alaris/pricing/parity.hpp>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/table.hpp"

using namespace alaris;
using alaris::test::Table;

namespace {

ParityQuotes quotes_of(const Table& table, std::size_t row) {
  const auto number = [&](const char* column) { return table.number(row, column); };
  ParityQuotes quotes{.spot_bid = number("S_bid"),
                      .spot_ask = number("S_ask"),
                      .strike = number("K"),
                      .to_expiry = {number("T")},
                      .rate = number("r"),
                      .dividend_yield = number("q"),
                      .call_bid = number("call_bid"),
                      .call_ask = number("call_ask"),
                      .put_bid = number("put_bid"),
                      .put_ask = number("put_ask")};
  for (const char* i : {"1", "2", "3"}) {
    const double t = number((std::string("t") + i).c_str()), amount = number((std::string("D") + i).c_str());
    if (t > 0.0 && t <= quotes.to_expiry.value) quotes.present_dividends += amount * std::exp(-quotes.rate * t);
  }
  return quotes;
}

void check(double value, double expected, double spot) {
  CHECK_THAT(value, Catch::WithinRel(expected, 1e-12) || Catch::WithinAbs(expected, 1e-14 * spot));
}

/// European at-the-money prices at r = 5 %, s = 30 % and no dividend, quoted one cent each way.
ParityQuotes fair(double strike, double spot = 100.0, double borrow = 0.0) {
  const double years = 0.25, stdev = 0.3 * std::sqrt(years), forward = spot * std::exp((0.05 - borrow) * years);
  const auto cdf = [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); };
  const double d1 = std::log(forward / strike) / stdev + stdev / 2, discount = std::exp(-0.05 * years);
  const double call = discount * (forward * cdf(d1) - strike * cdf(d1 - stdev)),
               put = call - discount * (forward - strike);
  return {.spot_bid = spot - 0.01,
          .spot_ask = spot + 0.01,
          .strike = strike,
          .to_expiry = {years},
          .rate = 0.05,
          .call_bid = call - 0.01,
          .call_ask = call + 0.01,
          .put_bid = put - 0.01,
          .put_ask = put + 0.01};
}

}  // namespace

TEST_CASE("European parity violations agree with the conversion and reversal oracle", "[pricing][parity]") {
  const Table oracle = test::reference_table("parity.csv");
  for (std::size_t i = 0; i < oracle.size(); ++i) {
    CAPTURE(i);
    const ParityQuotes quotes = quotes_of(oracle, i);
    const ParityBounds bounds = parity_bounds(ExerciseStyle::european, quotes);
    const double spot = oracle.number(i, "S");
    check(bounds.violation_upper, std::fmax(oracle.number(i, "conversion_profit"), 0.0), spot);
    check(bounds.violation_lower, std::fmax(oracle.number(i, "reversal_profit"), 0.0), spot);
    check(std::fmax(bounds.violation_lower, bounds.violation_upper), oracle.number(i, "violation"), spot);
    check(quotes.call_bid - quotes.put_ask - bounds.upper, oracle.number(i, "conversion_profit"), spot);
    check(bounds.lower - (quotes.call_ask - quotes.put_bid), oracle.number(i, "reversal_profit"), spot);
  }
}

TEST_CASE("American parity bounds and violations agree with their oracle", "[pricing][parity]") {
  const Table oracle = test::reference_table("parity_american.csv");
  for (std::size_t i = 0; i < oracle.size(); ++i) {
    CAPTURE(i);
    const ParityBounds bounds = parity_bounds(ExerciseStyle::american, quotes_of(oracle, i));
    const double spot = oracle.number(i, "S");
    check(bounds.lower, oracle.number(i, "lower_bound"), spot);
    check(bounds.upper, oracle.number(i, "upper_bound"), spot);
    check(bounds.violation_lower, oracle.number(i, "violation_lower"), spot);
    check(bounds.violation_upper, oracle.number(i, "violation_upper"), spot);
  }
}

TEST_CASE("fair quotes at five percent violate nothing", "[pricing][parity]") {
  for (const double strike : {80.0, 100.0, 120.0}) {
    CHECK(relative_parity_violation(ExerciseStyle::european, fair(strike)) == 0.0);
    CHECK(relative_parity_violation(ExerciseStyle::american, fair(strike)) == 0.0);
  }
}

TEST_CASE("a crossed or missing quote has no parity bounds", "[pricing][parity]") {
  ParityQuotes quotes = fair(100);
  quotes.call_bid = quotes.call_ask + 0.01;
  CHECK(std::isnan(parity_bounds(ExerciseStyle::european, quotes).lower));
  quotes = fair(100);
  quotes.put_ask = std::nan("");
  CHECK(std::isnan(parity_bounds(ExerciseStyle::american, quotes).violation_upper));
  const std::array<ParityQuotes, 1> one{quotes};
  CHECK(grade_parity(ExerciseStyle::european, one).grade == ParityGrade::bad_data);
}

TEST_CASE("a stock that costs 30 percent to borrow breaks parity at every strike and says why", "[pricing][parity]") {
  std::vector<ParityQuotes> strikes;
  for (const double strike : {90.0, 95.0, 100.0, 105.0, 110.0}) strikes.push_back(fair(strike, 100.0, 0.30));
  const ParityFinding found = grade_parity(ExerciseStyle::european, strikes);
  CHECK(found.grade == ParityGrade::hard_to_borrow);
  CHECK(found.lower_violations == 5);
  // spreads and the 2 % tolerance leave the strikes a few points of rate: T = 0.25, a tolerance of about 0.2 of 7
  // dollars
  CHECK(found.borrow > 0.25);
  CHECK(found.borrow < 0.30);
}

TEST_CASE("one strike that breaks parity is bad data and a whole rich call side is real", "[pricing][parity]") {
  std::vector<ParityQuotes> strikes;
  for (const double strike : {90.0, 95.0, 100.0, 105.0, 110.0}) strikes.push_back(fair(strike));
  CHECK(grade_parity(ExerciseStyle::european, strikes).grade == ParityGrade::consistent);
  auto stale = strikes;
  stale[2].put_bid += 3.0;
  stale[2].put_ask += 3.0;
  CHECK(grade_parity(ExerciseStyle::european, stale).grade == ParityGrade::bad_data);
  for (auto& quotes : strikes) {  // stock quoted three dollars low: calls look rich everywhere
    quotes.spot_bid -= 3.0;
    quotes.spot_ask -= 3.0;
  }
  CHECK(grade_parity(ExerciseStyle::european, strikes).grade == ParityGrade::real);
}
