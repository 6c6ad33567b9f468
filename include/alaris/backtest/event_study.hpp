// SPDX-License-Identifier: Apache-2.0
#pragma once
// The event study: what a calendar spread at fixed conventions did over every announcement. It decides nothing and
// fills at its own closes: a study, not a strategy result. Conventions are in docs/formats.md; any two people who
// follow them get the same table.

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <alaris/backtest/statistics.hpp>
#include <alaris/market/calendar.hpp>
#include <alaris/market/chain.hpp>
#include <alaris/market/earnings.hpp>
#include <alaris/market/expiry.hpp>
#include <alaris/market/rates.hpp>
#include <alaris/market/source.hpp>
#include <alaris/pricing/black.hpp>
#include <alaris/volatility/adjusted_bars.hpp>
#include <alaris/volatility/event.hpp>
#include <alaris/volatility/implied.hpp>
#include <alaris/volatility/realised.hpp>

namespace alaris::inline v0 {

/// One announcement, or one stretch between two chosen dates. Volatilities as decimals, money in dollars per lot of 100
/// shares; NaN where there is no figure. `status`: ok, ok_estimated (no quotes: mids from closing volatilities), or why
/// the row could not be studied.
struct EventStudyRow {
  std::string symbol{};
  std::optional<Date> earnings_date{};
  AnnouncementSession session = AnnouncementSession::unknown;
  std::optional<Date> t0{}, t1{}, front{}, back{};
  double spot_before = not_known, spot_after = not_known, strike = not_known;
  double front_iv_before = not_known, back_iv_before = not_known, front_atm_iv_after = not_known,
         back_atm_iv_after = not_known;
  double rv30 = not_known, iv30 = not_known, ratio = not_known, slope_per_day = not_known;
  double call_debit_mid = not_known, call_pnl_mid = not_known, call_pnl_touch = not_known;
  double put_debit_mid = not_known, put_pnl_mid = not_known, put_pnl_touch = not_known;
  double sigma_event = not_known, implied_move = not_known, realised_move = not_known;
  std::string status{};
  [[nodiscard]] bool studied() const noexcept { return status == "ok" || status == "ok_estimated"; }
};

namespace detail {

/// One session's closing chain with what the study needs to read a volatility or a mid out of it.
class StudyDay {
 public:
  StudyDay(const OptionChain& chain, double spot, double rate) : chain_(&chain), spot_(spot), rate_(rate) {}

  [[nodiscard]] double spot() const noexcept { return spot_; }
  [[nodiscard]] double years_to(Date expiry) const noexcept { return years_between(chain_->date(), expiry).value; }

  /// The closing volatility as the chain states it; where it states none, the European one of a quoted midpoint.
  [[nodiscard]] double volatility(const OptionContract& contract) const {
    const OptionQuote* quote = chain_->find(contract);
    if (!quote) return not_known;
    if (quote->vendor_volatility > 0.0) return quote->vendor_volatility;
    return two_sided(*quote) ? of_price(contract, mid(*quote)) : not_known;
  }
  [[nodiscard]] bool has_both(Date expiry, Strike strike) const {
    return volatility({expiry, strike, OptionType::call}) > 0.0 && volatility({expiry, strike, OptionType::put}) > 0.0;
  }
  /// Mean of call and put volatility at the strike nearest spot that has both (tie: lower); NaN where none has.
  [[nodiscard]] double at_the_money(Date expiry) const {
    const auto strike = nearest_strike(expiry, [&](Strike k) { return has_both(expiry, k); });
    return strike ? 0.5 * (volatility({expiry, *strike, OptionType::call}) +
                           volatility({expiry, *strike, OptionType::put}))
                  : not_known;
  }
  template <class Usable>
  [[nodiscard]] std::optional<Strike> nearest_strike(Date expiry, Usable usable) const {
    std::optional<Strike> best;
    for (const OptionQuote& quote : chain_->of_expiry(expiry)) {
      const Strike k = quote.contract.strike;
      if (best && std::fabs(k.dollars() - spot_) >= std::fabs(best->dollars() - spot_)) continue;
      if (usable(k)) best = k;
    }
    return best;
  }
  /// The volatility a mid is made from: the out-of-the-money side's (call when K >= S), else the other side's.
  [[nodiscard]] double pricing_volatility(Date expiry, Strike strike) const {
    const OptionType out = strike.dollars() >= spot_ ? OptionType::call : OptionType::put;
    const double first = volatility({expiry, strike, out});
    return first > 0.0 ? first
                       : volatility({expiry, strike, out == OptionType::call ? OptionType::put : OptionType::call});
  }
  [[nodiscard]] bool quoted(const OptionContract& contract) const {
    const OptionQuote* quote = chain_->find(contract);
    return quote && can_buy(*quote);
  }
  [[nodiscard]] const OptionQuote& quote(const OptionContract& contract) const { return *chain_->find(contract); }
  [[nodiscard]] double mid_of(const OptionContract& contract) const {
    if (quoted(contract)) return 0.5 * (quote(contract).bid + quote(contract).ask);
    const double sigma = pricing_volatility(contract.expiry, contract.strike), years = years_to(contract.expiry);
    return black_price(contract.type, {.forward = spot_ * std::exp(rate_ * years),
                                       .strike = contract.strike.dollars(),
                                       .total_stdev = sigma * std::sqrt(years),
                                       .discount = std::exp(-rate_ * years)});
  }
  /// Total variance interpolated to `days` calendar days between the at-the-money volatilities of the expiries; beyond
  /// the first or last expiry the nearest volatility stands.
  [[nodiscard]] double constant_maturity(double days) const {
    double before_days = 0.0, before_iv = not_known;
    for (const Date expiry : chain_->expiries()) {
      const double at = static_cast<double>((expiry - chain_->date()).count());
      const double iv = at > 0.0 ? at_the_money(expiry) : not_known;
      if (!(iv > 0.0)) continue;
      if (at >= days) {
        if (!(before_iv > 0.0) || at == days) return iv;
        const double low = before_iv * before_iv * before_days, high = iv * iv * at;
        return std::sqrt((low + (high - low) * (days - before_days) / (at - before_days)) / days);
      }
      before_days = at;
      before_iv = iv;
    }
    return before_iv;
  }

 private:
  [[nodiscard]] double of_price(const OptionContract& contract, double price) const {
    const double years = years_to(contract.expiry);
    const auto stdev = implied_total_stdev(
        {contract.type, price, spot_ * std::exp(rate_ * years), contract.strike.dollars(), std::exp(-rate_ * years)});
    return stdev ? *stdev / std::sqrt(years) : not_known;
  }
  const OptionChain* chain_;
  double spot_;
  double rate_;
};

inline std::optional<std::size_t> bar_on(std::span<const Bar> bars, Date date) {
  const auto at = std::lower_bound(bars.begin(), bars.end(), date, [](const Bar& b, Date d) { return b.date < d; });
  if (at == bars.end() || at->date != date) return std::nullopt;
  return static_cast<std::size_t>(at - bars.begin());
}

/// Last close before and first close after an announcement, t0 and t1. On a day without a session they are those around
/// it; during the market the close of the day itself is the first after. Nothing when the session is not known and
/// decides.
[[nodiscard]] inline std::optional<std::pair<Date, Date>> closes_around(Date date, AnnouncementSession session,
                                                                        const TradingCalendar& calendar) {
  const Date before = calendar.previous_session(date), after = calendar.next_session(date);
  if (!calendar.is_session(date)) return std::pair(before, after);
  switch (session) {
    case AnnouncementSession::before_open:
    case AnnouncementSession::during_market:
      return std::pair(before, date);
    case AnnouncementSession::after_close:
      return std::pair(date, after);
    case AnnouncementSession::unknown:
      break;
  }
  return std::nullopt;
}

/// The reports that still stand, one a date: what was said last about it. A statement that was replaced or withdrawn
/// is none.
[[nodiscard]] inline std::vector<EarningsStatement> standing_reports(std::span<const EarningsStatement> said) {
  std::vector<EarningsStatement> reports{};
  for (const EarningsStatement& s : said) {  // by when they became known
    if (s.source != "reported" || s.known_until) continue;
    const auto same = std::find_if(reports.begin(), reports.end(), [&](const auto& r) { return r.date == s.date; });
    if (same == reports.end())
      reports.push_back(s);
    else
      *same = s;
  }
  return reports;
}

/// Fills the figures of a row whose symbol, t0 and t1 stand.
template <market_source Market>
void study(EventStudyRow& row, const Market& market, const TradingCalendar& calendar) {
  const auto fail = [&](std::string why) { row.status = std::move(why); };
  const auto bars = market.bars(row.symbol);
  const auto bar0 = bar_on(bars, *row.t0), bar1 = bar_on(bars, *row.t1);
  if (!bar0) return fail("no_bar_before");
  if (!bar1) return fail("no_bar_after");
  row.spot_before = bars[*bar0].close;
  row.spot_after = bars[*bar1].close;
  const auto chain0 = market.chain(row.symbol, *row.t0), chain1 = market.chain(row.symbol, *row.t1);
  if (!chain0) return fail("no_chain_before");
  if (!chain1) return fail("no_chain_after");
  for (const Split& split : market.splits(row.symbol))
    if (split.date > *row.t0 && split.date <= *row.t1) return fail("split_between");

  // Midpoints and stated volatilities need no rate: it is missed only where a figure is made with it.
  const double rate0 = short_rate(market.rates(), *row.t0), rate1 = short_rate(market.rates(), *row.t1);
  const StudyDay before(*chain0, row.spot_before, rate0);
  const StudyDay after(*chain1, row.spot_after, rate1);
  for (const Date expiry : chain0->expiries())
    if (!row.front && expiry > *row.t1 && is_weekly_expiry(expiry, calendar)) row.front = expiry;
  if (!row.front) return fail("no_front_expiry");
  const Date target = *row.front + std::chrono::days(30);
  for (const Date expiry : chain0->expiries())
    if (expiry > *row.front && is_weekly_expiry(expiry, calendar) &&
        (!row.back || std::chrono::abs(expiry - target) < std::chrono::abs(*row.back - target)))
      row.back = expiry;
  if (!row.back) return fail("no_back_expiry");
  const auto strike = before.nearest_strike(
      *row.front, [&](Strike k) { return before.has_both(*row.front, k) && before.has_both(*row.back, k); });
  if (!strike) return fail(std::isnan(rate0) ? "no_rate" : "no_common_strike");
  row.strike = strike->dollars();

  row.front_iv_before = before.pricing_volatility(*row.front, *strike);
  row.back_iv_before = before.pricing_volatility(*row.back, *strike);
  row.front_atm_iv_after = after.at_the_money(*row.front);
  row.back_atm_iv_after = after.at_the_money(*row.back);
  row.slope_per_day =
      (row.back_iv_before - row.front_iv_before) / static_cast<double>((*row.back - *row.front).count());
  std::vector<Bar> adjusted(bars.begin(), bars.begin() + static_cast<std::ptrdiff_t>(*bar0 + 1));
  if (adjust_for_splits(adjusted, market.splits(row.symbol)))
    if (const auto rv = realised_volatility(RealisedEstimator::yang_zhang, adjusted)) row.rv30 = *rv;
  row.iv30 = before.constant_maturity(30.0);
  row.ratio = row.iv30 / row.rv30;
  row.realised_move = std::log(row.spot_after / row.spot_before);
  if (const auto event = event_split(EventModel::both_after,
                                     ExpiryVolatility<Act365>{years_between(*row.t0, *row.front), row.front_iv_before},
                                     ExpiryVolatility<Act365>{years_between(*row.t0, *row.back), row.back_iv_before})) {
    row.sigma_event = event->sigma_event;
    row.implied_move = expected_abs_move(event->sigma_event);
  }

  bool estimated = false;
  for (const OptionType type : {OptionType::call, OptionType::put}) {
    const OptionContract near{*row.front, *strike, type}, far{*row.back, *strike, type};
    const double debit = 100.0 * (before.mid_of(far) - before.mid_of(near));
    const double pnl = 100.0 * (after.mid_of(far) - after.mid_of(near)) - debit;
    double touch = not_known;
    if (before.quoted(near) && before.quoted(far) && after.quoted(near) && after.quoted(far))
      touch =
          100.0 * ((after.quote(far).bid - after.quote(near).ask) - (before.quote(far).ask - before.quote(near).bid));
    else
      estimated = true;
    (type == OptionType::call ? row.call_debit_mid : row.put_debit_mid) = debit;
    (type == OptionType::call ? row.call_pnl_mid : row.put_pnl_mid) = pnl;
    (type == OptionType::call ? row.call_pnl_touch : row.put_pnl_touch) = touch;
  }
  if (!std::isfinite(row.call_pnl_mid) || !std::isfinite(row.put_pnl_mid))
    return fail(std::isnan(rate0) || std::isnan(rate1) ? "no_rate" : "no_volatility_after");
  row.status = estimated ? "ok_estimated" : "ok";
}

}  // namespace detail

/// Every announcement (standing statements of source "reported") of `symbols` dated in [start, end], by date and
/// symbol.
template <market_source Market>
[[nodiscard]] std::vector<EventStudyRow> study_events(const Market& market, std::span<const std::string> symbols,
                                                      Date start, Date end, const TradingCalendar& calendar) {
  std::vector<EventStudyRow> rows{};
  for (const std::string& symbol : symbols)
    for (const EarningsStatement& said : detail::standing_reports(market.earnings(symbol))) {
      if (said.date < start || said.date > end) continue;
      EventStudyRow row{.symbol = symbol, .earnings_date = said.date, .session = said.session};
      if (const auto around = detail::closes_around(said.date, said.session, calendar)) {
        std::tie(row.t0, row.t1) = *around;
        detail::study(row, market, calendar);
      } else {
        row.status = "session_unknown";
      }
      rows.push_back(std::move(row));
    }
  std::stable_sort(rows.begin(), rows.end(), [](const EventStudyRow& a, const EventStudyRow& b) {
    return std::pair(*a.earnings_date, std::string_view(a.symbol)) <
           std::pair(*b.earnings_date, std::string_view(b.symbol));
  });
  return rows;
}

/// The same spread held from the close of `from` to the close of `to`, one row a symbol.
template <market_source Market>
[[nodiscard]] std::vector<EventStudyRow> study_between(const Market& market, std::span<const std::string> symbols,
                                                       Date from, Date to, const TradingCalendar& calendar) {
  std::vector<EventStudyRow> rows{};
  for (const std::string& symbol : symbols) {
    EventStudyRow row{.symbol = symbol, .earnings_date = std::nullopt, .t0 = from, .t1 = to};
    detail::study(row, market, calendar);
    rows.push_back(std::move(row));
  }
  return rows;
}

/// The summary line: P&L of the call calendar at mid over the rows that could be studied.
[[nodiscard]] inline MeanEstimate mean_call_pnl(std::span<const EventStudyRow> rows) {
  std::vector<double> pnl{};
  for (const EventStudyRow& row : rows)
    if (row.studied()) pnl.push_back(row.call_pnl_mid);
  return estimate_mean(pnl);
}

}  // namespace alaris::inline v0
