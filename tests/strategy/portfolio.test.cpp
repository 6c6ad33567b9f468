// SPDX-License-Identifier: Apache-2.0
#include <alaris/strategy/portfolio.hpp>

#include <algorithm>
#include <numeric>
#include <vector>

#include "support/catch.hpp"

using namespace alaris;
using Catch::Matchers::WithinAbs;

namespace {
const Date monday = make_date(2024, 7, 29), tuesday = make_date(2024, 7, 30);

HeldSpread held(const char* symbol, Date night, double at_risk) {
  return {.symbol = symbol,
          .last_close_before = night,
          .first_close_after = night,
          .contracts = 1,
          .capital_at_risk = at_risk,
          .outcomes = {{0.5, 0.2}, {0.5, -0.4}}};
}
double mean(const std::vector<ReturnOutcome>& outcomes) {
  return std::accumulate(outcomes.begin(), outcomes.end(), 0.0,
                         [](double sum, const ReturnOutcome& o) { return sum + o.probability * o.return_on_risk; });
}
}  // namespace

TEST_CASE("names that report the same night put their outcomes together over the account", "[strategy][portfolio]") {
  Portfolio account{.nav = 100'000};
  CHECK(account.outcomes_over(monday).empty());
  account.spreads = {held("AAA", monday, 5'000), held("BBB", monday, 10'000), held("CCC", tuesday, 50'000)};
  const auto night = account.outcomes_over(monday);
  double probability = 0.0, worst = 0.0;
  for (const ReturnOutcome& o : night) {
    probability += o.probability;
    if (o.probability > 0.0) worst = std::min(worst, o.return_on_risk);
  }
  CHECK_THAT(probability, WithinAbs(1.0, 1e-14));
  CHECK_THAT(mean(night), WithinAbs(-0.1 * 0.05 - 0.1 * 0.10, 1e-15));  // the mean is kept by the gathering
  CHECK_THAT(worst, WithinAbs(-0.4 * 0.15, 1e-15));
}

TEST_CASE("a position whose outcomes nobody knows may lose all that is at risk", "[strategy][portfolio]") {
  Portfolio account{.nav = 100'000};
  account.spreads = {held("AAA", monday, 5'000)};
  account.spreads[0].outcomes.clear();
  const auto night = account.outcomes_over(monday);
  REQUIRE(night.size() == 1);
  CHECK(night[0].probability == 1.0);
  CHECK_THAT(night[0].return_on_risk, WithinAbs(-0.05, 1e-15));
}

TEST_CASE("the more is at stake over a night the less is added to it", "[strategy][portfolio][sizing]") {
  const std::vector<ReturnOutcome> edge{{0.6, 1.0}, {0.4, -1.0}};
  Portfolio account{.nav = 100'000};
  const double alone = kelly_fraction(edge, 0.0, account.outcomes_over(monday));
  CHECK_THAT(alone, WithinAbs(0.2, 1e-9));
  account.spreads = {held("AAA", monday, 80'000)};
  account.spreads[0].outcomes = {{0.5, 1.0}, {0.5, -1.0}};
  const double beside = kelly_fraction(edge, 0.0, account.outcomes_over(monday));
  CHECK(beside > 0.0);
  CHECK(beside < 0.6 * alone);
}
