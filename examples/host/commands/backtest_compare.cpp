// SPDX-License-Identifier: Apache-2.0
// `backtest compare`: in what two runs differ, from what they were asked to what they earned.
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "commands/command.hpp"
#include "sources/file_bytes.hpp"
#include "store/run_folder.hpp"
#include "text/csv.hpp"

namespace alaris::host {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t most_values = 8;

struct Change {
  std::string name, before, after;
};

void print_changes(const std::vector<Change>& changes) {
  for (std::size_t i = 0; i < std::min(changes.size(), most_values); ++i)
    fmt::print("    {}: {} -> {}\n", changes[i].name, changes[i].before, changes[i].after);
  if (changes.size() > most_values) fmt::print("    and {} more\n", changes.size() - most_values);
}

Json read_json(const fs::path& path) {
  try {
    return Json::parse(read_file(path));
  } catch (const Json::exception& e) {
    throw HostError(ExitCode::integrity, fmt::format("{}: {}", path.string(), e.what()));
  }
}

/// Every value that is not the same, by its place: "findings/3/observed".
std::vector<Change> changes_of(const Json& a, const Json& b) {
  const Json x = a.flatten(), y = b.flatten();
  std::vector<Change> changes;
  const auto text = [](const Json& of, const std::string& key) { return of.contains(key) ? of.at(key).dump() : "-"; };
  for (const auto& [key, value] : x.items())
    if (!y.contains(key) || y.at(key) != value) changes.push_back({key.substr(1), value.dump(), text(y, key)});
  for (const auto& [key, value] : y.items())
    if (!x.contains(key)) changes.push_back({key.substr(1), "-", value.dump()});
  return changes;
}

/// "section.key" and value of a resolved configuration; comments say where a value came from and are left out.
std::map<std::string, std::string> settings_of(const fs::path& path) {
  std::map<std::string, std::string> settings;
  std::istringstream lines(read_file(path));
  std::string section;
  for (std::string line; std::getline(lines, line);) {
    if (const std::size_t comment = line.find(" #"); comment != line.npos) line.resize(comment);
    while (!line.empty() && line.back() == ' ') line.pop_back();
    const std::size_t equals = line.find(" = ");
    if (line.size() > 2 && line.front() == '[')
      section = line.substr(1, line.size() - 2) + ".";
    else if (equals != line.npos)
      settings[section + line.substr(0, equals)] = line.substr(equals + 3);
  }
  return settings;
}

/// What the runs were asked, and with what: no difference of results, but usually its cause.
void print_circumstances(const fs::path& a, const fs::path& b) {
  const Json x = read_json(a / "manifest.json"), y = read_json(b / "manifest.json");
  std::vector<Change> changes;
  for (const char* key : {"request", "source", "data_fnv1a64", "version", "compiler", "instruction_set"})
    for (Change& change : changes_of({{key, x.value(key, Json())}}, {{key, y.value(key, Json())}}))
      changes.push_back(std::move(change));
  const auto before = settings_of(a / "config.toml"), after = settings_of(b / "config.toml");
  for (const auto& [key, value] : before)
    if (const auto at = after.find(key); at == after.end() || at->second != value)
      changes.push_back({key, value, at == after.end() ? "-" : at->second});
  for (const auto& [key, value] : after)
    if (!before.contains(key)) changes.push_back({key, "-", value});
  if (changes.empty()) return;
  fmt::print("asked or made differently:\n");
  print_changes(changes);
}

std::vector<std::string> lines_of(const fs::path& path) {
  std::vector<std::string> lines;
  std::istringstream in(read_file(path));
  for (std::string line; std::getline(in, line);) lines.push_back(std::move(line));
  return lines;
}

std::string described(const Json& d) {
  const bool exits = d.value("kind", "entry") == "exit";
  return fmt::format("{} {}: {} ({})", d.value("symbol", ""), d.value("event_date", ""), d.value("action", ""),
                     d.value(exits ? "reason" : "decided_by", ""));
}

/// True when every decision is the same; else the first that differs is named with its values.
bool same_decisions(const fs::path& a, const fs::path& b) {
  const auto x = lines_of(a / "decisions.jsonl"), y = lines_of(b / "decisions.jsonl");
  if (x == y) return true;
  std::size_t i = 0;
  while (i < std::min(x.size(), y.size()) && x[i] == y[i]) ++i;
  const Json p = i < x.size() ? Json::parse(x[i]) : Json(), q = i < y.size() ? Json::parse(y[i]) : Json();
  const auto say = [](const Json& d) { return d.is_null() ? std::string("no decision") : described(d); };
  fmt::print("the runs differ first in decision {}:\n  {}: {}\n  {}: {}\n", i + 1, a.filename().string(), say(p),
             b.filename().string(), say(q));
  const auto of_the_same = [&](const char* key) { return p.value(key, "") == q.value(key, ""); };
  if (!p.is_null() && !q.is_null() && of_the_same("kind") && of_the_same("symbol") && of_the_same("event_date") &&
      of_the_same("fill_session"))
    print_changes(changes_of(p, q));
  return false;
}

struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};
Table table_of(const fs::path& path) {
  const std::string text = read_file(path);
  CsvReader reader(text, path.string());
  Table table{reader.header(), {}};
  while (reader.next()) {
    std::vector<std::string>& row = table.rows.emplace_back();
    for (std::size_t i = 0; i < table.header.size(); ++i) row.emplace_back(reader[i]);
  }
  return table;
}

/// True when two tables are the same; else their first row that differs is named with its values.
bool same_table(const fs::path& a, const fs::path& b, const char* file, const char* what) {
  const Table x = table_of(a / file), y = table_of(b / file);
  std::size_t i = 0;
  while (i < std::min(x.rows.size(), y.rows.size()) && x.rows[i] == y.rows[i]) ++i;
  if (x.header == y.header && i == x.rows.size() && i == y.rows.size()) return true;
  const auto say = [&](const Table& t) { return i < t.rows.size() ? t.rows[i][0] : "no " + std::string(what); };
  fmt::print("the runs differ first in {} {}:\n  {}: {}\n  {}: {}\n", what, i + 1, a.filename().string(), say(x),
             b.filename().string(), say(y));
  if (x.header != y.header || i >= x.rows.size() || i >= y.rows.size() || say(x) != say(y)) return false;
  std::vector<Change> changes;
  for (std::size_t c = 0; c < x.header.size(); ++c)
    if (x.rows[i][c] != y.rows[i][c]) changes.push_back({x.header[c], x.rows[i][c], y.rows[i][c]});
  print_changes(changes);
  return false;
}

ExitCode compare(const fs::path& a, const fs::path& b) {
  print_circumstances(a, b);
  bool same = same_decisions(a, b);
  for (const auto& [file, what] : {std::pair("orders.csv", "order"), std::pair("fills.csv", "fill"),
                                   std::pair("trades.csv", "trade"), std::pair("equity.csv", "session")})
    same = same_table(a, b, file, what) && same;
  if (same) fmt::print("every decision, order, fill, trade and session's account is the same\n");
  return same ? ExitCode::done : ExitCode::answer_is_no;
}

}  // namespace

void add_backtest_compare(CLI::App& backtest, Session& session) {
  auto* command = backtest.add_subcommand(
      "compare",
      describe({"alaris backtest compare 20240102T090000Z-1a2b latest"},
               "name the first decision, order, fill and trade in which two runs differ; exit 1 when they do"));
  auto runs = std::make_shared<std::string>("./runs");
  auto pair = std::make_shared<std::vector<std::string>>();
  command->add_option("RUNS", *pair, "two runs")->expected(2)->required();
  command->add_option("--runs", *runs, "folder of run folders (./runs)");
  command->callback(
      [=, &session] { session.exit_code = compare(find_run(*runs, pair->at(0)), find_run(*runs, pair->at(1))); });
}

}  // namespace alaris::host
