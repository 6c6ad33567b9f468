// SPDX-License-Identifier: Apache-2.0
#pragma once
// The protocol from the gateway's side, and a small broker behind it, as a state machine: bytes of several connections
// and time in, bytes out. It owns no socket and reads no clock; what goes wrong, goes wrong by its scenario.

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <alaris/core/time.hpp>

#include "gateway/codec.hpp"
#include "gateway/frame.hpp"
#include "gateway/pacing.hpp"
#include "simulated_gateway/market.hpp"
#include "simulated_gateway/scenario.hpp"

namespace alaris::simulated {

/// Bytes for a connection, in order; `close` after them.
struct Output {
  int connection = 0;
  std::string bytes{};
  bool close = false;
};

/// One order at the broker.
struct BrokerOrder {
  gateway::PlaceOrder request{};
  int client_id = 0;
  std::int64_t perm_id = 0;
  std::string status{"PreSubmitted"};
  double filled = 0.0;  // units
  double paid = 0.0;    // sum of units times net price
  double last_price = 0.0;
  Instant changed{};
  [[nodiscard]] bool over() const { return status == "Filled" || status == "Cancelled"; }
};

class Server {
 public:
  Server(Scenario scenario, Instant started, std::uint64_t seed);
  /// The same broker with a market's own names, chains and bars.
  Server(Scenario scenario, AnyMarket history, Instant started, std::uint64_t seed);

  /// Whether the port answers.
  [[nodiscard]] bool listening(Instant now) const noexcept { return now >= shut_until_; }
  [[nodiscard]] int accept(Instant now);
  void received(Instant now, int connection, std::string_view bytes);
  void closed(Instant now, int connection);
  void tick(Instant now);
  [[nodiscard]] std::vector<Output> take_output() { return std::exchange(output_, {}); }

  // What a test may look at.
  [[nodiscard]] const std::map<std::int64_t, BrokerOrder>& orders() const noexcept { return orders_; }
  [[nodiscard]] const std::vector<gateway::ExecutionDetails>& executions() const noexcept { return executions_; }
  /// Signed contracts or shares by contract id.
  [[nodiscard]] const std::map<int, double>& positions() const noexcept { return positions_; }
  [[nodiscard]] Money cash() const noexcept { return cash_; }
  void apply(Instant now, const Fault& fault);

 private:
  Server(Scenario scenario, Market market, Instant started, std::uint64_t seed);
  struct Stream {
    gateway::Contract contract{};
    std::string generic_ticks{};
    bool snapshot = false;
    bool delayed = false;
  };
  struct Connection {
    gateway::FrameReader frames{};
    enum class Stage : std::uint8_t { prefix, range, start, running } stage = Stage::prefix;
    int client_id = -1;
    int version = 0;
    bool gone = false;  // closed by its peer, still holding its id
    Instant id_until{};
    std::optional<std::size_t> bytes_left{};
    bool wants_positions = false;
    std::optional<std::string> account_updates{};
    std::map<int, Stream> streams{};
    std::set<int> summaries{};
    int data_type = 1;
    std::deque<Instant> recent{};  // messages of the last second
    int violations = 0;
    gateway::HistoricalPacer historical{};
  };

  template <class M>
  void send(int connection, const M& message);
  void send_bytes(int connection, std::string bytes);
  void error(int connection, int id, int code, const std::string& text);
  void close(int connection);
  void later(Instant at, std::function<void(Instant)> what);
  [[nodiscard]] int connection_of(int client_id) const;

  // server.cpp: opening, dispatch
  void handle_range(int connection, std::string_view payload);
  void handle_start(Instant now, int connection, const gateway::StartApi& start);
  void handle_message(Instant now, int connection, std::string_view payload);
  [[nodiscard]] bool over_speed(Instant now, int connection);
  [[nodiscard]] int next_valid_id(int client_id) const;

  // server_data.cpp: contracts, market data, history, account
  void on(Instant now, int connection, const gateway::RequestContractDetails& m);
  void on(Instant now, int connection, const gateway::RequestOptionParameters& m);
  void on(Instant now, int connection, const gateway::RequestMarketRule& m);
  void on(Instant now, int connection, const gateway::RequestMarketData& m);
  void on(Instant now, int connection, const gateway::CancelMarketData& m);
  void on(Instant now, int connection, const gateway::RequestHistoricalData& m);
  void on(Instant now, int connection, const gateway::CalculateOptionPrice& m);
  void on(Instant now, int connection, const gateway::RequestPositions& m);
  void on(Instant now, int connection, const gateway::RequestAccountSummary& m);
  void on(Instant now, int connection, const gateway::SubscribeAccount& m);
  void send_ticks(Instant now, int connection, int request_id, const Stream& stream);
  void send_day(int connection, int request_id, const Instrument& stock, bool delayed);
  void send_all_ticks(Instant now);
  void send_position(int connection, int con_id);
  [[nodiscard]] double net_liquidation(Instant now) const;

  // server_orders.cpp
  void on(Instant now, int connection, const gateway::PlaceOrder& m);
  void on(Instant now, int connection, const gateway::CancelOrder& m);
  void on(Instant now, int connection, const gateway::GlobalCancel& m);
  void on(Instant now, int connection, const gateway::RequestExecutions& m);
  void preview(Instant now, int connection, const gateway::PlaceOrder& m);
  void modify(Instant now, int connection, BrokerOrder& order, const gateway::PlaceOrder& m);
  [[nodiscard]] bool valid(int connection, const gateway::PlaceOrder& m);
  void consider_fills(Instant now);
  void fill(Instant now, BrokerOrder& order, double units, double net);
  void cancel(Instant now, BrokerOrder& order);
  void tell(int client_id, const gateway::GatewayMessage& message);
  void tell_order(const BrokerOrder& order);
  [[nodiscard]] gateway::OpenOrder echo_of(const BrokerOrder& order) const;
  [[nodiscard]] gateway::OrderStatus status_of(const BrokerOrder& order) const;
  void send_open_orders(int connection, std::optional<int> client_id);
  void send_completed(int connection);
  [[nodiscard]] BrokerOrder* find_order(int client_id, int order_id);

  Scenario scenario_;
  Market market_;
  Instant started_;
  std::mt19937_64 random_;
  std::map<int, Connection> connections_{};
  int next_connection_ = 1;
  std::multimap<Instant, std::function<void(Instant)>> agenda_{};
  std::vector<Output> output_{};
  std::map<std::int64_t, BrokerOrder> orders_{};  // by permId
  std::map<int, int> highest_id_{};               // by client id
  std::vector<gateway::ExecutionDetails> executions_{};
  std::map<std::string, gateway::CommissionReport> commissions_{};
  std::map<int, double> positions_{};
  std::map<int, double> cost_{};
  Money cash_;
  std::int64_t next_perm_ = 1'290'415'501;
  int next_execution_ = 1;
  int orders_seen_ = 0;
  bool broker_lost_ = false;
  bool stalled_ = false;
  std::vector<std::pair<int, std::string>> held_{};  // what a stalled gateway has said to whom
  bool trailing_fields_ = false;
  bool single_bytes_ = false;
  std::chrono::milliseconds half_open_for_{0};
  Instant shut_until_{};
  Instant last_ticks_{};
  std::size_t next_fault_ = 0;
};

/// "20261123 09:31:07 US/Eastern"
[[nodiscard]] std::string gateway_time(Instant at);

}  // namespace alaris::simulated
