// SPDX-License-Identifier: Apache-2.0
#pragma once
// Many chains as columns, and a book marked against them: at the quotes, with European volatilities and Greeks, with
// American ones. A column is what a processor reads fastest; one expiry of one session is one slice of it, puts first.
// For research over stored chains; the engine marks position by position.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <alaris/core/expects.hpp>
#include <alaris/core/option.hpp>
#include <alaris/core/time.hpp>
#include <alaris/market/calendar.hpp>
#include <alaris/market/chain.hpp>
#include <alaris/market/expiry.hpp>
#include <alaris/pricing/american_chain.hpp>
#include <alaris/pricing/american_continuous.hpp>
#include <alaris/pricing/european_chain.hpp>
#include <alaris/volatility/implied_batch.hpp>

namespace alaris::inline v0 {

/// One expiry of one session: rows [begin, calls) are puts, [calls, end) calls, each by strike.
struct ColumnSlice {
  std::size_t begin, calls, end;
  double spot;
  double years;  // Act/365 to the last trading instant
  double rate;   // continuous
  double yield;  // continuous
};

class ChainColumns {
 public:
  /// Every option that still trades after the chain's session.
  void add(const OptionChain& chain, double rate, double yield, const TradingCalendar& calendar) {
    const Instant close = calendar.close(chain.date());
    for (const Date expiry : chain.expiries()) {
      const double years = years_between(close, last_trading_instant(expiry, calendar)).value;
      if (!(years > 0.0)) continue;
      ColumnSlice slice{size(), size(), size(), chain.spot(), years, rate, yield};
      for (const OptionType right : {OptionType::put, OptionType::call}) {
        for (const OptionQuote& quote : chain.of_expiry(expiry)) {
          if (quote.contract.type != right) continue;
          type_.push_back(right);
          strike_.push_back(quote.contract.strike.dollars());
          bid_.push_back(quote.bid);
          ask_.push_back(quote.ask);
        }
        (right == OptionType::put ? slice.calls : slice.end) = size();
      }
      slices_.push_back(slice);
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return bid_.size(); }
  [[nodiscard]] std::span<const OptionType> type() const noexcept { return type_; }
  [[nodiscard]] std::span<const double> strike() const noexcept { return strike_; }
  [[nodiscard]] std::span<const double> bid() const noexcept { return bid_; }
  [[nodiscard]] std::span<const double> ask() const noexcept { return ask_; }
  [[nodiscard]] std::span<const ColumnSlice> slices() const noexcept { return slices_; }

 private:
  std::vector<OptionType> type_;
  std::vector<double> strike_, bid_, ask_;
  std::vector<ColumnSlice> slices_;
};

/// Dollars per share times contracts.
struct BookValue {
  double executable = 0.0;  // longs at the bid, shorts at the ask
  double at_mid = 0.0;
  std::size_t unmarked = 0;  // positions without a usable quote; they count nothing
};

/// The value of `contracts` (signed) at the quotes. A quote marks a position when its ask is positive and not below a
/// known bid. Eight partial sums, so that the result does not depend on the vector unit. Three spans of one length.
[[nodiscard]] inline BookValue mark_to_market(std::span<const double> bid, std::span<const double> ask,
                                              std::span<const double> contracts) noexcept {
  constexpr std::size_t lanes = 8;
  const std::size_t n = bid.size();
  ALARIS_EXPECTS(ask.size() == n && contracts.size() == n);
  const double *b = bid.data(), *a = ask.data(), *c = contracts.data();
  std::array<double, lanes> touch{}, sum{}, missing{};
  const auto row = [&](std::size_t i, std::size_t lane) noexcept {
    const bool usable = (a[i] > 0.0) & (b[i] >= 0.0) & (a[i] >= b[i]);
    const double held = usable ? c[i] : 0.0, low = usable ? b[i] : 0.0, high = usable ? a[i] : 0.0;
    touch[lane] += held * (held > 0.0 ? low : high);
    sum[lane] += held * (low + high);
    missing[lane] += (usable | (c[i] == 0.0)) ? 0.0 : 1.0;
  };
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane) row(i + lane, lane);
  for (; i < n; ++i) row(i, i % lanes);
  BookValue value;
  double unmarked = 0.0;
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    value.executable += touch[lane];
    value.at_mid += 0.5 * sum[lane];
    unmarked += missing[lane];
  }
  value.unmarked = static_cast<std::size_t>(unmarked);
  return value;
}

/// Columns as long as the chains'. NaN where the mid has no volatility.
struct MarkColumns {
  std::span<double> mid;
  std::span<double> volatility;  // per square root of a year
  EuropeanGreeks greeks;         // price is the mid, repriced
};

/// Mid, European volatility and Greeks of every row, slice by slice, so that nothing leaves the cache between steps.
inline void european_marks(const ChainColumns& chains, const MarkColumns& out) {
  ALARIS_EXPECTS(out.mid.size() == chains.size() && out.volatility.size() == chains.size() &&
                 out.greeks.holds(chains.size()));
  std::vector<VolStatus> status;
  for (const ColumnSlice& s : chains.slices()) {
    const std::size_t n = s.end - s.begin;
    if (status.size() < n) status.resize(n);
    const auto part = [&](auto column) { return column.subspan(s.begin, n); };
    const double *bid = chains.bid().data(), *ask = chains.ask().data();
    for (std::size_t i = s.begin; i < s.end; ++i) out.mid[i] = 0.5 * (bid[i] + ask[i]);
    implied_volatilities({part(chains.type()), part(out.mid), part(chains.strike()),
                          s.spot * std::exp((s.rate - s.yield) * s.years), std::exp(-s.rate * s.years), s.years},
                         part(out.volatility), std::span(status).first(n));
    european_greeks(
        {part(chains.type()), part(chains.strike()), part(out.volatility), s.spot, s.years, s.rate, s.yield},
        {part(out.greeks.price), part(out.greeks.delta), part(out.greeks.gamma), part(out.greeks.vega),
         part(out.greeks.theta), part(out.greeks.rho)});
  }
}

/// Columns as long as the chains'. NaN where the mid is not above what exercise pays or no volatility from 5 to 150 %
/// makes it.
struct AmericanMarkColumns {
  std::span<double> mid;
  std::span<double> volatility;
  std::span<double> delta;
  std::span<double> gamma;
  std::span<double> theta;
};

namespace detail {

/// What the marks of one slice need beside their answers.
struct MarkScratch {
  std::vector<double> strike, price, vega, rho;
  std::vector<VolStatus> status;
  void hold(std::size_t n) {
    if (price.size() >= n) return;
    for (std::vector<double>* column : {&strike, &price, &vega, &rho}) column->resize(n);
    status.resize(n);
  }
};

/// One right of one expiry: European where early exercise is never worth anything.
template <class Level>
void american_marks_of(const ChainColumns& chains, const ColumnSlice& s, OptionType right, const auto& chain,
                       MarkScratch& scratch, const AmericanMarkColumns& out) {
  const std::size_t from = right == OptionType::put ? s.begin : s.calls;
  const std::size_t n = (right == OptionType::put ? s.calls : s.end) - from;
  const auto part = [&](auto column) { return column.subspan(from, n); };
  const auto scratched = [&](auto& column) { return std::span(column).first(n); };
  if (exercise_region({right, s.spot, s.spot, s.years, s.rate, s.yield, 0.0}) == ExerciseRegion::never) {
    implied_volatilities({part(chains.type()), part(out.mid), part(chains.strike()),
                          s.spot * std::exp((s.rate - s.yield) * s.years), std::exp(-s.rate * s.years), s.years},
                         part(out.volatility), scratched(scratch.status));
    return european_greeks(
        {part(chains.type()), part(chains.strike()), part(out.volatility), s.spot, s.years, s.rate, s.yield},
        {scratched(scratch.price), part(out.delta), part(out.gamma), scratched(scratch.vega), part(out.theta),
         scratched(scratch.rho)});
  }
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 0; i < n; ++i) {  // no search where there is nothing to find
    const double pays = std::max(sign(right) * (s.spot - chains.strike()[from + i]), 0.0);
    scratch.price[i] = out.mid[from + i] > pays ? out.mid[from + i] : nan;
  }
  chain.implied(part(chains.strike()), scratched(scratch.price), part(out.volatility));
  // Prices are homogeneous in share and strike, so differences in the strike give the share's derivatives.
  constexpr double step = 2e-3;
  const auto priced = [&](double factor, auto& column) {
    for (std::size_t i = 0; i < n; ++i) scratch.strike[i] = factor * chains.strike()[from + i];
    chain.prices(scratched(scratch.strike), part(out.volatility), scratched(column));
  };
  priced(1.0, scratch.price);
  priced(1.0 + step, scratch.vega);
  priced(1.0 - step, scratch.rho);
  for (std::size_t i = 0; i < n; ++i) {
    const double here = scratch.price[i], up = scratch.vega[i], down = scratch.rho[i], sigma = out.volatility[from + i];
    const double delta = (here - (up - down) / (2.0 * step)) / s.spot;
    const double gamma = (up - 2.0 * here + down) / (step * step * s.spot * s.spot);
    out.delta[from + i] = delta;
    out.gamma[from + i] = gamma;
    out.theta[from + i] =
        s.rate * here - (s.rate - s.yield) * s.spot * delta - 0.5 * sigma * sigma * s.spot * s.spot * gamma;
  }
}

}  // namespace detail

/// Mid, American volatility, delta, gamma and theta of every row.
///   error   delta 2e-4, gamma 2 % of the largest, theta by the differential equation (tests/backtest)
template <class Level = QuickLevel>
void american_marks(const ChainColumns& chains, const AmericanMarkColumns& out) {
  [[maybe_unused]] const std::size_t rows = chains.size();
  ALARIS_EXPECTS(out.mid.size() == rows && out.volatility.size() == rows && out.delta.size() == rows &&
                 out.gamma.size() == rows && out.theta.size() == rows);
  detail::MarkScratch scratch;
  for (const ColumnSlice& s : chains.slices()) {
    scratch.hold(s.end - s.begin);
    for (std::size_t i = s.begin; i < s.end; ++i) out.mid[i] = 0.5 * (chains.bid()[i] + chains.ask()[i]);
    const auto rights = AmericanChain<Level>::both_rights({OptionType::put, s.spot, s.years, s.rate, s.yield});
    detail::american_marks_of<Level>(chains, s, OptionType::put, rights.puts, scratch, out);
    detail::american_marks_of<Level>(chains, s, OptionType::call, rights.calls, scratch, out);
  }
}

}  // namespace alaris::inline v0
