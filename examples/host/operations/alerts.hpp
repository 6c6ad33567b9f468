// SPDX-License-Identifier: Apache-2.0
#pragma once
// Alerts as a fold: what is wrong now goes in, what a person must hear comes out. No clock, no file, no socket.
//
// P0, capital at risk: trading halts, latched until a person clears it with a reason. P1, degraded: retried for 15
// minutes, then P0 when positions are open. P2, warning: one digest a day. The same trouble is told once.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <alaris/core/time.hpp>

namespace alaris::host {

enum class Severity : std::uint8_t { p2, p1, p0 };

[[nodiscard]] constexpr std::string_view name(Severity severity) noexcept {
  return severity == Severity::p0 ? "P0" : severity == Severity::p1 ? "P1" : "P2";
}

/// Something that is wrong at this moment; the key names it across observations.
struct Condition {
  std::string key{};
  Severity severity = Severity::p2;
  std::string what{};
  bool of_connection = false;  // P2 while a planned window lasts; no latch, because a clean reconciliation ends it
};

struct Alert {
  Severity severity = Severity::p2;  // the worst it has been
  Severity asked = Severity::p2;     // what the last observation made of it
  std::string what{};
  Instant since{};          // of this severity's clock: the first sight, or the last time it became worse
  Instant last_seen{};      // when it was last true
  std::int64_t times = 1;   // how often it came back
  bool present = true;      // true at the last observation
  bool was_present = true;  // and at the one before
  bool latched = false;     // stays until a person clears it
  bool of_connection = false;
  bool acknowledged = false;
  friend bool operator==(const Alert&, const Alert&) = default;
};

enum class AlertChange : std::uint8_t { raised, escalated, acknowledged, cleared };

[[nodiscard]] constexpr std::string_view name(AlertChange change) noexcept {
  constexpr std::string_view names[] = {"raised", "escalated", "acknowledged", "cleared"};
  return names[static_cast<std::size_t>(change)];
}

/// What goes to the sinks.
struct Announcement {
  AlertChange change = AlertChange::raised;
  std::string key{};
  Severity severity = Severity::p2;
  std::string what{};
  Instant at{};
};

struct Surroundings {
  bool positions_open = false;
  bool planned_window = false;
};

struct AlertTimes {
  std::chrono::seconds retry{15 * 60};  // of a P1, before it becomes a P0 when positions are open
  std::chrono::seconds quiet{60};       // true again sooner than this is the same alert, not a new one
};

struct AlertBoard {
  std::map<std::string, Alert, std::less<>> alerts{};
  std::vector<Announcement> digest{};  // what the next daily digest says

  /// Nothing may be opened.
  [[nodiscard]] bool halts() const {
    return std::any_of(alerts.begin(), alerts.end(), [](const auto& a) { return a.second.severity == Severity::p0; });
  }

  /// A halt that only a person ends: a lost connection freezes entries by itself and needs none.
  [[nodiscard]] bool needs_a_person() const {
    return std::any_of(alerts.begin(), alerts.end(),
                       [](const auto& a) { return a.second.severity == Severity::p0 && a.second.latched; });
  }

  /// Folds in all that is wrong at `now`; what is not in `conditions` is over.
  [[nodiscard]] std::vector<Announcement> observe(Instant now, std::span<const Condition> conditions,
                                                  const Surroundings& around, const AlertTimes& times = {}) {
    std::vector<Announcement> told;
    for (auto& [key, alert] : alerts) {
      alert.was_present = alert.present;
      alert.present = false;
    }
    for (const Condition& condition : conditions) see(now, condition, around, told);
    for (auto at = alerts.begin(); at != alerts.end();) {
      Alert& alert = at->second;
      // What is a warning only by now (the session is over, a planned window) grows no worse by lasting.
      const bool degraded = alert.present && alert.severity == Severity::p1 && alert.asked == Severity::p1;
      if (degraded && around.positions_open && now - alert.since >= times.retry)
        become(now, at->first, alert, Severity::p0, told);
      const bool over = !alert.present && !alert.latched && now - alert.last_seen >= times.quiet;
      if (over) tell(now, AlertChange::cleared, at->first, alert, told);
      at = over ? alerts.erase(at) : std::next(at);
    }
    return told;
  }

  /// A person has seen it; it stays what it is. Nothing when there is no such alert or it was acknowledged before.
  [[nodiscard]] std::vector<Announcement> acknowledge(Instant now, std::string_view key) {
    std::vector<Announcement> told;
    const auto at = alerts.find(key);
    if (at == alerts.end() || at->second.acknowledged) return told;
    at->second.acknowledged = true;
    tell(now, AlertChange::acknowledged, at->first, at->second, told);
    return told;
  }

  /// Lets go of a latch, with a person's reason and only when the trouble itself is over.
  [[nodiscard]] std::vector<Announcement> clear(Instant now, std::string_view key, std::string_view reason) {
    std::vector<Announcement> told;
    const auto at = alerts.find(key);
    if (at == alerts.end() || at->second.present || reason.find_first_not_of(" \t\r\n") == std::string_view::npos)
      return told;
    at->second.what += "; cleared: " + std::string(reason);
    tell(now, AlertChange::cleared, at->first, at->second, told);
    alerts.erase(at);
    return told;
  }

  /// The day's warnings, once.
  [[nodiscard]] std::vector<Announcement> take_digest() { return std::exchange(digest, {}); }

  friend bool operator==(const AlertBoard& a, const AlertBoard& b) { return a.alerts == b.alerts; }

 private:
  void see(Instant now, const Condition& condition, const Surroundings& around, std::vector<Announcement>& told) {
    const bool planned = around.planned_window && condition.of_connection;
    const Severity severity = planned ? Severity::p2 : condition.severity;
    const auto [at, fresh] = alerts.try_emplace(condition.key);
    Alert& alert = at->second;
    if (fresh) {
      alert = {.severity = severity,
               .asked = severity,
               .what = condition.what,
               .since = now,
               .last_seen = now,
               .of_connection = condition.of_connection};
      alert.latched = severity == Severity::p0 && !alert.of_connection;
      return tell(now, AlertChange::raised, at->first, alert, told);
    }
    if (!alert.was_present) ++alert.times;
    alert.present = true;
    alert.last_seen = now;
    alert.what = condition.what;
    if (severity > alert.asked) alert.since = now;
    alert.asked = severity;
    if (severity > alert.severity) become(now, at->first, alert, severity, told);
  }

  void become(Instant now, const std::string& key, Alert& alert, Severity severity, std::vector<Announcement>& told) {
    alert.severity = severity;
    alert.since = now;
    alert.acknowledged = false;
    alert.latched = severity == Severity::p0 && !alert.of_connection;
    tell(now, AlertChange::escalated, key, alert, told);
  }

  /// P2 waits for the digest; everything else is told at once.
  void tell(Instant now, AlertChange change, const std::string& key, const Alert& alert,
            std::vector<Announcement>& told) {
    (alert.severity == Severity::p2 ? digest : told).push_back({change, key, alert.severity, alert.what, now});
  }
};

}  // namespace alaris::host
