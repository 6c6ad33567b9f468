// SPDX-License-Identifier: Apache-2.0
#pragma once
// One order of one session against that session's closing quotes, told to the order machine in the words of a broker:
// what a backtest books is what the machine says has changed.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <alaris/cost/fees.hpp>
#include <alaris/execution/fill_model.hpp>
#include <alaris/execution/order_machine.hpp>

namespace alaris::inline v0 {

/// The quotes an order meets. `chain` null: none; `stale`: those of an earlier session under this date.
struct QuotedSession {
  const OptionChain* chain = nullptr;
  bool stale = false;
  Date date{};
  Instant close{};
};

struct DayOrder {
  OrderMachine machine;
  std::optional<ComboFill> fill{};   // with its fees
  std::optional<NoFill> unfilled{};  // why there is none
  std::vector<Booking> bookings{};   // all that the account books
};

/// Sends an order for the session, takes what fills at its close and cancels the rest.
[[nodiscard]] inline DayOrder work_for_a_day(ComboOrder order, const QuotedSession& session, const FillTerms& terms,
                                             const FeeSchedule& schedule) {
  DayOrder day{.machine = OrderMachine(std::move(order))};
  const auto tell = [&](const OrderEvent& event) {
    for (const Booking& booking : day.machine.apply(event)) day.bookings.push_back(booking);
  };
  const ComboOrder& sent = day.machine.order();
  tell(WrittenToBroker{});
  tell(Acknowledged{});
  const auto filled = [&]() -> expected<ComboFill, NoFill> {
    if (!session.chain) return unexpected(NoFill::not_quoted);
    if (session.stale) return unexpected(NoFill::stale);
    return fill_against(sent, *session.chain, session.close, terms);
  }();
  if (filled) {
    day.fill = *filled;
    std::vector<TradedLeg> traded;
    for (const LegFill& leg : day.fill->legs) traded.push_back({leg.contracts, leg.price});
    day.fill->fees = option_fees(schedule, traded, session.date);
    Money fees = day.fill->fees;  // reported with the first leg; the others cost nothing more
    int leg_number = 0;
    for (const LegFill& leg : day.fill->legs) {
      const std::string id = sent.id + "." + to_string(session.date) + "." + std::to_string(leg_number++) + ".01";
      tell(LegExecution{.id = id,
                        .contract = leg.contract,
                        .contracts = leg.contracts,
                        .price = Money::rounded(leg.price),
                        .at = session.close});
      tell(ExecutionCommission{.execution_id = id, .amount = std::exchange(fees, Money{})});
    }
  } else {
    day.unfilled = filled.error();
  }
  if (!ended(day.machine.phase())) {
    tell(CancelRequested{});
    tell(CancelledByBroker{});
  }
  return day;
}

}  // namespace alaris::inline v0
