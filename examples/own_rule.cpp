// SPDX-License-Identifier: Apache-2.0
// How do I add a rule of my own, and judge my own order type with it beside the library's rules?
#include <fmt/format.h>

#include <alaris/adapters/fmt.hpp>
#include <alaris/policy.hpp>

struct Ticket {  // a foreign type: it knows nothing of Alaris
  double contracts, least_leg_volume, least_leg_open_interest, least_displayed_size, minutes_to_close;
};

struct EarlyEnough {  // a rule is one struct with one function
  static constexpr alaris::RuleInfo rule{"own.early_enough", "", "minutes to the close", "min",
                                         alaris::Relation::at_least};
  double least = 10;
  constexpr alaris::Measurement measure(const Ticket& t) const noexcept {
    return {.observed = t.minutes_to_close, .limit = least};
  }
};

int main() {
  using namespace alaris;
  const all_of rules{EarlyEnough{}, MaxContracts{PortfolioLimits{.max_contracts = 5}}, Liquidity<>{}};
  const Ticket ticket{.contracts = 4,
                      .least_leg_volume = 300,
                      .least_leg_open_interest = 150,
                      .least_displayed_size = 6,
                      .minutes_to_close = 5};
  fmt::print("{}\n", admits(rules, ticket) ? "send" : "keep");
  for (const Finding& finding : assess(rules, ticket).findings) fmt::print("  {}\n", finding);
}
