// SPDX-License-Identifier: Apache-2.0
#pragma once
// A progress line on stderr: bar, rate, time left. Draws nothing where nobody would see it move.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace alaris::host {

/// "[###   ] 30/60 sessions  7.5/s  4 s left". The rate is that of the work since the first piece was done: what came
/// before it was preparation. Without a rate yet the time left is not shown.
[[nodiscard]] inline std::string progress_text(int done, int total, int done_at_start, double seconds,
                                               std::string_view unit) {
  const int filled = static_cast<int>(30LL * done / total);
  std::string text = fmt::format("[{}{}] {}/{} {}", std::string(static_cast<std::size_t>(filled), '#'),
                                 std::string(static_cast<std::size_t>(30 - filled), ' '), done, total, unit);
  const double rate = seconds > 0.0 ? (done - done_at_start) / seconds : 0.0;
  if (rate > 0.0) text += fmt::format("  {:.{}f}/s  {:.0f} s left", rate, rate < 10.0 ? 1 : 0, (total - done) / rate);
  return text;
}

class ProgressLine {
 public:
  /// The same work is done `rounds` times over: a total counts all of them.
  ProgressLine(bool visible, std::string_view unit, int rounds = 1) : visible_(visible), unit_(unit), rounds_(rounds) {}
  ~ProgressLine() {
    if (drawn_) fmt::print(stderr, "\r\033[K");
  }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// Of this round.
  void show(int done, int total) {
    if (!visible_ || total <= 0) return;
    const auto now = std::chrono::steady_clock::now();
    const int done_in_all = round_ * total + done, in_all = rounds_ * total;
    if (!started_) started_ = true, first_ = done_in_all, start_ = now;
    if (done_in_all < in_all && drawn_ && now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    drawn_ = true;
    fmt::print(stderr, "\r{}\033[K",
               progress_text(done_in_all, in_all, first_, std::chrono::duration<double>(now - start_).count(), unit_));
    std::fflush(stderr);
  }
  void next_round() { round_ = std::min(round_ + 1, rounds_ - 1); }

 private:
  bool visible_;
  bool drawn_ = false, started_ = false;
  std::string_view unit_;
  int rounds_, round_ = 0, first_ = 0;
  std::chrono::steady_clock::time_point start_{}, last_{};
};

}  // namespace alaris::host
