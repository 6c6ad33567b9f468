// SPDX-License-Identifier: Apache-2.0
#pragma once
// One pace per server for the whole process: at most so many calls a second, silence after "too many", half the rate
// from then on, and slowly back. The clock is the caller's.

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace alaris::host {

class Limiter {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Wait = std::chrono::nanoseconds;

  static constexpr std::chrono::minutes silence_without_advice{15};
  static constexpr double slowest_share = 1.0 / 64;  // of the allowed rate, however often it was halved
  static constexpr double recovery = 0.01;           // share of the allowed rate won back by each good answer

  /// Calls per second for a server; 2 where nothing was said.
  void allow(std::string_view host, double per_second);
  /// Takes the next free place and returns how long to wait for it; nothing when that would exceed `patience`: no place
  /// is taken then, and free_in tells the wait.
  [[nodiscard]] std::optional<Wait> take(std::string_view host, Time now, Wait patience);
  [[nodiscard]] Wait free_in(std::string_view host, Time now) const;
  /// The server said "too many": silence for `advice`, else 15 minutes; half the rate. Told again while the server is
  /// silent anyway, it halves nothing: that is the same refusal, or one of calls that were under way.
  void throttled(std::string_view host, Time now, std::optional<std::chrono::seconds> advice);
  /// Silence without a judgement about the rate: a server that is down for a while, a silence of an earlier run.
  void hold(std::string_view host, Time now, Wait wait);
  void succeeded(std::string_view host);
  [[nodiscard]] double rate(std::string_view host) const;

  /// Servers of one owner share a pace: the last two labels of the name.
  [[nodiscard]] static std::string key_of(std::string_view host);

 private:
  struct Pace {
    double allowed = 2.0, rate = 2.0;
    Time next{}, silent_until{};
    void silence(Time until) noexcept {
      silent_until = std::max(silent_until, until);
      next = std::max(next, until);
    }
  };
  mutable std::mutex mutex_;
  std::map<std::string, Pace> paces_;
};

}  // namespace alaris::host
