// SPDX-License-Identifier: Apache-2.0
#pragma once
// One past announcement, measured: what the last chain before it said the move would be, with its error and in both
// clocks, and what the move then was.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <vector>

#include <alaris/core/expected.hpp>
#include <alaris/market/bar.hpp>
#include <alaris/market/chain.hpp>
#include <alaris/market/earnings.hpp>
#include <alaris/market/events.hpp>
#include <alaris/volatility/chain_surface.hpp>
#include <alaris/volatility/event.hpp>
#include <alaris/volatility/event_move.hpp>
#include <alaris/volatility/physical_event.hpp>

namespace alaris::inline v0 {

struct MeasuredEvent {
  EventMove move;
  Estimate sigma_event;            // in trading time
  double sigma_event_by_calendar;  // in Act/365, for comparison; not_known when that fit fails
  double implied_move;             // mean absolute percentage move that sigma_event means
  double base_variance;            // of the session after, without the event
  double surprise;                 // (move^2 - base variance of that session) / sigma_event^2
  double calendar_violation;       // worst fall of ex-event total variance, in standard errors
  double chi_square;
  std::size_t degrees;
  std::size_t expiries;
};

struct MeasureInputs {
  double rate;
  const TradingCalendar* calendar;
  const TradingClock* clock;
  Years<Act365> horizon{75.0 / 365.0};      // later expiries are not used
  std::chrono::days next_report_after{91};  // when the one after is expected
};

/// `chain` holds the closing quotes of the last session before the news, `bars` that session and the one after it.
///   error     invalid_input when the chain is of an other day; else why the fit has no event (term_structure.hpp)
template <class Inversion = EuropeanInversion>
[[nodiscard]] expected<MeasuredEvent, TermFitFault> measure_event(const EventMove& move, const OptionChain& chain,
                                                                  const EarningsStatement& report,
                                                                  const MeasureInputs& in,
                                                                  const Inversion& invert = {}) {
  if (chain.date() != move.before || !in.calendar->is_session(move.before))
    return unexpected(TermFitFault::invalid_input);
  const std::array<Instant, 2> events{announcement_instant(report.date, report.session),
                                      announcement_instant(report.date + in.next_report_after, report.session)};
  const Instant at = in.calendar->close(move.before);
  std::vector<SurfaceSlice> slices =
      surface_slices(chain, {at, in.rate, events, in.calendar, in.clock, in.horizon}, invert);
  const auto fit = fit_events<TradingTime>(slices);
  if (!fit) return unexpected(fit.error().fault);
  if (fit->event_count == 0) return unexpected(TermFitFault::not_identified);
  const auto by_calendar = fit_events<Act365>(slices);
  std::vector<TermObservation<TradingTime>> seen;
  for (const SurfaceSlice& slice : slices) seen.push_back(slice.observation<TradingTime>());

  const Instant after = in.calendar->is_session(move.after) ? in.calendar->close(move.after) : at;
  const double session = fit->base_total_variance(in.clock->between(at, after));
  const Estimate sigma = fit->sigma_event(0);
  return MeasuredEvent{.move = move,
                       .sigma_event = sigma,
                       .sigma_event_by_calendar = by_calendar ? by_calendar->sigma_event(0).value : not_known,
                       .implied_move = expected_abs_move(sigma.value),
                       .base_variance = session,
                       .surprise = event_surprise({move.to_close, session, sigma.value}),
                       .calendar_violation = worst_calendar_violation<TradingTime>(*fit, seen),
                       .chi_square = fit->chi_square,
                       .degrees = fit->degrees,
                       .expiries = slices.size()};
}

}  // namespace alaris::inline v0
