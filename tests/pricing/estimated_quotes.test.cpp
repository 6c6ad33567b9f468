// SPDX-License-Identifier: Apache-2.0
#include <alaris/pricing/estimated_quotes.hpp>

#include <cmath>
#include <vector>

#include "support/catch.hpp"

using namespace alaris;

namespace {

const Date today = make_date(2026, 6, 1), expiry = make_date(2026, 6, 19);

OptionQuote stated(double strike, OptionType type, double volatility, double last = not_known) {
  return {.contract = {expiry, *Strike::from_dollars(strike), type}, .last = last, .vendor_volatility = volatility};
}

}  // namespace

TEST_CASE("an estimated call and put of one strike leave nothing to the parity trader", "[pricing][estimated]") {
  const double spot = 100.0, rate = 0.04, years = years_between(today, expiry).value;
  // The vendor's two volatilities of a strike differ by three points, as they do before a dividend.
  const OptionChain chain(today, spot,
                          {stated(95, OptionType::call, 0.43), stated(95, OptionType::put, 0.40),
                           stated(105, OptionType::call, 0.38), stated(105, OptionType::put, 0.41)});
  const OptionChain made = with_estimated_quotes(chain, rate, {});
  for (const double strike : {95.0, 105.0}) {
    const OptionQuote &call = *made.find({expiry, *Strike::from_dollars(strike), OptionType::call}),
                      &put = *made.find({expiry, *Strike::from_dollars(strike), OptionType::put});
    CHECK_THAT(mid(call) - mid(put), Catch::Matchers::WithinAbs(spot - strike * std::exp(-rate * years), 1e-12));
    const bool high = strike > spot;
    CHECK_THAT(mid(high ? call : put),
               Catch::Matchers::WithinAbs(black_price(high ? OptionType::call : OptionType::put,
                                                      {.forward = spot * std::exp(rate * years),
                                                       .strike = strike,
                                                       .total_stdev = (high ? 0.38 : 0.40) * std::sqrt(years),
                                                       .discount = std::exp(-rate * years)}),
                                          1e-12));
  }
}

TEST_CASE("a contract without a volatility is estimated from its last price, without either not at all",
          "[pricing][estimated]") {
  const OptionChain chain(today, 100.0,
                          {stated(95, OptionType::call, 0.43), stated(95, OptionType::put, not_known, 1.25),
                           stated(105, OptionType::call, 0.0, 2.5), stated(90, OptionType::put, not_known)});
  const OptionChain made = with_estimated_quotes(chain, 0.0, {});
  const auto quote = [&](double strike, OptionType type) {
    return *made.find({expiry, *Strike::from_dollars(strike), type});
  };
  CHECK(mid(quote(95, OptionType::call)) > 5.0);
  CHECK_THAT(mid(quote(95, OptionType::put)), Catch::Matchers::WithinAbs(1.25, 1e-12));  // its last price
  CHECK_THAT(mid(quote(105, OptionType::call)), Catch::Matchers::WithinAbs(2.5, 1e-12));
  CHECK_FALSE(can_buy(quote(90, OptionType::put)));
}
