// SPDX-License-Identifier: Apache-2.0
#include "simulated_gateway/server.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <type_traits>

#include "gateway/handshake.hpp"

namespace alaris::simulated {

using namespace gateway;
using namespace std::chrono_literals;

double rounded(double value, int digits) {
  const double scale = std::pow(10.0, digits);
  return std::round(value * scale) / scale;
}

namespace {

/// The request id of what could not be read, so that a client's wait for it ends; -1: it has none. Requests up to 77
/// begin with a version, but for placeOrder and reqHistoricalData.
int request_id_in(std::string_view payload, int message_id) {
  constexpr int without[] = {5, 6, 8, 14, 15, 16, 17, 49, 58, 59, 61, 64, 71, 91, 99};
  if (std::find(std::begin(without), std::end(without), message_id) != std::end(without)) return -1;
  const bool versioned = message_id < 78 && message_id != PlaceOrder::id && message_id != RequestHistoricalData::id;
  for (int field = 0; field < (versioned ? 2 : 1); ++field) {
    const std::size_t end = payload.find('\0');
    if (end == std::string_view::npos) return -1;
    payload.remove_prefix(end + 1);
  }
  int id = -1;
  const char* stop = payload.data() + std::min(payload.find('\0'), payload.size());
  const auto [end, error] = std::from_chars(payload.data(), stop, id);
  return error == std::errc{} && end == stop ? id : -1;
}

}  // namespace

Server::Server(Scenario scenario, Instant started, std::uint64_t seed)
    : Server(scenario, Market(scenario), started, seed) {}

Server::Server(Scenario scenario, AnyMarket history, Instant started, std::uint64_t seed)
    : Server(scenario, Market(scenario, std::move(history), started), started, seed) {}

Server::Server(Scenario scenario, Market market, Instant started, std::uint64_t seed)
    : scenario_(std::move(scenario)),
      market_(std::move(market)),
      started_(started),
      random_(seed),
      cash_(scenario_.cash) {
  std::stable_sort(scenario_.faults.begin(), scenario_.faults.end(),
                   [](const Fault& a, const Fault& b) { return a.at < b.at; });
}

// ---- connections
// ------------------------------------------------------------------------------------------------------

int Server::accept(Instant now) {
  if (!listening(now)) return 0;
  connections_[next_connection_];
  return next_connection_++;
}

void Server::closed(Instant now, int connection) {
  const auto found = connections_.find(connection);
  if (found == connections_.end()) return;
  if (half_open_for_ > 0ms && found->second.client_id >= 0) {
    found->second.gone = true;
    found->second.id_until = now + half_open_for_;
    return;
  }
  connections_.erase(found);
}

void Server::close(int connection) {
  output_.push_back({connection, {}, true});
  connections_.erase(connection);
}

int Server::connection_of(int client_id) const {
  for (const auto& [id, connection] : connections_)
    if (connection.client_id == client_id && connection.stage == Connection::Stage::running && !connection.gone)
      return id;
  return 0;
}

void Server::send_bytes(int id, std::string bytes) {
  const auto found = connections_.find(id);
  if (found == connections_.end() || found->second.gone) return;
  if (stalled_) return void(held_.emplace_back(id, std::move(bytes)));
  Connection& connection = found->second;
  const bool drops = connection.bytes_left && *connection.bytes_left <= bytes.size();
  if (connection.bytes_left) {
    bytes.resize(std::min(bytes.size(), *connection.bytes_left));
    *connection.bytes_left -= bytes.size();
  }
  if (single_bytes_)
    for (const char byte : bytes) output_.push_back({id, std::string(1, byte), false});
  else
    output_.push_back({id, std::move(bytes), false});
  if (drops) close(id);
}

template <class M>
void Server::send(int connection, const M& message) {
  const auto found = connections_.find(connection);
  if (found == connections_.end()) return;
  auto frame = frame_of(message, found->second.version);
  // Nothing goes unsaid: what has no form on the wire is an error, which always has one.
  if (!frame) frame = frame_of(ErrorMessage{-1, 322, "Error processing request: the answer cannot be written", ""});
  if (trailing_fields_) frame = framed(frame->substr(4) + join_fields({"later", "", "0"}));
  send_bytes(connection, *std::move(frame));
}
template void Server::send(int, const GatewayMessage&);

void Server::error(int connection, int id, int code, const std::string& text) {
  send(connection, GatewayMessage(ErrorMessage{id, code, text, ""}));
}

void Server::later(Instant at, std::function<void(Instant)> what) {
  agenda_.emplace(at, std::move(what));
}

void Server::tick(Instant now) {
  market_.follow(now);
  while (next_fault_ < scenario_.faults.size() && started_ + scenario_.faults[next_fault_].at <= now)
    apply(now, scenario_.faults[next_fault_++]);
  std::erase_if(connections_, [&](const auto& entry) { return entry.second.gone && now >= entry.second.id_until; });
  consider_fills(now);
  while (!agenda_.empty() && agenda_.begin()->first <= now) {
    const auto what = std::move(agenda_.begin()->second);
    agenda_.erase(agenda_.begin());
    what(now);
  }
  if (now - last_ticks_ >= 1s) {
    last_ticks_ = now;
    send_all_ticks(now);
  }
  if (now - last_bars_ >= 5s) {
    last_bars_ = now;
    update_kept_bars(now);
  }
  if (now - last_figures_ >= 3min) refresh_account(now, {});
}

void Server::apply(Instant now, const Fault& fault) {
  std::vector<int> running;  // sending may end a connection
  for (const auto& [id, connection] : connections_)
    if (connection.stage == Connection::Stage::running) running.push_back(id);
  const auto everyone = [&](int code, const std::string& text) {
    for (const int id : running) error(id, -1, code, text);
  };
  const auto close_all = [&] {
    while (!connections_.empty()) close(connections_.begin()->first);
  };
  switch (fault.kind) {
    case FaultKind::lose_broker:
      broker_lost_ = true;
      return everyone(1100, "Connectivity between IBKR and Trader Workstation has been lost.");
    case FaultKind::restore_data_lost:
      broker_lost_ = false;
      for (auto& [id, connection] : connections_) connection.streams.clear();
      return everyone(1101, "Connectivity between IBKR and TWS has been restored - data lost.");
    case FaultKind::restore_data_kept:
      broker_lost_ = false;
      return everyone(1102, "Connectivity between IBKR and TWS has been restored - data maintained.");
    case FaultKind::farm_down:
      return everyone(2103, "Market data farm connection is broken:usfarm");
    case FaultKind::farm_up:
      return everyone(2104, "Market data farm connection is OK:usfarm");
    case FaultKind::stall:
      stalled_ = true;
      return;
    case FaultKind::resume: {
      stalled_ = false;
      const auto held = std::exchange(held_, {});
      for (const auto& [id, bytes] : held) send_bytes(id, bytes);
      return;
    }
    case FaultKind::close:
      return close_all();
    case FaultKind::restart:
      stalled_ = broker_lost_ = false;
      held_.clear();
      shut_until_ = now + std::chrono::milliseconds(static_cast<std::int64_t>(fault.amount * 1000.0));
      return close_all();
    case FaultKind::half_open:
      half_open_for_ = std::chrono::milliseconds(static_cast<std::int64_t>(fault.amount * 1000.0));
      return;
    case FaultKind::drop_after_bytes:
      for (auto& [id, connection] : connections_) connection.bytes_left = static_cast<std::size_t>(fault.amount);
      return;
    case FaultKind::roll_back_ids:
      for (auto& [client, id] : highest_id_) id = std::max(0, id - static_cast<int>(fault.amount));
      return;
    case FaultKind::unknown_message:
      for (const int id : running) send_bytes(id, framed(join_fields({"777", "1", "new"})));
      return;
    case FaultKind::trailing_fields:
      trailing_fields_ = true;
      return;
    case FaultKind::single_bytes:
      single_bytes_ = true;
      return;
    case FaultKind::spot:
      market_.set_spot(fault.symbol, fault.amount);
      return send_all_ticks(now);
    case FaultKind::halt:
      halts_[fault.symbol] = fault.amount;
      for (const int id : running) {
        const auto streams = connections_.at(id).streams;  // a copy: sending may close the connection
        for (const auto& [request, stream] : streams)
          if (const Instrument* told = stream.contract.is_bag() ? nullptr : market_.find(stream.contract);
              told && market_.symbols()[told->symbol].symbol == fault.symbol)
            send_halt(id, request, stream);
      }
      return;
  }
}

// ---- opening
// ------------------------------------------------------------------------------------------------------------

void Server::received(Instant now, int id, std::string_view bytes) {
  const auto found = connections_.find(id);
  if (found == connections_.end() || found->second.gone) return;
  found->second.frames.feed(bytes);
  while (connections_.contains(id)) {
    Connection& connection = connections_.at(id);
    if (connection.stage == Connection::Stage::prefix) {
      const auto prefix = connection.frames.take(api_prefix.size());
      if (!prefix) return;
      if (*prefix != api_prefix) return close(id);
      connection.stage = Connection::Stage::range;
      continue;
    }
    const auto payload = connection.frames.next();
    if (connection.frames.broken()) return close(id);
    if (!payload) return;
    const std::string copy(*payload);  // answering may end the connection and its buffer
    connection.stage == Connection::Stage::range ? handle_range(id, copy) : handle_message(now, id, copy);
  }
}

void Server::handle_range(int id, std::string_view payload) {
  const auto range = parse_range(payload);
  Connection& connection = connections_.at(id);
  // A version whose layout this gateway does not speak would be a lie on the wire.
  if (!range || range->least > scenario_.version || range->most < oldest_version) return close(id);
  connection.version = std::min(range->most, scenario_.version);
  connection.stage = Connection::Stage::start;
  send_bytes(id, frame_of_reply({connection.version, gateway_time(started_)}));
}

int Server::next_valid_id(int client_id) const {
  const auto found = highest_id_.find(client_id);
  return std::max(scenario_.next_order_id, found == highest_id_.end() ? 0 : found->second + 1);
}

void Server::handle_start(Instant, int id, const StartApi& start) {
  const bool taken = std::any_of(connections_.begin(), connections_.end(), [&](const auto& entry) {
    return entry.first != id && entry.second.client_id == start.client_id;
  });
  if (taken) {
    error(id, -1, 326, "Unable to connect as the client id is already in use. Retry with a unique client id.");
    return close(id);
  }
  Connection& connection = connections_.at(id);
  connection.client_id = start.client_id;
  connection.stage = Connection::Stage::running;
  send(id, GatewayMessage(ManagedAccounts{scenario_.account}));
  send(id, GatewayMessage(NextValidId{next_valid_id(start.client_id)}));
  error(id, -1, 2104, "Market data farm connection is OK:usfarm");
  error(id, -1, 2106, "HMDS data farm connection is OK:ushmds");
  error(id, -1, 2158, "Sec-def data farm connection is OK:secdefnj");
  if (broker_lost_) error(id, -1, 1100, "Connectivity between IBKR and Trader Workstation has been lost.");
  for (const auto& [perm, order] : orders_) {
    if (order.client_id != start.client_id || order.over()) continue;
    send(id, GatewayMessage(echo_of(order)));
    send(id, GatewayMessage(status_of(order)));
  }
}

// ---- requests
// -----------------------------------------------------------------------------------------------------------

bool Server::over_speed(Instant now, int id) {
  Connection& connection = connections_.at(id);
  while (!connection.recent.empty() && now - connection.recent.front() >= 1s) connection.recent.pop_front();
  connection.recent.push_back(now);
  if (static_cast<int>(connection.recent.size()) <= scenario_.messages_per_second) return false;
  connection.recent.clear();
  if (++connection.violations >= 3) return close(id), true;
  error(id, -1, 100, "Max rate of messages per second has been exceeded.");
  return !connections_.contains(id);
}

void Server::handle_message(Instant now, int id, std::string_view payload) {
  const auto message = decode_client(payload, connections_.at(id).version);
  if (connections_.at(id).stage == Connection::Stage::start) {
    const auto* start = message ? std::get_if<StartApi>(&*message) : nullptr;
    if (start) handle_start(now, id, *start);
    return;  // what comes before START_API is dropped silently
  }
  if (over_speed(now, id)) return;
  if (message) return answer(now, id, *message);
  const WireFault fault = message.error();
  error(id, request_id_in(payload, fault.message_id), 320,
        "Error reading request: message " + std::to_string(fault.message_id) + ", field " +
            std::to_string(fault.field) + ", " + std::string(name(fault.what)));
}

void Server::answer(Instant now, int id, const ClientMessage& message) {
  const int client_id = connections_.at(id).client_id;
  std::visit(
      [&]<class M>(const M& m) {
        if (scenario_.unanswered.contains(M::id)) return;
        Connection& connection = connections_.at(id);
        if constexpr (std::is_same_v<M, RequestIds>) {
          send(id, GatewayMessage(NextValidId{next_valid_id(client_id)}));
        } else if constexpr (std::is_same_v<M, RequestManagedAccounts>) {
          send(id, GatewayMessage(ManagedAccounts{scenario_.account}));
        } else if constexpr (std::is_same_v<M, RequestCurrentTime>) {
          const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
          send(id, GatewayMessage(CurrentTime{seconds}));
        } else if constexpr (std::is_same_v<M, RequestOpenOrders>) {
          send_open_orders(id, client_id);
        } else if constexpr (std::is_same_v<M, RequestAllOpenOrders>) {
          send_open_orders(id, std::nullopt);
        } else if constexpr (std::is_same_v<M, RequestAutoOpenOrders>) {
          if (client_id != 0) error(id, -1, 327, "Only the client with id 0 may bind orders.");
        } else if constexpr (std::is_same_v<M, RequestCompletedOrders>) {
          send_completed(id);
        } else if constexpr (std::is_same_v<M, RequestMarketDataType>) {
          connection.data_type = m.type;
        } else if constexpr (std::is_same_v<M, CancelPositions>) {
          connection.wants_positions = false;
        } else if constexpr (std::is_same_v<M, CancelAccountSummary>) {
          connection.summaries.erase(m.request_id);
        } else if constexpr (requires { this->on(now, id, m); }) {
          on(now, id, m);
        }
      },
      message);
}

}  // namespace alaris::simulated
