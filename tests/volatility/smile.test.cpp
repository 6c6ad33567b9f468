// SPDX-License-Identifier: Apache-2.0
#include <alaris/volatility/smile.hpp>

#include <cmath>
#include <random>
#include <vector>

#include <alaris/volatility/ssvi.hpp>

#include "support/catch.hpp"
#include "support/table.hpp"

using namespace alaris;
using Catch::WithinAbs;
using Catch::WithinRel;

namespace {
std::vector<SmileQuote> quotes_of(const SviRaw& svi, double from, double to, int count, double error) {
  std::vector<SmileQuote> quotes;
  for (int i = 0; i < count; ++i) {
    const double k = from + (to - from) * i / (count - 1);
    quotes.push_back({k, svi_total_variance(svi, k), error});
  }
  return quotes;
}
}  // namespace

TEST_CASE("clean SVI quotes give their smile back", "[volatility][smile]") {
  const SviRaw truth = GENERATE(SviRaw{0.002, 0.03, -0.4, 0.02, 0.06}, SviRaw{0.04, 0.1, -0.5, 0.0, 0.1},
                                SviRaw{0.01, 0.05, 0.3, -0.1, 0.2}, SviRaw{0.0005, 0.02, -0.7, 0.01, 0.03});
  const auto quotes = quotes_of(truth, -0.35, 0.3, 31, 1e-4);
  const auto fit = fit_svi(quotes);
  REQUIRE(fit.has_value());
  CHECK(fit->rms < 1e-3);
  CHECK(fit->butterfly.free());
  for (const double k : {-0.3, -0.1, 0.0, 0.07, 0.25})
    CHECK_THAT(svi_total_variance(fit->svi, k), WithinAbs(svi_total_variance(truth, k), 1e-7));
}

TEST_CASE("quotes with noise are fitted to within their noise", "[volatility][smile]") {
  std::mt19937_64 generator(3);
  std::normal_distribution<double> normal;
  const SviRaw truth{0.002, 0.03, -0.4, 0.02, 0.06};
  auto quotes = quotes_of(truth, -0.3, 0.3, 61, 1e-4);
  for (auto& quote : quotes) {
    quote.error = quote.k < -0.2 || quote.k > 0.2 ? 1e-3 : 1e-4;  // wide wings
    quote.total_variance += quote.error * normal(generator);
  }
  const auto fit = fit_svi(quotes);
  REQUIRE(fit.has_value());
  CHECK_THAT(fit->rms, WithinAbs(1.0, 0.25));  // chi-square of 56 degrees: 1 +- 0.09
  CHECK_THAT(svi_total_variance(fit->svi, 0.0), WithinAbs(svi_total_variance(truth, 0.0), 1e-4));
}

TEST_CASE("a smile with butterfly arbitrage is fitted without it or refused", "[volatility][smile]") {
  const SviRaw vogt{-0.041, 0.1331, 0.306, 0.3586, 0.4153};  // the example of Axel Vogt
  const auto quotes = quotes_of(vogt, -1.0, 1.2, 45, 1e-3);
  const auto free = fit_svi(quotes);
  REQUIRE(free.has_value());
  CHECK(free->butterfly.free());
  const auto as_quoted = fit_svi(quotes, {.forbid_butterfly = false});
  REQUIRE(as_quoted.has_value());
  CHECK_FALSE(as_quoted->butterfly.free());
  CHECK(as_quoted->rms < 0.01);
  CHECK(free->rms > as_quoted->rms);
}

TEST_CASE("a later smile is kept above an earlier one that its quotes cross", "[volatility][smile]") {
  const SviRaw near{0.004, 0.03, -0.4, 0.02, 0.06};
  SviRaw dip = near;  // more at the money, but flatter wings that cross
  dip.a += 0.0008;
  dip.b = 0.0275;
  const auto quotes = quotes_of(dip, -0.3, 0.3, 31, 3e-4);
  const auto crossing = fit_svi(quotes);
  REQUIRE(crossing.has_value());
  CHECK(calendar_violation(near, crossing->svi, -0.6, 0.6) > 1e-4);
  const auto kept = fit_svi(quotes, {.not_below = near});
  REQUIRE(kept.has_value());
  CHECK(calendar_violation(near, kept->svi, -0.6, 0.6) <= 0.0);
  CHECK(kept->butterfly.free());
  SviRaw far_above = near;  // ten times the variance: nothing near the quotes can lie above it
  far_above.a += 0.04;
  CHECK_FALSE(fit_svi(quotes, {.not_below = far_above}).has_value());
}

TEST_CASE("a smile that SVI cannot follow is interpolated and says why", "[volatility][smile]") {
  std::vector<SmileQuote> w;  // the W of a stock that will jump up or down: SVI is convex
  for (int i = -10; i <= 10; ++i) w.push_back({0.02 * i, 0.01 + 0.004 * std::cos(0.6 * i), 1e-5});
  const auto smile = fit_smile(w);
  REQUIRE(smile.has_value());
  CHECK_FALSE(smile->is_svi());
  CHECK(smile->why_not_svi == SmileFault::poor_fit);
  for (const auto& quote : w) CHECK_THAT(smile->total_variance(quote.k), WithinRel(quote.total_variance, 1e-14));
  CHECK_THAT(smile->total_variance(0.5), WithinRel(w.back().total_variance, 1e-14));
  CHECK(smile->total_variance(0.01) <= w[10].total_variance);  // between its neighbours, no overshoot
  CHECK(smile->total_variance(0.01) >= w[11].total_variance);
  const auto few = fit_smile(std::span(w).first(3));
  REQUIRE(few.has_value());
  CHECK(few->why_not_svi == SmileFault::too_few_quotes);
  CHECK(fit_smile({}).error() == SmileFault::too_few_quotes);
  w[3].error = 0.0;
  CHECK(fit_smile(w).error() == SmileFault::invalid_input);
}

TEST_CASE("a surface of one skew comes back from its quotes and is free of arbitrage", "[volatility][smile]") {
  const Ssvi truth{-0.45, 0.9, 0.35};
  CHECK(free_of_static_arbitrage(truth));
  const std::vector<double> thetas{0.003, 0.008, 0.02, 0.05};
  std::vector<std::vector<SmileQuote>> quotes;
  std::vector<SsviSlice> slices;
  for (const double theta : thetas) {
    const SviRaw svi = svi_of(truth, theta);
    CHECK_THAT(svi_total_variance(svi, 0.0), WithinRel(theta, 1e-14));
    quotes.push_back(quotes_of(svi, -3 * std::sqrt(theta), 3 * std::sqrt(theta), 15, 0.01 * theta));
  }
  for (std::size_t i = 0; i < thetas.size(); ++i) slices.push_back({thetas[i], quotes[i]});
  const auto fit = fit_ssvi(slices);
  REQUIRE(fit.has_value());
  CHECK_THAT(fit->ssvi.rho, WithinAbs(truth.rho, 1e-4));
  CHECK_THAT(fit->ssvi.eta, WithinAbs(truth.eta, 1e-3));
  CHECK_THAT(fit->ssvi.gamma, WithinAbs(truth.gamma, 1e-3));
  for (std::size_t i = 0; i < thetas.size(); ++i) {
    CHECK(check_butterfly(svi_of(fit->ssvi, thetas[i]), -2, 2, 401).free());
    if (i > 0) CHECK(calendar_violation(svi_of(fit->ssvi, thetas[i - 1]), svi_of(fit->ssvi, thetas[i])) <= 0.0);
  }
  std::swap(slices[0], slices[1]);
  CHECK(fit_ssvi(slices).error() == SmileFault::invalid_input);
}
