// SPDX-License-Identifier: Apache-2.0
#include "gateway/intent_journal.hpp"

#include <array>
#include <optional>

#include "gateway/frame.hpp"

namespace alaris::gateway {
namespace {

constexpr std::string_view mark = "AJR2";
constexpr std::size_t head_size = 52, chain_at = 20;
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
  std::string_view chain{};
  std::string_view payload{};
  [[nodiscard]] std::size_t size() const noexcept { return head_size + payload.size(); }
};

std::string_view bytes_of(const Sha256::Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string number_and_length(std::uint64_t sequence, std::string_view payload) {
  std::string part;
  append_little(part, sequence);
  append_little(part, static_cast<std::uint32_t>(payload.size()));
  return part;
}

Sha256::Digest chained(const Sha256::Digest& before, std::uint64_t sequence, std::string_view payload) {
  return Sha256().add(bytes_of(before)).add(number_and_length(sequence, payload)).add(payload).digest();
}

std::uint32_t check_of(const Record& record) {
  std::string part = number_and_length(record.sequence, record.payload);
  return crc32(part.append(record.chain).append(record.payload));
}

std::optional<Record> record_at(std::string_view all, std::size_t at) {
  if (all.size() - at < head_size || all.substr(at, 4) != mark) return std::nullopt;
  const auto length = little_at<std::uint32_t>(all, at + 12);
  if (length > longest_record || all.size() - at - head_size < length) return std::nullopt;
  const Record record{little_at<std::uint64_t>(all, at + 4), all.substr(at + chain_at, head_size - chain_at),
                      all.substr(at + head_size, length)};
  if (check_of(record) != little_at<std::uint32_t>(all, at + 16)) return std::nullopt;
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

JournalScan scan_journal(std::string_view all) {
  JournalScan scan;
  while (scan.sound_bytes < all.size()) {
    const auto record = record_at(all, scan.sound_bytes);
    auto fields = record ? split_fields(record->payload) : std::nullopt;
    if (!record || !fields) {
      scan.damaged = any_record_after(all, scan.sound_bytes);
      break;
    }
    const auto head = chained(scan.head, record->sequence, record->payload);
    if (record->sequence != scan.records.size() || record->chain != bytes_of(head)) {
      scan.damaged = true;
      break;
    }
    scan.head = head;
    scan.records.push_back(*std::move(fields));
    scan.sound_bytes += record->size();
  }
  scan.rest_bytes = all.size() - scan.sound_bytes;
  return scan;
}

expected<std::vector<JournalFields>, JournalError> Journal::recover() {
  std::string all;
  if (!storage_->read(all)) return failed_ = true, unexpected(JournalError::unreadable);
  JournalScan scan = scan_journal(all);
  if (scan.damaged) return failed_ = true, unexpected(JournalError::damaged);
  cut_ = scan.rest_bytes;
  next_ = scan.records.size();
  head_ = scan.head;
  if (cut_ > 0 && (!storage_->truncate(scan.sound_bytes) || !storage_->sync()))
    return failed_ = true, unexpected(JournalError::not_written);
  return std::move(scan.records);
}

bool Journal::append(const JournalFields& fields) {
  if (failed_) return false;
  const std::string payload = join_fields(fields);
  const auto head = chained(head_, next_, payload);
  std::string record(mark);
  record += number_and_length(next_, payload);
  append_little(record, check_of({next_, bytes_of(head), payload}));
  record.append(bytes_of(head)).append(payload);
  if (payload.size() > longest_record || !storage_->append(record)) return failed_ = true, false;
  head_ = head;
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

}  // namespace alaris::gateway
