// SPDX-License-Identifier: Apache-2.0
#pragma once
// One SQLite file: opened, brought to the newest schema, read while another process writes. Failures are HostErrors
// that name the file: damage is `integrity`, a full or read-only disk `needs_a_person`.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace alaris::host {

class Database;

/// A prepared statement; parameters count from 1, columns from 0. NaN is stored as NULL and NULL reads as NaN.
class Statement {
 public:
  Statement(Database& database, std::string_view sql);

  template <class... Values>
  Statement& bind_all(const Values&... values) {
    int place = 0;
    reset();
    (bind(++place, values), ...);
    return *this;
  }
  void reset();
  void bind(int place, double value);
  void bind(int place, std::int64_t value);
  void bind(int place, int value) { bind(place, std::int64_t{value}); }
  void bind(int place, std::string_view value);
  void bind(int place, const std::string& value) { bind(place, std::string_view(value)); }
  void bind(int place, const char* value) { bind(place, std::string_view(value)); }
  void bind(int place, std::optional<std::int64_t> value);
  void bind_blob(int place, std::string_view bytes);

  /// True while there is a row.
  [[nodiscard]] bool step();
  /// For statements without rows.
  void run();
  [[nodiscard]] double number(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::string text(int column) const;
  /// Valid until the next step.
  [[nodiscard]] std::string_view blob(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  Database* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

enum class Access : std::uint8_t { read, write };

class Database {
 public:
  /// `write` makes file and folders (for the owner alone), and runs the migrations that are missing: `migrations[i]`
  /// leads from version i to i + 1. A file of a newer version is refused. `read` needs a file of the newest version.
  Database(const std::filesystem::path& file, Access access, std::span<const std::string_view> migrations);

  void run(std::string_view sql);
  [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }
  [[nodiscard]] int version();
  [[noreturn]] void fail(std::string_view doing) const;
  [[nodiscard]] sqlite3* handle() const noexcept { return handle_.get(); }
  [[nodiscard]] int changed() const noexcept;  // rows the last statement changed

 private:
  struct Close {
    void operator()(sqlite3* handle) const noexcept;
  };
  std::filesystem::path file_;
  std::unique_ptr<sqlite3, Close> handle_;
};

/// All or nothing: what was written is undone unless commit() was reached.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database* database_;
  bool open_ = true;
};

}  // namespace alaris::host
