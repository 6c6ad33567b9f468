// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a trading process says of itself: the object that `trade status`, the monitor and its page read.

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "gateway/order_desk.hpp"
#include "gateway/session.hpp"
#include "operations/alerts.hpp"
#include "operations/trading_loop.hpp"
#include "operations/trading_session.hpp"

namespace alaris::host {

/// One instant of a trading process; everything outlives the call.
struct SessionView {
  Instant now{}, started_at{};  // by the session's clock
  const TradingRequest* request = nullptr;
  const gateway::OrderDesk* desk = nullptr;
  const TradingSession* trading = nullptr;
  gateway::SessionPhase phase = gateway::SessionPhase::down;
  std::optional<std::string> halted{};
  std::vector<Condition> conditions{};
  std::vector<std::optional<double>> latencies{};  // seconds of the system's time; nothing where no answer came
};

/// "alaris/trading/1". Of the orders those that work and those of the day: it must not grow with the years.
[[nodiscard]] nlohmann::ordered_json status_of(const SessionView& view);

}  // namespace alaris::host
