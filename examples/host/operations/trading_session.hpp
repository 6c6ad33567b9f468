// SPDX-License-Identifier: Apache-2.0
#pragma once
// Between the library's trader and the world: gateway, journal and quotes become its events, its actions become
// intents, messages and lines. Nothing is decided here.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <alaris/execution/reconcile.hpp>
#include <alaris/execution/trader.hpp>
#include <alaris/market/any_market.hpp>

#include "gateway/order_desk.hpp"
#include "gateway/session.hpp"
#include "operations/market_watch.hpp"

namespace alaris::host {

class TradingSession {
 public:
  struct Terms {
    std::vector<std::string> symbols{};
    std::string account{};
    StrategySettings strategy{};
    bool dry_run = false;
    std::chrono::microseconds clock_tolerance{};
  };
  using Speaker = std::function<void(AlertLevel, const std::string&)>;
  /// Hears what a person must know: the level, what it is about, and the words; empty words when it is over.
  using Alarm = std::function<void(AlertLevel, const std::string& key, const std::string& what)>;

  /// All of them must outlive it.
  TradingSession(Terms terms, const AnyMarket& history, gateway::OrderDesk& desk, gateway::Session& session,
                 Speaker speaker);

  /// Tells the trader what the journal knows. Once, before anything else.
  void recovered(Instant now);
  void on_alarm(Alarm alarm) { alarm_ = std::move(alarm); }
  /// Asked before each day's decisions: the market read again, null where nothing has changed.
  void on_refresh(std::function<std::shared_ptr<const AnyMarket>()> refresh) { refresh_ = std::move(refresh); }
  void hear(Instant now, const gateway::SessionEvent& event);
  void tick(Instant now);
  void command(Instant now, KillCommand command) { tell(now, CommandNews{command}); }
  void health(Instant now, bool well, std::string why) { tell(now, HealthNews{well, std::move(why)}); }
  void stop(Instant now) { tell(now, StopAsked{}), ring(now); }

  [[nodiscard]] const Trader& trader() const noexcept { return trader_; }
  [[nodiscard]] const std::vector<Difference>& differences() const noexcept { return differences_; }
  [[nodiscard]] bool reconciled() const noexcept { return compared_at_ && differences_.empty(); }
  [[nodiscard]] std::optional<Instant> compared_at() const noexcept { return compared_at_; }
  /// Shares that the broker holds for the account, as of the last comparison; no zero entries.
  [[nodiscard]] const std::map<std::string, std::int64_t>& shares() const noexcept { return shares_; }
  /// When a stock last had a two-sided quote.
  [[nodiscard]] std::optional<Instant> quoted_at() const noexcept { return heard_quote_; }
  /// What was last decided about entries; empty before the first decision.
  [[nodiscard]] const std::vector<DecisionRecord>& decisions() const noexcept { return decisions_; }
  /// Ours less the gateway's, at the last comparison.
  [[nodiscard]] std::optional<std::chrono::microseconds> clock_gap() const noexcept { return clock_gap_; }

 private:
  void tell(Instant now, TraderEvent event);
  /// Says it and sounds the alarm.
  void warn(AlertLevel level, const std::string& key, const std::string& what);
  void ring(Instant now) { tell(now, TimerRang{}); }
  void perform(Instant now, const AskEntries& action);
  void perform(Instant now, const AskExits& action);
  void perform(Instant now, const AskPreview& action);
  void perform(Instant now, const SendOrder& action);
  void perform(Instant now, const RepriceOrder& action);
  void perform(Instant now, const WithdrawOrder& action);
  void perform(Instant now, const KeepValue& action);
  void perform(Instant now, const KeepBreakers& action);
  void perform(Instant now, const KeepMiddle& action);
  void perform(Instant now, const KeepCost& action);
  void perform(Instant now, const Alert& action);
  void perform(Instant now, const LatchHalt& action);
  [[nodiscard]] std::vector<int> con_ids(const ComboOrder& order) const;
  /// Takes what answers a preview; false when the event is about something else.
  bool hear_preview(Instant now, const gateway::SessionEvent& event);
  [[nodiscard]] VixStress stress_at_close(const LiveMarket<AnyMarket>& market, Date session) const;
  void decide_entries(Instant now, std::vector<LiveSymbol> seen);
  void compare(Instant now, const gateway::BrokerState& state);
  void compare_clocks(Instant now, const gateway::CurrentTime& theirs);
  void tell_orders(Instant now);
  void tell_gateway(Instant now);
  void refresh_market();
  void remember_arrival(Instant now, const ComboOrder& order);
  [[nodiscard]] const EventHistory& evidence(Date session);

  Terms terms_;
  TradingCalendar calendar_ = TradingCalendar::nyse();
  const AnyMarket* history_;
  std::shared_ptr<const AnyMarket> refreshed_{};
  std::function<std::shared_ptr<const AnyMarket>()> refresh_{};
  gateway::OrderDesk* desk_;
  gateway::Session* session_;
  Speaker speaker_;
  Alarm alarm_{};
  Trader trader_;
  MarketWatch watch_;
  std::deque<TraderEvent> heard_{};
  bool telling_ = false;
  std::map<std::string, std::tuple<OrderPhase, int, Money>> told_{};
  std::optional<bool> told_ready_{};
  std::uint64_t told_revision_ = 0;  // of the desk
  std::optional<std::pair<Date, Money>> kept_value_{};
  std::map<std::string, std::int64_t> shares_{};
  std::optional<Instant> heard_quote_{};
  std::vector<DecisionRecord> decisions_{};
  std::map<int, std::string> previews_{};  // asked, by the id that the wire knows them by
  bool gathering_ = false;
  std::vector<Difference> differences_{};
  std::optional<Instant> compared_at_{};
  std::optional<std::chrono::microseconds> clock_gap_{};
  std::optional<EventHistory> evidence_{};
  Date evidence_until_{};
  Instant rang_{}, quoted_{};
};

}  // namespace alaris::host
