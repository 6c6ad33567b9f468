// SPDX-License-Identifier: Apache-2.0
#pragma once
// A price inside a session whose open, high, low and close are known: what intraday bars of a simulated day are cut
// from. Every instant has one price, so bars of any size agree with each other and with the day.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include <alaris/core/time.hpp>
#include <alaris/market/bar.hpp>

namespace alaris::simulated {

/// Straight lines from the open over the two extremes to the close, with a ripple of 5 basis points that stays inside
/// the day's range. A rising day has its low first.
class SessionPath {
 public:
  SessionPath(const Bar& day, Instant open, Instant close, std::uint64_t seed) noexcept
      : day_(day), open_(open), length_(close - open), seed_(mixed(seed)) {
    turn_ = {0.1 + 0.3 * unit(1), 0.55 + 0.3 * unit(2)};
    value_ = day.close >= day.open ? std::array{day.low, day.high} : std::array{day.high, day.low};
  }

  /// Before the open the open, after the close the close.
  [[nodiscard]] double at(Instant when) const noexcept {
    const double u = std::clamp(part(when), 0.0, 1.0);
    const double straight = u < turn_[0]   ? between(day_.open, value_[0], u / turn_[0])
                            : u < turn_[1] ? between(value_[0], value_[1], (u - turn_[0]) / (turn_[1] - turn_[0]))
                                           : between(value_[1], day_.close, (u - turn_[1]) / (1.0 - turn_[1]));
    const double ends = std::min({1.0, 20.0 * u, 20.0 * (1.0 - u)});
    return std::clamp(straight * (1.0 + 5e-4 * ends * ripple(u * 390.0)), day_.low, day_.high);
  }
  struct Turn {
    Instant at{};
    double price = 0.0;
  };
  [[nodiscard]] std::array<Turn, 2> turns() const noexcept {
    const auto when = [&](double u) {
      return open_ + std::chrono::microseconds(std::llround(u * static_cast<double>(length_.count())));
    };
    return {Turn{when(turn_[0]), value_[0]}, Turn{when(turn_[1]), value_[1]}};
  }

 private:
  static double between(double from, double to, double part) noexcept { return from + (to - from) * part; }
  static std::uint64_t mixed(std::uint64_t x) noexcept {  // splitmix64
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return x ^ x >> 31;
  }
  [[nodiscard]] double unit(std::uint64_t n) const noexcept {
    return static_cast<double>(mixed(seed_ + n) >> 11) * 0x1p-53;
  }
  [[nodiscard]] double part(Instant when) const noexcept {
    return static_cast<double>((when - open_).count()) / static_cast<double>(length_.count());
  }
  /// Between -1 and 1, a new value every minute.
  [[nodiscard]] double ripple(double minutes) const noexcept {
    const double whole = std::floor(minutes);
    const auto n = static_cast<std::uint64_t>(whole) + 100;
    return 2.0 * between(unit(n), unit(n + 1), minutes - whole) - 1.0;
  }

  Bar day_;
  Instant open_;
  std::chrono::microseconds length_;
  std::uint64_t seed_;
  std::array<double, 2> turn_{}, value_{};
};

}  // namespace alaris::simulated
