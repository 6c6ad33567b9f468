// SPDX-License-Identifier: Apache-2.0
#include "gateway/session.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "gateway/handshake.hpp"

namespace alaris::gateway {
namespace {

using namespace std::chrono_literals;

constexpr int first_request_id = 1'500'000'000;
constexpr int order_id_end = 1'000'000'000;
constexpr std::string_view summary_tags =
    "AccountType,NetLiquidation,TotalCashValue,SettledCash,BuyingPower,InitMarginReq,MaintMarginReq,AvailableFunds,"
    "ExcessLiquidity";

constexpr std::string_view silent_gateway =
    "no answer from the gateway: is the API enabled, is this address trusted, is a confirmation dialog open there?";

template <class... Fs>
struct overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
overloaded(Fs...) -> overloaded<Fs...>;

bool lists_account(std::string_view accounts, std::string_view wanted) {
  while (!accounts.empty()) {
    const std::size_t comma = accounts.find(',');
    if (accounts.substr(0, comma) == wanted) return true;
    if (comma == std::string_view::npos) break;
    accounts.remove_prefix(comma + 1);
  }
  return false;
}

/// The request id field of a message that has one.
int* request_id_in(ClientMessage& message) {
  return std::visit(
      [](auto& m) -> int* {
        if constexpr (requires { m.request_id; })
          return &m.request_id;
        else
          return nullptr;
      },
      message);
}

std::string contract_key(const Contract& c) {
  return std::to_string(c.con_id) + '/' + c.symbol + '/' + c.sec_type + '/' + c.expiry + '/' + c.right + '/' +
         std::to_string(c.strike) + '/' + c.exchange;
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
  for (auto at = pending_.begin(); at != pending_.end();) {
    if (now < at->second.deadline) {
      ++at;
      continue;
    }
    if (at->second.historical) historical_.answered();
    events_.push_back(RequestFailed{at->first, 0, ErrorAction::request_failed, "no answer in time"});
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

// ---- what the gateway says
// --------------------------------------------------------------------------------------------

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

void Session::handle_error(Instant now, const ErrorMessage& error) {
  const ErrorAction action = action_of(error.code, settings_.error_actions);
  if (error.code == 321 && says_read_only(error.text)) read_only_ = true;
  if (error.request_id > 0 && error.request_id < order_id_end) {
    events_.push_back(OrderProblem{error.request_id, error.code, action, error.text});
    if (action == ErrorAction::refresh_id) send_message(now, Urgency::control, RequestIds{});
    return;
  }
  if (error.request_id < first_request_id) return handle_session_error(now, error, action);
  if (action == ErrorAction::ignore || action == ErrorAction::partial_data || action == ErrorAction::delayed_data ||
      action == ErrorAction::note) {
    if (action != ErrorAction::ignore) events_.push_back(Notice{error.code, action, error.text});
    return;
  }
  const auto stream = streams_.find(error.request_id);
  if (stream != streams_.end()) {
    stream->second.active = false;
    if (action == ErrorAction::resubscribe) return activate_streams(now);
    if (action == ErrorAction::queue_line) return;  // activated when another one ends
    streams_.erase(stream);
  }
  if (const auto pending = pending_.find(error.request_id); pending != pending_.end()) {
    if (pending->second.historical) {
      historical_.answered();
      if (error.text.find("pacing") != std::string::npos) historical_.violated(now);
    }
    pending_.erase(pending);
  }
  const bool of_sync = error.request_id == executions_id_ || error.request_id == summary_id_;
  if (phase_ == SessionPhase::syncing && of_sync) deadline_ = now;  // asked again at the next tick
  events_.push_back(RequestFailed{error.request_id, error.code, action, error.text});
}

void Session::handle_session_error(Instant now, const ErrorMessage& error, ErrorAction action) {
  if (action != ErrorAction::ignore) events_.push_back(Notice{error.code, action, error.text});
  switch (action) {
    case ErrorAction::slow_down:
      bucket_.slow_down(now);
      break;
    case ErrorAction::client_id_in_use:
      was_started_ ? drop(now, error.text) : halt(now, "the client id is in use (326): " + error.text);
      break;
    case ErrorAction::session_unusable:
      halt(now, error.text);
      break;
    case ErrorAction::broker_lost:
      broker_lost_ = true;
      if (phase_ == SessionPhase::ready || phase_ == SessionPhase::syncing) {
        forget_queued(false);
        step_ = Step::done;
        enter(now, SessionPhase::degraded, error.text);
      }
      break;
    case ErrorAction::restored_empty:
      for (auto& [id, stream] : streams_) stream.active = false;
      [[fallthrough]];
    case ErrorAction::restored:
      broker_lost_ = false;
      if (phase_ == SessionPhase::ready || phase_ == SessionPhase::degraded || phase_ == SessionPhase::syncing)
        begin_sync(now, error.text);
      break;
    default:
      break;
  }
}

// ---- asking for everything
// --------------------------------------------------------------------------------------------

void Session::check_started(Instant now) {
  if (phase_ != SessionPhase::starting || !has_accounts_ || next_valid_id_ <= 0) return;
  was_started_ = true;
  begin_sync(now, "started");
}

void Session::resynchronise(Instant now, std::string_view why) {
  if (phase_ == SessionPhase::ready) begin_sync(now, why);
}

void Session::begin_sync(Instant now, std::string_view why) {
  enter(now, SessionPhase::syncing, why);
  forget_queued(false);
  collected_ = {};
  step_tries_ = 0;
  begin_step(now, Step::time);
}

void Session::begin_step(Instant now, Step step) {
  if (step != step_) step_tries_ = 0;
  step_ = step;
  deadline_ = now + settings_.answer_deadline;
  switch (step) {
    case Step::time:
      return send_message(now, Urgency::control, RequestCurrentTime{});
    case Step::open_orders:
      ++open_order_ends_;
      return send_message(now, Urgency::control, RequestOpenOrders{});
    case Step::all_open_orders:
      ++open_order_ends_;
      return send_message(now, Urgency::control, RequestAllOpenOrders{});
    case Step::executions:
      executions_id_ = next_request_id_++;
      return send_message(now, Urgency::control, RequestExecutions{.request_id = executions_id_});
    case Step::completed:
      ++completed_ends_;
      return send_message(now, Urgency::control, RequestCompletedOrders{true});
    case Step::positions:
      collected_.positions.clear();
      ++position_ends_;
      send_message(now, Urgency::control, CancelPositions{});
      return send_message(now, Urgency::control, RequestPositions{});
    case Step::account:
      if (summary_id_ != 0) send_message(now, Urgency::control, CancelAccountSummary{summary_id_});
      collected_.account.clear();
      summary_id_ = next_request_id_++;
      return send_message(now, Urgency::control, RequestAccountSummary{summary_id_, "All", std::string(summary_tags)});
    case Step::done:
      enter(now, SessionPhase::ready, "synchronised");
      events_.push_back(Synced{std::exchange(collected_, {})});
      return activate_streams(now);
  }
}

void Session::finish_step(Instant now, Step step) {
  if (phase_ != SessionPhase::syncing || step != step_) return;
  begin_step(now, static_cast<Step>(static_cast<int>(step) + 1));
}

// ---- what the owner wants
// -----------------------------------------------------------------------------------------------

int Session::next_order_id() {
  return highest_order_id_ = std::max(next_valid_id_, highest_order_id_ + 1);
}

bool Session::place(Instant now, const PlaceOrder& order) {
  if (!may_trade(now)) return false;
  auto frame = frame_of(order);
  if (!frame) return false;
  Queued queued;
  queued.frame = *std::move(frame);
  queued.order_id = order.order.order_id;
  send(now, Urgency::order, std::move(queued));
  return true;
}

bool Session::cancel(Instant now, int order_id) {
  if (phase_ != SessionPhase::ready && phase_ != SessionPhase::degraded && phase_ != SessionPhase::syncing)
    return false;
  send_message(now, Urgency::cancel, CancelOrder{order_id, ""});
  return true;
}

int Session::request(Instant now, ClientMessage message, std::chrono::seconds deadline) {
  if (phase_ != SessionPhase::ready) return 0;
  int* id = request_id_in(message);
  if (!id) return 0;
  const int request_id = *id = next_request_id_++;
  auto frame = frame_of(message);
  if (!frame) return 0;
  Queued queued;
  queued.frame = *std::move(frame);
  queued.request_id = request_id;
  const auto* history = std::get_if<RequestHistoricalData>(&message);
  if (history) {
    queued.contract = contract_key(history->contract) + '/' + history->what_to_show;
    queued.identity = queued.contract + '/' + history->end + '/' + history->bar_size + '/' + history->duration;
    queued.weight = history->what_to_show == "BID_ASK" ? 2 : 1;
  }
  pending_[request_id] = {now + deadline, false};
  send(now, Urgency::data, std::move(queued));
  return request_id;
}

int Session::subscribe(Instant now, const Contract& contract, const std::string& generic_ticks) {
  const int id = next_request_id_++;
  streams_[id] = {contract, generic_ticks, false};
  activate_streams(now);
  return id;
}

void Session::unsubscribe(Instant now, int request_id) {
  const auto found = streams_.find(request_id);
  if (found == streams_.end()) return;
  if (found->second.active) send_message(now, Urgency::data, CancelMarketData{request_id});
  streams_.erase(found);
  activate_streams(now);
}

void Session::activate_streams(Instant now) {
  if (phase_ != SessionPhase::ready) return;
  int active = static_cast<int>(
      std::count_if(streams_.begin(), streams_.end(), [](const auto& entry) { return entry.second.active; }));
  for (auto& [id, stream] : streams_) {
    if (active >= settings_.market_data_lines) return;
    if (stream.active) continue;
    stream.active = true;
    ++active;
    send_message(now, Urgency::data, RequestMarketData{id, stream.contract, stream.ticks, false, false});
  }
}

// ---- the way out
// --------------------------------------------------------------------------------------------------------

std::size_t Session::queued() const noexcept {
  std::size_t n = 0;
  for (const auto& queue : queues_) n += queue.size();
  return n;
}

template <class M>
void Session::send_message(Instant now, Urgency urgency, const M& message) {
  auto frame = frame_of(message);
  if (!frame) return events_.push_back(FrameDropped{frame.error()});
  Queued queued;
  queued.frame = *std::move(frame);
  send(now, urgency, std::move(queued));
}

void Session::send(Instant now, Urgency urgency, Queued queued) {
  queues_[static_cast<std::size_t>(urgency)].push_back(std::move(queued));
  pump(now);
}

void Session::pump(Instant now) {
  for (std::size_t u = 0; u < urgencies; ++u) {
    auto& queue = queues_[u];
    for (auto at = queue.begin(); at != queue.end();) {
      const bool historical = at->weight > 0;
      if (historical && !historical_.may_send(now, at->identity, at->contract, at->weight)) {
        ++at;  // waits for the broker's rules; others may pass
        continue;
      }
      if (!bucket_.take(now, static_cast<Urgency>(u))) break;
      out_ += at->frame;
      if (at->order_id != 0) events_.push_back(OrderWritten{at->order_id});
      if (historical) {
        if (const auto pending = pending_.find(at->request_id); pending != pending_.end())
          pending->second.historical = true;
        historical_.sent(now, std::move(at->identity), std::move(at->contract), at->weight);
      }
      at = queue.erase(at);
    }
    if (!queue.empty() && u + 1 < urgencies && queue.front().weight == 0) break;  // the urgent go first
  }
}

/// Orders that were not written are given back; with `requests` everything else is forgotten too.
void Session::forget_queued(bool requests) {
  auto& orders = queues_[static_cast<std::size_t>(Urgency::order)];
  for (const Queued& order : orders) events_.push_back(OrderNotSent{order.order_id});
  orders.clear();
  if (requests)
    for (auto& queue : queues_) queue.clear();
}

void Session::fail_pending(std::string_view why) {
  for (const auto& [id, pending] : pending_)
    events_.push_back(RequestFailed{id, 0, ErrorAction::request_failed, std::string(why)});
  pending_.clear();
}

}  // namespace alaris::gateway
