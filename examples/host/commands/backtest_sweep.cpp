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
#include "commands/rows.hpp"
#include "commands/run_request.hpp"
#include "sources/file_bytes.hpp"
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

void print_sweep(const std::vector<Axis>& axes, const std::vector<Variant>& grid,
                 const std::vector<BacktestSummary>& summaries, const std::optional<std::size_t>& best,
                 const Session& session) {
  using enum Align;
  std::vector<TableColumn> columns;
  for (const Axis& axis : axes) columns.push_back({axis.key, right});
  for (const TableColumn& column : {TableColumn{"trades", right},
                                    {"net P&L", right},
                                    {"per trade", right, 2},
                                    {"95 % bootstrap", right, 4},
                                    {"on risk %", right, 3},
                                    {"Sharpe", right, 1},
                                    {"P(>0)", right, 2},
                                    {""}})
    columns.push_back(column);
  TextTable table(std::move(columns));
  for (std::size_t i = 0; i < grid.size(); ++i) {
    const BacktestSummary& s = summaries[i];
    std::vector<std::string> cells = grid[i].values;
    for (std::string& figure : std::vector<std::string>{
             std::to_string(s.traded), number(s.net_pnl.dollars(), 2), number(s.trades.pnl.mean, 2),
             std::isfinite(s.mean_trade.lower) ? fmt::format("{:.2f} to {:.2f}", s.mean_trade.lower, s.mean_trade.upper)
                                               : "",
             number(100 * s.return_on_risk.mean, 1), number(s.equity.sharpe, 2), number(s.real_edge, 3),
             best == i ? "best" : ""})
      cells.push_back(std::move(figure));
    table.add(std::move(cells));
  }
  print_table(table, session);
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
        const KeptVariants kept{options.keep, data_fingerprint(notes),
                                options.keep.empty() ? 0 : fingerprint(read_file("/proc/self/exe"))};
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
        print_sweep(axes, grid, summaries, best, session);
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

/// Windows, and the mean trade of all of them together with its bootstrap interval.
void print_walk(const Json& rows, const std::vector<double>& outside, const Money& total, const MarketNotes& notes,
                OutputFormat format, const Session& session) {
  const MeanEstimate mean = estimate_mean(outside);
  const BootstrapInterval interval = bootstrap_mean(outside);
  if (format == OutputFormat::json) {
    const Json out{{"schema", "alaris/walkforward/1"},
                   {"source", notes.source},
                   {"labels", notes.labels},
                   {"windows", rows},
                   {"outside",
                    {{"trades", outside.size()},
                     {"net_pnl", to_string(total)},
                     {"pnl_per_trade", json_number(mean.mean)},
                     {"bootstrap_low", json_number(interval.lower)},
                     {"bootstrap_high", json_number(interval.upper)}}}};
    return fmt::print("{}\n", out.dump(2));
  }
  if (format == OutputFormat::csv) {
    fmt::print("train_start,test_start,test_end,chosen,train_return_on_risk,trades,net_pnl,return_on_risk\n");
    for (const Json& row : rows) {
      const auto word = [&](const char* key) { return row[key].get<std::string>(); };
      const auto figure = [&](const char* key) { return row[key].is_null() ? "" : csv_number(row[key].get<double>()); };
      fmt::print("{}", csv_row({word("train_start"), word("test_start"), word("test_end"), csv_field(word("chosen")),
                                figure("train_return_on_risk"), std::to_string(row["trades"].get<int>()),
                                word("net_pnl"), figure("return_on_risk")}));
    }
    return;
  }
  using enum Align;
  TextTable table({{"train from", left, 2},
                   {"test from"},
                   {"test to", left, 1},
                   {"train, risk %", right, 3},
                   {"test, risk %", right, 3},
                   {"trades", right},
                   {"net P&L", right},
                   {"chosen"}});
  for (const Json& row : rows) {
    const auto word = [&](const char* key) { return row[key].get<std::string>(); };
    const auto percent = [&](const char* key) {
      return row[key].is_null() ? "" : number(100 * row[key].get<double>(), 1);
    };
    table.add({word("train_start"), word("test_start"), word("test_end"), percent("train_return_on_risk"),
               percent("return_on_risk"), std::to_string(row["trades"].get<int>()), word("net_pnl"), word("chosen")});
  }
  print_table(table, session);
  fmt::print("\noutside the training windows: {} trades, net {:.2f}, {} a trade", outside.size(), total.dollars(),
             number(mean.mean, 2));
  if (std::isfinite(interval.lower)) fmt::print(" [95 % bootstrap: {:.2f} to {:.2f}]", interval.lower, interval.upper);
  fmt::print("\n");
}

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
  with_market(request.market, config.settings, request.symbols, request.start, request.end,
              [&](const auto& source, const MarketNotes& notes) {
                const AnyMarket market(source);
                if (ranks.leads()) print_notes(notes, session, options.format);
                Json rows = Json::array();
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
                  rows.push_back({{"train_start", to_string(window.train_start)},
                                  {"test_start", to_string(window.test_start)},
                                  {"test_end", to_string(window.test_end)},
                                  {"chosen", chosen},
                                  {"train_return_on_risk", json_number(in_sample)},
                                  {"trades", s.traded},
                                  {"net_pnl", to_string(s.net_pnl)},
                                  {"return_on_risk", json_number(s.return_on_risk.mean)}});
                }
                if (ranks.leads()) print_walk(rows, outside, total, notes, options.format, session);
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
  add_format_option(*walkforward, walk->format);
  walkforward->callback([walk, &session] { walkforward_command(*walk, session); });
}

}  // namespace alaris::host
