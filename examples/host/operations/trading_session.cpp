// SPDX-License-Identifier: Apache-2.0
#include "operations/trading_session.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include <alaris/backtest/event_evidence.hpp>
#include <alaris/execution/price_ladder.hpp>
#include <alaris/execution/session_exits.hpp>
#include <alaris/market/new_york.hpp>

#include "gateway/wire_terms.hpp"

namespace alaris::host {

using namespace std::chrono_literals;

TradingSession::TradingSession(Terms terms, const AnyMarket& history, gateway::OrderDesk& desk,
                               gateway::Session& session, Speaker speaker)
    : terms_(std::move(terms)),
      history_(&history),
      desk_(&desk),
      session_(&session),
      speaker_(std::move(speaker)),
      trader_(terms_.strategy, calendar_),
      watch_(session, terms_.symbols) {}

// ---- telling --------------------------------------------------------------------------------------------------------

/// Events are heard one at a time; what an action causes waits its turn.
void TradingSession::tell(Instant now, TraderEvent event) {
  heard_.push_back(std::move(event));
  if (std::exchange(telling_, true)) return;
  while (!heard_.empty()) {
    const TraderEvent next = std::move(heard_.front());
    heard_.pop_front();
    for (const TraderAction& action : trader_.on(now, next))
      std::visit([&](const auto& a) { perform(now, a); }, action);
  }
  telling_ = false;
}

void TradingSession::warn(AlertLevel level, const std::string& key, const std::string& what) {
  speaker_(level, key + ": " + what);
  if (alarm_ && level != AlertLevel::note) alarm_(level, key, what);
}

void TradingSession::recovered(Instant now) {
  std::optional<std::string> breakers;
  bool resumed = false;  // since they were kept
  for (const gateway::JournalFields& memory : desk_->memories()) {
    const std::span<const std::string> fields = std::span(memory).subspan(1);
    if (memory[0] == "plan")
      if (const auto plan = plan_in(fields, calendar_)) tell(now, PlanNews{*plan});
    if (memory[0] == "value" && fields.size() == 2)
      if (const auto date = parse_date(fields[0]))
        if (const auto value = Money::parse(fields[1])) tell(now, ValueNews{*date, *value});
    if (memory[0] == "middle" && fields.size() == 3)
      if (const auto at_middle = Money::parse(fields[2]))
        tell(now, MiddleNews{fields[0], alaris::detail::number_in<int>(fields[1]).value_or(0), *at_middle});
    if (memory[0] == "cost" && fields.size() == 3) tell(now, CostedNews{fields[0]});
    if (memory[0] == "breakers" && fields.size() == 1) breakers = fields[0], resumed = false;
    if (memory[0] == "resume") resumed = true;
  }
  if (breakers) tell(now, BreakersNews{*breakers, resumed});
  for (const auto& [reference, order] : desk_->orders()) {
    const ComboOrder& combo = order.machine.order();
    for (std::size_t i = 0; i < combo.legs.size(); ++i)
      watch_.learn(combo.symbol, combo.legs[i].contract, order.con_ids[i]);
  }
  tell_orders(now);
  if (desk_->command() != KillCommand::none) tell(now, CommandNews{desk_->command()});
}

void TradingSession::tell_orders(Instant now) {
  if (told_revision_ == desk_->revision() && told_ready_) return;
  told_revision_ = desk_->revision();
  bool changed = false;
  for (const auto& [reference, order] : desk_->orders()) {
    const OrderMachine& machine = order.machine;
    const auto is = std::tuple(machine.phase(), machine.filled_units(), machine.cash() - machine.fees());
    const auto known = told_.find(reference);
    if (known != told_.end() && known->second == is) continue;
    if (known == told_.end() || std::get<0>(known->second) != std::get<0>(is) ||
        std::get<1>(known->second) != std::get<1>(is))
      speaker_(AlertLevel::note, fmt::format("order {}: {} {}/{}", reference, name(machine.phase()),
                                             machine.filled_units(), machine.order().quantity));
    told_[reference] = is;
    changed = true;
    ComboOrder as_sent = machine.order();
    as_sent.limit = order.limit.dollars();
    tell(now, OrderNews{.order = std::move(as_sent),
                        .phase = machine.phase(),
                        .filled = machine.filled_units(),
                        .cash = machine.cash(),
                        .intended = order.intended_at,
                        .failed = machine.failed(),
                        .unbalanced_since = machine.unbalanced_since(),
                        .fees = machine.fees(),
                        .fees_known = machine.commissions_missing() == 0});
  }
  if (!changed && told_ready_) return;
  const OurBooks books = desk_->books();
  tell(now, BooksNews{books.options, books.cash});
}

void TradingSession::tell_gateway(Instant now) {
  const bool clocks_agree = clock_gap_ && std::chrono::abs(*clock_gap_) <= terms_.clock_tolerance;
  const bool ready = compared_at_ && clocks_agree && session_->may_trade(now);
  if (told_ready_ == ready) return;
  told_ready_ = ready;
  Blocked blocked = blocked_by(differences_);
  tell(now, GatewayNews{.may_trade = ready, .blocked = std::move(blocked)});
}

// ---- hearing --------------------------------------------------------------------------------------------------------

void TradingSession::hear(Instant now, const gateway::SessionEvent& event) {
  if (hear_preview(now, event)) return;
  desk_->hear(now, event);
  watch_.hear(now, event);
  if (const auto* synced = std::get_if<gateway::Synced>(&event)) compare(now, synced->state);
  if (const auto* received = std::get_if<gateway::MessageReceived>(&event))
    if (const auto* theirs = std::get_if<gateway::CurrentTime>(&received->message)) compare_clocks(now, *theirs);
  tell_orders(now);
  tell_gateway(now);
}

void TradingSession::compare(Instant now, const gateway::BrokerState& state) {
  const BrokerBooks theirs = gateway::books_of(state, terms_.account);
  if (theirs.cash && !desk_->adopt_cash(*theirs.cash)) return;  // the loop ends on a failed journal
  differences_ = reconcile(desk_->books(), theirs, {}, Money::from_dollars(1));
  compared_at_ = now;
  told_ready_.reset();
  shares_ = theirs.shares.value_or(std::map<std::string, std::int64_t>{});
  std::erase_if(shares_, [](const auto& entry) { return entry.second == 0; });
  speaker_(differences_.empty() ? AlertLevel::note : AlertLevel::p0,
           differences_.empty() ? "reconciled: our books are the broker's"
                                : fmt::format("{} differences to the broker's books", differences_.size()));
  for (const Difference& d : differences_)
    speaker_(AlertLevel::note,
             fmt::format("  {} {} ours {} theirs {} {}", name(d.kind), d.symbol, d.ours, d.theirs, d.id));
  const OurBooks books = desk_->books();
  tell(now, BooksNews{books.options, books.cash});
}

/// A decision at 15:45 is one only if both sides mean the same by it.
void TradingSession::compare_clocks(Instant now, const gateway::CurrentTime& theirs) {
  const Instant at{std::chrono::seconds(theirs.seconds)};
  // The gateway says whole seconds: half of one is nobody's fault.
  clock_gap_ = now - at - 500ms;
  if (std::chrono::abs(*clock_gap_) > terms_.clock_tolerance)
    warn(AlertLevel::p1, "clock",
         fmt::format("differs from the gateway's by {:.1f} s: nothing is sent",
                     static_cast<double>(clock_gap_->count()) / 1e6));
  else if (alarm_)
    alarm_(AlertLevel::note, "clock", "");
}

void TradingSession::tick(Instant now) {
  watch_.tick(now);
  for (const auto& [symbol, halted] : watch_.take_halts()) {
    speaker_(AlertLevel::note, symbol + (halted ? ": halted" : ": trades again"));
    tell(now, HaltNews{symbol, halted});
  }
  for (const std::string& symbol : watch_.take_quoted()) {
    heard_quote_ = now;
    tell(now, StockQuoted{symbol});
  }
  if (now - quoted_ >= 1s) {
    quoted_ = now;
    if (const auto index = watch_.volatility_index(now)) tell(now, VixNews{*index});
    for (const auto& [symbol, legs] : trader_.legs_to_watch())
      tell(now, QuotesNews{symbol, watch_.legs(symbol, new_york_date(now))});
  }
  if (gathering_)
    if (auto seen = watch_.gathered()) {
      gathering_ = false;
      decide_entries(now, *std::move(seen));
    }
  tell_gateway(now);
  if (now - rang_ < 1s) return;
  rang_ = now;
  ring(now);
  watch_.follow(trader_.legs_to_watch());
}

// ---- doing ----------------------------------------------------------------------------------------------------------

/// Past announcements known before a session.
const EventHistory& TradingSession::evidence(Date session) {
  if (!evidence_ || evidence_until_ != session) {
    evidence_ =
        past_event_evidence(*history_, terms_.symbols, calendar_.previous_session(session), terms_.strategy, calendar_);
    evidence_until_ = session;
  }
  return *evidence_;
}

/// Announcements, dividends and bars arrive while the process runs.
void TradingSession::refresh_market() {
  if (!refresh_) return;
  auto fresh = refresh_();
  if (!fresh) return;
  refreshed_ = std::move(fresh);
  history_ = refreshed_.get();
  evidence_.reset();
  speaker_(AlertLevel::note, "the stored market has changed and was read again");
}

/// By the closes of the index before a session.
VixStress TradingSession::stress_at_close(const LiveMarket<AnyMarket>& market, Date session) const {
  const Instant close = calendar_.close(calendar_.previous_session(session));
  return volatility_stress(MarketView(market, calendar_, close), terms_.strategy.vix);
}

void TradingSession::perform(Instant now, const AskEntries& action) {
  refresh_market();
  const LiveMarket market(*history_, now, {});
  const MarketView view(market, calendar_, now);
  auto names = names_to_enter(view, terms_.symbols, action.session, terms_.strategy);
  speaker_(AlertLevel::note, names.empty() ? "nothing reports in time to be entered today"
                                           : fmt::format("taking the chains of {}", fmt::join(names, ", ")));
  gathering_ = !names.empty();
  if (names.empty()) return tell(now, EntriesDecided{});
  watch_.gather(now, std::move(names));
}

void TradingSession::decide_entries(Instant now, std::vector<LiveSymbol> seen) {
  for (const LiveSymbol& s : seen)
    speaker_(AlertLevel::note, s.chain ? fmt::format("{}: {} options quoted, stock at {:.2f}", s.symbol,
                                                     s.chain->quotes().size(), s.chain->spot())
                                       : s.symbol + ": no chain could be taken");
  const Date session = new_york_date(now);
  const LiveMarket market(*history_, now, std::move(seen));
  // Today's quotes stand for its close; the index of volatility is today's where it is heard, else the last close's.
  const MarketView view(market, calendar_, calendar_.close(session));
  const VixStress vix = trader_.stress_in_force(stress_at_close(market, session));
  auto records = decide_session(view, terms_.symbols, session, terms_.strategy, entry_rules(terms_.strategy),
                                trader_.portfolio(), evidence(session), vix, trader_.past_trades());
  decisions_ = records;
  tell(now, EntriesDecided{std::move(records), vix});
}

void TradingSession::perform(Instant now, const AskExits& action) {
  refresh_market();
  (void)evidence(action.session);  // in the quiet of the morning
  const LiveMarket market(*history_, now, {});
  const MarketView view(market, calendar_, now);
  tell(now, ExitsDecided{session_exits(view, trader_.book(), action.session, terms_.strategy),
                         stress_at_close(market, action.session)});
}

std::vector<int> TradingSession::con_ids(const ComboOrder& order) const {
  std::vector<int> ids;
  for (const Leg& leg : order.legs) ids.push_back(watch_.con_id(order.symbol, leg.contract));
  return ids;
}

/// Also in a dry run: a preview places nothing, and without one nothing is decided.
void TradingSession::perform(Instant now, const AskPreview& action) {
  const std::vector<int> ids = con_ids(action.order);
  const bool known = std::find(ids.begin(), ids.end(), 0) == ids.end();
  const int order_id = session_->next_order_id();
  const auto place = gateway::OrderDesk::preview(action.order, order_id, ids, terms_.account);
  if (!known || !place || !session_->place(now, *place)) return tell(now, PreviewNews{action.order.id});
  previews_[order_id] = action.order.id;
}

bool TradingSession::hear_preview(Instant now, const gateway::SessionEvent& event) {
  const auto answer = [&](int order_id, double excess) {
    const auto asked = previews_.find(order_id);
    if (asked == previews_.end()) return false;
    const std::string order = asked->second;
    previews_.erase(asked);
    tell(now, PreviewNews{order, excess});
    return true;
  };
  if (const auto* problem = std::get_if<gateway::OrderProblem>(&event)) {
    const bool alive =
        problem->action == gateway::ErrorAction::order_lives || problem->action == gateway::ErrorAction::ignore;
    return !alive && answer(problem->order_id, not_known);
  }
  if (const auto* unsent = std::get_if<gateway::OrderNotSent>(&event)) return answer(unsent->order_id, not_known);
  const auto* received = std::get_if<gateway::MessageReceived>(&event);
  const auto* echo = received == nullptr ? nullptr : std::get_if<gateway::OpenOrder>(&received->message);
  if (echo == nullptr || !echo->order.what_if) return false;
  // An earlier echo may carry a warning and no figure: the first with a real number is the answer.
  const auto &margin = echo->state.margin_after, &change = echo->state.margin_change;
  if (!change[0] || !margin[1] || !margin[2]) return true;
  return answer(echo->order.order_id, *margin[2] - *margin[1]);
}

void TradingSession::perform(Instant now, const SendOrder& action) {
  const ComboOrder& order = action.order.order();
  const std::string text = fmt::format("{} {} {} at {:.2f}", order.id, order.quantity, order.symbol, order.limit);
  if (terms_.dry_run) {
    speaker_(AlertLevel::note, "dry run, not sent: " + text);
    return tell(now, OrderNews{.order = order, .phase = OrderPhase::cancelled, .intended = now});
  }
  std::vector<int> ids = con_ids(order);
  const bool known = std::find(ids.begin(), ids.end(), 0) == ids.end();
  remember_arrival(now, order);
  const bool planned = !action.plan || desk_->remember("plan", fields_of(*action.plan));
  const auto place = known && planned
                         ? desk_->intend(now, action.order, session_->next_order_id(), std::move(ids), terms_.account)
                         : expected<gateway::PlaceOrder, gateway::DeskError>(unexpected(gateway::DeskError::bad_order));
  if (!place) {
    warn(AlertLevel::p1, order.id, std::string(name(place.error())));
    return tell(now, OrderNews{.order = order, .phase = OrderPhase::cancelled, .intended = now});
  }
  speaker_(AlertLevel::note, "send " + text);
  if (!session_->place(now, *place)) desk_->not_sent(place->order.order_id);
  tell_orders(now);
}

/// The market that an order meets, for what it cost against it; durable with the order's intent.
void TradingSession::remember_arrival(Instant now, const ComboOrder& order) {
  const auto price = price_combination(order.legs, *watch_.legs(order.symbol, new_york_date(now)));
  if (price)
    (void)desk_->remember("arrival", {order.id, fmt::format("{}", price->mid), fmt::format("{}", price->natural)});
}

void TradingSession::perform(Instant now, const RepriceOrder& action) {
  const ComboOrder& order = action.order.order();
  const auto place = desk_->reprice(action.order, terms_.account);
  if (!place) return speaker_(AlertLevel::note, order.id + ": " + std::string(name(place.error())));
  speaker_(AlertLevel::note, fmt::format("move {} to {:.2f}", order.id, order.limit));
  (void)session_->place(now, *place);
}

void TradingSession::perform(Instant now, const WithdrawOrder& action) {
  const gateway::DeskOrder* order = desk_->find(action.id);
  if (order == nullptr || !session_->cancel(now, order->order_id)) return;
  desk_->cancel_requested(action.id);
  speaker_(AlertLevel::note, fmt::format("cancel {}: {}", action.id, action.why));
}

/// The journal is kept for years: of a session's values it holds the last, and before that each that differs from the
/// one before by a thousandth, which is all a restart could be wrong by.
void TradingSession::perform(Instant now, const KeepValue& action) {
  using std::chrono::minutes;
  const bool same_session = kept_value_ && kept_value_->first == action.session;
  const double moved = same_session ? std::abs((action.value - kept_value_->second).dollars()) : 0.0;
  const bool closes = now + minutes(1) >= calendar_.close(action.session);
  if (same_session && !closes && moved < 1e-3 * std::abs(kept_value_->second.dollars())) return;
  kept_value_ = {action.session, action.value};
  (void)desk_->remember("value", {to_string(action.session), to_string(action.value)});
}

void TradingSession::perform(Instant, const KeepBreakers& action) {
  (void)desk_->remember("breakers", {action.text});
}

void TradingSession::perform(Instant, const KeepMiddle& action) {
  const MiddleNews& middle = action.middle;
  (void)desk_->remember("middle", {middle.order_id, std::to_string(middle.filled), to_string(middle.at_middle)});
}

void TradingSession::perform(Instant, const KeepCost& action) {
  const auto text = [](const std::optional<Money>& money) { return money ? to_string(*money) : "unknown"; };
  (void)desk_->remember("cost", {action.trade, text(action.cost), text(action.budget)});
}

void TradingSession::perform(Instant, const Alert& action) {
  warn(action.level, action.subject, action.text);
}

void TradingSession::perform(Instant, const LatchHalt& action) {
  warn(AlertLevel::p0, "halted", action.why);
  if (!terms_.dry_run && desk_->command() < KillCommand::halt) (void)desk_->halt(action.why);
}

}  // namespace alaris::host
