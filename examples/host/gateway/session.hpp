// SPDX-License-Identifier: Apache-2.0
#pragma once
// One client's conversation with a gateway as a state machine: bytes, timers and wishes in, bytes and events out. It
// owns no socket and reads no clock, so that a simulation drives the same code as the wire does.

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <alaris/core/time.hpp>

#include "gateway/broker_state.hpp"
#include "gateway/codec.hpp"
#include "gateway/error_actions.hpp"
#include "gateway/frame.hpp"
#include "gateway/pacing.hpp"
#include "gateway/restart_window.hpp"

namespace alaris::gateway {

enum class SessionPhase : std::uint8_t {
  down,
  connecting,
  handshaking,
  starting,  // START_API sent, no order id yet
  syncing,   // asking the broker for everything; nothing may be sent
  ready,
  degraded,  // the broker or the heartbeat is lost, the socket is not: cancels only
  stopped    // needs a person
};
[[nodiscard]] std::string_view name(SessionPhase phase) noexcept;

struct SessionSettings {
  int client_id = 7;
  std::string account{};
  bool paper = true;
  int highest_order_id = 0;  // ever written by this client id, as the journal has it
  double messages_per_second = 40.0;
  double burst = 10.0;
  int market_data_lines = 90;
  RestartWindows windows{};
  ErrorOverrides error_actions{};
  std::chrono::seconds answer_deadline{10};  // of each step of handshake, start and synchronisation
};

// What the owner hears.
struct PhaseChanged {
  SessionPhase from{}, to{};
  std::string why{};
  bool planned = false;  // within a window in which interruptions are expected
};
struct MessageReceived {
  GatewayMessage message{};
};
/// No answer: never the same as an empty one.
struct RequestFailed {
  int request_id = 0;
  int code = 0;  // 0: time-out or lost connection
  ErrorAction action = ErrorAction::request_failed;
  std::string why{};
};
struct OrderWritten {
  int order_id = 0;
};
/// Queued, never written: the broker cannot have it.
struct OrderNotSent {
  int order_id = 0;
};
struct OrderProblem {
  int order_id = 0;
  int code = 0;
  ErrorAction action{};
  std::string text{};
};
struct Notice {
  int code = 0;
  ErrorAction action{};
  std::string text{};
};
struct Synced {
  BrokerState state{};
};
struct FrameDropped {
  WireFault fault{};
};
using SessionEvent = std::variant<PhaseChanged, MessageReceived, RequestFailed, OrderWritten, OrderNotSent,
                                  OrderProblem, Notice, Synced, FrameDropped>;

enum class SocketWish : std::uint8_t { none, connect, close };

class Session {
 public:
  Session(SessionSettings settings, std::uint64_t seed);

  // The world speaks.
  void start(Instant now);
  void connected(Instant now);
  void received(Instant now, std::string_view bytes);
  void disconnected(Instant now, std::string_view why);
  void tick(Instant now);

  // The owner speaks.
  [[nodiscard]] int next_order_id();
  /// False, and nothing happens, unless orders may be placed now. The intent must be durable before this is called.
  [[nodiscard]] bool place(Instant now, const PlaceOrder& order);
  /// False unless there is a connection; a cancel in a degraded session may be lost.
  [[nodiscard]] bool cancel(Instant now, int order_id);
  /// Asks the broker to end every working order of every client; false without a connection that takes it.
  [[nodiscard]] bool cancel_everything(Instant now);
  /// Sends a one-shot request under a new request id, which it returns; 0 without a usable session.
  int request(Instant now, ClientMessage message, std::chrono::seconds deadline);
  /// A stream that survives reconnections; waits for a free line.
  int subscribe(Instant now, const Contract& contract, const std::string& generic_ticks);
  void unsubscribe(Instant now, int request_id);
  /// Asks for everything again: after doubt about an order.
  void resynchronise(Instant now, std::string_view why);
  void stop(Instant now, std::string_view why);

  [[nodiscard]] SessionPhase phase() const noexcept { return phase_; }
  [[nodiscard]] bool may_trade(Instant now) const noexcept {
    return phase_ == SessionPhase::ready && !read_only_ && !settings_.windows.too_close_to_restart(now);
  }
  [[nodiscard]] std::size_t queued() const noexcept;
  /// How long the gateway took for each question of the time since the last call; nothing where no answer came in time.
  [[nodiscard]] std::vector<std::optional<std::chrono::microseconds>> take_latencies() {
    return std::exchange(latencies_, {});
  }

  // What leaves.
  [[nodiscard]] std::string take_bytes() { return std::exchange(out_, {}); }
  [[nodiscard]] std::vector<SessionEvent> take_events() { return std::exchange(events_, {}); }
  [[nodiscard]] SocketWish take_wish() { return std::exchange(wish_, SocketWish::none); }

 private:
  enum class Step : std::uint8_t {
    time,
    open_orders,
    all_open_orders,
    executions,
    completed,
    positions,
    account,
    done
  };
  static constexpr int order_id_end = 1'000'000'000, first_request_id = 1'500'000'000;
  struct Queued {
    std::string frame{};
    int order_id = 0;
    int request_id = 0;
    std::string identity{};  // of a historical request
    std::string contract{};
    int weight = 0;
  };
  struct Pending {
    Instant deadline{};
    bool historical = false;
  };
  struct Stream {
    Contract contract{};
    std::string ticks{};
    bool active = false;
  };

  void enter(Instant now, SessionPhase phase, std::string_view why);
  void drop(Instant now, std::string_view why);
  void halt(Instant now, std::string_view why);
  void handle_payload(Instant now, std::string_view payload);
  void handle_reply(Instant now, std::string_view payload);
  void handle(Instant now, const GatewayMessage& message);
  void collect(const GatewayMessage& message);
  void handle_error(Instant now, const ErrorMessage& error);
  void handle_session_error(Instant now, const ErrorMessage& error, ErrorAction action);
  void begin_sync(Instant now, std::string_view why);
  void begin_step(Instant now, Step step);
  void finish_step(Instant now, Step step);
  void check_started(Instant now);
  void heartbeat(Instant now);
  void measure_latency(Instant now);
  void activate_streams(Instant now);
  void send(Instant now, Urgency urgency, Queued queued);
  void send_message(Instant now, Urgency urgency, const ClientMessage& message);
  void pump(Instant now);
  void forget_queued(bool requests);
  void fail_pending(std::string_view why);

  SessionSettings settings_;
  SessionPhase phase_ = SessionPhase::down;
  FrameReader frames_{};
  TokenBucket bucket_;
  HistoricalPacer historical_{};
  Backoff backoff_;
  std::array<std::deque<Queued>, urgencies> queues_{};
  std::map<int, Pending> pending_{};
  std::map<int, Stream> streams_{};
  std::set<int> unknown_ids_{};
  BrokerState collected_{};
  Step step_ = Step::done;
  int open_order_ends_ = 0;  // answers still owed, by kinds whose end names no request
  int position_ends_ = 0;
  int completed_ends_ = 0;
  int step_tries_ = 0;
  int executions_id_ = 0;
  int summary_id_ = 0;
  int next_request_id_ = first_request_id;
  int next_valid_id_ = 0;
  int highest_order_id_ = 0;
  bool has_accounts_ = false;
  bool was_started_ = false;
  bool read_only_ = false;
  bool broker_lost_ = false;
  bool probing_ = false;
  Instant timed_at_{};               // when the time was last asked for to see how long it takes
  std::optional<Instant> timing_{};  // the same, until it is answered
  std::vector<std::optional<std::chrono::microseconds>> latencies_{};
  Instant deadline_{};
  Instant reconnect_at_{};
  Instant last_received_{};
  Instant ready_since_{};
  std::string out_{};
  std::vector<SessionEvent> events_{};
  SocketWish wish_ = SocketWish::none;
};

}  // namespace alaris::gateway
