// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a trading session knows of its own trades and orders, and what follows: spreads held, what is still working, the
// account's value at the quotes of the moment, and the lines in which the gate reads an order.

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <alaris/execution/order_judgement.hpp>
#include <alaris/execution/trader_events.hpp>

namespace alaris::inline v0 {

/// Quotes of the legs that are watched, by name.
using LegQuotes = std::map<std::string, std::shared_ptr<const OptionChain>>;

struct TraderOrder {
  ComboOrder order{};
  OrderPhase phase = OrderPhase::intent;
  int filled = 0;
  Money cash{};
  Instant intended{};
  bool failed = false;
  std::optional<Instant> unbalanced_since{};
  Money fees{};
  bool fees_known = true;
};

/// Where a position would be closed: at the touch, or at the middle of its quote.
enum class Mark : std::uint8_t { touch, middle };

class TraderBook {
 public:
  void take(const BooksNews& news) { books_ = news; }
  void take(const TradePlan& plan) { trades_[plan.name()] = plan; }
  void take(const OrderNews& news) {
    orders_[news.order.id] = {news.order,     news.phase,  news.filled,           news.cash,
                              news.intended,  news.failed, news.unbalanced_since, news.fees,
                              news.fees_known};
  }
  void intend(const ComboOrder& order, Instant now) { orders_[order.id] = {.order = order, .intended = now}; }
  void reprice(const std::string& id, double limit) { orders_.at(id).order.limit = limit; }

  [[nodiscard]] const std::map<std::string, TradePlan>& trades() const noexcept { return trades_; }
  [[nodiscard]] const std::map<std::string, TraderOrder>& orders() const noexcept { return orders_; }
  [[nodiscard]] Money cash() const noexcept { return books_.cash; }
  [[nodiscard]] const std::map<OptionHolding, std::int64_t>& options() const noexcept { return books_.options; }

  /// The trade an order belongs to, by its id.
  [[nodiscard]] static std::string trade_of(std::string_view order_id) {
    for (const std::string_view word : {std::string_view("-entry"), std::string_view("-exit")})
      if (const auto at = order_id.rfind(word); at != std::string_view::npos)
        return std::string(order_id.substr(0, at));
    return std::string(order_id);
  }
  /// Spreads entered and not closed yet.
  [[nodiscard]] int held(const TradePlan& trade) const {
    int spreads = 0;
    for_each_order(trade.name(), [&](const TraderOrder& order) {
      spreads += order.order.purpose == OrderPurpose::entry ? order.filled : -order.filled;
    });
    return spreads;
  }
  /// The same if every working entry filled and no working exit did.
  [[nodiscard]] int most_held(const TradePlan& trade) const {
    int spreads = held(trade);
    for_each_order(trade.name(), [&](const TraderOrder& order) {
      if (order.order.purpose == OrderPurpose::entry && !ended(order.phase))
        spreads += order.order.quantity - order.filled;
    });
    return spreads;
  }
  /// What the entries that still work may take of the cash if they fill.
  [[nodiscard]] Money reserved() const {
    double dollars = 0.0;
    for (const auto& [name, trade] : trades_) dollars += (most_held(trade) - held(trade)) * trade.capital_at_risk;
    return Money::rounded(dollars);
  }
  [[nodiscard]] bool working(const std::string& trade) const {
    bool any = false;
    for_each_order(trade, [&](const TraderOrder& order) { any = any || !ended(order.phase); });
    return any;
  }
  [[nodiscard]] const TraderOrder* working_exit(const std::string& trade) const {
    const TraderOrder* found = nullptr;
    for_each_order(trade, [&](const TraderOrder& order) {
      if (order.order.purpose == OrderPurpose::exit && !ended(order.phase)) found = &order;
    });
    return found;
  }
  [[nodiscard]] std::string next_exit_id(const std::string& trade) const {
    std::string id = trade + "-exit";
    for (int n = 2; orders_.contains(id); ++n) id = trade + "-exit-" + std::to_string(n);
    return id;
  }
  [[nodiscard]] double others_alive(const std::string& id, const std::string& trade, OrderPurpose purpose) const {
    double alive = 0.0;
    for_each_order(trade, [&](const TraderOrder& order) {
      alive += order.order.id != id && order.order.purpose == purpose && !ended(order.phase) ? 1.0 : 0.0;
    });
    return alive;
  }
  /// An order that was there before these news and had not failed: what was over at the start is no news.
  [[nodiscard]] bool fails_now(const OrderNews& news) const {
    const auto at = orders_.find(news.order.id);
    return news.failed && at != orders_.end() && !at->second.failed;
  }
  /// Entered, and nothing of it is left.
  [[nodiscard]] bool closed(const TradePlan& trade) const { return entered(trade) > 0 && held(trade) == 0; }
  [[nodiscard]] int closed_trades() const {
    return static_cast<int>(
        std::count_if(trades_.begin(), trades_.end(), [&](const auto& entry) { return closed(entry.second); }));
  }
  /// Spreads its entry filled.
  [[nodiscard]] int entered(const TradePlan& trade) const {
    const auto at = orders_.find(trade.entry_id());
    return at == orders_.end() ? 0 : at->second.filled;
  }
  /// Every commission of every order of a trade is reported.
  [[nodiscard]] bool fees_known(const std::string& trade) const {
    bool known = true;
    for_each_order(trade, [&](const TraderOrder& order) { known = known && order.fees_known; });
    return known;
  }
  template <class Use>
  void for_each_order(const std::string& trade, Use use) const {
    for (auto at = orders_.lower_bound(trade + "-e"); at != orders_.end() && at->first.starts_with(trade + "-e"); ++at)
      use(at->second);
  }
  /// Paid per spread and share by the executions of the entry; NaN before the first.
  [[nodiscard]] double paid(const TradePlan& trade) const {
    const auto at = orders_.find(trade.entry_id());
    if (at == orders_.end() || at->second.filled == 0) return not_known;
    return -at->second.cash.dollars() / contract_multiplier / at->second.filled;
  }

  /// Cash and options; nothing where a holding has no two-sided quote.
  [[nodiscard]] std::optional<Money> value(const LegQuotes& quotes, Mark mark) const {
    Money sum = books_.cash;
    for (const auto& [holding, contracts] : books_.options) {
      const auto chain = quotes.find(holding.symbol);
      const OptionQuote* quote =
          chain != quotes.end() && chain->second ? chain->second->find(holding.contract) : nullptr;
      if (quote == nullptr || !can_buy(*quote)) return std::nullopt;
      const double price = mark == Mark::middle ? 0.5 * (quote->bid + quote->ask)
                           : contracts > 0      ? quote->bid
                                                : quote->ask;
      sum += Money::rounded(price * contract_multiplier) * contracts;
    }
    return sum;
  }

  /// The positions with what is left of an order written into their lines. Capital at risk is the worst case; long
  /// calendars ask for no margin beside their debit, and whole spreads are all that is ever traded.
  [[nodiscard]] OrderBook with(const ComboOrder& order, const std::string& trade, int filled) const {
    std::map<OptionHolding, PositionLine> lines;
    std::map<std::string, int> names;
    const auto line = [&](const std::string& symbol, const OptionContract& contract) -> PositionLine& {
      const int name = names.try_emplace(symbol, static_cast<int>(names.size())).first->second;
      PositionLine& found = lines[{symbol, contract}];
      found.underlying = name;
      found.kind = contract.type == OptionType::call ? LineKind::call : LineKind::put;
      found.expiry_day = contract.expiry.time_since_epoch().count();
      found.strike_thousandths = contract.strike.thousandths();
      return found;
    };
    for (const auto& [holding, contracts] : books_.options) line(holding.symbol, holding.contract).held = contracts;
    for (const auto& [id, other] : orders_) {
      if (id == order.id || ended(other.phase)) continue;
      for (const Leg& leg : other.order.legs) {
        PositionLine& at = line(other.order.symbol, leg.contract);
        const std::int64_t rest = static_cast<std::int64_t>(leg.ratio) * (other.order.quantity - other.filled);
        (rest > 0 ? at.working_buys : at.working_sells) += rest > 0 ? rest : -rest;
      }
    }
    const int rest = order.quantity - filled;
    for (const Leg& leg : order.legs)
      line(order.symbol, leg.contract).order += static_cast<std::int64_t>(leg.ratio) * rest;
    double before = 0.0, per_spread = not_known;
    for (const auto& [name, plan] : trades_) {
      before += most_held(plan) * plan.capital_at_risk;
      if (name == trade) per_spread = plan.capital_at_risk;
    }
    const double change = per_spread * rest * (order.purpose == OrderPurpose::exit ? -1.0 : 1.0);
    OrderBook book{.lines = {}, .figures = {before, before + change, 0.0, 0.0}};
    for (const auto& [holding, found] : lines) book.lines.push_back(found);
    return book;
  }

 private:
  std::map<std::string, TradePlan> trades_{};
  std::map<std::string, TraderOrder> orders_{};
  BooksNews books_{};
};

}  // namespace alaris::inline v0
