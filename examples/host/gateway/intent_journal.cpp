// SPDX-License-Identifier: Apache-2.0
#include "gateway/intent_journal.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>

#include "gateway/frame.hpp"

namespace alaris::gateway {
namespace {

constexpr std::string_view mark = "AJR1";
constexpr std::size_t head_size = 20;
constexpr std::uint32_t longest_record = 1 << 20;

template <class T>
void append_little(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof value; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
}
template <class T>
T little_at(std::string_view bytes, std::size_t at) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i)
    value |= static_cast<T>(static_cast<T>(static_cast<unsigned char>(bytes[at + i])) << (8 * i));
  return value;
}

struct Record {
  std::uint64_t sequence = 0;
  std::string_view payload{};
  [[nodiscard]] std::size_t size() const noexcept { return head_size + payload.size(); }
};

std::string checked_part(std::uint64_t sequence, std::string_view payload) {
  std::string part;
  append_little(part, sequence);
  append_little(part, static_cast<std::uint32_t>(payload.size()));
  return part.append(payload);
}

std::optional<Record> record_at(std::string_view all, std::size_t at) {
  if (all.size() - at < head_size || all.substr(at, 4) != mark) return std::nullopt;
  const auto length = little_at<std::uint32_t>(all, at + 12);
  if (length > longest_record || all.size() - at - head_size < length) return std::nullopt;
  const Record record{little_at<std::uint64_t>(all, at + 4), all.substr(at + head_size, length)};
  if (crc32(checked_part(record.sequence, record.payload)) != little_at<std::uint32_t>(all, at + 16))
    return std::nullopt;
  return record;
}

bool any_record_after(std::string_view all, std::size_t at) {
  for (at = all.find(mark, at + 1); at != std::string_view::npos; at = all.find(mark, at + 1))
    if (record_at(all, at)) return true;
  return false;
}

}  // namespace

std::uint32_t crc32(std::string_view bytes) noexcept {
  static constexpr auto table = [] {
    std::array<std::uint32_t, 256> t{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t c = i;
      for (int k = 0; k < 8; ++k) c = (c & 1) != 0 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
      t[i] = c;
    }
    return t;
  }();
  std::uint32_t crc = 0xFFFFFFFFu;
  for (const char c : bytes) crc = table[(crc ^ static_cast<unsigned char>(c)) & 0xFF] ^ (crc >> 8);
  return ~crc;
}

std::string_view name(JournalError error) noexcept {
  constexpr std::string_view names[] = {"the journal cannot be read", "the journal is damaged before its end",
                                        "the journal could not be written"};
  return names[static_cast<std::size_t>(error)];
}

expected<std::vector<JournalFields>, JournalError> Journal::recover() {
  std::string all;
  if (!storage_->read(all)) return failed_ = true, unexpected(JournalError::unreadable);
  std::vector<JournalFields> records;
  std::size_t at = 0;
  while (at < all.size()) {
    const auto record = record_at(all, at);
    auto fields = record ? split_fields(record->payload) : std::nullopt;
    if (!record || !fields || record->sequence != next_) {
      if ((record && record->sequence != next_) || any_record_after(all, at))
        return failed_ = true, unexpected(JournalError::damaged);
      break;
    }
    records.push_back(*std::move(fields));
    at += record->size();
    ++next_;
  }
  cut_ = all.size() - at;
  if (cut_ > 0 && (!storage_->truncate(at) || !storage_->sync()))
    return failed_ = true, unexpected(JournalError::not_written);
  return records;
}

bool Journal::append(const JournalFields& fields) {
  if (failed_) return false;
  const std::string payload = join_fields(fields);
  const std::string part = checked_part(next_, payload);
  std::string record(mark);
  record.append(part, 0, 12);
  append_little(record, crc32(part));
  record += payload;
  if (payload.size() > longest_record || !storage_->append(record)) return failed_ = true, false;
  ++next_;
  unsynced_ = true;
  return true;
}

bool Journal::sync() {
  if (failed_) return false;
  if (!unsynced_) return true;
  if (!storage_->sync()) return failed_ = true, false;
  unsynced_ = false;
  return true;
}

FileStorage::FileStorage(const std::filesystem::path& path) {
  std::error_code ignored;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), ignored);
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_APPEND, 0600);
  if (file_ >= 0 && ::flock(file_, LOCK_EX | LOCK_NB) != 0) {
    ::close(file_);
    file_ = -1;
  }
  if (file_ < 0) return;
  // The file's name must survive a crash as well as its bytes.
  const std::string folder = path.has_parent_path() ? path.parent_path().string() : ".";
  const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return;
  (void)::fsync(directory);
  ::close(directory);
}

FileStorage::~FileStorage() {
  if (file_ >= 0) ::close(file_);
}

bool FileStorage::read(std::string& all) {
  if (file_ < 0) return false;
  struct stat info {};
  if (::fstat(file_, &info) != 0) return false;
  all.resize(static_cast<std::size_t>(info.st_size));
  std::size_t done = 0;
  while (done < all.size()) {
    const ssize_t n = ::pread(file_, all.data() + done, all.size() - done, static_cast<off_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    done += static_cast<std::size_t>(n);
  }
  return true;
}

bool FileStorage::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(file_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return file_ >= 0;
}

bool FileStorage::sync() {
  return file_ >= 0 && ::fdatasync(file_) == 0;
}

bool FileStorage::truncate(std::size_t size) {
  return file_ >= 0 && ::ftruncate(file_, static_cast<off_t>(size)) == 0;
}

}  // namespace alaris::gateway
