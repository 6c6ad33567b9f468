// SPDX-License-Identifier: Apache-2.0
#pragma once
// The process that holds a session with the gateway: it asks, compares its books with the broker's, keeps every order's
// journal and does what it is told. It makes no decision of its own.

#include <string>

#include "config/settings.hpp"
#include "host_error.hpp"
#include "operations/trading_folder.hpp"

namespace alaris::host {

struct TradingRequest {
  GatewaySettings gateway{};
  bool quiet = false;
};

/// Runs until SIGTERM, SIGINT or a session that needs a person. Cancels what works, syncs the journal, then returns:
/// done after a stop, needs_a_person when the gateway or the books ask for one.
[[nodiscard]] ExitCode run_trading(const TradingRequest& request, const TradingFolder& folder);

}  // namespace alaris::host
