// SPDX-License-Identifier: Apache-2.0
// The host: parse arguments, call the library, print. Errors become exit codes here and nowhere else.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <alaris/core/version.hpp>

#include "commands/command.hpp"
#include "commands/position_commands.hpp"
#include "commands/suggestion.hpp"
#include "commands/system_commands.hpp"
#include "ranks/ranks.hpp"

namespace alaris::host {

bool Session::animated() const {
  return !quiet && ::isatty(STDERR_FILENO) == 1;
}

void add_format_option(CLI::App& command, OutputFormat& format) {
  command.add_option("--format", format, "table, json or csv")
      ->transform(CLI::CheckedTransformer(
                      std::map<std::string, OutputFormat>{
                          {"table", OutputFormat::table}, {"json", OutputFormat::json}, {"csv", OutputFormat::csv}},
                      CLI::ignore_case)
                      .description(""));
}

namespace {

constexpr const char* examples =
    "Examples:\n"
    "  alaris backtest run --symbol AAPL --start 2024-01-01 --end 2024-12-31\n"
    "  alaris backtest run --symbol AAPL,NFLX --source chains:DIR --quotes estimated --start 2026-05-25 --end "
    "2026-08-07\n"
    "  alaris backtest events --symbol AAPL --source chains:DIR --out events.csv\n"
    "  alaris backtest show latest\n"
    "  alaris signal explain AAPL --at 2026-07-29 --source chains:DIR\n"
    "  alaris order check order.json --source chains:DIR\n"
    "  alaris price options.csv --greeks all --out priced.csv\n"
    "  alaris iv quotes.csv\n"
    "  alaris data bootstrap --source chains:DIR\n"
    "  alaris config show --origin\n";

void add_version_command(CLI::App& app) {
  auto format = std::make_shared<OutputFormat>(OutputFormat::table);
  auto* version =
      app.add_subcommand("version", describe({"alaris version", "alaris version --format json"}, "print the version"));
  add_format_option(*version, *format);
  version->callback([format] {
    switch (*format) {
      case OutputFormat::json:
        return fmt::print("{{\n  \"schema\": \"alaris/version/1\",\n  \"version\": \"{}\"\n}}\n",
                          ALARIS_VERSION_STRING);
      case OutputFormat::csv:
        return fmt::print("version\n{}\n", ALARIS_VERSION_STRING);
      case OutputFormat::table:
        return fmt::print("alaris {}\n", ALARIS_VERSION_STRING);
    }
  });
}

/// Wall time and the most memory that was resident, on stderr.
void tell_effort(std::chrono::steady_clock::time_point started) {
  struct rusage used {};
  ::getrusage(RUSAGE_SELF, &used);
  fmt::print(stderr, "note: {:.2f} s, {:.0f} MiB\n",
             std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count(),
             static_cast<double>(used.ru_maxrss) / 1024.0);
}

int run(int argc, char** argv) {
  const auto started = std::chrono::steady_clock::now();
  CLI::App app(std::string(examples) + "\nVolatility around earnings: pricing, rules, backtests.", "alaris");
  Session session;
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("--version", "alaris " ALARIS_VERSION_STRING);
  app.add_option("-c,--config", session.config_files, "configuration file, repeatable")->allow_extra_args(false);
  app.add_option("--set", session.assignments, "section.key=value for this command")->allow_extra_args(false);
  app.add_flag("-q,--quiet", session.quiet, "no progress, no notes");
  app.add_flag("-v,--verbose", session.verbose, "say what the command took");
  app.add_flag("--no-color", session.no_color, "plain text (as does NO_COLOR)");
  add_backtest_commands(app, session);
  add_option_calculators(app, session);
  add_signal_commands(app, session);
  add_surface_command(app, session);
  add_volatility_calculators(app, session);
  add_order_commands(app, session);
  add_position_commands(app, session);
  add_trade_commands(app, session);
  add_journal_commands(app, session);
  add_system_commands(app, session);
  add_config_commands(app, session);
  add_data_commands(app, session);
  add_completion_command(app);
  add_man_command(app);
  add_version_command(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);
    const std::string hint = suggestion(app, argc, argv);
    fmt::print(stderr, "alaris: {}\nRun 'alaris --help' for examples.\n", hint.empty() ? e.what() : hint);
    return static_cast<int>(ExitCode::usage);
  }
  if (session.verbose) tell_effort(started);
  return static_cast<int>(session.exit_code);
}

}  // namespace
}  // namespace alaris::host

int main(int argc, char** argv) {
  using alaris::host::ExitCode;
  const int rank = alaris::host::launched_rank();
  const bool shared =
      std::any_of(argv, argv + argc, [](std::string_view word) { return word == "sweep" || word == "walkforward"; });
  if (rank > 0 && !shared) return 0;  // what cannot be shared is rank 0's
  try {
    return alaris::host::run(argc, argv);
  } catch (const alaris::host::HostError& e) {
    fmt::print(stderr, "alaris: {}{}\n", rank > 0 ? fmt::format("rank {}: ", rank) : "", e.what());
    return static_cast<int>(e.code());
  } catch (const std::exception& e) {
    fmt::print(stderr, "alaris: internal error: {}\n", e.what());
    return static_cast<int>(ExitCode::internal);
  }
}
