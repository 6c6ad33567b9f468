// SPDX-License-Identifier: Apache-2.0
#pragma once
// The grid of a sweep: configuration keys with the values they take, every combination of them, and each one run.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <alaris/backtest/summary.hpp>

#include "commands/run_request.hpp"
#include "ranks/ranks.hpp"

namespace alaris::host {

/// One configuration key with the values it takes.
struct Axis {
  std::string key;
  std::vector<std::string> values;
};

/// One point of the grid: its assignments and the settings they make.
struct Variant {
  std::vector<std::string> values;   // in the order of the axes
  std::vector<std::string> symbols;  // its own account trades these
  Settings settings;
  std::uint64_t configuration = 0;  // fingerprint of all of it
};

/// Axes as written, "section.key=low:high:step" or "section.key=a|b|c", and every combination, the first axis running
/// fastest. With `each_symbol` the first axis is the symbols, each with an account of its own.
struct ParameterGrid {
  std::vector<Axis> axes;
  std::vector<Variant> variants;
};
/// Throws HostError(usage) naming the parameter that makes no sense.
[[nodiscard]] ParameterGrid read_grid(const std::vector<std::string>& parameters,
                                      const std::vector<std::string>& symbols, bool each_symbol,
                                      const Session& session);

/// Where finished variants are kept; one that is there already is not run again.
struct KeptVariants {
  std::filesystem::path folder;  // empty: nothing is kept
  std::uint64_t data = 0;        // fingerprint of what the runs read
  std::uint64_t program = 0;     // and of the program that makes them: another one may decide otherwise
};

/// The summaries of all variants in their order, on rank 0; on other ranks they are empty. Only the figures that a
/// sweep shows are filled.
[[nodiscard]] std::vector<BacktestSummary> run_grid(const AnyMarket& market, const RunRequest& request,
                                                    const ParameterGrid& grid, int threads, const KeptVariants& kept,
                                                    Ranks& ranks, const Session& session);

}  // namespace alaris::host
