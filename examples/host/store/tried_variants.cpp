// SPDX-License-Identifier: Apache-2.0
#include "store/tried_variants.hpp"

#include <cmath>
#include <exception>
#include <map>

#include <nlohmann/json.hpp>

#include "sources/file_bytes.hpp"
#include "store/run_folder.hpp"

namespace alaris::host {
namespace {

using Json = nlohmann::json;

/// The daily Sharpe ratio of a finished run when it is a variant, by its configuration; 0 where it has none.
void add_variant(const std::filesystem::path& folder, const VariantOf& own, std::map<std::string, double>& sharpes) {
  const Json manifest = Json::parse(read_file(folder / "manifest.json"));
  if (manifest.value("symbols", std::vector<std::string>{}) != own.symbols ||
      manifest.value("start", "") != to_string(own.start) || manifest.value("end", "") != to_string(own.end) ||
      manifest.value("data_fnv1a64", "") != own.data)
    return;
  const Json sharpe = Json::parse(read_file(folder / "metrics.json")).value("sharpe", Json());
  sharpes[manifest.value("config_fnv1a64", "")] = sharpe.is_number() ? sharpe.get<double>() / std::sqrt(252.0) : 0.0;
}

}  // namespace

TriedVariants tried_variants(const std::filesystem::path& runs, const VariantOf& own, const BacktestSummary& summary) {
  std::map<std::string, double> sharpes;
  for (const std::string& id : list_runs(runs)) {
    try {
      add_variant(runs / id, own, sharpes);
    } catch (const std::exception&) {
      continue;  // a run that cannot be read counts for nothing
    }
  }
  const double daily = summary.record.daily_sharpe;
  sharpes[own.configuration] = std::isfinite(daily) ? daily : 0.0;
  std::vector<double> tried;
  for (const auto& [configuration, sharpe] : sharpes) tried.push_back(sharpe);
  return {.known = true, .count = static_cast<int>(tried.size()), .deflated = deflated_sharpe(summary.record, tried)};
}

}  // namespace alaris::host
