// SPDX-License-Identifier: Apache-2.0
#include <alaris/execution/margin.hpp>

#include <vector>

#include "support/catch.hpp"

using namespace alaris;

namespace {
MarginLeg leg(unsigned month, double strike, OptionType type, std::int64_t contracts, double mark) {
  return {{make_date(2024, month, 17), *Strike::from_dollars(strike), type}, contracts, mark};
}
Money dollars(std::int64_t amount) {
  return Money::from_dollars(amount);
}
}  // namespace

TEST_CASE("a long calendar asks for its debit and nothing more", "[execution][margin]") {
  for (const OptionType type : {OptionType::call, OptionType::put}) {
    const std::vector legs{leg(5, 100, type, -3, 2.0), leg(6, 100, type, 3, 3.0)};
    CHECK(margin_requirement(legs, 0, 100.0) == Money{});
  }
}

TEST_CASE("a long leg that expires first leaves the short naked", "[execution][margin]") {
  const std::vector legs{leg(6, 100, OptionType::call, -1, 3.0), leg(5, 100, OptionType::call, 1, 2.0)};
  CHECK(margin_requirement(legs, 0, 100.0) == dollars(300 + 2000));  // its value and 20 % of the stock
  const std::vector far{leg(6, 130, OptionType::call, -1, 0.5)};
  CHECK(margin_requirement(far, 0, 100.0) == dollars(50 + 1000));  // 20 % less 30 out of the money: 10 % at least
}

TEST_CASE("a long leg at a worse strike covers for the difference", "[execution][margin]") {
  const std::vector legs{leg(5, 100, OptionType::call, -2, 2.0), leg(6, 105, OptionType::call, 2, 1.5)};
  CHECK(margin_requirement(legs, 0, 100.0) == dollars(1000));
}

TEST_CASE("stock asks for a quarter and short stock for three tenths until an option protects it",
          "[execution][margin]") {
  CHECK(margin_requirement({}, 100, 100.0) == dollars(2500));
  CHECK(margin_requirement({}, -100, 100.0) == dollars(3000));
  const std::vector call{leg(6, 102, OptionType::call, 1, 2.0)};
  CHECK(margin_requirement(call, -100, 100.0) == dollars(1020 + 200));  // 10 % of the strike and the 2 out of the money
  const std::vector put{leg(6, 100, OptionType::put, 1, 2.0)};
  CHECK(margin_requirement(put, 100, 100.0) == dollars(1000));
}

TEST_CASE("a short call against shares held asks for no more than the shares", "[execution][margin]") {
  const std::vector call{leg(6, 105, OptionType::call, -1, 2.0)};
  CHECK(margin_requirement(call, 100, 100.0) == dollars(2500));
}
