// SPDX-License-Identifier: Apache-2.0
#pragma once
// Cash, option positions and shares, exact. Every movement of cash is an entry with a reason; the entries add up to
// the cash, always.

#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <alaris/core/expects.hpp>
#include <alaris/core/money.hpp>
#include <alaris/core/option.hpp>
#include <alaris/execution/order_machine.hpp>
#include <alaris/market/contract.hpp>
#include <alaris/market/contract_change.hpp>

namespace alaris::inline v0 {

enum class CashReason : std::uint8_t { deposit, option_trade, stock_trade, fee, exercise, dividend, interest, borrow };

[[nodiscard]] constexpr std::string_view name(CashReason reason) noexcept {
  switch (reason) {
    case CashReason::deposit:
      return "deposit";
    case CashReason::option_trade:
      return "option_trade";
    case CashReason::stock_trade:
      return "stock_trade";
    case CashReason::fee:
      return "fee";
    case CashReason::exercise:
      return "exercise";
    case CashReason::dividend:
      return "dividend";
    case CashReason::interest:
      return "interest";
    case CashReason::borrow:
      return "borrow";
  }
  return "unknown";
}

struct CashEntry {
  Instant at;
  std::string symbol;
  CashReason reason;
  Money amount;  // positive: received
};

/// A holding of one option contract of one underlying.
struct OptionHolding {
  std::string symbol;
  OptionContract contract;
  friend auto operator<=>(const OptionHolding&, const OptionHolding&) = default;
};

/// The book of one account. Values in, values out: nothing here knows a market.
class Ledger {
 public:
  Ledger() = default;
  explicit Ledger(Money deposit, Instant at) { receive(at, "", CashReason::deposit, deposit); }

  [[nodiscard]] Money cash() const noexcept { return cash_; }
  [[nodiscard]] const std::vector<CashEntry>& entries() const noexcept { return entries_; }
  /// Signed contracts; zero positions are not held.
  [[nodiscard]] const std::map<OptionHolding, std::int64_t>& options() const noexcept { return options_; }
  [[nodiscard]] const std::map<std::string, std::int64_t>& shares() const noexcept { return shares_; }

  /// Option trades at their prices (rounded to the millionth per contract), then the fees.
  void book(const ComboFill& fill) {
    for (const LegFill& leg : fill.legs) {
      const Money per_contract = Money::rounded(leg.price * contract_multiplier);
      book(fill.symbol, Booking{leg.contract, leg.contracts, -(per_contract * leg.contracts), Money{}, fill.at});
    }
    if (fill.fees != Money{}) receive(fill.at, fill.symbol, CashReason::fee, -fill.fees);
  }
  /// What an order machine says has changed: contracts and cash, then the fees.
  void book(const std::string& symbol, const Booking& change) {
    if (change.contracts != 0 || change.cash != Money{}) {
      receive(change.at, symbol, CashReason::option_trade, change.cash);
      add(options_, OptionHolding{symbol, change.contract}, change.contracts);
    }
    if (change.fees != Money{}) receive(change.at, symbol, CashReason::fee, -change.fees);
  }

  /// Shares bought (positive) or sold at a price per share.
  void book_shares(Instant at, const std::string& symbol, std::int64_t shares, Money price_per_share, Money fees) {
    receive(at, symbol, CashReason::stock_trade, -(price_per_share * shares));
    if (fees != Money{}) receive(at, symbol, CashReason::fee, -fees);
    add(shares_, symbol, shares);
  }

  /// Expiry, exercise or assignment: the whole position of a contract ends; physical settlement moves shares at the
  /// strike when `exercised`, otherwise it ends worthless.
  void settle(Instant at, const OptionHolding& holding, bool exercised) {
    const auto found = options_.find(holding);
    ALARIS_EXPECTS(found != options_.end());
    settle(at, holding, found->second, exercised, contract_multiplier);
  }
  /// The same for some of the contracts, signed as held. An adjusted contract delivers another number of shares for the
  /// money that 100 cost at its strike.
  void settle(Instant at, const OptionHolding& holding, std::int64_t contracts, bool exercised,
              std::int64_t shares_per_contract) {
    add(options_, holding, -contracts);
    if (!exercised) return;
    const std::int64_t side = contracts * sign(holding.contract.type);
    const Money strike = Money::from_micros(std::int64_t{holding.contract.strike.thousandths()} * 1000);
    receive(at, holding.symbol, CashReason::exercise, -(strike * (side * contract_multiplier)));
    add(shares_, holding.symbol, side * shares_per_contract);
  }

  /// A split of whole ratio: so many contracts of `now` for each of `was`. No cash moves.
  void renumber(const OptionHolding& was, const ContinuedContract& now, std::int64_t contracts) {
    add(options_, was, -contracts);
    add(options_, OptionHolding{was.symbol, now.contract}, contracts * now.contracts);
  }
  /// Shares after a split; what is left of a share is paid out at `price` after the split.
  void split_shares(Instant at, const std::string& symbol, std::int64_t shares, double ratio, double price) {
    const double whole = std::trunc(static_cast<double>(shares) * ratio);
    add(shares_, symbol, static_cast<std::int64_t>(whole) - shares);
    const Money rest = Money::rounded((static_cast<double>(shares) * ratio - whole) * price);
    if (rest != Money{}) receive(at, symbol, CashReason::stock_trade, rest);
  }

  void receive(Instant at, const std::string& symbol, CashReason reason, Money amount) {
    cash_ += amount;
    entries_.push_back({at, symbol, reason, amount});
  }

 private:
  template <class Key>
  static void add(std::map<Key, std::int64_t>& positions, const Key& key, std::int64_t quantity) {
    const auto [at, inserted] = positions.try_emplace(key, 0);
    at->second += quantity;
    if (at->second == 0) positions.erase(at);
  }

  Money cash_;
  std::vector<CashEntry> entries_;
  std::map<OptionHolding, std::int64_t> options_;
  std::map<std::string, std::int64_t> shares_;
};

}  // namespace alaris::inline v0
