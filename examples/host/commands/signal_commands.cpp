// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <concepts>
#include <memory>

#include <nlohmann/json.hpp>

#include <alaris/strategy/event_flow.hpp>
#include <alaris/strategy/what_if.hpp>

#include "commands/command.hpp"
#include "commands/market_notes.hpp"
#include "commands/market_options.hpp"
#include "commands/rows.hpp"
#include "commands/signal_options.hpp"
#include "store/decision_json.hpp"
#include "text/csv.hpp"

namespace alaris::host {
namespace {

using Json = nlohmann::ordered_json;

struct SignalOptions {
  std::string symbols;
  std::string at;
  MarketOptions market;
  std::string capital = "100000";
  int contracts = 0;  // 0: the sizing decides
  OutputFormat format = OutputFormat::table;
};

/// One name at the instant: its next announcement and the decision about it, or neither.
struct Signal {
  std::string symbol;
  std::optional<DecisionRecord> decision;
  SignalGrade grade = SignalGrade::avoid;
  std::vector<MoveOutcome> moves;
  std::vector<LegFlow> flow;  // of an explanation
};

struct Signals {
  Instant at{};
  MarketNotes notes;
  std::vector<Signal> of;
  StrategySettings settings;
};

/// Names to look at when none is given: every folder of a chain folder, ten well-known names of the simulated market.
std::string default_symbols(const MarketOptions& options) {
  const SourceName source = source_of(options, {"the scan"});
  if (source.kind == SourceKind::simulated) return "AAPL,AMZN,CRM,GOOGL,META,MSFT,NFLX,NVDA,ORCL,TSLA";
  if (source.kind == SourceKind::store) {
    const std::vector<std::string> held = stored_symbols(source.folder);
    if (held.empty()) throw HostError(ExitCode::data, source.folder.string() + ": nothing is stored");
    return fmt::format("{}", fmt::join(held, ","));
  }
  if (source.kind != SourceKind::chains)
    throw HostError(ExitCode::usage, "--symbol: this source needs the names to look at");
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(source.folder, ignored))
    if (std::filesystem::exists(entry.path() / "bars.csv")) names.push_back(entry.path().filename().string());
  if (names.empty())
    throw HostError(ExitCode::data, fmt::format("{}: no SYMBOL/bars.csv in this folder", source.folder.string()));
  std::sort(names.begin(), names.end());
  return fmt::format("{}", fmt::join(names, ","));
}

/// The newest close that a market holds: of every chain that was recorded, or of the simulated market up to today.
Instant newest_close(const RecordedMarket& market, const std::vector<std::string>& symbols,
                     const TradingCalendar& calendar) {
  Date last{};
  for (const std::string& symbol : symbols)
    if (const auto chains = market.chains(symbol); !chains.empty()) last = std::max(last, chains.back()->date());
  return calendar.close(calendar.is_session(last) ? last : calendar.previous_session(last));
}
Instant newest_close(const SimulatedMarket& market, const std::vector<std::string>& symbols,
                     const TradingCalendar& calendar) {
  const Date today = new_york_date(std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()));
  const Date last = std::min(calendar.previous_session(today), market.bars(symbols.front()).back().date);
  return calendar.close(last);
}

template <market_source Market>
Signal look_at(const MarketView<Market>& view, const std::string& symbol, const StrategySettings& settings,
               const DecisionContext& context) {
  Signal signal{.symbol = symbol, .decision = std::nullopt, .moves = {}, .flow = {}};
  const Date fill_session = view.calendar().next_session(view.last_session());
  const auto report = next_report(view, symbol, fill_session, settings.session_source);
  if (!report) return signal;
  signal.decision = decide(view, symbol, *report, fill_session, settings, entry_rules(settings), context);
  signal.grade = signal_grade(signal.decision->candidate, settings.signal);
  signal.moves = what_if(view, signal.decision->candidate);
  return signal;
}

/// `flow`: with how busy the legs are, which reads the chains of a month.
Signals signals_of(const SignalOptions& options, const Session& session, bool flow = false) {
  const ResolvedConfig config = session.config();
  StrategySettings settings = config.settings.strategy;
  if (options.contracts > 0) settings.fixed_contracts = options.contracts;
  const auto capital = Money::parse(options.capital);
  if (!capital || *capital <= Money{})
    throw HostError(ExitCode::usage,
                    fmt::format("--capital: '{}' is not a positive amount of dollars", options.capital));
  const TradingCalendar calendar = TradingCalendar::nyse();
  std::optional<Instant> at;
  if (!options.at.empty()) at = parse_at("--at", options.at, calendar);
  const auto symbols = parse_symbols(options.symbols.empty() ? default_symbols(options.market) : options.symbols);

  const Date day = at ? new_york_date(*at)
                      : calendar.previous_session(new_york_date(
                            std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now())));
  const bool recorded = source_of(options.market, symbols).kind != SourceKind::simulated;
  const Date start = at || !recorded ? day : Date::min(), end = at || !recorded ? day : Date::max();
  return with_market(
      options.market, config.settings, symbols, start, end, [&](const auto& market, const MarketNotes& notes) {
        Signals signals{
            .at = at ? *at : newest_close(market, symbols, calendar), .notes = notes, .of = {}, .settings = settings};
        const MarketView view(market, calendar, signals.at);
        const EventHistory history = past_event_evidence(market, symbols, view.last_session(), settings, calendar);
        const Portfolio portfolio{.nav = capital->dollars(), .cash = capital->dollars()};
        const DecisionContext context{&portfolio, &history, volatility_stress(view, settings.vix)};
        for (const std::string& symbol : symbols) signals.of.push_back(look_at(view, symbol, settings, context));
        if (flow)
          for (Signal& signal : signals.of)
            if (signal.decision) signal.flow = leg_flow(view, signal.decision->candidate);
        return signals;
      });
}

const Finding* finding_of(const DecisionRecord& decision, std::string_view rule) {
  const auto at = std::find_if(decision.findings.begin(), decision.findings.end(),
                               [&](const Finding& f) { return f.rule->name == rule; });
  return at == decision.findings.end() ? nullptr : &*at;
}

/// "1.31 (+0.06)": the value and its margin.
std::string with_margin(const Finding* finding, int digits) {
  if (!finding) return "";
  if (finding->outcome() == Outcome::unknown) return "unknown";
  return fmt::format("{:.{}f} ({:+.{}f})", finding->seen.observed, digits, finding->margin(), digits);
}

constexpr std::string_view criteria[] = {SignalIvRv<>::rule.name, InvertedTermStructure<>::rule.name,
                                         UnderlyingVolume<>::rule.name};

Json signal_json(const Signal& signal, const StrategySettings& settings) {
  if (!signal.decision) return {{"symbol", signal.symbol}, {"announcement", nullptr}};
  Json out{{"symbol", signal.symbol}, {"signal", name(signal.grade)}};
  out.update(decision_json(*signal.decision));
  out.update(remarks_json(signal.decision->candidate, signal.flow, settings));
  return out;
}

void print_scan(const Signals& signals, const SignalOptions& options, const Session& session) {
  switch (options.format) {
    case OutputFormat::json: {
      Json list = Json::array();
      for (const Signal& signal : signals.of) list.push_back(signal_json(signal, signals.settings));
      const Json out{{"schema", "alaris/signals/1"},       {"at", new_york_text(signals.at)},
                     {"source", signals.notes.source},     {"labels", signals.notes.labels},
                     {"warnings", signals.notes.warnings}, {"signals", std::move(list)}};
      return fmt::print("{}\n", out.dump(2));
    }
    case OutputFormat::csv: {
      for (const std::string& label : signals.notes.labels) fmt::print(stderr, "note: {}\n", label);
      fmt::print(
          "symbol,event_date,session,signal,action,decided_by,rule,code,outcome,observed,relation,limit,margin\n");
      for (const Signal& signal : signals.of) {
        if (!signal.decision) continue;
        const DecisionRecord& d = *signal.decision;
        for (const Finding& f : d.findings)
          fmt::print(
              "{}", csv_row({csv_field(signal.symbol), to_string(d.candidate.event_date),
                             std::string(name(d.candidate.session)), std::string(name(signal.grade)),
                             std::string(name(d.action)), csv_field(d.decided_by), std::string(f.rule->name),
                             std::string(f.rule->code), std::string(name(f.outcome())), csv_number(f.seen.observed),
                             std::string(symbol(f.rule->required)), csv_number(f.seen.limit), csv_number(f.margin())}));
      }
      return;
    }
    case OutputFormat::table:
      break;
  }
  print_notes(signals.notes, session, OutputFormat::table);
  fmt::print("as known at {}, source {}\n\n", new_york_text(signals.at), signals.notes.source);
  using enum Align;
  TextTable table({{"symbol"},
                   {"event"},
                   {"when", left, 5},
                   {"days", right, 4},
                   {"IV30/RV30", right, 1},
                   {"slope a day", right, 2},
                   {"shares, 30 sessions", right, 3},
                   {"signal"},
                   {"action"},
                   {"decided by", left, 1}});
  for (const Signal& signal : signals.of) {
    if (!signal.decision) continue;
    const DecisionRecord& d = *signal.decision;
    table.add({signal.symbol, to_string(d.candidate.event_date), std::string(name(d.candidate.session)),
               fmt::format("{:.0f}", d.candidate.days_to_event), with_margin(finding_of(d, criteria[0]), 2),
               with_margin(finding_of(d, criteria[1]), 5), with_margin(finding_of(d, criteria[2]), 0),
               std::string(name(signal.grade)), std::string(name(d.action)), d.decided_by});
  }
  print_table(table, session);
  for (const Signal& signal : signals.of)
    if (!signal.decision)
      fmt::print("{}: no announcement is known that could still be entered before\n", signal.symbol);
  for (const Signal& signal : signals.of) {
    if (!signal.decision) continue;
    const std::string remarks = remarks_text(signal.decision->candidate, {}, signals.settings);
    if (!remarks.empty()) fmt::print("\n{}\n{}", signal.symbol, remarks);
  }
  fmt::print(
      "\nIn brackets the margin to the limit, positive on the good side. 'signal explain SYMBOL' shows every rule.\n");
}

std::string figure(double value, const char* unit, int digits = 4) {
  return value == value ? fmt::format("{:.{}g}{}", value, digits, unit) : "unknown";
}

std::string worst_stress(const Candidate& c) {
  const auto worst = std::max_element(c.stress.begin(), c.stress.end());
  return figure(*worst, " $ lost: ") +
         (*worst == *worst ? std::string(name(static_cast<StressScenario>(worst - c.stress.begin()))) : "");
}

void print_figures(const Candidate& c, const QualityLimits& quality) {
  const auto row = [](std::string_view what, const std::string& value) { fmt::print("  {:<44} {}\n", what, value); };
  row("spot", figure(c.spot, " $", 7));
  row("implied volatility, 30 days", figure(100 * c.iv30, " %"));
  row("realised volatility, 30 sessions, no events", figure(100 * c.rv30, " %"));
  row("front and back implied volatility", figure(100 * c.front_iv, " %") + ", " + figure(100 * c.back_iv, " %"));
  row("front implied over realised (not gated on)", figure(c.front_iv / c.rv30, ""));
  row("event volatility: implied, physical", figure(100 * c.sigma_event, " %") + ", " +
                                                 figure(100 * c.sigma_physical, " %") +
                                                 fmt::format(" ({:.0f} past events)", c.past_events));
  row("implied move (expected absolute)", figure(100 * c.implied_move, " %"));
  row("debit at mid and natural, per share", figure(c.debit_mid, " $") + ", " + figure(c.debit_natural, " $"));
  row("round trip per spread",
      figure(c.round_trip_cost, " $") + ", " + figure(c.round_trip_points, " volatility points"));
  row("expected P&L per spread, before cost", figure(c.expected_pnl, " $"));
  row("capital at risk per spread", figure(c.capital_at_risk, " $"));
  row("stress: worst of one spread", worst_stress(c));
  for (const ShortLeg& leg : c.short_legs)
    row("early assignment of the short " + std::string(name(leg.contract.type)),
        figure(100 * leg.probability, " %") + ", " + figure(leg.cost, " $ at stake"));
  row("delta after 1 to 3 event sigmas, worst", figure(c.delta_after_event, ""));
  row("cost of borrowing the stock, a year", figure(100 * c.borrow_rate, " %"));
  row("chain checks passed",
      figure(100 * c.quality_score, " %") + ": " + std::string(name(quality_grade(c.quality_score, quality))));
  row("size", fmt::format("{} spreads, bound by {}", c.size, c.size_bound_by.empty() ? "nothing" : c.size_bound_by));
}

void explain(const SignalOptions& options, Session& session) {
  const Signals signals = signals_of(options, session, true);
  const Signal& signal = signals.of.front();
  if (!signal.decision) {
    session.exit_code = ExitCode::answer_is_no;
    if (options.format == OutputFormat::json) {
      const Json none{{"schema", "alaris/explanation/1"},
                      {"at", new_york_text(signals.at)},
                      {"labels", signals.notes.labels},
                      {"symbol", signal.symbol},
                      {"announcement", nullptr}};
      return fmt::print("{}\n", none.dump(2));
    }
    print_notes(signals.notes, session, OutputFormat::table);
    return fmt::print("{}: no announcement known at {} can still be entered before\n", signal.symbol,
                      new_york_text(signals.at));
  }
  const DecisionRecord& d = *signal.decision;
  const Candidate& c = d.candidate;
  const auto& tree = policy_tree<EntryRules>;
  if (options.format == OutputFormat::json) {
    Json moves = Json::array();
    for (const MoveOutcome& move : signal.moves)
      moves.push_back({{"event_sigmas", move.sigmas},
                       {"spot", json_number(move.spot)},
                       {"pnl", json_number(move.pnl)},
                       {"net_pnl", json_number(move.net_pnl)},
                       {"delta_after", json_number(move.delta_after)}});
    Json out{{"schema", "alaris/explanation/1"}, {"source", signals.notes.source}, {"labels", signals.notes.labels}};
    out.update(signal_json(signal, signals.settings));
    out["tree"] = tree_json(tree, d.findings);
    out["what_if"] = std::move(moves);
    return fmt::print("{}\n", out.dump(2));
  }
  if (options.format == OutputFormat::csv) return print_scan(signals, options, session);
  print_notes(signals.notes, session, OutputFormat::table);
  fmt::print("{} reports on {} ({}); as known at {}, an order would trade on {}\n\n", c.symbol, to_string(c.event_date),
             name(c.session), new_york_text(d.at), to_string(d.fill_session));
  fmt::print("signal: {}\nspread: {}\n\nfigures\n", name(signal.grade),
             c.spread ? legs_text(c.spread->legs()) : "none: " + c.missing);
  print_figures(c, signals.settings.quality);
  if (!signal.moves.empty()) {
    fmt::print("\nwhat if the stock moves over the event (dollars per spread, delta per share)\n");
    fmt::print("  {:>7} {:>10} {:>12} {:>12} {:>8}\n", "sigmas", "spot", "P&L at mid", "after costs", "delta");
    for (const MoveOutcome& move : signal.moves)
      fmt::print("  {:>+7.0f} {:>10.2f} {:>12.2f} {:>12.2f} {:>+8.3f}\n", move.sigmas, move.spot, move.pnl,
                 move.net_pnl, move.delta_after);
  }
  fmt::print("\nrules\n{}\n{}", tree_text(tree, d.findings), remarks_text(c, signal.flow, signals.settings));
  fmt::print("decision: {} ({}): {}\n", name(d.action), d.decided_by, d.reason);
}

}  // namespace

void add_signal_commands(CLI::App& app, Session& session) {
  auto* signal = app.add_subcommand("signal",
                                    "Examples:\n  alaris signal scan --symbol AAPL,NFLX --source chains:DIR\n"
                                    "  alaris signal explain AAPL --at 2026-07-29 --source chains:DIR\n\n"
                                    "candidates, and why each is entered or not");
  signal->require_subcommand(1);
  const auto shared = [](CLI::App& command, SignalOptions& options) {
    command.add_option("--at", options.at, "date (its close) or instant with offset; without it the newest close");
    add_market_options(command, options.market);
    command.add_option("--capital", options.capital, "dollars (100000)");
    add_format_option(command, options.format);
  };
  auto scan_options = std::make_shared<SignalOptions>();
  auto* scan = signal->add_subcommand(
      "scan", describe({"alaris signal scan --symbol AAPL,NFLX --source chains:DIR", "alaris signal scan --format csv"},
                       "every criterion's value and margin for the next announcement of each name"));
  scan->add_option("--symbol", scan_options->symbols, "ticker symbols, comma-separated");
  shared(*scan, *scan_options);
  scan->callback([=, &session] { print_scan(signals_of(*scan_options, session), *scan_options, session); });

  auto explain_options = std::make_shared<SignalOptions>();
  auto* one =
      signal->add_subcommand("explain", describe({"alaris signal explain AAPL --at 2026-07-29 --source chains:DIR",
                                                  "alaris signal explain AAPL --at 2026-07-29 --contracts 3"},
                                                 "the whole rule tree of one name, its figures and what-if outcomes"));
  one->add_option("SYMBOL", explain_options->symbols, "ticker symbol")->required();
  one->add_option("--contracts", explain_options->contracts, "judge this many spreads instead of the sizing's")
      ->check(CLI::Range(1, 10000));
  shared(*one, *explain_options);
  one->callback([=, &session] { explain(*explain_options, session); });
}

}  // namespace alaris::host
