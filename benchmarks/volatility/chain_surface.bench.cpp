// SPDX-License-Identifier: Apache-2.0
// What: a whole chain from quotes to forwards, smiles, base and event variance, European and American; one SVI fit.
// Why: the unit of work of a scan. Input: a simulated chain four sessions before a report, 12 expiries.
// The event's implied volatility must lie within two stated errors of the truth before the time counts.
#include <benchmark/benchmark.h>

#include <cmath>
#include <memory>
#include <vector>

#include <alaris/simulation/market.hpp>
#include <alaris/volatility/american_surface.hpp>
#include <alaris/volatility/chain_surface.hpp>

#include "../support/ratios.hpp"

namespace {

using namespace alaris;

struct Given {
  TradingCalendar calendar = TradingCalendar::nyse();
  TradingClock clock{calendar};
  std::vector<Instant> reports;
  std::shared_ptr<const OptionChain> chain;
  double sigma = 0.0;
  [[nodiscard]] SurfaceInputs inputs() const {
    return {calendar.close(chain->date()), 0.035, reports, &calendar, &clock};
  }
};

const Given& given() {
  static const Given made = [] {
    SimulationParameters parameters;
    parameters.first_session = make_date(2018, 1, 2);
    parameters.last_session = make_date(2020, 12, 31);
    const SimulatedMarket market(parameters, {"ACME"});
    const SimulationTruth truth = market.truth("ACME");
    Given g;
    for (const SimulatedEvent& event : truth.events()) g.reports.push_back(event.announced);
    Date day = truth.events()[8].date;
    for (int i = 0; i < 4; ++i) day = g.calendar.previous_session(day);
    g.chain = market.chain("ACME", day);
    g.sigma = truth.sigma_priced();
    return g;
  }();
  return made;
}

template <class Inversion>
void whole_chain(benchmark::State& state) {
  const auto run = [] {
    const auto slices = surface_slices(*given().chain, given().inputs(), Inversion{});
    const auto fit = fit_events<TradingTime>(slices);
    if (fit)
      for (const SurfaceSlice& slice : slices) benchmark::DoNotOptimize(ex_event_smile(slice, *fit).has_value());
    return fit;
  };
  const auto fit = run();
  if (!fit || std::fabs(fit->sigma_event(0).value - given().sigma) > 2.0 * fit->sigma_event(0).error)
    return state.SkipWithError("wrong answer");
  for (auto _ : state) benchmark::DoNotOptimize(run().has_value());
  state.counters["contracts"] = static_cast<double>(given().chain->quotes().size());
}

void one_svi_fit(benchmark::State& state) {
  const SviRaw truth{0.002, 0.03, -0.4, 0.02, 0.06};
  std::vector<SmileQuote> quotes;
  for (int i = 0; i < 60; ++i) quotes.push_back({-0.3 + 0.01 * i, svi_total_variance(truth, -0.3 + 0.01 * i), 1e-4});
  const auto fit = fit_svi(quotes);
  if (!fit || std::fabs(svi_total_variance(fit->svi, 0.0) - svi_total_variance(truth, 0.0)) > 1e-7)
    return state.SkipWithError("wrong answer");
  for (auto _ : state) benchmark::DoNotOptimize(fit_svi(quotes).has_value());
}

}  // namespace

BENCHMARK_TEMPLATE(whole_chain, EuropeanInversion)
    ->Name("surface of a chain/Alaris, European")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_TEMPLATE(whole_chain, AmericanInversion<>)
    ->Name("surface of a chain/American")
    ->Unit(benchmark::kMillisecond);
BENCHMARK(one_svi_fit)->Name("SVI fit of 60 quotes")->Unit(benchmark::kMicrosecond);

int main(int argc, char** argv) {
  return bench::main(argc, argv);
}
