// SPDX-License-Identifier: Apache-2.0
#include <alaris/pricing/american_cash_dividends.hpp>
#include <alaris/pricing/american_early_exercise.hpp>

#include "support/catch.hpp"

using namespace alaris;
using Catch::Matchers::WithinAbs;

namespace {
AmericanInputs put_at(double days) {
  return {.type = OptionType::put,
          .spot = 92.0,
          .strike = 100.0,
          .years = days / 365.0,
          .rate = 0.045,
          .yield = 0.0,
          .volatility = 0.35};
}
}  // namespace

TEST_CASE("a put 8 percent in the money is exercised with a week to run and kept with nine days",
          "[pricing][american]") {
  const EarlyExercise week = put_exercise_now(put_at(7)), nine = put_exercise_now(put_at(9));
  CHECK_THAT(week.gained, WithinAbs(0.0863, 5e-5));
  CHECK_THAT(week.given_up, WithinAbs(0.0845, 5e-5));
  CHECK(week.rational());
  CHECK_THAT(nine.gained, WithinAbs(0.1109, 5e-5));
  CHECK_THAT(nine.given_up, WithinAbs(0.1554, 5e-5));
  CHECK(nine.irrational());
}

TEST_CASE("a dividend still to come makes the holder of a put wait", "[pricing][american]") {
  const CashDividend dividend{.years = 3.0 / 365.0, .amount = 0.25};
  CHECK(put_exercise_now(put_at(7)).rational());
  CHECK(put_exercise_now(put_at(7), std::span(&dividend, 1)).irrational());
}

TEST_CASE("a call is exercised before the dividend when the dividend exceeds interest and put", "[pricing][american]") {
  AmericanInputs in{.type = OptionType::call,
                    .spot = 120.0,
                    .strike = 100.0,
                    .years = 14.0 / 365.0,
                    .rate = 0.045,
                    .yield = 0.0,
                    .volatility = 0.30};
  CHECK(call_exercise_before_dividend(in, 1.0).rational());
  CHECK(call_exercise_before_dividend(in, 0.10).irrational());
  SECTION("at the money the put inside the call is worth more than the dividend") {
    in.spot = 101.0;
    CHECK(call_exercise_before_dividend(in, 1.0).irrational());
  }
  SECTION("the threshold is where the tree of cash dividends exercises too") {
    // Just before the ex-date the American call is worth its intrinsic value exactly when exercise is rational.
    for (const double amount : {0.10, 0.17, 0.18, 0.25, 1.0}) {
      const EarlyExercise decision = call_exercise_before_dividend(in, amount);
      AmericanInputs now = in;
      const CashDividend dividend{.years = 1e-9, .amount = amount};
      now.years += 1e-9;
      const double value = american_with_dividends(now, std::span(&dividend, 1)).price;
      CAPTURE(amount, value, decision.gained, decision.given_up);
      CHECK_THAT(value, WithinAbs(20.0 + std::max(decision.given_up - decision.gained, 0.0), 1e-4 * in.strike));
    }
  }
}

TEST_CASE("an unknown volatility answers neither yes nor no", "[pricing][american]") {
  AmericanInputs in = put_at(7);
  in.volatility = std::nan("");
  CHECK_FALSE(put_exercise_now(in).rational());
  CHECK_FALSE(put_exercise_now(in).irrational());
  CHECK_FALSE(call_exercise_before_dividend(in, 1.0).rational());
  CHECK_FALSE(call_exercise_before_dividend(in, 1.0).irrational());
}

TEST_CASE("nobody exercises an option that is out of the money", "[pricing][american]") {
  AmericanInputs in = put_at(7);
  CHECK(call_exercise_before_dividend(in, 5.0).irrational());
  in.spot = 101.0;
  CHECK(put_exercise_now(in).irrational());
}
