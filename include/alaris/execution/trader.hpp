// SPDX-License-Identifier: Apache-2.0
#pragma once
// The trading session as a fold: one event in, actions out, nothing else read. Whoever feeds it the same events in the
// same order gets the same actions, in a simulation, on paper and live.
//   from the open on        asks which trades are to be closed; 09:45 to 15:45 their exits walk their ladder
//   15 minutes to the close asks which spreads are to be entered; their orders walk the entry ladder
//   any time                values the account, watches quotes for halts, cancels and flattens when told
// Every price an order carries passed the gate at the quotes of its moment.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <alaris/execution/order_judgement.hpp>
#include <alaris/execution/price_ladder.hpp>
#include <alaris/execution/trade_costs.hpp>
#include <alaris/execution/trader_book.hpp>
#include <alaris/execution/trader_events.hpp>
#include <alaris/market/ticks.hpp>
#include <alaris/policy/breaker_text.hpp>
#include <alaris/strategy/session_scan.hpp>

namespace alaris::inline v0 {

class Trader {
 public:
  /// `settings` and `calendar` must outlive it.
  Trader(const StrategySettings& settings, const TradingCalendar& calendar)
      : settings_(&settings), calendar_(&calendar) {}

  [[nodiscard]] std::vector<TraderAction> on(Instant now, const TraderEvent& event) {
    now_ = now;
    actions_.clear();
    std::visit([this](const auto& e) { hear(e); }, event);
    if (std::holds_alternative<TimerRang>(event)) act();
    keep_breakers();
    return std::exchange(actions_, {});
  }

  /// What is held, working or in flight, for the rules of the next entry. Dollars.
  [[nodiscard]] Portfolio portfolio() const {
    Portfolio p{.nav = value_.dollars(),
                .cash = (book_.cash() - book_.reserved()).dollars(),
                .loss_today = base_ ? (*base_ - value_).dollars() : 0.0,
                .opened_today = opened_today(),
                .spreads = {}};
    for (const auto& [name, trade] : book_.trades())
      if (const int most = book_.most_held(trade); most > 0) p.spreads.push_back(held_spread(trade, most));
    return p;
  }
  /// Contracts whose quotes it needs now, by name.
  [[nodiscard]] std::map<std::string, std::set<OptionContract>> legs_to_watch() const {
    std::map<std::string, std::set<OptionContract>> legs;
    for (const auto& [name, trade] : book_.trades())
      if (book_.held(trade) > 0 || book_.working(trade.name()))
        for (const Leg& leg : trade.spread.legs()) legs[trade.symbol].insert(leg.contract);
    for (const DecisionRecord& record : pending_)
      for (const Leg& leg : record.candidate.spread->legs()) legs[record.candidate.symbol].insert(leg.contract);
    return legs;
  }
  [[nodiscard]] const TraderBook& book() const noexcept { return book_; }
  [[nodiscard]] TradingState state() const noexcept {
    const TradingState tripped = breakers_.state(day());
    return well_ ? tripped : std::max(tripped, TradingState::reduce_only);
  }
  /// The stress in force: by the index as it is confirmed within the session, where it was heard in the last quarter of
  /// an hour, else by its closes.
  [[nodiscard]] VixStress stress_in_force(const VixStress& closes) const noexcept {
    if (vix_heard_ == Instant{} || now_ - vix_heard_ > std::chrono::minutes(15)) return closes;
    return {.tripped = breakers_.vix_now.high, .sessions_without_close = 0, .high = breakers_.vix_now.high};
  }
  /// The name's market is halted, silent, or has reopened less than five minutes ago: nothing is entered, exits wait.
  [[nodiscard]] bool frozen(const std::string& symbol) const {
    const auto at = halts_.find(symbol);
    return at == halts_.end() || at->second.frozen(micros());
  }
  [[nodiscard]] const Breakers& breakers() const noexcept { return breakers_; }
  /// Something waits for a person's reason.
  [[nodiscard]] bool latched() const noexcept {
    return breakers_.kill.command != KillCommand::none || breakers_.failures.latched || breakers_.cost.latched;
  }
  /// Closed trades: the evidence behind the size of the next.
  [[nodiscard]] int past_trades() const { return book_.closed_trades(); }
  [[nodiscard]] bool entries_alive() const {
    return std::any_of(book_.orders().begin(), book_.orders().end(), [](const auto& entry) {
      return entry.second.order.purpose == OrderPurpose::entry && !ended(entry.second.phase);
    });
  }

 private:
  static constexpr std::chrono::seconds between_prices{10}, after_failed_exit{60}, last_call{60};

  // ---- hearing
  void hear(const TimerRang&) {}
  void hear(const GatewayNews& e) {
    gateway_ = e;
    if (!e.may_trade) quotes_.clear(), asked_to_end_.clear();
  }
  void hear(const BooksNews& e) { book_.take(e); }
  void hear(const OrderNews& e) {
    const bool fails = book_.fails_now(e);
    const auto price = price_of(e.order.symbol, e.order.legs);
    if (const auto middle = costs_.fill(book_, e, price ? price->mid : not_known))
      actions_.push_back(KeepMiddle{*middle});
    book_.take(e);
    if (!fails) return;
    if (e.order.purpose == OrderPurpose::exit) exit_failed_[book_.trade_of(e.order.id)] = now_;
    count_failure(e.order.id, end_of(e), "ended without our asking: " + std::string(name(e.phase)));
  }
  void hear(const PlanNews& e) { book_.take(e.plan); }
  void hear(const ValueNews& e) { values_[e.session] = e.value; }
  void hear(const MiddleNews& e) { costs_.take(e); }
  void hear(const CostedNews& e) { costs_.take(e); }
  void hear(const BreakersNews& e) {
    const auto kept = parse_breakers(e.text);
    kept_breakers_ = breakers_ = kept.value_or(Breakers{});
    breakers_.kill = {};
    if (e.resumed) {
      breakers_.failures = {}, breakers_.cost = {};
      return;
    }
    if (!kept) halt("the state of the breakers could not be read");
    if (breakers_.failures.latched) halt("too many orders of an earlier session failed");
  }
  void hear(const QuotesNews& e) { quotes_[e.symbol] = e.legs; }
  void hear(const StockQuoted& e) { halts_[e.symbol] = halts_[e.symbol].after_two_sided_quote(micros()); }
  void hear(const HaltNews& e) {
    MarketHalt& halt = halts_[e.symbol];
    halt = e.halted ? halt.after_halt() : halt.after_reopening(micros());
  }
  void hear(const PreviewNews& e) {
    if (const auto asked = previews_.find(e.order_id); asked != previews_.end()) asked->second.answer = e;
  }
  /// Between 09:31 and 16:00; what is said earlier or later is about another market.
  void hear(const VixNews& e) {
    const Date today = session();
    if (!calendar_->is_session(today) || now_ < calendar_->open(today) + std::chrono::minutes(1) ||
        now_ >= calendar_->close(today))
      return;
    const bool was = breakers_.vix_now.high;
    breakers_.vix_now = breakers_.vix_now.after(micros(), e.value, settings_->vix);
    if (e.value > 0.0) vix_heard_ = now_, breakers_.vix_session = day();
    if (was != breakers_.vix_now.high)
      say(AlertLevel::note, "VIX", was ? "has calmed for 15 minutes" : "stands above its limit for 15 minutes");
    breakers_.vix = stress_in_force(breakers_.vix);
  }
  void hear(const EntriesDecided& e) {
    breakers_.vix = e.vix;
    for (const DecisionRecord& record : e.records) {
      const Candidate& c = record.candidate;
      const std::string trade = trade_name(c.symbol, c.event_date);
      const bool enters = record.action == DecisionAction::enter;
      say(AlertLevel::note, trade, (enters ? "enter: " : "refuse (" + record.decided_by + "): ") + record.reason);
      if (enters && !book_.trades().contains(trade)) pending_.push_back(record);
    }
  }
  void hear(const ExitsDecided& e) {
    if (breakers_.vix_session != day()) breakers_.vix_now = {.high = e.vix.high};
    breakers_.vix = stress_in_force(e.vix);
    for (const ExitDecision& exit : e.exits) {
      due_[exit.trade] = session();
      say(AlertLevel::note, exit.trade, "exit: " + std::string(name(exit.finding.reason)));
    }
  }
  void hear(const CommandNews& e) {
    breakers_.kill = e.command == KillCommand::none ? KillSwitch{} : breakers_.kill.after(e.command);
    if (e.command == KillCommand::none) breakers_.failures = {}, breakers_.cost = {};
  }
  void hear(const StopAsked&) { stopping_ = true; }
  void hear(const HealthNews& e) {
    if (well_ && !e.well) say(AlertLevel::p1, "host", e.why + ": nothing is opened");
    well_ = e.well;
  }

  // ---- orders that do not go as they should
  /// An order is good for its day: its end with the session is the broker's duty and not a failure.
  [[nodiscard]] ExecutionEvent end_of(const OrderNews& e) const {
    if (e.phase == OrderPhase::rejected)
      return closed(e.order.symbol) ? ExecutionEvent::reject_in_halt : ExecutionEvent::reject;
    const Date sent = new_york_date(e.intended);
    const bool day_is_over = !calendar_->is_session(sent) || now_ >= calendar_->close(sent);
    return day_is_over ? ExecutionEvent::ladder_expired : ExecutionEvent::unrequested_cancel;
  }
  void count_failure(const std::string& id, ExecutionEvent event, const std::string& what,
                     AlertLevel level = AlertLevel::p1) {
    const bool latched = breakers_.failures.latched;
    breakers_.failures = breakers_.failures.after(day(), event, settings_->max_execution_failures);
    say(is_failure(event) ? level : AlertLevel::note, id, what);
    if (!latched && breakers_.failures.latched) halt("too many orders of this session failed");
  }
  /// Sent and not heard of, or executed on one leg only: each counts once.
  void watch_orders() {
    using namespace std::chrono_literals;
    for (const auto& [id, order] : book_.orders()) {
      if (order.unbalanced_since && now_ - *order.unbalanced_since >= 30s && counted_.insert(id + "/legs").second)
        count_failure(id, ExecutionEvent::unbalanced_legs, "one leg is executed and the other is not", AlertLevel::p0);
      const bool silent = order.phase == OrderPhase::intent || order.phase == OrderPhase::submitted;
      if (silent && gateway_.may_trade && order.intended >= started_ && now_ - order.intended >= 10s &&
          counted_.insert(id + "/silent").second)
        count_failure(id, ExecutionEvent::no_acknowledgement, "not acknowledged within 10 seconds");
    }
  }

  /// A closed trade's cost counts once, when its last commission is known or five minutes later.
  void count_costs() {
    using namespace std::chrono_literals;
    for (const auto& [name, trade] : book_.trades()) {
      if (costs_.counted(name) || !book_.closed(trade) || book_.working(name)) continue;
      const Instant since = closed_at_.try_emplace(name, now_).first->second;
      if (!book_.fees_known(name) && now_ - since < 5min) continue;
      const auto cost = costs_.of(book_, name);
      const bool budgeted = trade.round_trip_cost == trade.round_trip_cost;
      const auto budget =
          budgeted ? std::optional(Money::rounded(trade.round_trip_cost) * book_.entered(trade)) : std::nullopt;
      costs_.take(CostedNews{name});
      actions_.push_back(KeepCost{name, cost, budget});
      if (cost && budget) compare_cost(name, *cost, *budget);
    }
  }
  void compare_cost(const std::string& trade, Money cost, Money budget) {
    const bool latched = breakers_.cost.latched;
    breakers_.cost = breakers_.cost.after(cost.cents(), budget.cents());
    say(AlertLevel::note, trade, "cost " + to_string(cost) + " of the " + to_string(budget) + " it was entered on");
    if (!latched && breakers_.cost.latched)
      say(AlertLevel::p1, "account", "ten trades cost more than one and a half times their budget: no entries");
  }

  // ---- acting, on every ring of the timer
  void act() {
    if (started_ == Instant{}) started_ = now_;
    const Date today = session();
    if (!calendar_->is_session(today)) return;
    const Instant open = calendar_->open(today), close = calendar_->close(today);
    using namespace std::chrono_literals;
    if (today != today_) begin_session(today);
    value_account(open, close);
    watch_orders();
    count_costs();
    withdraw_orders(close);
    if (!gateway_.may_trade || gateway_.blocked.everything || stopping_) return;
    if (now_ >= open + 1min && now_ < close && !exits_asked_) exits_asked_ = true, actions_.push_back(AskExits{today});
    if (now_ >= close - 15min && now_ < close - 5min && !entries_asked_ && state() == TradingState::active)
      entries_asked_ = true, actions_.push_back(AskEntries{today});
    work_exits(open, close);
    work_entries(close);
  }

  void begin_session(Date today) {
    today_ = today;
    exits_asked_ = entries_asked_ = false;
    pending_.clear(), alerted_.clear(), previews_.clear();
    base_.reset();
    for (const auto& [session, value] : values_)
      if (session < today) base_ = value;
    value_ = base_.value_or(book_.cash());
  }

  /// Cash and every position at the price it could be closed at; a value that is not known proves nothing.
  void value_account(Instant open, Instant close) {
    using namespace std::chrono_literals;
    const auto worth = [&](Mark mark) { return gateway_.may_trade ? book_.value(quotes_, mark) : std::nullopt; };
    const auto at_touch = worth(Mark::touch), at_mid = worth(Mark::middle);
    const bool in_hours = now_ >= open + 15min && now_ < close;
    if (at_touch) value_ = *at_touch;
    if (at_touch && !base_) base_ = *at_touch;
    const auto loss = [&](const std::optional<Money>& value) {
      return value && in_hours && base_ ? (*base_ - *value).dollars() : not_known;
    };
    const bool tripped = breakers_.daily_loss.tripped(day());
    breakers_.daily_loss = breakers_.daily_loss.after(
        {.at = micros(), .session = day(), .at_executable = loss(at_touch), .at_mid = loss(at_mid)},
        {.max_loss = settings_->portfolio.max_daily_loss});
    if (!tripped && breakers_.daily_loss.tripped(day()))
      say(AlertLevel::p1, "account", "the day's loss is beyond its limit: no new positions until the next session");
    if (!at_touch || !in_hours || now_ - kept_at_ < 1min) return;
    kept_at_ = now_;
    values_[session()] = value_;
    actions_.push_back(KeepValue{session(), value_});
  }

  [[nodiscard]] bool closed(const std::string& symbol) const {
    const auto at = halts_.find(symbol);
    return at == halts_.end() || at->second.closed(micros());
  }
  [[nodiscard]] std::optional<CombinationPrice> price_of(const std::string& symbol,
                                                         const std::vector<Leg>& legs) const {
    const auto at = quotes_.find(symbol);
    if (at == quotes_.end() || !at->second) return std::nullopt;
    const auto price = price_combination(legs, *at->second);
    if (!price || !(std::fabs(price->natural) < 1e6)) return std::nullopt;
    const auto money = [](double dollars) { return Money::rounded(dollars).dollars(); };  // sums of quotes are inexact
    return CombinationPrice{.natural = money(price->natural), .mid = money(price->mid)};
  }

  // ---- entries
  /// An entry is not worked on without its decision, in a halt, or when its name is blocked; nothing is when the
  /// session closes: what the broker ends by itself is hard to tell from a failure.
  void withdraw_orders(Instant close) {
    if (!gateway_.may_trade) return;
    for (const auto& [id, order] : book_.orders()) {
      if (ended(order.phase) || asked_to_end_.contains(id)) continue;
      const bool opens = order.order.purpose == OrderPurpose::entry;
      const char* why = now_ >= close - last_call                     ? "the session closes"
                        : !opens                                      ? nullptr
                        : stopping_                                   ? "the session is stopped"
                        : state() != TradingState::active             ? "trading is not active"
                        : !decided_.contains(id)                      ? "the process was restarted"
                        : gateway_.blocked.blocks(order.order.symbol) ? "the books differ"
                                                                      : nullptr;
      if (why != nullptr) withdraw(id, why);
    }
  }
  void withdraw(const std::string& id, std::string why) {
    asked_to_end_.insert(id);
    actions_.push_back(WithdrawOrder{id, std::move(why)});
  }

  void work_entries(Instant close) {
    using namespace std::chrono_literals;
    if (state() != TradingState::active) return pending_.clear();
    for (const auto& [id, order] : book_.orders()) {
      if (order.order.purpose != OrderPurpose::entry || ended(order.phase) || asked_to_end_.contains(id)) continue;
      if (frozen(order.order.symbol)) continue;
      const auto decided = decided_.find(id);
      if (decided == decided_.end()) continue;
      const auto price = price_of(order.order.symbol, order.order.legs);
      const double most = book_.trades().at(decided->second.trade).most_to_pay;
      const LadderStep step = entry_step(now_ - order.intended, price, most, ticks_for(order.order.legs.size()));
      if (step.action == LadderStep::Action::cancel) {
        withdraw(id, "the ladder has ended");
      } else if (step.action == LadderStep::Action::work) {
        reprice(order, step.limit, *price, &decided->second.record);
      }
    }
    std::erase_if(pending_, [&](const DecisionRecord& record) { return begin_entry(record, close); });
  }
  /// Excess liquidity with the order filled at the dearest price of its ladder, by the broker's own preview: waited
  /// for, asked again after ten seconds, unknown after three times. Nothing: not answered yet.
  [[nodiscard]] std::optional<double> previewed(ComboOrder order, const TradePlan& plan,
                                                const CombinationPrice& price) {
    using namespace std::chrono_literals;
    Preview& preview = previews_[order.id];
    if (preview.answer) return preview.answer->excess_liquidity_after;
    if (preview.tries > 0 && now_ - preview.asked < 10s) return std::nullopt;
    if (preview.tries == 3) {
      once(AlertLevel::p1, plan.name(), "the broker's margin preview did not come: no entry");
      return not_known;
    }
    ++preview.tries, preview.asked = now_;
    const LadderStep last = entry_step(2min, price, plan.most_to_pay, ticks_for(order.legs.size()));
    order.limit = std::max(order.limit, last.limit.dollars());
    actions_.push_back(AskPreview{std::move(order)});
    return std::nullopt;
  }
  /// True when the record is done with.
  bool begin_entry(const DecisionRecord& record, Instant close) {
    using namespace std::chrono_literals;
    const TradePlan plan = plan_of(record);
    if (now_ >= close - 5min) return say(AlertLevel::note, plan.name(), "no longer enough time to enter"), true;
    if (frozen(plan.symbol) || gateway_.blocked.blocks(plan.symbol)) return false;
    const auto price = price_of(plan.symbol, plan.spread.legs());
    const LadderStep step = entry_step({}, price, plan.most_to_pay, ticks_for(plan.spread.legs().size()));
    if (step.action != LadderStep::Action::work) return false;
    const ComboOrder order{.id = plan.entry_id(),
                           .symbol = plan.symbol,
                           .legs = plan.spread.legs(),
                           .quantity = plan.contracts,
                           .limit = step.limit.dollars(),
                           .purpose = OrderPurpose::entry};
    const auto excess = previewed(order, plan, *price);
    if (!excess) return false;
    if (now_ < close - 14min) return false;  // decided at 15:45, filled from 15:46 at quotes it was not decided on
    DecisionRecord opening = record;
    opening.candidate.what_if_excess_liquidity = *excess;
    auto judged = judge(order, plan.name(), 0, *price, &opening);
    if (!judged.sendable) return say(AlertLevel::note, order.id, refusal(judged)), true;
    decided_.emplace(order.id, Decided{plan.name(), std::move(opening)});
    book_.take(plan);
    book_.intend(order, now_);
    priced_[order.id] = now_;
    sent_.push_back(now_);
    actions_.push_back(SendOrder{*std::move(judged.sendable), plan});
    return true;
  }

  // ---- exits
  void work_exits(Instant open, Instant close) {
    const bool flatten = breakers_.kill.command == KillCommand::flatten;
    const ExitUrgency urgency = exit_urgency(now_, open, close);
    for (const auto& [name, trade] : book_.trades()) {
      const int held = book_.held(trade);
      const auto due = due_.find(name);
      if (held <= 0 || !(flatten || (due != due_.end() && due->second == today_))) continue;
      if (flatten ? now_ < open || now_ >= close - last_call : urgency == ExitUrgency::closed) continue;
      if (!flatten && urgency == ExitUrgency::critical)
        once(AlertLevel::p0, name, "its exit is not done half an hour before the close");
      else if (!flatten && urgency == ExitUrgency::degraded)
        once(AlertLevel::p1, name, "its exit is not done an hour before the close");
      if (gateway_.blocked.blocks(trade.symbol)) continue;
      if (!flatten && (state() == TradingState::halted || frozen(trade.symbol))) continue;  // the ladder waits
      work_exit(trade, held, flatten);
    }
  }
  void work_exit(const TradePlan& trade, int held, bool flatten) {
    const TraderOrder* working = book_.working_exit(trade.name());
    const std::vector<Leg> legs = reversed(trade.spread.legs());
    const TickLadder ticks = ticks_for(legs.size());
    const auto price = price_of(trade.symbol, legs);
    // A same-strike calendar has no intrinsic difference; a double calendar is two of them.
    const double floor = calendar_exit_floor(0.0) * static_cast<double>(legs.size()) / 2.0;
    LadderStep step = exit_step(working ? now_ - working->intended : std::chrono::microseconds{}, price, floor, ticks);
    if (step.action != LadderStep::Action::work) return;
    if (flatten) step.limit = towards_market(ticks, OrderSide::buy, Money::rounded(price->natural));
    // A collar holds for every order and blocks none that must trade: the ladder goes up to its edge and stays there.
    const Money allowed = within_collar(step.limit, *price, ticks, settings_->orders);
    if (allowed != step.limit)
      once(AlertLevel::p1, trade.name(), "its exit is worked no nearer to natural: the collar");
    step.limit = allowed;
    if (working) {
      if (!asked_to_end_.contains(working->order.id)) reprice(*working, step.limit, *price, nullptr);
      return;
    }
    // What the broker has just refused it refuses again: not once a second.
    const auto failed = exit_failed_.find(trade.name());
    if (failed != exit_failed_.end() && now_ - failed->second < after_failed_exit) return;
    const ComboOrder order{.id = book_.next_exit_id(trade.name()),
                           .symbol = trade.symbol,
                           .legs = legs,
                           .quantity = held,
                           .limit = step.limit.dollars(),
                           .purpose = OrderPurpose::exit};
    auto judged = judge(order, trade.name(), 0, *price, nullptr);
    if (!judged.sendable) return once(AlertLevel::p1, order.id, refusal(judged));
    book_.intend(order, now_);
    priced_[order.id] = now_;
    sent_.push_back(now_);
    actions_.push_back(SendOrder{*std::move(judged.sendable), std::nullopt});
  }

  // ---- the gate
  void reprice(const TraderOrder& working, Money limit, const CombinationPrice& price, const DecisionRecord* opening) {
    if (limit == Money::rounded(working.order.limit) || now_ - priced_[working.order.id] < between_prices) return;
    if (working.phase != OrderPhase::acknowledged && working.phase != OrderPhase::partially_filled) return;
    ComboOrder order = working.order;
    order.limit = limit.dollars();
    auto judged = judge(order, book_.trade_of(order.id), working.filled, price, opening);
    if (!judged.sendable) return once(AlertLevel::note, order.id, refusal(judged));
    priced_[order.id] = now_;
    sent_.push_back(now_);
    book_.reprice(order.id, order.limit);
    actions_.push_back(RepriceOrder{*std::move(judged.sendable)});
  }
  [[nodiscard]] OrderJudgement judge(const ComboOrder& order, const std::string& trade, int filled,
                                     const CombinationPrice& price, const DecisionRecord* opening) {
    std::erase_if(sent_, [&](Instant at) { return now_ - at >= std::chrono::minutes(1); });
    const OrderFacts facts{.limit = order.limit,
                           .model_value = price.mid,
                           .natural = price.natural,
                           .same_intent_alive = book_.others_alive(order.id, trade, order.purpose)};
    return judge_order(order, opening, "a calendar is entered by a decision only",
                       static_cast<double>(sent_.size()) + 1.0, facts, book_.with(order, trade, filled), state(),
                       *settings_);
  }
  [[nodiscard]] static std::string refusal(const OrderJudgement& judged) {
    return "refused (" + judged.decided_by + "): " + judged.reason;
  }

  // ---- words
  /// Whether the last mark was valid is not kept: it is taken again at once, and comes and goes with the quotes.
  void keep_breakers() {
    Breakers now = breakers_;
    now.daily_loss.marked = false;
    if (now == kept_breakers_) return;
    kept_breakers_ = now;
    actions_.push_back(KeepBreakers{std::string(std::string_view(to_text(now)))});
  }
  void halt(std::string why) {
    breakers_.kill = breakers_.kill.after(KillCommand::halt);
    actions_.push_back(LatchHalt{std::move(why)});
  }
  void say(AlertLevel level, std::string subject, std::string text) {
    actions_.push_back(Alert{level, std::move(subject), std::move(text)});
  }
  void once(AlertLevel level, const std::string& subject, const std::string& text) {
    if (alerted_.insert(subject + text).second) say(level, subject, text);
  }

  [[nodiscard]] Date session() const { return new_york_date(now_); }
  [[nodiscard]] std::int64_t day() const { return session().time_since_epoch().count(); }
  [[nodiscard]] std::int64_t micros() const { return now_.time_since_epoch().count(); }
  [[nodiscard]] int opened_today() const {
    return static_cast<int>(std::count_if(book_.trades().begin(), book_.trades().end(), [&](const auto& entry) {
      return entry.second.entered == session() && book_.most_held(entry.second) > 0;
    }));
  }

  struct Decided {
    std::string trade;
    DecisionRecord record;
  };
  struct Preview {
    int tries = 0;
    Instant asked{};
    std::optional<PreviewNews> answer{};
  };
  const StrategySettings* settings_;
  const TradingCalendar* calendar_;
  Instant now_{}, started_{}, kept_at_{}, vix_heard_{};
  Date today_{};
  GatewayNews gateway_{};
  TraderBook book_{};
  TradeCosts costs_{};
  LegQuotes quotes_{};
  std::map<std::string, MarketHalt> halts_{};
  std::map<Date, Money> values_{};
  std::optional<Money> base_{};
  Money value_{};
  Breakers breakers_{}, kept_breakers_{};
  bool exits_asked_ = false, entries_asked_ = false, stopping_ = false, well_ = true;
  std::vector<DecisionRecord> pending_{};
  std::map<std::string, Decided> decided_{};
  std::map<std::string, Preview> previews_{};  // of today, by order
  std::map<std::string, Date> due_{};
  std::map<std::string, Instant> priced_{}, exit_failed_{}, closed_at_{};
  std::set<std::string> asked_to_end_{}, alerted_{}, counted_{};
  std::vector<Instant> sent_{};
  std::vector<TraderAction> actions_{};
};

}  // namespace alaris::inline v0
