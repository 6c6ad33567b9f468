// SPDX-License-Identifier: Apache-2.0
// One program, two translation units of this text: one for every processor of the architecture, one for this machine's.
// Both link, and price and invert the same options to the same bits.
#include <cstdio>
#include <cstring>
#include <vector>

#include <alaris/numeric/random.hpp>
#include <alaris/pricing/european_batch.hpp>
#include <alaris/volatility/implied_batch.hpp>

using namespace alaris;

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
std::vector<double> JOIN(answers_, ALARIS_TARGET)(InstructionSet set);

std::vector<double> JOIN(answers_, ALARIS_TARGET)(InstructionSet set) {
  constexpr std::size_t count = 1001;
  RandomStream random(3);
  std::vector<OptionType> type;
  std::vector<double> spot, strike, years, rate, yield, volatility;
  for (std::size_t i = 0; i < count; ++i) {
    type.push_back(i % 2 == 0 ? OptionType::call : OptionType::put);
    spot.push_back(draw_uniform(random, 50, 200));
    strike.push_back(draw_uniform(random, 80, 120));
    years.push_back(draw_uniform(random, 0.01, 2));
    rate.push_back(draw_uniform(random, -0.01, 0.06));
    yield.push_back(draw_uniform(random, 0, 0.04));
    volatility.push_back(draw_uniform(random, 0.1, 1));
  }
  std::vector<double> all(7 * count);
  const auto column = [&](std::size_t k) { return std::span<double>(all).subspan(k * count, count); };
  european_greeks(EuropeanBatch{type, spot, strike, years, rate, yield, volatility},
                  {column(0), column(1), column(2), column(3), column(4), column(5)}, set);
  std::vector<VolStatus> status(count);
  const std::vector<double> ones(count, 1.0);
  implied_total_stdevs({type, column(0), spot, strike, ones}, column(6), status, set);
  return all;
}

#ifdef ALARIS_MAIN
std::vector<double> answers_native(InstructionSet set);

int main() {
  int sets = 0;
  for (const InstructionSet set : {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512}) {
    if (!runs(set)) continue;
    const std::vector<double> a = answers_generic(set), b = answers_native(set);
    if (a.size() != b.size() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) != 0) {
      std::printf("%s differs\n", name(set).data());
      return 1;
    }
    ++sets;
  }
  std::printf("%d instruction sets agree to the last bit\n", sets);
  return 0;
}
#endif
