// SPDX-License-Identifier: Apache-2.0
// What: a session's chain from its block in the store. Why: a year of one name is 250 of them, read before a run
// begins. Input: 2 500 contracts, prices in cents, whole volumes, volatilities with four digits.
#include <random>

#include <benchmark/benchmark.h>

#include "../support/ratios.hpp"
#include "store/chain_block.hpp"

namespace {

using namespace alaris;
using namespace alaris::host;

OptionChain one_session() {
  std::mt19937 random(11);
  std::vector<OptionQuote> quotes;
  for (int expiry = 0; expiry < 25; ++expiry)
    for (int strike = 0; strike < 50; ++strike)
      for (const OptionType type : {OptionType::put, OptionType::call}) {
        const double mid = 0.05 * std::abs(25 - strike) + 0.03 * expiry + 0.01 * static_cast<double>(random() % 50);
        OptionQuote quote{.contract = {make_date(2024, 5, 3) + std::chrono::days(7 * expiry),
                                       Strike::from_thousandths(100'000 + 2500 * strike), type}};
        quote.bid = std::nearbyint(100.0 * mid) / 100.0;
        quote.ask = std::nearbyint(100.0 * mid + 5.0) / 100.0;
        quote.last = quote.bid;
        quote.volume = static_cast<double>(random() % 3000);
        quote.open_interest = static_cast<double>(random() % 20000);
        quote.vendor_volatility = std::nearbyint(3000.0 + static_cast<double>(random() % 900)) / 10000.0;
        quotes.push_back(quote);
      }
  return OptionChain(make_date(2024, 5, 2), 160.0, std::move(quotes));
}

void read_block(benchmark::State& state) {
  const OptionChain chain = one_session();
  const ChainBlock block = pack_chain(chain);
  const auto back = unpack_chain(block.bytes);
  if (!back || back->size() != chain.quotes().size() || (*back)[77].bid != chain.quotes()[77].bid)
    return state.SkipWithError("wrong answer");
  for (auto _ : state) {
    auto quotes = unpack_chain(block.bytes);
    benchmark::DoNotOptimize(quotes);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(chain.quotes().size()));
  state.counters["bytes/row"] = static_cast<double>(block.bytes.size()) / static_cast<double>(chain.quotes().size());
}
BENCHMARK(read_block)->Name("stored chain/Alaris, read");

void read_chain(benchmark::State& state) {
  const OptionChain chain = one_session();
  const ChainBlock block = pack_chain(chain);
  for (auto _ : state) {
    auto quotes = unpack_chain(block.bytes);
    const OptionChain whole(chain.date(), chain.spot(), std::move(*quotes));
    benchmark::DoNotOptimize(whole.expiries().data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(chain.quotes().size()));
}
BENCHMARK(read_chain)->Name("stored chain/read and indexed");

void write_block(benchmark::State& state) {
  const OptionChain chain = one_session();
  for (auto _ : state) {
    const ChainBlock block = pack_chain(chain);
    benchmark::DoNotOptimize(block.bytes.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(chain.quotes().size()));
}
BENCHMARK(write_block)->Name("stored chain/written");

}  // namespace

int main(int argc, char** argv) {
  return bench::main(argc, argv);
}
