// SPDX-License-Identifier: Apache-2.0
#include <alaris/execution/fill_model.hpp>

#include "support/catch.hpp"

using namespace alaris;

namespace {
const Instant at_close = *parse_instant("2024-05-02T16:00-04:00");
OptionContract call(unsigned day) {
  return {make_date(2024, 5, day), *Strike::from_dollars(100), OptionType::call};
}
OptionChain chain(double front_bid, double front_ask) {
  return OptionChain(
      make_date(2024, 5, 2), 100.0,
      {{.contract = call(10), .bid = front_bid, .ask = front_ask}, {.contract = call(31), .bid = 3.00, .ask = 3.20}});
}
ComboOrder calendar(double limit) {
  return {.id = "1", .symbol = "AAPL", .legs = {{call(10), -1}, {call(31), +1}}, .quantity = 2, .limit = limit};
}
}  // namespace

TEST_CASE("at the touch a calendar pays the back ask and receives the front bid", "[execution][fill]") {
  const auto fill = fill_against(calendar(1.25), chain(2.00, 2.10), at_close, {.model = FillModel::touch});
  REQUIRE(fill);
  CHECK_THAT(fill->net, Catch::WithinULP(1.20, 4));
  CHECK_THAT(fill->net_at_mid, Catch::WithinULP(1.05, 4));
  CHECK(fill->legs[0].contracts == -2);
  CHECK_THAT(fill->legs[0].price, Catch::WithinULP(2.00, 4));
  CHECK_THAT(fill->legs[1].price, Catch::WithinULP(3.20, 4));
}

TEST_CASE("a limit below the natural price does not fill at the touch but may at mid", "[execution][fill]") {
  CHECK(fill_against(calendar(1.10), chain(2.00, 2.10), at_close, {.model = FillModel::touch}).error() ==
        NoFill::beyond_limit);
  CHECK(fill_against(calendar(1.10), chain(2.00, 2.10), at_close, {.model = FillModel::mid}).has_value());
}

TEST_CASE("a missing or one-sided quote never fills", "[execution][fill]") {
  const FillModel model = GENERATE(FillModel::touch, FillModel::model, FillModel::mid);
  CHECK(fill_against(calendar(9), chain(not_known, 2.10), at_close, {.model = model}).error() == NoFill::one_sided);
  CHECK(fill_against(calendar(9), chain(0.0, 2.10), at_close, {.model = model}).error() ==
        NoFill::one_sided);  // sold leg
  CHECK(fill_against(calendar(9), chain(2.20, 2.10), at_close, {.model = model}).error() == NoFill::one_sided);
  ComboOrder other = calendar(9);
  other.legs[0].contract.expiry = make_date(2024, 5, 17);
  CHECK(fill_against(other, chain(2.00, 2.10), at_close, {.model = model}).error() == NoFill::not_quoted);
}

TEST_CASE("a worthless short is bought back at its ask although nobody bids for it", "[execution][fill]") {
  const ComboOrder exit{
      .id = "2", .symbol = "AAPL", .legs = {{call(10), +1}, {call(31), -1}}, .quantity = 1, .limit = 0.0};
  const auto fill = fill_against(exit, chain(0.0, 0.05), at_close, {.model = FillModel::touch});
  REQUIRE(fill);
  CHECK_THAT(fill->net, Catch::WithinULP(0.05 - 3.00, 4));
}
