// SPDX-License-Identifier: Apache-2.0
#pragma once
// What kind of market to simulate, and what the seed makes of one symbol's name.

#include <cmath>
#include <cstdint>
#include <string_view>

#include <alaris/core/expects.hpp>
#include <alaris/market/events.hpp>
#include <alaris/market/trading_time.hpp>
#include <alaris/numeric/random.hpp>

namespace alaris::inline v0 {

/// Everything a simulated market is a function of. Two markets with equal parameters are equal to the last bit; a later
/// last_session only adds days, an other first_session, seed or symbol name makes an other history.
struct SimulationParameters {
  std::uint64_t seed = 1;
  /// Bars begin here; past events and realised volatility need about three years before the first day of interest.
  Date first_session = make_date(2012, 1, 3);
  /// Bars end here. Expiries reach 280 days further: up to 2027-03-26 every holiday they meet is a known one.
  Date last_session = make_date(2026, 12, 31);

  /// sigma_Q / sigma_P of an earnings jump. 1: every option is a fair bet. [0.5, 3]
  double event_premium = 1.3;
  /// Standard deviation of the log move at an earnings report, drawn per symbol between these: larger for a symbol of
  /// larger base volatility, as a rule. [0, 0.3]
  double min_event_move = 0.04;
  double max_event_move = 0.08;
  /// Long-run volatility without events, drawn per symbol between these. (0, 1]
  double min_base_volatility = 0.20;
  double max_base_volatility = 0.45;
  /// Share of the long-run variance that never varies. [0, 0.9]
  double constant_variance_share = 0.36;
  /// Speed at which the varying part returns to its mean, per year. (0, 20]
  double mean_reversion = 4.0;
  /// Volatility of variance as a multiple of the long-run volatility. (0, 4]
  double vol_of_variance = 1.8;
  /// Correlation of return and variance: the skew. (-1, 0]
  double leverage = -0.6;
  /// Correlation of every symbol with the market factor, in returns and in variance. [0, 1)
  double return_correlation = 0.5;
  double variance_correlation = 0.6;

  /// Continuous rate: level + cycle * sin(2 pi years since 2000 / 9), the same for lending and borrowing.
  double rate_level = 0.035;
  double rate_cycle = 0.01;
  /// Share of symbols that pay quarterly cash dividends. [0, 1]
  double dividend_payers = 0.6;
  /// Chance that an announced date is moved by about a week, and that the second source is a day off. [0, 1]
  double moved_date_chance = 0.04;
  double disagreement_chance = 0.03;

  /// Clock of the variance, and the share of a session's variance before its open. [0, 1)
  DayWeights day_weights{};
  double overnight_share = 0.30;
  /// Half spread at the money in basis points of spot for a symbol of middling liquidity. [0, 100]
  double half_spread_bp = 2.0;
};

/// What the seed makes of a name. The event volatilities are standard deviations of a log move, not annualised.
struct SymbolTraits {
  std::uint64_t seed;
  double start_price;
  double base_volatility;       // long-run, per square root of a year of trading time
  double sigma_physical;        // of the path's earnings jumps
  double sigma_priced;          // of the options' earnings jumps
  double dividend_yield;        // per year; 0 for a symbol that pays none
  double share_volume;          // a quiet session's, shares
  double illiquidity;           // multiplies half spreads; 1 is middling
  AnnouncementSession session;  // before_open or after_close, always the same
  int report_offset;            // days from the end of a quarter to the report, about
  int ex_dividend_offset;       // days from the end of a quarter to the ex-date, about
};

[[nodiscard]] inline SymbolTraits traits_of(const SimulationParameters& p, std::string_view symbol) noexcept {
  ALARIS_EXPECTS(p.mean_reversion > 0.0 && p.vol_of_variance > 0.0 && p.min_base_volatility > 0.0);
  const std::uint64_t seed = split_seed(p.seed, key_of(symbol));
  RandomStream stream(split_seed(seed, key_of("traits")));
  SymbolTraits t{};
  t.seed = seed;
  t.start_price = std::exp(draw_uniform(stream, std::log(60.0), std::log(320.0)));
  const double wild = draw_uniform(stream), own = draw_uniform(stream);
  t.base_volatility = p.min_base_volatility + (p.max_base_volatility - p.min_base_volatility) * wild;
  t.sigma_physical = p.min_event_move + (p.max_event_move - p.min_event_move) * (0.7 * wild + 0.3 * own);
  t.sigma_priced = p.event_premium * t.sigma_physical;
  const bool pays = draw_uniform(stream) < p.dividend_payers;
  const double yield = draw_uniform(stream, 0.005, 0.03);
  t.dividend_yield = pays ? yield : 0.0;
  const double size = draw_uniform(stream);
  t.share_volume = std::exp(std::log(2.5e6) + size * std::log(16.0));
  t.illiquidity = std::exp((0.5 - size) * std::log(4.0));
  t.session = draw_uniform(stream) < 0.6 ? AnnouncementSession::after_close : AnnouncementSession::before_open;
  t.report_offset = draw_integer(stream, 18, 44);
  t.ex_dividend_offset = draw_integer(stream, 46, 75);
  return t;
}

/// Integral of the rate from `from` to `to`: minus the logarithm of the discount factor.
[[nodiscard]] inline double integrated_rate(const SimulationParameters& p, Years<Act365> from,
                                            Years<Act365> to) noexcept {
  constexpr double pulse = 2.0 * 3.14159265358979323846 / 9.0;
  return p.rate_level * (to - from).value +
         p.rate_cycle / pulse * (std::cos(pulse * from.value) - std::cos(pulse * to.value));
}

}  // namespace alaris::inline v0
