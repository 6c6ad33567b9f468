// SPDX-License-Identifier: Apache-2.0
// The trading session's fold, fed by hand with a simulated market's decision and quotes.
#include <alaris/backtest/event_evidence.hpp>
#include <alaris/execution/session_exits.hpp>
#include <alaris/execution/trader.hpp>
#include <alaris/market/live_market.hpp>
#include <alaris/simulation/market.hpp>

#include "support/catch.hpp"

using namespace alaris;
using namespace std::chrono_literals;

namespace {

/// A name that reports after the close of 2023-07-20, and every decision about it.
struct Event {
  Event() : market(parameters(), {"AAPL"}), session(make_date(2023, 7, 20)) {
    const Instant now = calendar.close(session) - 15min;
    const LiveMarket live(market, now, {LiveSymbol{"AAPL", market.chain("AAPL", session), {}}});
    const MarketView view(live, calendar, calendar.close(session));
    const std::vector<std::string> names{"AAPL"};
    const EventHistory history =
        past_event_evidence(market, names, calendar.previous_session(session), settings, calendar);
    const VixStress vix =
        volatility_stress(MarketView(live, calendar, calendar.close(calendar.previous_session(session))), settings.vix);
    records = decide_session(view, names, session, settings, entry_rules(settings), Portfolio{.nav = 1e5, .cash = 1e5},
                             history, vix, 0);
  }
  static SimulationParameters parameters() {
    SimulationParameters p;
    p.seed = 3, p.event_premium = 2.0;
    return p;
  }
  /// The chain of a session, made once: a day asks for it every second.
  [[nodiscard]] std::shared_ptr<const OptionChain> chain(Date date) const {
    auto& made = chains[date];
    if (!made) made = market.chain("AAPL", date);
    return made;
  }
  SimulatedMarket market;
  mutable std::map<Date, std::shared_ptr<const OptionChain>> chains{};
  TradingCalendar calendar = TradingCalendar::nyse();
  StrategySettings settings{};
  Date session;
  std::vector<DecisionRecord> records{};
};
const Event& the_event() {
  static const Event event;
  return event;
}

/// A trader in a quiet world: orders are acknowledged at once and fill when the test says so.
class Day {
 public:
  explicit Day(const Event& e) : event(&e), trader(e.settings, e.calendar), now(e.calendar.close(e.session) - 25min) {
    tell(GatewayNews{.may_trade = true});
    tell(BooksNews{.options = {}, .cash = Money::from_dollars(100'000)});
  }
  void tell(const TraderEvent& heard) {
    for (const TraderAction& action : trader.on(now, heard)) {
      actions.push_back(action);
      if (const auto* send = std::get_if<SendOrder>(&action)) acknowledge(send->order.order());
      if (const auto* move = std::get_if<RepriceOrder>(&action)) order = move->order.order();
      if (const auto* ask = std::get_if<AskPreview>(&action); ask && previews)
        tell(PreviewNews{ask->order.id, excess_liquidity});
      if (std::holds_alternative<AskEntries>(action)) asked_entries = true;
      if (std::holds_alternative<AskExits>(action)) asked_exits = true;
    }
  }
  /// One second at a time, quotes and all.
  void runs_to(Instant end) {
    const Date today = new_york_date(end);
    for (; now < end; now += 1s) {
      if (quoted) {
        tell(StockQuoted{"AAPL"});
        tell(QuotesNews{"AAPL", wide ? wide : event->chain(today)});
      }
      tell(TimerRang{});
      if (std::exchange(asked_entries, false)) tell(EntriesDecided{event->records, {}});
      if (std::exchange(asked_exits, false)) {
        const LiveMarket live(event->market, now, {});
        tell(
            ExitsDecided{session_exits(MarketView(live, event->calendar, now), trader.book(), today, event->settings)});
      }
    }
  }
  void acknowledge(const ComboOrder& sent) {
    order = sent, intended = now;
    if (answers) reports(OrderPhase::acknowledged, 0);
  }
  void reports(OrderPhase phase, int filled, bool failed = false) {
    tell(OrderNews{.order = order, .phase = phase, .filled = filled, .intended = intended, .failed = failed});
  }
  /// Every leg at once, at the limit.
  void fills(Money fees = {}) {
    BooksNews books{.options = trader.book().options(), .cash = trader.book().cash()};
    for (const Leg& leg : order.legs) books.options[{"AAPL", leg.contract}] += leg.ratio * order.quantity;
    std::erase_if(books.options, [](const auto& entry) { return entry.second == 0; });
    const Money paid = Money::rounded(order.limit * 100.0) * order.quantity;
    books.cash -= paid + fees;
    tell(books);
    tell(OrderNews{.order = order,
                   .phase = OrderPhase::filled,
                   .filled = order.quantity,
                   .cash = -paid,
                   .intended = intended,
                   .fees = fees,
                   .fees_known = fees_known});
  }
  /// From now on the whole spread has its middle at `mid` and costs `crossing` more to trade at once. Dollars per
  /// share.
  void is_quoted(double mid, double crossing) {
    std::vector<OptionQuote> quotes;
    const double calendars = static_cast<double>(order.legs.size()) / 2.0, half = 0.5 * crossing / calendars;
    Date front = order.legs.front().contract.expiry;
    for (const Leg& leg : order.legs) front = std::min(front, leg.contract.expiry);
    for (const Leg& leg : order.legs) {
      const double middle = 1.0 + half + (leg.contract.expiry == front ? 0.0 : mid / calendars);
      OptionQuote& quote = quotes.emplace_back();
      quote.contract = leg.contract, quote.bid = middle - half, quote.ask = middle + half;
    }
    wide = std::make_shared<const OptionChain>(event->session, 100.0, std::move(quotes));
  }
  [[nodiscard]] int alerts(AlertLevel level, std::string_view text) const {
    int found = 0;
    for (const Alert& alert : did<Alert>()) found += alert.level == level && alert.text.find(text) != std::string::npos;
    return found;
  }
  template <class A>
  [[nodiscard]] std::vector<A> did() const {
    std::vector<A> found;
    for (const TraderAction& action : actions)
      if (const A* a = std::get_if<A>(&action)) found.push_back(*a);
    return found;
  }
  [[nodiscard]] Instant close() const { return event->calendar.close(event->session); }
  [[nodiscard]] Instant next_open() const { return event->calendar.open(event->calendar.next_session(event->session)); }

  const Event* event;
  Trader trader;
  Instant now;
  std::vector<TraderAction> actions{};
  ComboOrder order{};
  Instant intended{};
  std::shared_ptr<const OptionChain> wide{};
  double excess_liquidity = 50'000.0;
  bool previews = true, answers = true, fees_known = true, quoted = true, asked_entries = false, asked_exits = false;
};

}  // namespace

TEST_CASE("an entry asks a quarter beyond mid for two minutes then natural for one and is withdrawn", "[execution]") {
  REQUIRE(the_event().records.size() == 1);
  REQUIRE(the_event().records[0].action == DecisionAction::enter);
  Day day(the_event());
  day.runs_to(day.close() - 15min);
  CHECK(day.did<AskEntries>().empty());
  day.runs_to(day.close() - 14min);
  CHECK(day.did<AskEntries>().size() == 1);
  CHECK(day.did<SendOrder>().empty());  // decided at 15:45, sent from 15:46
  day.runs_to(day.close() - 14min + 1s);
  REQUIRE(day.did<SendOrder>().size() == 1);
  const ComboOrder first = day.did<SendOrder>()[0].order.order();
  const auto price = price_combination(first.legs, *the_event().market.chain("AAPL", the_event().session));
  CHECK(first.limit <= price->mid + 0.25 * price->crossing() + 1e-9);
  CHECK(first.limit > price->mid + 0.25 * price->crossing() - 0.01);
  day.runs_to(day.intended + 2min + 2s);
  REQUIRE(day.did<RepriceOrder>().size() == 1);
  CHECK_THAT(day.order.limit, Catch::Matchers::WithinAbs(price->natural, 1e-9));
  CHECK(day.did<WithdrawOrder>().empty());
  day.runs_to(day.intended + 3min + 2s);
  REQUIRE(day.did<WithdrawOrder>().size() == 1);
  CHECK(day.did<WithdrawOrder>()[0].id == first.id);
}

TEST_CASE("nothing is opened before the broker has previewed its margin", "[execution][margin]") {
  Day day(the_event());
  const auto refused_by = [&](std::string_view rule) { return day.alerts(AlertLevel::note, rule); };
  SECTION("one that leaves enough lets the order go") {
    day.runs_to(day.close() - 14min + 1s);
    REQUIRE(day.did<AskPreview>().size() == 1);
    REQUIRE(day.did<SendOrder>().size() == 1);
    const ComboOrder asked = day.did<AskPreview>()[0].order, sent = day.did<SendOrder>()[0].order.order();
    CHECK(asked.legs == sent.legs);
    CHECK(asked.quantity == sent.quantity);
    const auto price = price_combination(sent.legs, *the_event().market.chain("AAPL", the_event().session));
    CHECK_THAT(asked.limit, Catch::Matchers::WithinAbs(price->natural, 1e-9));  // the dearest it will ask
  }
  SECTION("one that leaves less than nothing refuses it") {
    day.excess_liquidity = -0.01;
    day.runs_to(day.close() - 10min);
    CHECK(day.did<SendOrder>().empty());
    CHECK(refused_by("limit.what_if_margin") == 1);
  }
  SECTION("one without a figure refuses it") {
    day.excess_liquidity = not_known;
    day.runs_to(day.close() - 10min);
    CHECK(day.did<SendOrder>().empty());
    CHECK(refused_by("limit.what_if_margin") == 1);
  }
  SECTION("one that does not come, asked for three times in thirty seconds, refuses it") {
    day.previews = false;
    day.runs_to(day.close() - 15min + 9s);
    REQUIRE(day.did<AskPreview>().size() == 1);
    day.runs_to(day.close() - 15min + 29s);
    CHECK(day.did<AskPreview>().size() == 3);
    CHECK(refused_by("limit.what_if_margin") == 0);
    day.runs_to(day.close() - 14min + 1s);
    CHECK(day.did<SendOrder>().empty());
    CHECK(day.did<AskPreview>().size() == 3);
    CHECK(refused_by("limit.what_if_margin") == 1);
    CHECK(day.alerts(AlertLevel::p1, "preview did not come") == 1);
    day.tell(PreviewNews{day.did<AskPreview>()[0].order.id, 1e6});  // too late
    day.runs_to(day.close() - 13min);
    CHECK(day.did<SendOrder>().empty());
  }
}

TEST_CASE("a calendar is held over its event and sold the next morning between mid and natural", "[execution]") {
  Day day(the_event());
  day.runs_to(day.close() - 14min + 1s);
  REQUIRE(day.did<SendOrder>().size() == 1);
  const int spreads = day.order.quantity;
  day.fills();
  CHECK(day.trader.portfolio().spreads.size() == 1);
  day.runs_to(day.close());
  day.now = day.next_open() - 5min;
  day.runs_to(day.next_open() + 15min - 1s);
  REQUIRE(day.did<AskExits>().size() == 2);  // once a session
  CHECK(day.did<SendOrder>().size() == 1);   // not before 09:45
  day.runs_to(day.next_open() + 15min + 2s);
  REQUIRE(day.did<SendOrder>().size() == 2);
  const ComboOrder exit = day.did<SendOrder>()[1].order.order();
  CHECK(exit.purpose == OrderPurpose::exit);
  CHECK(exit.quantity == spreads);
  CHECK(day.did<SendOrder>()[1].order.reduces_risk());
  day.runs_to(day.next_open() + 24min);
  CHECK(day.order.limit > exit.limit);  // it asks for less
  day.fills();
  CHECK(day.trader.past_trades() == 1);
  CHECK(day.trader.portfolio().spreads.empty());
  day.runs_to(day.next_open() + 30min);
  CHECK(day.did<SendOrder>().size() == 2);
}

TEST_CASE("a halt withdraws the entry and lets nothing open", "[execution]") {
  Day day(the_event());
  SECTION("a person's word, while the order works") {
    day.runs_to(day.close() - 14min + 1s);
    REQUIRE(day.did<SendOrder>().size() == 1);
    day.tell(CommandNews{KillCommand::halt});
    day.runs_to(day.now + 2s);
    CHECK(day.did<WithdrawOrder>().size() == 1);
  }
  SECTION("a person's word, before the decision") {
    day.tell(CommandNews{KillCommand::halt});
    day.runs_to(day.close() - 5min);
    CHECK(day.did<AskEntries>().empty());
  }
  SECTION("books that differ from the broker's") {
    day.tell(GatewayNews{.may_trade = true, .blocked = {.everything = false, .symbols = {"AAPL"}}});
    day.runs_to(day.close() - 5min);
    CHECK(day.did<SendOrder>().empty());
  }
  SECTION("no quotes of the stock") {
    day.quoted = false;
    day.runs_to(day.close() - 5min);
    CHECK(day.did<SendOrder>().empty());
  }
}

TEST_CASE("a host that is not well withdraws the entry, opens nothing and still sells what is due", "[execution]") {
  Day day(the_event());
  day.tell(HealthNews{false, "too much memory is used"});
  day.runs_to(day.close() - 10min);
  CHECK(day.did<AskEntries>().empty());
  CHECK(day.trader.state() == TradingState::reduce_only);
  day.tell(HealthNews{true, ""});
  day.runs_to(day.close() - 9min);
  REQUIRE(day.did<SendOrder>().size() == 1);  // late is not too late
  day.tell(HealthNews{false, "too much memory is used"});
  day.runs_to(day.now + 3s);
  CHECK(day.did<WithdrawOrder>().size() == 1);

  Day held(the_event());
  held.runs_to(held.close() - 14min + 1s);
  held.fills();
  held.tell(HealthNews{false, "too much memory is used"});
  held.runs_to(held.close() + 1min);
  held.now = held.next_open();
  held.runs_to(held.next_open() + 20min);
  REQUIRE(held.did<SendOrder>().size() == 2);
  CHECK(held.did<SendOrder>()[1].order.order().purpose == OrderPurpose::exit);
}

TEST_CASE("an entry found at the start without its decision is withdrawn", "[execution]") {
  Day day(the_event());
  const TradePlan plan = plan_of(the_event().records[0]);
  day.now = day.close() - 10min;
  day.order = {.id = plan.entry_id(), .symbol = "AAPL", .legs = plan.spread.legs(), .quantity = 1, .limit = 0.5};
  day.tell(PlanNews{plan});
  day.reports(OrderPhase::acknowledged, 0);
  day.runs_to(day.now + 2s);
  REQUIRE(day.did<WithdrawOrder>().size() == 1);
  day.runs_to(day.close() - 5min);
  CHECK(day.did<SendOrder>().empty());  // one announcement is entered once
}

TEST_CASE("flatten sells at the natural price at once and waits for the market", "[execution]") {
  Day day(the_event());
  day.runs_to(day.close() - 14min + 1s);
  REQUIRE(day.did<SendOrder>().size() == 1);
  day.fills();
  day.runs_to(day.close());
  day.now = day.close() + 1min;
  day.tell(CommandNews{KillCommand::flatten});
  day.runs_to(day.close() + 2min);
  CHECK(day.did<SendOrder>().size() == 1);  // closed: queued
  day.now = day.next_open();
  day.runs_to(day.next_open() + 2s);
  REQUIRE(day.did<SendOrder>().size() == 2);
  const ComboOrder exit = day.did<SendOrder>()[1].order.order();
  const auto price = price_combination(exit.legs, *the_event().market.chain("AAPL", new_york_date(day.now)));
  CHECK_THAT(exit.limit, Catch::Matchers::WithinAbs(price->natural, 1e-9));
}

TEST_CASE("an exit whose natural price lies beyond the collar is worked at the collar", "[execution]") {
  Day day(the_event());
  day.runs_to(day.close() - 14min + 1s);
  REQUIRE(day.did<SendOrder>().size() == 1);
  day.fills();
  day.is_quoted(0.60, 0.30);  // a quarter of 0.60 is 0.15: nothing is sold below 0.45
  day.runs_to(day.close());
  day.now = day.next_open();
  SECTION("at once when told to flatten") {
    day.tell(CommandNews{KillCommand::flatten});
    day.runs_to(day.next_open() + 10s);
    REQUIRE(day.did<SendOrder>().size() == 2);
    CHECK_THAT(day.order.limit, Catch::Matchers::WithinAbs(-0.45, 1e-9));
    CHECK(day.did<SendOrder>()[1].order.reduces_risk());
    day.runs_to(day.next_open() + 2min);
  }
  SECTION("at the end of its ladder") {
    day.runs_to(day.next_open() + 15min + 2s);
    REQUIRE(day.did<SendOrder>().size() == 2);
    CHECK_THAT(day.order.limit, Catch::Matchers::WithinAbs(-0.60, 1e-9));
    day.runs_to(day.next_open() + 19min + 5s);  // half of the crossing
    CHECK_THAT(day.order.limit, Catch::Matchers::WithinAbs(-0.45, 1e-9));
    CHECK(day.alerts(AlertLevel::p1, "the collar") == 0);
    day.runs_to(day.next_open() + 30min);
    CHECK_THAT(day.order.limit, Catch::Matchers::WithinAbs(-0.45, 1e-9));
    day.is_quoted(0.50, 0.30);  // the market moves: 0.50 less 0.125, on a tick
    day.runs_to(day.next_open() + 31min);
    CHECK_THAT(day.order.limit, Catch::Matchers::WithinAbs(-0.38, 1e-9));
  }
  CHECK(day.alerts(AlertLevel::p1, "the collar") == 1);
}

TEST_CASE("an entry that works holds back the cash it may take", "[execution]") {
  Day day(the_event());
  day.runs_to(day.close() - 14min + 1s);
  REQUIRE(day.did<SendOrder>().size() == 1);
  const TradePlan plan = *day.did<SendOrder>()[0].plan;
  REQUIRE(plan.contracts > 0);
  const Portfolio working = day.trader.portfolio();
  REQUIRE(working.spreads.size() == 1);
  CHECK_THAT(working.cash, Catch::Matchers::WithinAbs(100'000 - plan.contracts * plan.capital_at_risk, 1e-3));
  day.reports(OrderPhase::cancelled, 0);
  CHECK(day.trader.portfolio().cash == 100'000);
  CHECK(day.trader.portfolio().spreads.empty());
}

namespace {
/// The failures counted and the alarms of a kind after the test's event.
int failures(const Day& day) {
  return day.trader.breakers().failures.count;
}
}  // namespace

TEST_CASE("what counts as a failure of execution is what nobody asked for", "[execution][breakers]") {
  Day day(the_event());
  day.answers = false;  // the broker says nothing by itself
  day.runs_to(day.close() - 14min + 1s);
  REQUIRE(day.did<SendOrder>().size() == 1);
  SECTION("an acknowledgement in nine seconds is none") {
    day.now = day.intended + 9s;
    day.reports(OrderPhase::acknowledged, 0);
    day.runs_to(day.intended + 20s);
    CHECK(failures(day) == 0);
  }
  SECTION("silence for ten seconds is one, once") {
    day.reports(OrderPhase::submitted, 0);
    day.runs_to(day.intended + 9s);
    CHECK(failures(day) == 0);
    day.runs_to(day.intended + 20s);
    CHECK(failures(day) == 1);
    CHECK(day.alerts(AlertLevel::p1, "not acknowledged") == 1);
  }
  SECTION("a rejection is one") {
    day.reports(OrderPhase::rejected, 0, true);
    day.reports(OrderPhase::rejected, 0, true);
    CHECK(failures(day) == 1);
  }
  SECTION("a rejection while the name is halted is none") {
    day.tell(HaltNews{"AAPL", true});
    day.reports(OrderPhase::rejected, 0, true);
    CHECK(failures(day) == 0);
    CHECK(day.alerts(AlertLevel::p1, "rejected") == 0);
  }
  SECTION("a cancel that nobody asked for is one") {
    day.reports(OrderPhase::acknowledged, 0);
    day.reports(OrderPhase::cancelled, 0, true);
    CHECK(failures(day) == 1);
  }
  SECTION("the end of the order's day is none") {
    day.reports(OrderPhase::acknowledged, 0);
    day.now = day.close();
    day.reports(OrderPhase::cancelled, 0, true);
    CHECK(failures(day) == 0);
  }
  SECTION("one leg alone for half a minute is one, and capital at risk") {
    const Instant since = day.now;
    day.tell(OrderNews{.order = day.order,
                       .phase = OrderPhase::partially_filled,
                       .intended = day.intended,
                       .unbalanced_since = since});
    day.runs_to(since + 30s);
    CHECK(failures(day) == 0);
    day.runs_to(since + 40s);
    CHECK(failures(day) == 1);
    CHECK(day.alerts(AlertLevel::p0, "one leg") == 1);
  }
  SECTION("what was over before the start is none") {
    Day later(the_event());
    later.order = day.order, later.intended = day.intended;
    later.reports(OrderPhase::rejected, 0, true);
    later.runs_to(later.now + 2s);
    CHECK(failures(later) == 0);
  }
}

TEST_CASE("an exit that still works is withdrawn a minute before the close and asked for again the next day",
          "[execution]") {
  Day day(the_event());
  day.runs_to(day.close() - 14min + 1s);
  day.fills();
  day.runs_to(day.close());
  const Date exit_day = new_york_date(day.next_open());
  const Instant exit_close = day.event->calendar.close(exit_day);
  day.now = day.next_open() + 9min;  // the market has settled by 09:45
  day.runs_to(day.next_open() + 16min);
  REQUIRE(day.did<SendOrder>().size() == 2);
  const std::string id = day.order.id;
  day.now = exit_close - 2min;
  day.runs_to(exit_close - 1min);
  CHECK(day.did<WithdrawOrder>().empty());
  SECTION("by its ladder") {}
  SECTION("and while everything is flattened") {
    day.tell(CommandNews{KillCommand::flatten});
  }
  day.runs_to(exit_close - 55s);
  REQUIRE(day.did<WithdrawOrder>().size() == 1);
  CHECK(day.did<WithdrawOrder>()[0].id == id);
  day.reports(OrderPhase::cancelled, 0);
  day.runs_to(exit_close + 1min);
  CHECK(day.did<SendOrder>().size() == 2);
  CHECK(failures(day) == 0);
  day.now = day.event->calendar.open(day.event->calendar.next_session(exit_day)) + 9min;
  day.runs_to(day.now + 7min);
  CHECK(day.did<SendOrder>().size() == 3);
}

TEST_CASE("a refused exit is sent again after a minute", "[execution]") {
  Day day(the_event());
  day.runs_to(day.close() - 14min + 1s);
  day.fills();
  day.runs_to(day.close());
  day.tell(CommandNews{KillCommand::flatten});
  day.now = day.next_open();
  day.runs_to(day.next_open() + 2s);
  REQUIRE(day.did<SendOrder>().size() == 2);
  day.reports(OrderPhase::rejected, 0, true);
  const Instant refused = day.now;
  day.runs_to(refused + 59s);
  CHECK(day.did<SendOrder>().size() == 2);
  day.runs_to(refused + 62s);
  CHECK(day.did<SendOrder>().size() == 3);
  CHECK(failures(day) == 1);
}

TEST_CASE("ten trades beyond one and a half times their budget close the entries", "[execution][breakers][cost]") {
  Day day(the_event());
  Breakers nine;  // at their budgets of 10 dollars
  for (int i = 0; i < 9; ++i) nine.cost = nine.cost.after(1000, 1000);
  day.tell(BreakersNews{std::string(std::string_view(to_text(nine)))});
  day.runs_to(day.close() - 14min + 1s);
  REQUIRE(day.did<SendOrder>().size() == 1);
  const TradePlan plan = *day.did<SendOrder>()[0].plan;
  const int spreads = day.order.quantity;
  CHECK(plan.round_trip_cost == the_event().records[0].candidate.round_trip_cost);
  // Bought 0.20 beyond the middle and sold 0.10 below it, for 3 dollars of fees: 30 dollars a spread and 3.
  day.is_quoted(1.00, 0.40);
  day.tell(QuotesNews{"AAPL", day.wide});
  day.order.limit = 1.20;
  day.fills(Money::from_dollars(1));
  CHECK(day.did<KeepMiddle>().size() == 1);
  day.runs_to(day.close());
  day.now = day.next_open() + 9min;
  day.runs_to(day.next_open() + 15min + 2s);
  REQUIRE(day.did<SendOrder>().size() == 2);
  day.order.limit = -0.90;
  SECTION("whatever was seen in between") {
    day.fills(Money::from_dollars(2));
    day.runs_to(day.now + 2s);
    REQUIRE(day.did<KeepCost>().size() == 1);
    CHECK(day.did<KeepCost>()[0].cost == Money::from_dollars(30 * spreads + 3));
    CHECK(day.did<KeepCost>()[0].budget == Money::rounded(plan.round_trip_cost) * spreads);
    const bool beyond = 2 * (9000 + 3000 * spreads + 300) > 3 * (9000 + day.did<KeepCost>()[0].budget->cents());
    CHECK(day.trader.breakers().cost.trades == 10);
    CHECK(day.trader.breakers().cost.latched == beyond);
    day.runs_to(day.now + 10s);
    CHECK(day.did<KeepCost>().size() == 1);  // once
    Day after(the_event());
    after.tell(CostedNews{plan.name()});
    CHECK(after.did<KeepCost>().empty());
  }
  SECTION("a fill whose middle nobody saw has no cost") {
    day.tell(QuotesNews{"AAPL", nullptr});
    day.fills(Money::from_dollars(2));
    day.runs_to(day.now + 2s);
    REQUIRE(day.did<KeepCost>().size() == 1);
    CHECK(!day.did<KeepCost>()[0].cost);
    CHECK(day.trader.breakers().cost.trades == 9);
  }
  SECTION("a commission that is still missing is waited for, five minutes") {
    day.fees_known = false;
    day.fills(Money::from_dollars(2));
    day.runs_to(day.now + 5min);
    CHECK(day.did<KeepCost>().empty());
    day.runs_to(day.now + 5s);
    CHECK(day.did<KeepCost>().size() == 1);
  }
  SECTION("a person's word lets entries again") {
    Breakers latched = nine;
    for (int i = 0; i < 9; ++i) latched.cost = latched.cost.after(2000, 1000);
    Day closed(the_event());
    closed.tell(BreakersNews{std::string(std::string_view(to_text(latched)))});
    closed.runs_to(closed.close() - 14min);
    CHECK(closed.trader.state() == TradingState::reduce_only);
    CHECK(closed.trader.latched());
    CHECK(closed.did<AskEntries>().empty());
    closed.tell(CommandNews{KillCommand::none});
    closed.runs_to(closed.close() - 13min);
    CHECK(closed.did<AskEntries>().size() == 1);
  }
}

TEST_CASE("the volatility index trips after a quarter of an hour above its limit and is asked again by its closes",
          "[execution][breakers][vix]") {
  Day day(the_event());
  const Instant open = day.event->calendar.open(day.event->session);
  const auto stress = [&] { return day.trader.stress_in_force({}); };
  const auto hears = [&](Instant at, double value) { day.now = at, day.tell(VixNews{value}); };
  hears(open + 30s, 50.0);  // before 09:31
  CHECK(day.trader.breakers().vix_now == VixConfirmation{});
  hears(open + 1min, 50.0);
  CHECK(day.trader.breakers().vix_now.turning);
  hears(open + 16min - 1s, 45.0);
  CHECK(!stress().tripped);
  SECTION("standing") {
    hears(open + 16min, 41.0);
    CHECK(stress().tripped);
    CHECK(day.trader.breakers().vix.tripped);
    Day after(the_event());
    after.tell(BreakersNews{day.did<KeepBreakers>().back().text});
    after.now = open + 20min;
    after.tell(ExitsDecided{{}, {}});  // the closes know nothing of it, and the day's own word stands
    CHECK(after.trader.breakers().vix_now.high);
    after.now = day.next_open() + 1min;
    after.tell(ExitsDecided{{}, {}});
    CHECK(!after.trader.breakers().vix_now.high);
    hears(open + 32min, 41.0);
    CHECK(day.trader.stress_in_force({}).tripped);
    day.now += 15min + 1s;  // silence: by the closes
    day.tell(TimerRang{});
    CHECK(!day.trader.stress_in_force({}).tripped);
    CHECK(day.trader.stress_in_force({.tripped = true, .sessions_without_close = 1}).tripped);
  }
  SECTION("not when its ticks stop in between") {
    hears(open + 16min - 1s, not_known);
    hears(open + 16min, 50.0);
    CHECK(!stress().tripped);
    hears(open + 31min, 50.0);
    CHECK(stress().tripped);
  }
  SECTION("not after the close") {
    hears(day.close(), 50.0);
    CHECK(!day.trader.breakers().vix_now.high);
  }
}

TEST_CASE("what tripped before a kill is tripped after it", "[execution][breakers]") {
  Day before(the_event());
  const auto kept = [&] { return before.did<KeepBreakers>().back().text; };
  const auto restarted = [&](Instant at) {
    Day day(the_event());
    day.now = at;
    day.tell(BreakersNews{kept()});
    return day;
  };
  SECTION("the day's loss, until the next session") {
    before.tell(ValueNews{the_event().calendar.previous_session(the_event().session), Money::from_dollars(120'000)});
    before.runs_to(before.close() - 20min);  // 20,000 lost since the close before
    REQUIRE(before.alerts(AlertLevel::p1, "the day's loss") == 1);
    Day after = restarted(before.close() - 19min);
    after.runs_to(before.close() - 10min);  // and nothing lost since its own start
    CHECK(after.trader.state() == TradingState::reduce_only);
    CHECK(after.did<AskEntries>().empty());
    Day tomorrow = restarted(before.next_open() + 30min);
    tomorrow.runs_to(tomorrow.now + 2s);
    CHECK(tomorrow.trader.state() == TradingState::active);
  }
  SECTION("orders that failed, and the halt that the fifth latches") {
    before.runs_to(before.close() - 14min + 1s);
    before.reports(OrderPhase::rejected, 0, true);
    Day after = restarted(before.now);
    CHECK(after.trader.breakers().failures.count == 1);
    CHECK(after.trader.state() != TradingState::halted);
    Breakers four = after.trader.breakers();
    four.failures.count = 4;
    Day last(the_event());
    last.tell(BreakersNews{std::string(std::string_view(to_text(four)))});
    last.runs_to(last.close() - 14min + 1s);
    last.reports(OrderPhase::rejected, 0, true);
    REQUIRE(last.did<LatchHalt>().size() == 1);
    Day halted(the_event());
    halted.tell(BreakersNews{last.did<KeepBreakers>().back().text});
    CHECK(halted.trader.state() == TradingState::halted);
    CHECK(halted.did<LatchHalt>().size() == 1);
    CHECK(halted.trader.latched());
    Day resumed(the_event());  // by a person, while no process ran
    resumed.tell(BreakersNews{last.did<KeepBreakers>().back().text, true});
    CHECK(resumed.trader.state() != TradingState::halted);
    CHECK(resumed.did<LatchHalt>().empty());
    halted.tell(CommandNews{KillCommand::none});  // a person's word
    CHECK(halted.trader.state() != TradingState::halted);
    CHECK(!halted.trader.latched());
    CHECK(parse_breakers(halted.did<KeepBreakers>().back().text)->failures.count == 0);
  }
  SECTION("a line that cannot be read halts") {
    Day after(the_event());
    after.tell(BreakersNews{"breakers v0"});
    CHECK(after.trader.state() == TradingState::halted);
    CHECK(after.did<LatchHalt>().size() == 1);
  }
}

TEST_CASE("a plan reads back from its fields as it was", "[execution]") {
  const TradePlan plan = plan_of(the_event().records[0]);
  const auto read = plan_in(fields_of(plan), the_event().calendar);
  REQUIRE(read);
  CHECK(read->name() == plan.name());
  CHECK(read->spread.legs() == plan.spread.legs());
  CHECK(read->event.first_close_after == plan.event.first_close_after);
  CHECK(read->stress == plan.stress);
  CHECK(read->most_to_pay == plan.most_to_pay);
  CHECK(read->round_trip_cost == plan.round_trip_cost);
  auto fields = fields_of(plan);
  auto older = fields;  // the fields of version 1 end before the budget
  older.pop_back(), older[11] = "1";
  REQUIRE(plan_in(older, the_event().calendar));
  CHECK(plan_in(older, the_event().calendar)->stress == plan.stress);
  CHECK(std::isnan(plan_in(older, the_event().calendar)->round_trip_cost));
  older[11] = "2";
  CHECK_FALSE(plan_in(older, the_event().calendar));
  fields[4] = "soon";
  CHECK_FALSE(plan_in(fields, the_event().calendar));
}
