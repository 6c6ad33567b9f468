// SPDX-License-Identifier: Apache-2.0
#pragma once
// How many variants of a run were tried: the best of many looks good by luck alone, and the reader must know of how
// many this one is.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <alaris/backtest/summary.hpp>
#include <alaris/core/time.hpp>

namespace alaris::host {

/// What makes two runs variants of each other: everything but the configuration.
struct VariantOf {
  std::vector<std::string> symbols;
  Date start{};
  Date end{};
  std::string data;           // fingerprint, as the manifest has it
  std::string configuration;  // fingerprint of its own
};

struct TriedVariants {
  bool known = false;           // false: nobody looked
  int count = 1;                // configurations among the finished runs, this one included
  double deflated = not_known;  // probability that its Sharpe ratio is better than luck explains, given so many
};

/// Counts the finished runs below `runs`. A folder that cannot be read counts for nothing; what was tried elsewhere
/// cannot be known.
[[nodiscard]] TriedVariants tried_variants(const std::filesystem::path& runs, const VariantOf& own,
                                           const BacktestSummary& summary);

}  // namespace alaris::host
