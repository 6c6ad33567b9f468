// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a backtest leaves behind: decisions with every finding, orders, fills, trades, equity. Plain values; the host
// writes them down.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <alaris/core/money.hpp>
#include <alaris/core/time.hpp>
#include <alaris/execution/day_order.hpp>
#include <alaris/execution/fill_model.hpp>
#include <alaris/execution/ledger.hpp>
#include <alaris/execution/order.hpp>
#include <alaris/strategy/calendar_spread.hpp>
#include <alaris/strategy/decision.hpp>
#include <alaris/strategy/exit.hpp>

namespace alaris::inline v0 {

/// The id of the order that opens the spread of one announcement: the same decision has the same id.
[[nodiscard]] inline std::string entry_order_id(const std::string& symbol, Date event_date) {
  return symbol + "-" + to_string(event_date) + "-entry";
}

/// One spread from entry to exit. Money is net of fees where it says so.
struct TradeRecord {
  std::string id{};
  std::string symbol{};
  Date event_date{};
  AnnouncementSession session = AnnouncementSession::unknown;
  CalendarSpread spread{};
  int contracts = 0;
  Date entered{};
  Date exited{};
  double entry_net = 0.0;  // paid per spread and share
  double exit_net = 0.0;   // received per spread and share
  double entry_mid = 0.0;
  double exit_mid = 0.0;
  double spot_before = not_known;  // close of the session before the announcement
  double spot_after = not_known;   // close of the session after it
  double implied_move = not_known;
  Money fees{};
  Money pnl{};                         // net of fees, at the fills
  Money pnl_at_mid{};                  // the same trade at midpoints, before fees
  ByFill<Money> pnl_by_fills{};        // net of fees, had every order traded so
  double capital_at_risk = not_known;  // dollars, whole position
  double budgeted_cost = not_known;    // dollars, whole position: fees and crossing both ways, as decided on
  ExitReason exit_reason = ExitReason::event_passed;
};

/// An exit that was due, once for each session in which the position was offered: what was seen at `at` and the limit
/// it met.
struct ExitRecord {
  Instant at{};
  Date session{};  // in which the order works
  std::string trade{};
  std::string symbol{};
  Date event_date{};
  ExitReason reason = ExitReason::event_passed;
  double observed = not_known;
  double limit = not_known;
};

enum class OrderOutcome : std::uint8_t {
  filled,
  not_quoted,
  one_sided,
  beyond_limit,
  cancelled,        // before it met the market: what it rested on no longer held
  stale,            // the quotes of the session are those of an earlier one
  no_size,          // a leg showed no size
  partially_filled  // the rest was cancelled
};

[[nodiscard]] constexpr std::string_view name(OrderOutcome outcome) noexcept {
  switch (outcome) {
    case OrderOutcome::filled:
      return "filled";
    case OrderOutcome::not_quoted:
      return "not_quoted";
    case OrderOutcome::one_sided:
      return "one_sided";
    case OrderOutcome::beyond_limit:
      return "beyond_limit";
    case OrderOutcome::cancelled:
      return "cancelled";
    case OrderOutcome::stale:
      return "stale";
    case OrderOutcome::no_size:
      return "no_size";
    case OrderOutcome::partially_filled:
      return "partially_filled";
  }
  return "unknown";
}

/// What became of one session's order.
[[nodiscard]] inline OrderOutcome outcome_of(const DayOrder& day) noexcept {
  if (day.fill)
    return day.machine.phase() == OrderPhase::filled ? OrderOutcome::filled : OrderOutcome::partially_filled;
  switch (*day.unfilled) {
    case NoFill::not_quoted:
      return OrderOutcome::not_quoted;
    case NoFill::one_sided:
      return OrderOutcome::one_sided;
    case NoFill::stale:
      return OrderOutcome::stale;
    case NoFill::no_size:
      return OrderOutcome::no_size;
    case NoFill::beyond_limit:
      break;
  }
  return OrderOutcome::beyond_limit;
}

struct OrderRecord {
  ComboOrder order{};
  Instant decided{};
  Date session{};
  OrderOutcome outcome = OrderOutcome::filled;
};

/// Close of one session. `nav` marks options at the touch they would be closed at (mid where a side is missing),
/// `nav_at_mid` at midpoints. `interest` is what cash has earned or cost since the start: the strategy's own result is
/// the rest.
struct EquityPoint {
  Date date{};
  Money cash{};
  Money nav{};
  Money nav_at_mid{};
  int open_spreads = 0;
  Money interest{};
  Money margin{};  // that the positions ask for beside what was paid for them
};

/// What one open trade may lose, at the close of a session: as its entry judged it, dollars of the whole position.
struct TradeRisk {
  Date date{};
  std::string trade{};
  double stress = not_known;  // in its worst scenario
  double capital_at_risk = not_known;
  double event_night = 0.0;  // the same where its announcement comes before the next close, else 0
};

/// What the account may lose, at the close of a session: dollars, all open trades.
struct AccountRisk {
  Date date{};
  double stress = 0.0;  // worst case of the stress set
  double capital_at_risk = 0.0;
  double event_night = 0.0;  // of it, in names that report before the next close
};

/// One announcement of the period, whether known in advance or only afterwards, and what became of it.
struct EventOutcome {
  std::string symbol{};
  Date date{};
  AnnouncementSession session = AnnouncementSession::unknown;
  bool known_in_advance = false;
  std::string outcome{};     // traded, refused, not_filled, unknown_in_advance, no_data
  std::string decided_by{};  // rule, or what stands in for one
  std::string reason{};
  std::optional<Money> pnl{};
};

/// Data quality of one symbol and session.
struct QualityRecord {
  std::string symbol{};
  Date date{};
  double score = not_known;  // passed / applicable; NaN when nothing was applicable
  std::string defect{};      // a whole-day defect ("repeats the previous session"), else empty
};

struct BacktestResult {
  std::vector<DecisionRecord> decisions{};
  std::vector<ExitRecord> exits{};
  std::vector<OrderRecord> orders{};
  std::vector<ComboFill> fills{};
  std::vector<TradeRecord> trades{};
  std::vector<EquityPoint> equity{};
  std::vector<TradeRisk> risks{};            // by session, then in the order of entry
  std::vector<AccountRisk> account_risks{};  // one for each session with an open trade
  std::vector<EventOutcome> events{};
  std::vector<QualityRecord> quality{};
  std::vector<CashEntry> cash_entries{};
  CostOverrun costs{};                        // of the closed trades, the last ten together
  std::optional<Date> entries_halted_from{};  // the session in which they had cost too much: nobody lets entries go on
};

}  // namespace alaris::inline v0
