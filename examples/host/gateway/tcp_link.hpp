// SPDX-License-Identifier: Apache-2.0
#pragma once
// A session on a real TCP connection. What a session decides leaves at once, without a detour through a queue of the
// event loop; what it hears goes to one listener in the order it happened.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <alaris/core/time.hpp>

#include "gateway/session.hpp"

namespace alaris::gateway {

class TcpLink {
 public:
  using Clock = std::function<Instant()>;
  using Listener = std::function<void(Instant, const SessionEvent&)>;

  /// Nothing is connected before the first `poll`. `session` must outlive the link.
  TcpLink(Session& session, std::string host, std::uint16_t port, Clock clock, Listener listener);
  ~TcpLink();
  TcpLink(const TcpLink&) = delete;
  TcpLink& operator=(const TcpLink&) = delete;

  /// Timers, reads and writes; returns after the first thing that happened, or after `most`.
  void poll(std::chrono::milliseconds most);
  /// Writes what the session has to say and hands out its events. Call after every wish of the owner.
  void pump();

 private:
  struct Wire;
  std::unique_ptr<Wire> wire_;
};

}  // namespace alaris::gateway
