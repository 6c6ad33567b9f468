// SPDX-License-Identifier: Apache-2.0
#pragma once
// A client of another make on a connection to the simulated gateway, by hand.

#include <string>
#include <vector>

#include "event_log.hpp"
#include "gateway/frame.hpp"
#include "gateway/handshake.hpp"
#include "simulated_gateway/server.hpp"

namespace alaris::test {

struct Stranger {
  simulated::Server& server;
  int connection;
  int version = gateway::server_version;  // that both sides agreed on
  gateway::FrameReader frames{};
  bool closed = false;

  explicit Stranger(simulated::Server& s) : server(s), connection(s.accept(monday_morning)) {}
  void says(const std::string& bytes, Instant now = monday_morning) {
    server.received(now, connection, bytes);
    hears();
  }
  void says_fields(const std::vector<std::string>& fields, Instant now = monday_morning) {
    says(gateway::framed(gateway::join_fields(fields)), now);
  }
  void hears() {
    for (const auto& out : server.take_output()) {
      if (out.connection != connection) continue;
      frames.feed(out.bytes);
      closed = closed || out.close;
    }
  }
  std::vector<gateway::GatewayMessage> heard() {
    std::vector<gateway::GatewayMessage> all;
    while (const auto payload = frames.next())
      if (const auto message = gateway::decode_gateway(*payload, version)) all.push_back(*message);
    return all;
  }
  template <class M>
  std::vector<M> heard_of() {
    std::vector<M> found;
    for (const auto& message : heard())
      if (const M* m = std::get_if<M>(&message)) found.push_back(*m);
    return found;
  }
  void starts(int client_id, int most = gateway::server_version) {
    says(gateway::opening({100, most}));
    version = gateway::parse_reply(*frames.next())->version;
    says(*gateway::frame_of(gateway::StartApi{client_id, ""}));
  }
  template <class M>
  std::vector<M> answers_to(const gateway::ClientMessage& request, Instant now = monday_morning) {
    says(*gateway::frame_of(request, version), now);
    return heard_of<M>();
  }
  /// Time passes at the gateway in steps that its fills can follow.
  void waits(Instant& now, std::chrono::microseconds time) {
    for (const Instant end = now + time; now < end;) {
      now += std::chrono::milliseconds(50);
      server.tick(now);
      hears();
    }
  }
};

}  // namespace alaris::test
