// SPDX-License-Identifier: Apache-2.0
#include <alaris/pricing/american_exercise_decision.hpp>

#include <array>

#include "support/catch.hpp"

using namespace alaris;

namespace {
AmericanInputs option(OptionType type, double spot, double days) {
  return {.type = type,
          .spot = spot,
          .strike = 100.0,
          .years = days / 365.0,
          .rate = 0.045,
          .yield = 0.0,
          .volatility = 0.35};
}
}  // namespace

TEST_CASE("an owner never exercises where even a European holder would wait", "[pricing][exercise]") {
  int exercised = 0;
  for (const double days : {1.0, 7.0, 30.0, 90.0})
    for (double spot = 50.0; spot < 100.0; spot += 1.0) {
      const AmericanInputs put = option(OptionType::put, spot, days);
      if (!exercised_now(put, {})) continue;
      ++exercised;
      CHECK(put_exercise_now(put).rational());
    }
  CHECK(exercised > 50);
}

TEST_CASE("a short put of a stock at 92 with a strike of 100 is left alone at nine days", "[pricing][exercise]") {
  CHECK_FALSE(exercised_now(option(OptionType::put, 92.0, 9), {}));
  CHECK(exercised_now(option(OptionType::put, 80.0, 9), {}));
}

TEST_CASE("the boundary and finite differences agree on who exercises a put", "[pricing][exercise]") {
  int different = 0;
  for (const double days : {3.0, 10.0, 40.0})
    for (double spot = 60.0; spot < 99.0; spot += 0.5) {
      const AmericanInputs put = option(OptionType::put, spot, days);
      // A dividend of nothing takes the other way to the same answer.
      const std::array<CashDividend, 1> nothing{CashDividend{0.5 * put.years, 1e-9}};
      different += exercised_now(put, {}) != exercised_now(put, nothing);
    }
  CHECK(different <= 3);  // one grid step beside each of the three boundaries
}

TEST_CASE("a call is exercised the evening before its share goes ex and on no other", "[pricing][exercise]") {
  const AmericanInputs call = option(OptionType::call, 115.0, 9);
  CHECK_FALSE(exercised_now(call, {}));
  const std::array<CashDividend, 1> tonight{CashDividend{0.0, 1.0}}, next_week{CashDividend{5.0 / 365.0, 1.0}};
  CHECK(exercised_now(call, tonight));
  CHECK_FALSE(exercised_now(call, next_week));
  const std::array<CashDividend, 1> a_cent{CashDividend{0.0, 0.01}};
  CHECK_FALSE(exercised_now(call, a_cent));                                 // 0.11 of interest on the strike is more
  CHECK_FALSE(exercised_now(option(OptionType::call, 101.0, 9), tonight));  // the put in it is worth more
}

TEST_CASE("a put waits for the dividend that its share is about to lose", "[pricing][exercise]") {
  const AmericanInputs put = option(OptionType::put, 80.0, 9);
  CHECK(exercised_now(put, {}));
  const std::array<CashDividend, 1> tomorrow{CashDividend{0.0, 1.0}};
  CHECK_FALSE(exercised_now(put, tomorrow));
}

TEST_CASE("nobody exercises on figures nobody knows", "[pricing][exercise]") {
  AmericanInputs put = option(OptionType::put, 80.0, 9);
  put.volatility = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(exercised_now(put, {}));
  const std::array<CashDividend, 1> unknown{CashDividend{0.0, std::numeric_limits<double>::quiet_NaN()}};
  CHECK_FALSE(exercised_now(option(OptionType::call, 115.0, 9), unknown));
}
