// SPDX-License-Identifier: Apache-2.0
#include <alaris/adapters/quantlib.hpp>

#include <cmath>

#include <ql/pricingengines/vanilla/analyticeuropeanengine.hpp>
#include <ql/quotes/simplequote.hpp>
#include <ql/settings.hpp>
#include <ql/termstructures/volatility/equityfx/blackconstantvol.hpp>
#include <ql/termstructures/yield/flatforward.hpp>
#include <ql/time/calendars/nullcalendar.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>

#include "support/catch.hpp"

namespace ql = QuantLib;

namespace {

const ql::Date today(3, ql::May, 2024);

ql::ext::shared_ptr<ql::BlackScholesMertonProcess> process(double volatility) {
  ql::Settings::instance().evaluationDate() = today;
  const auto flat = [&](double rate) {
    return ql::Handle<ql::YieldTermStructure>(ql::ext::make_shared<ql::FlatForward>(today, rate, ql::Actual365Fixed()));
  };
  return ql::ext::make_shared<ql::BlackScholesMertonProcess>(
      ql::Handle<ql::Quote>(ql::ext::make_shared<ql::SimpleQuote>(100.0)), flat(0.015), flat(0.045),
      ql::Handle<ql::BlackVolTermStructure>(
          ql::ext::make_shared<ql::BlackConstantVol>(today, ql::NullCalendar(), volatility, ql::Actual365Fixed())));
}

ql::VanillaOption european(ql::Option::Type type, double strike) {
  return ql::VanillaOption(ql::ext::make_shared<ql::PlainVanillaPayoff>(type, strike),
                           ql::ext::make_shared<ql::EuropeanExercise>(today + 180));
}

}  // namespace

TEST_CASE("a European option without dividends has the closed formulas of QuantLib's own engine",
          "[adapters][quantlib]") {
  for (const auto type : {ql::Option::Call, ql::Option::Put})
    for (const double strike : {70.0, 100.0, 130.0}) {
      ql::VanillaOption ours = european(type, strike), theirs = european(type, strike);
      ours.setPricingEngine(ql::ext::make_shared<alaris::quantlib::AmericanEngine<>>(process(0.3)));
      theirs.setPricingEngine(ql::ext::make_shared<ql::AnalyticEuropeanEngine>(process(0.3)));
      CAPTURE(type, strike);
      // Two closed formulas differ by roundings of numbers of the size of the share; a grid would be off by 1e-5 of it.
      const auto agree = [](double a, double b) { CHECK(std::fabs(a - b) <= 1e-11 * 100.0); };
      agree(ours.NPV(), theirs.NPV());
      agree(ours.delta(), theirs.delta());
      agree(ours.gamma(), theirs.gamma());
      agree(ours.theta(), theirs.theta());
      agree(ours.vega(), theirs.vega());
      agree(ours.rho(), theirs.rho());
      agree(ours.dividendRho(), theirs.dividendRho());
    }
}

TEST_CASE("a dividend inside the life of a European option takes the share down", "[adapters][quantlib]") {
  ql::VanillaOption plain = european(ql::Option::Call, 100.0), paying = european(ql::Option::Call, 100.0);
  plain.setPricingEngine(ql::ext::make_shared<alaris::quantlib::AmericanEngine<>>(process(0.3)));
  const auto with = [&](const ql::Date& date) {
    paying.setPricingEngine(ql::ext::make_shared<alaris::quantlib::AmericanEngine<>>(
        process(0.3), ql::DividendSchedule{ql::ext::make_shared<ql::FixedDividend>(2.0, date)}));
    return paying.NPV();
  };
  CHECK(with(today + 90) < plain.NPV() - 0.9);
  CHECK(with(today + 181) == plain.NPV());  // after expiry: the closed formulas again
}
