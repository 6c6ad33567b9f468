// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alaris/market/new_york.hpp>

#include "commands/command.hpp"
#include "operations/config_history.hpp"
#include "operations/trading_folder.hpp"
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

/// What trading processes ran with; the hash is the one that each order carries.
void show_history(Session& session, const std::string& hash, OutputFormat format) {
  const auto state = TradingFolder::of_process().journal().parent_path().parent_path();
  if (!hash.empty()) return fmt::print("{}", kept_configuration(state, hash));
  const auto kept = configuration_history(state);
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const KeptConfiguration& one : kept) {
    if (!one.sound) session.exit_code = ExitCode::integrity;
    rows.push_back({{"hash", one.hash}, {"last_used", new_york_text(one.used)}, {"sound", one.sound}});
  }
  if (format == OutputFormat::json)
    return fmt::print("{}\n",
                      nlohmann::ordered_json{{"schema", "alaris/config_history/1"}, {"configurations", rows}}.dump(2));
  if (format == OutputFormat::csv) fmt::print("hash,last_used,sound\n");
  for (const KeptConfiguration& one : kept)
    if (format == OutputFormat::csv)
      fmt::print("{}", csv_row({one.hash, new_york_text(one.used), one.sound ? "true" : "false"}));
    else
      fmt::print("{}  last used {}{}\n", one.hash, new_york_text(one.used), one.sound ? "" : "  CHANGED since");
  if (kept.empty() && format == OutputFormat::table) fmt::print("no trading process has run here\n");
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

  auto* history =
      config->add_subcommand("history", describe({"alaris config history", "alaris config history 3f9a"},
                                                 "what trading processes ran with; exit 8 when one was changed"));
  auto hash = std::make_shared<std::string>();
  auto history_format = std::make_shared<OutputFormat>(OutputFormat::table);
  history->add_option("HASH", *hash, "print this one, by its hash or the beginning of it");
  add_format_option(*history, *history_format);
  history->callback([=, &session] { show_history(session, *hash, *history_format); });

  auto* init = config->add_subcommand(
      "init", describe({"alaris config init", "alaris config init trading.toml"}, "write a commented alaris.toml"));
  auto path = std::make_shared<std::string>("alaris.toml");
  init->add_option("FILE", *path, "where");
  init->callback([path] { write_initial(*path); });
}

}  // namespace alaris::host
