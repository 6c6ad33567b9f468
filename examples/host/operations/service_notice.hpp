// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tells systemd that a service is ready, alive or stopping: one datagram to the socket it named; nothing without one.
//   source   sd_notify(3): NOTIFY_SOCKET, "READY=1", "WATCHDOG=1", "STOPPING=1"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace alaris::host {

inline bool tell_service_manager(std::string_view state) noexcept {
  const char* const place = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  const std::size_t length = place ? std::strlen(place) : 0;
  if (length < 2 || length >= sizeof address.sun_path) return false;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, place, length);
  if (place[0] == '@') address.sun_path[0] = '\0';  // an abstract name
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return false;
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
  const bool told = ::sendto(socket, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&address),
                             size) == static_cast<ssize_t>(state.size());
  ::close(socket);
  return told;
}

}  // namespace alaris::host
