// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the commands about a trading process share: whether it runs, and what it last wrote about itself.

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

#include "gateway/intent_journal.hpp"
#include "host_error.hpp"
#include "operations/trading_folder.hpp"

namespace alaris::host {

/// Whoever trades holds the journal.
[[nodiscard]] inline bool trader_runs(const TradingFolder& folder) {
  return std::filesystem::exists(folder.journal()) && !gateway::FileStorage(folder.journal()).open();
}

/// Throws HostError(unavailable) before the first session.
[[nodiscard]] inline nlohmann::ordered_json trading_status(const TradingFolder& folder) {
  const auto text = folder.status();
  const auto status = text ? nlohmann::ordered_json::parse(*text, nullptr, false) : nlohmann::ordered_json();
  if (!status.is_object() || !status.contains("pid"))
    throw HostError(ExitCode::unavailable, "no trading process has run here yet");
  return status;
}

}  // namespace alaris::host
