// SPDX-License-Identifier: Apache-2.0
// What a session's owner wants of it, and the way of a message to the wire.
#include <algorithm>
#include <type_traits>
#include <utility>

#include "gateway/session.hpp"

namespace alaris::gateway {
namespace {

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

// ---- what the owner wants ------------------------------------------------------------------------------------------

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

bool Session::cancel_everything(Instant now) {
  if (phase_ != SessionPhase::ready && phase_ != SessionPhase::degraded && phase_ != SessionPhase::syncing)
    return false;
  send_message(now, Urgency::cancel, GlobalCancel{});
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

// ---- the way out ---------------------------------------------------------------------------------------------------

std::size_t Session::queued() const noexcept {
  std::size_t n = 0;
  for (const auto& queue : queues_) n += queue.size();
  return n;
}

void Session::send_message(Instant now, Urgency urgency, const ClientMessage& message) {
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
