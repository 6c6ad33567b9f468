// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <filesystem>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "commands/command.hpp"
#include "store/run_folder.hpp"
#include "text/csv.hpp"

namespace alaris::host {
namespace {

void show(const ResolvedConfig& config, bool origin, OutputFormat format) {
  if (format == OutputFormat::json) {
    nlohmann::ordered_json out{{"schema", "alaris/config/1"}};
    for (const auto& [key, value] : config.values) {
      if (origin)
        out["values"][key] = {{"value", value.text}, {"origin", value.origin}};
      else
        out["values"][key] = value.text;
    }
    fmt::print("{}\n", out.dump(2));
    return;
  }
  if (format == OutputFormat::csv) fmt::print("key,value,origin\n");
  for (const auto& [key, value] : config.values) {
    if (format == OutputFormat::csv)
      fmt::print("{}", csv_row({key, csv_field(value.text), csv_field(value.origin)}));
    else if (origin)
      fmt::print("{:<36} {:<22} {}\n", key, value.text, value.origin);
    else
      fmt::print("{:<36} {}\n", key, value.text);
  }
}

void print_schema() {
  for (const ConfigKey& key : config_schema()) {
    std::string range(key.choices);
    if (key.kind == KeyKind::number || key.kind == KeyKind::integer)
      range = std::isinf(key.high) ? fmt::format(">= {:g}", key.low) : fmt::format("[{:g}, {:g}]", key.low, key.high);
    fmt::print("{:<36} {:<12} {:<24} {}\n", key.key, key.fallback.empty() ? "unset" : key.fallback, range, key.meaning);
  }
}

void write_initial(const std::string& path) {
  if (std::filesystem::exists(path)) throw HostError(ExitCode::usage, fmt::format("{}: exists already", path));
  std::ostringstream out;
  out << "# Alaris configuration. Every key is optional; what stands here are the built-in values.\n";
  std::string section;
  for (const ConfigKey& key : config_schema()) {
    const std::size_t dot = key.key.rfind('.');
    if (key.key.substr(0, dot) != section) {
      section = key.key.substr(0, dot);
      out << fmt::format("\n[{}]\n", section);
    }
    const bool quoted = key.kind == KeyKind::text || key.kind == KeyKind::choice;
    const std::string_view quote = quoted ? "\"" : "";
    out << fmt::format("# {} = {}{}{}  # {}\n", key.key.substr(dot + 1), quote, key.fallback, quote, key.meaning);
  }
  write_whole(path, out.str());
  fmt::print("{}\n", path);
}

}  // namespace

void add_config_commands(CLI::App& app, Session& session) {
  auto* config = app.add_subcommand("config",
                                    "Examples:\n  alaris config show --origin\n  alaris config init\n\n"
                                    "show, check and start a configuration");
  config->require_subcommand(1);

  auto* show_command = config->add_subcommand("show", "the resolved configuration");
  auto origin = std::make_shared<bool>(false);
  auto format = std::make_shared<OutputFormat>(OutputFormat::table);
  show_command->add_flag("--origin", *origin, "say where each value comes from");
  add_format_option(*show_command, *format);
  show_command->callback([&session, origin, format] { show(session.config(), *origin, *format); });

  config->add_subcommand("check", "read every layer; exit 3 with all errors")->callback([&session] {
    (void)session.config();
    fmt::print("the configuration is valid\n");
  });
  config->add_subcommand("schema", "every key: default, range, meaning")->callback([] { print_schema(); });

  auto* init = config->add_subcommand("init", "write a commented alaris.toml");
  auto path = std::make_shared<std::string>("alaris.toml");
  init->add_option("FILE", *path, "where");
  init->callback([path] { write_initial(*path); });
}

}  // namespace alaris::host
