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

#include "commands/command.hpp"
#include "commands/market_options.hpp"
#include "host_error.hpp"
#include "operations/practice_clock.hpp"
#include "simulated_gateway/scenario_file.hpp"
#include "simulated_gateway/server.hpp"

namespace alaris::simulated {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr const char* examples =
    "Examples:\n"
    "  alaris-gateway-sim --port 4002\n"
    "  alaris-gateway-sim --port 4002 --scenario scenario.json\n"
    "  alaris-gateway-sim --symbol AAPL,MSFT --clock 2024-05-02T15:30 --speed 60\n\n"
    "A practice ground: the wire protocol of Interactive Brokers' gateway at server version 178 with a simulated\n"
    "market behind it (SIMULATED: no price here is anybody's). It listens on 127.0.0.1 only.";

class Loop {
 public:
  Loop(asio::io_context& io, Server server, const host::PracticeClock& clock, std::uint16_t port, bool quiet)
      : server_(std::move(server)), clock_(&clock), acceptor_(io), timer_(io), quiet_(quiet) {
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
      if (const int id = server_.accept(clock_->now())) {
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
                                   server_.received(clock_->now(), id, std::string_view(peer->buffer.data(), count));
                                   flush();
                                   if (peers_.contains(id)) read(id, peer);
                                 });
  }

  void forget(int id) {
    peers_.erase(id);
    server_.closed(clock_->now(), id);
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
    const Instant now = clock_->now();
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
  const host::PracticeClock* clock_;
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
  std::string symbols, clock_words;
  double speed = 1.0;
  std::uint64_t seed = 1;
  bool quiet = false;
  host::Session session;
  host::MarketOptions source{.source = "simulated"};
  app.add_option("--port", port, "port on 127.0.0.1; 0 takes a free one and prints it");
  app.add_option("--scenario", scenario_path, "JSON file, see docs/formats.md");
  app.add_option("--seed", seed, "of everything random");
  app.add_option("--symbol", symbols, "quote these names from a market, each session's chain from open to close");
  app.add_option("--source", source.source, "that market: simulated (default), store, chains:DIR or lean:DIR");
  app.add_option("--clock", clock_words, "practice: the New York time at which it starts, 2024-05-02T15:30[@SECONDS]");
  app.add_option("--speed", speed, "practice: how much faster its clock runs; closed hours are skipped");
  app.add_option("-c,--config", session.config_files, "configuration file, repeatable")->allow_extra_args(false);
  app.add_option("--set", session.assignments, "section.key=value")->allow_extra_args(false);
  app.add_flag("-q,--quiet", quiet, "no notes on stderr");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);
    fmt::print(stderr, "alaris-gateway-sim: {}\n", e.what());
    return static_cast<int>(host::ExitCode::usage);
  }
  if (clock_words.empty() && speed != 1.0) throw host::HostError(host::ExitCode::usage, "--speed needs a --clock");
  const host::PracticeClock clock =
      clock_words.empty() ? host::PracticeClock() : host::PracticeClock(clock_words, speed);
  const Instant start = clock.now();
  const Date today = new_york_date(start);
  Scenario scenario = scenario_path.empty() ? default_scenario(today) : read_scenario(scenario_path, today);
  // Of a faster clock both processes see each other's messages in bursts that no client could space out.
  if (speed > 1.0) scenario.messages_per_second *= 10;
  const auto serve = [&](Server server) {
    asio::io_context io;
    std::optional<Loop> loop;
    try {
      loop.emplace(io, std::move(server), clock, port, quiet);
    } catch (const boost::system::system_error& e) {
      throw host::HostError(host::ExitCode::unavailable, fmt::format("cannot listen on port {}: {}", port, e.what()));
    }
    asio::signal_set signals(io, SIGINT, SIGTERM);
    signals.async_wait([&](boost::system::error_code, int) { io.stop(); });
    io.run();
  };
  if (symbols.empty()) {
    serve(Server(std::move(scenario), start, seed));
    return 0;
  }
  const auto names = host::parse_symbols(symbols);
  const host::ResolvedConfig config = session.config();
  host::with_market(source, config.settings, names, today, today,
                    [&](const auto& market, const host::MarketNotes& notes) {
                      for (const std::string& label : notes.labels)
                        if (!quiet) fmt::print(stderr, "alaris-gateway-sim: {}\n", label);
                      serve(Server(std::move(scenario), AnyMarket(market), start, seed));
                    });
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
