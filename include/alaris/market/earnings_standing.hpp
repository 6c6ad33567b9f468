// SPDX-License-Identifier: Apache-2.0
#pragma once
// How far one can rely on an earnings date: what each source said, as it was known then, settled into one date, one
// session and a standing. Trust in the date: the report itself, then any scheduled date that no source contradicts; in
// the session: the report itself, then the exchange's calendar, then the vendors. Nothing is guessed.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <alaris/market/calendar.hpp>
#include <alaris/market/earnings.hpp>

namespace alaris::inline v0 {

enum class EarningsStanding : std::uint8_t {
  reported,     // the report is out
  confirmed,    // two or more sources name the date, none another one; the session is stated and uncontradicted
  unconfirmed,  // one source, no session, a session that cannot be traded around, or no trading day
  conflicting,  // sources name different dates or different sessions
};

[[nodiscard]] constexpr std::string_view name(EarningsStanding standing) noexcept {
  constexpr std::array<std::string_view, 4> names{"reported", "confirmed", "unconfirmed", "conflicting"};
  return names[static_cast<std::size_t>(standing)];
}

struct StandingEarnings {
  Date date{};
  AnnouncementSession session = AnnouncementSession::unknown;
  EarningsStanding standing = EarningsStanding::unconfirmed;
  int sources = 0;               // independent ones that name the date
  std::string session_source{};  // empty while the session is unknown
};

/// How long a statement stands that its source did not repeat: falling off a truncated list is no withdrawal.
inline constexpr std::chrono::days statement_stands{30};

/// When a statement lapses that was last read at `read`; nothing when its date comes first.
[[nodiscard]] inline std::optional<Instant> stands_until(Date date, Instant read) noexcept {
  const Instant until = read + statement_stands;
  return new_york_instant(date, std::chrono::hours(24)) > until ? std::optional(until) : std::nullopt;
}

/// The statement as known at an instant: said by then, not yet replaced.
[[nodiscard]] inline bool is_known(const EarningsStatement& said, Instant as_of) noexcept {
  return said.known_from <= as_of && (!said.known_until || *said.known_until > as_of);
}

namespace detail {

/// Lower is better; the report itself, the exchange's calendar, everybody else in order of name.
[[nodiscard]] inline int session_rank(const EarningsStatement& said) noexcept {
  return said.source == "reported" ? 0 : said.source == "nasdaq" ? 1 : 2;
}

[[nodiscard]] inline StandingEarnings settle(std::span<const EarningsStatement* const> group,
                                             const TradingCalendar& calendar) {
  StandingEarnings out{.date = group.front()->date};
  const EarningsStatement* report = nullptr;
  int dates = 0;
  for (const EarningsStatement* said : group) {
    if (said->source == "reported") report = said;
    if (said->source == "reported" || said->source == "derived") continue;
    const auto votes = static_cast<int>(std::count_if(group.begin(), group.end(), [&](const EarningsStatement* other) {
      return independent(*other) && other->date == said->date;
    }));
    if (votes > out.sources) {
      out.sources = votes;
      out.date = said->date;
    }
    ++dates;
  }
  if (report) out.date = report->date;
  const EarningsStatement* stated = nullptr;
  bool contradicted = false;
  for (const EarningsStatement* said : group) {
    if (said->source == "derived" || said->date != out.date || said->session == AnnouncementSession::unknown) continue;
    contradicted = contradicted || (stated && stated->session != said->session);
    if (!stated || session_rank(*said) < session_rank(*stated)) stated = said;
  }
  if (stated && (!contradicted || report == stated)) {
    out.session = stated->session;
    out.session_source = stated->source;
  }
  if (report)
    out.standing = EarningsStanding::reported;
  else if (contradicted || dates > out.sources)
    out.standing = EarningsStanding::conflicting;
  else if (out.sources >= 2 && sessions_around(out.date, out.session, calendar))
    out.standing = EarningsStanding::confirmed;
  return out;
}

}  // namespace detail

/// The reports that the statements speak of, by date, as they stood at `as_of`. Statements at most 45 days apart speak
/// of one report. Only `confirmed` ones may be traded.
[[nodiscard]] inline std::vector<StandingEarnings> standing_earnings(std::span<const EarningsStatement> statements,
                                                                     Instant as_of, const TradingCalendar& calendar) {
  std::vector<const EarningsStatement*> known{};
  for (const EarningsStatement& said : statements)
    if (is_known(said, as_of) && said.source != "derived") known.push_back(&said);
  std::stable_sort(known.begin(), known.end(), [](auto* a, auto* b) { return a->date < b->date; });
  std::vector<StandingEarnings> reports{};
  for (auto first = known.begin(); first != known.end();) {
    const auto last =
        std::find_if(first, known.end(), [&](auto* s) { return s->date - (*first)->date > same_report_window; });
    reports.push_back(detail::settle(std::span(first, last), calendar));
    first = last;
  }
  return reports;
}

/// A source that took its date back and named another one for the same report.
struct MovedEarnings {
  std::string source{};
  Date from{}, to{};
  Instant at{};
};

/// Every move that became known in (after, until], in the order of the statements.
[[nodiscard]] inline std::vector<MovedEarnings> moved_earnings(std::span<const EarningsStatement> statements,
                                                               Instant after, Instant until) {
  std::vector<MovedEarnings> moves{};
  for (const EarningsStatement& old : statements) {
    if (!old.known_until || *old.known_until <= after || *old.known_until > until) continue;
    for (const EarningsStatement& next : statements)
      if (next.source == old.source && next.date != old.date && next.known_from == *old.known_until &&
          std::chrono::abs(next.date - old.date) <= same_report_window)
        moves.push_back({old.source, old.date, next.date, next.known_from});
  }
  return moves;
}

}  // namespace alaris::inline v0
