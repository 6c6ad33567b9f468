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

#include <alaris/execution/reconcile.hpp>
#include <alaris/market/new_york.hpp>

#include "gateway/intent_journal.hpp"
#include "gateway/order_desk.hpp"
#include "gateway/tcp_link.hpp"

namespace alaris::host {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

volatile std::sig_atomic_t stop_wanted = 0;

extern "C" void want_stop(int) {
  stop_wanted = 1;
}

Instant system_now() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::uint64_t seed_of_process() {
  return static_cast<std::uint64_t>(::getpid()) * 0x9e3779b97f4a7c15u +
         static_cast<std::uint64_t>(system_now().time_since_epoch().count());
}

class TradingLoop {
 public:
  TradingLoop(const TradingRequest& request, const TradingFolder& folder, gateway::JournalStorage& storage)
      : request_(request), folder_(folder), desk_(storage, request.gateway.client_id) {}

  ExitCode run() {
    const auto records = desk_.recover(system_now());
    if (!records) throw HostError(ExitCode::integrity, std::string(name(records.error())));
    note(fmt::format("journal: {} records, {} orders", *records, desk_.orders().size()));
    gateway::SessionSettings settings;
    settings.client_id = request_.gateway.client_id, settings.account = request_.gateway.account;
    settings.paper = request_.gateway.mode == "paper";
    settings.highest_order_id = desk_.highest_order_id();
    session_.emplace(settings, seed_of_process());
    gateway::TcpLink link(*session_, request_.gateway.host, static_cast<std::uint16_t>(request_.gateway.port),
                          system_now, [this](Instant now, const gateway::SessionEvent& event) { hear(now, event); });
    session_->start(system_now());
    while (stop_wanted == 0 && session_->phase() != gateway::SessionPhase::stopped && !desk_.failed()) {
      link.poll(20ms);
      listen_to_words();
      if (desk_.wants_questions()) ask_again();
      for (const auto& alarm : desk_.take_alarms(system_now()))
        note(fmt::format("{}: {}", alarm.order_ref, alarm.what));
      (void)desk_.flush();
      if (system_now() - last_status_ >= 1s) write_status();
    }
    const bool told = stop_wanted != 0;
    if (told) cancel_working(link);
    session_->stop(system_now(), told ? "stop" : "a person is needed");
    link.pump();
    const bool kept = desk_.flush();
    write_status();
    if (!kept) throw HostError(ExitCode::integrity, "the journal could not be written");
    return told ? ExitCode::done : ExitCode::needs_a_person;
  }

 private:
  void note(const std::string& text) const {
    if (!request_.quiet) fmt::print(stderr, "{} {}\n", new_york_text(system_now()), text);
  }

  void hear(Instant now, const gateway::SessionEvent& event) {
    desk_.hear(now, event);
    if (const auto* change = std::get_if<gateway::PhaseChanged>(&event)) {
      note(fmt::format("{}: {}{}", name(change->to), change->why, change->planned ? " (planned)" : ""));
      write_status();
    }
    if (const auto* notice = std::get_if<gateway::Notice>(&event))
      if (notice->action != gateway::ErrorAction::farm_up) note(fmt::format("{} {}", notice->code, notice->text));
    if (const auto* problem = std::get_if<gateway::OrderProblem>(&event))
      note(fmt::format("order {}: {} {}", problem->order_id, problem->code, problem->text));
    if (const auto* dropped = std::get_if<gateway::FrameDropped>(&event))
      note(fmt::format("message {} dropped: {}", dropped->fault.message_id, name(dropped->fault.what)));
    if (const auto* synced = std::get_if<gateway::Synced>(&event)) compare(synced->state);
  }

  void compare(const gateway::BrokerState& state) {
    const BrokerBooks theirs = gateway::books_of(state, request_.gateway.account);
    if (theirs.cash && !desk_.adopt_cash(*theirs.cash)) return;  // the loop ends on a failed journal
    differences_ = reconcile(desk_.books(), theirs, {}, Money::from_dollars(1));
    compared_ = true;
    note(differences_.empty() ? "reconciled: our books are the broker's"
                              : fmt::format("{} differences to the broker's books", differences_.size()));
    for (const Difference& d : differences_)
      note(fmt::format("  {} {} ours {} theirs {} {}", name(d.kind), d.symbol, d.ours, d.theirs, d.id));
    write_status();
  }

  /// At most every ten seconds: what is in question is asked, never sent again.
  void ask_again() {
    if (system_now() - last_question_ < 10s) return;
    last_question_ = system_now();
    session_->resynchronise(last_question_, "an order is in question");
  }

  void listen_to_words() {
    if (const auto why = folder_.word("halt"); why && !desk_.halted()) {
      (void)desk_.halt(*why);
      note("halted: " + *why);
      write_status();
    }
    if (const auto reason = folder_.word("resume")) {
      if (desk_.halted() && desk_.resume(*reason)) {
        note("resumed: " + *reason);
        folder_.forget_word("halt");
      }
      folder_.forget_word("resume");
      write_status();
    }
  }

  void cancel_working(gateway::TcpLink& link) {
    const auto working = [&] {
      std::vector<std::string> found;
      for (const auto& [reference, order] : desk_.orders())
        if (!ended(order.machine.phase())) found.push_back(reference);
      return found;
    };
    for (const std::string& reference : working())
      if (session_->cancel(system_now(), desk_.find(reference)->order_id)) desk_.cancel_requested(reference);
    for (const Instant end = system_now() + 5s; system_now() < end && !working().empty();) link.poll(20ms);
    for (const std::string& reference : working()) note(reference + ": still working at the broker");
  }

  void write_status() {
    last_status_ = system_now();
    Json orders = Json::array(), positions = Json::array(), differences = Json::array();
    for (const auto& [reference, order] : desk_.orders())
      orders.push_back({{"reference", reference},
                        {"symbol", order.machine.order().symbol},
                        {"phase", name(order.machine.phase())},
                        {"filled", order.machine.filled_units()},
                        {"quantity", order.machine.order().quantity}});
    for (const auto& [holding, contracts] : desk_.books().options)
      positions.push_back({{"symbol", holding.symbol},
                           {"expiry", to_string(holding.contract.expiry)},
                           {"strike", holding.contract.strike.dollars()},
                           {"right", name(holding.contract.type)},
                           {"contracts", contracts}});
    for (const Difference& d : differences_)
      differences.push_back({{"kind", name(d.kind)}, {"symbol", d.symbol}, {"ours", d.ours}, {"theirs", d.theirs}});
    const Json status{{"schema", "alaris/trading/1"},
                      {"at", new_york_text(last_status_)},
                      {"pid", ::getpid()},
                      {"account", request_.gateway.account},
                      {"mode", request_.gateway.mode},
                      {"phase", name(session_ ? session_->phase() : gateway::SessionPhase::down)},
                      {"reconciled", compared_ && differences_.empty()},
                      {"halted", desk_.halted() ? Json(*desk_.halted()) : Json(nullptr)},
                      {"orders", orders},
                      {"positions", positions},
                      {"differences", differences}};
    folder_.write_status(status.dump(2) + "\n");
  }

  TradingRequest request_;
  const TradingFolder& folder_;
  gateway::OrderDesk desk_;
  std::optional<gateway::Session> session_{};
  std::vector<Difference> differences_{};
  bool compared_ = false;
  Instant last_status_{};
  Instant last_question_{};
};

}  // namespace

ExitCode run_trading(const TradingRequest& request, const TradingFolder& folder) {
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
  return TradingLoop(request, folder, *storage).run();
}

}  // namespace alaris::host
