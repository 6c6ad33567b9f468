// SPDX-License-Identifier: Apache-2.0
// position list, position reconcile: ours against the broker's.
#include <chrono>
#include <memory>
#include <thread>

#include <fmt/format.h>

#include "commands/position_commands.hpp"
#include "commands/trading_status.hpp"
#include "operations/account_guard.hpp"
#include "operations/trading_loop.hpp"

namespace alaris::host {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& row, const char* key) {
  return row.value(key, std::string());
}

void print_positions(const Json& status, OutputFormat format) {
  if (format == OutputFormat::json) {
    const Json out{{"schema", "alaris/positions/1"},      {"at", status["at"]},
                   {"account", status["account"]},        {"reconciled", status["reconciled"]},
                   {"cash", status.value("cash", "")},    {"positions", status["positions"]},
                   {"differences", status["differences"]}};
    return fmt::print("{}\n", out.dump(2));
  }
  if (format == OutputFormat::csv) fmt::print("symbol,expiry,strike,right,contracts\n");
  for (const Json& p : status["positions"]) {
    const auto contracts = p["contracts"].get<std::int64_t>();
    const double strike = p["strike"].get<double>();
    if (format == OutputFormat::csv)
      fmt::print("{},{},{:g},{},{}\n", text_of(p, "symbol"), text_of(p, "expiry"), strike, text_of(p, "right"),
                 contracts);
    else
      fmt::print("{:<6} {} {:>9.3f} {:<4} {:+d}\n", text_of(p, "symbol"), text_of(p, "expiry"), strike,
                 text_of(p, "right"), contracts);
  }
  if (format == OutputFormat::csv) return;
  fmt::print("cash {}, {} positions, as of {}\n", status.value("cash", ""), status["positions"].size(),
             text_of(status, "at"));
  for (const Json& d : status["differences"])
    fmt::print("differs: {} {} ours {} theirs {} {} {}\n", text_of(d, "kind"), text_of(d, "symbol"),
               d["ours"].get<std::int64_t>(), d["theirs"].get<std::int64_t>(), text_of(d, "cash"), text_of(d, "id"));
  fmt::print("{}\n", status["reconciled"] == true ? "the broker's books agree" : "not reconciled with the broker");
}

void list(OutputFormat format) {
  print_positions(trading_status(TradingFolder::of_process()), format);
}

/// Asks the process that trades; without one, the gateway itself.
void compare(Session& session, OutputFormat format) {
  const TradingFolder folder = TradingFolder::of_process();
  if (!trader_runs(folder)) {
    TradingRequest request{.gateway = session.config().settings.gateway, .once = true, .quiet = true};
    if (const auto wrong = disagreement(request.gateway, request.gateway.mode == "live", request.gateway.account))
      throw HostError(ExitCode::configuration, *wrong);
    session.exit_code = run_trading(request, {.history = TradingMarket::owning(RecordedMarket{})}, folder);
    if (session.exit_code == ExitCode::unavailable || session.exit_code == ExitCode::needs_a_person)
      throw HostError(session.exit_code, "the gateway has not answered everything: unknown, not empty");
    return print_positions(trading_status(folder), format);
  }
  const Json before = trading_status(folder)["compared_at"];
  folder.leave_word("reconcile", "asked");
  for (int i = 0; i < 300; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    const Json status = trading_status(folder);
    if (status["compared_at"] == before || status["phase"] != "ready") continue;
    session.exit_code = status["reconciled"] == true ? ExitCode::done : ExitCode::answer_is_no;
    return print_positions(status, format);
  }
  throw HostError(ExitCode::unavailable, "the broker has not answered: unknown, not empty");
}

}  // namespace

void add_position_commands(CLI::App& app, Session& session) {
  auto* position = app.add_subcommand("position",
                                      "Examples:\n  alaris position list\n  alaris position reconcile\n\n"
                                      "what we hold, and what the broker says we hold");
  position->require_subcommand(1);
  auto format = std::make_shared<OutputFormat>(OutputFormat::table);
  auto* listed = position->add_subcommand(
      "list",
      describe({"alaris position list", "alaris position list --format csv"}, "as the trading process last wrote it"));
  add_format_option(*listed, *format);
  listed->callback([=] { list(*format); });
  auto* compared = position->add_subcommand(
      "reconcile", describe({"alaris position reconcile", "alaris position reconcile --format json"},
                            "ask the broker now; exit 0 the books agree, 1 they differ"));
  add_format_option(*compared, *format);
  compared->callback([=, &session] { compare(session, *format); });
}

}  // namespace alaris::host
