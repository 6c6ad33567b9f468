// SPDX-License-Identifier: Apache-2.0
#pragma once
// From what several sources say to one earnings date: who agrees, who contradicts, and which sessions lie around it.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <alaris/market/calendar.hpp>
#include <alaris/market/events.hpp>
#include <alaris/market/new_york.hpp>

namespace alaris::inline v0 {

/// Statements further apart than this speak of different quarterly reports.
inline constexpr std::chrono::days same_report_window{45};

/// Whether a session that was only derived from prices afterwards may stand in for a stated one.
enum class SessionSource : std::uint8_t { stated, derived };

/// When a report of that session is taken to come out: 7:00 New York before the open, noon during the session, 16:30
/// after the close and where nothing is known (then at least one session more is at risk, not less).
[[nodiscard]] inline Instant announcement_instant(Date date, AnnouncementSession session) noexcept {
  using namespace std::chrono_literals;
  switch (session) {
    case AnnouncementSession::before_open:
      return new_york_instant(date, 7h);
    case AnnouncementSession::during_market:
      return new_york_instant(date, 12h);
    case AnnouncementSession::after_close:
    case AnnouncementSession::unknown:
      break;
  }
  return new_york_instant(date, 16h + 30min);
}

/// One report as its sources see it. Counts are of independent sources ("derived" and "reported" are none).
struct EarningsConsensus {
  Date date{};                                                 // the date most sources name; ties: the earlier
  AnnouncementSession session = AnnouncementSession::unknown;  // stated and uncontradicted, else unknown
  int agreeing_sources = 0;
  int disagreeing_sources = 0;
  bool session_contradicted = false;
  bool session_derived = false;
};

namespace detail {
template <class Statement>
bool independent(const Statement& s) noexcept {
  return s.source != "derived" && s.source != "reported";
}
}  // namespace detail

/// The reports that `statements` (those known, none replaced) place on or after `from`, by date.
///   session   of statements about the chosen date; two different ones contradict each other
[[nodiscard]] inline std::vector<EarningsConsensus> upcoming_earnings(std::span<const KnownStatement> statements,
                                                                      Date from, SessionSource session_source) {
  std::vector<const KnownStatement*> said{};
  for (const KnownStatement& s : statements)
    if (detail::independent(s) && s.date >= from) said.push_back(&s);
  std::stable_sort(said.begin(), said.end(), [](auto* a, auto* b) { return a->date < b->date; });

  std::vector<EarningsConsensus> reports{};
  for (auto first = said.begin(); first != said.end();) {
    const auto last =
        std::find_if(first, said.end(), [&](auto* s) { return s->date - (*first)->date > same_report_window; });
    EarningsConsensus report{.date = (*first)->date};
    for (auto at = first; at != last; ++at) {
      const Date date = (*at)->date;
      const auto votes = static_cast<int>(std::count_if(first, last, [&](auto* s) { return s->date == date; }));
      if (votes > report.agreeing_sources) {
        report.date = date;
        report.agreeing_sources = votes;
      }
    }
    report.disagreeing_sources = static_cast<int>(last - first) - report.agreeing_sources;
    const auto hear = [&](AnnouncementSession session) {
      if (session == AnnouncementSession::unknown) return;
      if (report.session == AnnouncementSession::unknown)
        report.session = session;
      else if (report.session != session)
        report.session_contradicted = true;
    };
    for (auto at = first; at != last; ++at)
      if ((*at)->date == report.date) hear((*at)->session);
    if (report.session == AnnouncementSession::unknown && session_source == SessionSource::derived)
      for (const KnownStatement& s : statements)
        if (s.source == "derived" && s.date == report.date) {
          hear(s.session);
          report.session_derived = true;
        }
    reports.push_back(report);
    first = last;
  }
  return reports;
}

/// The closes around an announcement: t0 and t1 of the event study, entry and exit of the strategy.
struct EventSessions {
  Date last_close_before{};
  Date first_close_after{};
  Instant announced{};  // latest plausible instant: 07:00 New York before the open, 16:30 after the close
};

/// Nothing when the session is unknown or during the market, or when the date is not a trading session.
[[nodiscard]] inline std::optional<EventSessions> sessions_around(Date date, AnnouncementSession session,
                                                                  const TradingCalendar& calendar) {
  using namespace std::chrono_literals;
  if (!calendar.is_session(date)) return std::nullopt;
  switch (session) {
    case AnnouncementSession::before_open:
      return EventSessions{calendar.previous_session(date), date, new_york_instant(date, 7h)};
    case AnnouncementSession::after_close:
      return EventSessions{date, calendar.next_session(date), new_york_instant(date, 16h + 30min)};
    case AnnouncementSession::during_market:
    case AnnouncementSession::unknown:
      break;
  }
  return std::nullopt;
}

/// Sessions whose return contains an announcement already made: `reported` rows where there are any, else statements
/// whose date has passed. An unknown session excludes both candidates.
[[nodiscard]] inline std::vector<Date> past_event_sessions(std::span<const KnownStatement> statements,
                                                           Date last_session, const TradingCalendar& calendar) {
  std::vector<Date> sessions{};
  const auto add = [&](Date date, AnnouncementSession session) {
    if (const auto around = sessions_around(date, session, calendar))
      sessions.push_back(around->first_close_after);
    else {
      const Date on = calendar.is_session(date) ? date : calendar.next_session(date);
      sessions.push_back(on);
      sessions.push_back(calendar.next_session(on));
    }
  };
  for (const KnownStatement& s : statements) {
    if (s.date > last_session) continue;
    const bool better = s.source != "reported" && std::any_of(statements.begin(), statements.end(), [&](const auto& r) {
                          return r.source == "reported" && std::chrono::abs(r.date - s.date) <= same_report_window;
                        });
    if (!better && s.source != "derived") add(s.date, s.session);
  }
  std::sort(sessions.begin(), sessions.end());
  sessions.erase(std::unique(sessions.begin(), sessions.end()), sessions.end());
  std::erase_if(sessions, [&](Date d) { return d > last_session; });
  return sessions;
}

}  // namespace alaris::inline v0
