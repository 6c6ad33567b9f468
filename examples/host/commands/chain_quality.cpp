// SPDX-License-Identifier: Apache-2.0
// `alaris data quality`: how far one day's chain can be believed, check by check.
#include <cmath>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alaris/market/as_of.hpp>
#include <alaris/strategy/chain_quality.hpp>

#include "commands/command.hpp"
#include "commands/market_notes.hpp"
#include "commands/market_options.hpp"
#include "commands/signal_options.hpp"
#include "store/decision_json.hpp"
#include "text/csv.hpp"

namespace alaris::host {
namespace {

using Json = nlohmann::ordered_json;

struct QualityOptions {
  std::string symbol;
  std::string at;
  bool failures = false;
  MarketOptions market;
  OutputFormat format = OutputFormat::table;
};

struct JudgedDay {
  Date session{};
  DayDefect defect = DayDefect::none;
  ChainQuality quality{};
};

template <market_source Market>
JudgedDay judge_day(const Market& market, const std::string& symbol, Instant at, const QualityLimits& limits,
                    const TradingCalendar& calendar) {
  const MarketView view(market, calendar, at);
  JudgedDay day{.session = view.last_session()};
  const auto chain = view.chain(symbol);
  if (!chain)
    throw HostError(ExitCode::data, fmt::format("{} at the close of {}: no chain", symbol, to_string(day.session)));
  const auto before = view.chain(symbol, view.session(calendar.previous_session(day.session)));
  day.defect = day_defect(*chain, before.get(), calendar);
  const PricedChain priced{chain.get(), calendar.close(day.session), view.short_rate(), &calendar, before.get()};
  day.quality =
      judge_chain(priced, view.dividends(symbol), desk_limits(limits, FeeSchedule::us_equity_options(), day.session));
  return day;
}

std::string contract_text(const OptionContract& contract) {
  return fmt::format("{} {:g} {}", to_string(contract.expiry), contract.strike.dollars(), name(contract.type));
}

Json quality_json(const std::string& symbol, const JudgedDay& day, const QualityLimits& limits,
                  const MarketNotes& notes) {
  Json checks = Json::array(), failed = Json::array();
  for (std::size_t i = 0; i < desk_checks; ++i)
    checks.push_back({{"check", name(static_cast<DeskCheck>(i))},
                      {"passed", day.quality.by_check[i].passed},
                      {"applicable", day.quality.by_check[i].applicable}});
  for (const FailedCheck& failure : day.quality.failed)
    failed.push_back({{"expiry", to_string(failure.contract.expiry)},
                      {"strike", failure.contract.strike.dollars()},
                      {"right", name(failure.contract.type)},
                      {"check", name(failure.check)}});
  return {{"schema", "alaris/chain-quality/1"},
          {"symbol", symbol},
          {"session", to_string(day.session)},
          {"source", notes.source},
          {"labels", notes.labels},
          {"defect", name(day.defect)},
          {"score", json_number(day.quality.value())},
          {"grade", name(quality_grade(day.quality.value(), limits))},
          {"checks", std::move(checks)},
          {"failed", std::move(failed)}};
}

void print_csv(const JudgedDay& day) {
  fmt::print("check,passed,applicable\n");
  for (std::size_t i = 0; i < desk_checks; ++i)
    fmt::print("{},{},{}\n", name(static_cast<DeskCheck>(i)), day.quality.by_check[i].passed,
               day.quality.by_check[i].applicable);
}

void print_table(const std::string& symbol, const JudgedDay& day, const QualityLimits& limits, bool failures) {
  const QualityScore& total = day.quality.total;
  fmt::print("{} at the close of {}: {} of {} checks hold", symbol, to_string(day.session), total.passed,
             total.applicable);
  if (total.applicable > 0) fmt::print(", {:.1f} %", 100 * total.value());
  fmt::print(": {}\n", name(quality_grade(total.value(), limits)));
  if (day.defect != DayDefect::none) fmt::print("the whole day: {}\n", name(day.defect));
  fmt::print("\n{:<11}{:>8}{:>12}{:>8}  {}\n", "check", "passed", "applicable", "failed", "what it asks");
  for (std::size_t i = 0; i < desk_checks; ++i) {
    const QualityScore& score = day.quality.by_check[i];
    fmt::print("{:<11}{:>8}{:>12}{:>8}  {}\n", name(static_cast<DeskCheck>(i)), score.passed, score.applicable,
               score.applicable - score.passed, question(static_cast<DeskCheck>(i)));
  }
  if (!failures) return;
  fmt::print("\n");
  for (const FailedCheck& failure : day.quality.failed)
    fmt::print("{:<11}{}\n", name(failure.check), contract_text(failure.contract));
}

void show_quality(const QualityOptions& options, const Session& session) {
  const ResolvedConfig config = session.config();
  const TradingCalendar calendar = TradingCalendar::nyse();
  const Instant at = parse_at("--at", options.at, calendar);
  const auto symbols = parse_symbols(options.symbol);
  if (symbols.size() != 1) throw HostError(ExitCode::usage, "SYMBOL: a chain is of one name");
  const Date day = new_york_date(at);
  const QualityLimits& limits = config.settings.strategy.quality;
  with_market(options.market, config.settings, symbols, day, day, [&](const auto& market, const MarketNotes& notes) {
    const JudgedDay judged = judge_day(market, symbols.front(), at, limits, calendar);
    print_notes(notes, session, options.format);
    switch (options.format) {
      case OutputFormat::json:
        fmt::print("{}\n", quality_json(symbols.front(), judged, limits, notes).dump(2));
        break;
      case OutputFormat::csv:
        print_csv(judged);
        break;
      case OutputFormat::table:
        print_table(symbols.front(), judged, limits, options.failures);
        break;
    }
  });
}

}  // namespace

void add_chain_quality_command(CLI::App& data, Session& session) {
  auto options = std::make_shared<QualityOptions>();
  auto* command = data.add_subcommand(
      "quality",
      "Examples:\n  alaris data quality AAPL --at 2026-07-29 --source chains:DIR --quotes estimated\n"
      "  alaris data quality AAPL --at 2026-07-29 --source chains:DIR --quotes estimated --failures\n\n"
      "the desk's checks of one day's chain: contracts with deltas of 0.10 to 0.90 and at most 60 days to run");
  command->add_option("SYMBOL", options->symbol, "ticker symbol")->required();
  command->add_option("--at", options->at, "date (its close) or instant with offset")->required();
  command->add_flag("--failures", options->failures, "list every contract that fails a check");
  add_market_options(*command, options->market);
  add_format_option(*command, options->format);
  command->callback([=, &session] { show_quality(*options, session); });
}

}  // namespace alaris::host
