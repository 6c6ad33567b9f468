// SPDX-License-Identifier: Apache-2.0
#pragma once
// The trading process: one thread that turns the clock, the gateway's messages and the words left in its folder into
// events of a trading session, and keeps journal and status.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <alaris/market/any_market.hpp>

#include "config/settings.hpp"
#include "host_error.hpp"
#include "operations/practice_clock.hpp"
#include "operations/trading_folder.hpp"

namespace alaris::host {

/// The market behind the decisions.
struct TradingMarket {
  std::shared_ptr<const AnyMarket> history{};
  /// The same market read again where it has changed since it was last read, else null; absent where it cannot change.
  std::function<std::shared_ptr<const AnyMarket>()> refresh{};

  /// One that owns what it answers from and never changes.
  template <class Market>
  [[nodiscard]] static std::shared_ptr<const AnyMarket> owning(const Market& market) {
    struct Owned {
      explicit Owned(const Market& m) : market(m), any(market) {}
      Market market;
      AnyMarket any;
    };
    const auto owned = std::make_shared<const Owned>(market);
    return {owned, &owned->any};
  }
};

struct TradingRequest {
  GatewaySettings gateway{};
  StrategySettings strategy{};
  std::vector<std::string> symbols{};
  std::vector<std::string> labels{};  // of the market behind the decisions
  std::string configuration{};        // hash that every order carries
  double memory_critical_gib = 7;     // above it nothing is opened
  PracticeClock clock{};
  bool dry_run = false;  // everything but orders
  bool once = false;     // compare the books, then end
  bool quiet = false;
};

/// Runs until SIGTERM, SIGINT or a session that needs a person. Cancels what works, syncs the journal, then returns:
/// done after a stop, needs_a_person when the gateway or the books ask for one. Asked once: done when the books agree,
/// answer_is_no when they differ, unavailable when the gateway does not answer within half a minute.
[[nodiscard]] ExitCode run_trading(const TradingRequest& request, const TradingMarket& market,
                                   const TradingFolder& folder);

}  // namespace alaris::host
