// SPDX-License-Identifier: Apache-2.0
#pragma once
// Nasdaq's earnings calendar: one day per answer. Days in the past lose their session, so a session that was read while
// the day lay ahead must never be replaced by an unknown one.

#include <cstdint>
#include <optional>
#include <string>

#include <alaris/market/events.hpp>

#include "feeds/answer.hpp"

namespace alaris::host::nasdaq {

inline constexpr std::string_view feed = "nasdaq";

struct Earnings {
  std::string symbol{};  // canonical
  std::string company{};
  AnnouncementSession session = AnnouncementSession::unknown;
  std::optional<double> eps{}, eps_forecast{}, last_year_eps{}, market_cap{}, surprise_percent{};  // dollars
  std::optional<std::int64_t> estimates{};
  std::optional<Date> last_year_date{};
};

/// An answer without rows is an empty day; one without a date is beyond the horizon of the calendar.
[[nodiscard]] FeedResult<FeedTable<Earnings>> parse_calendar(const HttpAnswer& answer);

/// "$1,204.50", "($0.26)", "$(0.12)", "-$0.77"; nothing for "", "N/A", "--", "NaN". `ok` is false for anything else.
struct Money {
  std::optional<double> dollars;
  bool ok = true;
};
[[nodiscard]] Money parse_money(std::string_view text);

}  // namespace alaris::host::nasdaq
