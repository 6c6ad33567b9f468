// SPDX-License-Identifier: Apache-2.0
#include <alaris/numeric/lanes.hpp>

#include <cmath>
#include <cstdlib>
#include <iostream>
#include <limits>

#include <alaris/numeric/random.hpp>

#include "support/catch.hpp"

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
};

void report(const char* what, InstructionSet set, double worst) {
  if (std::getenv("ALARIS_ACCURACY")) std::cout << "lanes " << name(set) << ' ' << what << ' ' << worst << " ulp\n";
}

}  // namespace

// One entry a function and set: plain pointers in and out, as every caller of the lanes has.
#if ALARIS_HAS_X86_SETS
#if defined(__clang__)
#define ENTRY(set, flags, function)                                                     \
  __attribute__((target(flags))) void set##_##function(const double* in, double* out) { \
    set::store(out, set::function(set::load(in)));                                      \
  }
#else
#define ENTRY(set, flags, function)                                             \
  [[gnu::target(flags)]] void set##_##function(const double* in, double* out) { \
    set::store(out, set::function(set::load(in)));                              \
  }
#endif
namespace {
ENTRY(baseline, "no-avx", exp)
ENTRY(baseline, "no-avx", log)
ENTRY(baseline, "no-avx", sqrt)
ENTRY(avx2, "avx2,fma,no-avx512f", exp)
ENTRY(avx2, "avx2,fma,no-avx512f", log)
ENTRY(avx2, "avx2,fma,no-avx512f", sqrt)
ENTRY(avx512, "avx2,fma,avx512f,avx512dq,avx512vl,avx512bw", exp)
ENTRY(avx512, "avx2,fma,avx512f,avx512dq,avx512vl,avx512bw", log)
ENTRY(avx512, "avx2,fma,avx512f,avx512dq,avx512vl,avx512bw", sqrt)
constexpr Functions every_set[] = {{InstructionSet::baseline, 2, baseline_exp, baseline_log, baseline_sqrt},
                                   {InstructionSet::avx2, 4, avx2_exp, avx2_log, avx2_sqrt},
                                   {InstructionSet::avx512, 8, avx512_exp, avx512_log, avx512_sqrt}};
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
constexpr Functions every_set[] = {{InstructionSet::baseline, 2, baseline_exp, baseline_log, baseline_sqrt}};
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
