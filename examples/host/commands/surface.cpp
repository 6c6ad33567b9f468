// SPDX-License-Identifier: Apache-2.0
// `alaris surface`: the smile and the term structure of one name with and without its event, and what past reports were
// priced at and did.
#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alaris/strategy/known_surface.hpp>
#include <alaris/volatility/measured_event.hpp>

#include "commands/command.hpp"
#include "commands/market_notes.hpp"
#include "commands/market_options.hpp"
#include "commands/rows.hpp"
#include "commands/signal_options.hpp"
#include "report/surface_page.hpp"
#include "store/decision_json.hpp"
#include "store/run_folder.hpp"
#include "text/csv.hpp"

namespace alaris::host {
namespace {

using Json = nlohmann::ordered_json;

struct SurfaceOptions {
  std::string symbol;
  std::string at;
  std::string out;
  int horizon = 75;
  bool reports = false;
  MarketOptions market;
  OutputFormat format = OutputFormat::table;
};

std::string text_of(double value, int digits) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, digits) : "";
}
std::string in_percent(double value, int digits) {
  return text_of(100 * value, digits);
}
std::string smile_word(const SurfaceExpiry& e) {
  if (!e.smile) return std::string(name(e.smile.error()));
  if (e.smile->is_svi()) return fmt::format("SVI, rms {:.1f}", e.smile->rms);
  return fmt::format("interpolated ({})", name(*e.smile->why_not_svi));
}

Json estimate_json(const Estimate& estimate) {
  return {{"value", json_number(estimate.value)}, {"error", json_number(estimate.error)}};
}

Json surface_json(const std::string& symbol, const KnownSurface& s, const MarketNotes& notes) {
  Json out{{"schema", "alaris/surface/1"},
           {"symbol", symbol},
           {"session", to_string(s.session)},
           {"source", notes.source},
           {"labels", notes.labels},
           {"spot", json_number(s.spot)},
           {"rate", json_number(s.rate)},
           {"report", nullptr},
           {"event", nullptr},
           {"fault", nullptr},
           {"expiries", Json::array()}};
  if (s.report)
    out["report"] = {{"date", to_string(s.report->date)},
                     {"session", name(s.report->session)},
                     {"agreeing_sources", s.report->agreeing_sources}};
  if (!s.term) out["fault"] = name(s.term.error().fault);
  if (s.term && s.term->event_count > 0)
    out["event"] = {{"sigma", estimate_json(s.term->sigma_event(0))},
                    {"sigma_by_calendar", json_number(s.term_by_calendar && s.term_by_calendar->event_count > 0
                                                          ? s.term_by_calendar->sigma_event(0).value
                                                          : not_known)},
                    {"expected_abs_move", json_number(expected_abs_move(s.term->sigma_event(0).value))},
                    {"chi_square", json_number(s.term->chi_square)},
                    {"degrees", s.term->degrees},
                    {"calendar_violation", json_number(s.calendar_violation)}};
  for (const SurfaceExpiry& e : s.expiries) {
    Json quotes = Json::array();
    const double years = e.slice.to_expiry.value;
    for (const SmileQuote& quote : e.slice.quotes)
      quotes.push_back({{"strike", json_number(e.slice.forward * std::exp(quote.k))},
                        {"volatility", json_number(std::sqrt(quote.total_variance / years))},
                        {"error", json_number(quote.error / (2.0 * std::sqrt(quote.total_variance * years)))}});
    out["expiries"].push_back({{"expiry", to_string(e.slice.expiry)},
                               {"years", json_number(years)},
                               {"forward", json_number(e.slice.forward)},
                               {"forward_implied", e.slice.forward_implied},
                               {"events_before", e.slice.events_before},
                               {"volatility", json_number(e.volatility)},
                               {"volatility_error", json_number(e.volatility_error)},
                               {"volatility_fitted", json_number(e.fitted)},
                               {"volatility_without_event", json_number(e.without_event)},
                               {"expected_crush", json_number(e.expected_crush)},
                               {"smile", smile_word(e)},
                               {"quotes", std::move(quotes)}});
  }
  return out;
}

void print_csv(const KnownSurface& s) {
  fmt::print(
      "expiry,years,forward,quotes,events_before,volatility,volatility_error,volatility_fitted,volatility_without_"
      "event,"
      "expected_crush,smile\n");
  for (const SurfaceExpiry& e : s.expiries)
    fmt::print("{}",
               csv_row({to_string(e.slice.expiry), csv_number(e.slice.to_expiry.value), csv_number(e.slice.forward),
                        std::to_string(e.slice.quotes.size()), std::to_string(e.slice.events_before),
                        csv_number(e.volatility), csv_number(e.volatility_error), csv_number(e.fitted),
                        csv_number(e.without_event), csv_number(e.expected_crush), csv_field(smile_word(e))}));
}

void print_table(const std::string& symbol, const KnownSurface& s, const MarketNotes& notes) {
  fmt::print("{} at the close of {}: spot {:.2f}, rate {:.2f} %, source {}\n", symbol, to_string(s.session), s.spot,
             100 * s.rate, notes.source);
  fmt::print("next report  {}\nevent        {}", report_text(s), event_text(s));
  if (s.term && s.term->event_count > 0) {
    fmt::print(", a mean absolute move of {:.2f} %", 100 * expected_abs_move(s.term->sigma_event(0).value));
    if (s.term_by_calendar && s.term_by_calendar->event_count > 0)
      fmt::print("; in calendar time {:.2f} %", 100 * s.term_by_calendar->sigma_event(0).value);
    fmt::print(
        "\nfit          chi-square {:.1f} on {} degrees; worst fall of variance without the event {:.1f} standard "
        "errors",
        s.term->chi_square, s.term->degrees, s.calendar_violation);
  }
  fmt::print("\n\n{:<11}{:>5}{:>10}{:>7}{:>8}{:>7}{:>9}{:>14}{:>7}  {}\n", "expiry", "days", "forward", "quotes",
             "vol %", "+-", "fitted", "without event", "crush", "smile");
  for (const SurfaceExpiry& e : s.expiries)
    fmt::print("{:<11}{:>5.0f}{:>10.2f}{:>7}{:>8}{:>7}{:>9}{:>14}{:>7}  {}\n", to_string(e.slice.expiry),
               365 * e.slice.to_expiry.value, e.slice.forward, e.slice.quotes.size(), in_percent(e.volatility, 2),
               in_percent(e.volatility_error, 2), in_percent(e.fitted, 2), in_percent(e.without_event, 2),
               in_percent(e.expected_crush, 2), smile_word(e));
}

void show_surface(const SurfaceOptions& options, const Session& session) {
  const ResolvedConfig config = session.config();
  const TradingCalendar calendar = TradingCalendar::nyse();
  if (options.at.empty()) throw HostError(ExitCode::usage, "--at: which close? a date or an instant with offset");
  const Instant at = parse_at("--at", options.at, calendar);
  const auto symbols = parse_symbols(options.symbol);
  if (symbols.size() != 1) throw HostError(ExitCode::usage, "SYMBOL: a surface is of one name");
  const Date day = new_york_date(at);
  with_market(options.market, config.settings, symbols, day, day, [&](const auto& market, const MarketNotes& notes) {
    const MarketView view(market, calendar, at);
    const TradingClock clock(calendar, config.settings.day_weights);
    const auto surface = known_surface(
        view, symbols.front(), clock,
        {.horizon = Years<Act365>{options.horizon / 365.0}, .session_source = config.settings.strategy.session_source});
    if (!surface)
      throw HostError(ExitCode::data, fmt::format("{} at the close of {}: {}", symbols.front(),
                                                  to_string(view.last_session()), name(surface.error())));
    print_notes(notes, session, options.format);
    switch (options.format) {
      case OutputFormat::json:
        fmt::print("{}\n", surface_json(symbols.front(), *surface, notes).dump(2));
        break;
      case OutputFormat::csv:
        print_csv(*surface);
        break;
      case OutputFormat::table:
        print_table(symbols.front(), *surface, notes);
        break;
    }
    if (options.out.empty()) return;
    write_whole(options.out, render_surface(symbols.front(), notes.source, notes.labels, *surface));
    fmt::print(stderr, "picture: {}\n", options.out);
  });
}

struct ReportRow {
  std::string symbol;
  Date announced;
  expected<MeasuredEvent, TermFitFault> measured;
};

template <market_source Market>
std::vector<ReportRow> past_reports(const Market& market, const std::vector<std::string>& symbols,
                                    const TradingCalendar& calendar, const DayWeights& weights, int horizon) {
  const TradingClock clock(calendar, weights);
  std::vector<ReportRow> rows;
  for (const std::string& symbol : symbols)
    for (const EarningsStatement& report : market.earnings(symbol)) {
      if (report.source != "reported") continue;
      const auto move = event_move(market.bars(symbol), report.date, report.session);
      if (!move) continue;
      const auto chain = market.chain(symbol, move->before);
      const double rate = short_rate(market.rates(), move->before);
      if (!chain || !std::isfinite(rate)) continue;
      rows.push_back(
          {symbol, report.date,
           measure_event(
               *move, *chain, report,
               {.rate = rate, .calendar = &calendar, .clock = &clock, .horizon = Years<Act365>{horizon / 365.0}},
               AmericanInversion<>{})});
    }
  return rows;
}

Json report_json(const ReportRow& row) {
  if (!row.measured)
    return {{"symbol", row.symbol}, {"announced", to_string(row.announced)}, {"status", name(row.measured.error())}};
  const MeasuredEvent& m = *row.measured;
  return {{"symbol", row.symbol},
          {"announced", to_string(row.announced)},
          {"before", to_string(m.move.before)},
          {"expiries", m.expiries},
          {"sigma_event", json_number(m.sigma_event.value)},
          {"sigma_event_error", json_number(m.sigma_event.error)},
          {"sigma_event_by_calendar", json_number(m.sigma_event_by_calendar)},
          {"implied_move", json_number(m.implied_move)},
          {"move", json_number(m.move.to_close)},
          {"surprise", json_number(m.surprise)},
          {"chi_square", json_number(m.chi_square)},
          {"degrees", m.degrees},
          {"calendar_violation", json_number(m.calendar_violation)},
          {"status", "ok"}};
}

void print_reports_csv(const std::vector<ReportRow>& rows) {
  fmt::print(
      "symbol,announced,before,expiries,sigma_event,sigma_event_error,sigma_event_by_calendar,implied_move,move,"
      "surprise,chi_square,degrees,calendar_violation,status\n");
  for (const ReportRow& row : rows) {
    if (!row.measured) {
      fmt::print("{},{},,,,,,,,,,,,{}\n", csv_field(row.symbol), to_string(row.announced), name(row.measured.error()));
      continue;
    }
    const MeasuredEvent& m = *row.measured;
    fmt::print("{}",
               csv_row({csv_field(row.symbol), to_string(row.announced), to_string(m.move.before),
                        std::to_string(m.expiries), csv_number(m.sigma_event.value), csv_number(m.sigma_event.error),
                        csv_number(m.sigma_event_by_calendar), csv_number(m.implied_move), csv_number(m.move.to_close),
                        csv_number(m.surprise), csv_number(m.chi_square), std::to_string(m.degrees),
                        csv_number(m.calendar_violation), "ok"}));
  }
}

void print_reports_table(const std::vector<ReportRow>& rows, const Session& session) {
  using enum Align;
  TextTable table({{"symbol"},
                   {"announced"},
                   {"close before", left, 2},
                   {"expiries", right, 4},
                   {"sigma_e %", right, 1},
                   {"by calendar", right, 5},
                   {"implied", right, 1},
                   {"move", right},
                   {"surprise", right},
                   {"chi2", right, 3},
                   {"calendar", right, 4},
                   {"status"}});
  for (const ReportRow& row : rows) {
    if (!row.measured) {
      table.add({row.symbol, to_string(row.announced), "", "", "", "", "", "", "", "", "",
                 std::string(name(row.measured.error()))});
      continue;
    }
    const MeasuredEvent& m = *row.measured;
    table.add({row.symbol, to_string(row.announced), to_string(m.move.before), std::to_string(m.expiries),
               fmt::format("{} +- {}", in_percent(m.sigma_event.value, 2), in_percent(m.sigma_event.error, 2)),
               in_percent(m.sigma_event_by_calendar, 2), in_percent(m.implied_move, 2),
               fmt::format("{:+.2f}", 100 * m.move.to_close), fmt::format("{:.2f}", m.surprise),
               fmt::format("{:.1f} / {}", m.chi_square, m.degrees), fmt::format("{:.1f}", m.calendar_violation), "ok"});
  }
  print_table(table, session);
}

void print_reports(const std::vector<ReportRow>& rows, const MarketNotes& notes, OutputFormat format,
                   const Session& session) {
  std::vector<double> surprises;
  for (const ReportRow& row : rows)
    if (row.measured) surprises.push_back(row.measured->surprise);
  const PooledSurprise pooled = pooled_surprise(surprises);
  switch (format) {
    case OutputFormat::csv:
      return print_reports_csv(rows);
    case OutputFormat::json: {
      Json out{{"schema", "alaris/reports/1"}, {"source", notes.source}, {"labels", notes.labels}};
      out["reports"] = Json::array();
      for (const ReportRow& row : rows) out["reports"].push_back(report_json(row));
      out["surprise"] = {{"count", pooled.count},
                         {"mean", json_number(pooled.mean)},
                         {"standard_error", json_number(pooled.standard_error)}};
      return fmt::print("{}\n", out.dump(2));
    }
    case OutputFormat::table:
      print_reports_table(rows, session);
      if (!surprises.empty())
        fmt::print(
            "\nmean surprise {:.2f}, standard error {:.2f}, {} reports;\n1 on average if options price reports "
            "right\n",
            pooled.mean, pooled.standard_error, pooled.count);
  }
}

void show_reports(const SurfaceOptions& options, const Session& session) {
  const ResolvedConfig config = session.config();
  const TradingCalendar calendar = TradingCalendar::nyse();
  const auto symbols = parse_symbols(options.symbol);
  // The simulated market is made for any day; a recorded one is taken whole.
  const bool simulated = source_of(options.market, symbols).kind == SourceKind::simulated;
  const Date first = simulated ? make_date(2024, 1, 2) : Date::min(), last = simulated ? first : Date::max();
  with_market(options.market, config.settings, symbols, first, last, [&](const auto& market, const MarketNotes& notes) {
    print_notes(notes, session, options.format);
    print_reports(past_reports(market, symbols, calendar, config.settings.day_weights, options.horizon), notes,
                  options.format, session);
  });
}

}  // namespace

void add_surface_command(CLI::App& app, Session& session) {
  auto options = std::make_shared<SurfaceOptions>();
  auto* surface =
      app.add_subcommand("surface",
                         "Examples:\n  alaris surface AAPL --at 2026-07-29 --source chains:DIR --out aapl.html\n"
                         "  alaris surface AAPL,NFLX --reports --source chains:DIR --quotes estimated\n\n"
                         "smile and term structure with and without the event; with --reports, what every past report "
                         "was priced at and did");
  surface->add_option("SYMBOL", options->symbol, "ticker symbol; several with --reports, comma-separated")->required();
  surface->add_option("--at", options->at, "date (its close) or instant with offset");
  surface->add_option("--out", options->out, "HTML file with the pictures");
  surface->add_option("--horizon", options->horizon, "days: later expiries are left out (75)")
      ->check(CLI::Range(7, 1000));
  surface->add_flag("--reports", options->reports, "measure every past report instead");
  add_market_options(*surface, options->market);
  add_format_option(*surface, options->format);
  surface->callback(
      [=, &session] { options->reports ? show_reports(*options, session) : show_surface(*options, session); });
}

}  // namespace alaris::host
