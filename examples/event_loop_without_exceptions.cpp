// SPDX-License-Identifier: Apache-2.0
// How does the library sit in a trading loop that has no exceptions and must not allocate? (built with -fno-exceptions
// -fno-rtti; nothing below owns memory)
#include <array>
#include <cstdio>

#include <alaris/policy.hpp>
#include <alaris/pricing/bsm_greeks.hpp>
#include <alaris/volatility/implied.hpp>

using namespace alaris;

struct Tick {
  double bid, ask, spot, volume;
};

struct Intent {  // the fields that the rules below ask for, and no others
  double net_delta, contracts, nav, cash_after;
};

int main() {
  const all_of rules{NetDelta{GammaLimits{.max_abs_delta = 0.6}}, MaxContracts{PortfolioLimits{.max_contracts = 5}},
                     CashReserve{PortfolioLimits{}}};
  const std::array ticks{Tick{3.10, 3.25, 100.0, 40}, Tick{3.60, 3.70, 101.0, 12}, Tick{0.0, 0.0, 101.0, 0},
                         Tick{12.0, 12.2, 111.0, 90}};
  const double strike = 100.0, years = 30 / 365.0;
  for (const Tick& tick : ticks) {
    const auto stdev = implied_total_stdev({OptionType::call, 0.5 * (tick.bid + tick.ask), tick.spot, strike, 1.0});
    if (!stdev) {  // an error is a value with a name
      std::printf("spot %6.2f  no volatility: %s\n", tick.spot, name(stdev.error()).data());
      continue;
    }
    const double volatility = *stdev / std::sqrt(years);
    const BsmGreeks greeks = bsm_greeks({OptionType::call, tick.spot, strike, years, 0.0, 0.0, volatility});
    const Intent intent{.net_delta = greeks.delta, .contracts = 2, .nav = 100'000, .cash_after = 60'000};
    const auto verdict = assess(rules, intent);  // an array of findings on the stack
    const Finding* refusal = verdict.first_refusal();
    std::printf("spot %6.2f  volatility %5.1f %%  delta %.3f  %s%s\n", tick.spot, 100 * volatility, greeks.delta,
                verdict ? "buy" : "refused: ", refusal ? refusal->rule->title.data() : "");
  }
}
