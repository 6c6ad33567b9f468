// SPDX-License-Identifier: Apache-2.0
#include <alaris/backtest/altered_future.hpp>
#include <alaris/backtest/engine.hpp>
#include <alaris/market/any_market.hpp>
#include <alaris/simulation/market.hpp>

#include <memory>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace alaris;

namespace {

const TradingCalendar calendar = TradingCalendar::nyse();
const std::vector<std::string> symbols{"N0", "N1"};

SimulatedMarket simulated() {
  SimulationParameters parameters;
  parameters.first_session = make_date(2019, 1, 2);
  parameters.last_session = make_date(2023, 6, 30);
  parameters.event_premium = 1.4;
  return SimulatedMarket(parameters, symbols);
}

/// A feed with a fault that is easy to make: the chain of a date carries the next session's underlying close.
class PeekingMarket {
 public:
  explicit PeekingMarket(const AnyMarket& market) : market_(market) {}
  [[nodiscard]] std::span<const std::string> symbols() const { return market_.symbols(); }
  [[nodiscard]] std::span<const Bar> bars(std::string_view s) const { return market_.bars(s); }
  [[nodiscard]] std::span<const Dividend> dividends(std::string_view s) const { return market_.dividends(s); }
  [[nodiscard]] std::span<const Split> splits(std::string_view s) const { return market_.splits(s); }
  [[nodiscard]] std::span<const EarningsStatement> earnings(std::string_view s) const { return market_.earnings(s); }
  [[nodiscard]] std::span<const Bar> vix() const { return market_.vix(); }
  [[nodiscard]] std::span<const RatePoint> rates() const { return market_.rates(); }
  [[nodiscard]] std::shared_ptr<const OptionChain> chain(std::string_view s, Date date) const {
    const auto chain = market_.chain(s, date), next = market_.chain(s, calendar.next_session(date));
    if (!chain || !next) return chain;
    return std::make_shared<const OptionChain>(
        date, next->spot(), std::vector<OptionQuote>(chain->quotes().begin(), chain->quotes().end()));
  }

 private:
  AnyMarket market_;
};

/// Decisions of 2022 known by the border, each as (what was measured, what followed).
std::vector<std::pair<std::vector<double>, std::string>> decided(const AnyMarket& market, Date border) {
  BacktestSettings settings{.strategy = {}, .start = make_date(2022, 1, 3), .end = make_date(2022, 12, 30)};
  std::vector<std::pair<std::vector<double>, std::string>> past;
  for (const DecisionRecord& d : run_backtest(market, symbols, calendar, settings, [](int, int) {}).decisions) {
    if (d.at > calendar.close(border)) continue;
    std::vector<double> figures{d.candidate.spot,       d.candidate.iv30,         d.candidate.rv30,
                                d.candidate.front_iv,   d.candidate.sigma_event,  d.candidate.sigma_physical,
                                d.candidate.debit_mid,  d.candidate.expected_pnl, d.candidate.round_trip_cost,
                                d.candidate.event_loss, d.candidate.cash_after,   d.candidate.quality_score};
    for (double& figure : figures)
      if (figure != figure) figure = -1.0;  // not known compares equal to not known
    past.emplace_back(std::move(figures), d.candidate.symbol + d.decided_by + std::to_string(d.contracts));
  }
  return past;
}

}  // namespace

TEST_CASE("no decision changes when everything after it is cut off or made wrong", "[backtest][as-of]") {
  const SimulatedMarket market = simulated();
  for (const Date border : {make_date(2022, 4, 29), make_date(2022, 9, 15)}) {
    const auto expected = decided(AnyMarket(market), border);
    REQUIRE(expected.size() > 1);
    for (const Future future : {Future::truncated, Future::perturbed}) {
      const AlteredFuture altered(market, border, future, calendar);
      CHECK(decided(AnyMarket(altered), border) == expected);
    }
  }
}

TEST_CASE("a feed that carries tomorrow's price in today's chain is caught", "[backtest][as-of]") {
  const SimulatedMarket market = simulated();
  // The border must be the very session of a decision: that is where the leak crosses it.
  BacktestSettings settings{.strategy = {}, .start = make_date(2022, 1, 3), .end = make_date(2022, 12, 30)};
  const auto decisions = run_backtest(market, symbols, calendar, settings, [](int, int) {}).decisions;
  REQUIRE_FALSE(decisions.empty());
  const Date border = new_york_date(decisions.front().at);
  const PeekingMarket whole{AnyMarket(market)};
  const AlteredFuture altered(market, border, Future::perturbed, calendar);
  const PeekingMarket leaking{AnyMarket(altered)};
  CHECK(decided(AnyMarket(leaking), border) != decided(AnyMarket(whole), border));
}

TEST_CASE("an altered market keeps its past to the last value", "[backtest][as-of]") {
  const SimulatedMarket market = simulated();
  const Date border = make_date(2022, 5, 2);
  for (const Future future : {Future::truncated, Future::perturbed}) {
    const AlteredFuture altered(market, border, future, calendar);
    const auto bars = market.bars("N0"), seen = altered.bars("N0");
    CHECK((future == Future::perturbed) == (seen.size() == bars.size()));
    for (std::size_t i = 0; i < seen.size(); ++i) {
      INFO(to_string(bars[i].date));
      CHECK((seen[i].close == bars[i].close) == (bars[i].date <= border));
    }
    CHECK(altered.chain("N0", border)->spot() == market.chain("N0", border)->spot());
    const auto next = altered.chain("N0", calendar.next_session(border));
    CHECK((next == nullptr) == (future == Future::truncated));
    CHECK(altered.chain("none", border) == nullptr);
  }
}

TEST_CASE("a split or a dividend announced before the border is no look-ahead after it", "[backtest][as-of]") {
  using namespace std::chrono_literals;
  const Date border = make_date(2022, 5, 2), later = make_date(2022, 6, 10);
  const Instant before = calendar.close(make_date(2022, 4, 1)), after = calendar.close(make_date(2022, 5, 20));
  SymbolHistory history{.symbol = "ACME", .bars = {}, .chains = {}, .dividends = {}, .splits = {}, .earnings = {}};
  history.splits = {{make_date(2022, 3, 1), 2.0}, {later, 4.0, before}, {later + 10 * std::chrono::days(1), 3.0}};
  history.dividends = {{make_date(2022, 4, 20), 0.1, after},  // written down late, paid in time
                       {later, 0.5, before, true},
                       {later, 0.7, after, true}};
  history.earnings = {{.date = later, .source = "a", .known_from = before},
                      {.date = later, .source = "b", .known_from = after}};
  const RecordedMarket market({history}, {}, {});

  const AlteredFuture cut(market, border, Future::truncated, calendar);
  REQUIRE(cut.splits("ACME").size() == 2);
  CHECK(cut.splits("ACME")[1].ratio == 4.0);
  REQUIRE(cut.dividends("ACME").size() == 2);
  CHECK(cut.dividends("ACME")[0].amount == 0.1);
  CHECK(cut.dividends("ACME")[1].special);
  REQUIRE(cut.earnings("ACME").size() == 1);

  const AlteredFuture wrong(market, border, Future::perturbed, calendar);
  REQUIRE(wrong.splits("ACME").size() == 3);
  CHECK((wrong.splits("ACME")[1].date == later && wrong.splits("ACME")[1].ratio == 4.0));
  CHECK(wrong.splits("ACME")[2].ratio != 3.0);
  REQUIRE(wrong.dividends("ACME").size() == 3);
  CHECK(wrong.dividends("ACME")[1].amount == 0.5);
  CHECK(wrong.dividends("ACME")[2].amount != 0.7);
  CHECK(wrong.dividends("ACME")[2].ex_date != later);

  // What a view of the border knows is the same in all three.
  const auto pending = [&](const auto& m) {
    return MarketView(m, calendar, calendar.close(border)).pending_splits("ACME").size();
  };
  CHECK((pending(market) == 1 && pending(cut) == 1 && pending(wrong) == 1));
}
