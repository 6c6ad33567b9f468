// SPDX-License-Identifier: Apache-2.0
// A stranger's program: prices an option and judges a trade with rules on a type of its own.
#include <cstdio>

#include <alaris/policy/pre_trade_rules.hpp>
#include <alaris/pricing/black.hpp>

struct MyOrder {
  double net_delta;
};

int main() {
  const double price = alaris::black_price(alaris::OptionType::call,
                                           {.forward = 100, .strike = 105, .total_stdev = 0.2, .discount = 0.99});
  const bool calm = alaris::admits(alaris::NetDelta<>{}, MyOrder{0.02});
  std::printf("%.6f %d\n", price, calm);
  return price > 5.8465 && price < 5.8466 && calm ? 0 : 1;
}
