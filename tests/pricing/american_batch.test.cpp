// SPDX-License-Identifier: Apache-2.0
#include <alaris/pricing/american_batch.hpp>

#include <array>
#include <random>
#include <vector>

#include "support/catch.hpp"
#include "support/table.hpp"

using namespace alaris;
using Catch::Matchers::WithinAbs;

namespace {

std::vector<AmericanInputs> table_options(const test::Table& table) {
  std::vector<AmericanInputs> all;
  for (std::size_t row = 0; row < table.size(); ++row)
    all.push_back({table.text(row, "type") == "put" ? OptionType::put : OptionType::call, table.number(row, "S"),
                   table.number(row, "K"), table.number(row, "T"), table.number(row, "r"), table.number(row, "q"),
                   table.number(row, "sigma")});
  return all;
}

template <class Level>
void check_against_table(double tolerance) {
  const test::Table table = test::reference_table("american_continuous.csv");
  const std::vector<AmericanInputs> options = table_options(table);
  std::vector<double> prices(options.size());
  american_prices<Level>(options, prices);
  for (std::size_t row = 0; row < options.size(); ++row) {
    if (options[row].volatility > 1.0 || options[row].years > 3.0) continue;
    CAPTURE(row, table.text(row, "region"));
    CHECK_THAT(prices[row], WithinAbs(table.number(row, "price"), tolerance * options[row].strike));
  }
}

}  // namespace

TEST_CASE("a batch prices listed equity options as its level promises", "[pricing][american][batch]") {
  check_against_table<QuickLevel>(1e-4);
  check_against_table<FastLevel>(4e-5);
  check_against_table<AccurateLevel>(5e-6);
}

TEST_CASE("an option costs the same alone and in a batch of any size", "[pricing][american][batch]") {
  const std::vector<AmericanInputs> options = table_options(test::reference_table("american_continuous.csv"));
  std::vector<double> all(options.size());
  american_prices(options, all);
  for (const std::size_t count : {1u, 2u, 7u, 8u, 9u, 31u}) {
    std::vector<double> some(count);
    american_prices(std::span(options).first(count), some);
    for (std::size_t i = 0; i < count; ++i) CHECK(some[i] == all[i]);
  }
}

TEST_CASE("a batch of any rates and volatilities never falls below exercise", "[pricing][american][batch]") {
  std::mt19937_64 random(20260322);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  std::vector<AmericanInputs> options;
  for (int i = 0; i < 4000; ++i)
    options.push_back({i % 2 == 0 ? OptionType::put : OptionType::call, 100.0 * std::exp(1.6 * (unit(random) - 0.5)),
                       100.0, std::pow(87600.0, unit(random)) / 8760.0, -0.05 + 0.2 * unit(random),
                       -0.05 + 0.2 * unit(random), 0.01 * std::pow(300.0, unit(random))});
  std::vector<double> prices(options.size());
  american_prices(options, prices);
  for (std::size_t i = 0; i < options.size(); ++i) {
    const AmericanInputs& in = options[i];
    CAPTURE(i, in.spot, in.years, in.rate, in.yield, in.volatility);
    CHECK(prices[i] >= exercise_value(in));
    CHECK_THAT(prices[i], WithinAbs(american_price<AccurateLevel>(in).price, 3e-4 * in.strike));
  }
}

TEST_CASE("options with two boundaries go through the lanes and keep their error", "[pricing][american][band]") {
  const test::Table table = test::reference_table("american_double_boundary.csv");
  std::vector<AmericanInputs> options;
  for (std::size_t row = 0; row < table.size(); ++row)
    options.push_back({table.text(row, "type") == "put" ? OptionType::put : OptionType::call, table.number(row, "S"),
                       table.number(row, "K"), table.number(row, "T"), table.number(row, "r"), table.number(row, "q"),
                       table.number(row, "sigma")});
  std::vector<double> fast(options.size()), quick(options.size());
  american_prices<FastLevel>(options, fast);
  american_prices<QuickLevel>(options, quick);
  for (std::size_t i = 0; i < options.size(); ++i) {
    CAPTURE(i);
    CHECK(detail::suits_a_band_pack(options[i]));
    CHECK_THAT(fast[i], WithinAbs(table.number(i, "price"), 1e-5 * options[i].strike));
    CHECK_THAT(quick[i], WithinAbs(table.number(i, "price"), 2e-5 * options[i].strike));
  }
}
