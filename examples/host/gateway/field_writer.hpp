// SPDX-License-Identifier: Apache-2.0
#pragma once
// Fields out: the archive that makes a frame of a message's field list. Only printable ASCII leaves.

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/wire_fault.hpp"
#include "gateway/wire_text.hpp"

namespace alaris::gateway {

/// The shortest decimal that reads back as the same number, without an exponent; "Infinity" for what has no end.
inline void append_decimal(std::string& out, double value) {
  if (std::isinf(value)) {
    out.append(value > 0.0 ? "Infinity" : "-Infinity");
    return;
  }
  char buffer[400];  // the longest finite double has 309 digits before the point, the smallest 325 after it
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed).ptr;
  out.append(buffer, end);
}

class FieldWriter {
 public:
  static constexpr bool reads = false;

  /// Appends a frame to `out`; `finish` writes its length.
  explicit FieldWriter(std::string& out, int server = newest_version) : out_(out), start_(out.size()), server_(server) {
    out_.append(4, '\0');
  }
  [[nodiscard]] int server() const noexcept { return server_; }

  [[nodiscard]] const std::optional<WireFault>& fault() const noexcept { return fault_; }
  void fail(WireError what) noexcept {
    if (!fault_) fault_ = WireFault{what, message_id_, field_};
  }
  void finish() {
    const std::size_t length = out_.size() - start_ - 4;
    if (length > 0xFFFFFF) return fail(WireError::frame_too_long);
    for (std::size_t i = 0; i < 4; ++i) out_[start_ + i] = static_cast<char>(length >> (24 - 8 * i) & 0xFF);
  }

  void message_id(int id) { message_id_ = id, (*this)("msgId", id); }
  void version(int number) { (*this)("version", number); }
  void filler(const char*, std::string_view fixed) { put(fixed); }
  void last(const char* field, const std::string& value) { (*this)(field, value); }

  void operator()(const char*, const std::string& value) {
    if (!printable_ascii(value)) fail(WireError::bad_text);
    put(value);
  }
  void text(const char*, const std::string& value) { printable_ascii(value) ? put(value) : put(escaped(value)); }
  void operator()(const char*, std::int64_t value) {
    char buffer[24];
    put({buffer, static_cast<std::size_t>(std::to_chars(buffer, buffer + sizeof buffer, value).ptr - buffer)});
  }
  void operator()(const char* field, int value) { (*this)(field, std::int64_t{value}); }
  void operator()(const char* field, const std::optional<int>& value) { value ? (*this)(field, *value) : put({}); }
  void unset(const char* field, const std::optional<int>& value) {
    (*this)(field, value.value_or(std::numeric_limits<int>::max()));
  }
  void operator()(const char*, bool value) { put(value ? "1" : "0"); }
  void operator()(const char*, double value) {
    if (std::isnan(value)) fail(WireError::bad_number);
    append_decimal(out_, value);
    put({});
  }
  void operator()(const char* field, const std::optional<double>& value) { value ? (*this)(field, *value) : put({}); }
  void unset(const char* field, const std::optional<double>& value) {
    value ? (*this)(field, *value) : put("1.7976931348623157E308");
  }
  void size(const char* field, const std::optional<double>& value) { (*this)(field, value); }
  void size(const char* field, double value) { (*this)(field, value); }

  template <class T, class Each>
  void list(const char* count, const char*, const std::vector<T>& entries, int, Each each) {
    (*this)(count, static_cast<std::int64_t>(entries.size()));
    for (const T& entry : entries) each(entry);
  }
  void none(const char*) { put("0"); }

 private:
  void put(std::string_view field) {
    out_.append(field).push_back('\0');
    ++field_;
  }

  std::string& out_;
  std::size_t start_;
  int server_;
  int message_id_ = -1;
  int field_ = 0;
  std::optional<WireFault> fault_{};
};

}  // namespace alaris::gateway
