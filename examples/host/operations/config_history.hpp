// SPDX-License-Identifier: Apache-2.0
#pragma once
// Every configuration that a trading process ran with, by the hash that its orders carry: config/HASH.toml in the state
// folder. The file's time is its last use; a year after it the file goes.

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <alaris/core/time.hpp>

namespace alaris::host {

/// The first 16 hexadecimal digits of the SHA-256 of a resolved configuration's TOML.
[[nodiscard]] std::string configuration_hash(std::string_view toml);

/// Keeps `toml` as in use at `now` and deletes what was last used longer ago than `kept`. Its hash. Throws HostError.
std::string keep_configuration(const std::filesystem::path& state, std::string_view toml, Instant now,
                               std::chrono::days kept);

struct KeptConfiguration {
  std::string hash{};
  Instant used{};      // last
  bool sound = false;  // the content still has the hash
};

/// Newest use first.
[[nodiscard]] std::vector<KeptConfiguration> configuration_history(const std::filesystem::path& state);
/// The TOML of a hash or of a prefix of one that is unique. Throws HostError(data).
[[nodiscard]] std::string kept_configuration(const std::filesystem::path& state, std::string_view hash);

}  // namespace alaris::host
