// SPDX-License-Identifier: Apache-2.0
#pragma once
// The earnings-calendar strategy over a stretch of sessions, by the rules of live trading. With end-of-day data an
// entry is decided on the previous session's closing snapshot and traded at the quotes of the session after it, against
// a limit set beforehand; the exit is decided the same way. No decision sees the quotes it trades at.

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <alaris/backtest/event_evidence.hpp>
#include <alaris/backtest/life_cycle.hpp>
#include <alaris/backtest/open_trade.hpp>
#include <alaris/backtest/outcomes.hpp>
#include <alaris/backtest/result.hpp>
#include <alaris/execution/day_order.hpp>
#include <alaris/execution/ledger.hpp>
#include <alaris/execution/margin.hpp>
#include <alaris/execution/price_ladder.hpp>
#include <alaris/strategy/chain_quality.hpp>
#include <alaris/strategy/decision.hpp>
#include <alaris/strategy/session_scan.hpp>
#include <alaris/strategy/stress.hpp>

namespace alaris::inline v0 {

struct BacktestSettings {
  StrategySettings strategy;
  Date start;
  Date end;
  Money capital = Money::from_dollars(100'000);
  FillTerms fills{};
  CarryRules carry{};
};

/// Runs one account over [start, end]. Feed it a market, call run() once.
///   Rules     any policy over Candidate; live trading uses entry_rules(settings)
///   Progress  called as progress(sessions_done, sessions_in_all) after each session
template <market_source Market, policy_for<Candidate> Rules>
class Backtest {
 public:
  Backtest(const Market& market, std::vector<std::string> symbols, const TradingCalendar& calendar,
           const BacktestSettings& settings, Rules rules)
      : market_(&market),
        symbols_(std::move(symbols)),
        calendar_(&calendar),
        settings_(&settings),
        rules_(std::move(rules)),
        life_(market, calendar, settings.strategy.cost.fees, settings.carry, settings.fills.model),
        ledger_(settings.capital, first_close()) {}

  template <class Progress>
  [[nodiscard]] BacktestResult run(Progress progress) {
    history_ = past_event_evidence(*market_, symbols_, settings_->end, settings_->strategy, *calendar_);
    const Date first =
        calendar_->is_session(settings_->start) ? settings_->start : calendar_->next_session(settings_->start);
    const int total = first <= settings_->end ? 1 + calendar_->sessions_between(first, settings_->end) : 0;
    nav_ = settings_->capital;
    int done = 0;
    for (Date session = first; session <= settings_->end; session = calendar_->next_session(session)) {
      trade_session(session);
      progress(++done, total);
    }
    close_books();
    return std::move(result_);
  }

 private:
  struct Pending {
    ComboOrder order;
    Instant decided;
    Candidate candidate;
  };

  Instant first_close() const {
    return calendar_->close(calendar_->previous_session(
        calendar_->is_session(settings_->start) ? settings_->start : calendar_->next_session(settings_->start)));
  }

  void trade_session(Date session) {
    const MarketView<Market> view(*market_, *calendar_, calendar_->close(calendar_->previous_session(session)));
    follow_volatility_index(view);
    opened_today_ = 0;
    const Money nav_before = nav_;
    const std::vector<Pending> entries = decide_entries(view, session);
    earn_interest(view, session);
    for (OpenTrade& open : open_) life_.overnight(open, ledger_, view, session);
    close_finished(session);
    exit_positions(view, session);
    for (const Pending& entry : entries) fill_entry(entry, session);
    for (OpenTrade& open : open_) life_.expire(open, ledger_, session);
    close_finished(session);
    mark(session);
    loss_today_ = (nav_before - nav_).dollars();
  }

  /// Cash without the proceeds of stock sold short, which stay with the lender.
  [[nodiscard]] Money own_cash(Date session) const {
    Money cash = ledger_.cash();
    for (const auto& [symbol, shares] : ledger_.shares())
      if (shares < 0) cash += Money::rounded(static_cast<double>(shares) * life_.last_close(symbol, session));
    return cash;
  }

  void earn_interest(const MarketView<Market>& view, Date session) {
    const Money balance = own_cash(view.last_session());
    const Money earned = interest_on(balance, view.short_rate(),
                                     static_cast<int>((session - view.last_session()).count()), settings_->carry);
    if (earned == Money{}) return;
    ledger_.receive(calendar_->open(session), "", CashReason::interest, earned);
    interest_ += earned;
  }

  /// The breaker as folded over every close before the period, then one session at a time.
  void follow_volatility_index(const MarketView<Market>& view) {
    const VixStressLimits& limits = settings_->strategy.vix;
    if (!vix_) {
      vix_ = volatility_stress(view, limits);
      return;
    }
    const auto closes = view.vix();
    const bool fresh = !closes.empty() && closes.back().date == view.last_session();
    vix_ = vix_->after(fresh ? closes.back().close : not_known, limits);
  }

  [[nodiscard]] Portfolio portfolio(Date session) const {
    Portfolio p{.nav = nav_.dollars(),
                .cash = own_cash(session).dollars(),
                .loss_today = loss_today_,
                .opened_today = opened_today_,
                .spreads = {}};
    for (const OpenTrade& open : open_) p.spreads.push_back(open.risk);
    return p;
  }

  /// Every announcement whose entry session is `session`, as known at the view.
  std::vector<Pending> decide_entries(const MarketView<Market>& view, Date session) {
    std::vector<DecisionRecord> records =
        decide_session(view, symbols_, session, settings_->strategy, rules_, portfolio(view.last_session()), history_,
                       *vix_, static_cast<int>(result_.trades.size()));
    std::vector<Pending> entries;
    for (DecisionRecord& record : records) {
      if (record.action == DecisionAction::enter && result_.costs.latched) {
        record.action = DecisionAction::refuse;
        record.decided_by = "breaker.cost_overrun";
        record.reason = "ten trades cost more than one and a half times their budget";
      }
      if (record.action == DecisionAction::enter) entries.push_back(order_for(record));
      result_.decisions.push_back(std::move(record));
    }
    return entries;
  }

  [[nodiscard]] static Pending order_for(const DecisionRecord& record) {
    const Candidate& c = record.candidate;
    return {.order = {.id = entry_order_id(c.symbol, c.event_date),
                      .symbol = c.symbol,
                      .legs = c.spread->legs(),
                      .quantity = record.contracts,
                      .limit = entry_limit(c),
                      .purpose = OrderPurpose::entry},
            .decided = record.at,
            .candidate = c};
  }

  /// Works an order against the closing quotes of its session and books what filled into the trade and the account.
  [[nodiscard]] std::optional<ComboFill> execute(const ComboOrder& order, Instant decided, Date session,
                                                 OpenTrade& open) {
    const auto chain = market_->chain(order.symbol, session);
    const auto before = chain ? market_->chain(order.symbol, calendar_->previous_session(session)) : nullptr;
    const bool stale = chain && day_defect(*chain, before.get(), *calendar_) != DayDefect::none;
    DayOrder day = work_for_a_day(order, {chain.get(), stale, session, calendar_->close(session)}, settings_->fills,
                                  settings_->strategy.cost.fees);
    result_.orders.push_back({.order = order, .decided = decided, .session = session, .outcome = outcome_of(day)});
    if (!day.fill) return std::nullopt;
    open.post(ledger_, day.bookings, *day.fill, order.purpose == OrderPurpose::entry);
    result_.fills.push_back(*day.fill);
    return day.fill;
  }

  /// What an entry rested on, asked again at its session: the date of the report as known at the open, and a price of
  /// the share that has not run away. The answer may only cancel it.
  [[nodiscard]] bool still_valid(const Pending& entry, Date session) const {
    const Candidate& c = entry.candidate;
    const MarketView<Market> view(*market_, *calendar_, calendar_->open(session));
    const auto chain = market_->chain(c.symbol, session);
    if (chain && !(std::fabs(chain->spot() / c.spot - 1.0) <= settings_->strategy.quality.max_spot_move)) return false;
    const auto reports =
        upcoming_earnings(view.earnings(c.symbol), view.last_session(), settings_->strategy.session_source);
    return std::any_of(reports.begin(), reports.end(), [&](const EarningsConsensus& report) {
      return report.date == c.event_date && report.session == c.session && !report.session_contradicted;
    });
  }

  void fill_entry(const Pending& entry, Date session) {
    if (!still_valid(entry, session)) {
      result_.orders.push_back(
          {.order = entry.order, .decided = entry.decided, .session = session, .outcome = OrderOutcome::cancelled});
      return;
    }
    const Candidate& c = entry.candidate;
    OpenTrade open{.trade = {.id = entry.order.id,
                             .symbol = c.symbol,
                             .event_date = c.event_date,
                             .session = c.session,
                             .spread = *c.spread,
                             .entered = session},
                   .event = *c.event,
                   .spread = *c.spread};
    const auto fill = execute(entry.order, entry.decided, session, open);
    if (!fill) return;
    ++opened_today_;
    open.contracts = open.trade.contracts = fill->quantity;
    open.risk = held_spread(c, fill->quantity);
    open.trade.entry_net = fill->net;
    open.trade.entry_mid = fill->net_at_mid;
    open.trade.implied_move = c.implied_move;
    open.trade.capital_at_risk = c.capital_at_risk * fill->quantity;
    open.trade.budgeted_cost = c.round_trip_cost * fill->quantity;
    open_.push_back(std::move(open));
  }

  /// A position as the exit rules see it: quotes of the previous session (a leg without any is not known, as in live
  /// trading), and what is known about its name.
  [[nodiscard]] std::optional<ExitFinding> due_exit(const OpenTrade& open, const MarketView<Market>& view,
                                                    Date session) const {
    const TradeRecord& trade = open.trade;
    const std::vector<Dividend> dividends = view.dividends(trade.symbol);
    const std::vector<KnownStatement> statements = view.earnings(trade.symbol);
    const double per_share = 1.0 / (contract_multiplier * static_cast<double>(open.contracts));
    ExitMarks marks{.value = open.exited.mid.dollars() * per_share,
                    .crossing = 0.0,
                    .spot = life_.last_close(trade.symbol, view.last_session()),
                    .rate = view.short_rate(),
                    .dividends = dividends,
                    .statements = statements,
                    .session_source = settings_->strategy.session_source};
    for (const Leg& leg : open.open_legs()) {
      const auto at = open.marks.find(leg.contract);
      const bool fresh = at != open.marks.end() && at->second.at == view.last_session();
      const auto [executable, mid, quoted] = fresh ? at->second : OptionMark{};
      const double units = static_cast<double>(open.held(leg.contract)) / open.contracts;
      marks.value += units * mid;
      marks.crossing += std::fabs(units * (executable - mid));
      if (leg.ratio < 0)
        marks.front_volatility = marked_volatility(leg.contract, mid, marks.spot, marks.rate, view.last_session());
    }
    return exit_due({.spread = open.spread,
                     .event_date = trade.event_date,
                     .announced = trade.session,
                     .event = open.event,
                     .entered = trade.entered,
                     .paid = trade.entry_net * trade.contracts / open.contracts,
                     .short_open = open.short_open()},
                    marks, session, settings_->strategy.exit, *calendar_);
  }

  /// Positions that are due are offered every session; a same-strike long calendar is never sold below its intrinsic
  /// difference (zero) less five cents.
  void exit_positions(const MarketView<Market>& view, Date session) {
    for (OpenTrade& open : open_) {
      const int spreads = open.adjusted ? 0 : open.open_spreads();
      if (spreads == 0) continue;
      const auto due = due_exit(open, view, session);
      if (!due) continue;
      const TradeRecord& t = open.trade;
      result_.exits.push_back({.at = view.as_of(),
                               .session = session,
                               .trade = t.id,
                               .symbol = t.symbol,
                               .event_date = t.event_date,
                               .reason = due->reason,
                               .observed = due->observed,
                               .limit = due->limit});
      std::vector<Leg> legs = reversed(open.open_legs());
      const double floor = -calendar_exit_floor(0.0) * static_cast<double>(legs.size()) / 2.0;
      const ComboOrder order{.id = open.trade.symbol + "-" + to_string(open.trade.event_date) + "-exit",
                             .symbol = open.trade.symbol,
                             .legs = std::move(legs),
                             .quantity = spreads,
                             .limit = floor,
                             .purpose = OrderPurpose::exit};
      // What first took something off names the end: the sale of a long leg whose short was assigned is an assignment.
      if (execute(order, view.as_of(), session, open) && !open.ending) open.ending = due->reason;
    }
    close_finished(session);
  }

  void close_finished(Date session) {
    std::erase_if(open_, [&](OpenTrade& open) {
      if (!open.finished()) return false;
      close_trade(open, session, open.ending.value_or(ExitReason::expired));
      return true;
    });
  }

  void close_trade(OpenTrade& open, Date session, ExitReason reason) {
    TradeRecord& trade = open.trade;
    trade.exited = session;
    trade.exit_reason = reason;
    const double shares = static_cast<double>(contract_multiplier) * trade.contracts;
    trade.exit_net = open.exited[settings_->fills.model].dollars() / shares;
    trade.exit_mid = open.exited.mid.dollars() / shares;
    trade.pnl = open.cash[settings_->fills.model];
    trade.pnl_at_mid = open.cash.mid + trade.fees;
    trade.pnl_by_fills = open.cash;
    trade.spot_before = life_.close_of(trade.symbol, open.event.last_close_before);
    trade.spot_after = life_.close_of(trade.symbol, open.event.first_close_after);
    result_.trades.push_back(trade);
    if (reason != ExitReason::end_of_data) count_cost(trade, session);
  }

  /// Fees and crossing of a closed trade against its budget. Live, a person may look and resume; a run has nobody.
  void count_cost(const TradeRecord& trade, Date session) {
    if (!(trade.budgeted_cost >= 0.0)) return;
    const bool latched = result_.costs.latched;
    result_.costs =
        result_.costs.after((trade.pnl_at_mid - trade.pnl).cents(), Money::rounded(trade.budgeted_cost).cents());
    if (!latched && result_.costs.latched) result_.entries_halted_from = session;
  }

  /// Executable value (the touch a position would be closed at; mid where that side is missing) and value at mid. An
  /// option without any quote keeps its last mark.
  void mark(Date session) {
    Money executable = ledger_.cash(), at_mid = ledger_.cash(), margin{};
    for (OpenTrade& open : open_) {
      const auto chain = market_->chain(open.trade.symbol, session);
      const double spot = life_.last_close(open.trade.symbol, session);
      std::vector<MarginLeg> legs;
      for (const auto& [holding, contracts] : open.book.options()) {
        const OptionQuote* quote = chain ? chain->find(holding.contract) : nullptr;
        OptionMark& last = open.marks[holding.contract];
        if (quote && can_buy(*quote))
          last = {contracts > 0 ? quote->bid : quote->ask, 0.5 * (quote->bid + quote->ask), session};
        legs.push_back({holding.contract, contracts, last.mid});
      }
      executable += open.value(false, spot);
      at_mid += open.value(true, spot);
      margin += margin_requirement(legs, open.shares(), spot);
    }
    nav_ = executable;
    result_.equity.push_back({.date = session,
                              .cash = ledger_.cash(),
                              .nav = nav_,
                              .nav_at_mid = at_mid,
                              .open_spreads = static_cast<int>(open_.size()),
                              .interest = interest_,
                              .margin = margin});
    weigh(session);
  }

  /// What is at risk over the coming night, as the limits of an entry count it.
  void weigh(Date session) {
    if (open_.empty()) return;
    AccountRisk account{.date = session};
    std::vector<StressedPosition> all;
    for (const OpenTrade& open : open_) {
      const StressLosses losses = open.risk.losses();
      const StressedPosition alone{losses, false};
      const bool tonight = open.risk.last_close_before == session;
      const double at_risk = open.risk.capital_at_risk;
      all.push_back({losses, tonight});
      result_.risks.push_back({session, open.trade.id, stress_loss({&alone, 1}), at_risk, tonight ? at_risk : 0.0});
      account.capital_at_risk += at_risk;
      account.event_night += tonight ? at_risk : 0.0;
    }
    account.stress = stress_loss(all);
    result_.account_risks.push_back(account);
  }

  /// Positions still open are shown as trades at their last marks; every announcement of the period gets its outcome.
  void close_books() {
    for (OpenTrade& open : open_) {
      const Date last = result_.equity.empty() ? settings_->end : result_.equity.back().date;
      const double spot = life_.last_close(open.trade.symbol, last);
      for (const FillModel model : fill_models) {
        const Money left = open.value(model == FillModel::mid, spot);
        open.cash[model] += left;
        open.exited[model] += left;
      }
      close_trade(open, last, ExitReason::end_of_data);
    }
    open_.clear();
    result_.events = event_outcomes(result_, *market_, symbols_, settings_->start, settings_->end);
    result_.cash_entries = ledger_.entries();
  }

  const Market* market_;
  std::vector<std::string> symbols_;
  const TradingCalendar* calendar_;
  const BacktestSettings* settings_;
  Rules rules_;
  LifeCycle<Market> life_;
  Ledger ledger_;
  EventHistory history_;
  std::vector<OpenTrade> open_;
  std::optional<VixStress> vix_;
  Money nav_, interest_;
  double loss_today_ = 0.0;
  int opened_today_ = 0;
  BacktestResult result_;
};

/// The strategy with the rules of live trading.
template <market_source Market, class Progress>
[[nodiscard]] BacktestResult run_backtest(const Market& market, std::vector<std::string> symbols,
                                          const TradingCalendar& calendar, const BacktestSettings& settings,
                                          Progress progress) {
  return Backtest(market, std::move(symbols), calendar, settings, entry_rules(settings.strategy)).run(progress);
}

}  // namespace alaris::inline v0
