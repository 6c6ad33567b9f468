// SPDX-License-Identifier: Apache-2.0
// What: the whole set of pre-trade, leg and portfolio rules over one prepared candidate. Why: the unit of work of the
// gate. Peers: the short answer, the full answer with every finding, the same policy behind any_policy.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <new>

#include <benchmark/benchmark.h>

#include "../../tests/policy/trade.hpp"
#include "../support/ratios.hpp"

using namespace alaris;
using alaris::test::Trade;

namespace {
std::atomic<long> allocations{0};
}
void* operator new(std::size_t size) {
  ++allocations;
  if (void* p = std::malloc(size)) return p;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept {
  std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
  std::free(p);
}

namespace {

/// The pre-trade set of the manual (section 7) with limits given at run time.
using PreTrade =
    all_of<CostSurvival<CostLimits>, GammaRisk<GammaLimits>, Liquidity<LiquidityLimits>, AssignmentRisk<LegLimits>,
           ExDividend, PinRisk<LegLimits>, Borrow<LegLimits>, StandardContract, HardToBorrow, QuietNews,
           WhatIfMargin<PortfolioLimits>, PriceCollar<OrderLimits>, DuplicateIntent, OrderRate<OrderLimits>>;
using Every = alaris::test::EveryRule;

std::array<Trade, 64> trades() {
  std::array<Trade, 64> all;
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].iv30 += 0.001 * static_cast<double>(i);
    all[i].contracts = 1 + static_cast<double>(i % 2);
  }
  return all;
}

template <class Answer>
void judge(benchmark::State& state, Answer answer) {
  const auto all = trades();
  for (const Trade& t : all)
    if (!answer(t)) return state.SkipWithError("a sound trade was refused");
  if (Trade bad{.pin_distance = 0.001}; answer(bad)) return state.SkipWithError("a pinned trade was admitted");
  std::size_t i = 0;
  const long before = allocations;
  for (auto _ : state) {
    bool admitted = answer(all[i++ % all.size()]);
    benchmark::DoNotOptimize(admitted);
  }
  const long during = allocations - before;
  state.counters["allocations"] = static_cast<double>(during);
}

template <class P>
void admit(benchmark::State& state) {
  P policy{};
  benchmark::DoNotOptimize(policy);
  judge(state, [&](const Trade& t) { return admits(policy, t); });
}
template <class P>
void explain(benchmark::State& state) {
  P policy{};
  benchmark::DoNotOptimize(policy);
  judge(state, [&](const Trade& t) {
    auto verdict = assess(policy, t);
    benchmark::DoNotOptimize(verdict);
    return verdict.accepted;
  });
}
template <class P>
void erased(benchmark::State& state) {
  const any_policy<Trade> policy{P{}};
  judge(state, [&](const Trade& t) { return policy.admits(t); });
}

}  // namespace

BENCHMARK_TEMPLATE(admit, PreTrade)->Name("pre-trade rules/Alaris, answer");
BENCHMARK_TEMPLATE(erased, PreTrade)->Name("pre-trade rules/any_policy, answer");
BENCHMARK_TEMPLATE(explain, PreTrade)->Name("pre-trade rules/every finding");
BENCHMARK_TEMPLATE(admit, Every)->Name("every rule/Alaris, answer");
BENCHMARK_TEMPLATE(explain, Every)->Name("every rule/every finding");
int main(int argc, char** argv) {
  return bench::main(argc, argv);
}
