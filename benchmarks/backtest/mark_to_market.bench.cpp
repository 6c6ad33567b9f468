// SPDX-License-Identifier: Apache-2.0
// What: a book marked against stored chains in columns: at the quotes, with European volatilities and Greeks, with
// American ones. Why: every session of a backtest does it. Input: simulated closing chains of four names, three
// sessions a month for two years, quotes rounded to ticks; a position in every seventh option. The plain mark reads
// columns four times as long, larger than any cache. Each contender's answer is checked against the quote structures or
// the scalar functions before its time counts; the error is relative for the book, of the repriced mids in dollars for
// European, and against american_price alone in dollars for American.
#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include <alaris/backtest/chain_columns.hpp>
#include <alaris/market/rates.hpp>
#include <alaris/simulation/market.hpp>

#include "../support/ratios.hpp"

namespace {

using namespace alaris;

struct Given {
  std::vector<std::shared_ptr<const OptionChain>> chains;
  std::vector<double> rates;  // of the chains
  ChainColumns columns;
  std::vector<double> contracts;       // of the columns
  std::vector<double> bid, ask, held;  // the same, repeated
};

const Given& given() {
  static const Given made = [] {
    SimulationParameters parameters;
    parameters.first_session = make_date(2018, 1, 2);
    parameters.last_session = make_date(2020, 12, 31);
    const SimulatedMarket market(parameters, {"ACME", "BOLT", "CORK", "DUNE"});
    const TradingCalendar calendar = TradingCalendar::nyse();
    Given g;
    int session = 0;
    for (Date day = make_date(2019, 1, 2); day <= make_date(2020, 12, 31); day = calendar.next_session(day))
      if (session++ % 7 == 0)
        for (const std::string& symbol : market.symbols()) g.chains.push_back(market.chain(symbol, day));
    for (const auto& chain : g.chains) {
      g.rates.push_back(short_rate(market.rates(), chain->date()));
      g.columns.add(*chain, g.rates.back(), 0.0, calendar);
    }
    for (std::size_t i = 0; i < g.columns.size(); ++i)
      g.contracts.push_back(i % 7 == 0 ? static_cast<double>(static_cast<int>(i % 5) - 2) : 0.0);
    for (int copy = 0; copy < 16; ++copy) {
      g.bid.insert(g.bid.end(), g.columns.bid().begin(), g.columns.bid().end());
      g.ask.insert(g.ask.end(), g.columns.ask().begin(), g.columns.ask().end());
      g.held.insert(g.held.end(), g.contracts.begin(), g.contracts.end());
    }
    return g;
  }();
  return made;
}

/// The same book, option by option through the chains' own structures.
double by_structures(const Given& g) {
  double value = 0.0;
  std::size_t row = 0;
  const TradingCalendar calendar = TradingCalendar::nyse();
  for (const auto& chain : g.chains)
    for (const Date expiry : chain->expiries()) {
      if (!(last_trading_instant(expiry, calendar) > calendar.close(chain->date()))) continue;
      for (const OptionType right : {OptionType::put, OptionType::call})
        for (const OptionQuote& quote : chain->of_expiry(expiry)) {
          if (quote.contract.type != right) continue;
          const double held = g.contracts[row++];
          if (can_buy(quote)) value += held * (held > 0.0 ? quote.bid : quote.ask);
        }
    }
  return value;
}

void plain(benchmark::State& state) {
  const Given& g = given();
  const double expected = 16.0 * by_structures(g), found = mark_to_market(g.bid, g.ask, g.held).executable;
  for (auto _ : state) benchmark::DoNotOptimize(mark_to_market(g.bid, g.ask, g.held));
  bench::answer(state, g.bid.size(), std::fabs(found / expected - 1.0), 1e-11);
}

void plain_by_structures(benchmark::State& state) {
  const Given& g = given();
  for (auto _ : state) benchmark::DoNotOptimize(by_structures(g));
  bench::answer(state, g.columns.size(), 0.0, 0.0);
}

void european(benchmark::State& state) {
  const Given& g = given();
  const std::size_t n = g.columns.size();
  std::vector<double> column[8];
  for (auto& one : column) one.resize(n);
  const MarkColumns out{column[0], column[1], {column[2], column[3], column[4], column[5], column[6], column[7]}};
  for (auto _ : state) {
    european_marks(g.columns, out);
    benchmark::ClobberMemory();
  }
  double worst = 0.0;
  std::size_t answered = 0;
  for (std::size_t i = 0; i < n; ++i)
    if (out.volatility[i] == out.volatility[i]) {
      worst = std::max(worst, std::fabs(out.greeks.price[i] - out.mid[i]));
      ++answered;
    }
  state.counters["with volatility"] = static_cast<double>(answered) / static_cast<double>(n);
  bench::answer(state, n, worst, 1e-9);
}

void american(benchmark::State& state) {
  const Given& g = given();
  ChainColumns few;
  for (std::size_t i = 0; i < g.chains.size(); i += 24) few.add(*g.chains[i], g.rates[i], 0.0, TradingCalendar::nyse());
  const std::size_t n = few.size();
  std::vector<double> column[5];
  for (auto& one : column) one.resize(n);
  const AmericanMarkColumns out{column[0], column[1], column[2], column[3], column[4]};
  for (auto _ : state) {
    american_marks(few, out);
    benchmark::ClobberMemory();
  }
  double worst = 0.0;
  std::size_t answered = 0;
  for (const ColumnSlice& s : few.slices())
    for (std::size_t i = s.begin; i < s.end; ++i)
      if (out.volatility[i] == out.volatility[i]) {
        ++answered;
        const double price =
            american_price({few.type()[i], s.spot, few.strike()[i], s.years, s.rate, s.yield, out.volatility[i]}).price;
        worst = std::max(worst, std::fabs(price - out.mid[i]));
      }
  state.counters["with volatility"] = static_cast<double>(answered) / static_cast<double>(n);
  state.counters["an expiry"] = static_cast<double>(n) / static_cast<double>(few.slices().size());
  bench::answer(state, n, worst, 5e-3);
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::RegisterBenchmark("mark at the quotes/Alaris columns", plain)->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("mark at the quotes/chain structures", plain_by_structures)
      ->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("European volatility and 5 Greeks/Alaris", european)->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("American volatility and 3 Greeks/Alaris", american)->Unit(benchmark::kMillisecond);
  return bench::main(argc, argv);
}
