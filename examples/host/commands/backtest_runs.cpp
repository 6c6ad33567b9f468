// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>

#include <nlohmann/json.hpp>

#include "commands/backtest_options.hpp"
#include "commands/command.hpp"
#include "commands/rows.hpp"
#include "sources/file_bytes.hpp"
#include "store/run_folder.hpp"
#include "text/csv.hpp"

namespace alaris::host {

void add_backtest_compare(CLI::App& backtest, Session& session);
void add_backtest_run(CLI::App& backtest, Session& session);
void add_backtest_events(CLI::App& backtest, Session& session);
void add_backtest_verify(CLI::App& backtest, Session& session);
void add_backtest_sweep(CLI::App& backtest, Session& session);

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

Json read_json(const fs::path& path) {
  try {
    return Json::parse(read_file(path));
  } catch (const Json::exception& e) {
    throw HostError(ExitCode::integrity, fmt::format("{}: {}", path.string(), e.what()));
  }
}

void show(const fs::path& folder, OutputFormat format, const Session& session) {
  const Json manifest = read_json(folder / "manifest.json");
  if (format == OutputFormat::json) {
    Json out{{"schema", "alaris/run/1"}, {"manifest", manifest}, {"metrics", read_json(folder / "metrics.json")}};
    return fmt::print("{}\n", out.dump(2));
  }
  const std::string events = read_file(folder / "events.csv");
  if (format == OutputFormat::csv) return fmt::print("{}", events);
  for (const auto& label : manifest.at("labels")) fmt::print("** {} **\n", label.get<std::string>());
  fmt::print("run {}, {} to {}, source {}\n\n", manifest.at("run_id").get<std::string>(),
             manifest.at("start").get<std::string>(), manifest.at("end").get<std::string>(),
             manifest.at("source").get<std::string>());
  CsvReader rows(events, (folder / "events.csv").string());
  TextTable table({{"symbol"},
                   {"event"},
                   {"when", Align::left, 2},
                   {"outcome"},
                   {"decided by", Align::left, 1},
                   {"net P&L", Align::right}});
  while (rows.next()) {
    std::vector<std::string> cells;
    for (const char* column : {"symbol", "event_date", "session", "outcome", "decided_by", "pnl"})
      cells.emplace_back(rows[rows.require(column)]);
    table.add(std::move(cells));
  }
  print_table(table, session);
  const Json metrics = read_json(folder / "metrics.json");
  fmt::print("\nnet P&L {}, fees {}, interest on cash {}, final NAV {}\nreport {}\n",
             metrics.at("net_pnl").get<std::string>(), metrics.at("fees").get<std::string>(),
             metrics.at("interest").get<std::string>(), metrics.at("final_nav").get<std::string>(),
             (folder / "report.html").string());
}

void list(const std::string& runs, OutputFormat format) {
  const std::vector<std::string> ids = list_runs(runs);
  if (format == OutputFormat::json) return fmt::print("{}\n", Json{{"schema", "alaris/runs/1"}, {"runs", ids}}.dump(2));
  if (format == OutputFormat::csv) fmt::print("run_id\n");
  for (const std::string& id : ids) fmt::print("{}\n", id);
}

}  // namespace

void add_backtest_commands(CLI::App& app, Session& session) {
  auto* backtest =
      app.add_subcommand("backtest",
                         "Examples:\n  alaris backtest run --symbol AAPL --start 2024-01-01 --end 2024-12-31\n"
                         "  alaris backtest show latest\n\nrun the strategy over history; read what earlier runs left");
  backtest->require_subcommand(1);
  add_backtest_run(*backtest, session);
  add_backtest_events(*backtest, session);
  add_backtest_verify(*backtest, session);
  add_backtest_sweep(*backtest, session);

  auto runs = std::make_shared<std::string>("./runs");
  auto* show_command = backtest->add_subcommand(
      "show", describe({"alaris backtest show latest", "alaris backtest show latest --format json"},
                       "print a finished run: path, id, prefix, or latest"));
  auto which = std::make_shared<std::string>("latest");
  auto format = std::make_shared<OutputFormat>(OutputFormat::table);
  show_command->add_option("RUN", *which, "path, id, prefix, or latest");
  show_command->add_option("--runs", *runs, "folder of run folders (./runs)");
  add_format_option(*show_command, *format);
  show_command->callback([=, &session] { show(find_run(*runs, *which), *format, session); });

  add_backtest_compare(*backtest, session);

  auto* list_command = backtest->add_subcommand(
      "list",
      describe({"alaris backtest list", "alaris backtest list --format json"}, "ids of finished runs, oldest first"));
  list_command->add_option("--runs", *runs, "folder of run folders (./runs)");
  auto list_format = std::make_shared<OutputFormat>(OutputFormat::table);
  add_format_option(*list_command, *list_format);
  list_command->callback([=] { list(*runs, *list_format); });
}

}  // namespace alaris::host
