// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a gateway says at server version 178, orders apart (order_messages.hpp).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/wire_contract.hpp"

namespace alaris::gateway {

struct TickPrice {
  static constexpr int id = 1;
  int request_id = 0;
  int tick_type = 0;
  double price = 0.0;  // -1 with size 0: no quote
  std::optional<double> size{};
  int attributes = 0;  // 1 can auto-execute, 2 past limit, 4 pre-open
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(6), a("reqId", m.request_id), a("tickType", m.tick_type), a("price", m.price), a.size("size", m.size);
    a("attribMask", m.attributes);
  }
};

struct TickSize {
  static constexpr int id = 2;
  int request_id = 0;
  int tick_type = 0;
  std::optional<double> size{};
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(6), a("reqId", m.request_id), a("tickType", m.tick_type), a.size("size", m.size);
  }
};

struct OrderStatus {
  static constexpr int id = 3;
  int order_id = 0;
  std::string status{};
  double filled = 0.0;  // combinations for a BAG
  double remaining = 0.0;
  double average_price = 0.0;
  std::int64_t perm_id = 0;
  int parent_id = 0;
  double last_price = 0.0;
  int client_id = 0;
  std::string why_held{};
  double market_cap_price = 0.0;
  template <class A, class M>
  static void fields(A& a, M& m) {
    a("orderId", m.order_id), a("status", m.status), a.size("filled", m.filled), a.size("remaining", m.remaining);
    a("avgFillPrice", m.average_price), a("permId", m.perm_id), a("parentId", m.parent_id);
    a("lastFillPrice", m.last_price), a("clientId", m.client_id), a("whyHeld", m.why_held);
    a("mktCapPrice", m.market_cap_price);
  }
};

struct ErrorMessage {
  static constexpr int id = 4;
  int request_id = -1;  // a request's or an order's; -1: neither
  int code = 0;
  std::string text{};
  std::string advanced_reject{};
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(2), a("id", m.request_id), a("errorCode", m.code), a.text("errorMsg", m.text);
    a.text("advancedOrderRejectJson", m.advanced_reject);
  }
};

struct AccountValue {
  static constexpr int id = 6;
  std::string key{};
  std::string value{};
  std::string currency{};
  std::string account{};
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(2), a("key", m.key), a.text("value", m.value), a("currency", m.currency), a("accountName", m.account);
  }
};

struct PortfolioValue {
  static constexpr int id = 7;
  Contract contract{};
  double position = 0.0;
  double market_price = 0.0;
  double market_value = 0.0;
  double average_cost = 0.0;
  double unrealized = 0.0;
  double realized = 0.0;
  std::string account{};
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(8), detail::contract_head(a, m.contract);
    a("primaryExchange", m.contract.primary_exchange), a("currency", m.contract.currency);
    a("localSymbol", m.contract.local_symbol), a("tradingClass", m.contract.trading_class);
    a.size("position", m.position), a("marketPrice", m.market_price), a("marketValue", m.market_value);
    a("averageCost", m.average_cost), a("unrealizedPNL", m.unrealized), a("realizedPNL", m.realized);
    a("accountName", m.account);
  }
};

struct AccountUpdateTime {
  static constexpr int id = 8;
  std::string time{};
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(1), a("timestamp", m.time);
  }
};

struct NextValidId {
  static constexpr int id = 9;
  int order_id = 0;
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(1), a("orderId", m.order_id);
  }
};

struct ContractData {
  static constexpr int id = 10;
  int request_id = 0;
  Contract contract{};  // `expiry` is one field: YYYYMMDD, or with time and zone
  std::string market_name{};
  std::optional<double> min_tick{};
  std::string order_types{};
  std::string valid_exchanges{};
  std::optional<int> price_magnifier{};
  int underlying_con_id = 0;
  std::string long_name{};
  std::string contract_month{};
  std::string industry{};
  std::string category{};
  std::string subcategory{};
  std::string time_zone{};
  std::string trading_hours{};
  std::string liquid_hours{};
  std::string ev_rule{};
  std::optional<double> ev_multiplier{};
  std::vector<TagValue> security_ids{};
  std::optional<int> aggregation_group{};
  std::string underlying_symbol{};
  std::string underlying_sec_type{};
  std::string market_rules{};
  std::string real_expiration{};
  std::string stock_type{};
  std::optional<double> min_size{};
  std::optional<double> size_increment{};
  std::optional<double> suggested_size_increment{};
  template <class A, class M>
  static void fields(A& a, M& m) {
    auto& c = m.contract;
    a("reqId", m.request_id), a("symbol", c.symbol), a("secType", c.sec_type), a("lastTradeDate", c.expiry);
    a("strike", c.strike), a("right", c.right), a("exchange", c.exchange), a("currency", c.currency);
    a("localSymbol", c.local_symbol), a("marketName", m.market_name), a("tradingClass", c.trading_class);
    a("conId", c.con_id), a("minTick", m.min_tick), a("multiplier", c.multiplier), a("orderTypes", m.order_types);
    a("validExchanges", m.valid_exchanges), a("priceMagnifier", m.price_magnifier);
    a("underConId", m.underlying_con_id), a.text("longName", m.long_name), a("primaryExchange", c.primary_exchange);
    a("contractMonth", m.contract_month), a.text("industry", m.industry), a.text("category", m.category);
    a.text("subcategory", m.subcategory), a.text("timeZoneId", m.time_zone), a("tradingHours", m.trading_hours);
    a("liquidHours", m.liquid_hours), a("evRule", m.ev_rule), a("evMultiplier", m.ev_multiplier);
    detail::tag_values(a, "secIdListCount", "secIdList", m.security_ids);
    a("aggGroup", m.aggregation_group), a("underSymbol", m.underlying_symbol);
    a("underSecType", m.underlying_sec_type), a("marketRuleIds", m.market_rules);
    a("realExpirationDate", m.real_expiration), a("stockType", m.stock_type), a.size("minSize", m.min_size);
    a.size("sizeIncrement", m.size_increment), a.size("suggestedSizeIncrement", m.suggested_size_increment);
  }
};

struct ExecutionDetails {
  static constexpr int id = 11;
  int request_id = -1;  // -1: unsolicited
  int order_id = 0;
  Contract contract{};
  std::string execution_id{};
  std::string time{};
  std::string account{};
  std::string exchange{};
  std::string side{};  // BOT or SLD
  double shares = 0.0;
  double price = 0.0;
  std::int64_t perm_id = 0;
  int client_id = 0;
  int liquidation = 0;
  double cumulative = 0.0;
  double average_price = 0.0;
  std::string order_ref{};
  std::string ev_rule{};
  std::optional<double> ev_multiplier{};
  std::string model_code{};
  int last_liquidity = 0;
  bool pending_price_revision = false;
  template <class A, class M>
  static void fields(A& a, M& m) {
    a("reqId", m.request_id), a("orderId", m.order_id), detail::contract_block_of_11(a, m.contract);
    a("execId", m.execution_id), a.text("time", m.time), a("acctNumber", m.account), a("execExchange", m.exchange);
    a("side", m.side), a.size("shares", m.shares), a("price", m.price), a("permId", m.perm_id);
    a("clientId", m.client_id), a("liquidation", m.liquidation), a.size("cumQty", m.cumulative);
    a("avgPrice", m.average_price), a("orderRef", m.order_ref), a("evRule", m.ev_rule);
    a("evMultiplier", m.ev_multiplier), a("modelCode", m.model_code), a("lastLiquidity", m.last_liquidity);
    if (a.server() >= 178) a("pendingPriceRevision", m.pending_price_revision);
  }
};

struct ManagedAccounts {
  static constexpr int id = 15;
  std::string accounts{};  // comma-separated, sometimes with a comma at the end
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(1), a("accountsList", m.accounts);
  }
};

struct WireBar {
  std::string date{};
  double open = 0.0, high = 0.0, low = 0.0, close = 0.0;
  std::optional<double> volume{};
  std::optional<double> average{};
  int count = 0;
  friend bool operator==(const WireBar&, const WireBar&) = default;
};

struct HistoricalData {
  static constexpr int id = 17;
  int request_id = 0;
  std::string start{};
  std::string end{};
  std::vector<WireBar> bars{};
  template <class A, class M>
  static void fields(A& a, M& m) {
    a("reqId", m.request_id), a.text("startDateStr", m.start), a.text("endDateStr", m.end);
    a.list("itemCount", "bar", m.bars, 8, [&](auto& bar) {
      a.text("date", bar.date), a("open", bar.open), a("high", bar.high), a("low", bar.low), a("close", bar.close);
      a.size("volume", bar.volume), a.size("wap", bar.average), a("barCount", bar.count);
    });
  }
};

struct TickOptionComputation {
  static constexpr int id = 21;
  int request_id = 0;
  int tick_type = 0;  // 10 bid, 11 ask, 12 last, 13 model, 53 calculated
  int price_based = 0;
  // -1 (the Greeks: -2) means not computed.
  std::optional<double> volatility{}, delta{}, price{}, dividends{}, gamma{}, vega{}, theta{}, underlying{};
  template <class A, class M>
  static void fields(A& a, M& m) {
    a("reqId", m.request_id), a("tickType", m.tick_type), a("tickAttrib", m.price_based);
    a("impliedVol", m.volatility), a("delta", m.delta), a("optPrice", m.price), a("pvDividend", m.dividends);
    a("gamma", m.gamma), a("vega", m.vega), a("theta", m.theta), a("undPrice", m.underlying);
  }
};

struct TickGeneric {
  static constexpr int id = 45;
  int request_id = 0;
  int tick_type = 0;
  double value = 0.0;
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(6), a("reqId", m.request_id), a("tickType", m.tick_type), a("value", m.value);
  }
};

struct TickString {
  static constexpr int id = 46;
  int request_id = 0;
  int tick_type = 0;
  std::string value{};
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(6), a("reqId", m.request_id), a("tickType", m.tick_type), a.text("value", m.value);
  }
};

struct CurrentTime {
  static constexpr int id = 49;
  std::int64_t seconds = 0;
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(1), a("time", m.seconds);
  }
};

}  // namespace alaris::gateway
