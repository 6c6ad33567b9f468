// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is looked at while the host runs: observations in, one judged row per check out. No clock, no file, no socket.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <alaris/core/time.hpp>
#include <alaris/market/new_york.hpp>

#include "operations/alerts.hpp"

namespace alaris::host {

enum class Health : std::uint8_t { ok, unknown, warning, critical };

[[nodiscard]] constexpr std::string_view name(Health health) noexcept {
  constexpr std::string_view names[] = {"ok", "unknown", "warning", "critical"};
  return names[static_cast<std::size_t>(health)];
}

/// One row of `system health`.
struct CheckRow {
  std::string_view name{};
  double value = std::numeric_limits<double>::quiet_NaN();  // NaN: not known
  double warning = std::numeric_limits<double>::quiet_NaN();
  double critical = std::numeric_limits<double>::quiet_NaN();
  std::string_view unit{};
  double age = std::numeric_limits<double>::quiet_NaN();  // seconds since the value was taken
  double period = 0;                                      // seconds between two looks
  Health health = Health::unknown;
  std::optional<Condition> condition{};  // what the alerts hear of it
};

/// What is known at one instant; nothing where it is not.
struct Observations {
  Instant now{};
  bool expected_running = false;  // a trading process has been started here
  bool running = false;
  std::optional<Instant> status_at{};  // when the trading process last wrote
  bool connected = false, reconciled = false, halted = false;
  std::optional<Instant> session_clock{};  // the time that the trading process keeps, when it practises
  std::optional<Instant> started_at{};     // of the trading process, by its clock
  std::optional<Instant> compared_at{};    // when the books were last compared with the broker's, by its clock
  bool positions_open = false;             // options or shares
  bool session_hours = false;              // the options session and the 30 minutes before it
  bool after_deadline = false;             // a session day, from 09:15 to the close
  bool planned_window = false;             // the broker's nightly reset or a configured restart
  std::size_t quantity_differences = 0, other_differences = 0;
  std::vector<double> latencies{};  // seconds, over 5 minutes; a timeout is infinity
  std::optional<double> validation_score{};
  std::optional<double> resident_gib{};
  std::optional<Instant> newest_data{}, newest_backup{};
  bool journal_known = false, journal_damaged = false;
  std::optional<double> disk_free_gib{};
  std::optional<double> calendar_days{};  // until the built-in exchange calendar ends
  std::vector<Condition> conditions{};    // what the trading process itself holds to be wrong
};

struct CheckLimits {
  double latency_warning = 2, latency_critical = 5;  // seconds
  double memory_warning = 6, memory_critical = 7;    // GiB
  double score_warning = 0.95, score_critical = 0.90;
  double freshness = 900, connection = 60;                // seconds
  double backup = 26 * 3600.0;                            // seconds
  double disk_warning = 2, disk_critical = 0.5;           // GiB
  double calendar_warning = 120, calendar_critical = 45;  // days
  double silent_warning = 5, silent_critical = 30;        // seconds the trading process has not written
  std::chrono::minutes first_comparison{5};  // after a start, before a missing comparison is held against it
};

/// The smallest sample that at least `share` of all do not exceed; NaN without samples.
[[nodiscard]] inline double percentile(std::vector<double> samples, double share) {
  if (samples.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(samples.size())));
  const std::size_t place = std::min(samples.size(), std::max<std::size_t>(rank, 1)) - 1;
  std::nth_element(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(place), samples.end());
  return samples[place];
}

namespace detail {

/// Strictly beyond a limit fails: above when larger is worse, below when smaller is.
[[nodiscard]] inline Health judged(double value, double warning, double critical) {
  if (std::isnan(value)) return Health::unknown;
  const bool larger_is_worse = warning <= critical;
  const auto beyond = [&](double limit) { return larger_is_worse ? value > limit : value < limit; };
  return beyond(critical) ? Health::critical : beyond(warning) ? Health::warning : Health::ok;
}

[[nodiscard]] inline double seconds_since(Instant now, const std::optional<Instant>& then) {
  return then ? std::chrono::duration<double>(now - *then).count() : std::numeric_limits<double>::quiet_NaN();
}

inline void alarm(CheckRow& row, Severity severity, std::string what, bool of_connection = false) {
  row.condition = Condition{std::string(row.name), severity, std::move(what), of_connection};
}

/// A session's books are compared by 09:15. What was compared once that day is no failure of the books when the
/// connection drops later: the gateway's check says so, and nothing is sent before they are compared again.
[[nodiscard]] inline bool comparison_missed(const Observations& seen, const CheckLimits& limits) {
  if (!seen.expected_running || !seen.after_deadline || seen.planned_window) return false;
  const Instant now = seen.session_clock.value_or(seen.now);
  if (seen.compared_at && new_york_date(*seen.compared_at) == new_york_date(now)) return false;
  return !seen.started_at || now - *seen.started_at >= limits.first_comparison;
}

}  // namespace detail

/// Every check, always in the same order.
[[nodiscard]] inline std::vector<CheckRow> judge(const Observations& seen, const CheckLimits& limits) {
  using detail::alarm, detail::judged, detail::seconds_since;
  std::vector<CheckRow> rows;
  const auto row = [&](std::string_view name, double value, double warning, double critical, std::string_view unit,
                       double age, double period) -> CheckRow& {
    rows.push_back({.name = name,
                    .value = value,
                    .warning = warning,
                    .critical = critical,
                    .unit = unit,
                    .age = age,
                    .period = period,
                    .health = judged(value, warning, critical)});
    return rows.back();
  };
  const double status_age = seconds_since(seen.now, seen.status_at);

  CheckRow& process = row("process", seen.expected_running ? status_age : 0.0, limits.silent_warning,
                          limits.silent_critical, "s since it wrote", 0, 1);
  if (seen.expected_running && !seen.running) process.health = Health::critical;
  if (process.health == Health::critical)
    alarm(process, seen.positions_open ? Severity::p0 : Severity::p1,
          seen.running ? "the trading process does not write its status" : "the trading process has ended");

  const bool timed = seen.session_hours && seen.expected_running;
  CheckRow& gateway = row("gateway", seen.connected ? 1 : 0, 1, 1, "connected", status_age, limits.connection);
  gateway.health = seen.connected                  ? Health::ok
                   : !seen.expected_running        ? Health::unknown
                   : timed && !seen.planned_window ? Health::critical
                                                   : Health::warning;
  if (!seen.connected && seen.expected_running)
    alarm(gateway,
          !timed                ? Severity::p2
          : seen.positions_open ? Severity::p0
                                : Severity::p1,
          "the gateway is not connected: entries are frozen", true);

  CheckRow& latency = row("latency_p95", percentile(seen.latencies, 0.95), limits.latency_warning,
                          limits.latency_critical, "s", status_age, 1);
  if (latency.health == Health::critical) alarm(latency, Severity::p1, "answers take too long");

  CheckRow& score = row("validation_score", seen.validation_score.value_or(std::nan("")), limits.score_warning,
                        limits.score_critical, "share", status_age, 0);
  if (score.health == Health::warning) alarm(score, Severity::p1, "the data fails checks");
  if (score.health == Health::critical) alarm(score, Severity::p1, "the data fails checks: no entries");

  CheckRow& memory = row("memory", seen.resident_gib.value_or(std::nan("")), limits.memory_warning,
                         limits.memory_critical, "GiB", 0, 60);
  if (memory.health == Health::warning) alarm(memory, Severity::p2, "much memory is used");
  if (memory.health == Health::critical) alarm(memory, Severity::p1, "too much memory is used: no new work");

  CheckRow& fresh = row("data_age", seconds_since(seen.now, seen.newest_data), limits.freshness, limits.freshness, "s",
                        0, limits.freshness);
  if (fresh.health == Health::critical && !seen.session_hours) fresh.health = Health::ok;  // nobody quotes at night
  if (fresh.health == Health::critical) {
    fresh.health = Health::warning;  // the cache marks and closes; it opens nothing
    alarm(fresh, Severity::p2, "data is stale: for marking and closing only");
  }

  CheckRow& books = row("reconciliation", static_cast<double>(seen.quantity_differences + seen.other_differences), 0, 0,
                        "differences", status_age, 86400);
  if (seen.expected_running && !seen.reconciled && seen.quantity_differences + seen.other_differences == 0)
    books.health = Health::unknown;
  if (seen.quantity_differences > 0)
    alarm(books, Severity::p0, "quantities differ from the broker's: a person decides");
  else if (seen.other_differences > 0)
    alarm(books, Severity::p1, "the books differ from the broker's: the symbol is blocked");
  else if (detail::comparison_missed(seen, limits))
    alarm(books, Severity::p0, "not reconciled by 09:15", true);

  CheckRow& trading = row("trading", static_cast<double>(seen.conditions.size()), 0, 0, "conditions", status_age, 1);
  trading.health = Health::ok;
  for (const Condition& condition : seen.conditions)
    trading.health = std::max(trading.health, condition.severity == Severity::p2 ? Health::warning : Health::critical);

  CheckRow& backup = row("backup_age", seconds_since(seen.now, seen.newest_backup) / 3600, limits.backup / 3600,
                         limits.backup / 3600, "h", 0, 3600);
  if (!seen.newest_backup) backup.health = seen.expected_running ? Health::critical : Health::unknown;
  if (backup.health == Health::critical) alarm(backup, Severity::p1, "there is no fresh verified backup");

  CheckRow& journal =
      row("journal", seen.journal_known ? (seen.journal_damaged ? 1 : 0) : std::nan(""), 0, 0, "damaged", 0, 3600);
  if (journal.health == Health::critical) alarm(journal, Severity::p0, "the journal of orders is damaged");

  CheckRow& disk = row("disk_free", seen.disk_free_gib.value_or(std::nan("")), limits.disk_warning,
                       limits.disk_critical, "GiB", 0, 60);
  if (disk.health == Health::warning) alarm(disk, Severity::p2, "the disk is filling");
  if (disk.health == Health::critical) alarm(disk, Severity::p1, "the disk is nearly full");

  CheckRow& calendar = row("calendar", seen.calendar_days.value_or(std::nan("")), limits.calendar_warning,
                           limits.calendar_critical, "days", 0, 86400);
  if (calendar.health == Health::warning) alarm(calendar, Severity::p2, "the exchange calendar ends soon: update");
  if (calendar.health == Health::critical) alarm(calendar, Severity::p1, "the exchange calendar ends: update now");
  return rows;
}

/// The worst of all rows; what nobody could know yet is no failure.
[[nodiscard]] inline Health worst(const std::vector<CheckRow>& rows) {
  Health found = Health::ok;
  for (const CheckRow& row : rows)
    if (row.health != Health::unknown) found = std::max(found, row.health);
  return found;
}

/// What the checks found and what the trading process said itself.
[[nodiscard]] inline std::vector<Condition> conditions_of(const std::vector<CheckRow>& rows,
                                                          const Observations& seen = {}) {
  std::vector<Condition> found = seen.conditions;
  for (const CheckRow& row : rows)
    if (row.condition) found.push_back(*row.condition);
  return found;
}

}  // namespace alaris::host
