// SPDX-License-Identifier: Apache-2.0
#include "store/database.hpp"

#include <sqlite3.h>
#include <sys/stat.h>

#include <limits>

#include <fmt/format.h>

#include "host_error.hpp"

namespace alaris::host {
namespace {

namespace fs = std::filesystem;

ExitCode code_of(int status) noexcept {
  switch (status & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ExitCode::integrity;
    case SQLITE_FULL:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_BUSY:
    case SQLITE_PERM:
      return ExitCode::needs_a_person;
    default:
      return ExitCode::internal;
  }
}

void make_private_folder(const fs::path& folder) {
  std::error_code failed;
  if (folder.empty() || fs::exists(folder, failed)) return;
  fs::create_directories(folder, failed);
  if (failed)
    throw HostError(ExitCode::needs_a_person, fmt::format("{}: cannot be made: {}", folder.string(), failed.message()));
  fs::permissions(folder, fs::perms::owner_all, failed);
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}
void Database::Close::operator()(sqlite3* handle) const noexcept {
  sqlite3_close_v2(handle);
}

Statement::Statement(Database& database, std::string_view sql) : database_(&database) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database.handle(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr) != SQLITE_OK)
    database.fail("a statement could not be prepared");
  statement_.reset(statement);
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
}
void Statement::bind(int place, double value) {
  sqlite3_bind_double(statement_.get(), place, value);
}
void Statement::bind(int place, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), place, value);
}
void Statement::bind(int place, std::string_view value) {
  sqlite3_bind_text64(statement_.get(), place, value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}
void Statement::bind(int place, std::optional<std::int64_t> value) {
  if (value)
    bind(place, *value);
  else
    sqlite3_bind_null(statement_.get(), place);
}
void Statement::bind_blob(int place, std::string_view bytes) {
  sqlite3_bind_blob64(statement_.get(), place, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
}

bool Statement::step() {
  const int status = sqlite3_step(statement_.get());
  if (status == SQLITE_ROW) return true;
  if (status != SQLITE_DONE) database_->fail("could not be read or written");
  return false;
}
void Statement::run() {
  while (step()) {
  }
}
double Statement::number(int column) const {
  return is_null(column) ? std::numeric_limits<double>::quiet_NaN() : sqlite3_column_double(statement_.get(), column);
}
std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}
bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}
std::string Statement::text(int column) const {
  const void* bytes = sqlite3_column_text(statement_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return bytes ? std::string(static_cast<const char*>(bytes), size) : std::string();
}
std::string_view Statement::blob(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return bytes ? std::string_view(static_cast<const char*>(bytes), size) : std::string_view();
}

Database::Database(const fs::path& file, Access access, std::span<const std::string_view> migrations) : file_(file) {
  const bool writing = access == Access::write;
  if (writing) make_private_folder(file.parent_path());
  sqlite3* handle = nullptr;
  const ::mode_t before = ::umask(0077);
  const int status = sqlite3_open_v2(
      file.c_str(), &handle, writing ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE, nullptr);
  ::umask(before);
  handle_.reset(handle);
  if (status != SQLITE_OK) fail("cannot be opened");
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, 10'000);
  if (writing) run("PRAGMA journal_mode=WAL");
  run("PRAGMA synchronous=FULL");
  const int newest = static_cast<int>(migrations.size());
  if (version() > newest)
    throw HostError(ExitCode::data, fmt::format("{}: written by a newer alaris (schema {}, this one knows {})",
                                                file.string(), version(), newest));
  if (version() == newest) return;
  if (!writing)
    throw HostError(ExitCode::data,
                    fmt::format("{}: schema {} is older than this alaris; any writing command brings it to {}",
                                file.string(), version(), newest));
  Transaction step(*this);
  for (int at = version(); at < newest; ++at) {  // read again: another process may have been first
    run(migrations[static_cast<std::size_t>(at)]);
    run(fmt::format("PRAGMA user_version={}", at + 1));
  }
  step.commit();
}

int Database::version() {
  Statement ask(*this, "PRAGMA user_version");
  return ask.step() ? static_cast<int>(ask.integer(0)) : 0;
}

int Database::changed() const noexcept {
  return sqlite3_changes(handle_.get());
}

void Database::run(std::string_view sql) {
  if (sqlite3_exec(handle_.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    fail("could not be read or written");
}

void Database::fail(std::string_view doing) const {
  const int status = handle_ ? sqlite3_extended_errcode(handle_.get()) : SQLITE_NOMEM;
  throw HostError(code_of(status), fmt::format("{}: {}: {}", file_.string(), doing,
                                               handle_ ? sqlite3_errmsg(handle_.get()) : "out of memory"));
}

Transaction::Transaction(Database& database) : database_(&database) {
  database.run("BEGIN IMMEDIATE");
}
Transaction::~Transaction() {
  if (open_) sqlite3_exec(database_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}
void Transaction::commit() {
  database_->run("COMMIT");
  open_ = false;
}

}  // namespace alaris::host
