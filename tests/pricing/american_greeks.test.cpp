// SPDX-License-Identifier: Apache-2.0
#include <alaris/pricing/american_greeks.hpp>

#include "support/catch.hpp"
#include "support/table.hpp"

using namespace alaris;
using Catch::Matchers::WithinAbs;

TEST_CASE("vega and both rhos are those of the reference table", "[pricing][american][greeks]") {
  const test::Table table = test::reference_table("american_continuous.csv");
  std::size_t checked = 0;
  for (std::size_t row = 0; row < table.size(); row += 3) {
    const AmericanInputs in{table.text(row, "type") == "put" ? OptionType::put : OptionType::call,
                            table.number(row, "S"),
                            table.number(row, "K"),
                            table.number(row, "T"),
                            table.number(row, "r"),
                            table.number(row, "q"),
                            table.number(row, "sigma")};
    const double vega = table.number(row, "vega"), rho = table.number(row, "rho"), yield = table.number(row, "epsilon");
    if (in.volatility > 1.0 || in.years > 3.0 || std::isnan(vega) || std::isnan(rho) || std::isnan(yield)) continue;
    if (in.rate == 0.0 && in.yield == 0.0) continue;  // exercise begins to pay here: the derivatives differ by side
    CAPTURE(row);
    const AmericanGreeks greeks = american_greeks(in, ContinuousEngine<AccurateLevel>{});
    CHECK_THAT(greeks.vega, WithinAbs(vega, 1e-4 * std::max(std::fabs(vega), in.strike)));
    CHECK_THAT(greeks.rho, WithinAbs(rho, 1e-4 * std::max(std::fabs(rho), in.strike)));
    CHECK_THAT(greeks.dividend_rho, WithinAbs(yield, 1e-4 * std::max(std::fabs(yield), in.strike)));
    ++checked;
  }
  CHECK(checked > 30);
}

TEST_CASE("scaling time and scaling volatility and rates are the same thing", "[pricing][american][greeks]") {
  // V depends on r T, q T and sigma^2 T only: -T theta = r rho + q dividend_rho + sigma vega / 2.
  for (const OptionType type : {OptionType::put, OptionType::call})
    for (const double spot : {85.0, 100.0, 115.0}) {
      const AmericanInputs in{type, spot, 100.0, 0.75, 0.05, 0.03, 0.3};
      const AmericanGreeks greeks = american_greeks(in, ContinuousEngine<ReferenceLevel>{});
      const double right = in.rate * greeks.rho + in.yield * greeks.dividend_rho + 0.5 * in.volatility * greeks.vega;
      CHECK_THAT(-in.years * greeks.theta, WithinAbs(right, 1e-6 * in.strike));
    }
}

TEST_CASE("the engine turns to finite differences exactly when dividends or an event matter", "[pricing][american]") {
  const AmericanInputs in{OptionType::put, 100.0, 100.0, 0.25, 0.05, 0.0, 0.3};
  const CashDividend before{0.1, 1.0}, after{0.3, 1.0};
  CHECK(AmericanEngine<>{}(in).price == american_price<FastLevel>(in).price);
  CHECK((AmericanEngine<>{.dividends = std::span(&after, 1)}(in).price) == american_price<FastLevel>(in).price);
  CHECK((AmericanEngine<>{.dividends = std::span(&before, 1)}(in).price) ==
        american_with_dividends(in, std::span(&before, 1)).price);
}

TEST_CASE("Greeks of the two engines agree on an equity put", "[pricing][american][greeks]") {
  const AmericanInputs in{OptionType::put, 95.0, 100.0, 0.5, 0.05, 0.01, 0.35};
  const AmericanGreeks a = american_greeks(in, ContinuousEngine<AccurateLevel>{});
  const AmericanGreeks b = american_greeks(in, DividendEngine<AmericanGrid<801, 200>>{});
  CHECK_THAT(a.vega, WithinAbs(b.vega, 1e-3));
  CHECK_THAT(a.rho, WithinAbs(b.rho, 1e-2));
  CHECK_THAT(a.dividend_rho, WithinAbs(b.dividend_rho, 1e-2));
}
