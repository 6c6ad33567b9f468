// SPDX-License-Identifier: Apache-2.0
// How does an existing QuantLib program price American options with Alaris? By changing one line.
#include <chrono>
#include <cstdio>

#include <ql/pricingengines/vanilla/qdfpamericanengine.hpp>
#include <ql/quotes/simplequote.hpp>
#include <ql/settings.hpp>
#include <ql/termstructures/volatility/equityfx/blackconstantvol.hpp>
#include <ql/termstructures/yield/flatforward.hpp>
#include <ql/time/calendars/nullcalendar.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>

#include <alaris/adapters/quantlib.hpp>

using namespace QuantLib;

namespace {

double microseconds_per_price(VanillaOption& option, SimpleQuote& spot) {
  constexpr int count = 2000;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i) {
    spot.setValue(100.0 + 1e-3 * i);
    (void)option.NPV();
  }
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count() / count;
}

}  // namespace

int main() {
  const Date today(2, May, 2024);
  Settings::instance().evaluationDate() = today;
  const auto spot = ext::make_shared<SimpleQuote>(100.0);
  const Handle<YieldTermStructure> rate(ext::make_shared<FlatForward>(today, 0.05, Actual365Fixed()));
  const Handle<YieldTermStructure> yield(ext::make_shared<FlatForward>(today, 0.01, Actual365Fixed()));
  const Handle<BlackVolTermStructure> volatility(
      ext::make_shared<BlackConstantVol>(today, NullCalendar(), 0.30, Actual365Fixed()));
  const auto process = ext::make_shared<BlackScholesMertonProcess>(Handle<Quote>(spot), yield, rate, volatility);

  VanillaOption option(ext::make_shared<PlainVanillaPayoff>(Option::Put, 105.0),
                       ext::make_shared<AmericanExercise>(today, today + Period(6, Months)));

  option.setPricingEngine(ext::make_shared<QdFpAmericanEngine>(process, QdFpAmericanEngine::fastScheme()));
  std::printf("QuantLib QdFp fast   %.6f\n", option.NPV());
  const double theirs = microseconds_per_price(option, *spot);
  spot->setValue(100.0);

  option.setPricingEngine(ext::make_shared<alaris::quantlib::AmericanEngine<>>(process));  // the one line
  std::printf("Alaris               %.6f  delta %.4f gamma %.5f vega %.3f theta %.3f rho %.3f\n", option.NPV(),
              option.delta(), option.gamma(), option.vega(), option.theta(), option.rho());

  using Quick = alaris::quantlib::AmericanEngine<alaris::QuickLevel>;
  option.setPricingEngine(ext::make_shared<Quick>(process, DividendSchedule{}, std::nullopt, false));
  const double ours = microseconds_per_price(option, *spot);
  spot->setValue(100.0);
  std::fprintf(stderr, "microseconds a price through QuantLib: QdFp fast %.1f, Alaris quick %.1f\n", theirs, ours);

  DividendSchedule dividends{ext::make_shared<FixedDividend>(1.25, today + Period(2, Months))};
  option.setPricingEngine(ext::make_shared<alaris::quantlib::AmericanEngine<>>(process, dividends));
  std::printf("with a dividend      %.4f\n", option.NPV());
}
