// SPDX-License-Identifier: Apache-2.0
// alaris-gateway-sim: the simulated gateway on a port of the loopback interface. The state machine is in server.hpp;
// here are its sockets and its clock.
#include <array>
#include <cstdio>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <boost/asio.hpp>

#include <alaris/market/new_york.hpp>

#include "host_error.hpp"
#include "simulated_gateway/scenario_file.hpp"
#include "simulated_gateway/server.hpp"

namespace alaris::simulated {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr const char* examples =
    "Examples:\n"
    "  alaris-gateway-sim --port 4002\n"
    "  alaris-gateway-sim --port 4002 --scenario scenario.json\n\n"
    "A practice ground: the wire protocol of Interactive Brokers' gateway at server version 178 with a simulated\n"
    "market behind it (SIMULATED: no price here is anybody's). It listens on 127.0.0.1 only.";

Instant system_now() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

class Loop {
 public:
  Loop(asio::io_context& io, Scenario scenario, std::uint16_t port, std::uint64_t seed, bool quiet)
      : server_(std::move(scenario), system_now(), seed), acceptor_(io), timer_(io), quiet_(quiet) {
    listen(tcp::endpoint(asio::ip::address_v4::loopback(), port));
    endpoint_ = acceptor_.local_endpoint();
    fmt::print("listening on 127.0.0.1:{}\n", endpoint_.port());
    std::fflush(stdout);
    tick();
  }

 private:
  struct Peer {
    explicit Peer(tcp::socket s) : socket(std::move(s)) {}
    tcp::socket socket;
    std::array<char, 65536> buffer{};
    std::string waiting{};  // not yet handed to a write
    std::string writing{};
    bool closing = false;
  };

  void listen(const tcp::endpoint& at) {
    acceptor_.open(at.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    acceptor_.bind(at);
    acceptor_.listen();
    accept();
  }

  void accept() {
    acceptor_.async_accept([this](boost::system::error_code error, tcp::socket socket) {
      if (error) return;
      boost::system::error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      if (const int id = server_.accept(system_now())) {
        peers_[id] = std::make_shared<Peer>(std::move(socket));
        note(fmt::format("connection {} opened", id));
        read(id, peers_[id]);
      }
      accept();
    });
  }

  void read(int id, const std::shared_ptr<Peer>& peer) {
    peer->socket.async_read_some(asio::buffer(peer->buffer),
                                 [this, id, peer](boost::system::error_code error, std::size_t count) {
                                   if (!peers_.contains(id)) return;
                                   if (error) return forget(id);
                                   server_.received(system_now(), id, std::string_view(peer->buffer.data(), count));
                                   flush();
                                   if (peers_.contains(id)) read(id, peer);
                                 });
  }

  void forget(int id) {
    peers_.erase(id);
    server_.closed(system_now(), id);
    note(fmt::format("connection {} closed", id));
    flush();
  }

  void write(int id, const std::shared_ptr<Peer>& peer) {
    if (!peer->writing.empty() || peer->waiting.empty()) return;
    peer->writing = std::exchange(peer->waiting, {});
    asio::async_write(peer->socket, asio::buffer(peer->writing),
                      [this, id, peer](boost::system::error_code error, std::size_t) {
                        peer->writing.clear();
                        if (error || (peer->closing && peer->waiting.empty())) {
                          boost::system::error_code ignored;
                          peer->socket.close(ignored);
                          if (peers_.contains(id)) forget(id);
                          return;
                        }
                        write(id, peer);
                      });
  }

  void flush() {
    for (const Output& out : server_.take_output()) {
      const auto found = peers_.find(out.connection);
      if (found == peers_.end()) continue;
      const auto peer = found->second;
      peer->waiting += out.bytes;
      peer->closing = peer->closing || out.close;
      write(out.connection, peer);
      if (!peer->closing || !peer->writing.empty()) continue;
      boost::system::error_code ignored;
      peer->socket.close(ignored);
      peers_.erase(out.connection);
    }
  }

  void tick() {
    const Instant now = system_now();
    server_.tick(now);
    flush();
    if (server_.listening(now) != acceptor_.is_open()) {
      boost::system::error_code ignored;
      if (acceptor_.is_open())
        acceptor_.close(ignored);
      else
        listen(endpoint_);
    }
    timer_.expires_after(std::chrono::milliseconds(5));
    timer_.async_wait([this](boost::system::error_code error) {
      if (!error) tick();
    });
  }

  void note(const std::string& text) {
    if (!quiet_) fmt::print(stderr, "alaris-gateway-sim: {}\n", text);
  }

  Server server_;
  tcp::acceptor acceptor_;
  tcp::endpoint endpoint_{};
  asio::steady_timer timer_;
  std::map<int, std::shared_ptr<Peer>> peers_{};
  bool quiet_;
};

int run(int argc, char** argv) {
  CLI::App app(examples, "alaris-gateway-sim");
  std::uint16_t port = 4002;
  std::string scenario_path;
  std::uint64_t seed = 1;
  bool quiet = false;
  app.add_option("--port", port, "port on 127.0.0.1; 0 takes a free one and prints it");
  app.add_option("--scenario", scenario_path, "JSON file, see docs/formats.md");
  app.add_option("--seed", seed, "of everything random");
  app.add_flag("-q,--quiet", quiet, "no notes on stderr");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);
    fmt::print(stderr, "alaris-gateway-sim: {}\n", e.what());
    return static_cast<int>(host::ExitCode::usage);
  }
  const Date today = new_york_date(system_now());
  Scenario scenario = scenario_path.empty() ? default_scenario(today) : read_scenario(scenario_path, today);
  asio::io_context io;
  std::optional<Loop> loop;
  try {
    loop.emplace(io, std::move(scenario), port, seed, quiet);
  } catch (const boost::system::system_error& e) {
    throw host::HostError(host::ExitCode::unavailable, fmt::format("cannot listen on port {}: {}", port, e.what()));
  }
  asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&](boost::system::error_code, int) { io.stop(); });
  io.run();
  return 0;
}

}  // namespace
}  // namespace alaris::simulated

int main(int argc, char** argv) {
  using alaris::host::ExitCode;
  try {
    return alaris::simulated::run(argc, argv);
  } catch (const alaris::host::HostError& e) {
    fmt::print(stderr, "alaris-gateway-sim: {}\n", e.what());
    return static_cast<int>(e.code());
  } catch (const std::exception& e) {
    fmt::print(stderr, "alaris-gateway-sim: internal error: {}\n", e.what());
    return static_cast<int>(ExitCode::internal);
  }
}
