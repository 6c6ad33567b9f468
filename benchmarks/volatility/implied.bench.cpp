// SPDX-License-Identifier: Apache-2.0
// What: the volatility that a European price implies, in columns, by expiry and alone, beside QuantLib 1.29.
// Why: every quote of a scan or a backtest is inverted.
// Input: "chains" is 40 strikes of 100 expiries, 3 days to two years, volatility 12 to 110 % with a smile, strikes out
// to three standard deviations; "stress" is the grid |ln F/K| 1e-6 to 6 by total volatility 0.01 to 8, calls and puts,
// as far as the time value is above 1e-300. The error is the worst of the prices, put back, that differ from the price
// given, in units of (1 + |price / (volatility vega)|) epsilon of the volatility; beyond 8 there is no time. QuantLib's
// solvers are held to 1e-6 of the volatility, and what they refuse is counted.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <alaris/numeric/random.hpp>
#include <alaris/pricing/black.hpp>
#include <alaris/volatility/implied.hpp>
#include <alaris/volatility/implied_batch.hpp>

#include "../support/ratios.hpp"

#ifdef ALARIS_BENCH_QUANTLIB
#include <ql/exercise.hpp>
#include <ql/instruments/vanillaoption.hpp>
#include <ql/pricingengines/blackformula.hpp>
#include <ql/pricingengines/vanilla/analyticeuropeanengine.hpp>
#include <ql/processes/blackscholesprocess.hpp>
#include <ql/quotes/simplequote.hpp>
#include <ql/settings.hpp>
#include <ql/termstructures/volatility/equityfx/blackconstantvol.hpp>
#include <ql/termstructures/yield/flatforward.hpp>
#include <ql/time/calendars/nullcalendar.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>
#endif

namespace {

using namespace alaris;

struct Quotes {
  std::vector<OptionType> type;
  std::vector<double> price, forward, strike, discount, stdev;

  void add(OptionType side, double f, double k, double d, double s) {
    const double value = black_price(side, {f, k, s, d});
    if (!(value > 1e-300)) return;
    type.push_back(side);
    price.push_back(value);
    forward.push_back(f);
    strike.push_back(k);
    discount.push_back(d);
    stdev.push_back(s);
  }
  [[nodiscard]] std::size_t size() const { return price.size(); }
  [[nodiscard]] QuotedEuropean at(std::size_t i) const {
    return {type[i], price[i], forward[i], strike[i], discount[i]};
  }
};

constexpr std::size_t expiries = 100, strikes = 40;
double years_of(std::size_t expiry) {
  return 0.008 * std::pow(250.0, static_cast<double>(expiry) / (expiries - 1));
}
const Quotes& chains() {
  static const Quotes made = [] {
    RandomStream random(11);
    Quotes q;
    for (std::size_t e = 0; e < expiries; ++e) {
      const double years = years_of(e), level = draw_uniform(random, 0.15, 0.8), root = std::sqrt(years);
      const double forward = 100.0 * std::exp(0.03 * years), discount = std::exp(-0.04 * years);
      for (std::size_t k = 0; k < strikes; ++k) {
        const double z = -3.0 + 6.0 * static_cast<double>(k) / (strikes - 1);
        const double strike = forward * std::exp(z * level * root);
        q.add(strike < forward ? OptionType::put : OptionType::call, forward, strike, discount,
              level * (1.0 + 0.03 * z * z - 0.04 * z) * root);
      }
    }
    return q;
  }();
  return made;
}
const Quotes& stress() {
  static const Quotes made = [] {
    Quotes q;
    for (int i = 0; i < 72; ++i)
      for (int j = 0; j < 80; ++j) {
        const double h = 1e-6 * std::pow(6e6, i / 71.0), s = 0.01 * std::pow(800.0, j / 79.0);
        q.add(OptionType::call, 100.0, 100.0 * std::exp(h), 1.0, s);
        q.add(OptionType::put, 100.0 * std::exp(h), 100.0, 1.0, s);
      }
    return q;
  }();
  return made;
}

/// Worst relative error of the stdevs in units of what the price's own rounding leaves open.
double worst_of(const Quotes& q, const std::vector<double>& stdev, std::size_t count) {
  double worst = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    const BlackInputs in{q.forward[i], q.strike[i], q.stdev[i], q.discount[i]};
    const double open = 1.0 + q.price[i] / (q.stdev[i] * black_vega(in, 1.0));
    const double error = std::fabs(stdev[i] / q.stdev[i] - 1.0) / (open * std::numeric_limits<double>::epsilon());
    worst = error <= worst ? worst : error;
  }
  return worst;
}

template <class Work>
void contend(const char* name, const Quotes& (*quotes)(), double allowed, Work work, std::size_t count = 0) {
  benchmark::RegisterBenchmark(name, [=](benchmark::State& state) {
    const Quotes& q = quotes();
    const std::size_t n = count == 0 ? q.size() : count;
    std::vector<double> found(q.size());
    std::size_t refused = 0;
    for (auto _ : state) {
      refused = work(q, found, n);
      benchmark::DoNotOptimize(found.data());
      benchmark::ClobberMemory();
    }
    state.counters["refused"] = static_cast<double>(refused);
    for (std::size_t i = 0; refused != 0 && i < n; ++i)
      if (found[i] != found[i]) found[i] = q.stdev[i];  // counted, not judged
    bench::answer(state, n, worst_of(q, found, n), allowed);
  })->Unit(benchmark::kMicrosecond);
}

auto batch(InstructionSet set) {
  return [set](const Quotes& q, std::vector<double>& found, std::size_t n) -> std::size_t {
    static std::vector<VolStatus> status;
    status.resize(n);
    implied_total_stdevs({q.type, q.price, q.forward, q.strike, q.discount}, found, status, set);
    return static_cast<std::size_t>(
        std::count_if(status.begin(), status.end(), [](VolStatus one) { return one != VolStatus::ok; }));
  };
}
std::size_t by_expiry(const Quotes& q, std::vector<double>& found, std::size_t) {
  static std::vector<VolStatus> status;
  status.resize(q.size());
  for (std::size_t e = 0; e < expiries; ++e) {
    const std::size_t at = e * strikes;
    implied_volatilities({{&q.type[at], strikes},
                          {&q.price[at], strikes},
                          {&q.strike[at], strikes},
                          q.forward[at],
                          q.discount[at],
                          years_of(e)},
                         {&found[at], strikes}, {&status[at], strikes});
    const double root = std::sqrt(years_of(e));
    for (std::size_t i = at; i < at + strikes; ++i) found[i] *= root;
  }
  return static_cast<std::size_t>(
      std::count_if(status.begin(), status.end(), [](VolStatus one) { return one != VolStatus::ok; }));
}
std::size_t alone(const Quotes& q, std::vector<double>& found, std::size_t n) {
  std::size_t refused = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto answer = implied_total_stdev(q.at(i));
    found[i] = answer ? *answer : std::numeric_limits<double>::quiet_NaN();
    refused += !answer;
  }
  return refused;
}

#ifdef ALARIS_BENCH_QUANTLIB
namespace ql = QuantLib;

ql::Option::Type ql_type(OptionType type) {
  return type == OptionType::call ? ql::Option::Call : ql::Option::Put;
}
template <class Solve>
auto with_quantlib(Solve solve) {
  return [=](const Quotes& q, std::vector<double>& found, std::size_t n) -> std::size_t {
    std::size_t refused = 0;
    for (std::size_t i = 0; i < n; ++i) {
      try {
        found[i] = solve(q, i);
        if (!(std::fabs(found[i] / q.stdev[i] - 1.0) < 1e-3)) throw 0;  // an answer that is wrong is none
      } catch (...) {
        found[i] = std::numeric_limits<double>::quiet_NaN();
        ++refused;
      }
    }
    return refused;
  };
}
double li_rs(const Quotes& q, std::size_t i) {
  return ql::blackFormulaImpliedStdDevLiRS(ql_type(q.type[i]), q.strike[i], q.forward[i], q.price[i], q.discount[i],
                                           0.0, ql::Null<ql::Real>(), 1.0, 1e-12, 100);
}
double safe_newton(const Quotes& q, std::size_t i) {
  return ql::blackFormulaImpliedStdDev(ql_type(q.type[i]), q.strike[i], q.forward[i], q.price[i], q.discount[i], 0.0,
                                       ql::Null<ql::Real>(), 1e-12, 100);
}
/// The way of the manual: an option, a process, option.impliedVolatility. Rates of zero: the forward is the spot.
double instrument(const Quotes& q, std::size_t i) {
  static const ql::Date today(2, ql::January, 2024);
  ql::Settings::instance().evaluationDate() = today;
  static const ql::Actual365Fixed days;
  static const auto spot = ql::ext::make_shared<ql::SimpleQuote>(100.0);
  static const auto flat = ql::Handle<ql::YieldTermStructure>(ql::ext::make_shared<ql::FlatForward>(today, 0.0, days));
  static const auto process = ql::ext::make_shared<ql::BlackScholesMertonProcess>(
      ql::Handle<ql::Quote>(spot), flat, flat,
      ql::Handle<ql::BlackVolTermStructure>(
          ql::ext::make_shared<ql::BlackConstantVol>(today, ql::NullCalendar(), 0.2, days)));
  static const auto expiry = ql::ext::make_shared<ql::EuropeanExercise>(today + 365);
  spot->setValue(q.forward[i]);
  ql::VanillaOption option(ql::ext::make_shared<ql::PlainVanillaPayoff>(ql_type(q.type[i]), q.strike[i]), expiry);
  return option.impliedVolatility(q.price[i] / q.discount[i], process, 1e-8, 200, 1e-3, 4.0);
}
#endif

void register_all() {
  constexpr double exact = 8.0, loose = 1e-6 / std::numeric_limits<double>::epsilon();
  contend("chains/Alaris", chains, exact, batch(best_instruction_set()));
  contend("chains/Alaris, by expiry", chains, exact, by_expiry);
  if (runs(InstructionSet::avx2)) contend("chains/Alaris, AVX2", chains, exact, batch(InstructionSet::avx2));
  contend("chains/Alaris, SSE2", chains, exact, batch(InstructionSet::baseline));
  contend("chains/Alaris one by one", chains, exact, alone);
#ifdef ALARIS_BENCH_QUANTLIB
  contend("chains/QuantLib LiRS", chains, loose, with_quantlib(li_rs));
  contend("chains/QuantLib safe Newton", chains, loose, with_quantlib(safe_newton));
  contend("chains/QuantLib VanillaOption::impliedVolatility", chains, 1e12, with_quantlib(instrument), 400);
#endif
  contend("stress/Alaris", stress, exact, batch(best_instruction_set()));
  contend("stress/Alaris one by one", stress, exact, alone);
#ifdef ALARIS_BENCH_QUANTLIB
  contend("stress/QuantLib LiRS", stress, 1e15, with_quantlib(li_rs));
#endif
}

}  // namespace

int main(int argc, char** argv) {
  register_all();
  return bench::main(argc, argv);
}
