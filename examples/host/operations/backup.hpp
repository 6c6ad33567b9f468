// SPDX-License-Identifier: Apache-2.0
#pragma once
// Copies of the state folder: the database by SQLite's online backup, the journal of orders, the configuration. A copy
// appears whole or not at all and counts only after it was restored and compared.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <alaris/core/time.hpp>

#include "operations/schedule.hpp"

namespace alaris::host {

struct BackupPlaces {
  std::filesystem::path state{};
  [[nodiscard]] std::filesystem::path database() const { return state / "alaris.db"; }
  [[nodiscard]] std::filesystem::path journal() const { return state / "journal" / "orders.alj"; }
  [[nodiscard]] std::filesystem::path backups() const { return state / "backups"; }
};

/// One folder below backups/: manifest.json and what it lists.
struct Snapshot {
  std::filesystem::path folder{};
  std::string id{};
  Instant made{};
  bool verified = false;  // restored and found equal when it was made
  [[nodiscard]] bool holds(Kept what) const;
};

struct Verification {
  std::vector<std::string> faults{};  // empty: sound
  std::uint64_t journal_records = 0;
  std::string journal_head{};
  std::uint64_t database_rows = 0;
  double seconds = 0;  // that restoring and checking took
};

/// Copies, verifies by restoring into a folder that is removed again, and puts the copy in place. Throws HostError.
[[nodiscard]] Snapshot make_backup(const BackupPlaces& places, const std::string& configuration, Instant now);

/// Restores into `to`, which must be absent or empty, and checks every file: hash, SQLite's own check, the journal's
/// chain, record by record. Throws HostError when the snapshot cannot be read; what is wrong with it is in the result.
[[nodiscard]] Verification restore_backup(const std::filesystem::path& snapshot, const std::filesystem::path& to);

/// The same, in a folder that is removed again.
[[nodiscard]] Verification verify_backup(const std::filesystem::path& snapshot);

/// Oldest first; folders without a readable manifest are left out.
[[nodiscard]] std::vector<Snapshot> list_backups(const BackupPlaces& places);

/// Deletes what `expired` names; the number of files.
std::size_t prune_backups(const BackupPlaces& places, const Retention& retention, Instant now);

}  // namespace alaris::host
