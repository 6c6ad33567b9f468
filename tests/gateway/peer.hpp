// SPDX-License-Identifier: Apache-2.0
#pragma once
// A session and, at the other end of an imaginary wire, a gateway that says what the test makes it say.

#include <string>
#include <vector>

#include "event_log.hpp"
#include "gateway/handshake.hpp"

namespace alaris::test {

using namespace std::chrono_literals;

class Peer : public EventLog {
 public:
  explicit Peer(gateway::SessionSettings settings = paper_settings()) : session(std::move(settings), 1) {}

  gateway::Session session;
  Instant now = monday_morning;
  std::vector<gateway::ClientMessage> sent{};  // since the last clear
  std::vector<gateway::ClientMessage> all{};   // ever
  gateway::SocketWish wish = gateway::SocketWish::none;

  void read() {
    client.feed(session.take_bytes());
    if (!opened && client.waiting() >= 4) opened = client.take(4).has_value() && client.next().has_value();
    while (const auto payload = client.next()) {
      sent.push_back(*gateway::decode_client(*payload));
      all.push_back(sent.back());
    }
    for (auto& event : session.take_events()) events.push_back(std::move(event));
    if (const auto next = session.take_wish(); next != gateway::SocketWish::none) wish = next;
  }
  template <class M>
  void says(const M& message) {
    says_bytes(*gateway::frame_of(message));
  }
  void says_bytes(const std::string& bytes) { session.received(now, bytes), read(); }
  void says_error(int id, int code, const std::string& text = "text") {
    says(gateway::ErrorMessage{id, code, text, ""});
  }
  void after(std::chrono::microseconds time) { now += time, session.tick(now), read(); }
  /// Ticks every 100 ms.
  void passes(std::chrono::microseconds time) {
    for (const Instant end = now + time; now < end;) after(100ms);
  }

  void connects() {
    opened = false;
    client.clear();
    sent.clear();
    session.connected(now), read();
  }
  void shakes_hands() {
    connects();
    says_bytes(gateway::frame_of_reply({178, "20261123 09:31:07 US/Eastern"}));
  }
  void starts() {
    shakes_hands();
    says(gateway::ManagedAccounts{"DU1234567,"});
    says(gateway::NextValidId{5000});
  }
  /// Answers the questions of the synchronisation, all with nothing.
  void answers_everything() {
    for (int step = 0; step < 20 && session.phase() == gateway::SessionPhase::syncing; ++step) {
      const auto asked = std::exchange(sent, {});
      for (const auto& message : asked) std::visit([&](const auto& m) { answer(m); }, message);
      if (asked.empty()) after(100ms);
    }
  }
  void becomes_ready() {
    session.start(now), read();
    starts();
    answers_everything();
    passes(1s);  // the questions have emptied the bucket
    sent.clear();
  }

  template <class M>
  [[nodiscard]] std::size_t count_ever() const {
    std::size_t n = 0;
    for (const auto& message : all) n += std::holds_alternative<M>(message) ? 1u : 0u;
    return n;
  }
  template <class M>
  [[nodiscard]] std::vector<M> sent_of() const {
    std::vector<M> found;
    for (const auto& message : sent)
      if (const M* m = std::get_if<M>(&message)) found.push_back(*m);
    return found;
  }

 private:
  void answer(const gateway::RequestCurrentTime&) { says(gateway::CurrentTime{1795444267}); }
  void answer(const gateway::RequestOpenOrders&) { says(gateway::OpenOrderEnd{}); }
  void answer(const gateway::RequestAllOpenOrders&) { says(gateway::OpenOrderEnd{}); }
  void answer(const gateway::RequestExecutions& m) { says(gateway::ExecutionDetailsEnd{m.request_id}); }
  void answer(const gateway::RequestCompletedOrders&) { says(gateway::CompletedOrdersEnd{}); }
  void answer(const gateway::RequestPositions&) { says(gateway::PositionEnd{}); }
  void answer(const gateway::RequestAccountSummary& m) { says(gateway::AccountSummaryEnd{m.request_id}); }
  template <class M>
  void answer(const M&) {}

  gateway::FrameReader client{};
  bool opened = false;
};

[[nodiscard]] inline gateway::PlaceOrder a_calendar_order(int order_id) {
  gateway::PlaceOrder order;
  order.contract.symbol = "AAPL", order.contract.sec_type = "BAG", order.contract.exchange = "SMART";
  order.contract.currency = "USD";
  for (const auto& [con_id, action] : {std::pair{800100101, "SELL"}, std::pair{800100102, "BUY"}}) {
    gateway::ComboLeg& leg = order.contract.legs.emplace_back();
    leg.con_id = con_id, leg.ratio = 1, leg.action = action, leg.exchange = "SMART";
  }
  order.order.order_id = order_id, order.order.action = "BUY", order.order.quantity = 2, order.order.limit = 3.15;
  order.order.account = "DU1234567", order.order.order_ref = "alaris-" + std::to_string(order_id);
  return order;
}

}  // namespace alaris::test
