// SPDX-License-Identifier: Apache-2.0
#pragma once
// The append-only record of what we meant to do and what came of it. An order's intent is synced to the disk before the
// first byte of the order is sent; a torn tail is cut off at recovery, damage before the tail is not repaired.
//
// A record: "AJR2", sequence number (8 bytes), length (4), CRC-32 of number, length, chain and payload (4), chain (32),
// payload; all little-endian. The chain is the SHA-256 of the record before's chain, number, length and payload: a
// record that was exchanged, removed or put in with a CRC that fits still breaks it. The payload is NUL-terminated
// fields.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <alaris/core/expected.hpp>

#include "gateway/sha256.hpp"

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

/// Files opened for this process alone (an advisory lock on the first); created with their folder, readable by their
/// owner only. PATH, then PATH.1, PATH.2, ...: a new one begins when the last has reached `segment_bytes`; none is ever
/// renamed or written again, so that each can be copied once it is full.
class FileStorage final : public JournalStorage {
 public:
  static constexpr std::size_t default_segment = std::size_t{16} << 20;
  explicit FileStorage(const std::filesystem::path& path, std::size_t segment_bytes = default_segment);
  ~FileStorage() override;
  FileStorage(const FileStorage&) = delete;
  FileStorage& operator=(const FileStorage&) = delete;

  [[nodiscard]] bool open() const noexcept { return first_ >= 0; }
  [[nodiscard]] bool read(std::string& all) override;
  [[nodiscard]] bool append(std::string_view bytes) override;
  [[nodiscard]] bool sync() override;
  [[nodiscard]] bool truncate(std::size_t size) override;

 private:
  [[nodiscard]] bool open_last();
  [[nodiscard]] bool begin_next();
  void keep_names() const;
  std::filesystem::path path_;
  std::size_t segment_bytes_;
  int first_ = -1;  // holds the lock
  int last_ = -1;   // written to; first_ when there is one file only
};

/// The files of a journal, in order; empty when there is none.
[[nodiscard]] std::vector<std::filesystem::path> journal_files(const std::filesystem::path& path);
/// Their bytes, read without a lock while another process may append.
[[nodiscard]] std::string journal_bytes(const std::filesystem::path& path);

enum class JournalError : std::uint8_t {
  unreadable,
  damaged,  // a bad record with good ones after it: needs a person
  not_written
};
[[nodiscard]] std::string_view name(JournalError error) noexcept;

using JournalFields = std::vector<std::string>;

/// What a journal's bytes hold, without changing them.
struct JournalScan {
  std::vector<JournalFields> records{};  // the last valid prefix
  std::size_t sound_bytes = 0;           // its length
  std::size_t rest_bytes = 0;            // after it: a torn tail, or damage
  bool damaged = false;                  // good records follow the bad one, or the chain is broken
  Sha256::Digest head{};                 // the chain at the end of the prefix
};
[[nodiscard]] JournalScan scan_journal(std::string_view all);

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
  [[nodiscard]] const Sha256::Digest& head() const noexcept { return head_; }

 private:
  JournalStorage* storage_;
  Sha256::Digest head_{};
  std::uint64_t next_ = 0;
  std::size_t cut_ = 0;
  bool unsynced_ = false;
  bool failed_ = false;
};

/// CRC-32 (polynomial 0xEDB88320, as in zip).
[[nodiscard]] std::uint32_t crc32(std::string_view bytes) noexcept;

}  // namespace alaris::gateway
