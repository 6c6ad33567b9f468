// SPDX-License-Identifier: Apache-2.0
#include <alaris/strategy/chain_quality.hpp>

#include <cmath>
#include <functional>
#include <set>
#include <vector>

#include <alaris/market/calendar.hpp>
#include <alaris/pricing/black.hpp>

#include "support/catch.hpp"

using namespace alaris;
using Catch::Matchers::WithinAbs;

namespace {

const TradingCalendar& nyse = TradingCalendar::nyse();
const Date today = make_date(2024, 7, 30), front = make_date(2024, 8, 16), back = make_date(2024, 9, 20);
constexpr double rate = 0.05;

OptionContract contract(OptionType type, double strike, Date expiry = front) {
  return {expiry, *Strike::from_dollars(strike), type};
}

/// Fair quotes at 40 % volatility and a spread of four cents, rounded to the cent.
std::vector<OptionQuote> fair_quotes(double spot) {
  std::vector<OptionQuote> quotes;
  for (const Date expiry : {front, back})
    for (double strike = 80; strike <= 120; strike += 5)
      for (const OptionType type : {OptionType::put, OptionType::call}) {
        const double years = years_between(nyse.close(today), last_trading_instant(expiry, nyse)).value;
        const double value =
            black_price(type, {spot * std::exp(rate * years), strike, 0.4 * std::sqrt(years), std::exp(-rate * years)});
        const double middle = std::round(value * 100) / 100;
        OptionQuote quote{.contract = contract(type, strike, expiry)};
        quote.bid = std::max(middle - 0.02, 0.0);
        quote.ask = middle + 0.02;
        quotes.push_back(quote);
      }
  return quotes;
}

using Spoil = std::function<void(OptionQuote&)>;

/// Fair quotes with those of one contract spoiled.
OptionChain chain_with(const OptionContract& which, const Spoil& spoil, double spot = 100.0) {
  std::vector<OptionQuote> quotes = fair_quotes(spot);
  for (OptionQuote& quote : quotes)
    if (quote.contract == which) spoil(quote);
  return OptionChain(today, spot, std::move(quotes));
}
ChainQuality judged(const OptionChain& chain, const OptionChain* previous = nullptr) {
  return judge_chain({&chain, nyse.close(today), rate, &nyse, previous}, {});
}
/// The names of the checks that some contract of a chain failed.
std::set<std::string_view> broken(const OptionChain& chain, const OptionChain* previous = nullptr) {
  std::set<std::string_view> names;
  for (const FailedCheck& failure : judged(chain, previous).failed) names.insert(name(failure.check));
  return names;
}
using Names = std::set<std::string_view>;

}  // namespace

TEST_CASE("fair quotes fail no desk check", "[strategy][quality]") {
  const OptionChain chain(today, 100.0, fair_quotes(100.0));
  const ChainQuality quality = judged(chain);
  CHECK(quality.failed.empty());
  CHECK(quality.value() == 1.0);
  for (const DeskCheck check : {DeskCheck::quoted, DeskCheck::unlocked, DeskCheck::intrinsic, DeskCheck::slope,
                                DeskCheck::convexity, DeskCheck::calendar, DeskCheck::parity})
    CHECK(quality.of(check).applicable > 5);
  CHECK(quality.of(DeskCheck::bid).applicable == 0);    // every contract has a bid
  CHECK(quality.of(DeskCheck::fresh).applicable == 0);  // nothing to compare with
}

TEST_CASE("each defect of a quote fails the check that is about it", "[strategy][quality]") {
  const OptionContract call = contract(OptionType::call, 100), wing = contract(OptionType::call, 110);
  CHECK(broken(chain_with(call, [](OptionQuote& q) { q.bid = q.ask; })).contains("unlocked"));
  CHECK(broken(chain_with(call, [](OptionQuote& q) { q.bid = q.ask + 0.01; })).contains("quoted"));
  CHECK(broken(chain_with(call, [](OptionQuote& q) { q.ask = not_known; })).contains("quoted"));
  CHECK(broken(chain_with(wing, [](OptionQuote& q) { q.bid = 0.0; })) == Names{"bid"});
  CHECK(broken(chain_with(contract(OptionType::call, 95), [](OptionQuote& q) {
          q.bid = 4.0, q.ask = 4.5;
        })).contains("intrinsic"));
  // the 105 call bid above the ask of the 100 call; the 100 call bid far above its neighbours
  CHECK(broken(chain_with(contract(OptionType::call, 105), [](OptionQuote& q) {
          q.bid = 5.0, q.ask = 5.1;
        })).contains("slope"));
  CHECK(broken(chain_with(call, [](OptionQuote& q) { q.bid += 1.2, q.ask += 1.2; })).contains("convexity"));
  CHECK(broken(chain_with(call, [](OptionQuote& q) { q.bid += 3.5, q.ask += 3.5; })).contains("calendar"));
  CHECK(broken(chain_with(call, [](OptionQuote& q) { q.bid += 0.8, q.ask += 0.8; })).contains("parity"));
}

TEST_CASE("a profit that the fees eat is none", "[strategy][quality]") {
  // two contracts of 65 cents are 1.3 cents a share
  const OptionContract near = contract(OptionType::call, 100);
  const OptionChain fair(today, 100.0, fair_quotes(100.0));
  const double far_ask = fair.find(contract(OptionType::call, 100, back))->ask;
  const auto crossing = [&](double profit) {
    return chain_with(near, [&](OptionQuote& q) { q.bid = far_ask + profit, q.ask = far_ask + profit + 0.04; });
  };
  CHECK(!broken(crossing(0.012)).contains("calendar"));
  CHECK(broken(crossing(0.014)).contains("calendar"));
}

TEST_CASE("a quote that stood still while the stock moved is stale", "[strategy][quality]") {
  const OptionContract call = contract(OptionType::call, 100);
  const OptionChain before(today - std::chrono::days(1), 97.0, fair_quotes(97.0));
  const OptionQuote yesterday = *before.find(call);
  CHECK(broken(OptionChain(today, 100.0, fair_quotes(100.0)), &before).empty());
  const OptionChain stale = chain_with(call, [&](OptionQuote& q) { q.bid = yesterday.bid, q.ask = yesterday.ask; });
  CHECK(broken(stale, &before).contains("fresh"));
  // a stock that did not move leaves its quotes where they are
  const OptionChain still(today - std::chrono::days(1), 100.0, fair_quotes(100.0));
  CHECK(broken(OptionChain(today, 100.0, fair_quotes(100.0)), &still).empty());
}

TEST_CASE("the legs of a candidate are checked whatever their delta and time", "[strategy][quality]") {
  const OptionContract deep = contract(OptionType::put, 80, back);
  const OptionChain chain = chain_with(deep, [](OptionQuote& q) { q.bid = q.ask; });
  const PricedChain priced{&chain, nyse.close(today), rate, &nyse};
  const auto failed = [&](const OptionContract& leg) { return failed_checks(priced, {}, std::vector{leg}); };
  CHECK(failed(contract(OptionType::call, 100)) == 0);
  CHECK(failed(deep) == 1);
  CHECK(failed(contract(OptionType::call, 101)) == 1);  // not listed
}

TEST_CASE("puts dear by one borrow rate at every strike are hard to borrow and no bad data", "[strategy][quality]") {
  // the stock costs 30 % a year to borrow: quotes are fair around a lower forward
  std::vector<OptionQuote> quotes;
  for (const Date expiry : {front, back})
    for (double strike = 80; strike <= 120; strike += 2.5)
      for (const OptionType type : {OptionType::put, OptionType::call}) {
        const double years = years_between(nyse.close(today), last_trading_instant(expiry, nyse)).value;
        const double value = black_price(
            type, {100.0 * std::exp((rate - 0.30) * years), strike, 0.4 * std::sqrt(years), std::exp(-rate * years)});
        OptionQuote quote{.contract = contract(type, strike, expiry)};
        quote.bid = std::max(value - 0.02, 0.0);
        quote.ask = value + 0.02;
        quotes.push_back(quote);
      }
  const OptionChain dear(today, 100.0, quotes);
  const PricedChain priced{&dear, nyse.close(today), rate, &nyse};
  const Date expiries[] = {front, back};
  const ParityStanding standing = parity_standing(priced, *Strike::from_dollars(100), expiries, {});
  CHECK(standing.hard_to_borrow == 2);
  CHECK(standing.worst_violation <= 0.02);
  CHECK(standing.borrow > 0.10);
  CHECK(standing.borrow < 0.31);
  CHECK(judged(dear).of(DeskCheck::parity).passed == judged(dear).of(DeskCheck::parity).applicable);
  CHECK(judged(dear).of(DeskCheck::parity).applicable > 10);

  const OptionChain fair(today, 100.0, fair_quotes(100.0));
  const ParityStanding none =
      parity_standing({&fair, nyse.close(today), rate, &nyse}, *Strike::from_dollars(100), expiries, {});
  CHECK(none.hard_to_borrow == 0);
  CHECK(none.borrow == 0.0);
  CHECK(none.worst_violation == 0.0);
  // one strike out of line is a bad quote, whatever might explain it
  const OptionChain one = chain_with(contract(OptionType::put, 100), [](OptionQuote& q) { q.bid += 2, q.ask += 2; });
  const ParityStanding bad =
      parity_standing({&one, nyse.close(today), rate, &nyse}, *Strike::from_dollars(100), expiries, {});
  CHECK(bad.hard_to_borrow == 0);
  CHECK(bad.worst_violation > 0.02);
}

TEST_CASE("the score counts a candidate's own legs outside its deltas and days", "[strategy][quality]") {
  const OptionContract deep = contract(OptionType::put, 80, back);
  const OptionChain chain = chain_with(deep, [](OptionQuote& q) { q.bid = q.ask; });
  const PricedChain priced{&chain, nyse.close(today), rate, &nyse};
  const std::vector legs{deep};
  const QualityScore without = judge_chain(priced, {}).total, with = judge_chain(priced, {}, {}, legs).total;
  CHECK(with.applicable > without.applicable);
  CHECK(with.applicable - with.passed == without.applicable - without.passed + 1);
}

TEST_CASE("duplicates and an expiry without any volatility lower the score", "[strategy][quality]") {
  std::vector<OptionQuote> twice = fair_quotes(100.0);
  const auto fair = judged(OptionChain(today, 100.0, twice));
  twice.push_back(twice.front());
  const auto doubled = judged(OptionChain(today, 100.0, twice));
  CHECK(doubled.total.applicable == fair.total.applicable + 1);
  CHECK(doubled.total.passed == fair.total.passed);
  std::vector<OptionQuote> dark = fair_quotes(100.0);
  for (OptionQuote& quote : dark)
    if (quote.contract.expiry == front) quote.bid = quote.ask = not_known;
  const QualityScore unlit = judged(OptionChain(today, 100.0, dark)).of(DeskCheck::quoted);
  CHECK(unlit.applicable - unlit.passed == 18);  // nine strikes of both rights
}

TEST_CASE("a score grades a day and one that is not known is critical", "[strategy][quality]") {
  const QualityLimits limits;
  CHECK(quality_grade(0.95, limits) == QualityGrade::good);
  CHECK(quality_grade(0.9499, limits) == QualityGrade::warning);
  CHECK(quality_grade(0.90, limits) == QualityGrade::warning);
  CHECK(quality_grade(0.8999, limits) == QualityGrade::critical);
  CHECK(quality_grade(not_known, limits) == QualityGrade::critical);
}
