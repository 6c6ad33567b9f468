// SPDX-License-Identifier: Apache-2.0
#pragma once
// Daily history of a CBOE index (VIX and its sisters) as one file.

#include <cstddef>
#include <optional>
#include <string>

#include <alaris/core/time.hpp>

#include "feeds/answer.hpp"

namespace alaris::host::cboe {

inline constexpr std::string_view feed = "cboe";

struct IndexDay {
  Date date{};
  double close = 0.0;
  std::optional<double> open{}, high{}, low{};  // zero in the file means missing
  friend bool operator==(const IndexDay&, const IndexDay&) = default;
};

/// Rising by date. DATE,OPEN,HIGH,LOW,CLOSE or DATE and one named column. A file with fewer days than `held_before` was
/// cut off on the way: implausible.
[[nodiscard]] FeedResult<FeedTable<IndexDay>> parse_history(const HttpAnswer& answer, std::size_t held_before = 0);

}  // namespace alaris::host::cboe
