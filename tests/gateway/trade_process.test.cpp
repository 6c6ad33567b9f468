// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "gateway_process.hpp"
#include "support/catch.hpp"

using namespace std::chrono_literals;

namespace {

/// A user's state folder and the host's commands in it.
class Desk {
 public:
  explicit Desk(std::uint16_t port) : port_(port) {
    std::string pattern = (std::filesystem::temp_directory_path() / "alaris-trade-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~Desk() {
    if (child_ > 0) end(SIGKILL);
    std::filesystem::remove_all(folder_);
  }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  /// Exit code of `alaris trade WORDS`; what it printed is in `output`.
  int trade(const std::string& words) {
    const std::string line = "cd '" + folder_.string() + "' && env -i PATH=\"$PATH\" HOME='" + folder_.string() +
                             "' " ALARIS_HOST " trade " + words + " 2>&1 </dev/null";
    std::FILE* pipe = ::popen(line.c_str(), "r");
    output.clear();
    for (char buffer[512]; std::fgets(buffer, sizeof buffer, pipe);) output += buffer;
    const int status = ::pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  void begin() {
    child_ = ::fork();
    if (child_ != 0) return;
    ::setenv("HOME", folder_.c_str(), 1), ::unsetenv("XDG_STATE_HOME");
    for (const char* key : {"POLYGON_API_KEY", "MASSIVE_API_KEY", "FMP_API_KEY"}) ::setenv(key, secret, 1);
    if (::chdir(folder_.c_str()) != 0) ::_exit(126);
    const std::string port = "gateway.port=" + std::to_string(port_);
    ::execl(ALARIS_HOST, ALARIS_HOST, "--quiet", "--set", port.c_str(), "trade", "start", "--paper", "--account",
            "DU1234567", static_cast<char*>(nullptr));
    ::_exit(127);
  }
  void hang() { ::kill(child_, SIGSTOP); }
  void go_on() { ::kill(child_, SIGCONT); }
  /// How the trading process ended.
  int end(int signal) {
    if (signal != 0) ::kill(child_, signal);
    int status = 0;
    ::waitpid(child_, &status, 0);
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  /// Until `trade status` ends with `code`, at most six seconds.
  bool shows(int code) {
    for (int i = 0; i < 60; ++i) {
      if (trade("status") == code) return true;
      std::this_thread::sleep_for(100ms);
    }
    return false;
  }
  /// Copies of the state; a stop leaves one.
  [[nodiscard]] std::ptrdiff_t copies() const {
    std::error_code none;
    const auto folders = std::filesystem::directory_iterator(folder_ / ".local/state/alaris/backups", none);
    return std::distance(std::filesystem::begin(folders), std::filesystem::end(folders));
  }
  /// Files of the session, and whether one of them has the text: journal, status, log, whatever it keeps.
  struct Kept {
    int files = 0;
    bool found = false;
  };
  Kept keeps(const std::string& text) const {
    Kept kept;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string bytes(std::istreambuf_iterator<char>(in), {});
      ++kept.files, kept.found = kept.found || bytes.find(text) != std::string::npos;
    }
    return kept;
  }
  std::string output{};
  static constexpr const char* secret = "planted-secret-5f1c";  // a feed's key in the session's environment

 private:
  std::filesystem::path folder_{};
  std::uint16_t port_;
  pid_t child_ = -1;
};

}  // namespace

TEST_CASE("a paper session reconciles, is halted, killed, resumed and stopped", "[gateway][process]") {
  alaris::test::GatewayProcess gateway;
  Desk desk(gateway.port());
  CHECK(desk.trade("status") == 5);
  desk.begin();
  REQUIRE(desk.shows(0));
  CHECK_THAT(desk.output, Catch::Matchers::Contains("paper DU1234567, ready"));
  CHECK(desk.trade("halt --reason 'odd spreads'") == 0);
  REQUIRE(desk.shows(1));
  CHECK_THAT(desk.output, Catch::Matchers::Contains("HALTED: odd spreads"));
  (void)desk.end(SIGKILL);
  CHECK(desk.trade("status") == 5);
  desk.begin();
  REQUIRE(desk.shows(1));
  CHECK_THAT(desk.output, Catch::Matchers::Contains("HALTED: odd spreads"));
  CHECK(desk.trade("resume") == 2);  // a reason is asked for
  CHECK(desk.trade("resume --reason 'quotes are back'") == 0);
  REQUIRE(desk.shows(0));
  CHECK(desk.trade("stop") == 0);
  CHECK(desk.end(0) == 0);
  CHECK(desk.copies() == 1);
  CHECK(desk.trade("stop") == 5);
  CHECK(desk.keeps("quotes are back").found);  // what is searched is what was written
  const auto kept = desk.keeps(desk.secret);
  CHECK((kept.files >= 2 && !kept.found));
}

TEST_CASE("a session that only reduces risk says so, also after a kill, until it is resumed", "[gateway][process]") {
  alaris::test::GatewayProcess gateway;
  Desk desk(gateway.port());
  desk.begin();
  REQUIRE(desk.shows(0));
  CHECK(desk.trade("reduce-only --reason 'a quiet week'") == 0);
  const auto says = [&](const std::string& word) {
    for (int i = 0; i < 60; ++i) {
      (void)desk.trade("status --format json");
      if (desk.output.find("\"command\": \"" + word + "\"") != std::string::npos) return true;
      std::this_thread::sleep_for(100ms);
    }
    return false;
  };
  REQUIRE(says("reduce_only"));
  (void)desk.end(SIGKILL);
  desk.begin();
  REQUIRE(says("reduce_only"));
  CHECK(desk.trade("resume --reason ' '") == 2);  // that is no reason
  CHECK(desk.trade("resume --reason 'the week is over'") == 0);
  CHECK(says("none"));
  CHECK(desk.end(SIGTERM) == 0);
}

TEST_CASE("a halt reaches the broker while the trading process hangs", "[gateway][process]") {
  alaris::test::GatewayProcess gateway;
  Desk desk(gateway.port());
  desk.begin();
  REQUIRE(desk.shows(0));
  desk.hang();
  CHECK(desk.trade("halt --reason 'it hangs'") == 6);
  CHECK_THAT(desk.output, Catch::Matchers::Contains("cancelled at the gateway"));
  desk.go_on();
  REQUIRE(desk.shows(1));  // and it hears the word when it wakes
  CHECK_THAT(desk.output, Catch::Matchers::Contains("HALTED: it hangs"));
  CHECK(desk.end(SIGTERM) == 0);
}

TEST_CASE("a session refuses live accounts and a second process in its folder", "[gateway][process]") {
  alaris::test::GatewayProcess gateway;
  Desk desk(gateway.port());
  CHECK(desk.trade("start --account DU1234567") == 2);
  CHECK(desk.trade("start --live --account U1234567") == 3);
  CHECK(desk.trade("start --paper --account U1234567") == 3);
  desk.begin();
  REQUIRE(desk.shows(0));
  CHECK(desk.trade("start --paper --account DU1234567") == 5);
  CHECK(desk.end(SIGTERM) == 0);
}
