// SPDX-License-Identifier: Apache-2.0
#include <alaris/pricing/american_cash_dividends.hpp>
#include <alaris/pricing/black.hpp>

#include <string>
#include <vector>

#include "pricing/american_rows.hpp"
#include "support/catch.hpp"
#include "support/table.hpp"

using namespace alaris;
using Catch::Matchers::WithinAbs;

namespace {

std::vector<CashDividend> dividends(const test::Table& table, std::size_t row) {
  std::vector<CashDividend> all;
  for (int k = 1; k <= static_cast<int>(table.number(row, "ndiv")); ++k)
    all.push_back({table.number(row, "t" + std::to_string(k)), table.number(row, "D" + std::to_string(k))});
  return all;
}

double european(const AmericanInputs& in, double variance) {
  return black_price(in.type, {.forward = in.spot * std::exp((in.rate - in.yield) * in.years),
                               .strike = in.strike,
                               .total_stdev = std::sqrt(variance),
                               .discount = std::exp(-in.rate * in.years)});
}

const AmericanInputs a_month_at_the_money{.type = OptionType::call,
                                          .spot = 100.0,
                                          .strike = 100.0,
                                          .years = 30.0 / 365.0,
                                          .rate = 0.045,
                                          .yield = 0.0,
                                          .volatility = 0.32};

}  // namespace

TEST_CASE("options with cash dividends are worth what the reference table says", "[pricing][american][dividend]") {
  const test::Table table = test::reference_table("american_discrete_dividends.csv");
  for (std::size_t row = 0; row < table.size(); ++row) {
    const AmericanInputs in = test::american_inputs(table, row);
    const AmericanValue value = american_with_dividends(in, dividends(table, row));
    CAPTURE(row, table.text(row, "tag"));
    CHECK_THAT(value.price, WithinAbs(table.number(row, "price"), 3e-5 * in.strike));
    if (!table.text(row, "delta").empty()) CHECK_THAT(value.delta, WithinAbs(table.number(row, "delta"), 1e-4));
    if (!table.text(row, "gamma").empty())
      CHECK_THAT(value.gamma * in.spot, WithinAbs(table.number(row, "gamma") * in.spot, 5e-3));
  }
}

TEST_CASE("the reference grid reproduces cash dividends to a millionth of the strike",
          "[pricing][american][dividend]") {
  const test::Table table = test::reference_table("american_discrete_dividends.csv");
  for (std::size_t row = 0; row < table.size(); ++row) {
    const AmericanInputs in = test::american_inputs(table, row);
    CAPTURE(row, table.text(row, "tag"));
    CHECK_THAT(american_with_dividends<ReferenceGrid>(in, dividends(table, row)).price,
               WithinAbs(table.number(row, "price"), 1e-6 * in.strike));
  }
}

TEST_CASE("without dividends the grid prices continuous yields of equity like options", "[pricing][american]") {
  // The error grows with sigma^2 T and with the life in units of 1/r: the stated range is that of listed equity
  // options.
  const test::Table table = test::reference_table("american_continuous.csv");
  std::size_t checked = 0;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const AmericanInputs in = test::american_inputs(table, row);
    if (in.volatility * std::sqrt(in.years) > 1.0 || in.years > 5.0) continue;
    CAPTURE(row);
    CHECK_THAT(american_with_dividends(in, {}).price, WithinAbs(table.number(row, "price"), 1e-4 * in.strike));
    ++checked;
  }
  CHECK(checked > 250);
}

TEST_CASE("two exercise boundaries need no special care on the grid", "[pricing][american]") {
  const test::Table table = test::reference_table("american_double_boundary.csv");
  for (std::size_t row = 0; row < table.size(); ++row) {
    const AmericanInputs in = test::american_inputs(table, row);
    CAPTURE(row);
    CHECK_THAT(american_with_dividends(in, {}).price, WithinAbs(table.number(row, "price"), 1e-4 * in.strike));
  }
}

TEST_CASE("two exercise boundaries are extrapolated to a ten millionth of the strike", "[pricing][american]") {
  const test::Table table = test::reference_table("american_double_boundary.csv");
  for (std::size_t row = 0; row < table.size(); ++row) {
    const AmericanInputs in = test::american_inputs(table, row);
    const AmericanValue value = american_extrapolated(in);
    CAPTURE(row);
    CHECK_THAT(value.price, WithinAbs(table.number(row, "price"), 1e-7 * in.strike + table.number(row, "agree_abs")));
    if (!table.text(row, "delta").empty()) CHECK_THAT(value.delta, WithinAbs(table.number(row, "delta"), 1e-5));
  }
}

TEST_CASE("a call without dividends is never exercised early", "[pricing][american]") {
  const double variance = 0.32 * 0.32 * 30.0 / 365.0;
  const AmericanValue value = american_with_dividends(a_month_at_the_money, {});
  CHECK_THAT(value.price, WithinAbs(european(a_month_at_the_money, variance), 2e-5 * 100.0));
}

TEST_CASE("an event adds its variance to an option that spans it and to no other", "[pricing][american][event]") {
  const double base = 0.32 * 0.32 * 30.0 / 365.0, event_variance = 0.06 * 0.06;
  const double with_event = european(a_month_at_the_money, base + event_variance);
  const double without = european(a_month_at_the_money, base);
  for (const double day : {0.5, 9.0, 29.9}) {
    const EventVariance event{.years = day / 365.0, .variance = event_variance};
    CAPTURE(day);
    CHECK_THAT(american_with_dividends(a_month_at_the_money, {}, event).price, WithinAbs(with_event, 3e-5 * 100.0));
  }
  const EventVariance later{.years = 31.0 / 365.0, .variance = event_variance};
  CHECK_THAT(american_with_dividends(a_month_at_the_money, {}, later).price, WithinAbs(without, 3e-5 * 100.0));
}

TEST_CASE("the holder of a put decides before the event whether to wait for it", "[pricing][american][event]") {
  AmericanInputs in = a_month_at_the_money;
  in.type = OptionType::put;
  in.spot = 70.0;
  const EventVariance event{.years = 20.0 / 365.0, .variance = 0.2 * 0.2};
  const double value = american_with_dividends(in, {}, event).price;
  CHECK(value >= 30.0);
  CHECK(value >= american_with_dividends(in, {}).price - 1e-9);
}

TEST_CASE("European options with cash dividends obey parity with the shares less the dividends",
          "[pricing][dividend]") {
  const std::vector<CashDividend> quarterly{{0.1, 0.6}, {0.35, 0.6}, {0.6, 0.6}, {0.85, 0.6}};
  AmericanInputs in = a_month_at_the_money;
  in.years = 1.0;
  double present_value = 0.0;
  for (const CashDividend& d : quarterly) present_value += d.amount * std::exp(-in.rate * d.years);
  const double call = american_with_dividends(in, quarterly, {}, ExerciseStyle::european).price;
  in.type = OptionType::put;
  const double put = american_with_dividends(in, quarterly, {}, ExerciseStyle::european).price;
  CHECK_THAT(call - put, WithinAbs(100.0 - present_value - 100.0 * std::exp(-in.rate), 5e-5 * 100.0));
}

TEST_CASE("an American option is worth at least its exercise and at least the European", "[pricing][american]") {
  for (const OptionType type : {OptionType::put, OptionType::call})
    for (const double spot : {40.0, 80.0, 95.0, 100.0, 105.0, 120.0, 200.0})
      for (const double volatility : {0.0, 0.05, 0.3, 1.5})
        for (const double years : {1.0 / 8760.0, 0.1, 2.0})
          for (const double amount : {0.0, 2.0, 45.0}) {
            const AmericanInputs in{type, spot, 100.0, years, 0.05, 0.01, volatility};
            const CashDividend dividend{0.5 * years, amount};
            const AmericanValue value = american_with_dividends(in, std::span(&dividend, 1));
            const double held = american_with_dividends(in, std::span(&dividend, 1), {}, ExerciseStyle::european).price;
            CAPTURE(name(type), spot, volatility, years, amount);
            CHECK(value.price >= exercise_value(in));
            CHECK(value.price >= held - 1e-10 * in.strike);
            CHECK(std::isfinite(value.delta));
            CHECK(std::isfinite(value.gamma));
            CHECK(std::isfinite(value.theta));
          }
}

TEST_CASE("theta is what one day of waiting costs", "[pricing][american]") {
  const CashDividend dividend{0.05, 1.0};
  const AmericanValue today =
      american_with_dividends<AmericanGrid<801, 200>>(a_month_at_the_money, std::span(&dividend, 1));
  const auto later = [&](double years) {
    AmericanInputs in = a_month_at_the_money;
    in.years -= years;
    const CashDividend nearer{dividend.years - years, dividend.amount};
    return american_with_dividends<AmericanGrid<801, 200>>(in, std::span(&nearer, 1)).price;
  };
  const double step = 0.25 / 365.0;
  CHECK_THAT(today.theta, WithinAbs((later(step) - later(-step)) / (2.0 * step), 1e-3 * std::fabs(today.theta)));
}

TEST_CASE("inputs outside the domain give no number", "[pricing][american]") {
  AmericanInputs in = a_month_at_the_money;
  const std::vector<CashDividend> negative{{0.05, -1.0}};
  CHECK(std::isnan(american_with_dividends(in, negative).price));
  in.spot = -1.0;
  CHECK(std::isnan(american_with_dividends(in, {}).price));
  in.spot = 100.0;
  in.volatility = std::nan("");
  CHECK(std::isnan(american_with_dividends(in, {}).delta));
  in.volatility = 0.3;
  in.years = 0.0;
  CHECK(american_with_dividends(in, {}).price == 0.0);
}

namespace {

/// The call with one dividend in the escrowed model (R. Roll, R. Geske, R. Whaley, 1977 to 1981) by quadrature over the
/// risky part of the share just before the ex-date.
double escrowed_call(const AmericanInputs& in, const CashDividend& dividend, bool american) {
  const double start = in.spot - dividend.amount * std::exp(-in.rate * dividend.years);
  const double v = in.volatility * std::sqrt(dividend.years), left = in.years - dividend.years;
  constexpr int count = 40001;
  const double step = 16.0 / (count - 1);
  double sum = 0.0;
  for (int i = 0; i < count; ++i) {
    const double x = -8.0 + step * i;
    const double risky = start * std::exp((in.rate - 0.5 * in.volatility * in.volatility) * dividend.years + v * x);
    const double held = black_price(OptionType::call, {.forward = risky * std::exp(in.rate * left),
                                                       .strike = in.strike,
                                                       .total_stdev = in.volatility * std::sqrt(left),
                                                       .discount = std::exp(-in.rate * left)});
    const double worth = american ? std::max(held, risky + dividend.amount - in.strike) : held;
    sum += worth * std::exp(-0.5 * x * x) * step / std::sqrt(2.0 * std::acos(-1.0));
  }
  return sum * std::exp(-in.rate * dividend.years);
}

}  // namespace

TEST_CASE("a call in the escrowed model is exercised just before the dividend as Roll Geske and Whaley say",
          "[pricing][american][dividend]") {
  const AmericanInputs in{OptionType::call, 80.0, 82.0, 1.0 / 3.0, 0.06, 0.0, 0.3};
  const CashDividend dividend{0.25, 4.0};
  const double truth = escrowed_call(in, dividend, true);
  CHECK_THAT(truth, WithinAbs(4.3860, 5e-5));  // E. Haug, The Complete Guide to Option Pricing Formulas, 2007
  const auto value = [&](ExerciseStyle style) {
    return american_with_dividends<AmericanGrid<801, 200>>(in, std::span(&dividend, 1), {}, style,
                                                           DividendModel::escrowed);
  };
  CHECK_THAT(value(ExerciseStyle::american).price, WithinAbs(truth, 1e-5 * in.strike));
  CHECK_THAT(value(ExerciseStyle::european).price, WithinAbs(escrowed_call(in, dividend, false), 1e-5 * in.strike));
}

TEST_CASE("the escrowed model prices puts close to the spot model and never below exercise",
          "[pricing][american][dividend]") {
  const std::vector<CashDividend> dividends{{0.1, 1.0}, {0.35, 1.0}};
  for (const double spot : {70.0, 90.0, 100.0, 115.0}) {
    const AmericanInputs in{OptionType::put, spot, 100.0, 0.5, 0.05, 0.0, 0.3};
    const auto value = [&](double years_later, DividendModel model) {
      AmericanInputs at = in;
      at.years -= years_later;
      std::vector<CashDividend> left = dividends;
      for (CashDividend& d : left) d.years -= years_later;
      return american_with_dividends<AmericanGrid<801, 200>>(at, left, {}, ExerciseStyle::american, model);
    };
    const AmericanValue escrowed = value(0.0, DividendModel::escrowed);
    CAPTURE(spot);
    CHECK(escrowed.price >= exercise_value(in));
    // Volatility of the risky part only: lower by the share of the dividends, 2 % of the vega of about 28.
    CHECK_THAT(escrowed.price, WithinAbs(value(0.0, DividendModel::spot).price, 0.02 * 0.3 * 30.0));
    const double day = 1.0 / 365.0;
    const double passed = value(day, DividendModel::escrowed).price - value(-day, DividendModel::escrowed).price;
    CHECK_THAT(escrowed.theta, WithinAbs(passed / (2.0 * day), 0.02));
  }
}

TEST_CASE("dividends in escrow worth more than the share give no number", "[pricing][american][dividend]") {
  const CashDividend dividend{0.1, 120.0};
  const AmericanInputs in{OptionType::put, 100.0, 100.0, 0.5, 0.05, 0.0, 0.3};
  CHECK(std::isnan(
      american_with_dividends(in, std::span(&dividend, 1), {}, ExerciseStyle::american, DividendModel::escrowed)
          .price));
}
