// SPDX-License-Identifier: Apache-2.0
#include "commands/parameter_grid.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <numeric>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sources/file_bytes.hpp"
#include "store/decision_json.hpp"
#include "store/run_files.hpp"
#include "store/run_folder.hpp"
#include "text/progress.hpp"

namespace alaris::host {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
constexpr std::size_t most_variants = 10'000;

/// "section.key=low:high:step" or "section.key=a|b|c".
Axis parse_axis(const std::string& text) {
  const auto fail = [&](std::string_view why) {
    return HostError(ExitCode::usage, fmt::format("--param: '{}' {}", text, why));
  };
  const std::size_t equals = text.find('=');
  if (equals == text.npos) throw fail("is not KEY=LOW:HIGH:STEP or KEY=A|B|C");
  Axis axis{.key = text.substr(0, equals), .values = {}};
  std::string rest = text.substr(equals + 1);
  if (axis.key.starts_with("simulation.") || axis.key == "cost.estimated_half_spread_bp")
    throw fail("changes the market, not the strategy; sweep the strategy over one market");
  if (std::count(rest.begin(), rest.end(), ':') != 2) {
    for (std::size_t end = 0; end != rest.npos; rest.erase(0, end + 1)) {
      end = rest.find('|');
      axis.values.push_back(rest.substr(0, end));
      if (end == rest.npos) break;
    }
    return axis;
  }
  double low = 0.0, high = 0.0, step = 0.0;
  char more = 0;
  if (std::sscanf(rest.c_str(), "%lf:%lf:%lf%c", &low, &high, &step, &more) != 3 || !(step > 0.0) || !(high >= low) ||
      !std::isfinite(high - low))
    throw fail("needs numbers LOW <= HIGH and STEP > 0");
  const double count = std::floor((high - low) / step + 1e-9);
  if (count >= static_cast<double>(most_variants)) throw fail("has too many values");
  for (int i = 0; i <= static_cast<int>(count); ++i) axis.values.push_back(fmt::format("{:.12g}", low + i * step));
  return axis;
}

double number_of(const Json& value) {
  return value.is_number() ? value.get<double>() : not_known;
}

/// The figures that a sweep shows and judges by, to the last bit.
Json figures_json(const BacktestSummary& s) {
  return {{"trades", s.traded},
          {"net_pnl", to_string(s.net_pnl)},
          {"pnl_per_trade", json_number(s.trades.pnl.mean)},
          {"bootstrap_low", json_number(s.mean_trade.lower)},
          {"bootstrap_high", json_number(s.mean_trade.upper)},
          {"return_on_risk", json_number(s.return_on_risk.mean)},
          {"return_on_risk_count", s.return_on_risk.count},
          {"sharpe", json_number(s.equity.sharpe)},
          {"sharpe_above_zero", json_number(s.real_edge)},
          {"max_drawdown", json_number(s.equity.max_drawdown)},
          {"returns", s.record.returns},
          {"daily_sharpe", json_number(s.record.daily_sharpe)},
          {"skewness", json_number(s.record.skewness)},
          {"kurtosis", json_number(s.record.kurtosis)}};
}

BacktestSummary read_figures(const Json& f) {
  BacktestSummary s;
  s.traded = f.at("trades").get<int>();
  s.net_pnl = Money::parse(f.at("net_pnl").get<std::string>()).value_or(Money{});
  s.trades.pnl.mean = number_of(f.at("pnl_per_trade"));
  s.mean_trade = {number_of(f.at("bootstrap_low")), number_of(f.at("bootstrap_high"))};
  s.return_on_risk.mean = number_of(f.at("return_on_risk"));
  s.return_on_risk.count = f.at("return_on_risk_count").get<std::size_t>();
  s.equity.sharpe = number_of(f.at("sharpe"));
  s.real_edge = number_of(f.at("sharpe_above_zero"));
  s.equity.max_drawdown = number_of(f.at("max_drawdown"));
  s.record.returns = f.at("returns").get<std::size_t>();
  s.record.daily_sharpe = number_of(f.at("daily_sharpe"));
  s.record.skewness = number_of(f.at("skewness"));
  s.record.kurtosis = number_of(f.at("kurtosis"));
  return s;
}

/// The folder of one finished variant: its name is what the variant is made of.
fs::path place_of(const KeptVariants& kept, const RunRequest& request, const Variant& variant) {
  RunRequest own = request;
  own.symbols = variant.symbols;
  const std::string made_of = request_json(own, variant.settings).dump() +
                              fmt::format("{:016x}{:016x}{:016x}", variant.configuration, kept.data, kept.program);
  return kept.folder / fmt::format("variant-{:016x}", fingerprint(made_of));
}

/// What a run that was broken off had dealt and never got back: "variant,rank,machine" lines.
void tell_unfinished(const fs::path& log, const std::vector<fs::path>& places, const Session& session) {
  std::ifstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(','), second = line.find(',', first + 1);
    if (second == line.npos) continue;
    const std::string name = line.substr(0, first);
    const auto at =
        std::find_if(places.begin(), places.end(), [&](const fs::path& place) { return place.filename() == name; });
    if (at == places.end() || fs::exists(*at) || session.quiet) continue;
    fmt::print(stderr, "note: variant {} was dealt to rank {} on {} and never finished: it is run again\n",
               at - places.begin() + 1, line.substr(first + 1, second - first - 1), line.substr(second + 1));
  }
}

}  // namespace

ParameterGrid read_grid(const std::vector<std::string>& parameters, const std::vector<std::string>& symbols,
                        bool each_symbol, const Session& session) {
  ParameterGrid grid;
  if (each_symbol) grid.axes.push_back({"symbol", symbols});
  for (const std::string& parameter : parameters) grid.axes.push_back(parse_axis(parameter));
  if (grid.axes.empty()) throw HostError(ExitCode::usage, "--param: nothing to vary (or use --each-symbol)");
  std::size_t count = 1;
  for (const Axis& axis : grid.axes) count *= axis.values.size();
  if (count > most_variants)
    throw HostError(ExitCode::usage, fmt::format("--param: {} variants are more than {}", count, most_variants));
  for (std::size_t i = 0; i < count; ++i) {
    Session one = session;
    Variant variant{.values = {}, .symbols = symbols, .settings = {}};
    std::size_t rest = i;
    for (std::size_t a = 0; a < grid.axes.size(); ++a) {
      const Axis& axis = grid.axes[a];
      variant.values.push_back(axis.values[rest % axis.values.size()]);
      rest /= axis.values.size();
      if (each_symbol && a == 0)
        variant.symbols = {variant.values.back()};
      else
        one.assignments.push_back(axis.key + "=" + variant.values.back());
    }
    const ResolvedConfig config = one.config();
    variant.settings = config.settings;
    variant.configuration = fingerprint(config.to_toml());
    grid.variants.push_back(std::move(variant));
  }
  return grid;
}

std::vector<BacktestSummary> run_grid(const AnyMarket& market, const RunRequest& request, const ParameterGrid& grid,
                                      int threads, const KeptVariants& kept, Ranks& ranks, const Session& session) {
  const TradingCalendar calendar = TradingCalendar::nyse();
  std::vector<BacktestSummary> summaries(grid.variants.size());
  std::vector<std::size_t> pieces;
  std::vector<fs::path> places(grid.variants.size());
  std::ofstream log;
  if (ranks.leads() && !kept.folder.empty()) {
    for (std::size_t i = 0; i < places.size(); ++i) places[i] = place_of(kept, request, grid.variants[i]);
    std::error_code error;
    fs::create_directories(kept.folder, error);
    tell_unfinished(kept.folder / "dealt.csv", places, session);
    log.open(kept.folder / "dealt.csv", std::ios::trunc);
    if (!log) throw HostError(ExitCode::data, fmt::format("--keep: {} cannot be written", kept.folder.string()));
  }
  for (std::size_t i = 0; i < grid.variants.size() && ranks.leads(); ++i)
    if (!places[i].empty() && fs::exists(places[i] / "variant.json"))
      summaries[i] = read_figures(Json::parse(read_file(places[i] / "variant.json")).at("figures"));
    else
      pieces.push_back(i);
  const std::size_t found = grid.variants.size() - pieces.size();
  if (ranks.leads() && found > 0 && !session.quiet)
    fmt::print(stderr, "note: {} of {} variants were finished before\n", found, grid.variants.size());

  ProgressLine progress(session.animated() && ranks.leads(), "variants");
  int taken = 0;
  const int total = static_cast<int>(pieces.size());
  Ranks::Sharing sharing;
  sharing.work = [&](std::size_t i) {
    const Variant& variant = grid.variants[i];
    const BacktestSettings settings = request.settings(variant.settings);
    const BacktestResult result = run_backtest(market, variant.symbols, calendar, settings, [](int, int) {});
    return Json{{"figures", figures_json(summarise(result))}, {"trades", trades_csv(result, {})}}.dump();
  };
  sharing.dealt = [&](std::size_t i, int rank) {
    if (log.is_open())
      log << fmt::format("{},{},{}\n", places[i].filename().string(), rank, ranks.machine(rank)) << std::flush;
  };
  sharing.take = [&](std::size_t i, std::string&& answer) {
    const Json made = Json::parse(answer);
    summaries[i] = read_figures(made.at("figures"));
    if (!places[i].empty() && !fs::exists(places[i])) {
      const Variant& variant = grid.variants[i];
      Json parameters = Json::object();
      for (std::size_t a = 0; a < grid.axes.size(); ++a) parameters[grid.axes[a].key] = variant.values[a];
      RunRequest own = request;
      own.symbols = variant.symbols;
      const Json file{{"schema", "alaris/variant/1"},
                      {"parameters", std::move(parameters)},
                      {"request", request_json(own, variant.settings)},
                      {"config_fnv1a64", fmt::format("{:016x}", variant.configuration)},
                      {"data_fnv1a64", fmt::format("{:016x}", kept.data)},
                      {"figures", made.at("figures")}};
      PendingFolder folder(places[i]);
      folder.write("variant.json", file.dump(2) + "\n");
      folder.write("trades.csv", made.at("trades").get<std::string>());
      folder.publish();
    }
    progress.show(++taken, total);
  };
  ranks.share(pieces, threads, sharing);
  if (log.is_open()) {
    log.close();
    std::error_code ignored;
    fs::remove(kept.folder / "dealt.csv", ignored);
  }
  return summaries;
}

}  // namespace alaris::host
