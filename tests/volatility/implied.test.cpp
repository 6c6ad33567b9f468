// SPDX-License-Identifier: Apache-2.0
#include <alaris/volatility/implied.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <map>
#include <string>

#include "support/catch.hpp"
#include "support/figure_data.hpp"
#include "support/table.hpp"

using namespace alaris;

namespace {

double ulp(double x) {
  return std::nextafter(x, std::numeric_limits<double>::infinity()) - x;
}

QuotedEuropean quote_of(const test::Table& table, std::size_t row) {
  return {table.text(row, "type") == "call" ? OptionType::call : OptionType::put, table.number(row, "price"),
          table.number(row, "F"), table.number(row, "K"), table.number(row, "df")};
}

}  // namespace

TEST_CASE("every answerable price gives its volatility to machine precision", "[volatility][implied][accuracy]") {
  const test::Table table = test::reference_table("implied_vol.csv");
  REQUIRE(table.size() > 1000);
  std::map<std::string, double> worst;  // in units of the limit
  test::FigureData figure("implied_volatility", "total_stdev,deviations,error_of_limit");
  for (std::size_t row = 0; row < table.size(); ++row) {
    if (table.text(row, "status") != "ok") continue;
    const auto found = implied_total_stdev(quote_of(table, row));
    const double truth = table.number(row, "sigma");
    INFO("line " << row + 2 << " " << table.text(row, "tag"));
    REQUIRE(found.has_value());
    const double sigma = *found / std::sqrt(table.number(row, "T"));
    const double limit = 4 * table.number(row, "cond_rel") * truth + 4 * ulp(truth);
    INFO(sigma << " for " << truth << ", off by " << (sigma - truth) / ulp(truth) << " ulp, limit "
               << limit / ulp(truth));
    CHECK(std::fabs(sigma - truth) <= limit);
    double& worst_here = worst[table.text(row, "tag")];
    worst_here = std::max(worst_here, std::fabs(sigma - truth) / limit);
    const double stdev = truth * std::sqrt(table.number(row, "T"));
    figure.row(stdev, std::fabs(std::log(table.number(row, "F") / table.number(row, "K"))) / stdev,
               std::fabs(sigma - truth) / limit);
  }
  if (std::getenv("ALARIS_ACCURACY"))
    for (const auto& [tag, error] : worst) std::cout << "implied_vol.csv " << tag << " " << error << '\n';
}

TEST_CASE("every unanswerable price gives its reason instead of a volatility", "[volatility][implied]") {
  const test::Table table = test::reference_table("implied_vol.csv");
  // The words of the reference set, and ours.
  const std::map<std::string, VolError> words = {{"below_intrinsic", VolError::below_intrinsic},
                                                 {"above_upper", VolError::above_bound},
                                                 {"at_upper", VolError::above_bound},
                                                 {"at_intrinsic", VolError::at_intrinsic},
                                                 {"zero_price", VolError::at_intrinsic},
                                                 {"negative_price", VolError::invalid_input},
                                                 {"nan_input", VolError::invalid_input},
                                                 {"invalid_forward", VolError::invalid_input},
                                                 {"invalid_strike", VolError::invalid_input},
                                                 {"invalid_discount", VolError::invalid_input}};
  for (std::size_t row = 0; row < table.size(); ++row) {
    const std::string& status = table.text(row, "status");
    const double years = table.number(row, "T");  // an invalid one is refused where it becomes a total stdev
    if (status == "ok" || !(years > 0.0) || std::isinf(years)) continue;
    const auto found = implied_total_stdev(quote_of(table, row));
    INFO("line " << row + 2 << " " << status);
    REQUIRE(!found.has_value());
    CHECK(name(found.error()) == name(words.at(status)));
  }
}

TEST_CASE("a market has the volatilities between those of its bid and its ask", "[volatility][implied]") {
  const auto market = [](double bid, double ask) {
    return implied_total_stdev_interval({OptionType::call, bid, ask, 110, 100, 0.98});
  };
  const auto of = [](double price) { return *implied_total_stdev({OptionType::call, price, 110, 100, 0.98}); };
  SECTION("both ends inside the bounds") {
    const auto found = market(12.0, 13.0);
    REQUIRE(found);
    CHECK(found->lower == of(12.0));
    CHECK(found->upper == of(13.0));
  }
  SECTION("a bid below the intrinsic value of 9.80 excludes no volatility from below") {
    const auto found = market(9.0, 13.0);
    REQUIRE(found);
    CHECK(found->lower == 0.0);
    CHECK(found->upper == of(13.0));
  }
  SECTION("an ask above the bound of 107.80 excludes no volatility from above") {
    const auto found = market(12.0, 108.0);
    REQUIRE(found);
    CHECK(std::isinf(found->upper));
  }
  SECTION("a market that no volatility explains says why") {
    CHECK(market(9.0, 9.5).error() == VolError::below_intrinsic);
    CHECK(market(108.0, 109.0).error() == VolError::above_bound);
    CHECK(market(13.0, 12.0).error() == VolError::invalid_input);
    CHECK(market(std::nan(""), 12.0).error() == VolError::invalid_input);
    CHECK(market(-1.0, 12.0).error() == VolError::invalid_input);
  }
}
