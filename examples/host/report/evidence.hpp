// SPDX-License-Identifier: Apache-2.0
#pragma once
// The parts of a report that say how far to believe it: why the run earned, what other fills and a misread report time
// would have done, the moves that options implied and those that came, the risk carried against its limits.

#include <string>

#include "report/chart.hpp"
#include "report/report.hpp"

namespace alaris::host {

/// The sessions of a run from left to right: the x axis of every chart of it.
[[nodiscard]] ChartAxis session_axis(const BacktestResult& result);

[[nodiscard]] std::string honesty_section(const ReportContent& content);
[[nodiscard]] std::string attribution_section(const ReportContent& content);
[[nodiscard]] std::string moves_section(const ReportContent& content);
[[nodiscard]] std::string risk_section(const ReportContent& content);

}  // namespace alaris::host
