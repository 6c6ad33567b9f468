// SPDX-License-Identifier: Apache-2.0
#pragma once
// system health, alerts, backup, restore, monitor.

#include <string>

#include "commands/command.hpp"
#include "operations/alerts.hpp"
#include "operations/backup.hpp"
#include "operations/checks.hpp"

namespace alaris::host {

void add_system_commands(CLI::App& app, Session& session);
/// The subcommand that watches until it is stopped.
void add_monitor_command(CLI::App& system, Session& session);

[[nodiscard]] Instant system_clock_now();
[[nodiscard]] BackupPlaces places_of_process();
[[nodiscard]] CheckLimits limits_of(const MonitorSettings& settings);
/// "02:00" as time since midnight. Throws HostError(configuration).
[[nodiscard]] std::chrono::minutes time_of_day(const std::string& text);
/// Makes the day's copy and deletes what has expired.
Snapshot back_up(const ResolvedConfig& config, const BackupPlaces& places, Instant now);
/// Who holds it owns the board of alerts; taken also where nothing can be written.
class MonitorLock {
 public:
  explicit MonitorLock(const BackupPlaces& places);
  ~MonitorLock();
  MonitorLock(const MonitorLock&) = delete;
  MonitorLock& operator=(const MonitorLock&) = delete;
  [[nodiscard]] bool taken() const noexcept { return !held_elsewhere_; }

 private:
  int file_ = -1;
  bool held_elsewhere_ = false;
};

/// The board kept in the state folder. One that cannot be read gives a P0, because latches may be lost with it.
[[nodiscard]] AlertBoard board_in(const BackupPlaces& places, Instant now);
/// False when the disk does not take it.
[[nodiscard]] bool keep_board(const BackupPlaces& places, const AlertBoard& board);

}  // namespace alaris::host
