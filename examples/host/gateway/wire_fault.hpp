// SPDX-License-Identifier: Apache-2.0
#pragma once
// Why bytes are not a message, or a message not bytes. Every hostile frame ends here, never in undefined behaviour.

#include <cstdint>
#include <string_view>

namespace alaris::gateway {

/// The server versions whose layouts are known: the client speaks the newest only, a gateway all of them. 177 took
/// faProfile out of orders, 178 brought pendingPriceRevision to executions; nothing else differs.
inline constexpr int oldest_version = 176, newest_version = 178;

enum class WireError : std::uint8_t {
  frame_too_long,   // the length prefix is above 0xFFFFFF: the stream is lost
  not_terminated,   // a payload whose last field has no end
  empty,            // a frame without a message id
  unknown_message,  // an id this version does not know: skip it
  too_few_fields,
  bad_number,    // neither a number of the field's kind nor one of its spellings of "unset"
  bad_flag,      // neither true nor false
  bad_count,     // more entries than the frame can hold, or fewer than none
  bad_text,      // not UTF-8 or with control characters; to the gateway: not printable ASCII
  unsupported,   // a layout outside the specification (conditional orders)
  bad_handshake  // not "API", not a range of versions
};

[[nodiscard]] constexpr std::string_view name(WireError error) noexcept {
  constexpr std::string_view names[] = {"frame_too_long", "not_terminated", "empty",        "unknown_message",
                                        "too_few_fields", "bad_number",     "bad_flag",     "bad_count",
                                        "bad_text",       "unsupported",    "bad_handshake"};
  return names[static_cast<std::size_t>(error)];
}

/// `message_id` is -1 where it could not be read; `field` counts from the message id, which is 0.
struct WireFault {
  WireError what = WireError::empty;
  int message_id = -1;
  int field = 0;
  friend bool operator==(const WireFault&, const WireFault&) = default;
};

}  // namespace alaris::gateway
