// SPDX-License-Identifier: Apache-2.0
// Alerts against a real web server and a real mail server on this machine.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "operations/alert_sinks.hpp"
#include "support/catch.hpp"

using namespace alaris;
using namespace alaris::host;

namespace {

namespace fs = std::filesystem;

class Servers {
 public:
  Servers() {
    std::string pattern = (fs::temp_directory_path() / "alaris-sinks-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    std::array<int, 2> in{}, out{};
    REQUIRE((::pipe(in.data()) == 0 && ::pipe(out.data()) == 0));
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(in[0], 0), ::dup2(out[1], 1), ::close(in[1]);
      ::execlp("python3", "python3", ALARIS_SOURCE_DIR "/tests/operations/servers.py", received_file().c_str(),
               static_cast<char*>(nullptr));
      ::_exit(127);
    }
    ::close(in[0]), ::close(out[1]);
    hold_ = in[1];
    std::string ports;
    for (char c = 0; ::read(out[0], &c, 1) == 1 && c != '\n';) ports.push_back(c);
    ::close(out[0]);
    REQUIRE(std::sscanf(ports.c_str(), "%d %d", &web, &mail) == 2);
  }
  ~Servers() {
    ::close(hold_);
    ::kill(child_, SIGTERM);
    ::waitpid(child_, nullptr, 0);
    fs::remove_all(folder_);
  }
  Servers(const Servers&) = delete;
  Servers& operator=(const Servers&) = delete;
  [[nodiscard]] std::string received_file() const { return (folder_ / "received.jsonl").string(); }
  [[nodiscard]] std::vector<nlohmann::json> received() const {
    std::vector<nlohmann::json> rows;
    std::ifstream in(received_file());
    for (std::string line; std::getline(in, line);) rows.push_back(nlohmann::json::parse(line));
    return rows;
  }
  int web = 0, mail = 0;

 private:
  fs::path folder_{};
  pid_t child_ = -1;
  int hold_ = -1;
};

Announcement alarm(std::string what) {
  return {AlertChange::raised, "gateway", Severity::p1, std::move(what), Instant(std::chrono::seconds(1'780'000'000))};
}

AlertSinks sinks_of(const Servers& servers) {
  AlertSinks sinks;
  sinks.log = false;
  sinks.webhook = WebhookSink{"http://127.0.0.1:" + std::to_string(servers.web) + "/hook/secret-token"};
  sinks.mail =
      MailSink{"smtp://127.0.0.1:" + std::to_string(servers.mail), "alaris@example.org", "desk@example.org", {}, {}};
  return sinks;
}

}  // namespace

TEST_CASE("an alert reaches the webhook and the mailbox", "[operations][alerts]") {
  const Servers servers;
  const Announcement a = alarm("the gateway is not connected");
  const auto failures = send(sinks_of(servers), {&a, 1});
  INFO((failures.empty() ? std::string() : failures.front()));
  REQUIRE(failures.empty());
  const auto rows = servers.received();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0]["webhook"]["schema"] == "alaris/alert/1");
  CHECK(rows[0]["webhook"]["severity"] == "P1");
  CHECK(rows[0]["webhook"]["what"] == "the gateway is not connected");
  CHECK(rows[1]["mail"][2] == "Subject: [alaris] P1 raised gateway");
  CHECK(rows[1]["envelope"].dump().find("<desk@example.org>") != std::string::npos);
}

TEST_CASE("the digest is one message however many warnings it holds", "[operations][alerts]") {
  const Servers servers;
  const std::vector<Announcement> day(7, alarm("the disk is filling"));
  REQUIRE(send_digest(sinks_of(servers), day).empty());
  CHECK(send_digest(sinks_of(servers), {}).empty());
  const auto rows = servers.received();
  REQUIRE(rows.size() == 1);
  CHECK(rows[0]["mail"].size() == 6 + 7);
}

TEST_CASE("a sink that fails is named without its secret and does not silence the others", "[operations][alerts]") {
  const Servers servers;
  AlertSinks sinks = sinks_of(servers);
  sinks.webhook->url = "http://127.0.0.1:" + std::to_string(servers.web) + "/broken";
  const Announcement a = alarm("x");
  auto failures = send(sinks, {&a, 1});
  REQUIRE(failures.size() == 1);
  CHECK(failures[0] == "webhook: answered 500");
  CHECK(servers.received().size() == 2);
  sinks.webhook->url = "http://hooks.example.org/secret-token";  // no TLS: never sent
  failures = send(sinks, {&a, 1});
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].find("secret-token") == std::string::npos);
}

TEST_CASE("a hostile symbol reaches neither the terminal nor a mail header", "[operations][alerts][security]") {
  const Announcement a = alarm("\x1b[2J\x07\r\nBcc: thief@example.org\r\n\r\nhello");
  const std::string line = one_line(a);
  for (const char c : line) CHECK(static_cast<unsigned char>(c) >= 0x20);
  const std::string mail = mail_text({"", "a@b\r\nX: y", "c@d", {}, {}}, "s\r\nBcc: e@f", {&a, 1});
  CHECK(mail.find("\r\nBcc") == std::string::npos);
  CHECK(mail.find("\r\nX:") == std::string::npos);
  CHECK(json_of(a).dump().find('\x1b') == std::string::npos);
}

namespace {

/// A web server that answers when it is told to.
class SlowServer {
 public:
  SlowServer() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET, address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    REQUIRE((::bind(socket_, plain, size) == 0 && ::listen(socket_, 4) == 0));
    REQUIRE(::getsockname(socket_, plain, &size) == 0);
    port = ntohs(address.sin_port);
  }
  ~SlowServer() { ::close(socket_); }
  SlowServer(const SlowServer&) = delete;
  SlowServer& operator=(const SlowServer&) = delete;
  std::string answer_one() const {
    const int client = ::accept(socket_, nullptr, nullptr);
    std::string request;
    char buffer[4096];
    while (request.find("alaris/alert/1") == std::string::npos) {
      const ssize_t n = ::read(client, buffer, sizeof buffer);
      if (n <= 0) break;
      request.append(buffer, static_cast<std::size_t>(n));
    }
    constexpr std::string_view answer = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    (void)!::write(client, answer.data(), answer.size());
    ::close(client);
    return request;
  }
  int port = 0;

 private:
  int socket_;
};

}  // namespace

TEST_CASE("who watches does not wait for a server that is slow to hear of an alert", "[operations][alerts]") {
  const SlowServer server;
  AlertSinks sinks;
  sinks.log = false;
  sinks.webhook = WebhookSink{"http://127.0.0.1:" + std::to_string(server.port) + "/hook"};
  AlertCourier courier(sinks);
  courier.carry({alarm("first"), alarm("second")});  // returns: nobody has answered yet
  CHECK(server.answer_one().find("first") != std::string::npos);
  CHECK(server.answer_one().find("second") != std::string::npos);
  CHECK(courier.take_failures().empty());
}

TEST_CASE("more alerts than can wait displace the oldest and are told as not delivered", "[operations][alerts]") {
  std::optional<SlowServer> server(std::in_place);
  AlertSinks sinks;
  sinks.log = false;
  sinks.webhook = WebhookSink{"http://127.0.0.1:" + std::to_string(server->port) + "/hook"};
  AlertCourier courier(sinks);
  courier.patience = std::chrono::seconds(0);
  courier.carry(std::vector<Announcement>(AlertCourier::most_waiting + 10, alarm("x")));
  const auto failures = courier.take_failures();
  CHECK((failures.size() == 9 || failures.size() == 10));  // one may be under way
  for (const std::string& failure : failures) CHECK(failure.starts_with("too much waits: "));
  server.reset();  // what is under way ends at once
}
