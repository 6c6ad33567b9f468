// SPDX-License-Identifier: Apache-2.0
#pragma once
// The gateway's shorter messages: rows of lists, ends of lists, notices.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/wire_contract.hpp"

namespace alaris::gateway {

/// The end of an answer to a request: version, request id.
template <int Id>
struct RequestEnd {
  static constexpr int id = Id;
  int request_id = 0;
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(1), a("reqId", m.request_id);
  }
};
using ContractDataEnd = RequestEnd<52>;
using ExecutionDetailsEnd = RequestEnd<55>;
using TickSnapshotEnd = RequestEnd<57>;
using AccountSummaryEnd = RequestEnd<64>;

/// The end of an answer that has no request id.
template <int Id>
struct PlainEnd {
  static constexpr int id = Id;
  template <class A, class M>
  static void fields(A& a, M&) {
    a.version(1);
  }
};
using OpenOrderEnd = PlainEnd<53>;
using PositionEnd = PlainEnd<62>;

struct CompletedOrdersEnd {
  static constexpr int id = 102;
  template <class A, class M>
  static void fields(A&, M&) {}
};

struct AccountDownloadEnd {
  static constexpr int id = 54;
  std::string account{};
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(1), a("accountName", m.account);
  }
};

struct MarketDataType {
  static constexpr int id = 58;
  int request_id = 0;
  int type = 1;
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(1), a("reqId", m.request_id), a("marketDataType", m.type);
  }
};

struct CommissionReport {
  static constexpr int id = 59;
  std::string execution_id{};
  std::optional<double> commission{};  // nothing, or -1: not known yet
  std::string currency{};
  std::optional<double> realized{};
  std::optional<double> yield{};
  std::string yield_redemption{};
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(1), a("execId", m.execution_id), a.unset("commission", m.commission), a("currency", m.currency);
    a.unset("realizedPNL", m.realized), a.unset("yield", m.yield), a("yieldRedemptionDate", m.yield_redemption);
  }
};

struct Position {
  static constexpr int id = 61;
  std::string account{};
  Contract contract{};
  double position = 0.0;
  double average_cost = 0.0;  // per contract, multiplier and commission included
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(3), a("account", m.account), detail::contract_block_of_11(a, m.contract);
    a.size("position", m.position), a("avgCost", m.average_cost);
  }
};

struct AccountSummary {
  static constexpr int id = 63;
  int request_id = 0;
  std::string account{};
  std::string tag{};
  std::string value{};
  std::string currency{};
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(1), a("reqId", m.request_id), a("account", m.account), a("tag", m.tag), a.text("value", m.value);
    a("currency", m.currency);
  }
};

struct OptionParameters {
  static constexpr int id = 75;
  int request_id = 0;
  std::string exchange{};
  int underlying_con_id = 0;
  std::string trading_class{};
  std::string multiplier{};
  std::vector<std::string> expirations{};
  std::vector<double> strikes{};
  template <class A, class M>
  static void fields(A& a, M& m) {
    a("reqId", m.request_id), a("exchange", m.exchange), a("underlyingConId", m.underlying_con_id);
    a("tradingClass", m.trading_class), a("multiplier", m.multiplier);
    a.list("expirationsCount", "expiration", m.expirations, 1, [&](auto& date) { a("", date); });
    a.list("strikesCount", "strike", m.strikes, 1, [&](auto& strike) { a("", strike); });
  }
};

struct OptionParametersEnd {
  static constexpr int id = 76;
  int request_id = 0;
  template <class A, class M>
  static void fields(A& a, M& m) {
    a("reqId", m.request_id);
  }
};

struct TickRequestParameters {
  static constexpr int id = 81;
  int request_id = 0;
  std::optional<double> min_tick{};
  std::string bbo_exchange{};
  int snapshot_permissions = 0;
  template <class A, class M>
  static void fields(A& a, M& m) {
    a("reqId", m.request_id), a("minTick", m.min_tick), a("bboExchange", m.bbo_exchange);
    a("snapshotPermissions", m.snapshot_permissions);
  }
};

/// Mind the order: close comes before high and low.
struct HistoricalDataUpdate {
  static constexpr int id = 90;
  int request_id = 0;
  int count = 0;
  std::string date{};
  double open = 0.0, close = 0.0, high = 0.0, low = 0.0;
  std::optional<double> average{};
  std::optional<double> volume{};
  template <class A, class M>
  static void fields(A& a, M& m) {
    a("reqId", m.request_id), a("barCount", m.count), a.text("date", m.date), a("open", m.open), a("close", m.close);
    a("high", m.high), a("low", m.low), a.size("wap", m.average), a.size("volume", m.volume);
  }
};

struct PriceIncrement {
  double low_edge = 0.0;
  double increment = 0.0;
};

struct MarketRule {
  static constexpr int id = 93;
  int rule_id = 0;
  std::vector<PriceIncrement> increments{};  // ascending by edge
  template <class A, class M>
  static void fields(A& a, M& m) {
    a("marketRuleId", m.rule_id);
    a.list("priceIncrementsCount", "", m.increments, 2,
           [&](auto& step) { a("lowEdge", step.low_edge), a("increment", step.increment); });
  }
};

struct OrderBound {
  static constexpr int id = 100;
  std::int64_t perm_id = 0;
  int client_id = 0;
  int order_id = 0;
  template <class A, class M>
  static void fields(A& a, M& m) {
    a("permId", m.perm_id), a("clientId", m.client_id), a("orderId", m.order_id);
  }
};

}  // namespace alaris::gateway
