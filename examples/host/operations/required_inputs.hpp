// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the rules of an entry need to see every day. A rule without its input would refuse everything without anybody
// noticing: a session that is asked to trade does not start before all of them are there.

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <alaris/market/any_market.hpp>
#include <alaris/market/calendar.hpp>
#include <alaris/strategy/settings.hpp>

namespace alaris::host {
namespace detail {

/// The newest bar before `today`; nothing when there is none.
[[nodiscard]] inline std::optional<Date> newest_before(std::span<const Bar> bars, Date today) {
  const auto after = std::lower_bound(bars.begin(), bars.end(), today, [](const Bar& b, Date d) { return b.date < d; });
  return after == bars.begin() ? std::nullopt : std::optional(std::prev(after)->date);
}

}  // namespace detail

/// One line for each input that a rule of these settings lacks on `today`, all of them: what, for which rule, and why.
/// A daily series may be one session late: what is missing longer comes from a feed that has ended.
[[nodiscard]] inline std::vector<std::string> missing_inputs(const AnyMarket& market,
                                                             const std::vector<std::string>& symbols,
                                                             const StrategySettings& settings, Date today,
                                                             const TradingCalendar& calendar) {
  std::vector<std::string> missing;
  const Date oldest = calendar.previous_session(calendar.previous_session(today));
  const auto series = [&](std::span<const Bar> bars, std::size_t wanted, const std::string& what,
                          std::string_view rules) {
    const auto newest = detail::newest_before(bars, today);
    const auto count = static_cast<std::size_t>(
        std::count_if(bars.begin(), bars.end(), [&](const Bar& bar) { return bar.date < today; }));
    if (!newest)
      missing.push_back(fmt::format("{} for {}: there is none", what, rules));
    else if (*newest < oldest)
      missing.push_back(fmt::format("{} for {}: the newest is of {}", what, rules, to_string(*newest)));
    else if (count < wanted)
      missing.push_back(fmt::format("{} for {}: {} days, {} are needed", what, rules, count, wanted));
  };
  series(market.vix(), 1, "closes of the VIX", "the breaker VixStress");
  const auto rates = market.rates();
  if (std::none_of(rates.begin(), rates.end(), [&](const RatePoint& point) { return point.date <= today; }))
    missing.push_back("interest rates for quality.parity and every model price: there are none");
  for (const std::string& symbol : symbols) {
    series(market.bars(symbol), settings.realised.window + 1, symbol + ": daily bars",
           "signal.iv_rv, signal.underlying_volume and quality.spot_move");
    std::set<std::string> sources;
    for (const EarningsStatement& said : market.earnings(symbol))
      if (said.source != "reported" && said.source != "derived") sources.insert(said.source);
    if (static_cast<double>(sources.size()) < settings.earnings_date.min_sources)
      missing.push_back(fmt::format("{}: sources of announcement dates for quality.earnings_date: {}, {:g} are needed",
                                    symbol, sources.size(), settings.earnings_date.min_sources));
  }
  return missing;
}

}  // namespace alaris::host
