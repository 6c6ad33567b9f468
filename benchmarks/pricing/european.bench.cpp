// SPDX-License-Identifier: Apache-2.0
// What: European options, alone, in columns and by expiry, beside QuantLib 1.29, a plain -Ofast loop and Eigen arrays.
// Why: everything else rests on these kernels.
// Input: 4 096 options (columns stay in the second cache), S/K 0.6 to 1.7, T one day to two years, volatility 8 to 90
// %, r -1 to 6 %, q 0 to 4 %. The error is the worst of price and Greeks against Alaris' scalar functions (which the
// tests hold to tables of 50 digits), over the largest value of the column; a contender beyond 1e-11 has no time.
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include <Eigen/Core>
#include <unsupported/Eigen/SpecialFunctions>

#include <alaris/numeric/random.hpp>
#include <alaris/pricing/bsm_greeks.hpp>
#include <alaris/pricing/european_batch.hpp>
#include <alaris/pricing/european_chain.hpp>

#include "../support/ratios.hpp"
#include "plain_loop.hpp"

#ifdef ALARIS_BENCH_QUANTLIB
#include <ql/exercise.hpp>
#include <ql/instruments/vanillaoption.hpp>
#include <ql/pricingengines/blackcalculator.hpp>
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

constexpr std::size_t rows = 4096;
constexpr double chain_years = 91.0 / 365.0, chain_rate = 0.04, chain_yield = 0.01, chain_spot = 100.0;
using Column = std::vector<double>;

struct Options {
  std::vector<OptionType> type;
  Column sign, spot, strike, years, rate, yield, volatility;
  std::array<Column, 6> truth;  // price, delta, gamma, vega, theta, rho
  double largest[6]{};

  [[nodiscard]] EuropeanBatch batch() const { return {type, spot, strike, years, rate, yield, volatility}; }
  [[nodiscard]] EuropeanChain chain() const {
    return {type, strike, volatility, chain_spot, chain_years, chain_rate, chain_yield};
  }
  [[nodiscard]] BsmInputs at(std::size_t i) const {
    return {type[i], spot[i], strike[i], years[i], rate[i], yield[i], volatility[i]};
  }
};

Options make(bool one_expiry) {
  RandomStream random(7);
  Options o;
  for (Column& column : o.truth) column.resize(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    o.type.push_back(draw_uniform(random) < 0.5 ? OptionType::call : OptionType::put);
    o.sign.push_back(o.type[i] == OptionType::call ? 1.0 : -1.0);
    o.spot.push_back(one_expiry ? chain_spot : draw_uniform(random, 60, 170));
    o.strike.push_back(one_expiry ? draw_uniform(random, 60, 170) : 100.0);
    o.years.push_back(one_expiry ? chain_years : draw_uniform(random, 1.0 / 365, 2));
    o.rate.push_back(one_expiry ? chain_rate : draw_uniform(random, -0.01, 0.06));
    o.yield.push_back(one_expiry ? chain_yield : draw_uniform(random, 0, 0.04));
    o.volatility.push_back(draw_uniform(random, 0.08, 0.9));
    const BsmGreeks g = bsm_greeks(o.at(i));
    const double values[] = {g.price, g.delta, g.gamma, g.vega, g.theta, g.rho};
    for (std::size_t k = 0; k < 6; ++k) {
      o.truth[k][i] = values[k];
      o.largest[k] = std::max(o.largest[k], std::fabs(values[k]));
    }
  }
  return o;
}
const Options& options(bool one_expiry = false) {
  static const Options general = make(false), chain = make(true);
  return one_expiry ? chain : general;
}

struct Answers {
  std::array<Column, 6> columns;
  Answers() {
    for (Column& column : columns) column.resize(rows);
  }
  [[nodiscard]] EuropeanGreeks greeks() {
    return {columns[0], columns[1], columns[2], columns[3], columns[4], columns[5]};
  }
  void put(std::size_t i, const std::array<double, 6>& values) {
    for (std::size_t k = 0; k < 6; ++k) columns[k][i] = values[k];
  }
};

/// `work` fills the first `kinds` columns of the first `count` options.
template <class Work>
void race(benchmark::State& state, bool one_expiry, std::size_t kinds, std::size_t count, Work work) {
  const Options& o = options(one_expiry);
  Answers found;
  for (auto _ : state) {
    work(o, found);
    benchmark::DoNotOptimize(found.columns[0].data());
    benchmark::ClobberMemory();
  }
  double worst = 0.0;
  for (std::size_t k = 0; k < kinds; ++k)
    for (std::size_t i = 0; i < count; ++i) {
      const double error = std::fabs(found.columns[k][i] - o.truth[k][i]) / o.largest[k];
      worst = error <= worst ? worst : error;  // an answer that is no number stays
    }
  bench::answer(state, count, worst, 1e-11);
}

template <class Work>
void contend(const char* name, bool one_expiry, std::size_t kinds, Work work, std::size_t count = rows) {
  benchmark::RegisterBenchmark(name, [=](benchmark::State& state) {
    race(state, one_expiry, kinds, count, work);
  })->Unit(benchmark::kMicrosecond);
}

bench::PlainColumns plain(const Options& o, Answers& a) {
  return {o.sign.data(),       o.spot.data(),       o.strike.data(),     o.years.data(),      o.rate.data(),
          o.yield.data(),      o.volatility.data(), a.columns[0].data(), a.columns[1].data(), a.columns[2].data(),
          a.columns[3].data(), a.columns[4].data(), a.columns[5].data()};
}

using Array = Eigen::Map<const Eigen::ArrayXd>;
Array array(const Column& c) {
  return {c.data(), static_cast<Eigen::Index>(c.size())};
}
void eigen_greeks(const Options& o, Answers& a) {
  using Eigen::ArrayXd;
  const Array w = array(o.sign), S = array(o.spot), K = array(o.strike), T = array(o.years), r = array(o.rate),
              q = array(o.yield), v = array(o.volatility);
  const ArrayXd root = T.sqrt(), stdev = v * root, d1 = ((S / K).log() + (r - q) * T) / stdev + 0.5 * stdev;
  const ArrayXd d2 = d1 - stdev, grown = (-q * T).exp(), cash = K * (-r * T).exp();
  const ArrayXd n1 = 0.5 * (-w * d1 * M_SQRT1_2).erfc(), n2 = 0.5 * (-w * d2 * M_SQRT1_2).erfc();
  const ArrayXd bell = grown * inv_sqrt_two_pi * (-0.5 * d1 * d1).exp();
  const auto out = [&](std::size_t k) { return Eigen::Map<ArrayXd>(a.columns[k].data(), S.size()); };
  out(0) = w * (S * grown * n1 - cash * n2);
  out(1) = w * grown * n1;
  out(2) = bell / (S * stdev);
  out(3) = S * bell * root;
  out(4) = -0.5 * S * bell * v / root + w * (q * S * grown * n1 - r * cash * n2);
  out(5) = w * cash * T * n2;
}

#ifdef ALARIS_BENCH_QUANTLIB
namespace ql = QuantLib;

ql::Option::Type ql_type(OptionType type) {
  return type == OptionType::call ? ql::Option::Call : ql::Option::Put;
}
void ql_calculator(const Options& o, Answers& a) {
  for (std::size_t i = 0; i < rows; ++i) {
    const double discount = std::exp(-o.rate[i] * o.years[i]);
    const double forward = o.spot[i] * std::exp((o.rate[i] - o.yield[i]) * o.years[i]);
    const ql::BlackCalculator c(ql_type(o.type[i]), o.strike[i], forward, o.volatility[i] * std::sqrt(o.years[i]),
                                discount);
    a.put(i, {c.value(), c.delta(o.spot[i]), c.gamma(o.spot[i]), c.vega(o.years[i]), c.theta(o.spot[i], o.years[i]),
              c.rho(o.years[i])});
  }
}
void ql_formula(const Options& o, Answers& a) {
  for (std::size_t i = 0; i < rows; ++i)
    a.columns[0][i] =
        ql::blackFormula(ql_type(o.type[i]), o.strike[i], o.spot[i] * std::exp((o.rate[i] - o.yield[i]) * o.years[i]),
                         o.volatility[i] * std::sqrt(o.years[i]), std::exp(-o.rate[i] * o.years[i]));
}
/// One market, changed through its quote: the way that a QuantLib program reprices. The first ql_rows options.
constexpr std::size_t ql_rows = 256;
void ql_instrument(const Options& o, Answers& a) {
  static const ql::Date today(2, ql::January, 2024);
  ql::Settings::instance().evaluationDate() = today;
  const ql::Actual365Fixed days;
  auto spot = ql::ext::make_shared<ql::SimpleQuote>(chain_spot);
  auto volatility = ql::ext::make_shared<ql::SimpleQuote>(0.2);
  auto process = ql::ext::make_shared<ql::BlackScholesMertonProcess>(
      ql::Handle<ql::Quote>(spot),
      ql::Handle<ql::YieldTermStructure>(ql::ext::make_shared<ql::FlatForward>(today, chain_yield, days)),
      ql::Handle<ql::YieldTermStructure>(ql::ext::make_shared<ql::FlatForward>(today, chain_rate, days)),
      ql::Handle<ql::BlackVolTermStructure>(ql::ext::make_shared<ql::BlackConstantVol>(
          today, ql::NullCalendar(), ql::Handle<ql::Quote>(volatility), days)));
  auto engine = ql::ext::make_shared<ql::AnalyticEuropeanEngine>(process);
  auto expiry = ql::ext::make_shared<ql::EuropeanExercise>(today + 91);
  for (std::size_t i = 0; i < ql_rows; ++i) {
    volatility->setValue(o.volatility[i]);
    ql::VanillaOption option(ql::ext::make_shared<ql::PlainVanillaPayoff>(ql_type(o.type[i]), o.strike[i]), expiry);
    option.setPricingEngine(engine);
    a.columns[0][i] = option.NPV();
  }
}
#endif

void register_all() {
  const auto batch = [](InstructionSet set) {
    return [set](const Options& o, Answers& a) { european_greeks(o.batch(), a.greeks(), set); };
  };
  contend("price and 5 Greeks/Alaris", false, 6, batch(best_instruction_set()));
  if (runs(InstructionSet::avx2)) contend("price and 5 Greeks/Alaris, AVX2", false, 6, batch(InstructionSet::avx2));
  contend("price and 5 Greeks/Alaris, SSE2", false, 6, batch(InstructionSet::baseline));
  contend("price and 5 Greeks/Alaris one by one (and 12 more Greeks)", false, 6, [](const Options& o, Answers& a) {
    for (std::size_t i = 0; i < rows; ++i) {
      const BsmGreeks g = bsm_greeks(o.at(i));
      a.put(i, {g.price, g.delta, g.gamma, g.vega, g.theta, g.rho});
    }
  });
  contend("price and 5 Greeks/-Ofast loop, libmvec", false, 6,
          [](const Options& o, Answers& a) { bench::plain_greeks(plain(o, a), rows); });
  contend("price and 5 Greeks/Eigen arrays", false, 6, eigen_greeks);
#ifdef ALARIS_BENCH_QUANTLIB
  contend("price and 5 Greeks/QuantLib BlackCalculator", false, 6, ql_calculator);
#endif
  contend("price/Alaris", false, 1, [](const Options& o, Answers& a) { european_prices(o.batch(), a.columns[0]); });
  contend("price/Alaris one by one", false, 1, [](const Options& o, Answers& a) {
    for (std::size_t i = 0; i < rows; ++i) a.columns[0][i] = bsm_price(o.at(i));
  });
  contend("price/-Ofast loop, libmvec", false, 1,
          [](const Options& o, Answers& a) { bench::plain_prices(plain(o, a), rows); });
#ifdef ALARIS_BENCH_QUANTLIB
  contend("price/QuantLib blackFormula", false, 1, ql_formula);
#endif
  contend("one expiry, price and 5 Greeks/Alaris", true, 6,
          [](const Options& o, Answers& a) { european_greeks(o.chain(), a.greeks()); });
  contend("one expiry, price and 5 Greeks/-Ofast loop, libmvec", true, 6,
          [](const Options& o, Answers& a) { bench::plain_greeks(plain(o, a), rows); });
#ifdef ALARIS_BENCH_QUANTLIB
  contend("one expiry, price and 5 Greeks/QuantLib BlackCalculator", true, 6, ql_calculator);
#endif
  contend("one expiry, price/Alaris", true, 1,
          [](const Options& o, Answers& a) { european_prices(o.chain(), a.columns[0]); });
  contend("one expiry, price/-Ofast loop, libmvec", true, 1,
          [](const Options& o, Answers& a) { bench::plain_prices(plain(o, a), rows); });
#ifdef ALARIS_BENCH_QUANTLIB
  contend("one expiry, price/QuantLib VanillaOption", true, 1, ql_instrument, ql_rows);
#endif
}

}  // namespace

int main(int argc, char** argv) {
  register_all();
  return bench::main(argc, argv);
}
