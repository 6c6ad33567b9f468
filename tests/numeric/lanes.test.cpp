// SPDX-License-Identifier: Apache-2.0
#include <alaris/numeric/lanes.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <limits>

#include <alaris/numeric/random.hpp>

#include "support/catch.hpp"
#include "support/table.hpp"

using namespace alaris;

namespace {

constexpr int cases = 200'000;

double ulp(double x) {
  return std::nextafter(std::fabs(x), std::numeric_limits<double>::infinity()) - std::fabs(x);
}

/// The functions of one instruction set over plain arrays.
struct Functions {
  InstructionSet set;
  std::size_t lanes;
  void (*exp)(const double*, double*);
  void (*log)(const double*, double*);
  void (*root)(const double*, double*);
  void (*mills)(const double*, double*);
};

void report(const char* what, InstructionSet set, double worst) {
  if (std::getenv("ALARIS_ACCURACY")) std::cout << "lanes " << name(set) << ' ' << what << ' ' << worst << " ulp\n";
}

}  // namespace

// One entry a function and set: plain pointers in and out, as every caller of the lanes has.
#if ALARIS_HAS_X86_SETS
#define ENTRY(set, flags, function)                                                     \
  __attribute__((target(flags))) void set##_##function(const double* in, double* out) { \
    set::store(out, set::function(set::load(in)));                                      \
  }
#define MILLS(set, flags)                                                          \
  __attribute__((target(flags))) void set##_mills(const double* in, double* out) { \
    const set::MillsRatio ratio = set::mills_ratio(set::load(in));                 \
    set::store(out, ratio.top / ratio.bottom);                                     \
  }
namespace {
ENTRY(baseline, "no-avx", exp)
MILLS(baseline, "no-avx")
MILLS(avx2, "avx2,fma,no-avx512f")
MILLS(avx512, "avx2,fma,avx512f,avx512dq,avx512vl,avx512bw")
ENTRY(baseline, "no-avx", log)
ENTRY(baseline, "no-avx", sqrt)
ENTRY(avx2, "avx2,fma,no-avx512f", exp)
ENTRY(avx2, "avx2,fma,no-avx512f", log)
ENTRY(avx2, "avx2,fma,no-avx512f", sqrt)
ENTRY(avx512, "avx2,fma,avx512f,avx512dq,avx512vl,avx512bw", exp)
ENTRY(avx512, "avx2,fma,avx512f,avx512dq,avx512vl,avx512bw", log)
ENTRY(avx512, "avx2,fma,avx512f,avx512dq,avx512vl,avx512bw", sqrt)
constexpr Functions every_set[] = {
    {InstructionSet::baseline, 2, baseline_exp, baseline_log, baseline_sqrt, baseline_mills},
    {InstructionSet::avx2, 4, avx2_exp, avx2_log, avx2_sqrt, avx2_mills},
    {InstructionSet::avx512, 8, avx512_exp, avx512_log, avx512_sqrt, avx512_mills}};
}  // namespace
#else
namespace {
void baseline_exp(const double* in, double* out) {
  baseline::store(out, baseline::exp(baseline::load(in)));
}
void baseline_log(const double* in, double* out) {
  baseline::store(out, baseline::log(baseline::load(in)));
}
void baseline_sqrt(const double* in, double* out) {
  baseline::store(out, baseline::sqrt(baseline::load(in)));
}
void baseline_mills(const double* in, double* out) {
  const baseline::MillsRatio ratio = baseline::mills_ratio(baseline::load(in));
  baseline::store(out, ratio.top / ratio.bottom);
}
constexpr Functions every_set[] = {
    {InstructionSet::baseline, 2, baseline_exp, baseline_log, baseline_sqrt, baseline_mills}};
}  // namespace
#endif

TEST_CASE("the exponential of a register is right to two units in the last place", "[numeric][lanes][accuracy]") {
  for (const Functions& f : every_set) {
    if (!runs(f.set)) continue;
    RandomStream random(1);
    double worst = 0.0, in[8], out[8];
    for (int i = 0; i < cases; ++i) {
      for (std::size_t lane = 0; lane < f.lanes; ++lane)
        in[lane] = i % 2 ? draw_uniform(random, -700, 700) : draw_uniform(random, -2, 2);
      f.exp(in, out);
      for (std::size_t lane = 0; lane < f.lanes; ++lane) {
        const long double truth = std::exp(static_cast<long double>(in[lane]));
        worst = std::max(worst, static_cast<double>(std::fabs(static_cast<long double>(out[lane]) - truth)) /
                                    ulp(static_cast<double>(truth)));
      }
    }
    report("exp", f.set, worst);
    CHECK(worst < 2.0);
  }
}

TEST_CASE("the logarithm of a register is right to two units in the last place", "[numeric][lanes][accuracy]") {
  for (const Functions& f : every_set) {
    if (!runs(f.set)) continue;
    RandomStream random(2);
    double worst = 0.0, in[8], out[8];
    for (int i = 0; i < cases; ++i) {
      for (std::size_t lane = 0; lane < f.lanes; ++lane)
        in[lane] = i % 2 ? std::exp(draw_uniform(random, -700, 700)) : draw_uniform(random, 0.4, 2.5);
      f.log(in, out);
      for (std::size_t lane = 0; lane < f.lanes; ++lane) {
        const long double truth = std::log(static_cast<long double>(in[lane]));
        worst = std::max(worst, static_cast<double>(std::fabs(static_cast<long double>(out[lane]) - truth)) /
                                    ulp(static_cast<double>(truth)));
      }
    }
    report("log", f.set, worst);
    CHECK(worst < 2.0);
  }
}

TEST_CASE("the Mills ratio of a register is right to five units in the last place", "[numeric][lanes][accuracy]") {
  const test::Table table = test::reference_table("normal.csv");
  for (const Functions& f : every_set) {
    if (!runs(f.set)) continue;
    double worst = 0.0;
    for (std::size_t row = 0; row < table.size(); ++row) {
      const double x = table.number(row, "x"), truth = table.number(row, "mills");
      if (x > 37.0) continue;
      double in[8], out[8];
      std::fill_n(in, 8, x);
      f.mills(in, out);
      worst = std::max(worst, std::fabs(out[0] - truth) / ulp(truth));
    }
    report("Mills ratio", f.set, worst);
    // The fit is off by 0.8 ulp; each polynomial, all of whose terms are positive, and the quotient round.
    CHECK(worst < 5.0);
  }
}

TEST_CASE("the square root of a register is correctly rounded", "[numeric][lanes]") {
  for (const Functions& f : every_set) {
    if (!runs(f.set)) continue;
    RandomStream random(3);
    double in[8], out[8];
    for (int i = 0; i < cases; ++i) {
      for (std::size_t lane = 0; lane < f.lanes; ++lane) in[lane] = std::exp(draw_uniform(random, -700, 700));
      f.root(in, out);
      for (std::size_t lane = 0; lane < f.lanes; ++lane) REQUIRE(out[lane] == std::sqrt(in[lane]));
    }
  }
}
