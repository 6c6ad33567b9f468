// SPDX-License-Identifier: Apache-2.0
#pragma once
// Looks at the state folder, the trading process and the disk from outside: works while the core hangs.

#include <cstdint>
#include <optional>

#include <nlohmann/json_fwd.hpp>

#include "operations/backup.hpp"
#include "operations/checks.hpp"

namespace alaris::host {

/// The trading process' status object; null where none is or it cannot be read.
[[nodiscard]] nlohmann::ordered_json trading_status(const BackupPlaces& places);

enum class JournalLook : std::uint8_t { skip, whole };

/// Resident memory of a process; nothing when there is none.
[[nodiscard]] std::optional<double> resident_gib(long pid);

/// All that can be known at `now`. Whether the journal is sound takes reading it whole: skip it between two such looks.
[[nodiscard]] Observations observe(const BackupPlaces& places, Instant now, JournalLook journal = JournalLook::whole);

}  // namespace alaris::host
