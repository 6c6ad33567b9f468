// SPDX-License-Identifier: Apache-2.0
#pragma once
// Times as clients and gateways write them.

#include <optional>
#include <string>
#include <string_view>

#include <alaris/core/time.hpp>

namespace alaris::simulated {

/// "20261123"
[[nodiscard]] std::string yyyymmdd(Date date);
/// "20261123 09:31:07 US/Eastern"
[[nodiscard]] std::string gateway_time(Instant at);

struct WireTime {
  Instant at{};
  bool zoned = true;  // false: no zone was given, and the gateway's own was taken
};
/// UTC as "20261123-14:31:07", or "20261123 09:31:07 ZONE" with UTC or a zone of the United States; nothing for any
/// other text.
[[nodiscard]] std::optional<WireTime> parse_time(std::string_view text);

}  // namespace alaris::simulated
