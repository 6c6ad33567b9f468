// SPDX-License-Identifier: Apache-2.0
#pragma once
// A connected client of another make with a clock of its own, and the market that it sees.

#include <string>
#include <vector>

#include "stranger.hpp"

namespace alaris::test {

using namespace std::chrono_literals;

inline constexpr int aapl = 265598;
inline constexpr int aapl_call = 800'000'000 + 8 * 2 + 1;  // the first expiry's call at the money

[[nodiscard]] inline simulated::Scenario a_market() {
  return simulated::default_scenario(make_date(2026, 11, 23));
}

/// A client of another make that has connected.
struct Other : Stranger {
  explicit Other(simulated::Server& s, int client_id = 7) : Stranger(s) {
    starts(client_id);
    (void)heard();
  }
  Instant now = monday_morning;
  int next_id = 1;

  gateway::PlaceOrder order(int con_id, const std::string& action, double quantity) {
    gateway::PlaceOrder m;
    m.contract.con_id = con_id, m.contract.exchange = "SMART";
    m.order.order_id = next_id++, m.order.action = action, m.order.quantity = quantity, m.order.type = "MKT";
    m.order.account = "DU1234567";
    return m;
  }
  template <class M>
  std::vector<M> after(const gateway::ClientMessage& request, std::chrono::microseconds time = 200ms) {
    says(*gateway::frame_of(request, version), now);
    waits(now, time);
    return heard_of<M>();
  }
  template <class M>
  std::vector<M> later(std::chrono::microseconds time) {
    waits(now, time);
    return heard_of<M>();
  }
  std::string status_of(int order_id) {
    for (const auto& [perm, order] : server.orders())
      if (order.request.order.order_id == order_id) return order.status;
    return "none";
  }
};

}  // namespace alaris::test
