// SPDX-License-Identifier: Apache-2.0
#pragma once
// The simulated gateway as its users run it: its own process on a free port of the loopback interface.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace alaris::test {

class GatewayProcess {
 public:
  explicit GatewayProcess(const std::vector<std::string>& arguments = {}) {
    int out[2];
    if (::pipe(out) != 0) return;
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(out[1], STDOUT_FILENO);
      ::close(out[0]), ::close(out[1]);
      std::vector<std::string> words{ALARIS_GATEWAY_SIM, "--port", "0", "--quiet"};
      words.insert(words.end(), arguments.begin(), arguments.end());
      std::vector<char*> argv;
      for (std::string& word : words) argv.push_back(word.data());
      argv.push_back(nullptr);
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
    ::close(out[1]);
    std::string line;
    for (char c = 0; ::read(out[0], &c, 1) == 1 && c != '\n';) line.push_back(c);
    ::close(out[0]);
    const std::size_t colon = line.rfind(':');
    if (colon != std::string::npos) port_ = static_cast<std::uint16_t>(std::stoi(line.substr(colon + 1)));
  }
  ~GatewayProcess() { (void)stop(); }
  GatewayProcess(const GatewayProcess&) = delete;
  GatewayProcess& operator=(const GatewayProcess&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// Its exit code after SIGTERM.
  int stop() {
    if (child_ <= 0) return exit_code_;
    ::kill(child_, SIGTERM);
    int status = 0;
    ::waitpid(child_, &status, 0);
    child_ = -1;
    return exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t child_ = -1;
  std::uint16_t port_ = 0;
  int exit_code_ = -1;
};

/// A plain TCP connection.
class Socket {
 public:
  explicit Socket(std::uint16_t port) : file_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET, to.sin_port = htons(port), to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    open_ = ::connect(file_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  ~Socket() { ::close(file_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  [[nodiscard]] bool open() const noexcept { return open_; }
  void write(const std::string& bytes) {
    open_ = open_ && ::send(file_, bytes.data(), bytes.size(), MSG_NOSIGNAL) >= 0;
  }
  /// What has come within `wait`, possibly nothing.
  [[nodiscard]] std::string read(std::chrono::milliseconds wait) {
    pollfd poll{file_, POLLIN, 0};
    if (!open_ || ::poll(&poll, 1, static_cast<int>(wait.count())) != 1) return {};
    std::string bytes(65536, '\0');
    const ssize_t n = ::recv(file_, bytes.data(), bytes.size(), 0);
    open_ = n > 0;
    bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return bytes;
  }

 private:
  int file_;
  bool open_ = false;
};

}  // namespace alaris::test
