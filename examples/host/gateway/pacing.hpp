// SPDX-License-Identifier: Apache-2.0
#pragma once
// How fast we may speak. One bucket for everything, cancels before orders before the rest, with room kept for them; and
// the broker's rules for historical data, applied to every bar size.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include <alaris/core/time.hpp>

namespace alaris::gateway {

/// Who goes first.
enum class Urgency : std::uint8_t { cancel, order, control, data };
inline constexpr std::size_t urgencies = 4;

class TokenBucket {
 public:
  TokenBucket(double per_second, double burst) noexcept : rate_(per_second), full_rate_(per_second), burst_(burst) {}

  /// Whether a message may leave now; takes its token. Data may not empty the bucket: two tokens stay for orders, and
  /// orders leave one for a cancel.
  [[nodiscard]] bool take(Instant now, Urgency urgency) {
    refill(now);
    if (now < silent_until_) return false;
    if (tokens_ < 1.0 + kept_from(urgency)) return false;
    tokens_ -= 1.0;
    return true;
  }
  /// Error 100: nothing for a second, then half the rate. It recovers by a tenth of the full rate a minute.
  void slow_down(Instant now) {
    using namespace std::chrono_literals;
    refill(now);
    tokens_ = std::min(tokens_, 1.0);
    rate_ = std::max(rate_ * 0.5, 1.0);
    silent_until_ = now + 1s;
    slowed_ = now;
  }
  void reset(Instant now) {
    tokens_ = burst_;
    last_ = now;
    silent_until_ = {};
  }
  [[nodiscard]] double rate() const noexcept { return rate_; }

 private:
  [[nodiscard]] static constexpr double kept_from(Urgency urgency) noexcept {
    return urgency == Urgency::cancel ? 0.0 : urgency == Urgency::data ? 3.0 : 1.0;
  }
  void refill(Instant now) {
    if (now <= last_) return;
    const double seconds = static_cast<double>((now - last_).count()) * 1e-6;
    tokens_ = std::min(burst_, tokens_ + seconds * rate_);
    if (rate_ < full_rate_ && now - slowed_ > std::chrono::minutes(1)) {
      rate_ = std::min(full_rate_, rate_ + 0.1 * full_rate_);
      slowed_ = now;
    }
    last_ = now;
  }
  double rate_, full_rate_, burst_;
  double tokens_ = 0.0;
  Instant last_{};
  Instant silent_until_{};
  Instant slowed_{};
};

/// Historical requests: at most 50 open, no identical one within 15 s, fewer than 6 for one contract within 2 s, at
/// most 60 in 10 minutes; BID_ASK counts twice.
class HistoricalPacer {
 public:
  [[nodiscard]] bool may_send(Instant now, const std::string& identity, const std::string& contract, int weight) {
    using namespace std::chrono_literals;
    forget(now);
    if (open_ >= 50) return false;
    int recent = 0, of_contract = 0;
    for (const Sent& sent : sent_) {
      recent += sent.weight;
      if (sent.contract == contract && now - sent.at < 2s) of_contract += sent.weight;
      if (sent.identity == identity && now - sent.at < 15s) return false;
    }
    return recent + weight <= 60 && of_contract + weight < 6 && now >= backed_off_until_;
  }
  void sent(Instant now, std::string identity, std::string contract, int weight) {
    sent_.push_back({now, std::move(identity), std::move(contract), weight});
    ++open_;
  }
  void answered() { open_ = std::max(0, open_ - 1); }
  /// A pacing violation: 15 s, then twice as long each time, at most 10 minutes.
  void violated(Instant now) {
    using namespace std::chrono_literals;
    backoff_ = std::min<std::chrono::seconds>(backoff_ == 0s ? 15s : 2 * backoff_, 600s);
    backed_off_until_ = now + backoff_;
  }
  void disconnected() { open_ = 0; }

 private:
  struct Sent {
    Instant at;
    std::string identity, contract;
    int weight;
  };
  void forget(Instant now) {
    while (!sent_.empty() && now - sent_.front().at >= std::chrono::minutes(10)) sent_.pop_front();
  }
  std::deque<Sent> sent_{};
  int open_ = 0;
  std::chrono::seconds backoff_{0};
  Instant backed_off_until_{};
};

/// 1, 2, 4, 8, 15, 30, 60 s, then 60 s; each but the first three with up to a fifth more, so that clients do not meet.
class Backoff {
 public:
  explicit Backoff(std::uint64_t seed) noexcept : state_(seed | 1) {}
  [[nodiscard]] std::chrono::microseconds next() {
    constexpr int seconds[] = {1, 2, 4, 8, 15, 30, 60};
    const std::chrono::microseconds base = std::chrono::seconds(seconds[std::min<std::size_t>(tries_, 6)]);
    const std::size_t try_number = tries_++;
    if (try_number < 3) return base;
    state_ ^= state_ << 13, state_ ^= state_ >> 7, state_ ^= state_ << 17;
    return base + std::chrono::microseconds(static_cast<std::int64_t>(state_ % 1000) * base.count() / 5000);
  }
  void reset() noexcept { tries_ = 0; }

 private:
  std::size_t tries_ = 0;
  std::uint64_t state_;
};

}  // namespace alaris::gateway
