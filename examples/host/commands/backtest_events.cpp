// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>

#include <nlohmann/json.hpp>

#include <alaris/backtest/event_study.hpp>

#include "commands/backtest_options.hpp"
#include "commands/command.hpp"
#include "commands/rows.hpp"
#include "store/run_folder.hpp"
#include "text/csv.hpp"

namespace alaris::host {
namespace {

struct StudyOptions {
  std::string symbols, source, start = "1900-01-01", end = "2100-01-01", from, to, out;
  OutputFormat format = OutputFormat::table;
};

const std::vector<std::string> columns{"symbol",
                                       "earnings_date",
                                       "session",
                                       "t0",
                                       "t1",
                                       "S0",
                                       "S1",
                                       "front",
                                       "back",
                                       "strike",
                                       "front_iv_before",
                                       "back_iv_before",
                                       "front_atm_iv_after",
                                       "back_atm_iv_after",
                                       "rv30",
                                       "iv30",
                                       "ratio",
                                       "slope_per_day",
                                       "call_debit_mid",
                                       "call_pnl_mid",
                                       "call_pnl_touch",
                                       "put_debit_mid",
                                       "put_pnl_mid",
                                       "put_pnl_touch",
                                       "sigma_event",
                                       "implied_move",
                                       "realised_move",
                                       "status"};

std::vector<std::string> cells(const EventStudyRow& r) {
  const auto date = [](const std::optional<Date>& d) { return d ? to_string(*d) : std::string(); };
  std::vector<std::string> out{
      csv_field(r.symbol), date(r.earnings_date),        std::string(name(r.session)), date(r.t0),
      date(r.t1),          csv_number_17(r.spot_before), csv_number_17(r.spot_after),  date(r.front),
      date(r.back)};
  for (const double value :
       {r.strike, r.front_iv_before, r.back_iv_before, r.front_atm_iv_after, r.back_atm_iv_after, r.rv30, r.iv30,
        r.ratio, r.slope_per_day, r.call_debit_mid, r.call_pnl_mid, r.call_pnl_touch, r.put_debit_mid, r.put_pnl_mid,
        r.put_pnl_touch, r.sigma_event, r.implied_move, r.realised_move})
    out.push_back(csv_number_17(value));
  out.push_back(r.status);
  return out;
}

std::string csv_table(const std::vector<EventStudyRow>& rows) {
  std::string out = csv_row(columns);
  for (const EventStudyRow& row : rows) out += csv_row(cells(row));
  return out;
}

std::string json_table(const std::vector<EventStudyRow>& rows, const MeanEstimate& mean) {
  nlohmann::ordered_json out{{"schema", "alaris/event_study/1"}, {"study", "not a strategy result"}};
  out["rows"] = nlohmann::ordered_json::array();
  for (const EventStudyRow& row : rows) {
    const std::vector<std::string> values = cells(row);
    nlohmann::ordered_json line;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const bool is_number = (i >= 5 && i <= 6) || (i >= 9 && i + 1 < columns.size());
      if (values[i].empty())
        line[columns[i]] = nullptr;
      else if (is_number)
        line[columns[i]] = std::stod(values[i]);
      else
        line[columns[i]] = values[i];
    }
    out["rows"].push_back(std::move(line));
  }
  out["call_pnl_mid"] = {{"count", mean.count}};
  if (std::isfinite(mean.mean)) out["call_pnl_mid"]["mean"] = mean.mean;
  if (std::isfinite(mean.lower)) {
    out["call_pnl_mid"]["lower_95"] = mean.lower;
    out["call_pnl_mid"]["upper_95"] = mean.upper;
  }
  return out.dump(2) + "\n";
}

void print_study(const std::vector<EventStudyRow>& rows, bool hindsight, const Session& session) {
  fmt::print("Event study, not a strategy result: fills at its own closes by definition\n");
  if (hindsight) fmt::print("EVENT DATE: rows of source 'reported'; a session derived from prices carries hindsight\n");
  fmt::print("\n");
  using enum Align;
  TextTable table({{"symbol"},
                   {"event"},
                   {"when", left, 4},
                   {"front", left, 3},
                   {"back", left, 3},
                   {"strike", right, 2},
                   {"frontIV", right, 5},
                   {"backIV", right, 5},
                   {"rv30", right, 6},
                   {"iv30", right, 6},
                   {"ratio", right, 1},
                   {"debit $", right, 2},
                   {"P&L $", right},
                   {"implied", right, 1},
                   {"move", right, 1},
                   {"status"}});
  const auto percent = [](double v) { return std::isfinite(v) ? fmt::format("{:.1f}%", 100 * v) : std::string("-"); };
  const auto plain = [](double v, int places) {
    return std::isfinite(v) ? fmt::format("{:.{}f}", v, places) : std::string("-");
  };
  const auto date = [](const std::optional<Date>& d) { return d ? to_string(*d) : std::string("-"); };
  for (const EventStudyRow& r : rows)
    table.add({r.symbol, date(r.earnings_date ? r.earnings_date : r.t0), std::string(name(r.session)), date(r.front),
               date(r.back), plain(r.strike, 2), percent(r.front_iv_before), percent(r.back_iv_before),
               plain(r.rv30, 3), plain(r.iv30, 3), plain(r.ratio, 2), plain(r.call_debit_mid, 2),
               plain(r.call_pnl_mid, 2), percent(r.implied_move), percent(r.realised_move), r.status});
  print_table(table, session);
}

void print_summary(std::FILE* to, const MeanEstimate& mean) {
  if (mean.count == 0) return fmt::print(to, "no event could be studied\n");
  fmt::print(to, "{} events studied; call calendar at mid, mean P&L ${:.2f} a lot", mean.count, mean.mean);
  if (std::isfinite(mean.lower)) fmt::print(to, " [95 %: {:.2f} to {:.2f}]", mean.lower, mean.upper);
  fmt::print(to, "\n");
}

void study_command(const StudyOptions& options, const Session& session) {
  const std::vector<std::string> symbols = parse_symbols(options.symbols);
  const SourceName source = parse_source(options.source);
  if (source.kind == SourceKind::simulated)
    throw HostError(ExitCode::usage,
                    "the event study reads recorded chains: --source chains:DIR, lean:DIR, "
                    "optionsdx:DIR or dolthub:DIR");
  if (options.from.empty() != options.to.empty()) throw HostError(ExitCode::usage, "--from and --to go together");
  const Date start = parse_date_option("--start", options.start), end = parse_date_option("--end", options.end);
  const bool held = !options.from.empty();  // between two chosen days
  const Date held_from = held ? parse_date_option("--from", options.from) : start;
  const Date held_to = held ? parse_date_option("--to", options.to) : end;
  if (held && held_from >= held_to) throw HostError(ExitCode::usage, "--to does not lie after --from");
  if (end < start) throw HostError(ExitCode::usage, "--end lies before --start");
  const LoadedMarket loaded = read_source(source, symbols);
  const TradingCalendar calendar = TradingCalendar::nyse();
  const std::vector<EventStudyRow> rows = held ? study_between(loaded.market, symbols, held_from, held_to, calendar)
                                               : study_events(loaded.market, symbols, start, end, calendar);
  const MeanEstimate mean = mean_call_pnl(rows);
  if (!session.quiet)
    for (const std::string& warning : loaded.warnings) fmt::print(stderr, "note: {}\n", warning);
  if (!options.out.empty()) write_whole(options.out, csv_table(rows));
  switch (options.format) {
    case OutputFormat::csv:
      if (options.out.empty()) fmt::print("{}", csv_table(rows));
      return print_summary(stderr, mean);
    case OutputFormat::json:
      return fmt::print("{}", json_table(rows, mean));
    case OutputFormat::table:
      print_study(rows, options.from.empty(), session);
      if (rows.empty())
        fmt::print("(the source holds no reported announcement of {} in this period)\n", fmt::join(symbols, ", "));
      fmt::print("\n");
      return print_summary(stdout, mean);
  }
}

}  // namespace

void add_backtest_events(CLI::App& backtest, Session& session) {
  auto options = std::make_shared<StudyOptions>();
  auto* events = backtest.add_subcommand(
      "events",
      "Examples:\n  alaris backtest events --symbol AAPL,NFLX --source chains:DIR --out events.csv\n"
      "  alaris backtest events --symbol AAPL --source chains:DIR --from 2026-07-29 --to 2026-08-05\n\n"
      "what a calendar spread at fixed conventions did over every announcement");
  events->add_option("--symbol", options->symbols, "ticker symbols, comma-separated")->required();
  events->add_option("--source", options->source, "store, chains:DIR, lean:DIR, optionsdx:DIR or dolthub:DIR")
      ->required();
  events->add_option("--start", options->start, "first announcement date");
  events->add_option("--end", options->end, "last announcement date");
  events->add_option("--from", options->from, "hold the spread from this close instead");
  events->add_option("--to", options->to, "to this one");
  events->add_option("--out", options->out, "also write the table as CSV");
  add_format_option(*events, options->format);
  events->callback([options, &session] { study_command(*options, session); });
}

}  // namespace alaris::host
