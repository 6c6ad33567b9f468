// SPDX-License-Identifier: Apache-2.0
#pragma once
// The earnings-calendar strategy over a stretch of sessions, by the rules of live trading. With end-of-day data an
// entry is decided on the previous session's closing snapshot and traded at the quotes of the session after it, against
// a limit set beforehand; the exit is decided the same way. No decision sees the quotes it trades at.

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <alaris/backtest/event_evidence.hpp>
#include <alaris/backtest/outcomes.hpp>
#include <alaris/backtest/result.hpp>
#include <alaris/execution/fill_model.hpp>
#include <alaris/execution/ledger.hpp>
#include <alaris/strategy/decision.hpp>

namespace alaris::inline v0 {

struct BacktestSettings {
  StrategySettings strategy;
  Date start;
  Date end;
  Money capital = Money::from_dollars(100'000);
  FillModel fills = FillModel::touch;
  double model_crossing = 0.5;  // share of the half-spread that FillModel::model pays
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
        ledger_(settings.capital, first_close()) {}

  template <class Progress>
  [[nodiscard]] BacktestResult run(Progress progress) {
    history_ = past_event_evidence(*market_, symbols_, settings_->end, settings_->strategy, *calendar_);
    const Date first =
        calendar_->is_session(settings_->start) ? settings_->start : calendar_->next_session(settings_->start);
    const int total = first <= settings_->end ? 1 + calendar_->sessions_between(first, settings_->end) : 0;
    nav_ = nav_at_mid_ = settings_->capital;
    int done = 0;
    for (Date session = first; session <= settings_->end; session = calendar_->next_session(session)) {
      trade_session(session);
      progress(++done, total);
    }
    close_books();
    return std::move(result_);
  }

 private:
  struct Held {
    TradeRecord trade;
    EventSessions event;
    HeldSpread risk;  // as seen at the decision
  };
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
    const MarketView view(*market_, *calendar_, calendar_->close(calendar_->previous_session(session)));
    follow_volatility_index(view);
    opened_today_ = 0;
    const Money nav_before = nav_;
    std::vector<Pending> entries = decide_entries(view, session);
    exit_positions(view, session);
    for (Pending& entry : entries) fill_entry(entry, session);
    settle_expiries(session);
    mark(session);
    loss_today_ = (nav_before - nav_).dollars();
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

  [[nodiscard]] Portfolio portfolio() const {
    Portfolio p{.nav = nav_.dollars(),
                .cash = ledger_.cash().dollars(),
                .loss_today = loss_today_,
                .opened_today = opened_today_,
                .spreads = {}};
    for (const Held& held : held_) p.spreads.push_back(held.risk);
    return p;
  }

  /// Every announcement whose entry session is `session`, as known at the view.
  std::vector<Pending> decide_entries(const MarketView<Market>& view, Date session) {
    const StrategySettings& strategy = settings_->strategy;
    std::vector<Pending> entries;
    Portfolio projected = portfolio();
    for (const std::string& symbol : symbols_)
      for (const EarningsConsensus& report :
           upcoming_earnings(view.earnings(symbol), session, strategy.session_source)) {
        if (entry_session(report, *calendar_, strategy.entry_sessions_before) != session) continue;
        const DecisionContext context{&projected, &history_, *vix_, static_cast<int>(result_.trades.size())};
        DecisionRecord record = decide(view, symbol, report, session, strategy, rules_, context);
        if (record.action == DecisionAction::enter) {
          entries.push_back(order_for(record));
          projected.spreads.push_back(held_spread(record.candidate, record.contracts));
          projected.cash -= record.contracts * record.candidate.capital_at_risk;
          ++projected.opened_today;
        }
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

  [[nodiscard]] std::optional<ComboFill> execute(const ComboOrder& order, Instant decided, Date session) {
    OrderRecord record{.order = order, .decided = decided, .session = session};
    std::optional<ComboFill> done;
    const auto chain = market_->chain(order.symbol, session);
    if (!chain) {
      record.outcome = OrderOutcome::not_quoted;
    } else if (auto fill = fill_against(order, *chain, calendar_->close(session), settings_->fills,
                                        settings_->model_crossing)) {
      std::vector<TradedLeg> legs;
      for (const LegFill& leg : fill->legs) legs.push_back({leg.contracts, leg.price});
      fill->fees = option_fees(settings_->strategy.cost.fees, legs, session);
      ledger_.book(*fill);
      result_.fills.push_back(*fill);
      done = std::move(*fill);
    } else {
      record.outcome = fill.error() == NoFill::not_quoted  ? OrderOutcome::not_quoted
                       : fill.error() == NoFill::one_sided ? OrderOutcome::one_sided
                                                           : OrderOutcome::beyond_limit;
    }
    result_.orders.push_back(std::move(record));
    return done;
  }

  void fill_entry(const Pending& entry, Date session) {
    const auto fill = execute(entry.order, entry.decided, session);
    if (!fill) return;
    ++opened_today_;
    const Candidate& c = entry.candidate;
    Held held{.trade = {.id = entry.order.id,
                        .symbol = c.symbol,
                        .event_date = c.event_date,
                        .session = c.session,
                        .spread = *c.spread,
                        .contracts = entry.order.quantity,
                        .entered = session},
              .event = *c.event,
              .risk = held_spread(c, entry.order.quantity)};
    held.trade.entry_net = fill->net;
    held.trade.entry_mid = fill->net_at_mid;
    held.trade.fees = fill->fees;
    held.trade.implied_move = c.implied_move;
    held.trade.capital_at_risk = c.capital_at_risk * entry.order.quantity;
    held_.push_back(std::move(held));
  }

  /// A position as the exit rules see it: marks of the previous session, and what is known about its name.
  [[nodiscard]] std::optional<ExitReason> exit_due(const Held& held, const MarketView<Market>& view,
                                                   Date session) const {
    const TradeRecord& trade = held.trade;
    const std::vector<Leg> open = open_legs(trade);
    const std::vector<Dividend> dividends = view.dividends(trade.symbol);
    const std::vector<KnownStatement> statements = view.earnings(trade.symbol);
    ExitMarks marks{.value = trade.exit_mid,
                    .crossing = 0.0,
                    .spot = last_close(trade.symbol, view.last_session()),
                    .rate = view.short_rate(),
                    .dividends = dividends,
                    .statements = statements,
                    .session_source = settings_->strategy.session_source};
    bool short_open = false;
    for (const Leg& leg : open) {
      const auto at = marks_.find({trade.symbol, leg.contract});
      const auto [executable, mid] = at != marks_.end() ? at->second : std::pair(not_known, not_known);
      marks.value += leg.ratio * mid;
      marks.crossing += std::fabs(executable - mid);
      if (leg.ratio > 0) continue;
      short_open = true;
      marks.front_volatility = marked_volatility(leg.contract, mid, marks.spot, marks.rate, view.last_session());
    }
    const auto due = alaris::exit_due({.spread = trade.spread,
                                       .event_date = trade.event_date,
                                       .announced = trade.session,
                                       .event = held.event,
                                       .entered = trade.entered,
                                       .paid = trade.entry_net,
                                       .short_open = short_open},
                                      marks, session, settings_->strategy.exit, *calendar_);
    return due ? std::optional(due->reason) : std::nullopt;
  }
  /// The legs of a trade that have not been settled at their expiry.
  [[nodiscard]] std::vector<Leg> open_legs(const TradeRecord& trade) const {
    std::vector<Leg> legs = trade.spread.legs();
    std::erase_if(legs, [&](const Leg& leg) { return !ledger_.options().contains({trade.symbol, leg.contract}); });
    return legs;
  }

  /// Positions that are due are offered at the touch every session; a same-strike long calendar is never sold below
  /// its intrinsic difference (zero) less five cents a calendar.
  void exit_positions(const MarketView<Market>& view, Date session) {
    for (auto at = held_.begin(); at != held_.end();) {
      const auto reason = exit_due(*at, view, session);
      if (!reason) {
        ++at;
        continue;
      }
      std::vector<Leg> legs = reversed(open_legs(at->trade));
      const double floor = 0.05 * static_cast<double>(legs.size()) / 2.0;
      const ComboOrder order{.id = at->trade.symbol + "-" + to_string(at->trade.event_date) + "-exit",
                             .symbol = at->trade.symbol,
                             .legs = std::move(legs),
                             .quantity = at->trade.contracts,
                             .limit = floor,
                             .purpose = OrderPurpose::exit};
      if (const auto fill = execute(order, view.as_of(), session)) {
        at->trade.exit_net -= fill->net;
        at->trade.exit_mid -= fill->net_at_mid;
        at->trade.fees += fill->fees;
        close_trade(*at, session, *reason);
        at = held_.erase(at);
      } else {
        ++at;
      }
    }
  }

  void close_trade(Held& held, Date session, ExitReason reason) {
    TradeRecord& trade = held.trade;
    trade.exited = session;
    trade.exit_reason = reason;
    const auto dollars = [&](double per_share) {
      return Money::rounded(per_share * contract_multiplier) * trade.contracts;
    };
    trade.pnl = dollars(trade.exit_net) - dollars(trade.entry_net) - trade.fees;
    trade.pnl_at_mid = dollars(trade.exit_mid) - dollars(trade.entry_mid);
    trade.spot_before = close_of(trade.symbol, held.event.last_close_before);
    trade.spot_after = close_of(trade.symbol, held.event.first_close_after);
    result_.trades.push_back(trade);
  }

  /// The close of a session; NaN without one.
  [[nodiscard]] double close_of(std::string_view symbol, Date session) const {
    const auto bars = known_bars(symbol, session);
    return !bars.empty() && bars.back().date == session ? bars.back().close : not_known;
  }
  /// The last close up to a session; 0 when there is none.
  [[nodiscard]] double last_close(std::string_view symbol, Date session) const {
    const auto bars = known_bars(symbol, session);
    return bars.empty() ? 0.0 : bars.back().close;
  }
  [[nodiscard]] std::span<const Bar> known_bars(std::string_view symbol, Date session) const {
    const std::span<const Bar> bars = market_->bars(symbol);
    const auto end = std::partition_point(bars.begin(), bars.end(), [&](const Bar& b) { return b.date <= session; });
    return {bars.begin(), end};
  }

  /// Options that stopped trading today: in the money by a cent they are exercised or assigned into shares, which are
  /// bought or sold back at the same close; the others end worthless. Without a close that day the last one before it
  /// stands.
  void settle_expiries(Date session) {
    const Instant at = calendar_->close(session);
    std::vector<std::pair<OptionHolding, std::int64_t>> expiring;
    for (const auto& position : ledger_.options())
      if (last_trading_day(position.first.contract.expiry, *calendar_) <= session) expiring.push_back(position);
    for (const auto& [holding, contracts] : expiring) {
      const double spot = last_close(holding.symbol, session);
      const double intrinsic = sign(holding.contract.type) * (spot - holding.contract.strike.dollars());
      const bool exercised = intrinsic >= 0.01 - 1e-9;
      ledger_.settle(at, holding, exercised);
      if (!exercised) continue;
      const std::int64_t shares = contracts * contract_multiplier * sign(holding.contract.type);
      ledger_.book_shares(at, holding.symbol, -shares, Money::rounded(spot), Money{});
      for (Held& held : held_)
        for (const Leg& leg : held.trade.spread.legs())
          if (held.trade.symbol == holding.symbol && leg.contract == holding.contract) {
            held.trade.exit_net += leg.ratio * intrinsic;
            held.trade.exit_mid += leg.ratio * intrinsic;
          }
    }
    std::erase_if(held_, [&](Held& held) {
      if (last_trading_day(held.trade.spread.back, *calendar_) > session) return false;
      close_trade(held, session, ExitReason::expired);
      return true;
    });
  }

  /// Executable value (the touch a position would be closed at; mid where that side is missing) and value at mid. An
  /// option without any quote keeps its last mark.
  void mark(Date session) {
    Money executable = ledger_.cash(), at_mid = ledger_.cash();
    std::map<std::string, std::shared_ptr<const OptionChain>> chains;
    for (const auto& [holding, contracts] : ledger_.options()) {
      auto& chain = chains[holding.symbol];
      if (!chain) chain = market_->chain(holding.symbol, session);
      const OptionQuote* quote = chain ? chain->find(holding.contract) : nullptr;
      auto& last = marks_[holding];
      if (quote && can_buy(*quote)) last = {contracts > 0 ? quote->bid : quote->ask, 0.5 * (quote->bid + quote->ask)};
      executable += Money::rounded(last.first * contract_multiplier) * contracts;
      at_mid += Money::rounded(last.second * contract_multiplier) * contracts;
    }
    nav_ = executable;
    nav_at_mid_ = at_mid;
    result_.equity.push_back({session, ledger_.cash(), nav_, nav_at_mid_, static_cast<int>(held_.size())});
  }

  /// Positions still open are shown as trades at their last marks; every announcement of the period gets its outcome.
  void close_books() {
    for (Held& held : held_) {
      for (const Leg& leg : open_legs(held.trade)) {
        const auto at = marks_.find({held.trade.symbol, leg.contract});
        if (at == marks_.end()) continue;
        held.trade.exit_net += leg.ratio * at->second.first;
        held.trade.exit_mid += leg.ratio * at->second.second;
      }
      close_trade(held, result_.equity.empty() ? settings_->end : result_.equity.back().date, ExitReason::end_of_data);
    }
    held_.clear();
    result_.events = event_outcomes(result_, *market_, symbols_, settings_->start, settings_->end);
    result_.cash_entries = ledger_.entries();
  }

  const Market* market_;
  std::vector<std::string> symbols_;
  const TradingCalendar* calendar_;
  const BacktestSettings* settings_;
  Rules rules_;
  Ledger ledger_;
  EventHistory history_;
  std::vector<Held> held_;
  std::map<OptionHolding, std::pair<double, double>> marks_;
  std::optional<VixStress> vix_;
  Money nav_, nav_at_mid_;
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
