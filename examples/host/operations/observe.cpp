// SPDX-License-Identifier: Apache-2.0
#include "operations/observe.hpp"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alaris/market/calendar.hpp>
#include <alaris/market/new_york.hpp>

#include "gateway/intent_journal.hpp"
#include "gateway/restart_window.hpp"

namespace alaris::host {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using namespace std::chrono_literals;

constexpr double gib = 1024.0 * 1024.0 * 1024.0;

std::optional<Instant> written_at(const fs::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return std::nullopt;
  return Instant(std::chrono::seconds(info.st_mtim.tv_sec) + std::chrono::microseconds(info.st_mtim.tv_nsec / 1000));
}

bool flag(const Json& from, const char* key) {
  return from.contains(key) && from[key].is_boolean() && from[key].get<bool>();
}
std::size_t count_of(const Json& from, const char* key) {
  return from.contains(key) && from[key].is_array() ? from[key].size() : 0;
}
std::optional<double> number_of(const Json& from, const char* key) {
  return from.contains(key) && from[key].is_number() ? std::optional(from[key].get<double>()) : std::nullopt;
}
std::optional<Instant> instant_of(const Json& from, const char* key) {
  return from.contains(key) && from[key].is_string() ? parse_instant(from[key].get<std::string>()) : std::nullopt;
}
std::string text_of(const Json& from, const char* key) {
  return from.contains(key) && from[key].is_string() ? from[key].get<std::string>() : std::string();
}

/// What the trading process says of itself. Of one that has ended only what a person must clear still counts.
void read_conditions(const Json& status, Observations& seen) {
  if (!status.contains("conditions") || !status["conditions"].is_array()) return;
  for (const Json& said : status["conditions"]) {
    if (!said.is_object()) continue;
    const std::string severity = text_of(said, "severity");
    Condition condition{.key = text_of(said, "key"),
                        .severity = severity == "P0"   ? Severity::p0
                                    : severity == "P1" ? Severity::p1
                                                       : Severity::p2,
                        .what = text_of(said, "what")};
    if (condition.key.empty() || (!seen.running && condition.severity != Severity::p0)) continue;
    seen.conditions.push_back(std::move(condition));
  }
}

void read_measurements(const Json& status, Observations& seen) {
  if (status.contains("latencies_s") && status["latencies_s"].is_array())
    for (const Json& sample : status["latencies_s"])  // null: no answer came
      seen.latencies.push_back(sample.is_number() ? sample.get<double>() : std::numeric_limits<double>::infinity());
  seen.validation_score = number_of(status, "validation_score");
  if (const auto age = number_of(status, "quote_age_s"))
    seen.newest_data = *seen.status_at - std::chrono::microseconds(static_cast<std::int64_t>(*age * 1e6));
}

void look_at_trading(const BackupPlaces& places, const Json& status, Observations& seen) {
  if (!status.is_object()) return;
  seen.status_at = written_at(places.state / "trading.json");
  const long pid = status.contains("pid") && status["pid"].is_number_integer() ? status["pid"].get<long>() : 0;
  // Whoever trades holds the journal.
  seen.running = fs::exists(places.journal()) && !gateway::FileStorage(places.journal()).open();
  if (seen.running) seen.resident_gib = resident_gib(pid);
  const bool ready = status.contains("phase") && status["phase"] == "ready";
  // A stop with sound books was meant; anything else that ended was not.
  const bool stopped = status.contains("phase") && status["phase"] == "stopped" && flag(status, "reconciled");
  seen.expected_running = seen.running || !stopped;
  seen.connected = seen.running && ready;
  seen.reconciled = seen.connected && flag(status, "reconciled");
  seen.halted = status.contains("halted") && status["halted"].is_string();
  seen.positions_open = count_of(status, "positions") + count_of(status, "shares") > 0;
  seen.started_at = instant_of(status, "started_at");
  seen.compared_at = instant_of(status, "compared_at");
  if (flag(status, "practice") && seen.running) seen.session_clock = instant_of(status, "at");
  read_conditions(status, seen);
  if (seen.running && seen.status_at) read_measurements(status, seen);
  if (status.contains("differences") && status["differences"].is_array())
    for (const Json& difference : status["differences"]) {
      const std::string kind = difference.is_object() ? difference.value("kind", "") : "";
      const bool of_quantity = kind == "option_quantity" || kind == "share_quantity";
      ++(of_quantity ? seen.quantity_differences : seen.other_differences);
    }
}

}  // namespace

std::optional<double> resident_gib(long pid) {
  std::ifstream in(fmt::format("/proc/{}/statm", pid));
  double pages = 0, resident = 0;
  if (!(in >> pages >> resident)) return std::nullopt;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / gib;
}

Json trading_status(const BackupPlaces& places) {
  std::ifstream in(places.state / "trading.json", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  Json status = Json::parse(text, nullptr, false);
  return status.is_object() ? status : Json(nullptr);
}

Observations observe(const BackupPlaces& places, Instant now, JournalLook journal) {
  Observations seen;
  seen.now = now;
  look_at_trading(places, trading_status(places), seen);
  const TradingCalendar calendar = TradingCalendar::nyse();
  const Instant at_session = seen.session_clock.value_or(now);
  const Date today = new_york_date(at_session);
  if (calendar.is_session(today)) {
    seen.session_hours = at_session >= calendar.open(today) - 30min && at_session < calendar.close(today);
    seen.after_deadline = at_session >= new_york_instant(today, 9h + 15min) && at_session < calendar.close(today);
  }
  seen.calendar_days = static_cast<double>((calendar.last_day() - today).count());
  seen.planned_window = gateway::RestartWindows{}.planned(at_session);
  if (!seen.running)  // nobody hears quotes: the store is the newest there is
    for (const char* name : {"alaris.db", "alaris.db-wal"})
      if (const auto at = written_at(places.state / name); at && (!seen.newest_data || *at > *seen.newest_data))
        seen.newest_data = at;
  for (const Snapshot& copy : list_backups(places))
    if (copy.verified) seen.newest_backup = copy.made;
  if (journal == JournalLook::whole && !gateway::journal_files(places.journal()).empty()) {
    seen.journal_known = true;
    seen.journal_damaged = gateway::scan_journal(gateway::journal_bytes(places.journal())).damaged;
  }
  struct statvfs disk {};
  if (::statvfs(places.state.c_str(), &disk) == 0)
    seen.disk_free_gib = static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize) / gib;
  return seen;
}

}  // namespace alaris::host
