// SPDX-License-Identifier: Apache-2.0
#pragma once
// The report of a backtest: one HTML file that needs no network.

#include <string>
#include <utility>
#include <vector>

#include <alaris/backtest/result.hpp>
#include <alaris/backtest/summary.hpp>

namespace alaris::host {

/// What the reader must know before any figure: where the market came from and what is weak about it.
struct RunCard {
  std::string run_id;
  std::string created;                                       // ISO 8601
  std::string source;                                        // "simulated (seed 1)", "chains:DIR"
  std::vector<std::string> labels;                           // "SIMULATED", "ESTIMATED quotes", "EVENT DATE: ..."
  std::vector<std::pair<std::string, std::string>> details;  // version, compiler, hashes, period, capital, ...
};

[[nodiscard]] std::string render_report(const RunCard& card, const BacktestResult& result,
                                        const BacktestSummary& summary);

}  // namespace alaris::host
