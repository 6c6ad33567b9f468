// SPDX-License-Identifier: Apache-2.0
#include <alaris/volatility/realised.hpp>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/shared_data.hpp"
#include "support/table.hpp"

using namespace alaris;
using alaris::test::Table;

namespace {

constexpr std::array<std::pair<RealisedEstimator, const char*>, 6> columns{{
    {RealisedEstimator::close_to_close, "cc"},
    {RealisedEstimator::parkinson, "parkinson"},
    {RealisedEstimator::garman_klass, "garman_klass"},
    {RealisedEstimator::rogers_satchell, "rogers_satchell"},
    {RealisedEstimator::garman_klass_yang_zhang, "gk_yz"},
    {RealisedEstimator::yang_zhang, "yang_zhang"},
}};

/// Rows checked; every estimator within 1e-12 relative of the 40-digit value, and no value where the oracle has none.
std::size_t check_against(const Table& prices, const Table& oracle, const std::string& prefix) {
  std::map<std::string, std::vector<Bar>> series;
  for (std::size_t i = 0; i < prices.size(); ++i) {
    auto& bars = series[prices.text(i, "series")];
    bars.push_back({Date(std::chrono::days(static_cast<int>(bars.size()))), prices.number(i, "open"),
                    prices.number(i, "high"), prices.number(i, "low"), prices.number(i, "close"), 0.0});
  }
  std::size_t checked = 0;
  for (std::size_t i = 0; i < oracle.size(); ++i) {
    if (oracle.text(i, "series").rfind(prefix, 0) != 0) continue;
    const auto& bars = series.at(oracle.text(i, "series"));
    const auto upto = std::span(bars).first(static_cast<std::size_t>(oracle.number(i, "idx")) + 1);
    const RealisedSettings settings{.window = static_cast<std::size_t>(oracle.number(i, "window")),
                                    .periods = oracle.number(i, "N")};
    for (const auto& [estimator, column] : columns) {
      CAPTURE(oracle.text(i, "series"), oracle.text(i, "idx"), column);
      const auto value = realised_volatility(estimator, upto, settings);
      if (oracle.text(i, column).empty()) {
        CHECK(value == unexpected(RealisedError{RealisedFault::not_enough_bars}));
        continue;
      }
      REQUIRE(value.has_value());
      CHECK_THAT(*value, Catch::WithinRel(oracle.number(i, column), 1e-12));
      ++checked;
    }
  }
  return checked;
}

/// The eleven bars of the published Yang-Zhang example.
std::vector<Bar> eleven_bars() {
  const double ohlc[11][4] = {{100, 102, 99, 101},      {101.5, 103, 100.5, 102},    {101, 104, 100, 103.5},
                              {104, 105, 102, 102.5},   {102, 103.5, 101, 103},      {103.5, 106, 103, 105.5},
                              {105, 105.5, 102.5, 103}, {102.5, 104.5, 102, 104},    {104.2, 106.1, 103.8, 105.9},
                              {106, 107, 104, 104.5},   {104.4, 105.2, 103.1, 103.6}};
  std::vector<Bar> bars;
  for (const auto& b : ohlc)
    bars.push_back({make_date(2024, 3, 1) + std::chrono::days(bars.size()), b[0], b[1], b[2], b[3], 1e6});
  return bars;
}

}  // namespace

TEST_CASE("six realised volatilities of synthetic bars agree with forty digits", "[volatility][realised]") {
  CHECK(check_against(test::reference_table("ohlc.csv"), test::reference_table("realised_vol.csv"), "syn") > 2000);
}

TEST_CASE("six realised volatilities of two years of Apple agree with forty digits", "[volatility][realised]") {
  const auto folder = test::shared_data("oracles");
  if (!folder) return;
  CHECK(check_against(Table(*folder / "ohlc.csv"), Table(*folder / "realised_vol.csv"), "AAPL") > 3000);
}

// Printed to twelve places (some cut, some rounded): one unit of the last place.
TEST_CASE("ten returns of the Yang-Zhang example have 26.88 percent volatility", "[volatility][realised]") {
  const auto bars = eleven_bars();
  const RealisedSettings ten{.window = 10};
  CHECK_THAT(*realised_volatility(RealisedEstimator::yang_zhang, bars, ten), Catch::WithinAbs(.268807859655, 1e-12));
  CHECK_THAT(*realised_volatility(RealisedEstimator::close_to_close, bars, ten),
             Catch::WithinAbs(.247450444901, 1e-12));
  CHECK_THAT(*realised_volatility(RealisedEstimator::parkinson, bars, ten), Catch::WithinAbs(.261411871715, 1e-12));
  const double rogers_satchell = *realised_volatility(RealisedEstimator::rogers_satchell, bars, ten);
  CHECK_THAT(rogers_satchell * rogers_satchell / 252.0, Catch::WithinAbs(2.61252265391e-4, 1e-15));
  CHECK_THAT(detail::yang_zhang_weight(20), Catch::WithinAbs(.139044339217, 1e-12));
  CHECK_THAT(detail::yang_zhang_weight(30), Catch::WithinAbs(.141139421700, 1e-12));
}

TEST_CASE("an exponentially weighted volatility gives the last return the most weight", "[volatility][realised]") {
  // returns ln 1.1 then ln(1/1.1): weights 0.5 and 1 -> variance is ln(1.1)^2 whatever the order
  std::vector<Bar> bars(3, {make_date(2024, 1, 2), 100, 100, 100, 100, 0});
  bars[1] = {make_date(2024, 1, 3), 110, 110, 110, 110, 0};
  bars[2] = {make_date(2024, 1, 4), 110, 110, 110, 110, 0};
  const RealisedSettings half{.window = 2, .periods = 1.0, .decay = 0.5};
  CHECK_THAT(*realised_volatility(RealisedEstimator::ewma, bars, half),
             Catch::WithinRel(std::log(1.1) * std::sqrt(0.5 / 1.5), 1e-14));
}

TEST_CASE("the session of a past announcement can be left out of realised volatility", "[volatility][realised]") {
  auto bars = eleven_bars();
  bars.insert(bars.begin(), {make_date(2024, 2, 29), 99, 101, 98.5, 100, 1e6});
  const RealisedSettings nine{.window = 9};
  const double quiet = *realised_volatility(RealisedEstimator::close_to_close, bars, nine);
  for (Bar* bar = &bars[8]; bar != bars.data() + bars.size(); ++bar) {  // a gap of 20 % up that stays
    for (double* price : {&bar->open, &bar->high, &bar->low, &bar->close}) *price *= 1.2;
  }
  const std::array<Date, 1> event{bars[8].date};
  for (const auto estimator : {RealisedEstimator::close_to_close, RealisedEstimator::yang_zhang}) {
    const double with = *realised_volatility(estimator, bars, nine);
    const double without = *realised_volatility(estimator, bars, nine, ExcludeSessions{event});
    CHECK(with > 2.5 * without);
    CHECK(without < 1.5 * quiet);
  }
  // the window reaches one session further back, so eleven returns minus one give at most ten
  CHECK(realised_volatility(RealisedEstimator::close_to_close, bars, {.window = 10}, ExcludeSessions{event}));
  CHECK(realised_volatility(RealisedEstimator::close_to_close, bars, {.window = 11}, ExcludeSessions{event}) ==
        unexpected(RealisedError{RealisedFault::not_enough_bars}));
}

TEST_CASE("a bar that cannot be is refused by its index and its defect", "[volatility][realised]") {
  auto bars = eleven_bars();
  const auto fault = [&](RealisedEstimator e) { return realised_volatility(e, bars, {.window = 5}).error(); };
  bars[8].high = 103.0;
  bars[8].low = 104.0;
  CHECK(fault(RealisedEstimator::parkinson) == RealisedError{RealisedFault::bad_bar, 8, BarDefect::high_below_low});
  bars[8].low = 0.0;
  CHECK(fault(RealisedEstimator::yang_zhang) == RealisedError{RealisedFault::bad_bar, 8, BarDefect::not_positive});
  bars[8].low = std::nan("");
  CHECK(fault(RealisedEstimator::yang_zhang) == RealisedError{RealisedFault::bad_bar, 8, BarDefect::not_finite});
  CHECK(realised_volatility(RealisedEstimator::parkinson, bars, {.window = 2}).has_value());  // outside the window
  CHECK(realised_volatility(RealisedEstimator::yang_zhang, bars, {.window = 1}).error().fault ==
        RealisedFault::invalid_input);
}

TEST_CASE("every realised estimator is found again by its name", "[volatility][realised]") {
  for (int i = 0; i < 7; ++i) {
    const auto estimator = static_cast<RealisedEstimator>(i);
    CHECK(parse_realised_estimator(name(estimator)) == estimator);
  }
  CHECK_FALSE(parse_realised_estimator("yang_zhang"));
}
