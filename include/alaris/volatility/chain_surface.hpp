// SPDX-License-Identifier: Apache-2.0
#pragma once
// One chain of quotes becomes a surface: per expiry the forward, the out-of-the-money smile with its errors and the
// at-the-money total variance; over the expiries the base variance and every scheduled event; and the smiles again with
// the events taken out.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <alaris/core/expected.hpp>
#include <alaris/core/time.hpp>
#include <alaris/market/chain.hpp>
#include <alaris/market/expiry.hpp>
#include <alaris/market/trading_time.hpp>
#include <alaris/numeric/least_squares.hpp>
#include <alaris/numeric/normal.hpp>
#include <alaris/volatility/forward.hpp>
#include <alaris/volatility/implied.hpp>
#include <alaris/volatility/smile.hpp>
#include <alaris/volatility/term_structure.hpp>

namespace alaris::inline v0 {

/// What a chain does not say about itself.
struct SurfaceInputs {
  Instant at;
  double rate;                      // continuous, per year
  std::span<const Instant> events;  // scheduled announcements, any order; those behind `at` do not count
  const TradingCalendar* calendar;
  const TradingClock* clock;
  Years<Act365> horizon{HUGE_VAL};  // later expiries are left out
};

/// One expiry that still trades.
struct SurfaceSlice {
  Date expiry;
  Years<Act365> to_expiry;
  Years<TradingTime> diffusion;
  std::size_t events_before;
  double discount;
  double forward;
  bool forward_implied;            // by the quotes; false: the carried spot, for want of agreement
  std::vector<SmileQuote> quotes;  // out of the money, ascending in k
  double atm_total_variance;       // at k = 0
  double atm_error;                // its standard deviation: the width of the quotes around the money

  template <class Clock>
  [[nodiscard]] TermObservation<Clock> observation() const noexcept {
    if constexpr (std::is_same_v<Clock, TradingTime>)
      return {diffusion, atm_total_variance, atm_error, events_before};
    else
      return {to_expiry, atm_total_variance, atm_error, events_before};
  }
};

/// A midpoint with what its inversion may need.
struct SurfaceQuote {
  OptionType type;
  double price;
  double strike;
  double spot;
  double forward;
  double discount;
  double rate;
  double years;
};

/// How prices become total standard deviations. The American way is american_surface.hpp.
struct EuropeanInversion {
  [[nodiscard]] expected<double, VolError> operator()(const SurfaceQuote& quote) const noexcept {
    return implied_total_stdev({quote.type, quote.price, quote.forward, quote.strike, quote.discount});
  }
  /// Many strikes of one expiry and right, `terms` saying the rest; NaN where a price has no answer.
  void operator()(const SurfaceQuote& terms, std::span<const double> strikes, std::span<const double> prices,
                  std::span<double> stdevs) const noexcept {
    for (std::size_t i = 0; i < strikes.size(); ++i)
      stdevs[i] = implied_total_stdev({terms.type, prices[i], terms.forward, strikes[i], terms.discount})
                      .value_or(std::nan(""));
  }
  /// Value of the right to exercise early, at a total standard deviation.
  [[nodiscard]] double early_exercise(const SurfaceQuote&, double) const noexcept { return 0.0; }
};

namespace detail {

/// Forward from the eleven strikes nearest the spot, the discount given. Further passes take early exercise out of the
/// midpoints, at the volatility of the pair nearest the money, until the forward moves by less than 1e-5.
template <class Inversion>
[[nodiscard]] double forward_near_spot(std::span<const OptionQuote> quotes, double spot, double rate, double years,
                                       const Inversion& invert, bool& implied) {
  std::vector<ForwardQuote> pairs;
  for (std::size_t i = 0; i + 1 < quotes.size(); ++i) {
    const OptionQuote &put = quotes[i], &call = quotes[i + 1];  // put before call at every strike
    if (put.contract.strike == call.contract.strike && two_sided(put) && two_sided(call))
      pairs.push_back({put.contract.strike.dollars(), call.bid, call.ask, put.bid, put.ask});
  }
  const auto nearer = [spot](const ForwardQuote& a, const ForwardQuote& b) {
    return std::fabs(a.strike - spot) < std::fabs(b.strike - spot);
  };
  std::stable_sort(pairs.begin(), pairs.end(), nearer);
  if (pairs.size() > 11) pairs.resize(11);
  const double discount = std::exp(-rate * years);
  implied = false;
  double forward = spot / discount;
  for (int pass = 0; pass < 4; ++pass) {
    const auto found = implied_forward(pairs, discount);
    if (!found) break;
    implied = true;
    const double moved = std::fabs(found->forward - forward);
    forward = found->forward;
    if (pass > 0 && moved < 1e-5 * forward) break;
    const ForwardQuote& money = pairs.front();
    SurfaceQuote quote{
        OptionType::put, 0.5 * (money.put_bid + money.put_ask), money.strike, spot, forward, discount, rate, years};
    const auto put = invert(quote);
    quote.type = OptionType::call;
    quote.price = 0.5 * (money.call_bid + money.call_ask);
    const auto call = invert(quote);
    if (!put || !call) break;
    const double stdev = 0.5 * (*put + *call);
    bool early = false;
    for (ForwardQuote& pair : pairs) {
      quote.strike = pair.strike;
      quote.type = OptionType::call;
      pair.early_exercise = invert.early_exercise(quote, stdev);
      quote.type = OptionType::put;
      pair.early_exercise -= invert.early_exercise(quote, stdev);
      if (!std::isfinite(pair.early_exercise)) pair.early_exercise = 0.0;
      early = early || pair.early_exercise != 0.0;
    }
    if (!early) break;
  }
  return forward;
}

/// Total variance at k = 0: a robust parabola through the quotes within one standard deviation, at least five of them.
inline void set_at_the_money(SurfaceSlice& slice) {
  slice.atm_total_variance = slice.atm_error = std::nan("");
  std::vector<SmileQuote> near(slice.quotes);
  std::stable_sort(near.begin(), near.end(),
                   [](const SmileQuote& a, const SmileQuote& b) { return std::fabs(a.k) < std::fabs(b.k); });
  if (near.empty()) return;
  const double reach = std::sqrt(near.front().total_variance);
  std::size_t used = std::min<std::size_t>(near.size(), 5);
  while (used < near.size() && std::fabs(near[used].k) <= reach) ++used;
  const auto around = std::span(near).first(used);
  const auto below = [](const SmileQuote& quote) { return quote.k <= 0.0; };
  const auto above = [](const SmileQuote& quote) { return quote.k >= 0.0; };
  if (std::none_of(around.begin(), around.end(), below) || std::none_of(around.begin(), around.end(), above)) return;
  std::vector<double> misses(used);
  std::array<double, 3> curve{};
  double scale = HUGE_VAL;  // the first pass takes every quote
  for (int pass = 0; pass < 4; ++pass) {
    LeastSquares<3> parabola;
    double weights = 0.0, errors = 0.0;
    for (const SmileQuote& quote : around) {
      const double k = quote.k / reach, miss = quote.total_variance - (curve[0] + k * (curve[1] + k * curve[2]));
      const double off = miss / (4.685 * scale * quote.error), inside = std::max(1.0 - off * off, 0.0);
      const double weight = inside * inside / (quote.error * quote.error);
      parabola.add({1.0, k, k * k}, quote.total_variance, weight);
      weights += weight;
      errors += weight * quote.error;
    }
    const auto solution = parabola.solve();
    if (!solution) return;
    curve = solution->coefficients;
    for (std::size_t i = 0; i < used; ++i) {
      const double k = around[i].k / reach;
      misses[i] = std::fabs(around[i].total_variance - (curve[0] + k * (curve[1] + k * curve[2]))) / around[i].error;
    }
    scale = std::max(1.4826 * median_of(misses), 1.0);
    slice.atm_total_variance = curve[0];
    // The widths of neighbouring strikes err together: at least their mean, not their mean over the root of their
    // number.
    slice.atm_error = std::max(errors / weights, scale * std::sqrt(solution->covariance[0][0]));
  }
}

/// Appends the out-of-the-money quotes of one right, ascending in k.
template <class Inversion>
void add_outside_quotes(SurfaceSlice& slice, OptionType outside, std::span<const OptionQuote> quotes, double spot,
                        double rate, const Inversion& invert) {
  std::vector<double> strikes, prices, widths;
  for (const OptionQuote& quote : quotes) {
    const double strike = quote.contract.strike.dollars();
    const bool is_outside = (strike < slice.forward) == (outside == OptionType::put);
    if (quote.contract.type != outside || !is_outside || !two_sided(quote)) continue;
    strikes.push_back(strike);
    prices.push_back(mid(quote));
    widths.push_back(std::max(quote.ask - quote.bid, 0.01));
  }
  std::vector<double> stdevs(strikes.size());
  invert({outside, 0.0, 0.0, spot, slice.forward, slice.discount, rate, slice.to_expiry.value}, strikes, prices,
         stdevs);
  for (std::size_t i = 0; i < strikes.size(); ++i) {
    const double stdev = stdevs[i];
    if (!(stdev > 0.0)) continue;
    const double k = std::log(strikes[i] / slice.forward), d1 = -k / stdev + 0.5 * stdev;
    const double by_stdev = slice.discount * slice.forward * normal_pdf(d1);
    const double error = 2.0 * stdev * widths[i] / (std::sqrt(12.0) * by_stdev);
    if (error < 0.5 * stdev * stdev) slice.quotes.push_back({k, stdev * stdev, error});
  }
}

}  // namespace detail

/// The slices of a chain, by expiry. Expiries without a two-sided strike on either side of the money are left out, as
/// are quotes without a positive bid or whose width leaves more than half of their variance open.
///   cost   one inversion per out-of-the-money quote
template <class Inversion = EuropeanInversion>
[[nodiscard]] std::vector<SurfaceSlice> surface_slices(const OptionChain& chain, const SurfaceInputs& in,
                                                       const Inversion& invert = {}) {
  std::vector<SurfaceSlice> slices;
  for (const Date expiry : chain.expiries()) {
    const Instant last = last_trading_instant(expiry, *in.calendar);
    SurfaceSlice slice{};
    slice.expiry = expiry;
    slice.to_expiry = years_between(in.at, last);
    if (!(slice.to_expiry.value > 0.0) || slice.to_expiry > in.horizon || !(chain.spot() > 0.0)) continue;
    slice.diffusion = in.clock->between(in.at, last);
    for (const Instant event : in.events) slice.events_before += event > in.at && event < last;
    slice.discount = std::exp(-in.rate * slice.to_expiry.value);
    const auto quotes = chain.of_expiry(expiry);
    slice.forward =
        detail::forward_near_spot(quotes, chain.spot(), in.rate, slice.to_expiry.value, invert, slice.forward_implied);
    for (const OptionType outside : {OptionType::put, OptionType::call})
      detail::add_outside_quotes(slice, outside, quotes, chain.spot(), in.rate, invert);
    detail::set_at_the_money(slice);
    if (slice.atm_total_variance > 0.0) slices.push_back(std::move(slice));
  }
  return slices;
}

/// A base variance that moves half of its way back in about two months. With a flat base, a short-dated excess of
/// ordinary variance would be called event variance.
inline constexpr TermFitSettings reverting_base{.reversion = 4.0};

/// Base and event variances of the slices in the clock of choice.
template <class Clock>
[[nodiscard]] expected<TermStructure<Clock>, TermFitFailure<Clock>> fit_events(
    std::span<const SurfaceSlice> slices, const TermFitSettings& settings = reverting_base) {
  std::vector<TermObservation<Clock>> observations;
  for (const SurfaceSlice& slice : slices) observations.push_back(slice.template observation<Clock>());
  return fit_term_structure<Clock>(observations, settings);
}

/// A slice's smile with the fitted events taken out: SVI, or the interpolation and the reason. An event's variance is
/// the same at every strike; where it leaves a quote nothing, the quote is left out.
template <class Clock>
[[nodiscard]] expected<Smile, SmileFault> ex_event_smile(const SurfaceSlice& slice, const TermStructure<Clock>& term,
                                                         const SviFitSettings& settings = {}) {
  const auto seen = slice.template observation<Clock>();
  const double jumps = seen.total_variance - ex_event_total_variance(term, seen);
  std::vector<SmileQuote> quotes;
  for (SmileQuote quote : slice.quotes) {
    quote.total_variance -= jumps;
    if (quote.total_variance > 0.0) quotes.push_back(quote);
  }
  return fit_smile(quotes, settings);
}

}  // namespace alaris::inline v0
