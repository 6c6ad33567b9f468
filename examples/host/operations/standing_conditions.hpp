// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the trading process holds to be wrong, for the monitor beside it: states for as long as they last, events for
// two minutes, in which a monitor that was restarted still hears of them and none becomes worse by age.

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <alaris/core/time.hpp>

#include "operations/alerts.hpp"

namespace alaris::host {

class StandingConditions {
 public:
  static constexpr std::chrono::minutes told_for{2};

  /// Something happened. The same key again keeps the worse of both.
  void happened(Instant now, const std::string& key, Severity severity, std::string what) {
    put(key, severity, std::move(what), now + told_for);
  }
  /// True until `over` is said of it.
  void stands(const std::string& key, Severity severity, std::string what) {
    put(key, severity, std::move(what), Instant::max());
  }
  void over(const std::string& key) { entries_.erase(key); }

  /// All that is to be told, by key. `now` is the system's time, as it was for `happened`.
  [[nodiscard]] std::vector<Condition> at(Instant now) {
    std::vector<Condition> found;
    std::erase_if(entries_, [&](const auto& entry) { return entry.second.until <= now; });
    for (const auto& [key, entry] : entries_) found.push_back({key, entry.severity, entry.what});
    return found;
  }

 private:
  struct Entry {
    Severity severity = Severity::p2;
    std::string what{};
    Instant until{};
  };
  void put(const std::string& key, Severity severity, std::string what, Instant until) {
    const auto [at, fresh] = entries_.try_emplace(key);
    Entry& entry = at->second;
    if (fresh || severity >= entry.severity) entry.severity = severity, entry.what = std::move(what);
    entry.until = fresh ? until : std::max(entry.until, until);
  }
  std::map<std::string, Entry> entries_{};
};

}  // namespace alaris::host
