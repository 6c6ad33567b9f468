// SPDX-License-Identifier: Apache-2.0
// trade start, status, halt, resume, stop: the process that talks to the gateway, and words for it.
#include <unistd.h>
#include <csignal>

#include <chrono>
#include <memory>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "commands/command.hpp"
#include "gateway/intent_journal.hpp"
#include "gateway/order_desk.hpp"
#include "operations/trading_folder.hpp"
#include "operations/trading_loop.hpp"

namespace alaris::host {
namespace {

using Json = nlohmann::ordered_json;

/// Whoever trades holds the journal.
bool running(const TradingFolder& folder) {
  return std::filesystem::exists(folder.journal()) && !gateway::FileStorage(folder.journal()).open();
}

Json status_of(const TradingFolder& folder) {
  const auto text = folder.status();
  const Json status = text ? Json::parse(*text, nullptr, false) : Json();
  if (!status.is_object() || !status.contains("pid"))
    throw HostError(ExitCode::unavailable, "no trading process has run here yet");
  return status;
}

void start(Session& session, const std::string& account, bool paper, bool live) {
  if (paper == live) throw HostError(ExitCode::usage, "say --paper or --live");
  if (live) throw HostError(ExitCode::usage, "--live: this version trades paper accounts only");
  TradingRequest request{.gateway = session.config().settings.gateway, .quiet = session.quiet};
  if (!account.empty()) request.gateway.account = account;
  if (request.gateway.mode != "paper" || !request.gateway.account.starts_with('D'))
    throw HostError(ExitCode::configuration, "gateway.mode and the account must be paper ones (D...)");
  session.exit_code = run_trading(request, TradingFolder::of_process());
}

void show(Session& session, OutputFormat format) {
  const TradingFolder folder = TradingFolder::of_process();
  Json status = status_of(folder);
  const bool alive = running(folder);
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
  if (running(folder)) return folder.leave_word(word, reason);
  gateway::FileStorage storage(folder.journal());
  gateway::OrderDesk desk(storage, 0);
  const bool known = desk.recover(Instant{}).has_value();
  if (!known || !(word == "halt" ? desk.halt(reason) : desk.resume(reason)))
    throw HostError(ExitCode::integrity, "the journal could not be read or written");
  if (word == "resume") folder.forget_word("halt");
}

void stop() {
  const TradingFolder folder = TradingFolder::of_process();
  if (!running(folder)) throw HostError(ExitCode::unavailable, "no trading process runs");
  const auto pid = status_of(folder)["pid"].get<pid_t>();
  if (pid <= 1 || ::kill(pid, SIGTERM) != 0)
    throw HostError(ExitCode::unavailable, fmt::format("process {} does not take signals from here", pid));
  for (int i = 0; i < 300 && running(folder); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  if (running(folder)) throw HostError(ExitCode::needs_a_person, fmt::format("process {} has not stopped", pid));
}

}  // namespace

void add_trade_commands(CLI::App& app, Session& session) {
  auto* trade = app.add_subcommand("trade",
                                   "Examples:\n  alaris trade start --paper --account DU1234567\n"
                                   "  alaris trade status\n  alaris trade halt --reason \"spreads are odd\"\n"
                                   "  alaris trade resume --reason \"quotes are back\"\n  alaris trade stop\n\n"
                                   "a session with the broker's gateway: it watches, reconciles and keeps the journal "
                                   "of orders; it decides nothing yet");
  trade->require_subcommand(1);
  auto account = std::make_shared<std::string>();
  auto paper = std::make_shared<bool>(false), live = std::make_shared<bool>(false);
  auto* begin = trade->add_subcommand("start", "in the foreground, until stopped");
  begin->add_flag("--paper", *paper, "a paper account");
  begin->add_flag("--live", *live, "a live account (refused by this version)");
  begin->add_option("--account", *account, "account id; else gateway.account");
  begin->callback([=, &session] { start(session, *account, *paper, *live); });
  auto format = std::make_shared<OutputFormat>(OutputFormat::table);
  auto* status = trade->add_subcommand("status", "exit 0 ready and reconciled, 1 not, 5 no process");
  add_format_option(*status, *format);
  status->callback([=, &session] { show(session, *format); });
  auto why = std::make_shared<std::string>("by a person");
  auto* halt = trade->add_subcommand("halt", "no new risk until resumed; survives restarts");
  halt->add_option("--reason", *why, "for the journal");
  halt->callback([=] { say("halt", *why); });
  auto reason = std::make_shared<std::string>();
  auto* resume = trade->add_subcommand("resume", "end a halt");
  resume->add_option("--reason", *reason, "for the journal")->required();
  resume->callback([=] { say("resume", *reason); });
  trade->add_subcommand("stop", "cancel what works, keep positions, sync, end")->callback([] { stop(); });
}

}  // namespace alaris::host
