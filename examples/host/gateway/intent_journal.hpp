// SPDX-License-Identifier: Apache-2.0
#pragma once
// The append-only record of what we meant to do and what came of it. An order's intent is synced to the disk before the
// first byte of the order is sent; a torn tail is cut off at recovery, damage before the tail is not repaired.
//
// A record: "AJR1", sequence number (8 bytes), length (4), CRC-32 of number, length and payload (4), payload; all
// little-endian. The payload is NUL-terminated fields.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <alaris/core/expected.hpp>

namespace alaris::gateway {

/// Where the bytes live. A simulated disk is another implementation.
class JournalStorage {
 public:
  virtual ~JournalStorage() = default;
  [[nodiscard]] virtual bool read(std::string& all) = 0;
  [[nodiscard]] virtual bool append(std::string_view bytes) = 0;
  [[nodiscard]] virtual bool sync() = 0;
  [[nodiscard]] virtual bool truncate(std::size_t size) = 0;
};

/// One file, opened for this process alone (an advisory lock); created with its folder, readable by its owner only.
class FileStorage final : public JournalStorage {
 public:
  explicit FileStorage(const std::filesystem::path& path);
  ~FileStorage() override;
  FileStorage(const FileStorage&) = delete;
  FileStorage& operator=(const FileStorage&) = delete;

  [[nodiscard]] bool open() const noexcept { return file_ >= 0; }
  [[nodiscard]] bool read(std::string& all) override;
  [[nodiscard]] bool append(std::string_view bytes) override;
  [[nodiscard]] bool sync() override;
  [[nodiscard]] bool truncate(std::size_t size) override;

 private:
  int file_ = -1;
};

enum class JournalError : std::uint8_t {
  unreadable,
  damaged,  // a bad record with good ones after it: needs a person
  not_written
};
[[nodiscard]] std::string_view name(JournalError error) noexcept;

using JournalFields = std::vector<std::string>;

class Journal {
 public:
  explicit Journal(JournalStorage& storage) : storage_(&storage) {}

  /// Reads every record and cuts off a torn tail. Call once, before the first append.
  [[nodiscard]] expected<std::vector<JournalFields>, JournalError> recover();
  /// Not durable before `sync`. After any failure nothing is accepted any more: the tail's state is not known.
  [[nodiscard]] bool append(const JournalFields& fields);
  [[nodiscard]] bool sync();
  [[nodiscard]] std::uint64_t records() const noexcept { return next_; }
  [[nodiscard]] std::size_t bytes_cut() const noexcept { return cut_; }
  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  JournalStorage* storage_;
  std::uint64_t next_ = 0;
  std::size_t cut_ = 0;
  bool unsynced_ = false;
  bool failed_ = false;
};

/// CRC-32 (polynomial 0xEDB88320, as in zip).
[[nodiscard]] std::uint32_t crc32(std::string_view bytes) noexcept;

}  // namespace alaris::gateway
