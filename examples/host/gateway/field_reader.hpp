// SPDX-License-Identifier: Apache-2.0
#pragma once
// Fields in: one of the two archives that a message's field list is applied to (field_writer.hpp is the other). The
// first fault stops the reading; everything after it keeps its default.

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "gateway/wire_fault.hpp"
#include "gateway/wire_text.hpp"

namespace alaris::gateway {

class FieldReader {
 public:
  static constexpr bool reads = true;

  /// `payload` must outlive the reader. A client may send printable ASCII only; a gateway sends UTF-8.
  explicit FieldReader(std::string_view payload, int server = newest_version, bool ascii = false) noexcept
      : at_(payload.data()), end_(at_ + payload.size()), server_(server), ascii_(ascii) {
    if (payload.empty() || payload.back() != '\0') fail(payload.empty() ? WireError::empty : WireError::not_terminated);
  }

  [[nodiscard]] const std::optional<WireFault>& fault() const noexcept { return fault_; }
  /// The server version that both sides agreed on: some fields exist from a version on, or up to one.
  [[nodiscard]] int server() const noexcept { return server_; }
  void fail(WireError what) noexcept {
    if (!fault_) fault_ = WireFault{what, message_id_, field_};
    at_ = end_;
  }

  int message_id() {
    int id = -1;
    (*this)("msgId", id);
    return message_id_ = id;
  }
  void version(int) { (void)take(); }
  void filler(const char*, std::string_view) { (void)take(); }
  /// The last field of a message, which some clients leave out.
  void last(const char* field, std::string& value) {
    if (at_ != end_) (*this)(field, value);
  }

  void operator()(const char*, std::string& value) {
    const std::string_view text = take();
    if (!printable_ascii(text) && (ascii_ || !clean_utf8(text))) return fail(WireError::bad_text);
    value.assign(text);
  }
  void text(const char*, std::string& value) {
    const std::string_view field = take();
    if (printable_ascii(field) && field.find('\\') == std::string_view::npos)
      value.assign(field);
    else
      value = undo_escapes(field);
  }
  void operator()(const char*, int& value) { value = integer<int>(take()).value_or(0); }
  void operator()(const char*, std::int64_t& value) { value = integer<std::int64_t>(take()).value_or(0); }
  void operator()(const char*, std::optional<int>& value) { value = integer<int>(take()); }
  void unset(const char* field, std::optional<int>& value) { (*this)(field, value); }
  void operator()(const char*, bool& value) {
    const std::string_view field = take();
    if (field == "1" || field == "true")
      value = true;
    else if (field.empty() || field == "0" || field == "false")
      value = false;
    else
      fail(WireError::bad_flag);
  }
  void operator()(const char*, double& value) { value = real(take()).value_or(0.0); }
  void operator()(const char*, std::optional<double>& value) { value = real(take()); }
  void unset(const char* field, std::optional<double>& value) { (*this)(field, value); }
  /// A size: two more spellings of "unset" than other decimals.
  void size(const char*, std::optional<double>& value) {
    const std::string_view field = take();
    const bool none = field == "2147483647" || field == "9223372036854775807" || field == "-9223372036854775808";
    value = none ? std::nullopt : real(field);
  }
  void size(const char* field, double& value) {
    std::optional<double> read;
    size(field, read);
    value = read.value_or(0.0);
  }

  /// A count, then that many entries of at least `least` fields each.
  template <class T, class Each>
  void list(const char*, const char*, std::vector<T>& entries, int least, Each each) {
    const std::string_view field = take();
    const std::int64_t count = integer<std::int64_t>(field).value_or(0);
    if (count < 0 || count * least > end_ - at_) return fail(WireError::bad_count);
    entries.clear();
    entries.resize(static_cast<std::size_t>(count));
    for (T& entry : entries) {
      if (fault_) return;
      each(entry);
    }
  }
  /// A count of entries whose layout is outside the specification.
  void none(const char*) {
    const std::string_view field = take();
    if (!field.empty() && field != "0") fail(WireError::unsupported);
  }

 private:
  std::string_view take() noexcept {
    if (at_ == end_) {
      fail(WireError::too_few_fields);
      return {};
    }
    const char* stop = static_cast<const char*>(std::memchr(at_, 0, static_cast<std::size_t>(end_ - at_)));
    const std::string_view field(at_, static_cast<std::size_t>(stop - at_));
    at_ = stop + 1;
    ++field_;
    return field;
  }

  template <class T>
  std::optional<T> integer(std::string_view field) noexcept {
    if (field.empty()) return std::nullopt;
    T value = 0;
    auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    const char* stop = field.data() + field.size();
    if (error == std::errc{} && end != stop && *end == '.') {  // "250.0": gateways accept either form
      ++end;
      while (end != stop && *end == '0') ++end;
    }
    if (error != std::errc{} || end != stop) {
      if (field == "9223372036854775807" || field == "1.7976931348623157E308") return std::nullopt;
      fail(WireError::bad_number);
      return std::nullopt;
    }
    if (value == std::numeric_limits<T>::max()) return std::nullopt;
    return value;
  }

  std::optional<double> real(std::string_view field) noexcept {
    if (field.empty()) return std::nullopt;
    if (field == "Infinity") return std::numeric_limits<double>::infinity();
    if (field == "-Infinity") return -std::numeric_limits<double>::infinity();
    double value = 0.0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (error != std::errc{} || end != field.data() + field.size() || !std::isfinite(value)) {
      fail(WireError::bad_number);
      return std::nullopt;
    }
    if (value == std::numeric_limits<double>::max()) return std::nullopt;
    return value;
  }

  const char* at_;
  const char* end_;
  int server_;
  bool ascii_;
  int message_id_ = -1;
  int field_ = 0;
  std::optional<WireFault> fault_{};
};

}  // namespace alaris::gateway
