// SPDX-License-Identifier: Apache-2.0
#include <sqlite3.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "gateway/intent_journal.hpp"
#include "host_error.hpp"
#include "operations/backup.hpp"
#include "support/catch.hpp"

using namespace alaris;
using namespace alaris::host;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;
constexpr Instant now{std::chrono::seconds(1'780'000'000)};

class StateFolder {
 public:
  StateFolder() {
    std::string pattern = (fs::temp_directory_path() / "alaris-state-XXXXXX").string();
    places.state = ::mkdtemp(pattern.data());
    run("PRAGMA journal_mode=WAL; CREATE TABLE bar(day INTEGER PRIMARY KEY, close REAL, copy REAL)");
    gateway::FileStorage storage(places.journal());
    gateway::Journal journal(storage);
    for (int i = 0; i < 20; ++i) REQUIRE((journal.append({"intent", std::to_string(i)}) && journal.sync()));
  }
  ~StateFolder() { fs::remove_all(places.state); }
  StateFolder(const StateFolder&) = delete;
  StateFolder& operator=(const StateFolder&) = delete;

  void run(const char* sql) const {
    sqlite3* handle = nullptr;
    REQUIRE(sqlite3_open(places.database().c_str(), &handle) == SQLITE_OK);
    sqlite3_busy_timeout(handle, 10'000);
    CHECK(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(handle);
  }
  BackupPlaces places{};
};

void flip(const fs::path& file, std::streamoff at) {
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekg(at);
  const int before = bytes.get();
  bytes.seekp(at);
  bytes.put(static_cast<char>(before ^ 1));
}

}  // namespace

TEST_CASE("a copy made while the database is written holds one consistent state", "[operations][backup]") {
  const StateFolder state;
  std::atomic<bool> stop{false};
  std::atomic<int> written{0};
  std::thread writer([&] {
    sqlite3* handle = nullptr;
    sqlite3_open(state.places.database().c_str(), &handle);
    sqlite3_busy_timeout(handle, 10'000);
    while (!stop) {  // in every committed state the two columns agree and days have no gap
      sqlite3_exec(handle,
                   "BEGIN IMMEDIATE; INSERT INTO bar(close) VALUES(1); UPDATE bar SET close=close+1;"
                   "UPDATE bar SET copy=close; COMMIT",
                   nullptr, nullptr, nullptr);
      ++written;
    }
    sqlite3_close(handle);
  });
  while (written < 5) std::this_thread::sleep_for(1ms);
  for (int i = 0; i < 5; ++i) {
    const Snapshot copy = make_backup(state.places, "a = 1\n", now + i * 1s);
    CHECK(copy.verified);
    sqlite3* handle = nullptr;
    REQUIRE(sqlite3_open_v2((copy.folder / "alaris.db").c_str(), &handle, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
    sqlite3_stmt* ask = nullptr;
    REQUIRE(sqlite3_prepare_v2(handle, "SELECT count(*), sum(close<>copy OR copy IS NULL), max(day) FROM bar", -1, &ask,
                               nullptr) == SQLITE_OK);
    REQUIRE(sqlite3_step(ask) == SQLITE_ROW);
    CHECK(sqlite3_column_int(ask, 1) == 0);
    CHECK(sqlite3_column_int(ask, 0) == sqlite3_column_int(ask, 2));
    sqlite3_finalize(ask);
    sqlite3_close(handle);
  }
  stop = true;
  writer.join();
}

TEST_CASE("a restored state has every order and every row and is for its owner alone", "[operations][backup]") {
  const StateFolder state;
  state.run("INSERT INTO bar(close) VALUES(1),(2),(3)");
  const Snapshot copy = make_backup(state.places, "[gateway]\nport = 4002\n", now);
  const fs::path to = state.places.state / "restored";
  const Verification found = restore_backup(copy.folder, to);
  CHECK(found.faults.empty());
  CHECK(found.journal_records == 20);
  CHECK(found.database_rows == 3);
  CHECK(gateway::journal_bytes(BackupPlaces{to}.journal()) == gateway::journal_bytes(state.places.journal()));
  CHECK(found.seconds < 4 * 3600);  // the objective; measured in seconds
  using fs::perms;
  for (const auto& entry : fs::recursive_directory_iterator(to))
    CHECK((entry.status().permissions() & (perms::group_all | perms::others_all)) == perms::none);
  CHECK_THROWS_AS(restore_backup(copy.folder, to), HostError);  // nothing is overwritten
}

TEST_CASE("a copy with any damaged file is not believed", "[operations][backup]") {
  const StateFolder state;
  for (const char* file : {"alaris.db", "orders.alj", "config.toml"}) {
    const Snapshot copy = make_backup(state.places, "a = 1\n", now + std::chrono::seconds(file[0]));
    CHECK(verify_backup(copy.folder).faults.empty());
    flip(copy.folder / file, static_cast<std::streamoff>(fs::file_size(copy.folder / file) / 2));
    CHECK(!verify_backup(copy.folder).faults.empty());
    fs::remove(copy.folder / file);
    CHECK(!verify_backup(copy.folder).faults.empty());
  }
}

TEST_CASE("a manifest that names a path outside its folder opens nothing", "[operations][backup]") {
  const StateFolder state;
  const fs::path folder = state.places.backups() / "forged";
  fs::create_directories(folder);
  std::ofstream(folder / "manifest.json")
      << R"({"schema":"alaris/backup/1","made":1,"verified":true,"files":{"../../etc/passwd":"00"}})";
  const Verification found = verify_backup(folder);
  CHECK(found.faults.size() == 1);
  std::ofstream(folder / "manifest.json") << "[1,2";
  CHECK_THROWS_AS(verify_backup(folder), HostError);
  CHECK(list_backups(state.places).empty());
}

TEST_CASE("a corrupted database is told when it is copied", "[operations][backup]") {
  const StateFolder state;
  std::ofstream(state.places.database(), std::ios::binary | std::ios::trunc) << std::string(8192, 'x');
  fs::remove(state.places.database().string() + "-wal");
  CHECK_THROWS_AS(make_backup(state.places, "", now), HostError);
}

TEST_CASE("old databases are deleted and the history of trades stays", "[operations][backup]") {
  const StateFolder state;
  const Snapshot old = make_backup(state.places, "a = 1\n", now - 24h * 100);
  CHECK(prune_backups(state.places, {}, now) == 0);  // the only copy
  (void)make_backup(state.places, "a = 1\n", now);
  CHECK(prune_backups(state.places, {}, now) == 1);
  CHECK(!old.holds(Kept::database));
  CHECK(old.holds(Kept::trades));
  CHECK(verify_backup(old.folder).faults.empty());
  CHECK(list_backups(state.places).size() == 2);
}
