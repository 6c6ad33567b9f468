// SPDX-License-Identifier: Apache-2.0
#include <alaris/backtest/life_cycle.hpp>
#include <alaris/execution/day_order.hpp>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace alaris;

namespace {

const TradingCalendar calendar = TradingCalendar::nyse();
const FeeSchedule fees = FeeSchedule::us_equity_options();
const Instant long_ago = *parse_instant("2024-01-01T08:00-05:00");

Date day(unsigned month, unsigned d) {
  return make_date(2024, month, d);
}
OptionContract option(Date expiry, double strike, OptionType type = OptionType::call) {
  return {expiry, *Strike::from_dollars(strike), type};
}

/// One name with flat bars at `price`, a chain on every session and a rate of 5 %.
struct Scene {
  SymbolHistory history{.symbol = "ACME", .bars = {}, .chains = {}, .dividends = {}, .splits = {}, .earnings = {}};
  std::vector<RatePoint> rates{{day(1, 2), {0.25}, 0.05}};

  void bar(Date date, double price, double open = 0.0) {
    history.bars.push_back({date, open > 0.0 ? open : price, price, price, price, 1e6});
  }
  void chain(Date date, double spot, std::vector<OptionQuote> quotes) {
    history.chains.push_back(std::make_shared<const OptionChain>(date, spot, std::move(quotes)));
  }
  [[nodiscard]] RecordedMarket market() const { return RecordedMarket({history}, {}, rates); }
};

OptionQuote quote(const OptionContract& contract, double bid, double ask) {
  return {.contract = contract, .bid = bid, .ask = ask};
}

/// Opens `contracts` calendars of one right for a debit of one dollar and no fees.
OpenTrade held(Ledger& account, const CalendarSpread& spread, int contracts, Date entered) {
  OpenTrade open{
      .trade = {.id = "ACME", .symbol = "ACME", .spread = spread, .contracts = contracts, .entered = entered},
      .spread = spread,
      .contracts = contracts};
  const ComboOrder order{.id = "ACME", .symbol = "ACME", .legs = spread.legs(), .quantity = contracts, .limit = 9.0};
  std::vector<OptionQuote> quotes;
  for (const Leg& leg : order.legs) quotes.push_back(quote(leg.contract, 2.0 + (leg.ratio > 0), 2.0 + (leg.ratio > 0)));
  const OptionChain chain(entered, 100.0, quotes);
  const DayOrder done =
      work_for_a_day(order, {&chain, false, entered, calendar.close(entered)}, FillTerms{}, FeeSchedule{});
  open.post(account, done.bookings, *done.fill, true);
  return open;
}

const CalendarSpread calls{day(5, 17), day(6, 14), *Strike::from_dollars(100), SpreadStructure::call_calendar};

}  // namespace

TEST_CASE("a front in the money by a cent is assigned and a front at its strike is not", "[backtest][life]") {
  for (const double close : {100.0, 100.01}) {
    Scene scene;
    scene.bar(day(5, 17), close);
    scene.bar(day(5, 20), 102.0, 101.0);
    const RecordedMarket market = scene.market();
    const LifeCycle life(market, calendar, fees, CarryRules{}, FillModel::touch);
    Ledger account(Money::from_dollars(100'000), long_ago);
    OpenTrade open = held(account, calls, 1, day(5, 10));
    life.expire(open, account, day(5, 17));
    CAPTURE(close);
    CHECK(open.shares() == (close > 100.0 ? -100 : 0));
    CHECK(open.held(option(day(6, 14), 100)) == 1);
    CHECK(open.held(option(day(5, 17), 100)) == 0);
    if (close == 100.0) continue;
    // Short 100 shares at 100 over the weekend: bought back at the open of 101 and its cent, a dollar of commission,
    // three days of the lender's fee, and the regulator's $0.28 on the sale.
    const MarketView view(market, calendar, calendar.close(day(5, 17)));
    life.overnight(open, account, view, day(5, 20));
    CHECK(open.shares() == 0);
    const Money borrow = Money::rounded(100 * 100.01 * 0.0025 * 3 / 360.0);
    const Money sale = stock_sale_fees(fees, Money::from_dollars(10'000), day(5, 17));
    CHECK(open.book.cash() ==
          Money::from_dollars(-100 + 10'000) - Money::rounded(101.01) * 100 - Money::from_dollars(1) - borrow - sale);
    CHECK(open.cash.mid - open.cash.touch == Money::from_dollars(1));  // the cent of the shares
  }
}

TEST_CASE("a short call is assigned the evening before an ex-date and owes the dividend", "[backtest][life]") {
  Scene scene;
  const Date evening = day(5, 8), ex = day(5, 9);
  scene.bar(evening, 115.0);
  scene.bar(ex, 114.0, 114.0);
  scene.chain(
      evening, 115.0,
      {quote(option(day(5, 17), 100), 14.9, 15.1), quote(option(day(5, 17), 100, OptionType::put), 0.01, 0.02)});
  scene.history.dividends = {{ex, 1.0, long_ago}};
  SECTION("a dollar is worth exercising for") {}
  SECTION("a cent is not, against the interest on the strike") {
    scene.history.dividends[0].amount = 0.01;
  }
  const bool worth = scene.history.dividends[0].amount == 1.0;
  const RecordedMarket market = scene.market();
  const LifeCycle life(market, calendar, fees, CarryRules{}, FillModel::touch);
  Ledger account(Money::from_dollars(100'000), long_ago);
  OpenTrade open = held(account, calls, 2, day(5, 6));
  life.overnight(open, account, MarketView(market, calendar, calendar.close(evening)), ex);
  CHECK(open.held(option(day(5, 17), 100)) == (worth ? 0 : -2));
  CHECK((open.ending == ExitReason::assigned) == worth);
  Money dividends;
  for (const CashEntry& entry : account.entries())
    if (entry.reason == CashReason::dividend) dividends += entry.amount;
  CHECK(dividends == (worth ? Money::from_dollars(-200) : Money{}));
}

TEST_CASE("a short put deep in the money is assigned at the optimal boundary and its shares are sold",
          "[backtest][life]") {
  CalendarSpread puts = calls;
  puts.structure = SpreadStructure::put_calendar;
  const Date evening = day(5, 8), next = day(5, 9);
  for (const double spot : {80.0, 97.0}) {
    Scene scene;
    scene.bar(evening, spot);
    scene.bar(next, spot, spot);
    scene.chain(evening, spot,
                {quote(option(day(5, 17), 100), spot == 80.0 ? 0.01 : 1.0, spot == 80.0 ? 0.03 : 1.1),
                 quote(option(day(5, 17), 100, OptionType::put), 100.0 - spot, 100.2 - spot)});
    const RecordedMarket market = scene.market();
    const LifeCycle life(market, calendar, fees, CarryRules{}, FillModel::mid);
    Ledger account(Money::from_dollars(100'000), long_ago);
    OpenTrade open = held(account, puts, 1, day(5, 6));
    life.overnight(open, account, MarketView(market, calendar, calendar.close(evening)), next);
    CAPTURE(spot);
    CHECK(open.held(option(day(5, 17), 100, OptionType::put)) == (spot == 80.0 ? 0 : -1));
    CHECK(open.shares() == 0);
  }
}

TEST_CASE("a four for one split quarters the strike and another ratio leaves the contract to run out",
          "[backtest][life]") {
  Scene scene;
  scene.bar(day(5, 8), 100.0);
  scene.bar(day(5, 9), 25.0);
  scene.history.splits = {{day(5, 9), 4.0}};
  SECTION("whole") {}
  SECTION("three for two") {
    scene.history.splits[0].ratio = 1.5;
  }
  const bool whole = scene.history.splits[0].ratio == 4.0;
  const RecordedMarket market = scene.market();
  const LifeCycle life(market, calendar, fees, CarryRules{}, FillModel::touch);
  Ledger account(Money::from_dollars(100'000), long_ago);
  OpenTrade open = held(account, calls, 2, day(5, 6));
  const Money before = account.cash();
  life.overnight(open, account, MarketView(market, calendar, calendar.close(day(5, 8))), day(5, 9));
  CHECK(account.cash() == before);
  CHECK(open.adjusted == !whole);
  if (whole) {
    CHECK(open.held(option(day(5, 17), 25)) == -8);
    CHECK(open.held(option(day(6, 14), 25)) == 8);
    CHECK(open.contracts == 8);
  } else {
    CHECK(open.shares_per_contract == 150);
    scene.bar(day(5, 17), 70.0);  // 150 shares are worth 10 500 against the 10 000 of the strike
    const RecordedMarket later = scene.market();
    LifeCycle(later, calendar, fees, CarryRules{}, FillModel::touch).expire(open, account, day(5, 17));
    CHECK(open.shares() == -300);
    CHECK(open.book.cash() ==
          Money::from_dollars(-200 + 20'000) - stock_sale_fees(fees, Money::from_dollars(20'000), day(5, 17)));
  }
}

TEST_CASE("shares of a halted name are kept until it trades again", "[backtest][life]") {
  Scene scene;
  scene.bar(day(5, 17), 103.0);
  scene.bar(day(5, 21), 99.0, 98.0);  // no bar on the 20th
  const RecordedMarket market = scene.market();
  const LifeCycle life(market, calendar, fees, CarryRules{}, FillModel::touch);
  Ledger account(Money::from_dollars(100'000), long_ago);
  OpenTrade open = held(account, calls, 1, day(5, 10));
  life.expire(open, account, day(5, 17));
  life.overnight(open, account, MarketView(market, calendar, calendar.close(day(5, 17))), day(5, 20));
  CHECK(open.shares() == -100);
  life.overnight(open, account, MarketView(market, calendar, calendar.close(day(5, 20))), day(5, 21));
  CHECK(open.shares() == 0);
}

TEST_CASE("cash earns less than the rate and owes more than it", "[backtest][life]") {
  const CarryRules rules;
  CHECK(interest_on(Money::from_dollars(100'000), 0.05, 3, rules) == Money::rounded(100'000 * 0.045 * 3 / 360.0));
  CHECK(interest_on(Money::from_dollars(-100'000), 0.05, 1, rules) == Money::rounded(-100'000 * 0.065 / 360.0));
  CHECK(interest_on(Money::from_dollars(100'000), 0.001, 3, rules) == Money{});
  CHECK(interest_on(Money::from_dollars(100'000), not_known, 3, rules) == Money{});
  CHECK(borrow_on(100, 50.0, 3, rules) == Money{});
}

TEST_CASE("trades and deposit add up to the account to the last millionth whatever happens", "[backtest][life][law]") {
  std::mt19937 random(11);  // its output is specified by the standard
  const auto uniform = [&] { return static_cast<double>(random()) / 4294967296.0; };
  int assigned = 0, split = 0, dividends = 0;
  for (int scenario = 0; scenario < 150; ++scenario) {
    Scene scene;
    double price = 60.0 + 80.0 * uniform();
    std::vector<double> strikes;
    for (int k = -4; k <= 4; ++k) strikes.push_back(std::round(price) + 2.5 * k);
    for (Date date = day(5, 6); date <= day(6, 20); date = calendar.next_session(date)) {
      price *= std::exp(0.04 * (uniform() + uniform() + uniform() - 1.5));
      if (uniform() < 0.015) {
        const double ratio = uniform() < 0.6 ? 2.0 : 1.5;
        scene.history.splits.push_back({date, ratio});
        price /= ratio;
      }
      if (uniform() < 0.08) scene.history.dividends.push_back({date, 0.5 + 2.0 * uniform(), long_ago});
      std::vector<OptionQuote> quotes;
      for (const double strike : strikes)
        for (const OptionType type : {OptionType::put, OptionType::call})
          for (const Date expiry : {day(5, 17), day(6, 14)})
            if (const double inside = std::max(sign(type) * (price - strike), 0.0); expiry > date)
              quotes.push_back(quote(option(expiry, strike, type), inside + 0.2 * uniform(), inside + 0.3 + uniform()));
      if (uniform() < 0.95) scene.bar(date, price, price * (1.0 + 0.02 * (uniform() - 0.5)));
      if (uniform() < 0.95) scene.chain(date, price, std::move(quotes));
    }
    const RecordedMarket market = scene.market();
    const FillModel model = fill_models[scenario % 3];
    const LifeCycle life(market, calendar, fees, CarryRules{}, model);
    Ledger account(Money::from_dollars(100'000), long_ago);
    std::vector<OpenTrade> trades;
    Money interest;
    for (Date date = day(5, 7); date <= day(6, 18); date = calendar.next_session(date)) {
      const MarketView view(market, calendar, calendar.close(calendar.previous_session(date)));
      const Money earned = interest_on(account.cash(), view.short_rate(), 1, CarryRules{});
      account.receive(calendar.open(date), "", CashReason::interest, earned);
      interest += earned;
      for (OpenTrade& open : trades) life.overnight(open, account, view, date);
      const auto chain = market.chain("ACME", date);
      const QuotedSession quoted{chain.get(), false, date, calendar.close(date)};
      for (OpenTrade& open : trades) {  // closed at random, whole
        if (open.adjusted || open.open_spreads() == 0 || uniform() > 0.1) continue;
        const ComboOrder exit{.id = "x" + std::to_string(scenario) + to_string(date),
                              .symbol = "ACME",
                              .legs = reversed(open.open_legs()),
                              .quantity = open.open_spreads(),
                              .limit = 99.0};
        const DayOrder done = work_for_a_day(exit, quoted, {.model = model}, fees);
        if (done.fill) open.post(account, done.bookings, *done.fill, false);
      }
      if (trades.size() < 4 && date < day(5, 17) && uniform() < 0.7) {
        CalendarSpread spread = calls;
        spread.strike = *Strike::from_dollars(strikes[random() % strikes.size()]);
        spread.structure = static_cast<SpreadStructure>(random() % 3);
        trades.push_back(held(account, spread, 1 + static_cast<int>(random() % 3), date));
      }
      for (OpenTrade& open : trades) life.expire(open, account, date);

      Money cash = Money::from_dollars(100'000) + interest, entries;
      std::map<OptionHolding, std::int64_t> options;
      std::int64_t shares = 0;
      for (const OpenTrade& open : trades) {
        cash += open.book.cash();
        shares += open.shares();
        for (const auto& [holding, count] : open.book.options()) options[holding] += count;
        CHECK(open.cash[model] == open.book.cash());
        CHECK(open.cash.touch <= open.cash.mid);
      }
      std::erase_if(options, [](const auto& position) { return position.second == 0; });
      for (const CashEntry& entry : account.entries()) entries += entry.amount;
      CHECK(account.cash() == cash);
      CHECK(account.cash() == entries);
      CHECK(account.options() == options);
      CHECK((account.shares().empty() ? 0 : account.shares().at("ACME")) == shares);
    }
    for (const OpenTrade& open : trades) {
      CHECK(open.book.options().empty());  // everything has expired by now
      assigned += open.ending == ExitReason::assigned;
      split += open.adjusted || open.contracts != open.trade.contracts;
    }
    for (const CashEntry& entry : account.entries()) dividends += entry.reason == CashReason::dividend;
  }
  CAPTURE(assigned, split, dividends);
  CHECK(assigned > 20);
  CHECK(split > 20);
  CHECK(dividends > 5);
}
