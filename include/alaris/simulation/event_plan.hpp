// SPDX-License-Identifier: Apache-2.0
#pragma once
// A simulated company's reports: when they are expected, when they come, and what two calendars say about them.

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <alaris/market/events.hpp>
#include <alaris/market/new_york.hpp>
#include <alaris/simulation/sessions.hpp>

namespace alaris::inline v0 {

/// One quarterly report. `planned` is what everybody, option markets included, believes until `restated`.
struct SimulatedEvent {
  Date planned;
  Date date;                        // equal to planned unless moved
  AnnouncementSession session;      // before_open or after_close
  std::optional<Instant> restated;  // when the move became known
  Instant announced;                // 07:00 New York before the open, 16:30 after the close
  Date reaction;                    // first session whose close is after the report
  Date planned_reaction;

  /// The first session after the news, as believed at `at`.
  [[nodiscard]] Date reaction_known(Instant at) const noexcept {
    return restated && at < *restated ? planned_reaction : reaction;
  }
};

namespace detail {

[[nodiscard]] inline Date reaction_to(Date report, AnnouncementSession session, const SimulatedSessions& days) {
  return session == AnnouncementSession::before_open ? report : days.next(report);
}

/// Quarter ends from a year before the first session to the horizon; the position in the list is the event's key.
[[nodiscard]] inline std::vector<Date> quarter_ends(const SimulatedSessions& days) {
  using namespace std::chrono;
  std::vector<Date> ends;
  const int first = static_cast<int>(civil(days.sessions().front()).year()) - 1;
  const Date last = days.with_horizon().back();
  for (int year = first;; ++year)
    for (const unsigned month : {3u, 6u, 9u, 12u}) {
      const Date end(local_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::last));
      if (end > last) return ends;
      ends.push_back(end);
    }
}

}  // namespace detail

/// Reports whose reaction lies after the first session and whose dates lie in the horizon, by date. Each event has a
/// random stream of its own: a longer simulation keeps the events of a shorter one.
[[nodiscard]] inline std::vector<SimulatedEvent> plan_events(const SimulationParameters& p, const SymbolTraits& traits,
                                                             const SimulatedSessions& days) {
  using namespace std::chrono_literals;
  std::vector<SimulatedEvent> events;
  const std::vector<Date> quarters = detail::quarter_ends(days);
  for (std::size_t i = 0; i < quarters.size(); ++i) {
    RandomStream stream(split_seed(split_seed(traits.seed, key_of("report")), i));
    SimulatedEvent e{};
    e.session = traits.session;
    e.planned = days.same_or_next(quarters[i] + std::chrono::days(traits.report_offset + draw_integer(stream, -2, 2)));
    const bool moved = draw_uniform(stream) < p.moved_date_chance;
    const int by = draw_integer(stream, 5, 8) * (draw_uniform(stream) < 0.5 ? -1 : 1);
    const int notice = draw_integer(stream, 9, 14);
    e.date = moved ? days.same_or_next(e.planned + std::chrono::days(by)) : e.planned;
    if (moved) e.restated = new_york_instant(std::min(e.planned, e.date) - std::chrono::days(notice), 17h);
    e.reaction = detail::reaction_to(e.date, e.session, days);
    e.planned_reaction = detail::reaction_to(e.planned, e.session, days);
    e.announced = new_york_instant(e.date, e.session == AnnouncementSession::before_open ? 7h : 16h + 30min);
    if (std::min(e.date, e.planned) > days.sessions().front() &&
        std::max(e.reaction, e.planned_reaction) <= days.with_horizon().back())
      events.push_back(e);
  }
  return events;
}

/// What `sim-calendar-a` and `sim-calendar-b` said about the events, and the reports themselves (`reported`), by the
/// instant at which they became known. The first calendar speaks about 30 days ahead, the second about 27; a moved date
/// is restated by the first at once and by the second one to three days later; now and then the second is a day off
/// and stays so. Sessions are stated.
[[nodiscard]] inline std::vector<EarningsStatement> statements_about(const std::vector<SimulatedEvent>& events,
                                                                     const SimulationParameters& p,
                                                                     const SymbolTraits& traits,
                                                                     const SimulatedSessions& days) {
  using namespace std::chrono_literals;
  std::vector<EarningsStatement> said;
  for (const SimulatedEvent& e : events) {
    const auto key = static_cast<std::uint64_t>(e.planned.time_since_epoch().count());
    RandomStream stream(split_seed(split_seed(traits.seed, key_of("statements")), key));
    const Instant a_knows = new_york_instant(e.planned - std::chrono::days(30 + draw_integer(stream, -3, 5)), 18h);
    const Instant b_knows = new_york_instant(e.planned - std::chrono::days(27 + draw_integer(stream, -3, 5)), 19h);
    const bool off = draw_uniform(stream) < p.disagreement_chance;
    const auto delay = std::chrono::days(draw_integer(stream, 1, 3));
    if (e.restated) {
      const Instant b_restates = *e.restated + delay;
      said.push_back({e.planned, e.session, "sim-calendar-a", a_knows, e.restated});
      said.push_back({e.planned, e.session, "sim-calendar-b", b_knows, b_restates});
      said.push_back({e.date, e.session, "sim-calendar-a", *e.restated, std::nullopt});
      said.push_back({e.date, e.session, "sim-calendar-b", b_restates, std::nullopt});
    } else {
      said.push_back({e.date, e.session, "sim-calendar-a", a_knows, std::nullopt});
      said.push_back({off ? days.next(e.date) : e.date, e.session, "sim-calendar-b", b_knows, std::nullopt});
    }
    if (e.reaction <= days.sessions().back())
      said.push_back({e.date, e.session, "reported", e.announced, std::nullopt});
  }
  std::stable_sort(said.begin(), said.end(), [](const auto& x, const auto& y) { return x.known_from < y.known_from; });
  return said;
}

}  // namespace alaris::inline v0
