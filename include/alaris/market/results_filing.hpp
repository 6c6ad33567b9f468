// SPDX-License-Identifier: Apache-2.0
#pragma once
// When a company's results became public, from its filings with the SEC: how a filer writes its time stamps, which
// session an instant belongs to, and which filing is the report and which came before it.
//   source   SEC EDGAR: acceptance 06:00 to 22:00 New York on business days; Form 8-K item 2.02, item 12 before
//            2004-08-23. Some filers' stamps are New York wall time marked as UTC.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <alaris/market/calendar.hpp>
#include <alaris/market/earnings.hpp>

namespace alaris::inline v0 {

/// The digits of an acceptance stamp, whatever clock they belong to.
using FilingStamp = std::chrono::local_time<std::chrono::microseconds>;

enum class StampClock : std::uint8_t { unknown, utc, new_york };

[[nodiscard]] constexpr Instant instant_of(FilingStamp stamp, StampClock clock) noexcept {
  if (clock != StampClock::new_york) return Instant(stamp.time_since_epoch());
  const Date date = std::chrono::floor<std::chrono::days>(stamp);
  return new_york_instant(date, stamp - date);
}

/// Whether the SEC accepts filings at this instant: 06:00 to 22:00 New York, Monday to Friday.
[[nodiscard]] constexpr bool accepts_filings(Instant at) noexcept {
  using namespace std::chrono_literals;
  const Date date = new_york_date(at);
  const auto day = weekday_of(date);
  return day != std::chrono::Saturday && day != std::chrono::Sunday && at >= new_york_instant(date, 6h) &&
         at <= new_york_instant(date, 22h);
}

/// The clock of one filer, from all its stamps: a reading that puts any of them where nothing is accepted is excluded.
/// Unknown while both readings are possible, and when none is.
[[nodiscard]] constexpr StampClock stamp_clock(std::span<const FilingStamp> stamps) noexcept {
  bool utc = true, local = true;
  for (const FilingStamp stamp : stamps) {
    utc = utc && accepts_filings(instant_of(stamp, StampClock::utc));
    local = local && accepts_filings(instant_of(stamp, StampClock::new_york));
  }
  if (utc == local) return StampClock::unknown;
  return utc ? StampClock::utc : StampClock::new_york;
}

struct ReleaseSession {
  Date date{};  // the trading session it belongs to
  AnnouncementSession session = AnnouncementSession::unknown;
  friend bool operator==(const ReleaseSession&, const ReleaseSession&) = default;
};

/// Before 09:30 New York: before the open; at or after the close (13:00 on half days): after it; between: during the
/// market. An instant on a day without a session belongs to the next one, before its open.
[[nodiscard]] constexpr ReleaseSession release_session(Instant at, const TradingCalendar& calendar) noexcept {
  using namespace std::chrono_literals;
  const Date date = new_york_date(at);
  if (!calendar.is_session(date)) return {calendar.next_session(date), AnnouncementSession::before_open};
  if (at < new_york_instant(date, 9h + 30min)) return {date, AnnouncementSession::before_open};
  const bool half = calendar.kind(date) == DayKind::half_day;
  if (at >= new_york_instant(date, half ? 13h : 16h)) return {date, AnnouncementSession::after_close};
  return {date, AnnouncementSession::during_market};
}

/// The session of a stamp. With an unknown clock it is known only where both readings agree; else the date is that of
/// the digits and the session unknown.
[[nodiscard]] constexpr ReleaseSession release_session(FilingStamp stamp, StampClock clock,
                                                       const TradingCalendar& calendar) noexcept {
  const ReleaseSession as_utc = release_session(instant_of(stamp, StampClock::utc), calendar);
  const ReleaseSession as_local = release_session(instant_of(stamp, StampClock::new_york), calendar);
  if (clock == StampClock::utc || as_utc == as_local) return as_utc;
  if (clock == StampClock::new_york) return as_local;
  return {std::chrono::floor<std::chrono::days>(stamp), AnnouncementSession::unknown};
}

/// Whether a filing announces results: form 8-K itself, with item 2.02 (12 before 2004-08-23) in its comma list.
[[nodiscard]] constexpr bool announces_results(std::string_view form, std::string_view items, Date filed) noexcept {
  if (form != "8-K") return false;
  const std::string_view wanted = filed < make_date(2004, 8, 23) ? "12" : "2.02";
  while (!items.empty()) {
    const std::size_t comma = items.find(',');
    std::string_view item = items.substr(0, comma);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (item == wanted) return true;
    if (comma == std::string_view::npos) break;
    items.remove_prefix(comma + 1);
  }
  return false;
}

enum class ResultsKind : std::uint8_t { report, pre_announcement };

/// Of filings that announce results, sorted by date: one that another follows within 45 days came before the report.
[[nodiscard]] inline std::vector<ResultsKind> results_kinds(std::span<const Date> filed) {
  std::vector<ResultsKind> kinds(filed.size(), ResultsKind::report);
  for (std::size_t i = 0; i + 1 < filed.size(); ++i)
    if (filed[i + 1] - filed[i] <= same_report_window) kinds[i] = ResultsKind::pre_announcement;
  return kinds;
}

}  // namespace alaris::inline v0
