// SPDX-License-Identifier: Apache-2.0
#pragma once
// The trading process: one thread that turns the clock, the gateway's messages and the words left in its folder into
// events of a trading session, and keeps journal and status.

#include <string>
#include <vector>

#include <alaris/market/any_market.hpp>

#include "config/settings.hpp"
#include "host_error.hpp"
#include "operations/practice_clock.hpp"
#include "operations/trading_folder.hpp"

namespace alaris::host {

struct TradingRequest {
  GatewaySettings gateway{};
  StrategySettings strategy{};
  std::vector<std::string> symbols{};
  std::vector<std::string> labels{};  // of the market behind the decisions
  PracticeClock clock{};
  bool dry_run = false;  // everything but orders
  bool once = false;     // compare the books, then end
  bool quiet = false;
};

/// Runs until SIGTERM, SIGINT or a session that needs a person. Cancels what works, syncs the journal, then returns:
/// done after a stop, needs_a_person when the gateway or the books ask for one. Asked once: done when the books agree,
/// answer_is_no when they differ, unavailable when the gateway does not answer within half a minute.
[[nodiscard]] ExitCode run_trading(const TradingRequest& request, const AnyMarket& history,
                                   const TradingFolder& folder);

}  // namespace alaris::host
