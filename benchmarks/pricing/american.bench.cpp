// SPDX-License-Identifier: Apache-2.0
// What: American options, one by one, in batches, by chain, inverted, with cash dividends, beside QuantLib 1.29.
// Why: the unit of work of a scan is a chain, of a backtest a quote with its implied volatility.
// Input: 6 000 puts, S 25 to 200, K 100, T 1 month to 1 year, r 2 to 10 %, q 0 to 12 %, volatility 10 to 60 %; errors
// are taken over those worth at least 0.50, against 24-node collocation. A contender whose answer is wrong has no time.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <alaris/pricing/american_batch.hpp>
#include <alaris/pricing/american_cash_dividends.hpp>
#include <alaris/pricing/american_chain.hpp>
#include <alaris/pricing/american_continuous.hpp>
#include <alaris/pricing/american_dividend_chain.hpp>
#include <alaris/volatility/american_implied.hpp>

#include "../support/ratios.hpp"

#ifdef ALARIS_BENCH_QUANTLIB
#include <ql/exercise.hpp>
#include <ql/instruments/dividendvanillaoption.hpp>
#include <ql/instruments/vanillaoption.hpp>
#include <ql/pricingengines/vanilla/fdblackscholesvanillaengine.hpp>
#include <ql/pricingengines/vanilla/qdfpamericanengine.hpp>
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

struct Grid {
  std::vector<AmericanInputs> options;
  std::vector<double> truth;
};

const Grid& grid() {
  static const Grid made = [] {
    Grid g;
    for (const int days : {30, 91, 182, 274, 365})
      for (const double rate : {0.02, 0.04, 0.06, 0.08, 0.10})
        for (const double yield : {0.0, 0.04, 0.08, 0.12})
          for (const double sigma : {0.1, 0.2, 0.3, 0.4, 0.5, 0.6})
            for (const double spot : {25.0, 50.0, 80.0, 90.0, 100.0, 110.0, 120.0, 150.0, 175.0, 200.0})
              g.options.push_back({OptionType::put, spot, 100.0, days / 365.0, rate, yield, sigma});
    for (const AmericanInputs& in : g.options)
      g.truth.push_back(american_price<AmericanLevel<24, 48, 10, 101>>(in).price);
    return g;
  }();
  return made;
}

/// Sets rel_rms and rel_max; false when the answer is worse than `bound` anywhere.
bool report(benchmark::State& state, const std::vector<double>& prices, double bound, std::size_t every = 1) {
  double squares = 0.0, worst = 0.0, count = 0.0;
  for (std::size_t i = 0; i < prices.size(); ++i) {
    const double truth = grid().truth[i * every];
    if (truth < 0.5) continue;
    const double error = std::fabs(prices[i] / truth - 1.0);
    squares += error * error;
    worst = std::max(worst, error);
    count += 1.0;
  }
  state.counters["rel_rms"] = std::sqrt(squares / count);
  state.counters["error"] = worst;  // relative
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(prices.size()));
  if (!(worst < bound)) state.SkipWithError("wrong answer");
  return worst < bound;
}

template <class Level>
void batch(benchmark::State& state) {
  std::vector<double> prices(grid().options.size());
  for (auto _ : state) {
    american_prices<Level>(grid().options, prices);
    benchmark::DoNotOptimize(prices.data());
  }
  report(state, prices, 3e-4);
}
BENCHMARK(batch<AmericanLevel<5, 7, 2, 15>>)
    ->Name("puts/Alaris, batch, 5 nodes")
    ->Unit(benchmark::kMillisecond);  // as accurate as QdFp fast
BENCHMARK(batch<QuickLevel>)->Name("puts/Alaris, batch, quick")->Unit(benchmark::kMillisecond);
BENCHMARK(batch<FastLevel>)->Name("puts/Alaris, batch, fast")->Unit(benchmark::kMillisecond);
BENCHMARK(batch<AccurateLevel>)->Name("puts/Alaris, batch, accurate")->Unit(benchmark::kMillisecond);

template <class Level>
void one_by_one(benchmark::State& state) {
  std::vector<double> prices(grid().options.size());
  for (auto _ : state) {
    for (std::size_t i = 0; i < prices.size(); ++i) prices[i] = american_price<Level>(grid().options[i]).price;
    benchmark::DoNotOptimize(prices.data());
  }
  report(state, prices, 3e-4);
}
BENCHMARK(one_by_one<QuickLevel>)->Name("puts/Alaris, one by one, quick")->Unit(benchmark::kMillisecond);
BENCHMARK(one_by_one<AccurateLevel>)->Name("puts/Alaris, one by one, accurate")->Unit(benchmark::kMillisecond);

constexpr VolatilityRange seen_range{.low = 0.18, .high = 0.60};  // a scan knows yesterday's smile, 20 to 55 %

struct ChainCase {
  std::vector<double> strikes, sigmas, puts, calls;
  static constexpr double years = 0.5, rate = 0.05, yield = 0.01, spot = 100.0;
};
const ChainCase& chain_case() {
  static const ChainCase made = [] {
    ChainCase c;
    for (int i = 0; i < 40; ++i) {
      c.strikes.push_back(70.0 + 1.6 * i);
      c.sigmas.push_back(0.2 + 0.35 * std::fabs(i - 25.0) / 25.0);
      const auto price = [&](OptionType type) {
        return american_price<AmericanLevel<24, 48, 10, 101>>(
                   {type, c.spot, c.strikes.back(), c.years, c.rate, c.yield, c.sigmas.back()})
            .price;
      };
      c.puts.push_back(price(OptionType::put));
      c.calls.push_back(price(OptionType::call));
    }
    return c;
  }();
  return made;
}

template <class Level>
void chain_of_80(benchmark::State& state) {
  const ChainCase& c = chain_case();
  std::vector<double> puts(40), calls(40);
  for (auto _ : state) {
    const auto both =
        AmericanChain<Level>::both_rights({OptionType::put, c.spot, c.years, c.rate, c.yield}, seen_range);
    both.puts.prices(c.strikes, c.sigmas, puts);
    both.calls.prices(c.strikes, c.sigmas, calls);
    benchmark::DoNotOptimize(puts.data());
    benchmark::DoNotOptimize(calls.data());
  }
  double worst = 0.0;
  for (std::size_t i = 0; i < 40; ++i)
    worst = std::max({worst, std::fabs(puts[i] - c.puts[i]), std::fabs(calls[i] - c.calls[i])});
  state.counters["error"] = worst;
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * 80);
  if (!(worst < 1e-3)) state.SkipWithError("wrong answer");
}
BENCHMARK(chain_of_80<QuickLevel>)
    ->Name("chain of 40 strikes, both types/Alaris, quick")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(chain_of_80<FastLevel>)->Name("chain of 40 strikes, both types/Alaris, fast")->Unit(benchmark::kMicrosecond);

template <class Level>
void implied_chain(benchmark::State& state) {
  const ChainCase& c = chain_case();
  std::vector<double> sigmas(40);
  for (auto _ : state) {
    AmericanChain<Level>({OptionType::put, c.spot, c.years, c.rate, c.yield}, seen_range)
        .implied(c.strikes, c.puts, sigmas);
    benchmark::DoNotOptimize(sigmas.data());
  }
  double worst = 0.0;
  for (std::size_t i = 0; i < 40; ++i) worst = std::max(worst, std::fabs(sigmas[i] - c.sigmas[i]));
  state.counters["error"] = worst;
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * 40);
  if (!(worst < 1e-4)) state.SkipWithError("wrong answer");
}
BENCHMARK(implied_chain<FastLevel>)
    ->Name("implied volatility of a put chain/Alaris, fast")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(implied_chain<AccurateLevel>)
    ->Name("implied volatility of a put chain/Alaris, accurate")
    ->Unit(benchmark::kMicrosecond);

const std::array<CashDividend, 2> two_dividends{{{91.0 / 365.0, 2.0}, {274.0 / 365.0, 2.0}}};
constexpr AmericanInputs with_dividends{OptionType::put, 100.0, 100.0, 1.0, 0.05, 0.0, 0.3};
double dividend_truth() {
  static const double truth = american_with_dividends<AmericanGrid<4001, 1600>>(with_dividends, two_dividends).price;
  return truth;
}

template <class Resolution>
void cash_dividends(benchmark::State& state) {
  double price = 0.0;
  for (auto _ : state) {
    price = american_with_dividends<Resolution>(with_dividends, two_dividends).price;
    benchmark::DoNotOptimize(&price);
  }
  state.counters["error"] = std::fabs(price - dividend_truth());
}
BENCHMARK(cash_dividends<AmericanGrid<51, 12>>)
    ->Name("put with two cash dividends/Alaris, 51 x 12")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(cash_dividends<AmericanGrid<101, 24>>)
    ->Name("put with two cash dividends/Alaris, 101 x 24")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(cash_dividends<ProductionGrid>)
    ->Name("put with two cash dividends/Alaris, 201 x 48")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(cash_dividends<AmericanGrid<401, 96>>)
    ->Name("put with two cash dividends/Alaris, 401 x 96")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(cash_dividends<AmericanGrid<801, 192>>)
    ->Name("put with two cash dividends/Alaris, 801 x 192")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(cash_dividends<AmericanGrid<1001, 240>>)
    ->Name("put with two cash dividends/Alaris, 1001 x 240")
    ->Unit(benchmark::kMicrosecond);

template <class Resolution>
void dividend_chain(benchmark::State& state) {
  const ChainCase& c = chain_case();
  std::vector<AmericanValue> values(c.strikes.size());
  for (auto _ : state) {
    american_dividend_chain<Resolution>({OptionType::put, 100.0, 1.0, 0.05, 0.0}, {.dividends = two_dividends},
                                        c.strikes, c.sigmas, values);
    benchmark::DoNotOptimize(values.data());
  }
  double worst = 0.0;
  for (std::size_t i = 0; i < values.size(); i += 8) {
    const AmericanInputs in{OptionType::put, 100.0, c.strikes[i], 1.0, 0.05, 0.0, c.sigmas[i]};
    worst =
        std::max(worst, std::fabs(values[i].price - american_with_dividends<ReferenceGrid>(in, two_dividends).price));
  }
  state.counters["error"] = worst;
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * 40);
  if (!(worst < 0.02)) state.SkipWithError("wrong answer");
}
BENCHMARK(dividend_chain<AmericanGrid<101, 24>>)
    ->Name("chain with two cash dividends/Alaris, 101 x 24")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(dividend_chain<ProductionGrid>)
    ->Name("chain with two cash dividends/Alaris, 201 x 48")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(dividend_chain<AmericanGrid<801, 192>>)
    ->Name("chain with two cash dividends/Alaris, 801 x 192")
    ->Unit(benchmark::kMicrosecond);

/// Puts at rates from -4.5 to -0.5 % under yields from -5 %, where QuantLib refuses.
template <class Level>
void two_boundaries(benchmark::State& state) {
  static const Grid negative = [] {
    Grid g;
    for (const int days : {30, 91, 182, 365})
      for (const double yield : {-0.01, -0.02, -0.035, -0.05})
        for (const double ratio : {0.2, 0.5, 0.8})
          for (const double sigma : {0.1, 0.2, 0.3, 0.5})
            for (const double spot : {80.0, 95.0, 100.0, 105.0, 120.0})
              g.options.push_back({OptionType::put, spot, 100.0, days / 365.0, ratio * yield, yield, sigma});
    for (const AmericanInputs& in : g.options) g.truth.push_back(american_price<ReferenceLevel>(in).price);
    return g;
  }();
  std::vector<double> prices(negative.options.size());
  for (auto _ : state) {
    american_prices<Level>(negative.options, prices);
    benchmark::DoNotOptimize(prices.data());
  }
  double worst = 0.0;
  for (std::size_t i = 0; i < prices.size(); ++i)
    worst = std::max(worst, std::fabs(prices[i] - negative.truth[i]) / 100.0);
  state.counters["error"] = worst;
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(prices.size()));
  if (!(worst < 3e-5)) state.SkipWithError("wrong answer");
}
BENCHMARK(two_boundaries<QuickLevel>)->Name("two boundaries/Alaris, quick")->Unit(benchmark::kMillisecond);
BENCHMARK(two_boundaries<FastLevel>)->Name("two boundaries/Alaris, fast")->Unit(benchmark::kMillisecond);

#ifdef ALARIS_BENCH_QUANTLIB
namespace ql = QuantLib;

/// One process whose quotes move, as a QuantLib program that cares about speed would hold it.
struct Peer {
  ql::Date today{2, ql::May, 2024};
  ql::ext::shared_ptr<ql::SimpleQuote> spot = quote(), rate = quote(), yield = quote(), sigma = quote();
  ql::ext::shared_ptr<ql::BlackScholesMertonProcess> process;
  static ql::ext::shared_ptr<ql::SimpleQuote> quote() { return ql::ext::make_shared<ql::SimpleQuote>(0.1); }
  Peer() {
    ql::Settings::instance().evaluationDate() = today;
    const ql::Actual365Fixed days;
    const auto curve = [&](const auto& level) {
      return ql::Handle<ql::YieldTermStructure>(
          ql::ext::make_shared<ql::FlatForward>(today, ql::Handle<ql::Quote>(level), days));
    };
    process = ql::ext::make_shared<ql::BlackScholesMertonProcess>(
        ql::Handle<ql::Quote>(spot), curve(yield), curve(rate),
        ql::Handle<ql::BlackVolTermStructure>(
            ql::ext::make_shared<ql::BlackConstantVol>(today, ql::NullCalendar(), ql::Handle<ql::Quote>(sigma), days)));
  }
  ql::VanillaOption option(const AmericanInputs& in) {
    spot->setValue(in.spot);
    rate->setValue(in.rate);
    yield->setValue(in.yield);
    sigma->setValue(in.volatility);
    return {ql::ext::make_shared<ql::PlainVanillaPayoff>(
                in.type == OptionType::put ? ql::Option::Put : ql::Option::Call, in.strike),
            ql::ext::make_shared<ql::AmericanExercise>(today, today + static_cast<int>(std::lround(in.years * 365)))};
  }
};

void quantlib(benchmark::State& state, const ql::ext::shared_ptr<ql::QdFpIterationScheme>& scheme, std::size_t every) {
  Peer peer;
  const auto engine = ql::ext::make_shared<ql::QdFpAmericanEngine>(peer.process, scheme);
  std::vector<double> prices(grid().options.size() / every);
  for (auto _ : state)
    for (std::size_t i = 0; i < prices.size(); ++i) {
      ql::VanillaOption option = peer.option(grid().options[i * every]);
      option.setPricingEngine(engine);
      prices[i] = option.NPV();
    }
  report(state, prices, 1e-2, every);
}
void quantlib_qdfp_fast(benchmark::State& state) {
  quantlib(state, ql::QdFpAmericanEngine::fastScheme(), 1);
}
void quantlib_qdfp_accurate(benchmark::State& state) {
  quantlib(state, ql::QdFpAmericanEngine::accurateScheme(), 7);
}
BENCHMARK(quantlib_qdfp_fast)->Name("puts/QuantLib QdFp, fast")->Unit(benchmark::kMillisecond);
BENCHMARK(quantlib_qdfp_accurate)->Name("puts/QuantLib QdFp, accurate")->Unit(benchmark::kMillisecond);

void quantlib_implied_volatility(benchmark::State& state) {
  Peer peer;
  const ChainCase& c = chain_case();
  double sigma = 0.0;
  for (auto _ : state) {
    ql::VanillaOption option =
        peer.option({OptionType::put, c.spot, c.strikes[20], 182.0 / 365.0, c.rate, c.yield, 0.3});
    benchmark::DoNotOptimize(sigma = option.impliedVolatility(c.puts[20], peer.process, 1e-6));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(quantlib_implied_volatility)
    ->Name("implied volatility of a put chain/QuantLib impliedVolatility")
    ->Unit(benchmark::kMicrosecond);

void quantlib_bracketing_qdfp(benchmark::State& state) {
  Peer peer;
  const ChainCase& c = chain_case();
  const auto engine = ql::ext::make_shared<ql::QdFpAmericanEngine>(peer.process, ql::QdFpAmericanEngine::fastScheme());
  for (auto _ : state) {
    ql::VanillaOption option =
        peer.option({OptionType::put, c.spot, c.strikes[20], 182.0 / 365.0, c.rate, c.yield, 0.3});
    option.setPricingEngine(engine);
    double low = 0.01, high = 2.0, at_low = -1.0, at_high = 1.0, sigma = 0.3;
    for (int i = 0; i < 60 && high - low > 1e-6; ++i) {  // regula falsi, Illinois
      peer.sigma->setValue(sigma);
      const double gap = option.NPV() - c.puts[20];
      if (std::fabs(gap) < 1e-8) break;
      if (gap < 0.0) {
        low = sigma;
        at_low = gap;
        at_high *= 0.5;
      } else {
        high = sigma;
        at_high = gap;
        at_low *= 0.5;
      }
      sigma = (low * at_high - high * at_low) / (at_high - at_low);
    }
    benchmark::DoNotOptimize(sigma);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(quantlib_bracketing_qdfp)
    ->Name("implied volatility of a put chain/QuantLib QdFp, bracketed")
    ->Unit(benchmark::kMicrosecond);

void quantlib_cash_dividends(benchmark::State& state) {
  Peer peer;
  peer.option(with_dividends);
  const auto size = static_cast<ql::Size>(state.range(0));
  ql::DividendVanillaOption option(ql::ext::make_shared<ql::PlainVanillaPayoff>(ql::Option::Put, 100.0),
                                   ql::ext::make_shared<ql::AmericanExercise>(peer.today, peer.today + 365),
                                   {peer.today + 91, peer.today + 274}, {2.0, 2.0});
  option.setPricingEngine(ql::ext::make_shared<ql::FdBlackScholesVanillaEngine>(peer.process, size, size));
  double price = 0.0;
  for (auto _ : state) {
    option.recalculate();
    benchmark::DoNotOptimize(price = option.NPV());
  }
  state.counters["error"] = std::fabs(price - dividend_truth());
}
BENCHMARK(quantlib_cash_dividends)
    ->Name("put with two cash dividends/QuantLib, 400 x 400")
    ->Arg(400)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(quantlib_cash_dividends)
    ->Name("put with two cash dividends/QuantLib, 800 x 800")
    ->Arg(800)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(quantlib_cash_dividends)
    ->Name("put with two cash dividends/QuantLib, 1600 x 1600")
    ->Arg(1600)
    ->Unit(benchmark::kMicrosecond);
#endif

}  // namespace

int main(int argc, char** argv) {
  return bench::main(argc, argv);
}
