// SPDX-License-Identifier: Apache-2.0
#pragma once
// The market that a command looks at: --source, --quotes and --seed become one object that answers the library's
// market_source concept, recorded or simulated, with the labels that every output of it must carry.

#include <chrono>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <alaris/market/rates.hpp>
#include <alaris/pricing/estimated_quotes.hpp>
#include <alaris/simulation/market.hpp>

#include "commands/backtest_options.hpp"
#include "commands/command.hpp"

namespace alaris::host {

struct MarketOptions {
  std::string source;
  bool estimated_quotes = false;
  int seed = -1;  // negative: the configuration's
};

/// What was opened, for the eyes of a reader.
struct MarketNotes {
  std::string source;
  std::vector<std::string> labels;
  std::vector<FileRead> files;
  std::vector<std::string> warnings;
};

inline void add_market_options(CLI::App& command, MarketOptions& options) {
  command.add_option("--source", options.source,
                     "store, simulated, chains:DIR, lean:DIR, optionsdx:DIR or dolthub:DIR");
  command.add_option("--quotes", options.estimated_quotes, "market, or estimated from volatilities")
      ->type_name("TEXT")
      ->transform(
          CLI::CheckedTransformer(std::map<std::string, bool>{{"market", false}, {"estimated", true}}).description(""));
  command.add_option("--seed", options.seed, "seed of the simulated market")->check(CLI::NonNegativeNumber);
}

/// Without --source: the store when it holds the symbols, else the simulated market; but who has a data key means real
/// data, and there is none stored. Stored and simulated names never meet in one run.
[[nodiscard]] inline SourceName source_of(const MarketOptions& options, const std::vector<std::string>& symbols) {
  if (!options.source.empty()) return parse_source(options.source);
  const StoreHolding holding = store_holding(symbols);
  if (holding == StoreHolding::all) return parse_source("store");
  if (holding == StoreHolding::some)
    throw HostError(ExitCode::data, fmt::format("the store holds some of {} but not all; name a --source, or run "
                                                "'alaris data bootstrap' for the others",
                                                fmt::join(symbols, ", ")));
  const char* key = std::getenv("POLYGON_API_KEY");
  if (key && *key)
    throw HostError(
        ExitCode::data,
        fmt::format("a data key is set but nothing is stored for {}; run 'alaris data bootstrap --symbol {} "
                    "--days 365', or ask for '--source simulated'",
                    fmt::join(symbols, ", "), fmt::join(symbols, ",")));
  return {};
}

/// What weakens every statement about an announcement of this configuration.
[[nodiscard]] inline std::vector<std::string> event_labels(const StrategySettings& strategy) {
  std::string label;
  if (strategy.earnings_date.min_sources < 2) label = "1 source";
  if (strategy.session_source == SessionSource::derived)
    label += std::string(label.empty() ? "" : ", ") + "session derived with hindsight";
  if (label.empty()) return {};
  return {"EVENT DATE: " + label};
}

/// Stops when none of the sessions from `start` to `end` lies in the data.
inline void require_overlap(const LoadedMarket& loaded, const std::vector<std::string>& symbols, Date start, Date end) {
  for (const std::string& symbol : symbols) {
    const auto chains = loaded.market.chains(symbol);
    if (chains.empty()) throw HostError(ExitCode::data, fmt::format("the source holds no chain of {}", symbol));
    if (chains.front()->date() > end || chains.back()->date() < start)
      throw HostError(ExitCode::data, fmt::format("{}: the data covers {} to {}; nothing lies in {} to {}", symbol,
                                                  to_string(chains.front()->date()), to_string(chains.back()->date()),
                                                  to_string(start), to_string(end)));
  }
}

/// The simulated market begins three years before its first usable day, so that past events are known.
[[nodiscard]] inline SimulationParameters simulation_of(const MarketOptions& options, const Settings& settings,
                                                        Date start, Date end) {
  SimulationParameters parameters;
  parameters.seed = static_cast<std::uint64_t>(options.seed >= 0 ? options.seed : settings.simulation.seed);
  parameters.event_premium = settings.simulation.event_premium;
  const Date usable = parameters.first_session + std::chrono::days(3 * 365);
  if (start < usable || end > parameters.last_session)
    throw HostError(ExitCode::data, fmt::format("the simulated market covers {} to {}", to_string(usable),
                                                to_string(parameters.last_session)));
  return parameters;
}

/// Opens the market for [start, end] and returns use(market, notes); `market` lives until `use` returns.
template <class Use>
decltype(auto) with_market(const MarketOptions& options, const Settings& settings,
                           const std::vector<std::string>& symbols, Date start, Date end, Use use) {
  const SourceName source = source_of(options, symbols);
  MarketNotes notes{.source = options.source, .labels = {}, .files = {}, .warnings = {}};
  if (options.source.empty() && source.kind == SourceKind::store) notes.source = "store";
  if (source.kind == SourceKind::simulated) {
    if (options.estimated_quotes)
      throw HostError(ExitCode::usage, "--quotes estimated: the simulated market has quotes");
    const SimulationParameters parameters = simulation_of(options, settings, start, end);
    notes.source = fmt::format("simulated (seed {}, event premium {:g})", parameters.seed, parameters.event_premium);
    notes.labels.push_back("SIMULATED market: no figure here says anything about a real one");
    const SimulatedMarket market(parameters, symbols);
    return use(market, notes);
  }
  if (options.estimated_quotes) notes.labels.push_back("ESTIMATED quotes");
  for (std::string& label : event_labels(settings.strategy)) notes.labels.push_back(std::move(label));
  LoadedMarket loaded = read_source(source, symbols);
  require_overlap(loaded, symbols, start, end);
  notes.files = std::move(loaded.files);
  notes.warnings = std::move(loaded.warnings);
  for (const std::string& symbol : symbols)
    if (!loaded.market.tables(symbol).all()) {
      if (settings.strategy.assume_no_actions)
        notes.labels.push_back("CORPORATE ACTIONS of " + symbol + ": none assumed, the source has no table of them");
      else
        notes.warnings.push_back(symbol +
                                 ": no dividends.csv or splits.csv: whether its contracts are standard is not known "
                                 "and nothing is opened; quality.assume_no_actions counts them as empty");
    }
  if (!loaded.holds_quotes && !options.estimated_quotes)
    notes.warnings.push_back(
        "this source holds no bid and ask: nothing can be traded; --quotes estimated makes stand-ins");
  if (!options.estimated_quotes) return use(std::as_const(loaded.market), notes);
  const auto rates = loaded.market.rates();
  const RecordedMarket market = loaded.market.with_chains([&](const OptionChain& chain) {
    const double rate = short_rate(rates, chain.date());
    return with_estimated_quotes(chain, rate == rate ? rate : 0.0, settings.estimated_quotes);
  });
  return use(market, notes);
}

}  // namespace alaris::host
