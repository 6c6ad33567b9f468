// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <sstream>

#include <nlohmann/json.hpp>

#include "commands/backtest_options.hpp"
#include "commands/command.hpp"
#include "commands/rows.hpp"
#include "sources/file_bytes.hpp"
#include "store/run_folder.hpp"
#include "text/csv.hpp"

namespace alaris::host {

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
  fmt::print("\nnet P&L {}, fees {}, final NAV {}\nreport {}\n", metrics.at("net_pnl").get<std::string>(),
             metrics.at("fees").get<std::string>(), metrics.at("final_nav").get<std::string>(),
             (folder / "report.html").string());
}

void list(const std::string& runs, OutputFormat format) {
  const std::vector<std::string> ids = list_runs(runs);
  if (format == OutputFormat::json) return fmt::print("{}\n", Json{{"schema", "alaris/runs/1"}, {"runs", ids}}.dump(2));
  if (format == OutputFormat::csv) fmt::print("run_id\n");
  for (const std::string& id : ids) fmt::print("{}\n", id);
}

/// Names the first decision in which two runs differ.
ExitCode compare(const fs::path& a, const fs::path& b) {
  std::istringstream first(read_file(a / "decisions.jsonl")), second(read_file(b / "decisions.jsonl"));
  std::string x, y;
  for (int line = 1;; ++line) {
    const bool more_x = static_cast<bool>(std::getline(first, x)), more_y = static_cast<bool>(std::getline(second, y));
    if (!more_x && !more_y) break;
    if (more_x && more_y && x == y) continue;
    const auto describe = [](bool more, const std::string& text) {
      if (!more) return std::string("no decision");
      const Json d = Json::parse(text);
      return fmt::format("{} {}: {} ({})", d.at("symbol").get<std::string>(), d.at("event_date").get<std::string>(),
                         d.at("action").get<std::string>(), d.at("decided_by").get<std::string>());
    };
    fmt::print("the runs differ first in decision {}:\n  {}: {}\n  {}: {}\n", line, a.filename().string(),
               describe(more_x, x), b.filename().string(), describe(more_y, y));
    if (more_x && more_y) {
      const Json changes = Json::diff(Json::parse(x), Json::parse(y));
      for (std::size_t i = 0; i < std::min<std::size_t>(changes.size(), 5); ++i)
        fmt::print("    {}\n", changes[i].value("path", ""));
    }
    return ExitCode::answer_is_no;
  }
  fmt::print("every decision is the same\n");
  return ExitCode::done;
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

  auto* compare_command =
      backtest->add_subcommand("compare", describe({"alaris backtest compare 20240102T090000Z-1a2b latest"},
                                                   "name the first decision in which two runs differ"));
  auto pair = std::make_shared<std::vector<std::string>>();
  compare_command->add_option("RUNS", *pair, "two runs")->expected(2)->required();
  compare_command->add_option("--runs", *runs, "folder of run folders (./runs)");
  compare_command->callback(
      [=, &session] { session.exit_code = compare(find_run(*runs, pair->at(0)), find_run(*runs, pair->at(1))); });

  auto* list_command = backtest->add_subcommand(
      "list",
      describe({"alaris backtest list", "alaris backtest list --format json"}, "ids of finished runs, oldest first"));
  list_command->add_option("--runs", *runs, "folder of run folders (./runs)");
  auto list_format = std::make_shared<OutputFormat>(OutputFormat::table);
  add_format_option(*list_command, *list_format);
  list_command->callback([=] { list(*runs, *list_format); });
}

}  // namespace alaris::host
