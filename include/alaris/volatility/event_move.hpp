// SPDX-License-Identifier: Apache-2.0
#pragma once
// The move a stock made on an announcement, over the right night: a report before the open moves that day against the
// day before, a report after the close moves the next session. The wrong session is the classic error here.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <alaris/core/expected.hpp>
#include <alaris/market/bar.hpp>
#include <alaris/market/events.hpp>

namespace alaris::inline v0 {

enum class EventMoveFault : std::uint8_t { session_unknown, no_bars_around, bad_bar };

[[nodiscard]] constexpr std::string_view name(EventMoveFault fault) noexcept {
  switch (fault) {
    case EventMoveFault::session_unknown:
      return "session_unknown";
    case EventMoveFault::no_bars_around:
      return "no_bars_around";
    case EventMoveFault::bad_bar:
      return "bad_bar";
  }
  return "unknown";
}

/// The last session before the news and the first after it, and the log moves from the close before.
struct EventMove {
  Date before;
  Date after;       // the session to exclude from realised volatility
  double to_open;   // ln(open after / close before)
  double to_close;  // ln(close after / close before)
};

/// Bars sorted by date on one share basis, one per session. A date without a session counts with its neighbours.
///   error    session_unknown: neither before the open nor after the close; no_bars_around; bad_bar
[[nodiscard]] inline expected<EventMove, EventMoveFault> event_move(std::span<const Bar> bars, Date announced,
                                                                    AnnouncementSession session) noexcept {
  if (session != AnnouncementSession::before_open && session != AnnouncementSession::after_close)
    return unexpected(EventMoveFault::session_unknown);
  const auto first_after =
      session == AnnouncementSession::before_open
          ? std::lower_bound(bars.begin(), bars.end(), announced, [](const Bar& b, Date d) { return b.date < d; })
          : std::upper_bound(bars.begin(), bars.end(), announced, [](Date d, const Bar& b) { return d < b.date; });
  if (first_after == bars.begin() || first_after == bars.end()) return unexpected(EventMoveFault::no_bars_around);
  const Bar &after = *first_after, &before = *(first_after - 1);
  if (defect_of(after) != BarDefect::none || defect_of(before) != BarDefect::none)
    return unexpected(EventMoveFault::bad_bar);
  return EventMove{before.date, after.date, std::log(after.open / before.close), std::log(after.close / before.close)};
}

}  // namespace alaris::inline v0
