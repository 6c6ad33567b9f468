// SPDX-License-Identifier: Apache-2.0
// A stranger's QuantLib program with our engine: a put at negative rates, which QuantLib's own fast engine refuses.
#include <cmath>
#include <cstdio>

#include <ql/quotes/simplequote.hpp>
#include <ql/settings.hpp>
#include <ql/termstructures/volatility/equityfx/blackconstantvol.hpp>
#include <ql/termstructures/yield/flatforward.hpp>
#include <ql/time/calendars/nullcalendar.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>

#include <alaris/adapters/quantlib.hpp>

using namespace QuantLib;

int main() {
  const Date today(2, May, 2023);
  Settings::instance().evaluationDate() = today;
  const auto flat = [&](double rate) {
    return Handle<YieldTermStructure>(ext::make_shared<FlatForward>(today, rate, Actual365Fixed()));
  };
  const auto process = ext::make_shared<BlackScholesMertonProcess>(
      Handle<Quote>(ext::make_shared<SimpleQuote>(80.0)), flat(-0.01), flat(-0.005),
      Handle<BlackVolTermStructure>(ext::make_shared<BlackConstantVol>(today, NullCalendar(), 0.2, Actual365Fixed())));
  VanillaOption option(ext::make_shared<PlainVanillaPayoff>(Option::Put, 100.0),
                       ext::make_shared<AmericanExercise>(today, today + 365));
  option.setPricingEngine(ext::make_shared<alaris::quantlib::AmericanEngine<>>(process));
  std::printf("%.9f\n", option.NPV());
  return std::fabs(option.NPV() - 21.002074690819) < 1e-4 ? 0 : 1;  // tests/reference/american_double_boundary.csv
}
