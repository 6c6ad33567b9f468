// SPDX-License-Identifier: Apache-2.0
#pragma once
// Data quality of recorded history, day by day: which days are no sessions or repeat one, and how the rest scores.

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include <alaris/backtest/result.hpp>
#include <alaris/market/as_of.hpp>
#include <alaris/market/source.hpp>
#include <alaris/strategy/chain_quality.hpp>
#include <alaris/strategy/evaluate.hpp>

namespace alaris::inline v0 {

/// Every chain of `symbols` dated in [start, end], by symbol and date.
[[nodiscard]] inline std::vector<QualityRecord> assess_days(const RecordedMarket& market,
                                                            std::span<const std::string> symbols, Date start, Date end,
                                                            const DeskLimits& limits, const TradingCalendar& calendar) {
  std::vector<QualityRecord> days;
  for (const std::string& symbol : symbols) {
    const OptionChain* previous = nullptr;
    for (const auto& chain : market.chains(symbol)) {
      const OptionChain* before = previous;
      previous = chain.get();
      if (chain->date() < start || chain->date() > end) continue;
      QualityRecord record{.symbol = symbol, .date = chain->date()};
      const DayDefect defect = day_defect(*chain, before, calendar);
      record.defect = name(defect);
      if (defect == DayDefect::none) {
        const MarketView view(market, calendar, calendar.close(chain->date()));
        const PricedChain priced{chain.get(), view.as_of(), view.short_rate(), &calendar, before};
        record.score = judge_chain(priced, view.dividends(symbol), limits).value();
      }
      days.push_back(std::move(record));
    }
  }
  return days;
}

}  // namespace alaris::inline v0
