// SPDX-License-Identifier: Apache-2.0
#include "http/limiter.hpp"

#include <algorithm>

namespace alaris::host {

std::string Limiter::key_of(std::string_view host) {
  const bool numeric = host.find_first_not_of("0123456789.") == std::string_view::npos;
  const std::size_t last = host.rfind('.');
  if (numeric || last == std::string_view::npos || last == 0) return std::string(host);
  const std::size_t before = host.rfind('.', last - 1);
  return std::string(before == std::string_view::npos ? host : host.substr(before + 1));
}

void Limiter::allow(std::string_view host, double per_second) {
  const std::lock_guard lock(mutex_);
  Pace& pace = paces_[key_of(host)];
  pace.allowed = pace.rate = per_second;
}

std::optional<Limiter::Wait> Limiter::take(std::string_view host, Time now, Wait patience) {
  const std::lock_guard lock(mutex_);
  Pace& pace = paces_[key_of(host)];
  const Time at = std::max(now, pace.next);
  if (at - now > patience) return std::nullopt;
  pace.next = at + std::chrono::duration_cast<Wait>(std::chrono::duration<double>(1.0 / pace.rate));
  return at - now;
}

Limiter::Wait Limiter::free_in(std::string_view host, Time now) const {
  const std::lock_guard lock(mutex_);
  const auto pace = paces_.find(key_of(host));
  return pace == paces_.end() ? Wait{0} : std::max(Wait{0}, Wait(pace->second.next - now));
}

void Limiter::throttled(std::string_view host, Time now, std::optional<std::chrono::seconds> advice) {
  const std::lock_guard lock(mutex_);
  Pace& pace = paces_[key_of(host)];
  const bool silent = now < pace.silent_until;
  if (silent && !advice) return;
  if (!silent) pace.rate = std::max(pace.allowed * slowest_share, pace.rate / 2.0);
  pace.silence(now + advice.value_or(silence_without_advice));
}

void Limiter::hold(std::string_view host, Time now, Wait wait) {
  const std::lock_guard lock(mutex_);
  paces_[key_of(host)].silence(now + wait);
}

void Limiter::succeeded(std::string_view host) {
  const std::lock_guard lock(mutex_);
  Pace& pace = paces_[key_of(host)];
  pace.rate = std::min(pace.allowed, pace.rate + recovery * pace.allowed);
}

double Limiter::rate(std::string_view host) const {
  const std::lock_guard lock(mutex_);
  const auto pace = paces_.find(key_of(host));
  return pace == paces_.end() ? Pace{}.rate : pace->second.rate;
}

}  // namespace alaris::host
