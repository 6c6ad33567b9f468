// SPDX-License-Identifier: Apache-2.0
#pragma once
// A backtest result as the files of a run folder. Columns and keys are fixed in docs/formats.md.

#include <string>

#include <alaris/backtest/result.hpp>
#include <alaris/backtest/summary.hpp>

namespace alaris::host {

[[nodiscard]] std::string decisions_jsonl(const BacktestResult& result);
[[nodiscard]] std::string orders_csv(const BacktestResult& result);
[[nodiscard]] std::string fills_csv(const BacktestResult& result);
[[nodiscard]] std::string trades_csv(const BacktestResult& result);
[[nodiscard]] std::string equity_csv(const BacktestResult& result);
[[nodiscard]] std::string events_csv(const BacktestResult& result);
[[nodiscard]] std::string metrics_json(const BacktestSummary& summary);

}  // namespace alaris::host
