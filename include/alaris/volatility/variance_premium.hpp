// SPDX-License-Identifier: Apache-2.0
#pragma once
// The variance risk premium day by day: what options asked for the next month, against what the stock had just done and
// against what it then did. The last is known only a month later, and is empty until then.
// For research about a name: no rule of Alaris asks for it.
//   source   Carr & Wu, Review of Financial Studies 22(3), 2009; Bollerslev, Tauchen & Zhou, RFS 22(11), 2009

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <span>
#include <vector>

#include <alaris/market/bar.hpp>
#include <alaris/market/quote.hpp>
#include <alaris/volatility/realised.hpp>

namespace alaris::inline v0 {

/// IV30 at the close of a session, a decimal per square root of a year.
struct DatedVolatility {
  Date date;
  double volatility;
};

/// Variances per year; not_known where there is none.
struct VariancePremium {
  Date date;
  double implied;
  double realised_before;  // the window that ends on the date: known then
  double realised_after;   // the window of sessions that follows it: not known then
  [[nodiscard]] double ahead() const noexcept { return implied - realised_before; }
  [[nodiscard]] double earned() const noexcept { return implied - realised_after; }
};

/// One entry for every implied volatility. Bars sorted by date, on one share basis; a date without a bar has neither
/// realised variance. `excluded` leaves sessions out of both windows, as realised_volatility does.
template <std::predicate<Date> Excluded = NoExclusion>
[[nodiscard]] std::vector<VariancePremium> variance_premium(std::span<const DatedVolatility> implied,
                                                            std::span<const Bar> bars,
                                                            RealisedEstimator estimator = RealisedEstimator::yang_zhang,
                                                            const RealisedSettings& settings = {.window = 21},
                                                            const Excluded& excluded = {}) {
  const auto squared = [&](std::span<const Bar> upto) {
    const auto volatility = realised_volatility(estimator, upto, settings, excluded);
    return volatility ? *volatility * *volatility : not_known;
  };
  std::vector<VariancePremium> series;
  for (const DatedVolatility& day : implied) {
    VariancePremium entry{day.date, day.volatility * day.volatility, not_known, not_known};
    const auto at =
        std::lower_bound(bars.begin(), bars.end(), day.date, [](const Bar& bar, Date date) { return bar.date < date; });
    if (at != bars.end() && at->date == day.date) {
      const auto index = static_cast<std::size_t>(at - bars.begin());
      entry.realised_before = squared(bars.first(index + 1));
      std::size_t last = index, counted = 0;
      while (counted < settings.window && last + 1 < bars.size()) counted += !excluded(bars[++last].date);
      if (counted == settings.window) entry.realised_after = squared(bars.first(last + 1));
    }
    series.push_back(entry);
  }
  return series;
}

}  // namespace alaris::inline v0
