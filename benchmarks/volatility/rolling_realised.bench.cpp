// SPDX-License-Identifier: Apache-2.0
// What: rolling realised volatility of 65 536 bars at three windows, beside a plain loop over every window.
// Why: a scan of thousands of names and years of bars. Input: a seeded random walk with opening gaps of 0.5 %.
// The answer must agree with the single-window estimator to 1e-12 before its time counts. The row stores 48 bytes a
// bar.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <alaris/volatility/rolling_realised.hpp>

#include "../support/ratios.hpp"

namespace {

using namespace alaris;

const std::vector<Bar>& bars() {
  static const std::vector<Bar> made = [] {
    std::mt19937_64 generator(1);
    std::normal_distribution<double> normal;
    std::vector<Bar> all;
    double price = 100.0;
    for (int i = 0; i < 65536; ++i) {
      const double open = price * std::exp(0.005 * normal(generator));
      double high = open, low = open, last = open;
      for (int j = 0; j < 16; ++j) {
        last *= std::exp(0.003 * normal(generator));
        high = std::max(high, last);
        low = std::min(low, last);
      }
      all.push_back({make_date(1900, 1, 1) + std::chrono::days(i), open, high, low, last, 1e6});
      price = last;
    }
    return all;
  }();
  return made;
}

void rolling(benchmark::State& state, RealisedEstimator estimator) {
  const RealisedSettings settings{.window = static_cast<std::size_t>(state.range(0))};
  std::vector<double> out(bars().size());
  if (!rolling_realised_volatility(estimator, bars(), out, settings)) return state.SkipWithError("refused");
  for (std::size_t i = 1000; i < out.size(); i += 997) {
    const double truth = *realised_volatility(estimator, std::span(bars()).first(i + 1), settings);
    if (!(std::fabs(out[i] / truth - 1.0) < 1e-12)) return state.SkipWithError("wrong answer");
  }
  for (auto _ : state) {
    const auto refused = rolling_realised_volatility(estimator, bars(), out, settings);
    benchmark::DoNotOptimize(refused.has_value());
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}

/// The peer: every window from its bars.
void every_window(benchmark::State& state, RealisedEstimator estimator) {
  const RealisedSettings settings{.window = static_cast<std::size_t>(state.range(0))};
  const auto some = std::span(bars()).first(2048);
  for (auto _ : state)
    for (std::size_t i = settings.window; i < some.size(); ++i)
      benchmark::DoNotOptimize(*realised_volatility(estimator, some.first(i + 1), settings));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(some.size() - settings.window));
}

void register_all() {
  using enum RealisedEstimator;
  for (const RealisedEstimator estimator : {yang_zhang, parkinson, garman_klass, rogers_satchell, close_to_close}) {
    const std::string work = std::string(name(estimator)) + ", a bar";
    for (const int window : {10, 30, 252})
      benchmark::RegisterBenchmark((work + "/Alaris, window " + std::to_string(window)).c_str(), rolling, estimator)
          ->Arg(window);
  }
  benchmark::RegisterBenchmark("yang-zhang, a bar/every window anew, 30", every_window, yang_zhang)->Arg(30);
}

}  // namespace

int main(int argc, char** argv) {
  register_all();
  return bench::main(argc, argv);
}
