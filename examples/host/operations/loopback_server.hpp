// SPDX-License-Identifier: Apache-2.0
#pragma once
// Answers GET requests from this machine, one after the other; no other address can be bound. Reading only: there is
// nothing to be changed by a request.

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace alaris::host {

struct PageAnswer {
  int status = 200;
  std::string type = "text/html; charset=utf-8";
  std::string body{};
};

class LoopbackServer {
 public:
  using Pages = std::function<PageAnswer(std::string_view path)>;
  /// Listens on 127.0.0.1; port 0 takes a free one. Throws HostError(unavailable).
  LoopbackServer(int port, Pages pages);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::chrono::milliseconds patience{2000};  // with one client

  [[nodiscard]] int port() const noexcept { return port_; }
  /// Waits for a request and answers what has come; however slowly a client speaks or reads, it holds it up for two
  /// seconds at most.
  void poll(std::chrono::milliseconds wait);

 private:
  void answer(int client) const;
  Pages pages_;
  int socket_ = -1;
  int port_ = 0;
};

}  // namespace alaris::host
