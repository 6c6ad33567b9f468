// SPDX-License-Identifier: Apache-2.0
#include "gateway/session.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "gateway/handshake.hpp"
#include "gateway/overloaded.hpp"

namespace alaris::gateway {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view silent_gateway =
    "no answer from the gateway: is the API enabled, is this address trusted, is a confirmation dialog open there?";

bool lists_account(std::string_view accounts, std::string_view wanted) {
  while (!accounts.empty()) {
    const std::size_t comma = accounts.find(',');
    if (accounts.substr(0, comma) == wanted) return true;
    if (comma == std::string_view::npos) break;
    accounts.remove_prefix(comma + 1);
  }
  return false;
}

}  // namespace

std::string_view name(SessionPhase phase) noexcept {
  constexpr std::string_view names[] = {"down",    "connecting", "handshaking", "starting",
                                        "syncing", "ready",      "degraded",    "stopped"};
  return names[static_cast<std::size_t>(phase)];
}

Session::Session(SessionSettings settings, std::uint64_t seed)
    : settings_(std::move(settings)),
      bucket_(settings_.messages_per_second, settings_.burst),
      backoff_(seed),
      highest_order_id_(settings_.highest_order_id) {}

// ---- phases ---------------------------------------------------------------------------------------------------------

void Session::enter(Instant now, SessionPhase phase, std::string_view why) {
  if (phase == phase_) return;
  events_.push_back(PhaseChanged{phase_, phase, std::string(why), settings_.windows.planned(now)});
  phase_ = phase;
  if (phase == SessionPhase::ready) ready_since_ = now;
}

void Session::start(Instant now) {
  if (phase_ != SessionPhase::down && phase_ != SessionPhase::stopped) return;
  enter(now, SessionPhase::connecting, "start");
  wish_ = SocketWish::connect;
  deadline_ = now + settings_.answer_deadline;
}

void Session::connected(Instant now) {
  if (phase_ != SessionPhase::connecting) return;
  frames_.clear();
  bucket_.reset(now);
  has_accounts_ = probing_ = broker_lost_ = read_only_ = false;
  next_valid_id_ = 0;
  open_order_ends_ = position_ends_ = completed_ends_ = 0;
  step_ = Step::done;
  last_received_ = now;
  deadline_ = now + settings_.answer_deadline;
  out_ = opening({100, server_version});
  enter(now, SessionPhase::handshaking, "connected");
}

/// Ends the connection, from either side; what was not written is not sent, what was asked has no answer.
void Session::drop(Instant now, std::string_view why) {
  if (phase_ == SessionPhase::down || phase_ == SessionPhase::stopped) return;
  wish_ = SocketWish::close;
  out_.clear();
  forget_queued(true);
  fail_pending(why);
  historical_.disconnected();
  for (auto& [id, stream] : streams_) stream.active = false;
  enter(now, SessionPhase::down, why);
  reconnect_at_ = now + backoff_.next();
}

void Session::halt(Instant now, std::string_view why) {
  drop(now, why);
  enter(now, SessionPhase::stopped, why);
}

void Session::disconnected(Instant now, std::string_view why) {
  drop(now, why);
  wish_ = SocketWish::none;
}

void Session::stop(Instant now, std::string_view why) {
  halt(now, why);
}

void Session::tick(Instant now) {
  switch (phase_) {
    case SessionPhase::stopped:
      return;
    case SessionPhase::down:
      if (now >= reconnect_at_) {
        enter(now, SessionPhase::connecting, "reconnect");
        wish_ = SocketWish::connect;
        deadline_ = now + settings_.answer_deadline;
      }
      return;
    case SessionPhase::connecting:
      if (now >= deadline_) drop(now, "the connection was not made in time");
      return;
    case SessionPhase::handshaking:
    case SessionPhase::starting:
      if (now >= deadline_) return drop(now, silent_gateway);
      break;
    case SessionPhase::syncing:
      if (now >= deadline_ && step_ != Step::done) {
        if (++step_tries_ > 1) return drop(now, "a question at start was not answered: unknown, not empty");
        begin_step(now, step_);
      }
      break;
    case SessionPhase::ready:
      if (now - ready_since_ >= 2min) backoff_.reset();
      break;
    case SessionPhase::degraded:
      break;
  }
  heartbeat(now);
  measure_latency(now);
  for (auto at = pending_.begin(); at != pending_.end();) {
    if (now < at->second.deadline) {
      ++at;
      continue;
    }
    if (at->second.historical) historical_.answered();
    events_.push_back(RequestFailed{at->first, 0, ErrorAction::request_failed, "no answer in time"});
    latencies_.push_back(std::nullopt);
    at = pending_.erase(at);
  }
  pump(now);
}

void Session::heartbeat(Instant now) {
  if (phase_ != SessionPhase::ready && phase_ != SessionPhase::degraded) return;
  const auto silence = now - last_received_;
  if (!probing_) {
    if (silence < 15s) return;
    probing_ = true;
    deadline_ = now + 5s;
    return send_message(now, Urgency::control, RequestCurrentTime{});
  }
  if (now >= deadline_ + 10s) return drop(now, "the gateway is silent");
  if (now >= deadline_ && phase_ == SessionPhase::ready) {
    forget_queued(false);
    enter(now, SessionPhase::degraded, "the heartbeat is late");
  }
}

/// Quotes may flow while questions wait: one is asked every fifteen seconds, whatever else is heard.
void Session::measure_latency(Instant now) {
  if (phase_ != SessionPhase::ready) return timing_.reset();
  if (now - timed_at_ < 15s || probing_) return;
  if (timing_) latencies_.push_back(std::nullopt);
  timing_ = timed_at_ = now;
  send_message(now, Urgency::control, RequestCurrentTime{});
}

// ---- what the gateway says -----------------------------------------------------------------------------------------

void Session::received(Instant now, std::string_view bytes) {
  if (phase_ < SessionPhase::handshaking || phase_ == SessionPhase::stopped) return;
  last_received_ = now;
  frames_.feed(bytes);
  // A payload may end the connection; what the gateway said before it closed is still read.
  while (phase_ >= SessionPhase::handshaking && phase_ != SessionPhase::stopped) {
    const auto payload = frames_.next();
    if (!payload) break;
    handle_payload(now, *payload);
  }
  if (frames_.broken()) return drop(now, "the stream is not this protocol (507)");
  if (probing_ && phase_ >= SessionPhase::syncing) {
    probing_ = false;
    if (phase_ == SessionPhase::degraded && !broker_lost_) begin_sync(now, "the heartbeat is back");
  }
  pump(now);
}

void Session::handle_payload(Instant now, std::string_view payload) {
  if (phase_ == SessionPhase::handshaking) return handle_reply(now, payload);
  auto message = decode_gateway(payload);
  if (message) {
    handle(now, *message);
    events_.push_back(MessageReceived{*std::move(message)});
    return;
  }
  const WireFault fault = message.error();
  if (fault.what != WireError::unknown_message || unknown_ids_.insert(fault.message_id).second)
    events_.push_back(FrameDropped{fault});
}

void Session::handle_reply(Instant now, std::string_view payload) {
  const auto reply = parse_reply(payload);
  if (!reply) return;
  if (reply->version == -1) return halt(now, "the gateway redirects to " + reply->text + "; give that address instead");
  if (reply->version != server_version)
    return halt(now, "unsupported version (506): the gateway offers " + std::to_string(reply->version) +
                         ", needed is " + std::to_string(server_version));
  out_ += *frame_of(StartApi{settings_.client_id, ""});
  deadline_ = now + settings_.answer_deadline;
  enter(now, SessionPhase::starting, "server started " + reply->text);
}

void Session::handle(Instant now, const GatewayMessage& message) {
  const auto seen = [&](int order_id) {
    if (order_id > 0 && order_id < order_id_end) highest_order_id_ = std::max(highest_order_id_, order_id);
  };
  const auto answered = [&](int request_id) {
    const auto found = pending_.find(request_id);
    if (found == pending_.end()) return;
    if (found->second.historical) historical_.answered();
    pending_.erase(found);
  };
  collect(message);
  if (timing_ && std::holds_alternative<CurrentTime>(message)) latencies_.push_back(now - *std::exchange(timing_, {}));
  std::visit(
      overloaded{[&](const NextValidId& m) {
                   next_valid_id_ = std::max(next_valid_id_, m.order_id);
                   check_started(now);
                 },
                 [&](const ManagedAccounts& m) {
                   if (!lists_account(m.accounts, settings_.account))
                     return halt(now, "the gateway does not manage the account " + settings_.account);
                   if ((settings_.account.starts_with('D')) != settings_.paper)
                     return halt(now, "the account and the mode do not agree: paper accounts start with D");
                   has_accounts_ = true;
                   check_started(now);
                 },
                 [&](const ErrorMessage& m) { handle_error(now, m); },
                 [&](const OpenOrder& m) { seen(m.order.order_id); }, [&](const OrderStatus& m) { seen(m.order_id); },
                 [&](const ExecutionDetails& m) { seen(m.order_id); },
                 [&](const CurrentTime&) { finish_step(now, Step::time); },
                 [&](const OpenOrderEnd&) {
                   if (--open_order_ends_ > 0) return;
                   finish_step(now, step_ == Step::open_orders ? Step::open_orders : Step::all_open_orders);
                 },
                 [&](const ExecutionDetailsEnd& m) {
                   if (m.request_id == executions_id_) finish_step(now, Step::executions);
                   answered(m.request_id);
                 },
                 [&](const CompletedOrdersEnd&) {
                   if (--completed_ends_ <= 0) finish_step(now, Step::completed);
                 },
                 [&](const PositionEnd&) {
                   if (--position_ends_ <= 0) finish_step(now, Step::positions);
                 },
                 [&](const AccountSummaryEnd& m) {
                   if (m.request_id == summary_id_) finish_step(now, Step::account);
                 },
                 [&](const ContractDataEnd& m) { answered(m.request_id); },
                 [&](const OptionParametersEnd& m) { answered(m.request_id); },
                 [&](const HistoricalData& m) { answered(m.request_id); },
                 [&](const TickSnapshotEnd& m) { answered(m.request_id); }, [&](const auto&) {}},
      message);
}

void Session::collect(const GatewayMessage& message) {
  if (phase_ != SessionPhase::syncing) return;
  std::visit(overloaded{[&](const OpenOrder& m) { collected_.open_orders.push_back(m); },
                        [&](const OrderStatus& m) { collected_.statuses.push_back(m); },
                        [&](const ExecutionDetails& m) { collected_.executions.push_back(m); },
                        [&](const CommissionReport& m) { collected_.commissions.push_back(m); },
                        [&](const CompletedOrder& m) { collected_.completed.push_back(m); },
                        [&](const Position& m) {
                          // A later row of the same contract replaces the earlier one.
                          std::erase_if(collected_.positions, [&](const Position& p) {
                            return p.account == m.account && p.contract.con_id == m.contract.con_id;
                          });
                          collected_.positions.push_back(m);
                        },
                        [&](const AccountSummary& m) {
                          if (m.request_id == summary_id_) collected_.account.push_back(m);
                        },
                        [](const auto&) {}},
             message);
}

}  // namespace alaris::gateway
