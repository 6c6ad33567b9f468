// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the round trip of a trade really cost: the fees of its executions, and what its fills paid beyond the middle of
// the market at their moment. Compared with the budget it was entered on, it says whether the model of costs is right.

#include <map>
#include <optional>
#include <set>
#include <string>

#include <alaris/core/money.hpp>
#include <alaris/execution/trader_book.hpp>
#include <alaris/execution/trader_events.hpp>

namespace alaris::inline v0 {

class TradeCosts {
 public:
  void take(const MiddleNews& news) { middles_[news.order_id] = news; }
  void take(const CostedNews& news) { counted_.insert(news.trade); }

  /// News of an order, before the book takes them; `mid` of its combination now, NaN where it is not quoted. Returns
  /// what is to be remembered of a fill. A fill whose middle nobody saw leaves the order's cost unknown for good.
  [[nodiscard]] std::optional<MiddleNews> fill(const TraderBook& book, const OrderNews& news, double mid) {
    const std::string& id = news.order.id;
    const auto known = book.orders().find(id);
    const int before = known == book.orders().end() ? 0 : known->second.filled;
    const auto at = middles_.find(id);
    const int seen = at == middles_.end() ? 0 : at->second.filled;
    if (news.filled <= before || seen != before || !(mid - mid == 0.0)) return std::nullopt;
    const Money brought = Money::rounded(-mid * contract_multiplier) * (news.filled - before);
    return middles_[id] = {id, news.filled, (at == middles_.end() ? Money{} : at->second.at_middle) + brought};
  }

  /// Dollars of all spreads of a closed trade: fees and crossing of every order; nothing where a middle is missing.
  [[nodiscard]] std::optional<Money> of(const TraderBook& book, const std::string& trade) const {
    Money cost{};
    bool known = true;
    book.for_each_order(trade, [&](const TraderOrder& order) {
      const auto middle = middles_.find(order.order.id);
      const bool seen = middle != middles_.end() && middle->second.filled == order.filled;
      known = known && (seen || order.filled == 0);
      if (seen) cost += middle->second.at_middle - order.cash;
      cost += order.fees;
    });
    return known ? std::optional(cost) : std::nullopt;
  }

  [[nodiscard]] bool counted(const std::string& trade) const { return counted_.contains(trade); }

 private:
  std::map<std::string, MiddleNews> middles_{};
  std::set<std::string> counted_{};
};

}  // namespace alaris::inline v0
