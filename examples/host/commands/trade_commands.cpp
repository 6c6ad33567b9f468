// SPDX-License-Identifier: Apache-2.0
// trade start, status, reduce-only, halt, flatten, resume, stop: the process that trades, and words for it.
#include <sys/stat.h>
#include <unistd.h>
#include <csignal>

#include <chrono>
#include <memory>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "commands/command.hpp"
#include "commands/market_options.hpp"
#include "commands/system_commands.hpp"
#include "commands/trade_report.hpp"
#include "commands/trading_status.hpp"
#include "gateway/intent_journal.hpp"
#include "gateway/order_desk.hpp"
#include "operations/account_guard.hpp"
#include "operations/config_history.hpp"
#include "operations/global_cancel.hpp"
#include "operations/required_inputs.hpp"
#include "operations/service_notice.hpp"
#include "operations/trading_folder.hpp"
#include "operations/trading_loop.hpp"
#include "store/market_store.hpp"

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

using History = std::shared_ptr<const AnyMarket>;

/// Opens the market; the notes say what it is.
History opened(const StartWords& words, const Settings& settings, const TradingRequest& request, bool simulated,
               MarketNotes& notes) {
  const Date today = new_york_date(request.clock.now());
  return with_market(words.market, settings, request.symbols, simulated ? today : Date::min(),
                     simulated ? today : Date::max(), [&](const auto& market, const MarketNotes& said) {
                       notes = said;
                       return TradingMarket::owning(market);
                     });
}

/// Reads the store again once another process has changed it. One that cannot be read just now is asked again.
std::function<History()> refreshing(const StartWords& words, const Settings& settings, const TradingRequest& request) {
  const auto file = default_store();
  const auto store = std::make_shared<MarketStore>(file, Access::read);
  return [=, &request, seen = std::make_shared<std::int64_t>(store->data_version())]() -> History {
    try {
      const std::int64_t version = store->data_version();
      if (version == *seen) return nullptr;
      MarketNotes notes;
      History fresh = opened(words, settings, request, false, notes);
      *seen = version;
      return fresh;
    } catch (const HostError& e) {
      fmt::print(stderr, "the store could not be read again: {}\n", e.what());
      return nullptr;
    }
  };
}

/// All that the rules lack, before anything is risked on them.
void require_inputs(const AnyMarket& market, const TradingRequest& request) {
  const auto missing = missing_inputs(market, request.symbols, request.strategy, new_york_date(request.clock.now()),
                                      TradingCalendar::nyse());
  if (!missing.empty())
    throw HostError(ExitCode::configuration, fmt::format("a limit without a live input trades nothing; missing:\n  {}",
                                                         fmt::join(missing, "\n  ")));
}

/// After a clean stop: the journal is closed, nothing changes it any more.
void keep_copy(const Session& session, const ResolvedConfig& config) {
  if (session.exit_code != ExitCode::done) return;
  (void)tell_service_manager("EXTEND_TIMEOUT_USEC=600000000");
  try {
    const Snapshot made = back_up(config, places_of_process(), system_clock_now());
    if (!session.quiet) fmt::print(stderr, "copied to {}\n", made.folder.string());
  } catch (const HostError& e) {
    fmt::print(stderr, "the state could not be copied after the stop: {}\n", e.what());
  }
}

void start(Session& session, const StartWords& words) {
  ::umask(0077);
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
  request.memory_critical_gib = config.settings.monitor.memory_critical_gib;
  const TradingFolder folder = TradingFolder::of_process();
  request.configuration = keep_configuration(places_of_process().state, config.to_toml(), system_clock_now(),
                                             std::chrono::days(config.settings.backup.configuration_days));
  if (request.symbols.empty()) {
    if (!session.quiet)
      fmt::print(stderr, "no names: nothing is stored and no --symbol was given; this session only watches\n");
    session.exit_code = run_trading(request, {.history = TradingMarket::owning(RecordedMarket{})}, folder);
    return keep_copy(session, config);
  }
  const SourceKind kind = source_of(words.market, request.symbols).kind;
  const bool simulated = kind == SourceKind::simulated;
  if (simulated && !request.clock.practises())
    throw HostError(ExitCode::usage, "what is simulated is for practice: give --clock too, or a --source of real data");
  MarketNotes notes;
  TradingMarket market{.history = opened(words, config.settings, request, simulated, notes)};
  if (kind == SourceKind::store) market.refresh = refreshing(words, config.settings, request);
  if (words.live && !notes.labels.empty())
    throw HostError(ExitCode::configuration, "a live session does not decide on this: " + notes.labels[0]);
  require_inputs(*market.history, request);
  request.labels = notes.labels;
  if (!session.quiet)
    for (const std::string& label : notes.labels) fmt::print(stderr, "** {} **\n", label);
  session.exit_code = run_trading(request, market, folder);
  keep_copy(session, config);
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

/// A P0 is latched until a person has cleared it: resuming before that would trade on.
void refuse_resuming_at_risk() {
  const AlertBoard board = board_in(places_of_process(), system_clock_now());
  for (const auto& [key, alert] : board.alerts)
    if (alert.severity == Severity::p0 && alert.latched)
      throw HostError(ExitCode::needs_a_person,
                      fmt::format("capital at risk, '{}': {}; look, repair, 'alaris system alerts clear {} --reason "
                                  "...', then resume",
                                  key, alert.what, key));
}

/// A process that hangs hears nothing: then the broker is asked to end its orders, over another connection.
void see_that_it_stops(Session& session, const TradingFolder& folder, std::string_view word) {
  using namespace std::chrono_literals;
  const Json before = trading_status(folder);
  for (int i = 0; i < 30; ++i) {
    const auto command = trading_status(folder).value("command", "");
    if (command == "flatten" || command == word) return;
    std::this_thread::sleep_for(100ms);
  }
  const Json at = before.value("gateway", Json::object());
  const GatewayPlace place{.host = at.value("host", ""),
                           .port = at.value("port", 0),
                           .client_id = at.value("client_id", 0),
                           .account = before.value("account", ""),
                           .paper = before.value("mode", "") == "paper"};
  if (!cancel_everything(place, 10s))
    throw HostError(ExitCode::needs_a_person,
                    "the trading process does not answer and the gateway takes no cancel: use the broker's own screen");
  fmt::print(stderr, "the trading process does not answer: its working orders were cancelled at the gateway\n");
  session.exit_code = ExitCode::needs_a_person;
}

/// Leaves the word for the process that trades. A halt needs no disk: where the word cannot be written, the process is
/// told by a signal, and this says so.
bool signalled(const TradingFolder& folder, std::string_view word, const std::string& reason) {
  try {
    folder.leave_word(word, reason);
    return false;
  } catch (const HostError&) {
    const auto pid = trading_status(folder)["pid"].get<pid_t>();
    if ((word != "halt" && word != "flatten") || pid <= 1 || ::kill(pid, SIGUSR1) != 0) throw;
    fmt::print(stderr, "the disk takes no word: process {} was halted by a signal\n", pid);
    return true;
  }
}

/// Journals the word itself when nobody trades, else leaves it for the process that does.
void say(Session& session, std::string_view word, const std::string& reason) {
  ::umask(0077);
  std::signal(SIGXFSZ, SIG_IGN);
  if (word == "resume" && !alaris::detail::stated(reason))
    throw HostError(ExitCode::usage, "--reason: why may it trade again?");
  const TradingFolder folder = TradingFolder::of_process();
  if (word == "resume") refuse_resuming_at_risk();
  if (trader_runs(folder)) {
    const bool by_signal = signalled(folder, word, reason);
    if (!by_signal && (word == "halt" || word == "flatten")) see_that_it_stops(session, folder, word);
    return;
  }
  gateway::FileStorage storage(folder.journal());
  gateway::OrderDesk desk(storage, 0);
  const bool known = desk.recover(Instant{}).has_value();
  const auto latch = [&] {
    return word == "reduce-only" ? desk.reduce_only(reason)
           : word == "halt"      ? desk.halt(reason)
           : word == "flatten"   ? desk.flatten(reason)
                                 : desk.resume(reason);
  };
  if (!known || !latch()) throw HostError(ExitCode::integrity, "the journal could not be read or written");
  if (word != "resume") return;
  for (const char* latched : {"reduce-only", "halt", "flatten"}) folder.forget_word(latched);
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
  const Json left = trading_status(folder);
  for (const Json& order : left["orders"])
    if (const std::string phase = order["phase"]; phase != "filled" && phase != "cancelled" && phase != "rejected" &&
                                                  phase != "lost" && left["pid"].get<pid_t>() == pid)
      throw HostError(ExitCode::needs_a_person,
                      fmt::format("{} may still work at the broker", order["reference"].get<std::string>()));
}

}  // namespace

void add_trade_commands(CLI::App& app, Session& session) {
  auto* trade = app.add_subcommand("trade",
                                   "Examples:\n  alaris trade start --paper --account DU1234567\n"
                                   "  alaris trade status\n  alaris trade reduce-only --reason \"a quiet week\"\n"
                                   "  alaris trade halt --reason \"spreads are odd\"\n"
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
  auto* reduce =
      trade->add_subcommand("reduce-only", describe({"alaris trade reduce-only --reason \"a quiet week\""},
                                                    "no new risk until resumed; exits go on; survives restarts"));
  reduce->add_option("--reason", *why, "for the journal");
  reduce->callback([=, &session] { say(session, "reduce-only", *why); });
  auto* halt = trade->add_subcommand("halt", describe({"alaris trade halt --reason \"spreads are odd\""},
                                                      "no new risk and no exits until resumed; survives restarts"));
  halt->add_option("--reason", *why, "for the journal");
  halt->callback([=, &session] { say(session, "halt", *why); });
  auto leave = std::make_shared<std::string>("by a person");
  auto* flatten = trade->add_subcommand(
      "flatten", describe({"alaris trade flatten --dry-run", "alaris trade flatten --reason \"leaving the market\""},
                          "halt, and close what is held; waits for the market when closed"));
  flatten->add_option("--reason", *leave, "for the journal");
  auto preview = std::make_shared<bool>(false);
  flatten->add_flag("--dry-run", *preview, "say what would be closed, change nothing");
  flatten->callback([=, &session] { *preview ? preview_flatten() : say(session, "flatten", *leave); });
  auto reason = std::make_shared<std::string>();
  auto* resume = trade->add_subcommand("resume", describe({"alaris trade resume --reason \"quotes are back\""},
                                                          "end a halt, reduce-only, and what a breaker latched"));
  resume->add_option("--reason", *reason, "for the journal")->required();
  resume->callback([=, &session] { say(session, "resume", *reason); });
  add_trade_report(*trade);
  trade->add_subcommand("stop", describe({"alaris trade stop"}, "cancel what works, keep positions, sync, end"))
      ->callback([] { stop(); });
}

}  // namespace alaris::host
