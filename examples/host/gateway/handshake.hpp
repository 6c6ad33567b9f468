// SPDX-License-Identifier: Apache-2.0
#pragma once
// The opening of a connection: "API", a range of versions, and the gateway's answer.

#include <string>
#include <string_view>

#include <alaris/core/expected.hpp>

#include "gateway/wire_fault.hpp"

namespace alaris::gateway {

inline constexpr std::string_view api_prefix{"API\0", 4};

struct VersionRange {
  int least = 100;
  int most = 178;
  friend bool operator==(const VersionRange&, const VersionRange&) = default;
};

/// The first bytes of a client; the range is framed and not terminated.
[[nodiscard]] std::string opening(VersionRange range);
/// "v100..178", "v178", either with a space and options behind it.
[[nodiscard]] expected<VersionRange, WireError> parse_range(std::string_view payload);

/// The gateway's answer: a version and when it started, as free text.
struct VersionReply {
  int version = 0;  // -1: a redirect, `text` is host:port
  std::string text{};
};
[[nodiscard]] std::string frame_of_reply(const VersionReply& reply);
/// Anything but a frame of two fields whose first is a number is `bad_handshake`: to be ignored at this stage.
[[nodiscard]] expected<VersionReply, WireError> parse_reply(std::string_view payload);

}  // namespace alaris::gateway
