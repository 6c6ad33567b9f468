// SPDX-License-Identifier: Apache-2.0
#pragma once
// The volatility surface of one name as it was known at an instant: every expiry of the last closing chain, the event
// that is scheduled before it, and the surface again without the event.

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <alaris/core/expected.hpp>
#include <alaris/market/as_of.hpp>
#include <alaris/market/earnings.hpp>
#include <alaris/market/trading_time.hpp>
#include <alaris/volatility/american_surface.hpp>
#include <alaris/volatility/chain_surface.hpp>

namespace alaris::inline v0 {

enum class SurfaceFault : std::uint8_t {
  no_chain,  // of the last session that has closed
  no_rate,   // known on or before that session
  no_expiry  // with two-sided quotes on both sides of the money, within the horizon
};

[[nodiscard]] constexpr std::string_view name(SurfaceFault fault) noexcept {
  switch (fault) {
    case SurfaceFault::no_chain:
      return "no_chain";
    case SurfaceFault::no_rate:
      return "no_rate";
    case SurfaceFault::no_expiry:
      return "no_expiry";
  }
  return "unknown";
}

/// One expiry with what the event does to it.
struct SurfaceExpiry {
  SurfaceSlice slice;
  double volatility;                  // at the money, as quoted
  double volatility_error;            // its standard error
  double without_event;               // at the money with the events taken out; NaN without a fit
  double expected_crush;              // fall of the quoted volatility when the next event has passed; NaN so too
  double fitted;                      // at the money by the fitted term structure; NaN so too
  expected<Smile, SmileFault> smile;  // without events; as quoted where the term structure has no fit
};

/// Volatilities per square root of an Act/365 year.
struct KnownSurface {
  Date session;  // of the chain
  double spot;
  double rate;
  std::optional<EarningsConsensus> report;  // the next one that is scheduled
  std::vector<SurfaceExpiry> expiries;
  expected<TermStructure<TradingTime>, TermFitFailure<TradingTime>> term;
  expected<TermStructure<Act365>, TermFitFailure<Act365>> term_by_calendar;
  double calendar_violation;  // worst fall of total variance without the event, in standard errors; NaN without a fit
};

struct SurfaceSettings {
  Years<Act365> horizon{75.0 / 365.0};      // later expiries are left out: they hold reports that nobody has scheduled
  std::chrono::days next_report_after{91};  // when the report after the next is expected
  SessionSource session_source = SessionSource::stated;
};

/// The surface at the view's last close. Quotes are American; carry is what the forward of each expiry implies.
template <market_source Market, class Inversion = AmericanInversion<>>
[[nodiscard]] expected<KnownSurface, SurfaceFault> known_surface(const MarketView<Market>& view,
                                                                 std::string_view symbol, const TradingClock& clock,
                                                                 const SurfaceSettings& settings = {},
                                                                 const Inversion& invert = {}) {
  const Date session = view.last_session();
  const auto chain = view.chain(symbol);
  if (!chain) return unexpected(SurfaceFault::no_chain);
  const double rate = view.short_rate();
  if (!std::isfinite(rate)) return unexpected(SurfaceFault::no_rate);
  const Instant at = view.calendar().close(session);

  std::optional<EarningsConsensus> report;
  std::array<Instant, 2> events{};
  for (const EarningsConsensus& next : upcoming_earnings(view.earnings(symbol), session, settings.session_source)) {
    if (announcement_instant(next.date, next.session) <= at) continue;
    report = next;
    events = {announcement_instant(next.date, next.session),
              announcement_instant(next.date + settings.next_report_after, next.session)};
    break;
  }
  std::vector<SurfaceSlice> slices =
      surface_slices(*chain, {at, rate, events, &view.calendar(), &clock, settings.horizon}, invert);
  if (slices.empty()) return unexpected(SurfaceFault::no_expiry);

  KnownSurface surface{.session = session,
                       .spot = chain->spot(),
                       .rate = rate,
                       .report = report,
                       .expiries = {},
                       .term = fit_events<TradingTime>(slices),
                       .term_by_calendar = fit_events<Act365>(slices),
                       .calendar_violation = not_known};
  std::vector<TermObservation<TradingTime>> seen;
  for (SurfaceSlice& slice : slices) {
    const auto observed = slice.observation<TradingTime>();
    seen.push_back(observed);
    const double years = slice.to_expiry.value, volatility = std::sqrt(slice.atm_total_variance / years);
    const auto per_year = [years](double w) { return w >= 0.0 ? std::sqrt(w / years) : not_known; };
    SurfaceExpiry expiry{.slice = {},
                         .volatility = volatility,
                         .volatility_error = slice.atm_error / (2.0 * volatility * years),
                         .without_event = not_known,
                         .expected_crush = not_known,
                         .fitted = not_known,
                         .smile = surface.term ? ex_event_smile(slice, *surface.term) : fit_smile(slice.quotes)};
    if (surface.term) {
      expiry.without_event = per_year(ex_event_total_variance(*surface.term, observed));
      expiry.expected_crush = surface.term->crush(observed.to_expiry, observed.events_before, slice.to_expiry);
      expiry.fitted = per_year(surface.term->total_variance(observed.to_expiry, observed.events_before));
    }
    expiry.slice = std::move(slice);
    surface.expiries.push_back(std::move(expiry));
  }
  if (surface.term) surface.calendar_violation = worst_calendar_violation<TradingTime>(*surface.term, seen);
  return surface;
}

}  // namespace alaris::inline v0
