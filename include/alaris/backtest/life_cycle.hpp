// SPDX-License-Identifier: Apache-2.0
#pragma once
// What happens to a position without an order of ours: early assignment, splits, dividends, borrow and interest over
// the night, shares sold at the next open, exercise and expiry at the close. Everything is decided from what was known
// when its deciders decided: holders exercise on the evening's closing prices, and we learn of it before the open.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <alaris/backtest/open_trade.hpp>
#include <alaris/cost/carry.hpp>
#include <alaris/cost/fees.hpp>
#include <alaris/market/as_of.hpp>
#include <alaris/market/contract_change.hpp>
#include <alaris/pricing/american_exercise_decision.hpp>
#include <alaris/strategy/atm_term.hpp>

namespace alaris::inline v0 {

/// In the money by a cent or more at the close: exercised without anybody's word.
[[nodiscard]] inline bool exercised_at_expiry(const OptionContract& contract, double close) noexcept {
  return sign(contract.type) * (close - contract.strike.dollars()) >= 0.01 - 1e-9;
}
/// Cash per share that goes ex after the close of `previous` and by the open of `session`: nobody owes an unstated one.
[[nodiscard]] inline double dividend_over(std::span<const Dividend> dividends, Date previous, Date session) noexcept {
  double sum = 0.0;
  for (const Dividend& d : dividends)
    if (d.ex_date > previous && d.ex_date <= session && d.amount > 0.0) sum += d.amount;
  return sum;
}

/// Would the holders of this contract exercise on the evening of the view's last session? Optimally: the boundary, and
/// the dividends known. At the volatility of the strike's out-of-the-money side.
template <market_source Market>
[[nodiscard]] bool assigned_overnight(const MarketView<Market>& view, std::string_view symbol,
                                      const OptionContract& contract, Date session) {
  const auto chain = view.chain(symbol);
  const Date evening = view.last_session();
  if (!chain || last_trading_day(contract.expiry, view.calendar()) <= evening) return false;
  if (!(sign(contract.type) * (chain->spot() - contract.strike.dollars()) > 0.0)) return false;
  const PricedChain priced{chain.get(), view.calendar().close(evening), view.short_rate(), &view.calendar()};
  OptionContract other = contract;
  other.type = contract.type == OptionType::call ? OptionType::put : OptionType::call;
  const double outside = priced.implied_volatility(other);
  std::vector<CashDividend> dividends;
  for (const Dividend& d : view.dividends(symbol)) {
    if (d.ex_date <= evening || d.ex_date > contract.expiry || !(d.amount > 0.0)) continue;
    dividends.push_back({d.ex_date <= session ? 0.0 : years_between(evening, d.ex_date).value, d.amount});
  }
  return exercised_now({.type = contract.type,
                        .spot = chain->spot(),
                        .strike = contract.strike.dollars(),
                        .years = priced.to_expiry(contract.expiry).value,
                        .rate = priced.rate,
                        .yield = 0.0,
                        .volatility = outside == outside ? outside : priced.implied_volatility(contract)},
                       dividends);
}

/// Carries trades from one session to the next. Refers to the market, the calendar and the schedule of fees.
template <market_source Market>
class LifeCycle {
 public:
  LifeCycle(const Market& market, const TradingCalendar& calendar, const FeeSchedule& fees, const CarryRules& rules,
            FillModel fills)
      : market_(&market), calendar_(&calendar), fees_(&fees), rules_(rules), fills_(fills) {}

  /// From the close of the view's last session to just after the open of `session`.
  void overnight(OpenTrade& open, Ledger& account, const MarketView<Market>& view, Date session) const {
    assign(open, account, view, session);
    split(open, account, view.last_session(), session);
    const Instant at = calendar_->open(session);
    const std::string& symbol = open.trade.symbol;
    if (open.shares() == 0) return;
    const double each = dividend_over(market_->dividends(symbol), view.last_session(), session);
    const Money dividend = Money::rounded(each) * open.shares();
    const Money fee = borrow_on(open.shares(), close_of(symbol, view.last_session()),
                                static_cast<int>((session - view.last_session()).count()), rules_);
    if (dividend != Money{})
      open.post(account, [&](Ledger& l) { l.receive(at, symbol, CashReason::dividend, dividend); });
    if (fee != Money{}) open.post(account, [&](Ledger& l) { l.receive(at, symbol, CashReason::borrow, -fee); });
    sell_shares(open, account, session);
  }

  /// Options that stopped trading today: in the money by a cent they are exercised or assigned into shares, the others
  /// end worthless. Without a close that day the last one before it stands.
  void expire(OpenTrade& open, Ledger& account, Date session) const {
    const Instant at = calendar_->close(session);
    const double spot = last_close(open.trade.symbol, session);
    const auto held = open.book.options();
    for (const auto& [holding, contracts] : held) {
      if (last_trading_day(holding.contract.expiry, *calendar_) > session) continue;
      const bool exercised = in_the_money(open, holding.contract, spot);
      settle(open, account, at, holding, contracts, exercised);
      if (open.book.options().empty() && !open.ending) open.ending = ExitReason::expired;
    }
  }

  /// The close of a session; NaN without one.
  [[nodiscard]] double close_of(std::string_view symbol, Date session) const {
    const Bar* bar = bar_up_to(symbol, session);
    return bar && bar->date == session ? bar->close : not_known;
  }
  /// The last close up to a session; NaN when there is none.
  [[nodiscard]] double last_close(std::string_view symbol, Date session) const {
    const Bar* bar = bar_up_to(symbol, session);
    return bar ? bar->close : not_known;
  }

 private:
  [[nodiscard]] const Bar* bar_up_to(std::string_view symbol, Date session) const {
    const std::span<const Bar> bars = market_->bars(symbol);
    const auto end = std::partition_point(bars.begin(), bars.end(), [&](const Bar& b) { return b.date <= session; });
    return end == bars.begin() ? nullptr : &*(end - 1);
  }
  /// An adjusted contract is worth what it delivers against the money that 100 shares cost at its strike.
  [[nodiscard]] static bool in_the_money(const OpenTrade& open, const OptionContract& contract, double spot) {
    const double per_strike = static_cast<double>(open.shares_per_contract) / contract_multiplier;
    return exercised_at_expiry(contract, spot * per_strike);
  }
  void settle(OpenTrade& open, Ledger& account, Instant at, const OptionHolding& holding, std::int64_t contracts,
              bool exercised) const {
    open.post(account, [&](Ledger& l) { l.settle(at, holding, contracts, exercised, open.shares_per_contract); });
    const std::int64_t side = contracts * sign(holding.contract.type);
    if (!exercised || side >= 0) return;  // shares that are delivered are sold, and the regulator takes its part
    const Money proceeds = Money::rounded(holding.contract.strike.dollars()) * (-side * contract_multiplier);
    charge(open, account, at, stock_sale_fees(*fees_, proceeds, new_york_date(at)));
  }
  void charge(OpenTrade& open, Ledger& account, Instant at, Money fees) const {
    if (fees == Money{}) return;
    open.post(account, [&](Ledger& l) { l.receive(at, open.trade.symbol, CashReason::fee, -fees); });
    for (const FillModel model : fill_models) open.exited[model] += fees;
    open.trade.fees += fees;
  }

  void assign(OpenTrade& open, Ledger& account, const MarketView<Market>& view, Date session) const {
    if (open.adjusted) return;
    const auto held = open.book.options();
    for (const auto& [holding, contracts] : held) {
      if (contracts >= 0 || !assigned_overnight(view, holding.symbol, holding.contract, session)) continue;
      settle(open, account, calendar_->open(session), holding, contracts, true);
      open.ending = ExitReason::assigned;
    }
  }

  /// Splits effective at the open of `session`. A whole ratio renumbers the contracts; any other changes what they
  /// deliver, and the trade is left to run out.
  void split(OpenTrade& open, Ledger& account, Date previous, Date session) const {
    for (const Split& split : market_->splits(open.trade.symbol)) {
      if (split.date <= previous || split.date > session || !(split.ratio > 0.0)) continue;
      const Instant at = calendar_->open(session);
      const std::int64_t shares = open.shares();
      const double price = close_of(open.trade.symbol, previous) / split.ratio;
      if (shares != 0 && std::isfinite(price))
        open.post(account, [&](Ledger& l) { l.split_shares(at, open.trade.symbol, shares, split.ratio, price); });
      const auto next = after_split({open.spread.front, open.spread.strike, OptionType::call}, split.ratio);
      if (open.adjusted || !next) {
        open.adjusted = true;
        open.shares_per_contract = std::llround(static_cast<double>(open.shares_per_contract) * split.ratio);
        continue;
      }
      const auto held = open.book.options();
      for (const auto& [holding, contracts] : held) {
        const auto now = after_split(holding.contract, split.ratio);
        open.post(account, [&, h = holding, n = contracts](Ledger& l) { l.renumber(h, *now, n); });
      }
      std::map<OptionContract, OptionMark> marks;
      for (const auto& [contract, mark] : open.marks)
        if (const auto now = after_split(contract, split.ratio))
          marks[now->contract] = {mark.executable / split.ratio, mark.mid / split.ratio, mark.at};
      open.marks = std::move(marks);
      open.spread.strike = next->contract.strike;
      open.contracts *= next->contracts;
    }
  }

  /// At the open, across the shares' own spread. A name that does not trade today keeps its shares until it does.
  void sell_shares(OpenTrade& open, Ledger& account, Date session) const {
    const std::int64_t shares = open.shares();
    const std::string& symbol = open.trade.symbol;
    const Bar* bar = bar_up_to(symbol, session);
    if (!bar || bar->date != session || !(bar->open > 0.0) || bar->volume == 0.0) return;
    const Instant at = calendar_->open(session);
    const std::int64_t side = shares > 0 ? 1 : -1;
    const Money middle = Money::rounded(bar->open), half = Money::rounded(rules_.share_half_spread) * side;
    const ByFill<Money> price{middle - half, middle - half, middle};
    const Money paid = price[fills_];
    open.post(account, [&](Ledger& l) { l.book_shares(at, symbol, -shares, paid, Money{}); });
    for (const FillModel model : fill_models) {
      const Money better = (price[model] - paid) * shares;
      open.cash[model] += better;
      open.exited[model] += better;
    }
    Money fees = std::max(rules_.share_commission * std::abs(shares), rules_.share_minimum);
    if (shares > 0) fees += stock_sale_fees(*fees_, paid * shares, session);
    charge(open, account, at, fees);
  }

  const Market* market_;
  const TradingCalendar* calendar_;
  const FeeSchedule* fees_;
  CarryRules rules_;
  FillModel fills_;
};

}  // namespace alaris::inline v0
