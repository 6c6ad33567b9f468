// SPDX-License-Identifier: Apache-2.0
#pragma once
// A client and a gateway in one process: simulated clock, network and disk, everything decided by a seed.

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "event_log.hpp"
#include "gateway/order_desk.hpp"
#include "simulated_disk.hpp"
#include "simulated_gateway/server.hpp"

namespace alaris::test {

using namespace std::chrono_literals;

/// One direction of one connection: bytes arrive in order, later, and cut anywhere.
class Pipe {
 public:
  void push(Instant at, std::string bytes) {
    const Instant after = chunks_.empty() ? at : std::max(at, chunks_.back().at);
    if (!bytes.empty()) chunks_.push_back({after, std::move(bytes)});
  }
  [[nodiscard]] std::string arrived(Instant now) {
    std::string bytes;
    while (!chunks_.empty() && chunks_.front().at <= now) {
      bytes += chunks_.front().bytes;
      chunks_.pop_front();
    }
    return bytes;
  }
  [[nodiscard]] bool empty() const noexcept { return chunks_.empty(); }
  void clear() { chunks_.clear(); }

 private:
  struct Chunk {
    Instant at;
    std::string bytes;
  };
  std::deque<Chunk> chunks_{};
};

/// The process of the client: it can be killed; its disk stays.
struct Process {
  Process(SimulatedDisk& disk, const gateway::SessionSettings& settings, std::uint64_t seed)
      : desk(disk, settings.client_id), recovered(desk.recover(Instant{}).has_value()), session([&] {
          gateway::SessionSettings with = settings;
          with.highest_order_id = desk.highest_order_id();
          return gateway::Session(with, seed);
        }()) {}
  gateway::OrderDesk desk;
  bool recovered;
  gateway::Session session;
  int connection = 0;
};

class World : public EventLog {
 public:
  explicit World(simulated::Scenario scenario, std::uint64_t seed = 1)
      : random(seed), server(std::move(scenario), monday_morning, seed + 1), seed_(seed) {
    boot();
  }

  Instant now = monday_morning;
  std::mt19937_64 random;
  simulated::Server server;
  SimulatedDisk disk{};
  gateway::SessionSettings settings = paper_settings();
  std::unique_ptr<Process> process{};
  bool keep_events = true;
  std::chrono::microseconds latency{1000};
  std::chrono::microseconds jitter{0};
  /// Sees the bytes of the client before the network has them; empty at the start of a connection.
  std::function<void(const std::string&)> on_bytes{};
  std::uint64_t trace = 0;  // of everything that crossed the wire

  void boot() {
    process = std::make_unique<Process>(disk, settings, seed_ + 7);
    process->session.start(now);
  }
  /// kill -9, or the power: what was not synced may be gone, what was sent may not arrive.
  void kill(bool sent_arrives = true) {
    if (!process) return;
    close_socket(sent_arrives);
    process.reset();
    disk.crash(random);
  }

  void step(std::chrono::microseconds time = 20ms) {
    now += time;
    server.tick(now);
    collect_server();
    if (process) {
      deliver();
      if (process) process->session.tick(now);
      pump();
    }
    collect_server();
  }
  void run(std::chrono::microseconds time) {
    for (const Instant end = now + time; now < end;) step();
  }
  [[nodiscard]] bool run_until_ready(std::chrono::microseconds limit) {
    for (const Instant end = now + limit; now < end; step())
      if (process && process->session.phase() == gateway::SessionPhase::ready) return true;
    return false;
  }

  /// Moves bytes, events and wishes of the client.
  void pump() {
    if (!process) return;
    for (auto& event : process->session.take_events()) {
      process->desk.hear(now, event);
      events.push_back(std::move(event));
    }
    if (!keep_events) events.clear();
    (void)process->desk.flush();
    const std::string bytes = process->session.take_bytes();
    if (!bytes.empty() && process->connection != 0) {
      if (on_bytes) on_bytes(bytes);
      mix(bytes);
      push(to_server_, bytes);
    }
    switch (process->session.take_wish()) {
      case gateway::SocketWish::none:
        break;
      case gateway::SocketWish::close:
        close_socket(true);
        break;
      case gateway::SocketWish::connect:
        close_socket(true);
        process->connection = server.accept(now);
        if (process->connection == 0) {
          process->session.disconnected(now, "refused");
        } else {
          if (on_bytes) on_bytes({});
          process->session.connected(now);
          pump();
        }
    }
  }

 private:
  void mix(const std::string& bytes) {
    for (const char c : bytes) trace = (trace ^ static_cast<unsigned char>(c)) * 1099511628211u;
  }
  std::chrono::microseconds delay() {
    return latency + (jitter > 0us ? std::chrono::microseconds(static_cast<std::int64_t>(
                                         random() % static_cast<std::uint64_t>(jitter.count())))
                                   : 0us);
  }
  void push(Pipe& pipe, const std::string& bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t cut = jitter > 0us ? 1 + random() % 900 : bytes.size();
      pipe.push(now + delay(), bytes.substr(at, cut));
      at += cut;
    }
  }
  /// `reaches`: the gateway reads what was sent before it sees the end.
  void close_socket(bool reaches) {
    if (!process || process->connection == 0) return;
    const int connection = std::exchange(process->connection, 0);
    if (reaches) server.received(now, connection, to_server_.arrived(now + 1h));
    server.closed(now, connection);
    to_server_.clear(), to_client_.clear();
    closing_ = false;
    collect_server();
  }
  void collect_server() {
    for (const simulated::Output& out : server.take_output()) {
      if (!process || out.connection != process->connection || process->connection == 0) continue;
      push(to_client_, out.bytes);
      closing_ = closing_ || out.close;
    }
  }
  void deliver() {
    if (process->connection == 0) return;
    if (const std::string bytes = to_server_.arrived(now); !bytes.empty())
      server.received(now, process->connection, bytes);
    collect_server();
    if (const std::string bytes = to_client_.arrived(now); !bytes.empty()) {
      mix(bytes);
      process->session.received(now, bytes);
      pump();
    }
    if (process && process->connection != 0 && closing_ && to_client_.empty()) {
      process->connection = 0;
      closing_ = false;
      to_server_.clear();
      process->session.disconnected(now, "closed by the gateway");
      pump();
    }
  }

  Pipe to_server_{}, to_client_{};
  bool closing_ = false;
  std::uint64_t seed_;
};

/// The first call calendar of a symbol in the simulated market: sold leg, bought leg, their contracts at the broker.
struct ACalendar {
  OptionContract sold{}, bought{};
  std::vector<int> con_ids{};
  [[nodiscard]] ComboOrder entry(const std::string& id, int quantity, double limit) const {
    return {id, "AAPL", {{sold, -1}, {bought, 1}}, quantity, limit, OrderPurpose::entry};
  }
  [[nodiscard]] ComboOrder exit(const std::string& id, int quantity, double limit) const {
    return {id, "AAPL", {{sold, 1}, {bought, -1}}, quantity, limit, OrderPurpose::exit};
  }
};
[[nodiscard]] inline ACalendar calendar_of(const simulated::Scenario& scenario) {
  const simulated::SymbolPlan& plan = scenario.symbols.at(0);
  const std::size_t k = plan.strikes.size() / 2;
  const Strike strike = *Strike::from_dollars(plan.strikes[k]);
  const auto id = [&](int expiry) { return 800'000'000 + expiry * 10'000 + static_cast<int>(k) * 2 + 1; };
  return {{plan.expiries[0], strike, OptionType::call}, {plan.expiries[3], strike, OptionType::call}, {id(0), id(3)}};
}

}  // namespace alaris::test
