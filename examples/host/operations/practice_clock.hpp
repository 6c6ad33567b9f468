// SPDX-License-Identifier: Apache-2.0
#pragma once
// The system's clock, or one to practise with: it starts at a chosen instant, runs faster, and skips the hours in which
// options do not trade. Processes that are given the same words show the same time.

#include <optional>
#include <string_view>

#include <alaris/core/time.hpp>
#include <alaris/market/calendar.hpp>

namespace alaris::host {

class PracticeClock {
 public:
  /// The system's time.
  PracticeClock() : calendar_(TradingCalendar::nyse()) {}
  /// "2024-05-01T15:30" in New York, with "@1714580000" the system's seconds since 1970 at which it stands so (else:
  /// now). Throws HostError(usage).
  PracticeClock(std::string_view words, double speed);

  [[nodiscard]] Instant now() const;
  /// Seconds of this clock in one of the system's.
  [[nodiscard]] double speed() const noexcept { return practises() ? speed_ : 1.0; }
  [[nodiscard]] bool practises() const noexcept { return starts_at_.has_value(); }
  /// How far two processes may disagree about the time before it is worth an alarm: 5 s, of practice what a quarter of
  /// a second of the system comes to.
  [[nodiscard]] std::chrono::microseconds tolerance() const;

 private:
  TradingCalendar calendar_;
  std::optional<Instant> starts_at_{};
  Instant anchor_{};
  double speed_ = 1.0;
};

[[nodiscard]] Instant system_now();

}  // namespace alaris::host
