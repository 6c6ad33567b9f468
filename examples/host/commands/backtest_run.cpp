// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cmath>
#include <concepts>
#include <filesystem>
#include <memory>

#include <nlohmann/json.hpp>

#include <alaris/backtest/day_quality.hpp>
#include <alaris/backtest/review.hpp>
#include <alaris/backtest/summary.hpp>
#include <alaris/core/version.hpp>

#include "commands/backtest_options.hpp"
#include "commands/command.hpp"
#include "commands/market_options.hpp"
#include "commands/rows.hpp"
#include "commands/run_request.hpp"
#include "report/report.hpp"
#include "sources/file_bytes.hpp"
#include "store/look_ahead.hpp"
#include "store/run_files.hpp"
#include "store/run_folder.hpp"
#include "store/tried_variants.hpp"
#include "text/progress.hpp"

namespace alaris::host {
namespace {

using Json = nlohmann::ordered_json;

struct RunOptions : RunWords {
  std::string out = "./runs";
  OutputFormat format = OutputFormat::table;
};

/// What a run is made of, for the manifest and the report.
struct RunIdentity : MarketNotes {
  RunRequest request;
};

/// Now, and the same as the sortable first part of a run id: "20261123T034509.123Z".
struct RunStamp {
  std::string created;
  std::string sortable;
};

RunStamp stamp_now() {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  RunStamp stamp{.created = to_string(std::chrono::time_point_cast<std::chrono::microseconds>(second)), .sortable = {}};
  for (const char c : stamp.created.substr(0, 19))
    if (c != '-' && c != ':') stamp.sortable += c;
  stamp.sortable += fmt::format(".{:03d}Z", (now - second).count());
  return stamp;
}

std::string compiler() {
#if defined(__clang__)
  return fmt::format("clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
  return fmt::format("gcc {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
}

std::string instruction_set() {
#if defined(__AVX512F__)
  return "avx512";
#elif defined(__AVX2__)
  return "avx2";
#else
  return "baseline";
#endif
}

std::string manifest(const RunIdentity& run, const RunCard& card, const ResolvedConfig& config, std::uint64_t data) {
  Json files = Json::array();
  for (const FileRead& file : run.files)
    files.push_back({{"path", file.path}, {"rows", file.rows}, {"fnv1a64", fmt::format("{:016x}", file.fingerprint)}});
  const Json out{{"schema", "alaris/manifest/1"},
                 {"run_id", card.run_id},
                 {"created", card.created},
                 {"version", ALARIS_VERSION_STRING},
                 {"compiler", compiler()},
                 {"instruction_set", instruction_set()},
                 {"symbols", run.request.symbols},
                 {"start", to_string(run.request.start)},
                 {"end", to_string(run.request.end)},
                 {"capital", to_string(run.request.capital)},
                 {"source", run.source},
                 {"request", request_json(run.request, config.settings)},
                 {"labels", run.labels},
                 {"overrides", config.assignments},
                 {"config_fnv1a64", fmt::format("{:016x}", fingerprint(config.to_toml()))},
                 {"data_fnv1a64", fmt::format("{:016x}", data)},
                 {"files", std::move(files)},
                 {"warnings", run.warnings}};
  return out.dump(2) + "\n";
}

std::string dollars(double amount) {
  return fmt::format("{}${:.2f}", amount < 0 ? "-" : "", std::fabs(amount));
}

void print_table(const RunIdentity& run, const BacktestResult& result, const BacktestSummary& s,
                 const BacktestReview& review, const LookAheadCheck& look_ahead, const std::filesystem::path& folder,
                 const QualityLimits& quality, const Session& session) {
  for (const std::string& label : run.labels) fmt::print("** {} **\n", label);
  fmt::print("{} from {} to {}, source {}\n\n", fmt::join(run.request.symbols, ", "), to_string(run.request.start),
             to_string(run.request.end), run.source);
  TextTable table({{"symbol"},
                   {"event"},
                   {"when", Align::left, 2},
                   {"outcome"},
                   {"decided by"},
                   {"net P&L", Align::right},
                   {"why", Align::left, 1}});
  for (const EventOutcome& e : result.events)
    table.add({e.symbol, to_string(e.date), std::string(name(e.session)), std::string(e.outcome),
               std::string(e.decided_by), e.pnl ? dollars(e.pnl->dollars()) : "", e.reason});
  print_table(table, session);
  if (result.events.empty()) fmt::print("(no announcement is known in this period: there is nothing to decide)\n");
  for (const QualityRecord& day : result.quality)
    if (!day.defect.empty()) fmt::print("\nleft out: {} {}: {}", day.symbol, to_string(day.date), day.defect);
  fmt::print("\n\n{} events: {} traded, {} refused, {} not filled\n", s.events, s.traded, s.refused, s.unfilled);
  if (s.trades.pnl.count > 0) {
    fmt::print("net P&L {} after {} of fees; per trade {}", dollars(s.net_pnl.dollars()), dollars(s.fees.dollars()),
               dollars(s.trades.pnl.mean));
    if (std::isfinite(s.trades.pnl.lower))
      fmt::print(" [95 %: {:.2f} to {:.2f}]", s.trades.pnl.lower, s.trades.pnl.upper);
    fmt::print("\nreturn on capital at risk {:.1f} % a trade", 100 * s.return_on_risk.mean);
    if (const BootstrapInterval& i = review.return_on_risk; std::isfinite(i.lower))
      fmt::print(" [95 % bootstrap: {:.1f} to {:.1f}]{}", 100 * i.lower, 100 * i.upper,
                 i.lower <= 0.0 && i.upper >= 0.0 ? ": no edge is shown" : "");
    const Attribution& a = review.total;
    const std::string parts = fmt::format(
        "made of event volatility {}, base volatility {}, theta {}, gamma over the move {}, delta {}, carry {}, cost "
        "{}; residual {} (marks leave open {})",
        dollars(a.event_volatility), dollars(a.base_volatility), dollars(a.theta), dollars(a.gamma), dollars(a.delta),
        dollars(a.carry), dollars(a.cost), dollars(a.residual), dollars(a.residual_bound));
    fmt::print("\n{}\n", wrapped(parts, terminal_width()));
  }
  if (s.interest != Money{})
    fmt::print("interest on cash {}, in no figure above; final net asset value {}\n", dollars(s.interest.dollars()),
               dollars(s.final_nav.dollars()));
  if (!look_ahead.differences.empty())
    fmt::print("LOOK-AHEAD: {}\n", fmt::join(look_ahead.differences, "; "));
  else if (look_ahead.not_made.empty())
    fmt::print("look-ahead check: nothing changes before {} borders when the future is cut off or made wrong\n",
               look_ahead.borders.size());
  if (result.entries_halted_from)
    fmt::print("no entries after {}: ten trades cost more than one and a half times their budget\n",
               to_string(*result.entries_halted_from));
  if (std::isfinite(s.mean_quality_score))
    fmt::print("data score {:.1f} %: {}\n", 100 * s.mean_quality_score,
               word(quality_grade(s.mean_quality_score, quality)));
  fmt::print("run folder {}\n", folder.string());
}

/// Runs of up to this many names times sessions are checked for look-ahead at once; longer ones by `backtest verify`.
constexpr int checked_at_once = 30'000;
constexpr int most_borders = 2;

bool checked_now(const RunRequest& request) {
  const int sessions = TradingCalendar::nyse().sessions_between(request.start, request.end);
  return sessions * static_cast<int>(request.symbols.size()) <= checked_at_once;
}

ReportLimits report_limits(const StrategySettings& s) {
  return {s.gamma.max_abs_delta, s.gamma.max_event_loss_nav, s.portfolio.max_stress_loss_nav,
          std::min(s.portfolio.max_event_night_nav, s.portfolio.max_event_night_loss_nav)};
}

VariantOf variant_of(const RunIdentity& run, const ResolvedConfig& config, std::uint64_t data) {
  return {run.request.symbols, run.request.start, run.request.end, fmt::format("{:016x}", data),
          fmt::format("{:016x}", fingerprint(config.to_toml()))};
}

void run_command(const RunOptions& options, Session& session) {
  const ResolvedConfig config = session.config();
  RunIdentity run;
  run.request = read_words(options);

  BacktestReview reviewed;
  LookAheadCheck look_ahead;
  const BacktestResult result = with_market(
      options.market, config.settings, run.request.symbols, run.request.start, run.request.end,
      [&]<class Market>(const Market& market, const MarketNotes& notes) {
        static_cast<MarketNotes&>(run) = notes;
        const AnyMarket any(market);
        const bool checks = checked_now(run.request);
        ProgressLine progress(session.animated(), "sessions", checks ? 1 + 2 * most_borders : 1);
        BacktestResult done = run_on(any, run.request, config.settings, progress);
        reviewed = review(done, any, config.settings.strategy.liquidity, TradingCalendar::nyse());
        look_ahead = checks ? check_look_ahead(any, done, most_borders,
                                               [&](const AnyMarket& altered) {
                                                 return run_on(altered, run.request, config.settings, progress);
                                               })
                            : LookAheadCheck{.not_made = "A run of this size is checked by: alaris backtest verify"};
        if constexpr (std::same_as<Market, RecordedMarket>)
          done.quality = assess_days(
              market, run.request.symbols, run.request.start, run.request.end,
              desk_limits(config.settings.strategy.quality, config.settings.strategy.cost.fees, run.request.end),
              TradingCalendar::nyse());
        return done;
      });
  if (!session.quiet)
    for (const std::string& warning : run.warnings) fmt::print(stderr, "note: {}\n", warning);

  const BacktestSummary summary = summarise(result);
  const std::uint64_t data = data_fingerprint(run);
  const RunStamp stamp = stamp_now();
  RunCard card{.run_id = {}, .created = stamp.created, .source = run.source, .labels = run.labels, .details = {}};
  const std::uint64_t identity = fingerprint(
      config.to_toml() + options.symbols + options.start + options.end + options.capital + std::string(card.created) +
          std::to_string(std::chrono::steady_clock::now().time_since_epoch().count()),
      data);
  card.run_id = fmt::format("{}-{:08x}", stamp.sortable, identity & 0xffffffffu);
  card.details = {
      {"symbols", fmt::format("{}", fmt::join(run.request.symbols, ", "))},
      {"period", to_string(run.request.start) + " to " + to_string(run.request.end)},
      {"capital", "$" + to_string(run.request.capital)},
      {"version", ALARIS_VERSION_STRING},
      {"compiler", compiler()},
      {"configuration", fmt::format("{:016x}", fingerprint(config.to_toml()))},
      {"data", fmt::format("{:016x}", data)},
      {"overrides", config.assignments.empty() ? "none" : fmt::format("{}", fmt::join(config.assignments, ", "))}};

  const std::filesystem::path place = std::filesystem::path(options.out) / card.run_id;
  PendingFolder folder(place);
  folder.write("manifest.json", manifest(run, card, config, data));
  folder.write("config.toml", config.to_toml());
  folder.write("decisions.jsonl", decisions_jsonl(result));
  folder.write("orders.csv", orders_csv(result));
  folder.write("fills.csv", fills_csv(result));
  folder.write("trades.csv", trades_csv(result, reviewed.trades));
  folder.write("equity.csv", equity_csv(result));
  folder.write("greeks.csv", greeks_csv(result, reviewed.trades));
  folder.write("events.csv", events_csv(result));
  const TriedVariants tried = tried_variants(options.out, variant_of(run, config, data), summary);
  const std::string metrics = metrics_json(result, summary, reviewed, look_ahead, tried);
  folder.write("metrics.json", metrics);
  folder.write("report.html", render_report({card, result, summary, reviewed, look_ahead, tried,
                                             report_limits(config.settings.strategy)}));
  folder.publish();

  switch (options.format) {
    case OutputFormat::table:
      return print_table(run, result, summary, reviewed, look_ahead, place, config.settings.strategy.quality, session);
    case OutputFormat::csv:
      return fmt::print("{}", events_csv(result));
    case OutputFormat::json: {
      Json out = Json::parse(metrics);
      out["labels"] = run.labels;
      out["run_folder"] = place.string();
      return fmt::print("{}\n", out.dump(2));
    }
  }
}

}  // namespace

void add_backtest_run(CLI::App& backtest, Session& session) {
  auto options = std::make_shared<RunOptions>();
  auto* run =
      backtest.add_subcommand("run",
                              "Examples:\n  alaris backtest run --symbol AAPL --start 2024-01-01 --end 2024-12-31\n"
                              "  alaris backtest run --symbol AAPL,CRM --source chains:DIR --quotes estimated --start "
                              "2026-05-25 --end 2026-08-07\n\n"
                              "run the earnings-calendar strategy, write a run folder, print the summary");
  add_run_options(*run, *options);
  run->add_option("--out", options->out, "folder for run folders (./runs)");
  add_format_option(*run, options->format);
  run->callback([options, &session] { run_command(*options, session); });
}

}  // namespace alaris::host
