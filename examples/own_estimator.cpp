// SPDX-License-Identifier: Apache-2.0
// How do I set an estimator of my own beside the library's, on the same bars and without the same sessions?
#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include <alaris/simulation/market.hpp>
#include <alaris/volatility/realised.hpp>

using namespace alaris;

/// Median absolute return, scaled to a normal's standard deviation: one wild day cannot move it.
template <class Excluded>
double robust_volatility(std::span<const Bar> bars, std::size_t window, Excluded excluded) {
  std::vector<double> moves;
  for (std::size_t i = bars.size(); i-- > 1 && moves.size() < window;)
    if (!excluded(bars[i].date)) moves.push_back(std::fabs(std::log(bars[i].close / bars[i - 1].close)));
  const auto middle = moves.begin() + static_cast<std::ptrdiff_t>(moves.size() / 2);
  std::nth_element(moves.begin(), middle, moves.end());
  return std::sqrt(252.0) * *middle / 0.6744897501960817;
}

int main() {
  SimulationParameters parameters;  // its base volatility is known
  parameters.first_session = make_date(2018, 1, 2);
  parameters.last_session = make_date(2019, 12, 31);
  const SimulatedMarket market(parameters, {"ACME"});
  const std::span<const Bar> bars = market.bars("ACME").last(250);
  std::vector<Date> news;
  for (const SimulatedEvent& event : market.truth("ACME").events()) {
    news.push_back(event.date);
    news.push_back(event.date + std::chrono::days(1));
  }
  const ExcludeSessions without{news};
  for (const RealisedEstimator each : {RealisedEstimator::yang_zhang, RealisedEstimator::close_to_close}) {
    const auto with_news = realised_volatility(each, bars, {.window = 120});
    const auto quiet = realised_volatility(each, bars, {.window = 120}, without);
    fmt::print("{:<15} {:5.1f} %, without reports {:5.1f} %\n", name(each), 100 * with_news.value_or(std::nan("")),
               100 * quiet.value_or(std::nan("")));
  }
  fmt::print("{:<15} {:5.1f} %, without reports {:5.1f} %\n", "own, robust",
             100 * robust_volatility(bars, 120, NoExclusion{}), 100 * robust_volatility(bars, 120, without));
}
