// SPDX-License-Identifier: Apache-2.0
#pragma once
// How far a day's chain can be believed: desk checks and parity over the contracts that matter, and whole-day defects.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <alaris/market/bar.hpp>
#include <alaris/market/chain.hpp>
#include <alaris/market/events.hpp>
#include <alaris/market/holiday_copy.hpp>
#include <alaris/pricing/parity.hpp>
#include <alaris/strategy/atm_term.hpp>

namespace alaris::inline v0 {

/// A defect of a whole day: its rows are not used.
enum class DayDefect : std::uint8_t { none, not_a_session, repeats_previous, no_underlying };

[[nodiscard]] constexpr std::string_view name(DayDefect defect) noexcept {
  switch (defect) {
    case DayDefect::none:
      return "";
    case DayDefect::not_a_session:
      return "not a trading session";
    case DayDefect::repeats_previous:
      return "not a trading session: repeats the previous one";
    case DayDefect::no_underlying:
      return "no underlying price";
  }
  return "unknown";
}

/// A copy of the previous session is no session even where the calendar expects one: a closure nobody entered yet.
[[nodiscard]] inline DayDefect day_defect(const OptionChain& chain, const OptionChain* previous,
                                          const TradingCalendar& calendar) noexcept {
  if (previous && is_holiday_copy(*previous, chain)) return DayDefect::repeats_previous;
  if (!calendar.is_session(chain.date())) return DayDefect::not_a_session;
  return chain.spot() > 0.0 ? DayDefect::none : DayDefect::no_underlying;
}

struct QualityScore {
  int passed = 0;
  int applicable = 0;
  /// passed / applicable; NaN when no check applied.
  [[nodiscard]] double value() const noexcept {
    return applicable > 0 ? static_cast<double>(passed) / applicable : not_known;
  }
  void count(bool pass) noexcept {
    ++applicable;
    passed += pass;
  }
};

namespace detail {

/// The pair of one strike, with what every check of it needs.
struct StrikePair {
  const OptionQuote* put = nullptr;
  const OptionQuote* call = nullptr;
};

/// Largest parity violation over the larger mid, American bounds, cash dividends as known; NaN without four quotes.
inline double parity_violation(const PricedChain& priced, const StrikePair& pair, double present_dividends) {
  if (!pair.put || !pair.call) return not_known;
  const double spot = priced.chain->spot();
  return relative_parity_violation(ExerciseStyle::american, {.spot_bid = spot,
                                                             .spot_ask = spot,
                                                             .strike = pair.put->contract.strike.dollars(),
                                                             .to_expiry = priced.to_expiry(pair.put->contract.expiry),
                                                             .rate = priced.rate,
                                                             .present_dividends = present_dividends,
                                                             .call_bid = pair.call->bid,
                                                             .call_ask = pair.call->ask,
                                                             .put_bid = pair.put->bid,
                                                             .put_ask = pair.put->ask});
}
}  // namespace detail

/// Cash dividends known to go ex in (from, to], discounted at the chain's rate. Amounts that nobody stated count as 0:
/// the lower parity bound is then too strict by them.
[[nodiscard]] inline double present_dividends(std::span<const Dividend> known, const PricedChain& priced, Date to) {
  double sum = 0.0;
  for (const Dividend& dividend : known)
    if (dividend.ex_date > priced.chain->date() && dividend.ex_date <= to && dividend.amount > 0.0)
      sum += dividend.amount * std::exp(-priced.rate * years_between(priced.chain->date(), dividend.ex_date).value);
  return sum;
}

/// The worst parity violation of one strike over the given expiries; NaN when a quote is missing.
[[nodiscard]] inline double worst_parity_violation(const PricedChain& priced, Strike strike,
                                                   std::span<const Date> expiries, std::span<const Dividend> known) {
  double worst = 0.0;
  for (const Date expiry : expiries) {
    const double violation = detail::parity_violation(
        priced,
        {priced.chain->find({expiry, strike, OptionType::put}), priced.chain->find({expiry, strike, OptionType::call})},
        present_dividends(known, priced, expiry));
    if (violation != violation) return not_known;
    worst = std::max(worst, violation);
  }
  return worst;
}

/// Desk checks over contracts with absolute delta in [0.10, 0.90] and at most 60 days to run. Of each contract: a
/// two-sided quote; an ask not below intrinsic; an executable price monotone against the next strike. Of each pair with
/// deltas in [0.2, 0.8]: parity within `max_parity_violation`. What is not known counts as failed.
[[nodiscard]] inline QualityScore score_chain(const PricedChain& priced, std::span<const Dividend> known,
                                              double max_parity_violation) {
  QualityScore score;
  const double spot = priced.chain->spot();
  for (const Date expiry : priced.chain->expiries()) {
    const double years = priced.to_expiry(expiry).value;
    if (!(years > 0.0) || years > 60.0 / 365.0) continue;
    const double forward = priced.forward(expiry), discount = std::exp(-priced.rate * years);
    const double dividends = present_dividends(known, priced, expiry);
    const auto quotes = priced.chain->of_expiry(expiry);
    // One volatility per expiry is enough to say which strikes lie between 0.10 and 0.90 delta.
    double reference = not_known, distance = 0.0;
    for (const OptionQuote& quote : quotes) {
      const double away = std::fabs(quote.contract.strike.dollars() - forward);
      if (reference == reference && away >= distance) continue;
      const double iv = priced.implied_volatility(quote.contract);
      if (iv > 0.0) reference = iv, distance = away;
    }
    if (!(reference > 0.0)) {
      for (std::size_t i = 0; i < quotes.size(); ++i) score.count(false);
      continue;
    }
    detail::StrikePair pair, previous;
    for (std::size_t i = 0; i < quotes.size(); ++i) {
      const OptionQuote& quote = quotes[i];
      const double strike = quote.contract.strike.dollars();
      const double call_delta =
          black_forward_delta(OptionType::call, {forward, strike, reference * std::sqrt(years), 1.0});
      (quote.contract.type == OptionType::put ? pair.put : pair.call) = &quote;
      if (call_delta >= 0.10 && call_delta <= 0.90) {
        score.count(two_sided(quote));
        score.count(quote.ask >= discount * sign(quote.contract.type) * (forward - strike) - dividends - 1e-9 * spot);
        const OptionQuote* lower = quote.contract.type == OptionType::put ? previous.put : previous.call;
        if (lower)  // selling the dearer side at its bid must not lock in a profit
          score.count(quote.contract.type == OptionType::call ? quote.bid <= lower->ask : lower->bid <= quote.ask);
      }
      const bool last_of_strike = i + 1 == quotes.size() || quotes[i + 1].contract.strike != quote.contract.strike;
      if (last_of_strike) {
        if (call_delta >= 0.2 && call_delta <= 0.8)
          score.count(detail::parity_violation(priced, pair, dividends) <= max_parity_violation);
        previous = pair;
        pair = {};
      }
    }
  }
  return score;
}

/// The last session's share volume over the median of the 20 sessions before it; NaN with fewer than 10.
[[nodiscard]] inline double volume_over_median(std::span<const Bar> bars) {
  if (bars.size() < 11) return not_known;
  const auto before = bars.first(bars.size() - 1).last(std::min<std::size_t>(20, bars.size() - 1));
  std::vector<double> volumes;
  for (const Bar& bar : before) volumes.push_back(bar.volume);
  const auto middle = volumes.begin() + static_cast<std::ptrdiff_t>(volumes.size() / 2);
  std::nth_element(volumes.begin(), middle, volumes.end());
  return bars.back().volume / *middle;
}

}  // namespace alaris::inline v0
