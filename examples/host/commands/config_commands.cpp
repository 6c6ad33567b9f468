// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
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

nlohmann::ordered_json schema_of(const ConfigKey& key) {
  const bool whole = key.kind == KeyKind::integer, numeric = whole || key.kind == KeyKind::number;
  nlohmann::ordered_json out{{"type", whole                          ? "integer"
                                      : numeric                      ? "number"
                                      : key.kind == KeyKind::boolean ? "boolean"
                                                                     : "string"},
                             {"description", key.meaning}};
  if (numeric && std::isfinite(key.low)) out["minimum"] = key.low;
  if (numeric && std::isfinite(key.high)) out["maximum"] = key.high;
  for (std::size_t at = 0; key.kind == KeyKind::choice && at < key.choices.size();) {
    const std::size_t end = std::min(key.choices.find('|', at), key.choices.size());
    out["enum"].push_back(key.choices.substr(at, end - at));
    at = end + 1;
  }
  if (key.fallback.empty()) return out;
  out["default"] = numeric || key.kind == KeyKind::boolean ? nlohmann::ordered_json::parse(key.fallback)
                                                           : nlohmann::ordered_json(key.fallback);
  return out;
}

/// JSON Schema, one object per section, for editors and for checks of a file before it is used.
void print_json_schema() {
  const nlohmann::ordered_json section{
      {"type", "object"}, {"additionalProperties", false}, {"properties", nlohmann::ordered_json::object()}};
  nlohmann::ordered_json out{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "alaris.toml"}};
  out.update(section);
  for (const ConfigKey& key : config_schema()) {
    nlohmann::ordered_json* at = &out;
    std::string_view rest = key.key;
    for (std::size_t dot = 0; (dot = rest.find('.')) != std::string_view::npos; rest.remove_prefix(dot + 1)) {
      auto& inner = (*at)["properties"][std::string(rest.substr(0, dot))];
      if (inner.is_null()) inner = section;
      at = &inner;
    }
    (*at)["properties"][std::string(rest)] = schema_of(key);
  }
  fmt::print("{}\n", out.dump(2));
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

  auto* show_command = config->add_subcommand(
      "show", describe({"alaris config show", "alaris config show --origin --set strategy.min_iv_rv=1.3"},
                       "the resolved configuration"));
  auto origin = std::make_shared<bool>(false);
  auto format = std::make_shared<OutputFormat>(OutputFormat::table);
  show_command->add_flag("--origin", *origin, "say where each value comes from");
  add_format_option(*show_command, *format);
  show_command->callback([&session, origin, format] { show(session.config(), *origin, *format); });

  config
      ->add_subcommand("check", describe({"alaris config check", "alaris -c trading.toml config check"},
                                         "read every layer; exit 3 with all errors"))
      ->callback([&session] {
        (void)session.config();
        fmt::print("the configuration is valid\n");
      });
  auto* schema = config->add_subcommand(
      "schema", describe({"alaris config schema", "alaris config schema --format json > alaris.schema.json"},
                         "every key: default, range, meaning; --format json: JSON Schema"));
  auto schema_format = std::make_shared<OutputFormat>(OutputFormat::table);
  add_format_option(*schema, *schema_format);
  schema->callback([schema_format] { *schema_format == OutputFormat::json ? print_json_schema() : print_schema(); });

  auto* init = config->add_subcommand(
      "init", describe({"alaris config init", "alaris config init trading.toml"}, "write a commented alaris.toml"));
  auto path = std::make_shared<std::string>("alaris.toml");
  init->add_option("FILE", *path, "where");
  init->callback([path] { write_initial(*path); });
}

}  // namespace alaris::host
