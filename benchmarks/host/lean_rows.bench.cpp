// SPDX-License-Identifier: Apache-2.0
// What: LEAN's minute quotes from text to rows. Why: the bulk of a LEAN folder. Input: 100 000 rows of eleven fields.
#include <cstdio>
#include <string>

#include <benchmark/benchmark.h>

#include "../support/ratios.hpp"
#include "feeds/lean.hpp"

namespace {

using namespace alaris;
using namespace alaris::host;

void minute_quotes(benchmark::State& state) {
  constexpr int rows = 100'000;
  std::string text;
  for (int i = 0; i < rows; ++i) {
    char line[160];
    const int p = 1'728'500 + i % 900;
    std::snprintf(line, sizeof line, "%d,%d,%d,%d,%d,800,%d,%d,%d,%d,300\n", i * 600 % 86'400'000, p, p + 9, p - 7,
                  p + 2, p + 4, p + 12, p - 3, p + 5);
    text += line;
  }
  const auto once = lean::parse_minute_quotes(text, make_date(2024, 5, 2));
  if (!once || once->rows.size() != rows || once->rows[0].bid->open != 172.85)
    return state.SkipWithError("wrong answer");
  for (auto _ : state) {
    const auto table = lean::parse_minute_quotes(text, make_date(2024, 5, 2));
    benchmark::DoNotOptimize(table->rows.data());
  }
  state.SetItemsProcessed(state.iterations() * rows);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(minute_quotes)->Name("LEAN minute quotes, a row");

}  // namespace

int main(int argc, char** argv) {
  return bench::main(argc, argv);
}
