// SPDX-License-Identifier: Apache-2.0
#include "operations/observe.hpp"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
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

std::optional<double> resident_gib(long pid) {
  std::ifstream in(fmt::format("/proc/{}/statm", pid));
  double pages = 0, resident = 0;
  if (!(in >> pages >> resident)) return std::nullopt;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / gib;
}

bool flag(const Json& from, const char* key) {
  return from.contains(key) && from[key].is_boolean() && from[key].get<bool>();
}
std::size_t count_of(const Json& from, const char* key) {
  return from.contains(key) && from[key].is_array() ? from[key].size() : 0;
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
  seen.positions_open = count_of(status, "positions") > 0;
  if (status.contains("differences") && status["differences"].is_array())
    for (const Json& difference : status["differences"]) {
      const std::string kind = difference.is_object() ? difference.value("kind", "") : "";
      const bool of_quantity = kind == "option_quantity" || kind == "share_quantity";
      ++(of_quantity ? seen.quantity_differences : seen.other_differences);
    }
}

}  // namespace

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
  const Date today = new_york_date(now);
  if (calendar.is_session(today)) {
    seen.session_hours = now >= calendar.open(today) - 30min && now < calendar.close(today);
    seen.after_deadline = now >= new_york_instant(today, 9h + 15min);
  }
  seen.planned_window = gateway::RestartWindows{}.planned(now);
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
