// SPDX-License-Identifier: Apache-2.0
#include "operations/trading_loop.hpp"

#include <unistd.h>
#include <csignal>

#include <chrono>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alaris/market/new_york.hpp>

#include "gateway/intent_journal.hpp"
#include "gateway/order_desk.hpp"
#include "gateway/tcp_link.hpp"
#include "operations/trading_session.hpp"

namespace alaris::host {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

volatile std::sig_atomic_t stop_wanted = 0;

extern "C" void want_stop(int) {
  stop_wanted = 1;
}

std::uint64_t seed_of_process() {
  return static_cast<std::uint64_t>(::getpid()) * 0x9e3779b97f4a7c15u +
         static_cast<std::uint64_t>(system_now().time_since_epoch().count());
}

class TradingLoop {
 public:
  TradingLoop(const TradingRequest& request, const AnyMarket& history, const TradingFolder& folder,
              gateway::JournalStorage& storage)
      : request_(request), history_(history), folder_(folder), desk_(storage, request.gateway.client_id) {}

  ExitCode run() {
    const auto records = desk_.recover(now());
    if (!records) throw HostError(ExitCode::integrity, std::string(name(records.error())));
    note(fmt::format("journal: {} records, {} orders", *records, desk_.orders().size()));
    gateway::SessionSettings settings;
    settings.client_id = request_.gateway.client_id, settings.account = request_.gateway.account;
    settings.paper = request_.gateway.mode == "paper";
    settings.highest_order_id = desk_.highest_order_id();
    session_.emplace(settings, seed_of_process());
    trading_.emplace(TradingSession::Terms{.symbols = request_.symbols,
                                           .account = request_.gateway.account,
                                           .strategy = request_.strategy,
                                           .dry_run = request_.dry_run,
                                           .clock_tolerance = request_.clock.tolerance()},
                     history_, desk_, *session_, [this](AlertLevel level, const std::string& text) {
                       note(level == AlertLevel::note ? text : std::string(name(level)) + " " + text);
                     });
    trading_->recovered(now());
    gateway::TcpLink link(
        *session_, request_.gateway.host, static_cast<std::uint16_t>(request_.gateway.port), [this] { return now(); },
        [this](Instant at, const gateway::SessionEvent& event) { hear(at, event); });
    session_->start(now());
    const auto most = request_.clock.practises() ? 2ms : 20ms;
    const Instant patience = system_now() + 30s;
    while (stop_wanted == 0 && session_->phase() != gateway::SessionPhase::stopped && !desk_.failed()) {
      link.poll(most);
      listen_to_words();
      trading_->tick(now());
      link.pump();
      if (desk_.wants_questions()) ask_again();
      for (const auto& alarm : desk_.take_alarms(now())) note(fmt::format("{}: {}", alarm.order_ref, alarm.what));
      (void)desk_.flush();
      if (system_now() - last_status_ >= 1s) write_status();
      if (request_.once && (trading_->compared_at() || system_now() >= patience)) return end_of_comparison(link);
    }
    const bool told = stop_wanted != 0;
    if (told) cancel_working(link);
    session_->stop(now(), told ? "stop" : "a person is needed");
    link.pump();
    const bool kept = desk_.flush();
    write_status();
    if (!kept) throw HostError(ExitCode::integrity, "the journal could not be written");
    return told ? ExitCode::done : ExitCode::needs_a_person;
  }

 private:
  [[nodiscard]] Instant now() const { return request_.clock.now(); }
  void note(const std::string& text) const {
    if (!request_.quiet) fmt::print(stderr, "{} {}\n", new_york_text(now()), text);
  }

  void hear(Instant at, const gateway::SessionEvent& event) {
    if (const auto* change = std::get_if<gateway::PhaseChanged>(&event))
      note(fmt::format("{}: {}{}", name(change->to), change->why, change->planned ? " (planned)" : ""));
    if (const auto* notice = std::get_if<gateway::Notice>(&event))
      if (notice->action != gateway::ErrorAction::farm_up) note(fmt::format("{} {}", notice->code, notice->text));
    if (const auto* problem = std::get_if<gateway::OrderProblem>(&event))
      note(fmt::format("order {}: {} {}", problem->order_id, problem->code, problem->text));
    if (const auto* dropped = std::get_if<gateway::FrameDropped>(&event))
      note(fmt::format("message {} dropped: {}", dropped->fault.message_id, name(dropped->fault.what)));
    trading_->hear(at, event);
    if (std::holds_alternative<gateway::PhaseChanged>(event) || std::holds_alternative<gateway::Synced>(event))
      write_status();
  }

  ExitCode end_of_comparison(gateway::TcpLink& link) {
    session_->stop(now(), "compared");
    link.pump();
    (void)desk_.flush();
    write_status();
    if (!trading_->compared_at()) return ExitCode::unavailable;
    return trading_->reconciled() ? ExitCode::done : ExitCode::answer_is_no;
  }

  /// At most every ten seconds: what is in question is asked, never sent again.
  void ask_again() {
    if (now() - last_question_ < 10s) return;
    last_question_ = now();
    session_->resynchronise(last_question_, "an order is in question");
  }

  void listen_to_words() {
    const auto latch = [&](std::string_view word, KillCommand command, auto write) {
      const auto why = folder_.word(word);
      if (!why || desk_.command() >= command) return;
      if (!write(*why)) return;
      trading_->command(now(), command);
      note(fmt::format("{}: {}", word, *why));
      write_status();
    };
    latch("halt", KillCommand::halt, [&](const std::string& why) { return desk_.halt(why); });
    latch("flatten", KillCommand::flatten, [&](const std::string& why) { return desk_.flatten(why); });
    if (folder_.word("reconcile")) {
      session_->resynchronise(now(), "asked to reconcile");
      folder_.forget_word("reconcile");
    }
    if (const auto reason = folder_.word("resume")) {
      if (desk_.halted() && desk_.resume(*reason)) {
        note("resumed: " + *reason);
        folder_.forget_word("halt");
        folder_.forget_word("flatten");
        trading_->command(now(), KillCommand::none);
      }
      folder_.forget_word("resume");
      write_status();
    }
  }

  void cancel_working(gateway::TcpLink& link) {
    trading_->stop(now());
    const auto working = [&] {
      std::vector<std::string> found;
      for (const auto& [reference, order] : desk_.orders())
        if (!ended(order.machine.phase())) found.push_back(reference);
      return found;
    };
    for (const std::string& reference : working())
      if (!desk_.find(reference)->machine.cancel_requested() &&
          session_->cancel(now(), desk_.find(reference)->order_id))
        desk_.cancel_requested(reference);
    for (const Instant end = system_now() + 5s; system_now() < end && !working().empty();) link.poll(20ms);
    for (const std::string& reference : working()) note(reference + ": still working at the broker");
  }

  void write_status() {
    last_status_ = system_now();
    folder_.write_status(status().dump(2) + "\n");
  }

  [[nodiscard]] Json status() const {
    Json orders = Json::array(), positions = Json::array(), differences = Json::array();
    for (const auto& [reference, order] : desk_.orders())
      orders.push_back({{"reference", reference},
                        {"symbol", order.machine.order().symbol},
                        {"phase", name(order.machine.phase())},
                        {"filled", order.machine.filled_units()},
                        {"quantity", order.machine.order().quantity},
                        {"limit", to_string(order.limit)}});
    for (const auto& [holding, contracts] : desk_.books().options)
      positions.push_back({{"symbol", holding.symbol},
                           {"expiry", to_string(holding.contract.expiry)},
                           {"strike", holding.contract.strike.dollars()},
                           {"right", name(holding.contract.type)},
                           {"contracts", contracts}});
    for (const Difference& d : trading_->differences())
      differences.push_back({{"kind", name(d.kind)},
                             {"symbol", d.symbol},
                             {"ours", d.ours},
                             {"theirs", d.theirs},
                             {"cash", to_string(d.cash)},
                             {"id", d.id}});
    const auto gap = trading_->clock_gap();
    const auto compared = trading_->compared_at();
    return {{"schema", "alaris/trading/1"},
            {"at", new_york_text(now())},
            {"pid", ::getpid()},
            {"account", request_.gateway.account},
            {"mode", request_.gateway.mode},
            {"dry_run", request_.dry_run},
            {"practice", request_.clock.practises()},
            {"labels", request_.labels},
            {"symbols", request_.symbols},
            {"phase", name(session_ ? session_->phase() : gateway::SessionPhase::down)},
            {"state", name(trading_->trader().state())},
            {"reconciled", trading_->reconciled()},
            {"compared_at", compared ? Json(new_york_text(*compared)) : Json(nullptr)},
            {"clock_gap_s", gap ? Json(static_cast<double>(gap->count()) / 1e6) : Json(nullptr)},
            {"halted", desk_.halted() ? Json(*desk_.halted()) : Json(nullptr)},
            {"cash", to_string(desk_.books().cash)},
            {"orders", orders},
            {"positions", positions},
            {"differences", differences}};
  }

  const TradingRequest& request_;
  const AnyMarket& history_;
  const TradingFolder& folder_;
  gateway::OrderDesk desk_;
  std::optional<gateway::Session> session_{};
  std::optional<TradingSession> trading_{};
  Instant last_status_{};
  Instant last_question_{};
};

}  // namespace

ExitCode run_trading(const TradingRequest& request, const AnyMarket& history, const TradingFolder& folder) {
  // A look at the state folder (trade status) holds the lock for an instant; another trader holds it for good.
  std::optional<gateway::FileStorage> storage;
  for (int i = 0; i < 40; ++i) {
    storage.emplace(folder.journal());
    if (storage->open()) break;
    std::this_thread::sleep_for(50ms);
  }
  if (!storage->open())
    throw HostError(ExitCode::unavailable, folder.journal().string() + " is held by another trading process");
  std::signal(SIGTERM, want_stop);
  std::signal(SIGINT, want_stop);
  return TradingLoop(request, history, folder, *storage).run();
}

}  // namespace alaris::host
