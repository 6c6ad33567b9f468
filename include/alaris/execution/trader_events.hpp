// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a trading session hears and what it answers: the whole surface between the decisions and the world.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <alaris/execution/ledger.hpp>
#include <alaris/execution/order_machine.hpp>
#include <alaris/execution/reconcile.hpp>
#include <alaris/execution/trade_plan.hpp>
#include <alaris/policy/gate.hpp>
#include <alaris/strategy/exit.hpp>

namespace alaris::inline v0 {

/// From lowest to highest: for the record, for the daily digest, degraded, capital at risk.
enum class AlertLevel : std::uint8_t { note, p2, p1, p0 };

[[nodiscard]] constexpr std::string_view name(AlertLevel level) noexcept {
  constexpr std::string_view names[] = {"note", "P2", "P1", "P0"};
  return names[static_cast<std::size_t>(level)];
}

/// An exit that is due in a session.
struct ExitDecision {
  std::string trade{};
  ExitFinding finding{};
};

// ---- heard ----------------------------------------------------------------------------------------------------------

struct TimerRang {};
/// Whether orders may leave, and what differences to the broker's books block. Comes with every change.
struct GatewayNews {
  bool may_trade = false;
  Blocked blocked{};
};
/// Our own books: what every execution adds up to.
struct BooksNews {
  std::map<OptionHolding, std::int64_t> options{};
  Money cash{};
};
/// One of our orders as its machine has it now; at start every order ever, then each change.
struct OrderNews {
  ComboOrder order{};  // as intended, the limit as last sent
  OrderPhase phase = OrderPhase::intent;
  int filled = 0;  // spreads
  Money cash{};    // of its executions, before fees
  Instant intended{};
  bool failed = false;                        // ended without our asking, before it was filled
  std::optional<Instant> unbalanced_since{};  // one leg is executed further than another
  Money fees{};                               // of its executions, as far as they are reported
  bool fees_known = true;                     // every one of them is
};
/// What the filled spreads of an order would have brought at the middle of the market when they filled; as remembered.
struct MiddleNews {
  std::string order_id{};
  int filled = 0;
  Money at_middle{};
};
/// The cost of a closed trade was counted before.
struct CostedNews {
  std::string trade{};
};
/// A plan from the journal.
struct PlanNews {
  TradePlan plan{};
};
/// Net asset value at the end of an earlier session, from the journal.
struct ValueNews {
  Date session{};
  Money value{};
};
/// The state of the breakers as they were kept last: the line of a KeepBreakers. A person's command comes by itself.
struct BreakersNews {
  std::string text{};
  bool resumed = false;  // a person has let go, with a reason, since they were kept
};
/// The quotes of the legs that are watched, of one name; contracts without quotes are absent.
struct QuotesNews {
  std::string symbol{};
  std::shared_ptr<const OptionChain> legs{};
};
/// A two-sided quote of the stock.
struct StockQuoted {
  std::string symbol{};
};
/// The volatility index as it stands; NaN: its ticks have stopped.
struct VixNews {
  double value = not_known;
};
/// The broker halted a name or let it trade again.
struct HaltNews {
  std::string symbol{};
  bool halted = false;
};
/// The broker's answer to AskPreview. Dollars; NaN: it gave none.
struct PreviewNews {
  std::string order_id{};
  double excess_liquidity_after = not_known;  // of the account with the order filled
};
/// The answers to AskEntries and AskExits.
struct EntriesDecided {
  std::vector<DecisionRecord> records{};
  VixStress vix{};
};
struct ExitsDecided {
  std::vector<ExitDecision> exits{};
  VixStress vix{};  // after the last close
};
/// A person's word, or what the journal remembers of it. `none` lets go.
struct CommandNews {
  KillCommand command = KillCommand::none;
};
struct StopAsked {};
/// Whether the host is well enough for new risk; what is held is worked on all the same.
struct HealthNews {
  bool well = true;
  std::string why{};  // when it is not
};

using TraderEvent = std::variant<TimerRang, GatewayNews, BooksNews, OrderNews, PlanNews, ValueNews, BreakersNews,
                                 MiddleNews, CostedNews, QuotesNews, StockQuoted, HaltNews, VixNews, PreviewNews,
                                 EntriesDecided, ExitsDecided, CommandNews, StopAsked, HealthNews>;

// ---- answered -------------------------------------------------------------------------------------------------------

/// Take the chains of the names that may be entered today and decide about them.
struct AskEntries {
  Date session{};
};
/// Decide which trades are to be closed today.
struct AskExits {
  Date session{};
};
/// Ask the broker what the account would look like with this order filled. It is no intent: nothing is journalled, and
/// nothing may trade.
struct AskPreview {
  ComboOrder order{};
};
/// Journal plan and intent, then send. The gate has passed this very order at this very limit.
struct SendOrder {
  SendableOrder<ComboOrder> order;
  std::optional<TradePlan> plan{};  // of an entry
};
/// The same order at another limit.
struct RepriceOrder {
  SendableOrder<ComboOrder> order;
};
struct WithdrawOrder {
  std::string id{};
  std::string why{};
};
/// Journal the value at which a session was last marked.
struct KeepValue {
  Date session{};
  Money value{};
};
/// Journal what tripped and what was counted, so that no restart opens what had to close.
struct KeepBreakers {
  std::string text{};  // one line, breaker_text.hpp
};
/// Journal at which middle an order filled.
struct KeepMiddle {
  MiddleNews middle{};
};
/// Journal that a trade's cost was counted; dollars of the whole position, nothing where it is not known.
struct KeepCost {
  std::string trade{};
  std::optional<Money> cost{};
  std::optional<Money> budget{};
};
struct Alert {
  AlertLevel level = AlertLevel::note;
  std::string subject{};  // of an order, a trade or a name
  std::string text{};
};
/// Latch a halt: a person must look.
struct LatchHalt {
  std::string why{};
};

using TraderAction = std::variant<AskEntries, AskExits, AskPreview, SendOrder, RepriceOrder, WithdrawOrder, KeepValue,
                                  KeepBreakers, KeepMiddle, KeepCost, Alert, LatchHalt>;

}  // namespace alaris::inline v0
