// SPDX-License-Identifier: Apache-2.0
#pragma once
// A command is one file: it adds itself to the parser and runs when chosen.

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "config/config.hpp"
#include "host_error.hpp"

namespace alaris::host {

enum class OutputFormat { table, json, csv };

/// Options every command has.
struct Session {
  std::vector<std::string> config_files;
  std::vector<std::string> assignments;
  bool quiet = false;
  bool verbose = false;
  bool no_color = false;
  ExitCode exit_code = ExitCode::done;

  [[nodiscard]] ResolvedConfig config() const {
    ConfigInputs inputs = ConfigInputs::of_process();
    inputs.files = config_files;
    inputs.assignments = assignments;
    return resolve_config(inputs);
  }
  /// Whether a moving progress line may be drawn.
  [[nodiscard]] bool animated() const;
};

/// Parses "table", "json", "csv" for --format.
void add_format_option(CLI::App& command, OutputFormat& format);

/// What --help begins with: examples, one a line, then a blank line and what the command does.
[[nodiscard]] inline std::string describe(std::initializer_list<std::string_view> examples, std::string_view sentence) {
  std::string out = "Examples:\n";
  for (const std::string_view example : examples) out.append("  ").append(example).append("\n");
  return out.append("\n").append(sentence);
}

void add_backtest_commands(CLI::App& app, Session& session);
void add_chain_quality_command(CLI::App& data, Session& session);
void add_completion_command(CLI::App& app);
void add_config_commands(CLI::App& app, Session& session);
void add_man_command(CLI::App& app);
void add_option_calculators(CLI::App& app, Session& session);
void add_data_commands(CLI::App& app, Session& session);
void add_journal_commands(CLI::App& app, Session& session);
void add_order_commands(CLI::App& app, Session& session);
void add_signal_commands(CLI::App& app, Session& session);
void add_trade_commands(CLI::App& app, Session& session);
void add_surface_command(CLI::App& app, Session& session);
void add_volatility_calculators(CLI::App& app, Session& session);

}  // namespace alaris::host
