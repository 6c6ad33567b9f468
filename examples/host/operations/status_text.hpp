// SPDX-License-Identifier: Apache-2.0
#pragma once
// Health as text: a table, JSON, Prometheus' exposition format, and a page that needs no script and no network.

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "operations/alerts.hpp"
#include "operations/checks.hpp"

namespace alaris::host {

[[nodiscard]] std::string health_table(const std::vector<CheckRow>& rows);
[[nodiscard]] nlohmann::ordered_json health_json(const std::vector<CheckRow>& rows, Instant at);
/// `trading` is as for the page.
[[nodiscard]] std::string health_metrics(const std::vector<CheckRow>& rows, const AlertBoard& board,
                                         const nlohmann::ordered_json& trading);
/// `trading` is the trading process' own status object, or null where none has run.
[[nodiscard]] std::string status_page(const std::vector<CheckRow>& rows, const AlertBoard& board,
                                      const nlohmann::ordered_json& trading, Instant at);

/// The board across restarts: a latch outlives the process. Anything else than a board's text gives nothing.
[[nodiscard]] std::string board_text(const AlertBoard& board);
[[nodiscard]] std::optional<AlertBoard> board_of(const std::string& text);

}  // namespace alaris::host
