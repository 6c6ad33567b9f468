// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a mistyped command line may have meant.

#include <string>

#include <CLI/CLI.hpp>

namespace alaris::host {

/// About the first word that no command or option has: "unknown command 'bakctest'; did you mean 'backtest'?". Empty
/// when every word is known.
[[nodiscard]] std::string suggestion(const CLI::App& app, int argc, const char* const* argv);

/// Whether the words after an option belong to it.
[[nodiscard]] inline bool takes_value(const CLI::Option& option) {
  return option.get_items_expected_max() > 0;
}

}  // namespace alaris::host
