// SPDX-License-Identifier: Apache-2.0
// `backtest sweep` and `backtest walkforward`: the strategy over a grid of configuration values, on all cores, and what
// the best of the grid is worth when it is judged on data that did not choose it.
#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alaris/backtest/summary.hpp>

#include "commands/market_notes.hpp"
#include "commands/parameter_grid.hpp"
#include "commands/run_request.hpp"
#include "store/decision_json.hpp"
#include "store/run_folder.hpp"
#include "text/csv.hpp"

namespace alaris::host {
namespace {

using Json = nlohmann::ordered_json;

struct SweepOptions : RunWords {
  std::vector<std::string> parameters;
  int threads = 0;  // 0: as many as the machine has
  int train_days = 730;
  int test_days = 365;
  std::string out;
  std::string keep;
  bool each_symbol = false;
  OutputFormat format = OutputFormat::table;
};

/// By the mean return on capital at risk of a trade; a variant that hardly traded cannot be best.
std::optional<std::size_t> best_of(const std::vector<BacktestSummary>& summaries, std::size_t least_trades) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < summaries.size(); ++i)
    if (summaries[i].return_on_risk.count >= least_trades &&
        (!best || summaries[i].return_on_risk.mean > summaries[*best].return_on_risk.mean))
      best = i;
  return best;
}

std::string number(double value, int digits) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, digits) : "";
}

double deflated(const std::vector<BacktestSummary>& summaries, std::size_t best) {
  std::vector<double> tried;
  for (const BacktestSummary& s : summaries)
    tried.push_back(std::isfinite(s.record.daily_sharpe) ? s.record.daily_sharpe : 0.0);
  return deflated_sharpe(summaries[best].record, tried);
}

std::vector<std::string> figures_of(const BacktestSummary& s) {
  return {std::to_string(s.traded),       to_string(s.net_pnl),           csv_number(s.trades.pnl.mean),
          csv_number(s.mean_trade.lower), csv_number(s.mean_trade.upper), csv_number(s.return_on_risk.mean),
          csv_number(s.equity.sharpe),    csv_number(s.real_edge),        csv_number(s.equity.max_drawdown)};
}
constexpr std::string_view figure_names[] = {"trades",        "net_pnl",           "pnl_per_trade",
                                             "bootstrap_low", "bootstrap_high",    "return_on_risk",
                                             "sharpe",        "sharpe_above_zero", "max_drawdown"};

std::string sweep_csv(const std::vector<Axis>& axes, const std::vector<Variant>& grid,
                      const std::vector<BacktestSummary>& summaries) {
  std::vector<std::string> cells;
  for (const Axis& axis : axes) cells.push_back(csv_field(axis.key));
  for (const std::string_view name : figure_names) cells.emplace_back(name);
  std::string out = csv_row(cells);
  for (std::size_t i = 0; i < grid.size(); ++i) {
    cells.clear();
    for (const std::string& value : grid[i].values) cells.push_back(csv_field(value));
    for (std::string& figure : figures_of(summaries[i])) cells.push_back(std::move(figure));
    out += csv_row(cells);
  }
  return out;
}

void sweep_command(const SweepOptions& options, const Session& session) {
  Ranks ranks;
  const ResolvedConfig config = session.config();
  const RunRequest request = read_words(options);
  const ParameterGrid swept = read_grid(options.parameters, request.symbols, options.each_symbol, session);
  const std::vector<Axis>& axes = swept.axes;
  const std::vector<Variant>& grid = swept.variants;
  with_market(
      request.market, config.settings, request.symbols, request.start, request.end,
      [&](const auto& market, const MarketNotes& notes) {
        const KeptVariants kept{options.keep, data_fingerprint(notes)};
        const auto summaries = run_grid(AnyMarket(market), request, swept, options.threads, kept, ranks, session);
        if (!ranks.leads()) return;
        print_notes(notes, session, options.format);
        const std::string csv = sweep_csv(axes, grid, summaries);
        if (!options.out.empty()) write_whole(options.out, csv);
        const auto best = best_of(summaries, 2);
        if (options.format == OutputFormat::csv) return fmt::print("{}", csv);
        if (options.format == OutputFormat::json) {
          Json rows = Json::array();
          for (std::size_t i = 0; i < grid.size(); ++i) {
            Json row = Json::object();
            for (std::size_t a = 0; a < axes.size(); ++a) row["parameters"][axes[a].key] = grid[i].values[a];
            row["trades"] = summaries[i].traded;
            row["net_pnl"] = to_string(summaries[i].net_pnl);
            row["return_on_risk"] = json_number(summaries[i].return_on_risk.mean);
            row["sharpe"] = json_number(summaries[i].equity.sharpe);
            row["sharpe_above_zero_probability"] = json_number(summaries[i].real_edge);
            rows.push_back(std::move(row));
          }
          const Json out{{"schema", "alaris/sweep/1"},
                         {"source", notes.source},
                         {"labels", notes.labels},
                         {"variants", std::move(rows)},
                         {"best", best ? Json(*best) : Json(nullptr)},
                         {"deflated_sharpe_probability", json_number(best ? deflated(summaries, *best) : not_known)}};
          return fmt::print("{}\n", out.dump(2));
        }
        for (const Axis& axis : axes) fmt::print("{:>{}}  ", axis.key, std::max<std::size_t>(8, axis.key.size()));
        fmt::print("{:>7}{:>12}{:>12}{:>22}{:>10}{:>9}{:>9}\n", "trades", "net P&L", "per trade", "95 % bootstrap",
                   "on risk %", "Sharpe", "P(>0)");
        for (std::size_t i = 0; i < grid.size(); ++i) {
          const BacktestSummary& s = summaries[i];
          for (std::size_t a = 0; a < axes.size(); ++a)
            fmt::print("{:>{}}  ", grid[i].values[a], std::max<std::size_t>(8, axes[a].key.size()));
          fmt::print("{:>7}{:>12}{:>12}{:>22}{:>10}{:>9}{:>9}{}\n", s.traded, number(s.net_pnl.dollars(), 2),
                     number(s.trades.pnl.mean, 2),
                     std::isfinite(s.mean_trade.lower)
                         ? fmt::format("{:.2f} to {:.2f}", s.mean_trade.lower, s.mean_trade.upper)
                         : "",
                     number(100 * s.return_on_risk.mean, 1), number(s.equity.sharpe, 2), number(s.real_edge, 3),
                     best == i ? "  best" : "");
        }
        if (best)
          fmt::print("\nthe best of {} variants beats luck with probability {} (deflated Sharpe ratio)\n", grid.size(),
                     number(deflated(summaries, *best), 3));
        else
          fmt::print("\nno variant made two trades: nothing can be compared\n");
      });
}

struct Window {
  Date train_start, test_start, test_end;
};

void walkforward_command(const SweepOptions& options, const Session& session) {
  Ranks ranks;
  const ResolvedConfig config = session.config();
  const RunRequest request = read_words(options);
  const ParameterGrid swept = read_grid(options.parameters, request.symbols, options.each_symbol, session);
  const std::vector<Axis>& axes = swept.axes;
  const std::vector<Variant>& grid = swept.variants;
  std::vector<Window> windows;
  using std::chrono::days;
  for (Date from = request.start; from + days(options.train_days) <= request.end; from += days(options.test_days)) {
    const Date test = from + days(options.train_days);
    windows.push_back({from, test, std::min(test + days(options.test_days - 1), request.end)});
  }
  if (windows.empty())
    throw HostError(ExitCode::usage, fmt::format("--train-days: {} days leave nothing to test", options.train_days));
  with_market(
      request.market, config.settings, request.symbols, request.start, request.end,
      [&](const auto& source, const MarketNotes& notes) {
        const AnyMarket market(source);
        if (ranks.leads()) print_notes(notes, session, options.format);
        if (!ranks.leads()) {
          // nothing to print: the head of the table is rank 0's
        } else if (options.format == OutputFormat::csv)
          fmt::print("train_start,test_start,test_end,chosen,train_return_on_risk,trades,net_pnl,return_on_risk\n");
        else
          fmt::print("{:<12}{:<12}{:<12}{:>14}{:>14}{:>8}{:>12}  {}\n", "train from", "test from", "test to",
                     "train, risk %", "test, risk %", "trades", "net P&L", "chosen");
        std::vector<double> outside;
        Money total;
        for (const Window& window : windows) {
          RunRequest train = request, test = request;
          train.start = window.train_start;
          train.end = window.test_start - days(1);
          test.start = window.test_start;
          test.end = window.test_end;
          const auto trained = run_grid(market, train, swept, options.threads, {}, ranks, session);
          if (!ranks.leads()) continue;
          const auto best = best_of(trained, 2);
          std::string chosen = "none traded twice";
          BacktestResult result;
          if (best) {
            chosen.clear();
            for (std::size_t a = 0; a < axes.size(); ++a)
              chosen += (a ? " " : "") + axes[a].key + "=" + grid[*best].values[a];
            const BacktestSettings settings = test.settings(grid[*best].settings);
            result = run_backtest(market, test.symbols, TradingCalendar::nyse(), settings, [](int, int) {});
          }
          const BacktestSummary s = summarise(result);
          for (const TradeRecord& trade : result.trades) outside.push_back(trade.pnl.dollars());
          total += s.net_pnl;
          const double in_sample = best ? trained[*best].return_on_risk.mean : not_known;
          if (options.format == OutputFormat::csv)
            fmt::print(
                "{}", csv_row({to_string(window.train_start), to_string(window.test_start), to_string(window.test_end),
                               csv_field(chosen), csv_number(in_sample), std::to_string(s.traded), to_string(s.net_pnl),
                               csv_number(s.return_on_risk.mean)}));
          else
            fmt::print("{:<12}{:<12}{:<12}{:>14}{:>14}{:>8}{:>12}  {}\n", to_string(window.train_start),
                       to_string(window.test_start), to_string(window.test_end), number(100 * in_sample, 1),
                       number(100 * s.return_on_risk.mean, 1), s.traded, number(s.net_pnl.dollars(), 2), chosen);
        }
        if (options.format == OutputFormat::csv || !ranks.leads()) return;
        const MeanEstimate mean = estimate_mean(outside);
        fmt::print("\noutside the training windows: {} trades, net {:.2f}, {} a trade", outside.size(), total.dollars(),
                   number(mean.mean, 2));
        if (const BootstrapInterval interval = bootstrap_mean(outside); std::isfinite(interval.lower))
          fmt::print(" [95 % bootstrap: {:.2f} to {:.2f}]", interval.lower, interval.upper);
        fmt::print("\n");
      });
}

void add_sweep_options(CLI::App& command, SweepOptions& options) {
  add_run_options(command, options);
  command.add_option("--param", options.parameters, "KEY=LOW:HIGH:STEP or KEY=A|B|C, repeatable");
  command.add_option("--threads", options.threads, "how many at a time (all cores; one a rank under mpirun)")
      ->check(CLI::Range(1, 1024));
}

}  // namespace

void add_backtest_sweep(CLI::App& backtest, Session& session) {
  auto options = std::make_shared<SweepOptions>();
  auto* sweep = backtest.add_subcommand(
      "sweep",
      "Examples:\n  alaris backtest sweep --symbol AAPL,KO,NFLX --start 2020-01-01 --end 2024-12-31 "
      "--param strategy.min_iv_rv=1.1:1.4:0.05\n"
      "  mpirun -n 4 alaris backtest sweep --each-symbol --keep sweep ...\n\n"
      "the strategy over a grid of configuration values; says what the best is worth after all that was tried");
  add_sweep_options(*sweep, *options);
  sweep->add_flag("--each-symbol", options->each_symbol, "an account of its own for every symbol");
  sweep->add_option("--keep", options->keep, "folder of finished variants: a sweep that was broken off goes on there");
  sweep->add_option("--out", options->out, "CSV file with every variant");
  add_format_option(*sweep, options->format);
  sweep->callback([options, &session] { sweep_command(*options, session); });

  auto walk = std::make_shared<SweepOptions>();
  auto* walkforward = backtest.add_subcommand(
      "walkforward",
      "Examples:\n  alaris backtest walkforward --symbol AAPL,KO,NFLX --start 2018-01-01 --end 2024-12-31 "
      "--param strategy.min_iv_rv=1.1:1.4:0.1 --train-days 730 --test-days 365\n\n"
      "chooses the best variant in each training window and trades it in the window after");
  add_sweep_options(*walkforward, *walk);
  walkforward->add_option("--train-days", walk->train_days, "calendar days to choose in (730)")
      ->check(CLI::Range(30, 10000));
  walkforward->add_option("--test-days", walk->test_days, "calendar days to trade in (365)")
      ->check(CLI::Range(7, 10000));
  auto* format = walkforward->add_option("--format", walk->format, "table or csv");
  format->transform(CLI::CheckedTransformer(
                        std::map<std::string, OutputFormat>{{"table", OutputFormat::table}, {"csv", OutputFormat::csv}})
                        .description(""));
  walkforward->callback([walk, &session] { walkforward_command(*walk, session); });
}

}  // namespace alaris::host
