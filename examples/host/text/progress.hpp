// SPDX-License-Identifier: Apache-2.0
#pragma once
// A progress line on stderr: bar, rate, time left. Draws nothing where nobody would see it move.

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace alaris::host {

class ProgressLine {
 public:
  ProgressLine(bool visible, std::string_view unit) : visible_(visible), unit_(unit) {}
  ~ProgressLine() {
    if (drawn_) fmt::print(stderr, "\r\033[K");
  }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(int done, int total) {
    if (!visible_ || total <= 0) return;
    const auto now = std::chrono::steady_clock::now();
    if (done < total && drawn_ && now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    drawn_ = true;
    const double seconds = std::chrono::duration<double>(now - start_).count();
    const double rate = seconds > 0 ? done / seconds : 0.0;
    const int filled = 30 * done / total;
    fmt::print(stderr, "\r[{}{}] {}/{} {}  {:.0f}/s  {:.0f} s left\033[K",
               std::string(static_cast<std::size_t>(filled), '#'),
               std::string(static_cast<std::size_t>(30 - filled), ' '), done, total, unit_, rate,
               rate > 0 ? (total - done) / rate : 0.0);
    std::fflush(stderr);
  }

 private:
  bool visible_;
  bool drawn_ = false;
  std::string_view unit_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now(), last_{};
};

}  // namespace alaris::host
