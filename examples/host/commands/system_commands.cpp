// SPDX-License-Identifier: Apache-2.0
// system health, alerts, backup, restore: the state of the host, and copies of what it must not lose.
#include "commands/system_commands.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alaris/market/new_york.hpp>

#include "operations/observe.hpp"
#include "operations/status_text.hpp"
#include "operations/trading_folder.hpp"
#include "store/run_folder.hpp"

namespace alaris::host {

Instant system_clock_now() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

BackupPlaces places_of_process() {
  return {TradingFolder::of_process().journal().parent_path().parent_path()};
}

CheckLimits limits_of(const MonitorSettings& settings) {
  CheckLimits limits;
  limits.latency_warning = settings.latency_warning_s, limits.latency_critical = settings.latency_critical_s;
  limits.memory_warning = settings.memory_warning_gib, limits.memory_critical = settings.memory_critical_gib;
  limits.freshness = settings.freshness_s, limits.connection = settings.connection_s;
  return limits;
}

std::chrono::minutes time_of_day(const std::string& text) {
  const bool form = text.size() == 5 && text[2] == ':' && text.find_first_not_of("0123456789:") == std::string::npos;
  const int hours = form ? std::stoi(text.substr(0, 2)) : 24, minutes = form ? std::stoi(text.substr(3)) : 60;
  if (hours > 23 || minutes > 59)
    throw HostError(ExitCode::configuration, fmt::format("backup.time: '{}' is no time of day (HH:MM)", text));
  return std::chrono::hours(hours) + std::chrono::minutes(minutes);
}

Snapshot back_up(const ResolvedConfig& config, const BackupPlaces& places, Instant now) {
  const BackupSettings& keep = config.settings.backup;
  const Snapshot made = make_backup(places, config.to_toml(), now);
  (void)prune_backups(places,
                      {.database = std::chrono::days(keep.database_days),
                       .configuration = std::chrono::days(keep.configuration_days),
                       .trades = std::chrono::days(keep.trade_days)},
                      now);
  return made;
}

MonitorLock::MonitorLock(const BackupPlaces& places)
    : file_(::open((places.state / "monitor.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
  held_elsewhere_ = file_ >= 0 && ::flock(file_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}
MonitorLock::~MonitorLock() {
  if (file_ >= 0) ::close(file_);
}

AlertBoard board_in(const BackupPlaces& places, Instant now) {
  std::ifstream in(places.state / "alerts.json", std::ios::binary);
  if (!in) return {};
  if (auto board = board_of({std::istreambuf_iterator<char>(in), {}})) return *std::move(board);
  AlertBoard unknown;
  const Condition lost{"alerts", Severity::p0, "the alerts kept on the disk cannot be read: latches may be lost"};
  (void)unknown.observe(now, {&lost, 1}, {});
  return unknown;
}

bool keep_board(const BackupPlaces& places, const AlertBoard& board) {
  try {
    write_whole(places.state / "alerts.json", board_text(board));
    return true;
  } catch (const HostError&) {
    return false;
  }
}

namespace {

void show_health(Session& session, OutputFormat format) {
  const BackupPlaces places = places_of_process();
  const Instant now = system_clock_now();
  const auto rows = judge(observe(places, now), limits_of(session.config().settings.monitor));
  const Health health = worst(rows);
  session.exit_code = health == Health::critical  ? ExitCode::usage  // 2: critical, as interface.md's exit codes say
                      : health == Health::warning ? ExitCode::answer_is_no
                                                  : ExitCode::done;
  if (format == OutputFormat::json) return fmt::print("{}\n", health_json(rows, now).dump(2));
  fmt::print("{}", health_table(rows));
}

void watch_health(Session& session, OutputFormat format) {
  for (;;) {
    show_health(session, format);
    if (std::fflush(stdout) != 0) return;
    std::this_thread::sleep_for(std::chrono::seconds(2));
    if (format == OutputFormat::table) fmt::print("\n");
  }
}

void list_alerts(OutputFormat format) {
  const AlertBoard board = board_in(places_of_process(), system_clock_now());
  if (format == OutputFormat::json) return fmt::print("{}", board_text(board));
  if (board.alerts.empty()) return fmt::print("no alerts\n");
  for (const auto& [key, alert] : board.alerts)
    fmt::print("{} {:<18} {} since {}{}{}: {}\n", name(alert.severity), key, alert.present ? "stands" : "is over,",
               new_york_text(alert.since), alert.latched ? ", latched" : "", alert.acknowledged ? ", acknowledged" : "",
               alert.what);
}

/// A word for the monitor, which owns the board while it runs; where none runs, the board is changed at once.
void leave_word(const std::string& word, const std::string& key, const std::string& reason) {
  const BackupPlaces places = places_of_process();
  const MonitorLock lock(places);
  const Instant now = system_clock_now();
  AlertBoard board = board_in(places, now);
  const auto at = board.alerts.find(key);
  if (at == board.alerts.end()) throw HostError(ExitCode::usage, fmt::format("'{}' is no alert that stands", key));
  if (word == "clear" && at->second.present)
    throw HostError(ExitCode::answer_is_no, fmt::format("'{}' is still so; clear it when it is over", key));
  if (word == "clear" && reason.find_first_not_of(" \t") == std::string::npos)
    throw HostError(ExitCode::usage, "--reason: say why");
  if (lock.taken()) {
    (void)(word == "clear" ? board.clear(now, key, reason) : board.acknowledge(now, key));
    if (!keep_board(places, board)) throw HostError(ExitCode::data, "the board of alerts cannot be written");
    return;
  }
  const nlohmann::ordered_json text{{"word", word}, {"key", key}, {"reason", reason}};
  write_whole(places.state / "alerts.word", text.dump() + "\n");
}

void backup_now(Session& session, bool even_if_not_due) {
  const ResolvedConfig config = session.config();
  const BackupPlaces places = places_of_process();
  const Instant now = system_clock_now();
  std::optional<Instant> newest;
  for (const Snapshot& copy : list_backups(places))
    if (copy.verified) newest = copy.made;
  const auto at = time_of_day(config.settings.backup.time);
  if (!even_if_not_due && !due(now, at, newest))
    return fmt::print("not due: the newest verified copy is of {}\n", new_york_text(*newest));
  const Snapshot made = back_up(config, places, now);
  fmt::print("{}\n", made.folder.string());
}

struct RestoreWords {
  std::string from, to;
  bool verify = false, dry_run = false;
};

void restore(Session& session, const RestoreWords& words) {
  if (words.verify == !words.to.empty()) throw HostError(ExitCode::usage, "say --to DIR or --verify");
  if (words.dry_run && std::filesystem::exists(words.to) && !std::filesystem::is_empty(words.to))
    throw HostError(ExitCode::needs_a_person, words.to + ": is not empty; nothing is ever overwritten");
  const bool only_verify = words.verify || words.dry_run;
  const Verification found = only_verify ? verify_backup(words.from) : restore_backup(words.from, words.to);
  for (const std::string& fault : found.faults) fmt::print("fault    {}\n", fault);
  fmt::print("journal  {} records, head {}\ndatabase {} rows\n{} in {:.2f} s\n", found.journal_records,
             found.journal_head, found.database_rows, found.faults.empty() ? "sound" : "NOT SOUND", found.seconds);
  if (words.dry_run) fmt::print("{}: would become a state folder; nothing was written\n", words.to);
  if (!found.faults.empty()) session.exit_code = ExitCode::integrity;
}

}  // namespace

void add_system_commands(CLI::App& app, Session& session) {
  auto* system = app.add_subcommand(
      "system",
      "Examples:\n  alaris system health\n  alaris system backup --now\n  alaris system restore --verify FOLDER\n"
      "  alaris system restore FOLDER --to DIR\n  alaris system monitor --port 9464\n\n"
      "health, alerts, copies of the state");
  system->require_subcommand(1);
  auto format = std::make_shared<OutputFormat>(OutputFormat::table);
  auto watch = std::make_shared<bool>(false);
  auto* health = system->add_subcommand("health", describe({"alaris system health", "alaris system health --watch"},
                                                           "every check; exit 0 ok, 1 warning, 2 critical"));
  health->add_flag("--watch", *watch, "again every 2 s, until stopped");
  add_format_option(*health, *format);
  health->callback([=, &session] { *watch ? watch_health(session, *format) : show_health(session, *format); });

  auto* alerts =
      system->add_subcommand("alerts", describe({"alaris system alerts", "alaris system alerts acknowledge journal"},
                                                "what stands; acknowledge or clear it"));
  auto key = std::make_shared<std::string>(), reason = std::make_shared<std::string>();
  auto* acknowledge = alerts->add_subcommand("acknowledge", describe({"alaris system alerts acknowledge journal"},
                                                                     "a person has seen it; it keeps its latch"));
  acknowledge->add_option("KEY", *key, "the alert")->required();
  acknowledge->callback([=] { leave_word("acknowledge", *key, ""); });
  auto* clear =
      alerts->add_subcommand("clear", describe({"alaris system alerts clear journal --reason \"disk replaced\""},
                                               "let go of a latch, once the trouble is over"));
  clear->add_option("KEY", *key, "the alert")->required();
  clear->add_option("--reason", *reason, "for the record")->required();
  clear->callback([=] { leave_word("clear", *key, *reason); });
  add_format_option(*alerts, *format);
  alerts->callback([=] {
    if (alerts->get_subcommands().empty()) list_alerts(*format);
  });

  auto now = std::make_shared<bool>(false);
  auto* backup =
      system->add_subcommand("backup", describe({"alaris system backup", "alaris system backup --now"},
                                                "the day's copy, verified by restoring; only when it is due"));
  backup->add_flag("--now", *now, "even when it is not due");
  backup->callback([=, &session] { backup_now(session, *now); });

  auto words = std::make_shared<RestoreWords>();
  auto* back = system->add_subcommand(
      "restore", describe({"alaris system restore FOLDER --to DIR", "alaris system restore FOLDER --to DIR --dry-run",
                           "alaris system restore --verify FOLDER"},
                          "a copy's content, checked; exit 8 when it is not sound"));
  back->add_option("FILE", words->from, "the copy's folder or manifest")->required();
  back->add_option("--to", words->to, "an absent or empty folder, which becomes a state folder");
  back->add_flag("--verify", words->verify, "restore into a folder that is removed again");
  back->add_flag("--dry-run", words->dry_run, "check the copy and the folder, write nothing");
  back->callback([=, &session] { restore(session, *words); });

  add_monitor_command(*system, session);
}

}  // namespace alaris::host
