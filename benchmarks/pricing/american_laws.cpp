// SPDX-License-Identifier: Apache-2.0
// A million American options over more than anybody trades, and the laws that every price must obey:
// american_laws [count] prints the worst cases and the time; its exit code is 1 when a law is broken.
//   grid   r, q in [-5 %, 15 %], volatility 1 % to 300 %, one hour to ten years, |ln(S/K)| up to 8 standard deviations
//
//   laws   a number; not below exercise; not below the European; not above the bound; rising with volatility; convex
//          in the strike
//
// Breaches are in units of the larger of spot and strike. Allowed: nothing against exercise, the rounding of the lanes
// against the European, the error of the level between two prices.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <alaris/pricing/american_batch.hpp>
#include <alaris/pricing/american_cash_dividends.hpp>
#include <alaris/pricing/american_continuous.hpp>

namespace {

using namespace alaris;

/// A point of the additive recurrence of the plastic constants: even cover of the six inputs, the same every run.
struct Points {
  static double unit(std::uint64_t n, int dimension) {
    static const double step[6] = {0.9147209, 0.8367144, 0.7653597, 0.7000900, 0.6403864, 0.5857741};
    const double x = 0.5 + static_cast<double>(n) * step[dimension];
    return x - std::floor(x);
  }
  static AmericanInputs at(std::uint64_t n) {
    AmericanInputs in{n % 2 == 0 ? OptionType::put : OptionType::call, 100.0, 100.0, 0.0, 0.0, 0.0, 0.0};
    in.years = std::pow(87600.0, unit(n, 0)) / 8760.0;
    in.rate = -0.05 + 0.2 * unit(n, 1);
    in.yield = -0.05 + 0.2 * unit(n, 2);
    in.volatility = 0.01 * std::pow(300.0, unit(n, 3));
    const double v = std::min(in.volatility * std::sqrt(in.years), 1.0);
    in.spot = 100.0 * std::exp(16.0 * (unit(n, 4) - 0.5) * v);
    return in;
  }
};

double european(const AmericanInputs& in) {
  return black_price(in.type, {.forward = in.spot * std::exp((in.rate - in.yield) * in.years),
                               .strike = in.strike,
                               .total_stdev = in.volatility * std::sqrt(in.years),
                               .discount = std::exp(-in.rate * in.years)});
}

/// The worst breach of one law, in units of the larger of spot and strike, and where.
struct Law {
  const char* name;
  double tolerance;
  double worst = 0.0;
  AmericanInputs where{};
  std::uint64_t broken = 0;
  void see(double breach, const AmericanInputs& in) {
    if (!(breach <= tolerance)) ++broken;
    if (!(breach <= worst)) {
      worst = breach;
      where = in;
    }
  }
  void print() const {
    std::printf("%-28s worst %9.2e, allowed %7.0e, broken %llu", name, worst, tolerance,
                static_cast<unsigned long long>(broken));
    if (worst > 0.0)
      std::printf("  (%s S %.6g T %.6g r %.4f q %.4f sigma %.4f)", alaris::name(where.type).data(), where.spot,
                  where.years, where.rate, where.yield, where.volatility);
    std::printf("\n");
  }
};

struct Laws {
  explicit Laws(double against_the_european) : held{"not below the European", against_the_european} {}
  Law number{"a number", 0.0}, exercise{"not below exercise", 0.0}, held, bound{"not above the bound", 1e-7},
      rising{"rising with volatility", 1e-4}, convex{"convex in the strike", 1e-4};

  void judge(const AmericanInputs& in, const double* p) {  // p: itself, volatility +5 %, strike -1 %, strike +1 %
    const double k = in.strike, unit = std::max(k, in.spot);
    const double most = in.type == OptionType::call ? in.spot * std::max(1.0, std::exp(-in.yield * in.years))
                                                    : k * std::max(1.0, std::exp(-in.rate * in.years));
    number.see(std::isfinite(p[0] + p[1] + p[2] + p[3]) ? 0.0 : 1.0, in);
    exercise.see((exercise_value(in) - p[0]) / unit, in);
    held.see((european(in) - p[0]) / unit, in);
    bound.see((p[0] - most) / unit, in);
    rising.see((p[0] - p[1]) / unit, in);
    convex.see((p[0] - 0.5 * (p[2] + p[3])) / unit, in);
  }
  [[nodiscard]] int finish() const {
    std::uint64_t broken = 0;
    for (const Law* law : {&number, &exercise, &held, &bound, &rising, &convex}) {
      law->print();
      broken += law->broken;
    }
    return broken == 0 ? 0 : 1;
  }
};

std::vector<AmericanInputs> with_neighbours(const AmericanInputs& in) {
  std::vector<AmericanInputs> all(4, in);
  all[1].volatility *= 1.05;
  all[2].strike *= 0.99;
  all[3].strike *= 1.01;
  return all;
}

template <class Price>
int run(const char* title, std::uint64_t first, std::uint64_t count, bool two_boundaries, const Price& price) {
  Laws laws(1e-14);
  const auto start = std::chrono::steady_clock::now();
  std::vector<AmericanInputs> block;
  std::vector<double> prices;
  std::uint64_t seen = 0;
  for (std::uint64_t n = first; seen < count;) {
    block.clear();
    while (block.size() < 4096 && seen + block.size() / 4 < count) {
      const AmericanInputs in = Points::at(n++);
      if ((exercise_region(in) == ExerciseRegion::two_boundaries) != two_boundaries) continue;
      for (const AmericanInputs& one : with_neighbours(in)) block.push_back(one);
    }
    prices.resize(block.size());
    price(block, prices);
    for (std::size_t i = 0; i < block.size(); i += 4) laws.judge(block[i], prices.data() + i);
    seen += block.size() / 4;
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("%s: %llu options and three neighbours each, %.1f s, %.2f us a price\n", title,
              static_cast<unsigned long long>(seen), seconds, 1e6 * seconds / (4.0 * static_cast<double>(seen)));
  return laws.finish();
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  using In = std::span<const AmericanInputs>;
  using Out = std::span<double>;
  int failed = run("one boundary or none, collocation in lanes", 1, count, false,
                   [](In in, Out out) { american_prices<FastLevel>(in, out); });
  failed |= run("two boundaries, collocation in lanes", 1, std::max<std::uint64_t>(count / 20, 10), true,
                [](In in, Out out) { american_prices<FastLevel>(in, out); });
  return failed;
}
