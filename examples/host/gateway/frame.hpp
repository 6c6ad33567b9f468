// SPDX-License-Identifier: Apache-2.0
#pragma once
// Frames: a length of four bytes, big-endian, then that many bytes of payload. TCP may cut them anywhere.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/wire_fault.hpp"

namespace alaris::gateway {

inline constexpr std::uint32_t longest_frame = 0xFFFFFF;

/// Cuts a stream of bytes into payloads. Holds no more than one incomplete frame and what `feed` was given.
class FrameReader {
 public:
  void feed(std::string_view bytes);
  /// The next whole payload, valid until the next call of any function; nothing while it is incomplete.
  [[nodiscard]] std::optional<std::string_view> next();
  /// Bytes that are not a frame yet, taken out: the opening of a connection is not framed on the server's side.
  [[nodiscard]] std::optional<std::string> take(std::size_t count);
  /// The stream is lost: a length above the longest frame. Nothing is read after it.
  [[nodiscard]] bool broken() const noexcept { return broken_; }
  [[nodiscard]] std::size_t waiting() const noexcept { return buffer_.size() - read_; }
  void clear();

 private:
  std::string buffer_{};
  std::size_t read_ = 0;
  bool broken_ = false;
};

/// Length prefix and payload.
[[nodiscard]] std::string framed(std::string_view payload);
/// The fields of a payload; nothing when the last one is not terminated.
[[nodiscard]] std::optional<std::vector<std::string>> split_fields(std::string_view payload);
[[nodiscard]] std::string join_fields(const std::vector<std::string>& fields);

}  // namespace alaris::gateway
