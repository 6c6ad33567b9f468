// SPDX-License-Identifier: Apache-2.0
// A session's errors, and its questions about everything after a connection.
#include <utility>

#include "gateway/session.hpp"

namespace alaris::gateway {
namespace {

constexpr std::string_view summary_tags =
    "AccountType,NetLiquidation,TotalCashValue,SettledCash,BuyingPower,InitMarginReq,MaintMarginReq,AvailableFunds,"
    "ExcessLiquidity";

}  // namespace

// ---- errors --------------------------------------------------------------------------------------------------------

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

// ---- asking for everything -----------------------------------------------------------------------------------------

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

}  // namespace alaris::gateway
