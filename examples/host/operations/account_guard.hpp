// SPDX-License-Identifier: Apache-2.0
#pragma once
// Before a session may start: what was asked for, the configured mode, the port and the account must all mean the same.

#include <optional>
#include <string>

#include "config/settings.hpp"

namespace alaris::host {

/// What does not agree, in a sentence; nothing when all of it does.
///   live      --live was given, else --paper
///   confirmed the account as typed once more; only asked of live sessions
[[nodiscard]] inline std::optional<std::string> disagreement(const GatewaySettings& gateway, bool live,
                                                             const std::string& confirmed) {
  const std::string asked = live ? "live" : "paper";
  if (gateway.account.empty()) return "no account: give --account or gateway.account";
  if (gateway.mode != asked) return "--" + asked + " does not agree with gateway.mode = " + gateway.mode;
  if (gateway.account.starts_with('D') == live)
    return "account " + gateway.account + " is a " + (live ? "paper" : "live") + " one (paper accounts start with D)";
  const bool live_port = gateway.port == 4001 || gateway.port == 7496;
  if (live && !live_port) return "port " + std::to_string(gateway.port) + " is not a live one (4001, 7496)";
  if (!live && live_port) return "port " + std::to_string(gateway.port) + " is a live one; paper is 4002 or 7497";
  if (live && confirmed != gateway.account)
    return "a live session starts only with --confirm " + gateway.account + ": real money is at stake";
  return std::nullopt;
}

}  // namespace alaris::host
