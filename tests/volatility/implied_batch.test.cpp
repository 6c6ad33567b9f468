// SPDX-License-Identifier: Apache-2.0
#include <alaris/volatility/implied_batch.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

#include <alaris/numeric/random.hpp>

#include "support/catch.hpp"
#include "support/table.hpp"

using namespace alaris;

namespace {

constexpr InstructionSet every_set[] = {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512};
constexpr double unknown = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();

struct Quotes {
  std::vector<OptionType> type;
  std::vector<double> price, forward, strike, discount;

  void add(OptionType t, double p, double f, double k, double df) {
    type.push_back(t);
    price.push_back(p);
    forward.push_back(f);
    strike.push_back(k);
    discount.push_back(df);
  }
  [[nodiscard]] std::size_t size() const { return price.size(); }
  [[nodiscard]] ImpliedBatch batch() const { return {type, price, forward, strike, discount}; }
};

struct Answers {
  explicit Answers(std::size_t n) : stdev(n, unknown), status(n) {}
  std::vector<double> stdev;
  std::vector<VolStatus> status;
};

Answers implied(const Quotes& quotes, InstructionSet set) {
  Answers answers(quotes.size());
  implied_total_stdevs(quotes.batch(), answers.stdev, answers.status, set);
  return answers;
}

double ulp(double x) {
  return std::nextafter(x, infinity) - x;
}

/// Prices of a board: strikes around the forward, both rights, by seed.
Quotes board(std::size_t count) {
  RandomStream random(7);
  Quotes quotes;
  for (std::size_t i = 0; i < count; ++i) {
    const OptionType type = draw_uniform(random) < 0.5 ? OptionType::call : OptionType::put;
    const double forward = draw_uniform(random, 20, 400), strike = forward * std::exp(draw_uniform(random, -0.5, 0.5));
    const double stdev = draw_uniform(random, 0.02, 0.9), discount = draw_uniform(random, 0.9, 1.01);
    quotes.add(type, black_price(type, {forward, strike, stdev, discount}), forward, strike, discount);
  }
  return quotes;
}

}  // namespace

TEST_CASE("a batch gives every answerable price its volatility to machine precision on every instruction set",
          "[volatility][implied][batch][accuracy]") {
  const test::Table table = test::reference_table("implied_vol.csv");
  Quotes quotes;
  for (std::size_t row = 0; row < table.size(); ++row)
    quotes.add(table.text(row, "type") == "call" ? OptionType::call : OptionType::put, table.number(row, "price"),
               table.number(row, "F"), table.number(row, "K"), table.number(row, "df"));
  for (const InstructionSet set : every_set) {
    if (!runs(set)) continue;
    const Answers found = implied(quotes, set);
    double worst = 0.0;
    for (std::size_t row = 0; row < table.size(); ++row) {
      INFO(name(set) << " line " << row + 2 << " " << table.text(row, "tag"));
      const double years = table.number(row, "T");
      if (table.text(row, "status") != "ok") {
        if (!(years > 0.0) || std::isinf(years)) continue;  // refused where it becomes a total stdev
        CHECK(found.status[row] != VolStatus::ok);
        CHECK(std::isnan(found.stdev[row]));
        continue;
      }
      const double truth = table.number(row, "sigma"), sigma = found.stdev[row] / std::sqrt(years);
      const double limit = 4 * table.number(row, "cond_rel") * truth + 4 * ulp(truth);
      REQUIRE(found.status[row] == VolStatus::ok);
      CHECK(std::fabs(sigma - truth) <= limit);
      worst = std::max(worst, std::fabs(sigma - truth) / limit);
    }
    if (std::getenv("ALARIS_ACCURACY")) std::cout << "implied_vol.csv batch " << name(set) << ' ' << worst << '\n';
  }
}

TEST_CASE("a batch gives the reasons of the single solver", "[volatility][implied][batch]") {
  Quotes quotes = board(40);
  quotes.price[1] = unknown;
  quotes.price[2] = -1.0;
  quotes.price[3] = 0.0;
  quotes.price[4] = 1e9;
  quotes.price[5] = infinity;
  quotes.forward[6] = 0.0;
  quotes.strike[7] = -5.0;
  quotes.discount[8] = 0.0;
  quotes.discount[9] = unknown;
  quotes.forward[10] = infinity;
  quotes.strike[11] = unknown;
  quotes.type[12] = OptionType::call, quotes.forward[12] = 100, quotes.strike[12] = 80, quotes.price[12] = 5.0;
  quotes.type[13] = OptionType::call, quotes.forward[13] = 100, quotes.strike[13] = 80, quotes.discount[13] = 1.0,
  quotes.price[13] = 20.0;
  for (const InstructionSet set : every_set) {
    if (!runs(set)) continue;
    const Answers found = implied(quotes, set);
    for (std::size_t i = 0; i < quotes.size(); ++i) {
      INFO(name(set) << " row " << i);
      const auto alone = implied_total_stdev(
          {quotes.type[i], quotes.price[i], quotes.forward[i], quotes.strike[i], quotes.discount[i]});
      REQUIRE(error_of(found.status[i]).has_value() == !alone.has_value());
      if (alone)
        CHECK(std::fabs(found.stdev[i] - *alone) <= 8 * ulp(*alone));
      else
        CHECK(name(found.status[i]) == name(alone.error()));
    }
  }
}

TEST_CASE("an implied volatility does not depend on the neighbours nor on the length of the batch",
          "[volatility][implied][batch]") {
  const Quotes quotes = board(67);
  for (const InstructionSet set : every_set) {
    if (!runs(set)) continue;
    const Answers whole = implied(quotes, set);
    for (std::size_t count = 0; count <= 67; ++count) {
      Quotes some;
      for (std::size_t i = 67 - count; i < 67; ++i)
        some.add(quotes.type[i], quotes.price[i], quotes.forward[i], quotes.strike[i], quotes.discount[i]);
      const Answers part = implied(some, set);
      for (std::size_t i = 0; i < count; ++i) REQUIRE(part.stdev[i] == whole.stdev[67 - count + i]);
    }
  }
}

TEST_CASE("the chain of one expiry has the volatilities of its quotes alone", "[volatility][implied][batch]") {
  constexpr double forward = 187.3, discount = 0.993, years = 0.21;
  Quotes quotes;
  for (int i = 0; i < 61; ++i) {
    const OptionType type = i % 2 ? OptionType::call : OptionType::put;
    const double strike = 120 + 2.5 * i;
    quotes.add(type, black_price(type, {forward, strike, 0.3 * std::sqrt(years), discount}), forward, strike, discount);
  }
  for (const InstructionSet set : every_set) {
    if (!runs(set)) continue;
    const Answers alone = implied(quotes, set);
    Answers chain(quotes.size());
    implied_volatilities({quotes.type, quotes.price, quotes.strike, forward, discount, years}, chain.stdev,
                         chain.status, set);
    for (std::size_t i = 0; i < quotes.size(); ++i) CHECK(chain.stdev[i] == alone.stdev[i] / std::sqrt(years));
    implied_volatilities({quotes.type, quotes.price, quotes.strike, forward, discount, 0.0}, chain.stdev, chain.status,
                         set);
    for (const VolStatus status : chain.status) CHECK(name(status) == "invalid_input");
  }
}

TEST_CASE("bids and asks of a chain give the intervals of the single markets", "[volatility][implied][batch]") {
  constexpr double forward = 100, discount = 0.98, years = 0.5;
  std::vector<OptionType> type;
  std::vector<double> bid, ask, strike;
  const auto add = [&](OptionType t, double k, double b, double a) {
    type.push_back(t), strike.push_back(k), bid.push_back(b), ask.push_back(a);
  };
  for (int i = 0; i < 300; ++i) {
    const OptionType t = i % 3 ? OptionType::call : OptionType::put;
    const double k = 60 + 0.3 * i, p = black_price(t, {forward, k, 0.25, discount});
    add(t, k, p - 0.05, p + 0.05);
  }
  add(OptionType::call, 100, 0.0, 1.0);     // no bid
  add(OptionType::call, 80, 19.0, 21.0);    // bid below intrinsic
  add(OptionType::call, 100, 5.0, 99.0);    // ask above the bound
  add(OptionType::call, 80, 10.0, 15.0);    // even the ask below intrinsic
  add(OptionType::call, 80, 99.0, 100.0);   // even the bid above the bound
  add(OptionType::put, 100, 3.0, 2.0);      // crossed
  add(OptionType::put, 100, unknown, 2.0);  // no quote
  std::vector<double> lower(bid.size()), upper(bid.size());
  std::vector<VolStatus> status(bid.size());
  implied_volatility_intervals({type, bid, ask, strike, forward, discount, years}, lower, upper, status);
  for (std::size_t i = 0; i < bid.size(); ++i) {
    INFO("row " << i);
    const auto alone = implied_total_stdev_interval({type[i], bid[i], ask[i], forward, strike[i], discount});
    if (!alone) {
      CHECK(name(status[i]) == name(alone.error()));
      CHECK(std::isnan(lower[i]));
      continue;
    }
    REQUIRE(status[i] == VolStatus::ok);
    CHECK(std::fabs(lower[i] - alone->lower / std::sqrt(years)) <= 1e-14);
    CHECK((upper[i] == alone->upper || std::fabs(upper[i] - alone->upper / std::sqrt(years)) <= 1e-14));
  }
}

TEST_CASE("no price strictly between its bounds is left without a volatility", "[volatility][implied][batch]") {
  // 11 520 prices: strikes from e^-7 to e^7 of the forward, total stdevs from 0.1 % to 800 %.
  Quotes quotes;
  std::vector<double> truth;
  for (int i = 0; i < 96; ++i)
    for (int j = 0; j < 60; ++j)
      for (const OptionType type : {OptionType::call, OptionType::put}) {
        const double strike = 100 * std::exp(-7 + 14.0 * i / 95), stdev = 0.001 * std::exp(std::log(8000) * j / 59);
        const double price = black_price(type, {100, strike, stdev, 0.95});
        const double bound = 0.95 * (type == OptionType::call ? 100 : strike);
        const double intrinsic = 0.95 * std::max(sign(type) * (100 - strike), 0.0);
        if (!(price > intrinsic * (1 + 1e-15)) || !(price < bound * (1 - 1e-15))) continue;
        quotes.add(type, price, 100, strike, 0.95);
        truth.push_back(stdev);
      }
  CHECK(quotes.size() > 5000);
  for (const InstructionSet set : every_set) {
    if (!runs(set)) continue;
    const Answers found = implied(quotes, set);
    for (std::size_t i = 0; i < quotes.size(); ++i) {
      INFO(name(set) << " strike " << quotes.strike[i] << " stdev " << truth[i] << " price " << quotes.price[i]);
      REQUIRE(found.status[i] == VolStatus::ok);
      const double again = black_price(quotes.type[i], {100, quotes.strike[i], found.stdev[i], 0.95});
      // The density is rounded by d1^2 ulp: what the price's own limit on european.csv allows.
      const double h = std::fabs(std::log(quotes.strike[i] / 100)) / truth[i];
      CHECK(std::fabs(again - quotes.price[i]) <= (64 + 16 * h * h) * 2.2e-16 * quotes.price[i]);
    }
  }
}
