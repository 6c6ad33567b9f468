// SPDX-License-Identifier: Apache-2.0
#pragma once
// A backtest result as the files of a run folder. Columns and keys are fixed in docs/formats.md.

#include <span>
#include <string>

#include <alaris/backtest/result.hpp>
#include <alaris/backtest/review.hpp>
#include <alaris/backtest/summary.hpp>

#include "store/look_ahead.hpp"
#include "store/tried_variants.hpp"

namespace alaris::host {

[[nodiscard]] std::string decisions_jsonl(const BacktestResult& result);
[[nodiscard]] std::string orders_csv(const BacktestResult& result);
[[nodiscard]] std::string fills_csv(const BacktestResult& result);
[[nodiscard]] std::string trades_csv(const BacktestResult& result, std::span<const TradeExplanation> explained);
[[nodiscard]] std::string equity_csv(const BacktestResult& result);
/// Greeks and what is at risk at the close of every session with an open trade: each trade, then the whole portfolio.
[[nodiscard]] std::string greeks_csv(const BacktestResult& result, std::span<const TradeExplanation> explained);
[[nodiscard]] std::string events_csv(const BacktestResult& result);
[[nodiscard]] std::string metrics_json(const BacktestResult& result, const BacktestSummary& summary,
                                       const BacktestReview& review, const LookAheadCheck& look_ahead,
                                       const TriedVariants& tried = {});

}  // namespace alaris::host
