// SPDX-License-Identifier: Apache-2.0
#pragma once
// The report of a backtest: one HTML file that needs no network. Every figure that metrics.json holds carries its name
// there (data-metric), so that the two can be compared.

#include <string>
#include <utility>
#include <vector>

#include <alaris/backtest/result.hpp>
#include <alaris/backtest/review.hpp>
#include <alaris/backtest/summary.hpp>

#include "store/look_ahead.hpp"
#include "store/tried_variants.hpp"

namespace alaris::host {

/// What the reader must know before any figure: where the market came from and what is weak about it.
struct RunCard {
  std::string run_id;
  std::string created;                                       // ISO 8601
  std::string source;                                        // "simulated (seed 1)", "chains:DIR"
  std::vector<std::string> labels;                           // "SIMULATED", "ESTIMATED quotes", "EVENT DATE: ..."
  std::vector<std::pair<std::string, std::string>> details;  // version, compiler, hashes, period, capital, ...
};

/// The limits that the report draws beside what was measured.
struct ReportLimits {
  double net_delta = 0.0;       // shares, per spread and share
  double event_loss_nav = 0.0;  // share of net asset value
  double stress_nav = 0.0;
  double event_night_nav = 0.0;  // capital at risk over one night
};

/// Everything a report shows; all of it must outlive the call.
struct ReportContent {
  const RunCard& card;
  const BacktestResult& result;
  const BacktestSummary& summary;
  const BacktestReview& review;
  const LookAheadCheck& look_ahead;
  const TriedVariants& tried;
  ReportLimits limits;
};

[[nodiscard]] std::string render_report(const ReportContent& content);

}  // namespace alaris::host
