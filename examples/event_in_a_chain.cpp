// SPDX-License-Identifier: Apache-2.0
// How much of a chain's volatility is the next report, and what is left when it is over?
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include <alaris/simulation/market.hpp>
#include <alaris/volatility/american_surface.hpp>
#include <alaris/volatility/chain_surface.hpp>
#include <alaris/volatility/event.hpp>

using namespace alaris;

int main() {
  SimulationParameters parameters;  // a market whose truth is known, so that the answer can be checked
  parameters.first_session = make_date(2018, 1, 2);
  parameters.last_session = make_date(2020, 12, 31);
  const SimulatedMarket market(parameters, {"ACME"});
  const SimulationTruth truth = market.truth("ACME");
  const SimulatedEvent& report = truth.events()[8];
  const TradingCalendar calendar = TradingCalendar::nyse();
  const TradingClock clock(calendar);
  Date day = report.date;
  for (int i = 0; i < 4; ++i) day = calendar.previous_session(day);

  std::vector<Instant> reports;
  for (const SimulatedEvent& event : truth.events()) reports.push_back(event.announced);
  const auto slices = surface_slices(*market.chain("ACME", day),
                                     {calendar.close(day), 0.035, reports, &calendar, &clock}, AmericanInversion<>{});
  const auto fit = fit_events<TradingTime>(slices);
  if (!fit) return 1;
  const Estimate sigma = fit->sigma_event(0);
  fmt::print("{}: the report of {} is priced as {:.2f} +- {:.2f} % (truth {:.2f} %), an average move of {:.1f} %\n\n",
             to_string(day), to_string(report.date), 100 * sigma.value, 100 * sigma.error, 100 * truth.sigma_priced(),
             100 * expected_abs_move(sigma.value));
  fmt::print("expiry      reports       IV  without  falls by\n");
  for (const SurfaceSlice& slice : slices) {
    const double base = std::sqrt(fit->base_total_variance(slice.diffusion) / slice.to_expiry.value);
    const double crush = fit->crush(slice.diffusion, slice.events_before, slice.to_expiry);
    fmt::print("{}  {:>7}  {:>5.1f} %  {:>5.1f} %  {:>8.1f}\n", to_string(slice.expiry), slice.events_before,
               100 * std::sqrt(slice.atm_total_variance / slice.to_expiry.value), 100 * base, 100 * crush);
  }
}
