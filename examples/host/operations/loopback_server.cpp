// SPDX-License-Identifier: Apache-2.0
#include "operations/loopback_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "host_error.hpp"

namespace alaris::host {
namespace {

constexpr std::size_t longest_request = 8192;
using Deadline = std::chrono::steady_clock::time_point;

/// False when the client is not ready in time.
bool ready(int client, short events, Deadline until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  pollfd wanted{.fd = client, .events = events, .revents = 0};
  return left.count() > 0 && ::poll(&wanted, 1, static_cast<int>(left.count())) > 0;
}

/// A page elsewhere that resolves its own name to this machine may not read what is here.
bool asks_this_machine(std::string_view request) {
  std::size_t at = 0;
  while ((at = request.find("\r\n", at)) != std::string_view::npos) {
    at += 2;
    const std::string_view line = request.substr(at, request.find("\r\n", at) - at);
    if (line.size() < 5 || (line[0] | 0x20) != 'h' || line.substr(1, 4) != "ost:") continue;
    std::string_view host = line.substr(5);
    while (host.starts_with(' ')) host.remove_prefix(1);
    host = host.substr(0, host.find(':'));
    return host == "127.0.0.1" || host == "localhost";
  }
  return false;
}

void send_all(int client, std::string_view bytes, Deadline until) {
  while (!bytes.empty() && ready(client, POLLOUT, until)) {
    const ssize_t n = ::send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace

LoopbackServer::LoopbackServer(int port, Pages pages) : pages_(std::move(pages)) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const plain = reinterpret_cast<sockaddr*>(&address);
  if (socket_ < 0 || ::bind(socket_, plain, size) != 0 || ::listen(socket_, 8) != 0 ||
      ::getsockname(socket_, plain, &size) != 0) {
    if (socket_ >= 0) ::close(socket_);
    throw HostError(ExitCode::unavailable, fmt::format("127.0.0.1:{} cannot be listened on", port));
  }
  port_ = ntohs(address.sin_port);
}

LoopbackServer::~LoopbackServer() {
  ::close(socket_);
}

void LoopbackServer::poll(std::chrono::milliseconds wait) {
  pollfd ready{.fd = socket_, .events = POLLIN, .revents = 0};
  if (::poll(&ready, 1, static_cast<int>(wait.count())) <= 0) return;
  const int client = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  answer(client);
  ::close(client);
}

void LoopbackServer::answer(int client) const {
  const Deadline until = std::chrono::steady_clock::now() + patience;
  std::string request;
  char buffer[2048];
  while (request.size() < longest_request && request.find("\r\n\r\n") == std::string::npos) {
    if (!ready(client, POLLIN, until)) return;
    const ssize_t n = ::recv(client, buffer, sizeof buffer, MSG_DONTWAIT);
    if (n <= 0) return;
    request.append(buffer, static_cast<std::size_t>(n));
  }
  PageAnswer page;
  const std::size_t end = request.find(' ', 4);
  if (!request.starts_with("GET /") || end == std::string::npos)
    page = {405, "text/plain", "only GET\n"};
  else if (!asks_this_machine(request))
    page = {403, "text/plain", "only from this machine\n"};
  else
    page = pages_(std::string_view(request).substr(4, end - 4));
  send_all(client,
           fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n"
                       "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
                       "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n\r\n",
                       page.status, page.status == 200 ? "OK" : "Refused", page.type, page.body.size()),
           until);
  send_all(client, page.body, until);
}

}  // namespace alaris::host
