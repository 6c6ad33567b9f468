// SPDX-License-Identifier: Apache-2.0
#include "operations/backup.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "gateway/intent_journal.hpp"
#include "host_error.hpp"

namespace alaris::host {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::string_view database_file = "alaris.db", journal_file = "orders.alj", configuration_file = "config.toml";

std::string_view file_of(Kept what) {
  return what == Kept::database ? database_file : what == Kept::trades ? journal_file : configuration_file;
}

[[noreturn]] void refuse(const fs::path& path, std::string_view why) {
  throw HostError(ExitCode::needs_a_person, fmt::format("{}: {}", path.string(), why));
}

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in) refuse(path, "cannot be read");
  return bytes;
}

void sync_path(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool done = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!done) refuse(path, "cannot be brought to the disk");
}

void write_durably(const fs::path& path, std::string_view bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  bool done = file >= 0;
  while (done && !bytes.empty()) {
    const ssize_t n = ::write(file, bytes.data(), bytes.size());
    done = n > 0;
    if (done) bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  done = done && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!done) refuse(path, "cannot be written");
}

/// A folder for its owner alone that is gone afterwards, unless it was kept.
class PrivateFolder {
 public:
  explicit PrivateFolder(const fs::path& parent) {
    std::error_code failed;
    if (fs::create_directories(parent, failed)) fs::permissions(parent, fs::perms::owner_all, failed);
    std::string pattern = (parent / ".making-XXXXXX").string();
    if (failed || !::mkdtemp(pattern.data())) refuse(parent, "no folder can be made there");
    path_ = pattern;
  }
  ~PrivateFolder() {
    std::error_code ignored;
    if (!kept_) fs::remove_all(path_, ignored);
  }
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;
  [[nodiscard]] const fs::path& path() const noexcept { return path_; }
  void keep_as(const fs::path& place) {
    sync_path(path_);
    std::error_code failed;
    fs::rename(path_, place, failed);
    if (failed) refuse(place, failed.message());
    kept_ = true;
    sync_path(place.parent_path());
  }

 private:
  fs::path path_{};
  bool kept_ = false;
};

struct CloseDatabase {
  void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
};
using OpenDatabase = std::unique_ptr<sqlite3, CloseDatabase>;

OpenDatabase opened(const fs::path& path, int flags) {
  sqlite3* handle = nullptr;
  const int status = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  OpenDatabase database(handle);
  if (status != SQLITE_OK) refuse(path, handle ? sqlite3_errmsg(handle) : "out of memory");
  sqlite3_busy_timeout(handle, 10'000);
  return database;
}

/// One consistent state, while another process writes.
void copy_database(const fs::path& from, const fs::path& to) {
  const OpenDatabase source = opened(from, SQLITE_OPEN_READWRITE);
  const OpenDatabase target = opened(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  sqlite3_backup* backup = sqlite3_backup_init(target.get(), "main", source.get(), "main");
  if (!backup) refuse(from, sqlite3_errmsg(target.get()));
  int status = SQLITE_OK;
  for (int tries = 0; tries < 1000; ++tries) {
    status = sqlite3_backup_step(backup, -1);
    if (status != SQLITE_BUSY && status != SQLITE_LOCKED) break;
    sqlite3_sleep(10);
  }
  sqlite3_backup_finish(backup);
  if (status != SQLITE_DONE)
    throw HostError(ExitCode::integrity, fmt::format("{}: {}", from.string(), sqlite3_errstr(status)));
  if (sqlite3_exec(target.get(), "PRAGMA journal_mode=DELETE", nullptr, nullptr, nullptr) != SQLITE_OK)
    refuse(to, sqlite3_errmsg(target.get()));
}

std::vector<std::string> column_of(sqlite3* database, const std::string& sql) {
  std::vector<std::string> found;
  sqlite3_stmt* statement = nullptr;
  int status = sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr);
  while (status == SQLITE_OK || status == SQLITE_ROW) {
    status = sqlite3_step(statement);
    if (status != SQLITE_ROW) break;
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    found.emplace_back(text ? text : "");
  }
  sqlite3_finalize(statement);
  if (status != SQLITE_DONE) found.emplace_back(sqlite3_errmsg(database));
  return found;
}

/// Rows in all tables; what SQLite finds wrong goes to `faults`.
std::uint64_t checked_rows(const fs::path& path, std::vector<std::string>& faults) {
  const OpenDatabase database = opened(path, SQLITE_OPEN_READONLY);
  for (const std::string& line : column_of(database.get(), "PRAGMA integrity_check"))
    if (line != "ok") faults.push_back("database: " + line);
  if (!faults.empty()) return 0;
  std::uint64_t rows = 0;
  for (const std::string& table :
       column_of(database.get(), "SELECT replace(name,'\"','\"\"') FROM sqlite_master WHERE type='table'"))
    for (const std::string& count : column_of(database.get(), "SELECT count(*) FROM \"" + table + "\""))
      rows += std::strtoull(count.c_str(), nullptr, 10);
  return rows;
}

Json manifest_of(const fs::path& snapshot) {
  const fs::path path = fs::is_directory(snapshot) ? snapshot / "manifest.json" : snapshot;
  Json manifest = Json::parse(bytes_of(path), nullptr, false);
  const bool known = manifest.is_object() && manifest.value("schema", "") == "alaris/backup/1" &&
                     manifest.contains("files") && manifest["files"].is_object() && manifest.contains("made") &&
                     manifest["made"].is_number_integer() && manifest.contains("verified") &&
                     manifest["verified"].is_boolean();
  if (!known) throw HostError(ExitCode::integrity, fmt::format("{}: is no manifest of a backup", path.string()));
  return manifest;
}

/// Names come from a file: only the three that a backup writes are ever opened.
std::optional<Kept> kept_of(std::string_view file) {
  for (const Kept what : {Kept::database, Kept::configuration, Kept::trades})
    if (file == file_of(what)) return what;
  return std::nullopt;
}

fs::path restored_place(const fs::path& to, Kept what) {
  const BackupPlaces places{to};
  return what == Kept::database ? places.database() : what == Kept::trades ? places.journal() : to / configuration_file;
}

}  // namespace

bool Snapshot::holds(Kept what) const {
  std::error_code ignored;
  return fs::exists(folder / file_of(what), ignored);
}

Verification restore_backup(const fs::path& snapshot, const fs::path& to) {
  const auto begin = std::chrono::steady_clock::now();
  const Json manifest = manifest_of(snapshot);
  const fs::path folder = fs::is_directory(snapshot) ? snapshot : snapshot.parent_path();
  std::error_code failed;
  if (fs::exists(to, failed) && !fs::is_empty(to, failed)) refuse(to, "is not empty; nothing is ever overwritten");
  fs::create_directories(to / "journal", failed);
  fs::permissions(to, fs::perms::owner_all, failed);
  fs::permissions(to / "journal", fs::perms::owner_all, failed);
  if (failed) refuse(to, failed.message());
  Verification found;
  for (const auto& [file, hash] : manifest["files"].items()) {
    const auto what = kept_of(file);
    if (!what || !hash.is_string()) {
      found.faults.push_back("the manifest names a file that no backup has");
      continue;
    }
    if (fs::exists(folder / (file + ".expired"), failed)) continue;  // its time was over: prune_backups
    if (!fs::exists(folder / file, failed)) {
      found.faults.push_back(file + ": is missing");
      continue;
    }
    const std::string bytes = bytes_of(folder / file);
    if (gateway::sha256_hex(bytes) != hash.get<std::string>())
      found.faults.push_back(file + ": other bytes than written");
    const fs::path place = restored_place(to, *what);
    write_durably(place, bytes);
    if (*what == Kept::database) found.database_rows = checked_rows(place, found.faults);
    if (*what != Kept::trades) continue;
    const auto scan = gateway::scan_journal(bytes);
    found.journal_records = scan.records.size();
    found.journal_head = gateway::hex(scan.head);
    if (scan.rest_bytes > 0)
      found.faults.push_back("journal: damaged after record " + std::to_string(scan.records.size()));
    if (manifest.value("journal_head", "") != found.journal_head) found.faults.push_back("journal: another head");
  }
  found.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return found;
}

Verification verify_backup(const fs::path& snapshot) {
  const PrivateFolder scratch(fs::temp_directory_path());
  return restore_backup(snapshot, scratch.path());
}

Snapshot make_backup(const BackupPlaces& places, const std::string& configuration, Instant now) {
  PrivateFolder making(places.backups());
  Json files = Json::object();
  const auto list = [&](std::string_view file) {
    files[std::string(file)] = gateway::sha256_hex(bytes_of(making.path() / file));
    sync_path(making.path() / file);
  };
  std::error_code ignored;
  const ::mode_t before = ::umask(0077);
  if (fs::exists(places.database(), ignored)) copy_database(places.database(), making.path() / database_file);
  ::umask(before);
  if (fs::exists(making.path() / database_file, ignored)) list(database_file);
  const std::string journal = gateway::journal_bytes(places.journal());
  const auto scan = gateway::scan_journal(journal);
  // A record that is just being written is left to the next copy; damage is copied as it is, and told.
  write_durably(making.path() / journal_file, scan.damaged ? journal : journal.substr(0, scan.sound_bytes));
  list(journal_file);
  write_durably(making.path() / configuration_file, configuration);
  list(configuration_file);
  Json manifest{{"schema", "alaris/backup/1"},
                {"made", now.time_since_epoch().count()},
                {"made_text", new_york_text(now)},
                {"configuration_hash", files[std::string(configuration_file)]},
                {"journal_records", scan.records.size()},
                {"journal_head", gateway::hex(scan.head)},
                {"verified", false},
                {"files", files}};
  const fs::path manifest_path = making.path() / "manifest.json";
  write_durably(manifest_path, manifest.dump(2) + "\n");
  const Verification checked = verify_backup(making.path());
  manifest["verified"] = checked.faults.empty();
  manifest["database_rows"] = checked.database_rows;
  manifest["restored_in_seconds"] = checked.seconds;
  fs::remove(manifest_path, ignored);
  write_durably(manifest_path, manifest.dump(2) + "\n");
  std::string id = to_string(now, std::chrono::minutes(0)).substr(0, 19) + "Z";
  std::erase_if(id, [](char c) { return c == '-' || c == ':'; });
  const fs::path place = places.backups() / id;
  if (fs::exists(place, ignored)) refuse(place, "there is a copy of this second already");
  making.keep_as(place);
  if (!checked.faults.empty())
    throw HostError(ExitCode::integrity, fmt::format("{}: {}", place.string(), fmt::join(checked.faults, "; ")));
  return {place, id, now, true};
}

std::vector<Snapshot> list_backups(const BackupPlaces& places) {
  std::vector<Snapshot> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(places.backups(), ignored)) {
    if (!entry.is_directory(ignored) || entry.path().filename().string().starts_with('.')) continue;
    try {
      const Json manifest = manifest_of(entry.path());
      found.push_back({entry.path(), entry.path().filename().string(),
                       Instant(std::chrono::microseconds(manifest["made"].get<std::int64_t>())),
                       manifest["verified"].get<bool>()});
    } catch (const HostError&) {
      continue;  // no manifest: not a copy that anything may rest on
    }
  }
  std::sort(found.begin(), found.end(), [](const Snapshot& a, const Snapshot& b) { return a.made < b.made; });
  return found;
}

std::size_t prune_backups(const BackupPlaces& places, const Retention& retention, Instant now) {
  std::vector<KeptCopy> copies;
  for (const Snapshot& snapshot : list_backups(places))
    for (const Kept what : {Kept::database, Kept::configuration, Kept::trades})
      if (snapshot.holds(what)) copies.push_back({snapshot.id, snapshot.made, what, snapshot.verified});
  std::size_t deleted = 0;
  for (const KeptCopy& copy : expired(now, copies, retention)) {
    const fs::path folder = places.backups() / copy.id;
    std::error_code ignored;
    write_durably(folder / (std::string(file_of(copy.what)) + ".expired"), "");
    deleted += fs::remove(folder / file_of(copy.what), ignored) ? 1u : 0u;
    const bool empty = std::none_of(copies.begin(), copies.end(), [&](const KeptCopy& other) {
      return other.id == copy.id && fs::exists(folder / file_of(other.what), ignored);
    });
    if (empty) fs::remove_all(folder, ignored);
  }
  return deleted;
}

}  // namespace alaris::host
