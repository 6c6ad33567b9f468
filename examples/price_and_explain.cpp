// SPDX-License-Identifier: Apache-2.0
// What does the market expect of the next earnings report, and would the rules let me trade it?
#include <cmath>

#include <fmt/format.h>

#include <alaris/adapters/fmt.hpp>
#include <alaris/policy/pre_trade_rules.hpp>
#include <alaris/volatility/event.hpp>
#include <alaris/volatility/event_calendar.hpp>

using namespace alaris;

struct MyTrade {  // your own type: rules ask for members, not for a base class
  double iv30, rv30, vega30, round_trip_cost, expected_pnl, net_delta;
};

int main() {
  const Years<Act365> front{9.0 / 365}, back{37.0 / 365};  // both expire after the report
  const auto split = event_split(EventModel::both_after, ExpiryVolatility<Act365>{front, 0.4983974318},
                                 ExpiryVolatility<Act365>{back, 0.3713670873});
  if (!split) return 1;
  fmt::print("the report is priced as a move of {:.1f} % on a base volatility of {:.1f} %\n", 100 * split->sigma_event,
             100 * split->sigma_base);

  const EventCalendar calendar{.spot = 100,
                               .strike = 100,
                               .rate = 0.045,
                               .front = front,
                               .back = back,
                               .front_base = split->sigma_base,
                               .back_base = split->sigma_base,
                               .sigma_event = split->sigma_event};
  const EventCalendarGreeks greeks = event_calendar_greeks(calendar);
  fmt::print("the calendar costs {:.4f} and gains {:+.4f} a point of base, {:+.4f} a point of event volatility\n",
             greeks.debit, greeks.vega_base / 100, greeks.vega_event / 100);

  const MyTrade trade{.iv30 = 0.40,
                      .rv30 = 0.30,
                      .vega30 = 0.114,
                      .round_trip_cost = 23.88,
                      .expected_pnl = 100 * expected_event_pnl(calendar, {.sigma_event = 0.8 * split->sigma_event}),
                      .net_delta = greeks.delta};
  for (const Finding& finding : assess(all_of<CostSurvival<>, NetDelta<>>{}, trade).findings)
    fmt::print("{}\n", finding);
}
