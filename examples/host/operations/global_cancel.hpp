// SPDX-License-Identifier: Apache-2.0
#pragma once
// The other way to stop: every working order is ended over a connection of its own, when the process that trades does
// not answer.

#include <chrono>
#include <string>

namespace alaris::host {

/// Where the process that does not answer was connected.
struct GatewayPlace {
  std::string host{};
  int port = 0;
  int client_id = 0;  // of that process; the connection takes another
  std::string account{};
  bool paper = true;
};

/// True when the broker has been asked. What is held stays as it is.
[[nodiscard]] bool cancel_everything(const GatewayPlace& place, std::chrono::seconds patience);

}  // namespace alaris::host
