// SPDX-License-Identifier: Apache-2.0
#pragma once
// One trade while it is open: its own contracts, shares and cash, exact, beside the account's. What is booked in the
// one is booked in the other, so the trades and the interest add up to the account.

#include <cmath>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <alaris/backtest/result.hpp>
#include <alaris/execution/ledger.hpp>
#include <alaris/market/earnings.hpp>
#include <alaris/strategy/exit.hpp>
#include <alaris/strategy/portfolio.hpp>

namespace alaris::inline v0 {

/// The last prices an option was marked at, dollars per share.
struct OptionMark {
  double executable = not_known;  // the touch it would be closed at
  double mid = not_known;
  Date at{};  // the session whose quotes they are
};

struct OpenTrade {
  TradeRecord trade{};  // as entered: strike and contracts of a later split are below
  EventSessions event{};
  HeldSpread risk{};  // as seen at the decision
  CalendarSpread spread{};
  int contracts = 0;
  Ledger book{};           // of this trade alone
  ByFill<Money> cash{};    // what it had received by now at each kind of fill, fees paid
  ByFill<Money> exited{};  // the part of it that came after the entry, before option and share fees
  std::map<OptionContract, OptionMark> marks{};
  std::int64_t shares_per_contract = contract_multiplier;
  bool adjusted = false;  // what its contracts deliver is no longer 100 plain shares: nothing trades, they run out
  std::optional<ExitReason> ending{};

  [[nodiscard]] std::int64_t held(const OptionContract& contract) const {
    const auto at = book.options().find({trade.symbol, contract});
    return at != book.options().end() ? at->second : 0;
  }
  [[nodiscard]] std::int64_t shares() const {
    const auto at = book.shares().find(trade.symbol);
    return at != book.shares().end() ? at->second : 0;
  }
  [[nodiscard]] bool finished() const { return book.options().empty() && book.shares().empty(); }
  /// The legs that are still held, a unit of each.
  [[nodiscard]] std::vector<Leg> open_legs() const {
    std::vector<Leg> legs = spread.legs();
    std::erase_if(legs, [&](const Leg& leg) { return held(leg.contract) == 0; });
    return legs;
  }
  [[nodiscard]] bool short_open() const {
    for (const auto& [holding, count] : book.options())
      if (count < 0) return true;
    return false;
  }
  /// The whole number of spreads that the open legs still make.
  [[nodiscard]] int open_spreads() const {
    const auto legs = open_legs();
    std::int64_t units = legs.empty() ? 0 : contracts;
    for (const Leg& leg : legs) units = std::min<std::int64_t>(units, std::abs(held(leg.contract)));
    return static_cast<int>(units);
  }

  /// Books the same change here and in the account. What it moves is the same at every kind of fill.
  template <class Change>
  void post(Ledger& account, Change change) {
    const Money before = book.cash();
    change(account);
    change(book);
    const Money moved = book.cash() - before;
    for (const FillModel model : fill_models) {
      cash[model] += moved;
      exited[model] += moved;
    }
  }
  /// An order's executions; its fees are the same at every kind of fill.
  void post(Ledger& account, std::span<const Booking> bookings, const ComboFill& fill, bool entry) {
    for (const Booking& booking : bookings) {
      account.book(trade.symbol, booking);
      book.book(trade.symbol, booking);
    }
    for (const FillModel model : fill_models) {
      cash[model] += fill.cash[model] - fill.fees;
      if (!entry) exited[model] += fill.cash[model];
    }
    trade.fees += fill.fees;
  }

  /// Value of what is held, dollars: options at their last marks, shares at `share_price`.
  [[nodiscard]] Money value(bool at_mid, double share_price) const {
    Money sum = Money::rounded(static_cast<double>(shares()) * share_price);
    for (const auto& [holding, count] : book.options()) {
      const auto at = marks.find(holding.contract);
      const double price = at == marks.end() ? not_known : at_mid ? at->second.mid : at->second.executable;
      if (price == price) sum += Money::rounded(price * contract_multiplier) * count;
    }
    return sum;
  }
};

}  // namespace alaris::inline v0
