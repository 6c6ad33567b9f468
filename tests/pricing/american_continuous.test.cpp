// SPDX-License-Identifier: Apache-2.0
#include <alaris/pricing/american_cash_dividends.hpp>
#include <alaris/pricing/american_continuous.hpp>

#include <random>

#include "pricing/american_rows.hpp"
#include "support/catch.hpp"
#include "support/figure_data.hpp"
#include "support/table.hpp"

using namespace alaris;
using Catch::Matchers::WithinAbs;

namespace {

double european(const AmericanInputs& in) {
  return black_price(in.type, {.forward = in.spot * std::exp((in.rate - in.yield) * in.years),
                               .strike = in.strike,
                               .total_stdev = in.volatility * std::sqrt(in.years),
                               .discount = std::exp(-in.rate * in.years)});
}

}  // namespace

TEST_CASE("the reference level reproduces every price of the reference table", "[pricing][american][accuracy]") {
  const test::Table table = test::reference_table("american_continuous.csv");
  test::FigureData figure("american_reference", "reference");
  for (std::size_t row = 0; row < table.size(); ++row) {
    const AmericanInputs in = test::american_inputs(table, row);
    CAPTURE(row, table.text(row, "region"));
    const AmericanValue value = american_price<ReferenceLevel>(in);
    CHECK_THAT(value.price, WithinAbs(table.number(row, "price"), 1e-10 * in.strike));
    figure.row(std::fabs(value.price - table.number(row, "price")) / in.strike);
    if (!table.text(row, "delta").empty()) CHECK_THAT(value.delta, WithinAbs(table.number(row, "delta"), 1e-7));
    const double gamma = table.number(row, "gamma"), theta = table.number(row, "theta");
    if (!std::isnan(gamma)) CHECK_THAT(value.gamma, WithinAbs(gamma, 1e-6 * std::max(gamma, 1.0 / in.strike)));
    if (!std::isnan(theta)) CHECK_THAT(value.theta, WithinAbs(theta, 1e-6 * std::max(std::fabs(theta), in.strike)));
  }
}

TEST_CASE("the reference level holds where other solvers diverge without a word", "[pricing][american]") {
  const test::Table table = test::reference_table("american_continuous_hard.csv");
  for (std::size_t row = 0; row < table.size(); ++row) {
    const AmericanInputs in = test::american_inputs(table, row);
    CAPTURE(row);
    CHECK_THAT(american_price<ReferenceLevel>(in).price,
               WithinAbs(table.number(row, "price"), 1e-7 * in.strike + table.number(row, "agree_abs")));
  }
}

TEST_CASE("the lower levels hold their documented error on listed equity options", "[pricing][american][accuracy]") {
  const test::Table table = test::reference_table("american_continuous.csv");
  test::FigureData figure("american_levels", "quick,fast,accurate");
  for (std::size_t row = 0; row < table.size(); ++row) {
    const AmericanInputs in = test::american_inputs(table, row);
    if (in.volatility > 1.0 || in.years > 3.0) continue;
    CAPTURE(row);
    const auto error = [&](double price) { return std::fabs(price - table.number(row, "price")) / in.strike; };
    const double quick = error(american_price<QuickLevel>(in).price), fast = error(american_price<FastLevel>(in).price),
                 accurate = error(american_price<AccurateLevel>(in).price);
    CHECK(accurate <= 5e-6);
    CHECK(fast <= 3e-5);
    CHECK(quick <= 5e-5);
    figure.row(quick, fast, accurate);
  }
}

TEST_CASE("an option that is never exercised early is worth the European to the bit", "[pricing][american]") {
  const AmericanInputs call{OptionType::call, 105.0, 100.0, 0.5, 0.05, 0.0, 0.3};
  const AmericanInputs put{OptionType::put, 95.0, 100.0, 0.5, -0.01, 0.02, 0.3};
  CHECK_THAT(american_price(call).price, WithinAbs(european(call), 4e-14 * 100.0));
  CHECK_THAT(american_price(put).price, WithinAbs(european(put), 4e-14 * 100.0));
}

TEST_CASE("an American call is the American put with spot and strike and rate and yield exchanged",
          "[pricing][american]") {
  const AmericanInputs call{OptionType::call, 105.0, 100.0, 0.5, 0.03, 0.06, 0.25};
  const AmericanInputs put{OptionType::put, 100.0, 105.0, 0.5, 0.06, 0.03, 0.25};
  CHECK_THAT(american_price(call).price, WithinAbs(american_price(put).price, 1e-12));
}

TEST_CASE("the value never falls below exercise or the European for any rates and volatility", "[pricing][american]") {
  std::mt19937_64 random(20260321);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  for (int i = 0; i < 4000; ++i) {
    const AmericanInputs in{.type = i % 2 == 0 ? OptionType::put : OptionType::call,
                            .spot = 100.0 * std::exp(1.6 * (unit(random) - 0.5)),
                            .strike = 100.0,
                            .years = std::pow(87600.0, unit(random)) / 8760.0,
                            .rate = -0.05 + 0.2 * unit(random),
                            .yield = -0.05 + 0.2 * unit(random),
                            .volatility = 0.01 * std::pow(300.0, unit(random))};
    CAPTURE(in.spot, in.years, in.rate, in.yield, in.volatility);
    const AmericanValue value = american_price<FastLevel>(in);
    CHECK(value.price >= exercise_value(in));
    CHECK(value.price >= european(in) - 1e-12 * in.strike);
    CHECK(value.price <= std::max(in.spot, in.strike) * std::exp(0.05 * in.years));
    CHECK((std::isfinite(value.delta) && std::isfinite(value.gamma) && std::isfinite(value.theta)));
  }
}

TEST_CASE("collocation and finite differences agree on a year of an equity put", "[pricing][american]") {
  for (const double spot : {80.0, 95.0, 100.0, 120.0}) {
    const AmericanInputs in{OptionType::put, spot, 100.0, 1.0, 0.05, 0.02, 0.3};
    const AmericanValue a = american_price<AccurateLevel>(in),
                        b = american_with_dividends<AmericanGrid<801, 200>>(in, {});
    CAPTURE(spot);
    CHECK_THAT(a.price, WithinAbs(b.price, 5e-6 * 100.0));
    CHECK_THAT(a.delta, WithinAbs(b.delta, 1e-5));
    CHECK_THAT(a.gamma, WithinAbs(b.gamma, 1e-5));
    CHECK_THAT(a.theta, WithinAbs(b.theta, 2e-3));
  }
}

TEST_CASE("the last hour before expiry is smooth", "[pricing][american]") {
  double before = 0.0;
  for (int minutes = 1; minutes <= 240; ++minutes) {
    const AmericanInputs in{OptionType::put, 100.0, 100.0, minutes / (365.0 * 1440.0), 0.05, 0.0, 0.4};
    const double value = american_price<FastLevel>(in).price;
    CHECK(value > before);
    CHECK_THAT(value, WithinAbs(european(in), 1e-4));
    before = value;
  }
}

TEST_CASE("without volatility the holder takes the best known moment", "[pricing][american]") {
  CHECK_THAT(american_price({OptionType::put, 90.0, 100.0, 1.0, 0.05, 0.0, 0.0}).price, WithinAbs(10.0, 1e-12));
  CHECK_THAT(american_price({OptionType::call, 90.0, 100.0, 10.0, 0.05, 0.0, 0.0}).price,
             WithinAbs(90.0 - 100.0 * std::exp(-0.5), 1e-12));
}
