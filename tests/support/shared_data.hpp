// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where the real data and the large oracle tables are: ALARIS_SHARED, by default ../shared beside the checkout.
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace alaris::test {

inline bool& shared_data_was_missing() {
  static bool missing = false;
  return missing;
}

/// The path below the shared folder, or nothing (the test then returns, and the process reports "skipped").
///   const auto chains = shared_data("data/option-chains-2026");  if (!chains) return;
inline std::optional<std::filesystem::path> shared_data(const std::string& below) {
  const char* set = std::getenv("ALARIS_SHARED");
  const std::filesystem::path root = set ? set : std::filesystem::path(ALARIS_SOURCE_DIR) / ".." / "shared";
  if (std::filesystem::exists(root / below)) return root / below;
  shared_data_was_missing() = true;
  return std::nullopt;
}

}  // namespace alaris::test
