// SPDX-License-Identifier: Apache-2.0
#pragma once
// When a spread is to be closed, and why: one pure function of the position, its marks and what is known about its
// name. A backtest and a live session ask the same one; every answer carries the reason, the value seen and the limit.

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <alaris/market/calendar.hpp>
#include <alaris/market/earnings.hpp>
#include <alaris/market/events.hpp>
#include <alaris/market/expiry.hpp>
#include <alaris/market/quote.hpp>
#include <alaris/pricing/american_early_exercise.hpp>
#include <alaris/strategy/calendar_spread.hpp>
#include <alaris/volatility/implied.hpp>

namespace alaris::inline v0 {

/// Why a trade ended. The first nine are decisions of this page, in the order in which they are named; the last three
/// happen to a trade that was not closed.
enum class ExitReason : std::uint8_t {
  event_passed,    // the session after the event has come
  date_withdrawn,  // no source names a date for the report any more
  date_moved,      // the report was moved to another date or session, or its session is disputed
  stop_loss,       // the loss at mid reached its share of the debit
  crush_captured,  // the gain at mid reached its share of the debit
  ex_dividend,     // a short call may be exercised for a dividend tonight
  pin,             // the stock stands at the short strike and the front has few sessions left
  time,            // the front is about to expire
  liquidity,       // closing has become too expensive
  expired,
  assigned,
  end_of_data
};
inline constexpr std::size_t decided_exits = 9;

[[nodiscard]] constexpr std::string_view name(ExitReason reason) noexcept {
  constexpr std::string_view names[] = {"event_passed",   "date_withdrawn", "date_moved", "stop_loss",
                                        "crush_captured", "ex_dividend",    "pin",        "time",
                                        "liquidity",      "expired",        "assigned",   "end_of_data"};
  return names[static_cast<std::size_t>(reason)];
}

/// Fractions are of the debit paid. The two shares of the debit are the manual's; the pin distance is the market's
/// (a short within 1 % of its strike may be assigned either way); the rest is this project's own choice.
struct ExitRules {
  double take_crush_fraction = 0.8;    // gain at mid, at least
  double stop_loss_fraction = 0.5;     // loss at mid, at least
  double max_crossing_fraction = 0.5;  // cost of closing (natural less mid), more than
  double pin_distance = 0.01;          // |spot / strike - 1|, at most
  int pin_sessions = 1;                // left to the front's last session, at most
  int min_front_sessions = 1;          // left to the front's last session, at most
};

/// A spread that is held, before a session in which an exit could trade.
struct HeldCalendar {
  CalendarSpread spread{};
  Date event_date{};
  AnnouncementSession announced = AnnouncementSession::unknown;
  EventSessions event{};    // as it was traded
  Date entered{};           // session of the entry
  double paid = not_known;  // dollars per spread and share
  bool short_open = true;   // the front has neither expired nor been assigned
};

/// What is known about it at the decision. Dollars per spread and share; NaN: not known, and no exit follows from it
/// (but an ex-date whose amount nobody stated counts as worth exercising for).
struct ExitMarks {
  double value = not_known;     // at mid, with what its settled legs have brought in
  double crossing = not_known;  // natural less mid of closing it
  double spot = not_known;
  double rate = not_known;                       // continuous, a year
  double front_volatility = not_known;           // of the short leg, a year
  std::span<const Dividend> dividends{};         // as known
  std::span<const KnownStatement> statements{};  // as known, none replaced or withdrawn
  SessionSource session_source = SessionSource::stated;
};

/// One exit rule's view. `due` is false where a figure is not known.
struct ExitFinding {
  ExitReason reason = ExitReason::event_passed;
  double observed = not_known;
  double limit = not_known;
  bool due = false;
};

/// Black volatility a year of a mark at the close of `session`, without dividends; NaN where there is none.
[[nodiscard]] inline double marked_volatility(const OptionContract& contract, double price, double spot, double rate,
                                              Date session) noexcept {
  const double years = years_between(session, contract.expiry).value;
  const auto stdev = implied_total_stdev(
      {contract.type, price, spot * std::exp(rate * years), contract.strike.dollars(), std::exp(-rate * years)});
  return stdev && years > 0.0 ? *stdev / std::sqrt(years) : not_known;
}

namespace detail {

/// Days by which the report was moved; NaN when no source names a date for it any more.
struct ReportNow {
  double days_moved = not_known;
  bool session_changed = false;
};
[[nodiscard]] inline ReportNow report_now(const HeldCalendar& held, const ExitMarks& marks, Date last_session) {
  const EarningsConsensus* nearest = nullptr;
  const auto reports = upcoming_earnings(marks.statements, last_session, marks.session_source);
  for (const EarningsConsensus& report : reports)
    if (std::chrono::abs(report.date - held.event_date) <= same_report_window &&
        (!nearest ||
         std::chrono::abs(report.date - held.event_date) < std::chrono::abs(nearest->date - held.event_date)))
      nearest = &report;
  if (!nearest) return {};
  const bool other = nearest->session != AnnouncementSession::unknown && nearest->session != held.announced;
  return {static_cast<double>((nearest->date - held.event_date).count()), other || nearest->session_contradicted};
}

/// The last session before an ex-date is the last one in which a short call can be bought back from a holder who would
/// exercise for the dividend.
[[nodiscard]] inline ExitFinding ex_dividend_exit(const HeldCalendar& held, const ExitMarks& marks, Date session,
                                                  const TradingCalendar& calendar) {
  ExitFinding found{.reason = ExitReason::ex_dividend};
  if (!held.short_open || !held.spread.has(OptionType::call)) return found;
  const Date next = calendar.next_session(session), last = last_trading_day(held.spread.front, calendar);
  for (const Dividend& d : marks.dividends) {
    if (d.ex_date <= session || d.ex_date > next || d.ex_date > last) continue;
    const EarlyExercise early =
        call_exercise_before_dividend({.type = OptionType::call,
                                       .spot = marks.spot,
                                       .strike = held.spread.strike.dollars(),
                                       .years = years_between(d.ex_date, held.spread.front).value,
                                       .rate = marks.rate,
                                       .yield = 0.0,
                                       .volatility = marks.front_volatility},
                                      d.amount);
    found.observed = early.gained;
    found.limit = early.given_up;
    found.due = !early.irrational();
    if (found.due) break;
  }
  return found;
}

}  // namespace detail

/// Every exit rule's view of one position, in order of precedence.
///   session  in which an exit would trade; marks are those of the session before it
[[nodiscard]] inline std::array<ExitFinding, decided_exits> assess_exits(const HeldCalendar& held,
                                                                         const ExitMarks& marks, Date session,
                                                                         const ExitRules& rules,
                                                                         const TradingCalendar& calendar) {
  using enum ExitReason;
  std::array<ExitFinding, decided_exits> found{};
  for (std::size_t i = 0; i < decided_exits; ++i) found[i].reason = static_cast<ExitReason>(i);
  const auto set = [&](ExitReason reason, double observed, double limit, bool due) {
    found[static_cast<std::size_t>(reason)] = {reason, observed, limit, due};
  };
  const double after = calendar.is_session(session) && session >= held.event.first_close_after
                           ? calendar.sessions_between(held.event.first_close_after, session)
                           : -calendar.sessions_between(session, held.event.first_close_after);
  set(event_passed, after, 0.0, session >= held.event.first_close_after);
  if (session <= held.event.last_close_before) {
    const detail::ReportNow report = detail::report_now(held, marks, calendar.previous_session(session));
    const bool named = report.days_moved == report.days_moved;
    set(date_withdrawn, named ? 1.0 : 0.0, 1.0, !named);
    set(date_moved, report.days_moved, 0.0, named && (report.days_moved != 0.0 || report.session_changed));
  }
  const double gain = held.paid > 0.0 ? (marks.value - held.paid) / held.paid : not_known;
  set(stop_loss, -gain, rules.stop_loss_fraction, -gain >= rules.stop_loss_fraction);
  set(crush_captured, gain, rules.take_crush_fraction, gain >= rules.take_crush_fraction);
  if (held.short_open) {
    found[static_cast<std::size_t>(ex_dividend)] = detail::ex_dividend_exit(held, marks, session, calendar);
    const Date last = last_trading_day(held.spread.front, calendar);
    const double left = session <= last ? calendar.sessions_between(session, last) : 0.0;
    const double distance = std::fabs(marks.spot / held.spread.strike.dollars() - 1.0);
    set(pin, distance, rules.pin_distance, left <= rules.pin_sessions && distance <= rules.pin_distance);
    set(time, left, rules.min_front_sessions, left <= rules.min_front_sessions);
  }
  const double crossing = held.paid > 0.0 ? marks.crossing / held.paid : not_known;
  set(liquidity, crossing, rules.max_crossing_fraction, crossing > rules.max_crossing_fraction);
  return found;
}

/// The exit that is due, the first in order of precedence; nothing while the spread may stay. A long leg whose short
/// one is gone is no calendar and is sold. Nothing is closed in the session of its own entry.
[[nodiscard]] inline std::optional<ExitFinding> exit_due(const HeldCalendar& held, const ExitMarks& marks, Date session,
                                                         const ExitRules& rules, const TradingCalendar& calendar) {
  if (session <= held.entered) return std::nullopt;
  const auto found = assess_exits(held, marks, session, rules, calendar);
  const auto due = std::find_if(found.begin(), found.end(), [](const ExitFinding& finding) { return finding.due; });
  if (due != found.end()) return *due;
  if (held.short_open) return std::nullopt;
  return ExitFinding{.reason = ExitReason::assigned, .observed = 0.0, .limit = 1.0, .due = true};
}

}  // namespace alaris::inline v0
