// SPDX-License-Identifier: Apache-2.0
#include "gateway/tcp_link.hpp"

#include <array>
#include <optional>
#include <utility>

#include <boost/asio.hpp>

namespace alaris::gateway {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

struct TcpLink::Wire {
  Session& session;
  std::string host;
  std::uint16_t port;
  Clock clock;
  Listener listener;
  asio::io_context io{};
  asio::steady_timer timer{io};
  std::optional<tcp::socket> socket{};
  std::array<char, 65536> buffer{};
  std::string waiting{};
  std::uint64_t generation = 0;  // of the socket: what an older one still says is not heard
  bool waits_for_room = false;

  void close() {
    ++generation;
    if (!socket) return;
    error_code ignored;
    socket->shutdown(tcp::socket::shutdown_both, ignored);
    socket->close(ignored);
    socket.reset();
    waiting.clear();
    waits_for_room = false;
  }

  void lost(const error_code& error) {
    close();
    session.disconnected(clock(), error ? error.message() : "closed");
    settle();
  }

  void connect() {
    close();
    const std::uint64_t mine = generation;
    error_code error;
    const auto address = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
    if (error) return lost(error);
    socket.emplace(io);
    socket->async_connect(tcp::endpoint(address, port), [this, mine](error_code failed) {
      if (mine != generation) return;
      if (failed) return lost(failed);
      error_code ignored;
      socket->set_option(tcp::no_delay(true), ignored);
      socket->set_option(asio::socket_base::keep_alive(true), ignored);
      socket->non_blocking(true, ignored);
      session.connected(clock());
      read();
      settle();
    });
  }

  void read() {
    const std::uint64_t mine = generation;
    socket->async_read_some(asio::buffer(buffer), [this, mine](error_code error, std::size_t count) {
      if (mine != generation) return;
      if (error) return lost(error);
      session.received(clock(), std::string_view(buffer.data(), count));
      settle();
      if (mine == generation) read();
    });
  }

  void write() {
    waiting += session.take_bytes();
    if (!socket || waiting.empty() || waits_for_room) return;
    error_code error;
    const std::size_t count = socket->write_some(asio::buffer(waiting), error);
    waiting.erase(0, count);
    if (error && error != asio::error::would_block && error != asio::error::try_again) return lost(error);
    if (waiting.empty()) return;
    waits_for_room = true;
    const std::uint64_t mine = generation;
    socket->async_wait(tcp::socket::wait_write, [this, mine](error_code failed) {
      if (mine != generation) return;
      waits_for_room = false;
      failed ? lost(failed) : write();
    });
  }

  /// Bytes first, then events (the listener may want more of the session), then wishes; until nothing is left.
  void settle() {
    for (int round = 0; round < 100; ++round) {
      write();
      const auto events = session.take_events();
      const Instant now = clock();
      for (const SessionEvent& event : events) listener(now, event);
      const SocketWish wish = session.take_wish();
      if (wish == SocketWish::connect) connect();
      if (wish == SocketWish::close) close();
      if (events.empty() && wish == SocketWish::none) return;
    }
  }
};

TcpLink::TcpLink(Session& session, std::string host, std::uint16_t port, Clock clock, Listener listener)
    : wire_(new Wire{session, std::move(host), port, std::move(clock), std::move(listener)}) {}

TcpLink::~TcpLink() {
  wire_->close();
}

void TcpLink::poll(std::chrono::milliseconds most) {
  Wire& wire = *wire_;
  wire.session.tick(wire.clock());
  wire.settle();
  wire.timer.expires_after(most);
  wire.timer.async_wait([](error_code) {});
  wire.io.restart();
  wire.io.run_one();
  wire.io.poll();
  wire.settle();
}

void TcpLink::pump() {
  wire_->settle();
}

}  // namespace alaris::gateway
