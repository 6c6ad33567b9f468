// SPDX-License-Identifier: Apache-2.0
#include <alaris/pricing/european_batch.hpp>

#include <cmath>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <alaris/numeric/random.hpp>

#include "support/catch.hpp"
#include "support/table.hpp"

using namespace alaris;

namespace {

constexpr InstructionSet every_set[] = {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512};
constexpr double unknown = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();

struct Rows {
  std::vector<OptionType> type;
  std::vector<double> spot, strike, years, rate, yield, volatility;

  void add(const BsmInputs& in) {
    type.push_back(in.type);
    spot.push_back(in.spot);
    strike.push_back(in.strike);
    years.push_back(in.years);
    rate.push_back(in.rate);
    yield.push_back(in.yield);
    volatility.push_back(in.volatility);
  }
  [[nodiscard]] EuropeanBatch batch() const { return {type, spot, strike, years, rate, yield, volatility}; }
  [[nodiscard]] BsmInputs operator[](std::size_t i) const {
    return {type[i], spot[i], strike[i], years[i], rate[i], yield[i], volatility[i]};
  }
};

struct Answers {
  explicit Answers(std::size_t n)
      : price(n, unknown), delta(n, unknown), gamma(n, unknown), vega(n, unknown), theta(n, unknown), rho(n, unknown) {}
  std::vector<double> price, delta, gamma, vega, theta, rho;
  [[nodiscard]] EuropeanGreeks columns() { return {price, delta, gamma, vega, theta, rho}; }
};
using Column = std::vector<double> Answers::*;
using Member = double BsmGreeks::*;
struct Quantity {
  const char* name;
  Column column;
  Member member;
};
constexpr Quantity quantities[] = {
    {"price", &Answers::price, &BsmGreeks::price}, {"delta", &Answers::delta, &BsmGreeks::delta},
    {"gamma", &Answers::gamma, &BsmGreeks::gamma}, {"vega", &Answers::vega, &BsmGreeks::vega},
    {"theta", &Answers::theta, &BsmGreeks::theta}, {"rho", &Answers::rho, &BsmGreeks::rho}};

double ulp(double x) {
  return std::nextafter(std::fabs(x), infinity) - std::fabs(x);
}

bool same(double a, double b) {
  return a == b || (a != a && b != b);
}

/// Ordinary options of every kind, by seed.
Rows ordinary(std::size_t count) {
  RandomStream random(20261123);
  Rows rows;
  for (std::size_t i = 0; i < count; ++i)
    rows.add({draw_uniform(random) < 0.5 ? OptionType::call : OptionType::put, draw_uniform(random, 5, 500), 100,
              draw_uniform(random, 1e-3, 3), draw_uniform(random, -0.02, 0.08), draw_uniform(random, -0.02, 0.06),
              draw_uniform(random, 0.05, 1.5)});
  return rows;
}

}  // namespace

TEST_CASE("a batch is as accurate as its inputs allow on every instruction set", "[pricing][batch][accuracy]") {
  const test::Table values = test::reference_table("european.csv"),
                    condition = test::reference_table("european_cond.csv");
  Rows rows;
  for (std::size_t row = 0; row < values.size(); ++row)
    rows.add({values.text(row, "type") == "call" ? OptionType::call : OptionType::put, values.number(row, "S"),
              values.number(row, "K"), values.number(row, "T"), values.number(row, "r"), values.number(row, "q"),
              values.number(row, "sigma")});
  for (const InstructionSet set : every_set) {
    if (!runs(set)) continue;
    Answers found(values.size());
    european_greeks(rows.batch(), found.columns(), set);
    std::vector<double> alone(values.size());
    european_prices(rows.batch(), alone, set);
    CHECK(alone == found.price);
    for (const Quantity& q : quantities) {
      double worst = 0.0;
      for (std::size_t row = 0; row < values.size(); ++row) {
        const double truth = values.number(row, q.name), answer = (found.*q.column)[row];
        // The limit of the reference set: 16 times half an ulp of every input, and 4 ulp of the answer.
        const double limit = 16 * condition.number(row, q.name) + 4 * ulp(truth) + 5e-324;
        INFO(name(set) << " " << q.name << " line " << row + 2 << ": " << answer << " for " << truth);
        worst = std::max(worst, std::fabs(answer - truth) / limit);
        CHECK(std::fabs(answer - truth) <= limit);
      }
      if (std::getenv("ALARIS_ACCURACY"))
        std::cout << "european.csv batch " << name(set) << " " << q.name << " " << worst << '\n';
    }
  }
}

TEST_CASE("a row does not depend on its neighbours nor on the length of the batch", "[pricing][batch]") {
  const Rows rows = ordinary(67);
  for (const InstructionSet set : every_set) {
    if (!runs(set)) continue;
    Answers whole(67);
    european_greeks(rows.batch(), whole.columns(), set);
    for (std::size_t count = 0; count <= 67; ++count) {
      Rows some;
      for (std::size_t i = 67 - count; i < 67; ++i) some.add(rows[i]);
      Answers part(count);
      european_greeks(some.batch(), part.columns(), set);
      for (const Quantity& q : quantities)
        for (std::size_t i = 0; i < count; ++i) REQUIRE((part.*q.column)[i] == (whole.*q.column)[67 - count + i]);
    }
  }
}

TEST_CASE("rows that no formula serves are unknown and spoil nobody else", "[pricing][batch]") {
  Rows rows = ordinary(64), sound = rows;
  const std::pair<std::size_t, BsmInputs> bad[] = {
      {3, {OptionType::call, unknown, 100, 1, 0, 0, 0.2}},   {8, {OptionType::put, 100, -1, 1, 0, 0, 0.2}},
      {17, {OptionType::call, 100, 100, -1, 0, 0, 0.2}},     {18, {OptionType::call, 100, 100, 1, infinity, 0, 0.2}},
      {31, {OptionType::put, 100, 100, 1, 0, unknown, 0.2}}, {40, {OptionType::call, 100, 100, 1, 0, 0, -0.1}},
      {63, {OptionType::put, 0, 100, 1, 0, 0, 0.2}}};
  for (const auto& [at, in] : bad) {
    rows.spot[at] = in.spot, rows.strike[at] = in.strike, rows.years[at] = in.years, rows.rate[at] = in.rate;
    rows.yield[at] = in.yield, rows.volatility[at] = in.volatility;
  }
  for (const InstructionSet set : every_set) {
    if (!runs(set)) continue;
    Answers found(64), expected(64);
    european_greeks(rows.batch(), found.columns(), set);
    european_greeks(sound.batch(), expected.columns(), set);
    for (std::size_t i = 0; i < 64; ++i) {
      const bool spoiled = std::any_of(std::begin(bad), std::end(bad), [&](const auto& b) { return b.first == i; });
      for (const Quantity& q : quantities)
        CHECK((spoiled ? std::isnan((found.*q.column)[i]) : (found.*q.column)[i] == (expected.*q.column)[i]));
    }
  }
}

TEST_CASE("expired riskless and extreme rows get the answers of the scalar formula", "[pricing][batch]") {
  Rows rows;
  for (const OptionType type : {OptionType::call, OptionType::put})
    for (const double spot : {1e-300, 1e-3, 99.0, 100.0, 1e5, 1e300})
      for (const double years : {0.0, 1e-12, 1.0, 100.0})
        for (const double volatility : {0.0, 1e-8, 0.2, 50.0})
          rows.add({type, spot, 100, years, 0.03, 0.01, volatility});
  for (const InstructionSet set : every_set) {
    if (!runs(set)) continue;
    Answers found(rows.spot.size());
    european_greeks(rows.batch(), found.columns(), set);
    for (std::size_t i = 0; i < rows.spot.size(); ++i) {
      const BsmInputs in = rows[i];
      const BsmGreeks expected = bsm_greeks(in);
      INFO(name(set) << " S " << in.spot << " T " << in.years << " sigma " << in.volatility);
      // Outside the lanes' limits the very same function answers; inside, the tolerance is the accuracy test's.
      if (in.spot < 1e-8 || in.spot > 1e12 || in.years < 1e-9 || in.volatility < 1e-5)
        for (const Quantity& q : quantities) CHECK(same((found.*q.column)[i], expected.*q.member));
      else
        CHECK(std::fabs(found.price[i] - expected.price) <= 1e-13 * (in.spot + in.strike));
    }
  }
}
