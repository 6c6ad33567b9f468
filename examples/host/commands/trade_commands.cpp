// SPDX-License-Identifier: Apache-2.0
// trade start, status, halt, flatten, resume, stop: the process that trades, and words for it.
#include <unistd.h>
#include <csignal>

#include <chrono>
#include <memory>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "commands/command.hpp"
#include "commands/market_options.hpp"
#include "commands/trading_status.hpp"
#include "gateway/intent_journal.hpp"
#include "gateway/order_desk.hpp"
#include "operations/account_guard.hpp"
#include "operations/trading_folder.hpp"
#include "operations/trading_loop.hpp"

namespace alaris::host {
namespace {

using Json = nlohmann::ordered_json;

struct StartWords {
  std::string account, confirm, symbols, clock;
  double speed = 1.0;
  bool paper = false, live = false, dry_run = false;
  MarketOptions market;
};

/// The names to trade: those given, else those the store holds.
std::vector<std::string> names_of(const StartWords& words) {
  if (!words.symbols.empty()) return parse_symbols(words.symbols);
  if (words.market.source.empty() || words.market.source == "store")
    if (std::filesystem::exists(default_store())) return stored_symbols(default_store());
  if (!words.market.source.empty()) throw HostError(ExitCode::usage, "--symbol: which names?");
  return {};
}

void start(Session& session, const StartWords& words) {
  if (words.paper == words.live) throw HostError(ExitCode::usage, "say --paper or --live");
  const ResolvedConfig config = session.config();
  TradingRequest request{.gateway = config.settings.gateway,
                         .strategy = config.settings.strategy,
                         .symbols = names_of(words),
                         .dry_run = words.dry_run,
                         .quiet = session.quiet};
  if (!words.account.empty()) request.gateway.account = words.account;
  if (const auto wrong = disagreement(request.gateway, words.live, words.confirm))
    throw HostError(ExitCode::configuration, *wrong);
  if (words.clock.empty() && words.speed != 1.0) throw HostError(ExitCode::usage, "--speed needs a --clock");
  if (!words.clock.empty()) {
    if (words.live) throw HostError(ExitCode::usage, "--clock: a live session keeps the world's time");
    request.clock = PracticeClock(words.clock, words.speed);
  }
  const TradingFolder folder = TradingFolder::of_process();
  if (request.symbols.empty()) {
    if (!session.quiet)
      fmt::print(stderr, "no names: nothing is stored and no --symbol was given; this session only watches\n");
    session.exit_code = run_trading(request, AnyMarket(RecordedMarket{}), folder);
    return;
  }
  const bool simulated = source_of(words.market, request.symbols).kind == SourceKind::simulated;
  if (simulated && !request.clock.practises())
    throw HostError(ExitCode::usage, "what is simulated is for practice: give --clock too, or a --source of real data");
  const Date today = new_york_date(request.clock.now());
  with_market(words.market, config.settings, request.symbols, simulated ? today : Date::min(),
              simulated ? today : Date::max(), [&](const auto& market, const MarketNotes& notes) {
                if (words.live && !notes.labels.empty())
                  throw HostError(ExitCode::configuration,
                                  "a live session does not decide on this: " + notes.labels[0]);
                request.labels = notes.labels;
                if (!session.quiet)
                  for (const std::string& label : notes.labels) fmt::print(stderr, "** {} **\n", label);
                session.exit_code = run_trading(request, AnyMarket(market), folder);
              });
}

void show(Session& session, OutputFormat format) {
  const TradingFolder folder = TradingFolder::of_process();
  Json status = trading_status(folder);
  const bool alive = trader_runs(folder);
  status["running"] = alive;
  const bool well = alive && status["phase"] == "ready" && status["reconciled"] == true && status["halted"].is_null();
  session.exit_code = !alive ? ExitCode::unavailable : well ? ExitCode::done : ExitCode::answer_is_no;
  if (format == OutputFormat::json) return fmt::print("{}\n", status.dump(2));
  fmt::print("{} {}, {}{}\nas of {}\n", status["mode"].get<std::string>(), status["account"].get<std::string>(),
             alive ? status["phase"].get<std::string>() : "not running",
             status["halted"].is_null() ? "" : ", HALTED: " + status["halted"].get<std::string>(),
             status["at"].get<std::string>());
  for (const Json& o : status["orders"])
    fmt::print("order    {} {} {} {}/{}\n", o["reference"].get<std::string>(), o["symbol"].get<std::string>(),
               o["phase"].get<std::string>(), o["filled"].get<int>(), o["quantity"].get<int>());
  for (const Json& p : status["positions"])
    fmt::print("position {} {} {:g} {} {:+d}\n", p["symbol"].get<std::string>(), p["expiry"].get<std::string>(),
               p["strike"].get<double>(), p["right"].get<std::string>(), p["contracts"].get<std::int64_t>());
  for (const Json& d : status["differences"])
    fmt::print("differs  {} {} ours {} theirs {}\n", d["kind"].get<std::string>(), d["symbol"].get<std::string>(),
               d["ours"].get<std::int64_t>(), d["theirs"].get<std::int64_t>());
}

/// Journals the word itself when nobody trades, else leaves it for the process that does.
void say(std::string_view word, const std::string& reason) {
  const TradingFolder folder = TradingFolder::of_process();
  if (trader_runs(folder)) return folder.leave_word(word, reason);
  gateway::FileStorage storage(folder.journal());
  gateway::OrderDesk desk(storage, 0);
  const bool known = desk.recover(Instant{}).has_value();
  const auto latch = [&] {
    return word == "halt" ? desk.halt(reason) : word == "flatten" ? desk.flatten(reason) : desk.resume(reason);
  };
  if (!known || !latch()) throw HostError(ExitCode::integrity, "the journal could not be read or written");
  if (word == "resume") folder.forget_word("halt"), folder.forget_word("flatten");
}

/// What flattening would do, from what the trading process last wrote; nothing is changed.
void preview_flatten() {
  const TradingFolder folder = TradingFolder::of_process();
  const Json status = trading_status(folder);
  for (const Json& p : status["positions"])
    fmt::print("close    {} {} {:g} {} {:+d}\n", p["symbol"].get<std::string>(), p["expiry"].get<std::string>(),
               p["strike"].get<double>(), p["right"].get<std::string>(), -p["contracts"].get<std::int64_t>());
  fmt::print("{} positions as of {} would be closed and new risk halted; nothing was changed\n",
             status["positions"].size(), status["at"].get<std::string>());
  if (!trader_runs(folder)) fmt::print("no trading process runs: it would happen when one is started\n");
}

void stop() {
  const TradingFolder folder = TradingFolder::of_process();
  if (!trader_runs(folder)) throw HostError(ExitCode::unavailable, "no trading process runs");
  const auto pid = trading_status(folder)["pid"].get<pid_t>();
  if (pid <= 1 || ::kill(pid, SIGTERM) != 0)
    throw HostError(ExitCode::unavailable, fmt::format("process {} does not take signals from here", pid));
  for (int i = 0; i < 300 && trader_runs(folder); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  if (trader_runs(folder)) throw HostError(ExitCode::needs_a_person, fmt::format("process {} has not stopped", pid));
}

}  // namespace

void add_trade_commands(CLI::App& app, Session& session) {
  auto* trade = app.add_subcommand("trade",
                                   "Examples:\n  alaris trade start --paper --account DU1234567\n"
                                   "  alaris trade status\n  alaris trade halt --reason \"spreads are odd\"\n"
                                   "  alaris trade flatten --reason \"leaving the market\"\n"
                                   "  alaris trade resume --reason \"quotes are back\"\n  alaris trade stop\n\n"
                                   "practice, against 'gateway-sim' with the same --symbol, --clock and --speed:\n"
                                   "  alaris trade start --paper --account DU1234567 --symbol AAPL --source simulated "
                                   "--clock 2024-05-02T15:38@$(date +%s) --speed 60\n\n"
                                   "a session with the broker's gateway: enters calendars before announcements and "
                                   "closes them after, by the rules of the backtest");
  trade->require_subcommand(1);
  auto words = std::make_shared<StartWords>();
  auto* begin = trade->add_subcommand("start", describe({"alaris trade start --paper --account DU1234567",
                                                         "alaris trade start --paper --account DU1234567 --dry-run"},
                                                        "in the foreground, until stopped"));
  begin->add_flag("--paper", words->paper, "a paper account");
  begin->add_flag("--live", words->live, "a live account; needs --confirm");
  begin->add_option("--account", words->account, "account id; else gateway.account");
  begin->add_option("--confirm", words->confirm, "the live account once more");
  begin->add_flag("--dry-run", words->dry_run, "decide everything, send no order");
  begin->add_option("--symbol", words->symbols, "names to trade, comma-separated; else those in the store");
  add_market_options(*begin, words->market);
  begin->add_option("--clock", words->clock, "practice: New York time to start at, 2024-05-02T15:38[@SECONDS]");
  begin->add_option("--speed", words->speed, "practice: how much faster the clock runs; closed hours are skipped");
  begin->callback([=, &session] { start(session, *words); });
  auto format = std::make_shared<OutputFormat>(OutputFormat::table);
  auto* status = trade->add_subcommand("status", describe({"alaris trade status", "alaris trade status --format json"},
                                                          "exit 0 ready and reconciled, 1 not, 5 no process"));
  add_format_option(*status, *format);
  status->callback([=, &session] { show(session, *format); });
  auto why = std::make_shared<std::string>("by a person");
  auto* halt = trade->add_subcommand("halt", describe({"alaris trade halt --reason \"spreads are odd\""},
                                                      "no new risk until resumed; survives restarts"));
  halt->add_option("--reason", *why, "for the journal");
  halt->callback([=] { say("halt", *why); });
  auto leave = std::make_shared<std::string>("by a person");
  auto* flatten = trade->add_subcommand(
      "flatten", describe({"alaris trade flatten --dry-run", "alaris trade flatten --reason \"leaving the market\""},
                          "halt, and close what is held; waits for the market when closed"));
  flatten->add_option("--reason", *leave, "for the journal");
  auto preview = std::make_shared<bool>(false);
  flatten->add_flag("--dry-run", *preview, "say what would be closed, change nothing");
  flatten->callback([=] { *preview ? preview_flatten() : say("flatten", *leave); });
  auto reason = std::make_shared<std::string>();
  auto* resume =
      trade->add_subcommand("resume", describe({"alaris trade resume --reason \"quotes are back\""}, "end a halt"));
  resume->add_option("--reason", *reason, "for the journal")->required();
  resume->callback([=] { say("resume", *reason); });
  trade->add_subcommand("stop", describe({"alaris trade stop"}, "cancel what works, keep positions, sync, end"))
      ->callback([] { stop(); });
}

}  // namespace alaris::host
