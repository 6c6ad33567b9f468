// SPDX-License-Identifier: Apache-2.0
#include "operations/trading_loop.hpp"

#include <unistd.h>
#include <csignal>
#include <cstdio>

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alaris/market/new_york.hpp>

#include "gateway/intent_journal.hpp"
#include "gateway/order_desk.hpp"
#include "gateway/tcp_link.hpp"
#include "operations/observe.hpp"
#include "operations/service_notice.hpp"
#include "operations/session_status.hpp"
#include "operations/standing_conditions.hpp"
#include "operations/trading_session.hpp"

namespace alaris::host {
namespace {

using namespace std::chrono_literals;

volatile std::sig_atomic_t stop_wanted = 0, halt_wanted = 0;

extern "C" void want_stop(int) {
  stop_wanted = 1;
}

extern "C" void want_halt(int) {
  halt_wanted = 1;
}

Severity severity_of(AlertLevel level) {
  return level == AlertLevel::p0 ? Severity::p0 : level == AlertLevel::p1 ? Severity::p1 : Severity::p2;
}

std::uint64_t seed_of_process() {
  return static_cast<std::uint64_t>(::getpid()) * 0x9e3779b97f4a7c15u +
         static_cast<std::uint64_t>(system_now().time_since_epoch().count());
}

class TradingLoop {
 public:
  TradingLoop(const TradingRequest& request, const TradingMarket& market, const TradingFolder& folder,
              gateway::JournalStorage& storage)
      : request_(request), market_(market), folder_(folder), desk_(storage, request.gateway.client_id) {}

  ExitCode run() {
    const auto records = desk_.recover(now());
    if (!records) throw HostError(ExitCode::integrity, std::string(name(records.error())));
    note(fmt::format("journal: {} records, {} orders", *records, desk_.orders().size()));
    gateway::SessionSettings settings;
    settings.client_id = request_.gateway.client_id, settings.account = request_.gateway.account;
    settings.paper = request_.gateway.mode == "paper";
    settings.highest_order_id = desk_.highest_order_id();
    settings.messages_per_second = request_.gateway.messages_per_second;
    settings.burst = std::min(settings.burst, settings.messages_per_second);
    settings.market_data_lines = request_.gateway.market_data_lines;
    settings.error_actions = *gateway::read_error_actions(request_.gateway.error_actions);
    if (const std::string& at = request_.gateway.restart_time; !at.empty())  // the configuration has checked its form
      settings.windows.gateway_restart =
          std::chrono::hours(std::stoi(at.substr(0, 2))) + std::chrono::minutes(std::stoi(at.substr(3)));
    session_.emplace(settings, seed_of_process());
    trading_.emplace(TradingSession::Terms{.symbols = request_.symbols,
                                           .account = request_.gateway.account,
                                           .strategy = request_.strategy,
                                           .dry_run = request_.dry_run,
                                           .clock_tolerance = request_.clock.tolerance()},
                     *market_.history, desk_, *session_, [this](AlertLevel level, const std::string& text) {
                       note(level == AlertLevel::note ? text : std::string(name(level)) + " " + text);
                     });
    trading_->on_alarm([this](AlertLevel level, const std::string& key, const std::string& what) {
      what.empty() ? conditions_.over(key) : conditions_.happened(system_now(), key, severity_of(level), what);
    });
    if (market_.refresh) trading_->on_refresh(market_.refresh);
    started_at_ = now();
    commanded_ = desk_.command();
    desk_.use_configuration(request_.configuration);
    trading_->recovered(now());
    gateway::TcpLink link(
        *session_, request_.gateway.host, static_cast<std::uint16_t>(request_.gateway.port), [this] { return now(); },
        [this](Instant at, const gateway::SessionEvent& event) { hear(at, event); });
    session_->start(now());
    const auto most = request_.clock.practises() ? 2ms : 20ms;
    const Instant patience = system_now() + 30s;
    (void)tell_service_manager("READY=1");
    while (stop_wanted == 0 && session_->phase() != gateway::SessionPhase::stopped) {
      listen_to_words();  // before the first event: what was latched while nobody ran holds from the start
      link.poll(most);
      heed_journal();
      heed_memory();
      trading_->tick(now());
      link.pump();
      if (wants_questions()) ask_again();
      sound_alarms();
      (void)desk_.flush();
      if (system_now() - last_status_ >= 1s) {
        write_status();
        (void)tell_service_manager("WATCHDOG=1");
      }
      if (request_.once && (trading_->compared_at() || system_now() >= patience)) return end_of_comparison(link);
    }
    (void)tell_service_manager("STOPPING=1");
    const bool told = stop_wanted != 0;
    const bool clean = told && cancel_working(link);
    session_->stop(now(), told ? "stop" : "a person is needed");
    link.pump();
    const bool kept = desk_.flush();
    if (!told) conditions_.stands("session", Severity::p0, "the gateway ended the session: a person is needed");
    write_status();
    if (!kept) throw HostError(ExitCode::integrity, "the journal could not be written");
    return clean ? ExitCode::done : ExitCode::needs_a_person;
  }

 private:
  [[nodiscard]] Instant now() const { return request_.clock.now(); }
  void note(const std::string& text) const {
    if (request_.quiet) return;
    const std::string line = fmt::format("{} {}\n", new_york_text(now()), text);
    (void)std::fputs(line.c_str(), stderr);  // fmt::print throws where the log lies on a full disk
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

  /// All orders are looked at only when one may have changed.
  [[nodiscard]] bool wants_questions() {
    if (std::exchange(questions_at_, desk_.revision()) != desk_.revision()) questions_ = desk_.wants_questions();
    return questions_;
  }

  void sound_alarms() {
    if (system_now() - last_alarms_ < 250ms) return;
    last_alarms_ = system_now();
    for (const auto& alarm : desk_.take_alarms(now())) {
      note(fmt::format("{}: {}", alarm.order_ref, alarm.what));
      conditions_.happened(system_now(), alarm.order_ref, Severity::p0, alarm.what);
    }
  }

  /// Nothing may be sent that is not durable. A cancel needs no disk: entries end, what is held is kept and watched.
  void heed_journal() {
    if (!desk_.failed() || journal_failed_) return;
    journal_failed_ = true;
    conditions_.stands("orders_journal", Severity::p0, "the journal of orders cannot be written: nothing is sent");
    note("P0 the journal of orders cannot be written: entries are cancelled, nothing else is sent");
    command(KillCommand::halt);
  }

  /// Too much memory stops new work; the risk that is held is worked on.
  void heed_memory() {
    if (system_now() - weighed_ < 60s) return;
    weighed_ = system_now();
    const bool well = resident_gib(::getpid()).value_or(0.0) <= request_.memory_critical_gib;
    if (std::exchange(well_, well) != well) trading_->health(now(), well, well ? "" : "too much memory is used");
  }

  void command(KillCommand wanted) {
    commanded_ = wanted;
    trading_->command(now(), wanted);
  }

  /// At most every ten seconds: what is in question is asked, never sent again.
  void ask_again() {
    if (now() - last_question_ < 10s) return;
    last_question_ = now();
    session_->resynchronise(last_question_, "an order is in question");
  }

  void listen_to_words() {
    const auto latch = [&](std::string_view word, KillCommand wanted, auto write) {
      const auto why = folder_.word(word);
      if (!why || commanded_ >= wanted) return;
      const bool kept = write(*why);
      command(wanted);  // whether or not the disk took it
      note(fmt::format("{}: {}{}", word, *why, kept ? "" : " (not in the journal)"));
      write_status();
    };
    if (std::exchange(halt_wanted, 0) != 0 && commanded_ < KillCommand::halt) {
      const bool kept = desk_.halt("by signal");
      command(KillCommand::halt);
      note(fmt::format("halt by signal{}", kept ? "" : " (not in the journal)"));
      write_status();
    }
    latch("reduce-only", KillCommand::reduce_only, [&](const std::string& why) { return desk_.reduce_only(why); });
    latch("halt", KillCommand::halt, [&](const std::string& why) { return desk_.halt(why); });
    latch("flatten", KillCommand::flatten, [&](const std::string& why) { return desk_.flatten(why); });
    if (folder_.word("reconcile")) {
      session_->resynchronise(now(), "asked to reconcile");
      folder_.forget_word("reconcile");
    }
    if (const auto reason = folder_.word("resume")) {
      if ((desk_.halted() || trading_->trader().latched()) && desk_.resume(*reason)) {
        note("resumed: " + *reason);
        for (const char* word : {"reduce-only", "halt", "flatten"}) folder_.forget_word(word);
        command(KillCommand::none);
      }
      folder_.forget_word("resume");
      write_status();
    }
  }

  /// Cancels what works and waits for the broker's word, over a lost connection too. False when something is left.
  [[nodiscard]] bool cancel_working(gateway::TcpLink& link) {
    trading_->stop(now());
    const auto working = [&] {
      std::vector<std::string> found;
      for (const auto& [reference, order] : desk_.orders())
        if (!ended(order.machine.phase())) found.push_back(reference);
      return found;
    };
    std::set<std::string> asked;
    const auto ask = [&] {
      for (const std::string& reference : working())
        if (!asked.contains(reference) && session_->cancel(now(), desk_.find(reference)->order_id)) {
          asked.insert(reference);
          if (!desk_.find(reference)->machine.cancel_requested()) desk_.cancel_requested(reference);
        }
    };
    // The service manager kills after 30 s.
    for (const Instant end = system_now() + (session_->phase() == gateway::SessionPhase::ready ? 5s : 20s);
         system_now() < end && !working().empty();) {
      if (session_->phase() == gateway::SessionPhase::ready) ask();
      link.poll(20ms);
      if (session_->phase() < gateway::SessionPhase::ready) asked.clear();  // what was asked may have been lost
    }
    for (const std::string& reference : working()) {
      note(reference + ": still working at the broker");
      conditions_.stands(reference, Severity::p0, "still works at the broker after a stop");
    }
    return working().empty();
  }

  void write_status() {
    last_status_ = system_now();
    sample_latencies();
    SessionView view{.now = now(), .started_at = started_at_, .request = &request_, .desk = &desk_};
    view.trading = &*trading_;
    view.phase = session_->phase();
    view.halted = why_halted();
    view.conditions = conditions_.at(system_now());
    for (const auto& [at, seconds] : latencies_) view.latencies.push_back(seconds);
    const bool kept = folder_.write_status(status_of(view).dump(2) + "\n");
    if (std::exchange(status_kept_, kept) != kept)
      note(kept ? "the status is written again" : "P1 the status cannot be written: is the disk full?");
  }

  /// The last five minutes, in the system's seconds.
  void sample_latencies() {
    for (const auto& taken : session_->take_latencies()) {
      const auto seconds = [&] { return static_cast<double>(taken->count()) / 1e6 / request_.clock.speed(); };
      latencies_.emplace_back(system_now(), taken ? std::optional(seconds()) : std::nullopt);
    }
    while (!latencies_.empty() && system_now() - latencies_.front().first > 5min) latencies_.pop_front();
  }

  [[nodiscard]] std::optional<std::string> why_halted() const {
    if (desk_.halted()) return desk_.halted();
    if (desk_.failed()) return "the journal of orders cannot be written";
    return std::nullopt;
  }

  const TradingRequest& request_;
  const TradingMarket& market_;
  const TradingFolder& folder_;
  gateway::OrderDesk desk_;
  std::optional<gateway::Session> session_{};
  std::optional<TradingSession> trading_{};
  KillCommand commanded_ = KillCommand::none;  // what the trader was told; the desk may have no room to remember it
  StandingConditions conditions_{};
  std::deque<std::pair<Instant, std::optional<double>>> latencies_{};
  std::uint64_t questions_at_ = 0;  // the desk's revision that was looked at
  bool questions_ = false;
  bool status_kept_ = true;
  bool journal_failed_ = false;
  bool well_ = true;
  Instant weighed_{};
  Instant started_at_{};
  Instant last_status_{};
  Instant last_question_{}, last_alarms_{};
};

}  // namespace

ExitCode run_trading(const TradingRequest& request, const TradingMarket& market, const TradingFolder& folder) {
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
  std::signal(SIGUSR1, want_halt);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is a failed write, not a death
  return TradingLoop(request, market, folder, *storage).run();
}

}  // namespace alaris::host
