// SPDX-License-Identifier: Apache-2.0
#pragma once
// Starts tests/feeds/server.py and stops it with the test program. Without Python the tests count as skipped.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "support/shared_data.hpp"

namespace alaris::test {

class FeedServer {
 public:
  /// Replays the manifest of `folder`; without one it only misbehaves.
  explicit FeedServer(const std::string& folder) : holds_fixtures_(!folder.empty()) {
    int to[2], from[2];
    if (::pipe(to) != 0 || ::pipe(from) != 0) return;
    const std::string script = std::string(ALARIS_SOURCE_DIR) + "/tests/feeds/server.py";
    process_ = ::fork();
    if (process_ == 0) {
      ::dup2(to[0], 0);
      ::dup2(from[1], 1);
      for (const int end : {to[0], to[1], from[0], from[1]}) ::close(end);
      if (folder.empty())
        ::execlp("python3", "python3", script.c_str(), nullptr);
      else
        ::execlp("python3", "python3", script.c_str(), folder.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(to[0]);
    ::close(from[1]);
    stdin_ = to[1];
    if (std::FILE* out = ::fdopen(from[0], "r")) {
      if (std::fscanf(out, "%d %d", &port_, &tls_port_) != 2) port_ = 0;
      std::fclose(out);
    }
  }
  ~FeedServer() {
    if (stdin_ >= 0) ::close(stdin_);
    if (process_ > 0) {
      ::kill(process_, SIGTERM);
      ::waitpid(process_, nullptr, 0);
    }
  }
  FeedServer(const FeedServer&) = delete;
  FeedServer& operator=(const FeedServer&) = delete;

  [[nodiscard]] bool runs() const noexcept { return port_ > 0; }
  [[nodiscard]] bool holds_fixtures() const noexcept { return holds_fixtures_; }
  [[nodiscard]] int tls_port() const noexcept { return tls_port_; }
  [[nodiscard]] std::string at(const std::string& target) const {
    return "http://127.0.0.1:" + std::to_string(port_) + target;
  }
  [[nodiscard]] std::string origin() const { return at(""); }
  [[nodiscard]] int port() const noexcept { return port_; }

 private:
  ::pid_t process_ = -1;
  int stdin_ = -1, port_ = 0, tls_port_ = 0;
  bool holds_fixtures_ = false;
};

/// One server for the whole test program; nothing where it cannot run (the test then returns: skipped).
inline const FeedServer* feed_server() {
  const auto fixtures = shared_data("fixtures");
  static const FeedServer server(fixtures ? fixtures->string() : std::string());
  if (!server.runs()) shared_data_was_missing() = true;
  return server.runs() ? &server : nullptr;
}

}  // namespace alaris::test
