// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a backtest was asked for: the command line of `backtest run`, the `request` of a manifest, and the run itself.

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <alaris/backtest/engine.hpp>
#include <alaris/core/money.hpp>
#include <alaris/market/any_market.hpp>

#include "commands/command.hpp"
#include "commands/market_options.hpp"
#include "text/progress.hpp"

namespace alaris::host {

struct RunRequest {
  std::vector<std::string> symbols;
  Date start{};
  Date end{};
  MarketOptions market;
  Money capital{};
  FillModel fills = FillModel::touch;

  [[nodiscard]] BacktestSettings settings(const Settings& all) const {
    return {.strategy = all.strategy,
            .start = start,
            .end = end,
            .capital = capital,
            .fills = {.model = fills, .legging_chance = all.legging_chance},
            .carry = all.carry};
  }
};

/// The words of a command line that ask for a backtest.
struct RunWords {
  std::string symbols;
  std::string start;
  std::string end;
  MarketOptions market;
  std::string capital = "100000";
  FillModel fills = FillModel::touch;
};

/// Adds --symbol, --start, --end, the market's options, --capital and --fills.
void add_run_options(CLI::App& command, RunWords& words);

/// What the words mean. Throws HostError(usage) naming the option that does not make sense.
[[nodiscard]] RunRequest read_words(const RunWords& words);

/// The request as a manifest keeps it; the seed is the one that was used.
[[nodiscard]] nlohmann::ordered_json request_json(const RunRequest& request, const Settings& settings);

/// Reads it back. Throws HostError(integrity) naming the manifest and the field.
[[nodiscard]] RunRequest read_request(const nlohmann::ordered_json& manifest, const std::string& file);

/// One fingerprint of everything a run reads.
[[nodiscard]] std::uint64_t data_fingerprint(const MarketNotes& notes);

/// The strategy over any market: one round of the progress line.
[[nodiscard]] BacktestResult run_on(const AnyMarket& market, const RunRequest& request, const Settings& settings,
                                    ProgressLine& progress);

}  // namespace alaris::host
