// SPDX-License-Identifier: Apache-2.0
#include <alaris/backtest/chain_columns.hpp>
#include <alaris/market/rates.hpp>
#include <alaris/pricing/american_greeks.hpp>
#include <alaris/pricing/bsm_greeks.hpp>
#include <alaris/simulation/market.hpp>
#include <alaris/volatility/american_implied.hpp>

#include <cmath>
#include <memory>
#include <vector>

#include "support/catch.hpp"

using namespace alaris;

namespace {

struct Given {
  std::shared_ptr<const OptionChain> chain;
  ChainColumns columns;
};

const Given& given() {
  static const Given made = [] {
    SimulationParameters parameters;
    parameters.first_session = make_date(2018, 1, 2);
    parameters.last_session = make_date(2019, 12, 31);
    const SimulatedMarket market(parameters, {"ACME"});
    const Date day = make_date(2019, 6, 3);
    Given g;
    g.chain = market.chain("ACME", day);
    g.columns.add(*g.chain, short_rate(market.rates(), day), 0.0, TradingCalendar::nyse());
    return g;
  }();
  return made;
}

}  // namespace

TEST_CASE("columns hold every quote of a chain once", "[backtest][columns]") {
  const Given& g = given();
  REQUIRE(g.columns.size() == g.chain->quotes().size());
  for (const ColumnSlice& s : g.columns.slices()) {
    CHECK(s.begin < s.calls);
    CHECK(s.calls < s.end);
    CHECK(std::is_sorted(g.columns.strike().begin() + static_cast<std::ptrdiff_t>(s.begin),
                         g.columns.strike().begin() + static_cast<std::ptrdiff_t>(s.calls)));
  }
}

TEST_CASE("a book is worth what its options could be closed at", "[backtest][columns]") {
  const std::vector<double> bid{1.0, 2.0, not_known, 0.0, 5.0, 1.0, 2.0, 3.0, 4.0},
      ask{1.2, 2.1, 3.0, 0.1, 4.0, 1.1, 2.2, 3.3, 4.4}, held{10, -5, 3, 2, 1, 0, 0, 1, -1};
  const BookValue value = mark_to_market(bid, ask, held);
  CHECK(value.executable == Approx(10 * 1.0 - 5 * 2.1 + 2 * 0.0 + 1 * 3.0 - 4.4));
  CHECK(value.at_mid == Approx(10 * 1.1 - 5 * 2.05 + 2 * 0.05 + 3.15 - 4.2));
  CHECK(value.unmarked == 2);  // an unknown bid and a crossed quote
  CHECK(mark_to_market({}, {}, {}).executable == 0.0);
}

TEST_CASE("European marks of columns are those of the options one by one", "[backtest][columns]") {
  const ChainColumns& c = given().columns;
  const std::size_t n = c.size();
  std::vector<double> v[8];
  for (auto& one : v) one.resize(n);
  european_marks(c, {v[0], v[1], {v[2], v[3], v[4], v[5], v[6], v[7]}});
  std::size_t answered = 0;
  for (const ColumnSlice& s : c.slices())
    for (std::size_t i = s.begin; i < s.end; ++i) {
      if (v[1][i] != v[1][i]) continue;
      ++answered;
      const auto g = bsm_greeks({c.type()[i], s.spot, c.strike()[i], s.years, s.rate, s.yield, v[1][i]});
      CHECK(v[2][i] == Approx(v[0][i]).margin(1e-9));
      CHECK(v[3][i] == Approx(g.delta).margin(1e-12));
      CHECK(v[5][i] == Approx(g.vega).margin(1e-9));
    }
  CHECK(answered > n * 9 / 10);
}

TEST_CASE("American marks of columns are those of the options one by one", "[backtest][columns]") {
  const ChainColumns& c = given().columns;
  const std::size_t n = c.size();
  std::vector<double> v[5];
  for (auto& one : v) one.resize(n);
  american_marks(c, {v[0], v[1], v[2], v[3], v[4]});
  std::size_t answered = 0;
  for (const ColumnSlice& s : c.slices()) {
    double top_gamma = 0.0;
    for (std::size_t i = s.begin; i < s.end; ++i)
      if (v[3][i] > top_gamma) top_gamma = v[3][i];
    for (std::size_t i = s.begin; i < s.end; ++i) {
      if (v[1][i] != v[1][i]) {
        const auto alone = american_implied_volatility(
            {{c.type()[i], s.spot, c.strike()[i], s.years, s.rate, s.yield, 0.0}, v[0][i]}, ContinuousEngine<>{});
        CAPTURE(c.strike()[i], v[0][i], s.years);
        CHECK((!alone || *alone < 0.05 || *alone > 1.5));
        continue;
      }
      ++answered;
      const AmericanValue alone =
          american_price({c.type()[i], s.spot, c.strike()[i], s.years, s.rate, s.yield, v[1][i]});
      CAPTURE(s.years, c.strike()[i], v[1][i]);
      CHECK(alone.price == Approx(v[0][i]).margin(1e-5 * c.strike()[i]));
      CHECK(alone.delta == Approx(v[2][i]).margin(1e-3));
      CHECK(alone.gamma == Approx(v[3][i]).margin(0.03 * top_gamma));
    }
  }
  CHECK(answered > n * 8 / 10);
}
