// SPDX-License-Identifier: Apache-2.0
#include "operations/global_cancel.hpp"

#include <unistd.h>

#include <cstdint>
#include <optional>

#include "gateway/session.hpp"
#include "gateway/tcp_link.hpp"
#include "host_error.hpp"
#include "operations/practice_clock.hpp"

namespace alaris::host {

using namespace std::chrono_literals;

bool cancel_everything(const GatewayPlace& place, std::chrono::seconds patience) {
  gateway::SessionSettings settings;
  settings.client_id = place.client_id + 1000, settings.account = place.account, settings.paper = place.paper;
  gateway::Session session(settings, static_cast<std::uint64_t>(::getpid()));
  gateway::TcpLink link(session, place.host, static_cast<std::uint16_t>(place.port), system_now,
                        [](Instant, const gateway::SessionEvent&) {});
  const Instant end = system_now() + patience;
  session.start(system_now());
  std::optional<Instant> asked;
  while (system_now() < end && session.phase() != gateway::SessionPhase::stopped) {
    link.poll(20ms);
    if (!asked && session.cancel_everything(system_now())) asked = system_now();
    link.pump();
    if (asked && system_now() - *asked >= 500ms) break;  // it is on its way and the gateway has had time to read it
  }
  session.stop(system_now(), "every order was cancelled");
  link.pump();
  return asked.has_value();
}

}  // namespace alaris::host
