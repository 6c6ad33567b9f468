// SPDX-License-Identifier: Apache-2.0
#pragma once
// The path of one simulated stock: daily open, high, low, close from an overnight and four intraday steps, earnings
// jumps over the night of the report, and quarterly cash dividends.
//   measure   drift is the rate, so that price plus dividends is a martingale after discounting; option prices use the
//             same law, apart from the size of earnings jumps (event_premium)
//   dividend  cash once declared (price = stock + present value of the declared dividend), a fixed fraction of the
//             price before; declared about 30 days before the ex-date, before the open of that session

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include <alaris/market/bar.hpp>
#include <alaris/market/events.hpp>
#include <alaris/simulation/event_plan.hpp>
#include <alaris/simulation/sessions.hpp>
#include <alaris/simulation/variance.hpp>

namespace alaris::inline v0 {

inline constexpr std::size_t intraday_steps = 4;

/// What all symbols share: the market's normal draws of each session, and its own variance factor.
struct MarketFactor {
  struct Draws {
    double variance;
    std::array<double, 1 + intraday_steps> returns;
  };
  std::vector<Draws> draws;     // one per session
  std::vector<double> factors;  // the varying variance at each close
  SquareRootVariance model;
};

/// An index with a long-run volatility of 17 %, of which 11 % never leaves and the rest bursts: the VIX made from it
/// closes above 40 on about one session in 240 in the long run, in bursts of weeks.
[[nodiscard]] inline MarketFactor simulate_market_factor(const SimulationParameters& p, const SimulatedSessions& days) {
  MarketFactor market;
  market.model = {.constant = 0.0121, .mean = 0.0168, .reversion = 6.0, .vol_of_variance = 0.8, .leverage = p.leverage};
  RandomStream stream(split_seed(p.seed, key_of("market factor")));
  double factor = 0.5 * market.model.mean;
  Years<TradingTime> before{};
  market.draws.reserve(days.sessions().size());
  market.factors.reserve(days.sessions().size());
  for (const Date day : days.sessions()) {
    MarketFactor::Draws draws{};
    draws.variance = draw_normal(stream);
    for (double& z : draws.returns) z = draw_normal(stream);
    const Years<TradingTime> now = days.at_close(day);
    factor = step(market.model, factor, now - before, draws.variance).factor;
    before = now;
    market.draws.push_back(draws);
    market.factors.push_back(factor);
  }
  return market;
}

/// A quarterly dividend as planned; `amount` is 0 until declared and where the price was too low to pay a cent.
struct PlannedDividend {
  Date ex_date;
  Date declared;
  double amount = 0.0;
};

struct SimulatedPath {
  std::vector<Bar> bars;
  std::vector<double> factors;  // the varying variance at each close
  std::vector<double> stocks;   // each close without the present value of a declared dividend
  std::vector<PlannedDividend> dividends;
  std::vector<double> jumps;  // log move of each event; 0 beyond the last session
};

/// Declarations and ex-dates of the whole horizon, without amounts, for a symbol that pays.
[[nodiscard]] inline std::vector<PlannedDividend> plan_dividends(const SymbolTraits& traits,
                                                                 const SimulatedSessions& days) {
  std::vector<PlannedDividend> plan;
  if (!(traits.dividend_yield > 0.0)) return plan;
  for (const Date quarter : detail::quarter_ends(days)) {
    const Date ex = days.same_or_next(quarter + std::chrono::days(traits.ex_dividend_offset));
    const Date declared = days.same_or_next(ex - std::chrono::days(30));
    if (declared > days.sessions().front() && ex <= days.with_horizon().back()) plan.push_back({ex, declared});
  }
  return plan;
}

namespace detail {
[[nodiscard]] inline Years<Act365> since_2000(Date day) noexcept {
  return years_between(make_date(2000, 1, 1), day);
}
[[nodiscard]] inline double discount(const SimulationParameters& p, Date from, Date to) noexcept {
  return std::exp(-integrated_rate(p, since_2000(from), since_2000(to)));
}
/// Highest and lowest point of a Brownian path between two known points: the exact law of each (not of both together).
[[nodiscard]] inline double bridge_extreme(double from, double to, double variance, double uniform, int side) noexcept {
  const double gap = to - from;
  return 0.5 * (from + to + side * std::sqrt(gap * gap - 2.0 * variance * std::log(uniform)));
}
}  // namespace detail

[[nodiscard]] inline SimulatedPath simulate_path(const SimulationParameters& p, const SymbolTraits& traits,
                                                 const SimulatedSessions& days, const MarketFactor& market,
                                                 const std::vector<SimulatedEvent>& events) {
  const SquareRootVariance model = variance_of(p, traits.base_volatility);
  const double own_variance = std::sqrt(1.0 - p.variance_correlation * p.variance_correlation);
  const double own_return = std::sqrt(1.0 - p.return_correlation * p.return_correlation);
  RandomStream stream(split_seed(traits.seed, key_of("path")));
  RandomStream jump_stream(split_seed(traits.seed, key_of("jumps")));
  const auto& sessions = days.sessions();

  SimulatedPath path;
  path.dividends = plan_dividends(traits, days);
  path.jumps.assign(events.size(), 0.0);
  path.bars.reserve(sessions.size());
  path.factors.reserve(sessions.size());
  path.stocks.reserve(sessions.size());
  double log_stock = std::log(traits.start_price), factor = model.mean;
  std::size_t next_event = 0, next_dividend = 0;
  PlannedDividend* declared = nullptr;

  for (std::size_t i = 0; i < sessions.size(); ++i) {
    const Date day = sessions[i], before = i == 0 ? day : sessions[i - 1];
    const Years<TradingTime> span = i == 0 ? days.at_close(day) : days.at_close(day) - days.at_close(before);
    const double session =
        days.calendar().kind(day) == DayKind::half_day ? p.day_weights.half_day : p.day_weights.session;
    const double intraday = session * (1.0 - p.overnight_share) / (span.value * days.weights_per_year());

    if (declared == nullptr && next_dividend < path.dividends.size() && path.dividends[next_dividend].declared == day) {
      PlannedDividend& d = path.dividends[next_dividend++];
      const double price = std::exp(log_stock);
      d.amount = std::round(price * traits.dividend_yield * 25.0) / 100.0;
      log_stock = std::log(price - d.amount * detail::discount(p, before, d.ex_date));
      declared = &d;
    }
    if (declared != nullptr && day >= declared->ex_date) declared = nullptr;
    const double escrow = declared ? declared->amount * detail::discount(p, day, declared->ex_date) : 0.0;

    const MarketFactor::Draws& shared = market.draws[i];
    const VarianceStep move =
        step(model, factor, span, p.variance_correlation * shared.variance + own_variance * draw_normal(stream));
    factor = move.factor;
    const auto normal = [&](std::size_t k) {
      return p.return_correlation * shared.returns[k] + own_return * draw_normal(stream);
    };

    log_stock += integrated_rate(p, detail::since_2000(before), detail::since_2000(day)) +
                 (1.0 - intraday) * move.drift + std::sqrt((1.0 - intraday) * move.variance) * normal(0);
    bool news = false;
    for (; next_event < events.size() && events[next_event].reaction <= day; ++next_event) {
      const double s = traits.sigma_physical;
      path.jumps[next_event] = s * draw_normal(jump_stream) - 0.5 * s * s;
      log_stock += path.jumps[next_event];
      news = true;
    }

    const double open = log_stock, share = intraday / intraday_steps, variance = share * move.variance;
    double high = open, low = open;
    for (std::size_t k = 1; k <= intraday_steps; ++k) {
      const double from = log_stock;
      log_stock += share * move.drift + std::sqrt(variance) * normal(k);
      high = std::max(high, detail::bridge_extreme(from, log_stock, variance, draw_uniform(stream), 1));
      low = std::min(low, detail::bridge_extreme(from, log_stock, variance, draw_uniform(stream), -1));
    }
    const double activity = std::exp(0.25 * draw_normal(stream)) * (news ? 3.0 : 1.0) * session;
    const auto in_cents = [&](double log_price) { return std::round((std::exp(log_price) + escrow) * 100.0) / 100.0; };
    path.bars.push_back({.date = day,
                         .open = in_cents(open),
                         .high = in_cents(high),
                         .low = in_cents(low),
                         .close = in_cents(log_stock),
                         .volume = std::round(traits.share_volume * activity)});
    path.factors.push_back(factor);
    path.stocks.push_back(path.bars.back().close - escrow);
  }
  return path;
}

/// The VIX that the market factor implies: 100 times the root of its mean expected variance over 30 days. The open is
/// the previous close and the range that of open and close, widened by up to 4 %.
[[nodiscard]] inline std::vector<Bar> vix_of(const MarketFactor& market, const SimulationParameters& p,
                                             const SimulatedSessions& days) {
  const Years<TradingTime> month{30.0 / 365.0};
  RandomStream stream(split_seed(p.seed, key_of("vix range")));
  std::vector<Bar> bars;
  bars.reserve(market.factors.size());
  for (std::size_t i = 0; i < market.factors.size(); ++i) {
    const double close = 100.0 * std::sqrt(market.model.expected_integral(market.factors[i], month) / month.value);
    const double open = bars.empty() ? close : bars.back().close;
    const double above = draw_uniform(stream, 1.0, 1.04), below = draw_uniform(stream, 0.96, 1.0);
    bars.push_back(
        {days.sessions()[i], open, std::max(open, close) * above, std::min(open, close) * below, close, 0.0});
  }
  return bars;
}

}  // namespace alaris::inline v0
