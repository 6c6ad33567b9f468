// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

#include <nlohmann/json.hpp>

#include "operations/loopback_server.hpp"
#include "operations/service_notice.hpp"
#include "operations/status_text.hpp"
#include "support/catch.hpp"

using namespace alaris;
using namespace alaris::host;
using namespace std::chrono_literals;

namespace {

constexpr Instant now{std::chrono::seconds(1'780'000'000)};

AlertBoard some_board() {
  AlertBoard board;
  const std::vector<Condition> wrong{{"gateway", Severity::p0, "lost <script>alert(1)</script>"},
                                     {"disk_free", Severity::p2, "filling"}};
  (void)board.observe(now, wrong, {});
  return board;
}

/// The whole answer to one request.
std::string ask(int port, const std::string& request) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  (void)!::write(socket, request.data(), request.size());
  std::string all;
  char buffer[4096];
  for (ssize_t n = 0; (n = ::read(socket, buffer, sizeof buffer)) > 0;) all.append(buffer, static_cast<std::size_t>(n));
  ::close(socket);
  return all;
}

}  // namespace

TEST_CASE("an alert board outlives the process with its latches and its digest", "[operations][alerts]") {
  const AlertBoard board = some_board();
  const auto again = board_of(board_text(board));
  REQUIRE(again);
  CHECK(again->alerts.size() == 2);
  CHECK(again->alerts.at("gateway").latched);
  CHECK(again->digest.size() == 1);
  CHECK(board_text(*again) == board_text(board));
  for (const char* other : {"", "{}", "[]", "{\"schema\":\"alaris/alerts/1\"}", "{\"schema\":1}", "\xff"})
    CHECK(!board_of(other));
}

TEST_CASE("nothing that a broker or a vendor says becomes markup on the status page", "[operations][security]") {
  const auto rows = judge({.now = now}, {});
  const nlohmann::ordered_json trading{{"mode", "paper"},
                                       {"account", "<img src=x>"},
                                       {"phase", "ready"},
                                       {"halted", "\"><script>"},
                                       {"positions", {{{"symbol", "<b>A</b>"}, {"contracts", 1}}}}};
  const std::string page = status_page(rows, some_board(), trading, now);
  CHECK(page.find("<script>") == std::string::npos);
  CHECK(page.find("<img") == std::string::npos);
  CHECK(page.find("&lt;b&gt;A&lt;/b&gt;") != std::string::npos);
  CHECK(page.find("http://") == std::string::npos);
  CHECK(page.find("https://") == std::string::npos);
}

TEST_CASE("metrics name every check and count what stands", "[operations][checks]") {
  const auto rows = judge({.now = now}, {});
  const auto trading = nlohmann::ordered_json::parse(R"({"nav": 100412.5, "loss_today": null, "state": "reduce_only",
    "positions": [{"contracts": -2}, {"contracts": 2}], "shares": [{"shares": -100}],
    "orders": [{"phase": "filled"}, {"phase": 7}, {"phase": "filled"}]})");
  CHECK(health_metrics(rows, some_board(), nullptr).find("alaris_orders") == std::string::npos);
  const std::string metrics = health_metrics(rows, some_board(), trading);
  for (const char* line :
       {"alaris_net_asset_value_dollars 100412.5\n", "alaris_trading_state{state=\"reduce_only\"} 1\n",
        "alaris_trading_state{state=\"active\"} 0\n", "alaris_positions{kind=\"option\"} 4\n",
        "alaris_positions{kind=\"share\"} 100\n", "alaris_orders{phase=\"filled\"} 2\n"})
    CHECK(metrics.find(line) != std::string::npos);
  CHECK(metrics.find("loss_today") == std::string::npos);
  for (const CheckRow& row : rows)
    CHECK(metrics.find("alaris_check_health{check=\"" + std::string(row.name) + "\"} ") != std::string::npos);
  CHECK(metrics.find("alaris_alerts{severity=\"P0\"} 1\n") != std::string::npos);
  CHECK(metrics.find("nan") == std::string::npos);
  CHECK(health_json(rows, now)["checks"].size() == rows.size());
}

TEST_CASE("the status page answers this machine alone and only reading", "[operations][security]") {
  LoopbackServer server(0, [](std::string_view path) { return PageAnswer{.body = "page " + std::string(path)}; });
  std::atomic<bool> stop{false};
  std::thread serving([&] {
    while (!stop) server.poll(20ms);
  });
  const std::string host = "\r\nHost: 127.0.0.1:" + std::to_string(server.port()) + "\r\n\r\n";
  CHECK(ask(server.port(), "GET /a HTTP/1.1" + host).find("page /a") != std::string::npos);
  CHECK(ask(server.port(), "GET /a HTTP/1.1\r\nHost: evil.example.org\r\n\r\n").find(" 403 ") != std::string::npos);
  CHECK(ask(server.port(), "GET /a HTTP/1.1\r\n\r\n").find(" 403 ") != std::string::npos);
  CHECK(ask(server.port(), "POST /a HTTP/1.1" + host).find(" 405 ") != std::string::npos);
  CHECK(ask(server.port(), std::string(9000, 'x')).find(" 405 ") != std::string::npos);
  CHECK(ask(server.port(), "GET /b HTTP/1.1" + host).find("page /b") != std::string::npos);
  stop = true;
  serving.join();
}

TEST_CASE("systemd hears over its socket and no one without it", "[operations][service]") {
  ::unsetenv("NOTIFY_SOCKET");
  CHECK(!tell_service_manager("READY=1"));
  std::string pattern = (std::filesystem::temp_directory_path() / "alaris-notify-XXXXXX").string();
  const std::filesystem::path folder = ::mkdtemp(pattern.data());
  const std::string place = (folder / "notify").string();
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  place.copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  ::setenv("NOTIFY_SOCKET", place.c_str(), 1);
  CHECK(tell_service_manager("WATCHDOG=1"));
  char heard[32] = {};
  CHECK(::recv(socket, heard, sizeof heard, 0) == 10);
  CHECK(std::string(heard) == "WATCHDOG=1");
  ::unsetenv("NOTIFY_SOCKET");
  ::close(socket);
  std::filesystem::remove_all(folder);
}

TEST_CASE("a client that speaks a byte at a time holds nobody up for longer than the server's patience",
          "[operations][security]") {
  LoopbackServer server(0, [](std::string_view) { return PageAnswer{.body = "page"}; });
  server.patience = 50ms;
  std::atomic<bool> served{false};
  std::thread serving([&] {
    server.poll(5000ms);
    served = true;
  });
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(server.port()));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  for (int i = 0; i < 500 && !served; ++i) {  // five seconds of it; each byte alone is well within the patience
    (void)!::send(socket, "G", 1, MSG_NOSIGNAL);
    std::this_thread::sleep_for(10ms);
  }
  CHECK(served);
  ::close(socket);
  serving.join();
}
