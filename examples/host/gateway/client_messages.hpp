// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a client says at server version 178, orders apart (order_messages.hpp). A message's `fields` is its layout: one
// list, applied to a writer or a reader, so that both sides of the connection are the same text.

#include <optional>
#include <string>

#include "gateway/wire_contract.hpp"

namespace alaris::gateway {

struct RequestMarketData {
  static constexpr int id = 1;
  int request_id = 0;
  Contract contract{};
  std::string generic_ticks{};  // "100,101,106"; empty with a snapshot
  bool snapshot = false;
  bool regulatory_snapshot = false;  // costs money: always false
  std::optional<DeltaNeutralContract> hedge{};
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(11), a("reqId", m.request_id), detail::contract_block(a, m.contract), detail::data_legs(a, m.contract);
    detail::delta_neutral_contract(a, m.hedge);
    a("genericTickList", m.generic_ticks), a("snapshot", m.snapshot);
    a("regulatorySnapshot", m.regulatory_snapshot), a.filler("mktDataOptions", "");
  }
};

/// A request of one number: version, then the request id.
template <int Id, int Version>
struct CancelRequest {
  static constexpr int id = Id;
  int request_id = 0;
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(Version), a("reqId", m.request_id);
  }
};
using CancelMarketData = CancelRequest<2, 2>;
using CancelHistoricalData = CancelRequest<25, 1>;
using CancelImpliedVolatility = CancelRequest<56, 1>;
using CancelOptionPrice = CancelRequest<57, 1>;
using CancelAccountSummary = CancelRequest<63, 1>;

/// A request without parameters.
template <int Id>
struct PlainRequest {
  static constexpr int id = Id;
  template <class A, class M>
  static void fields(A& a, M&) {
    a.version(1);
  }
};
using RequestOpenOrders = PlainRequest<5>;
using RequestAllOpenOrders = PlainRequest<16>;
using RequestManagedAccounts = PlainRequest<17>;
using RequestCurrentTime = PlainRequest<49>;
using RequestPositions = PlainRequest<61>;
using CancelPositions = PlainRequest<64>;
using GlobalCancel = PlainRequest<58>;

struct SubscribeAccount {
  static constexpr int id = 6;
  bool subscribe = true;
  std::string account{};
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(2), a("subscribe", m.subscribe), a("acctCode", m.account);
  }
};

struct RequestExecutions {
  static constexpr int id = 7;
  int request_id = 0;
  int client_id = 0;  // 0: any
  std::string account{};
  std::string time{};  // YYYYMMDD-HH:MM:SS, UTC; empty: all of the gateway's day
  std::string symbol{};
  std::string sec_type{};
  std::string exchange{};
  std::string side{};
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(3), a("reqId", m.request_id), a("clientId", m.client_id), a("acctCode", m.account), a("time", m.time);
    a("symbol", m.symbol), a("secType", m.sec_type), a("exchange", m.exchange), a("side", m.side);
  }
};

struct RequestIds {
  static constexpr int id = 8;
  int count = 1;  // ignored by gateways
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(1), a("numIds", m.count);
  }
};

struct RequestContractDetails {
  static constexpr int id = 9;
  int request_id = 0;
  Contract contract{};
  bool include_expired = false;
  std::string security_id_type{};
  std::string security_id{};
  std::string issuer_id{};
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(8), a("reqId", m.request_id), detail::contract_block(a, m.contract);
    a("includeExpired", m.include_expired), a("secIdType", m.security_id_type), a("secId", m.security_id);
    a("issuerId", m.issuer_id);
  }
};

struct SetServerLogLevel {
  static constexpr int id = 14;
  int level = 2;
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(1), a("logLevel", m.level);
  }
};

struct RequestAutoOpenOrders {
  static constexpr int id = 15;
  bool bind = false;
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(1), a("autoBind", m.bind);
  }
};

struct RequestHistoricalData {
  static constexpr int id = 20;
  int request_id = 0;
  Contract contract{};
  bool include_expired = false;
  std::string end{};       // empty: now; else UTC "YYYYMMDD-HH:MM:SS"
  std::string bar_size{};  // "5 mins"
  std::string duration{};  // "1 D"
  bool regular_hours = true;
  std::string what_to_show{};  // TRADES, MIDPOINT, BID_ASK ...
  int date_format = 1;         // 2: epoch seconds
  bool keep_up_to_date = false;
  template <class A, class M>
  static void fields(A& a, M& m) {
    a("reqId", m.request_id), detail::contract_block(a, m.contract), a("includeExpired", m.include_expired);
    a("endDateTime", m.end), a("barSizeSetting", m.bar_size), a("durationStr", m.duration);
    a("useRTH", m.regular_hours), a("whatToShow", m.what_to_show), a("formatDate", m.date_format);
    detail::data_legs(a, m.contract);
    a("keepUpToDate", m.keep_up_to_date), a.filler("chartOptions", "");
  }
};

struct ExerciseOptions {
  static constexpr int id = 21;
  int request_id = 0;
  Contract contract{};
  int action = 1;  // 1 exercise, 2 lapse
  int quantity = 0;
  std::string account{};
  bool override_default = false;
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(2), a("reqId", m.request_id), detail::contract_block_of_11(a, m.contract);
    a("exerciseAction", m.action), a("exerciseQuantity", m.quantity), a("account", m.account);
    a("override", m.override_default);
  }
};

struct CalculateImpliedVolatility {
  static constexpr int id = 54;
  int request_id = 0;
  Contract contract{};
  double option_price = 0.0;
  double underlying_price = 0.0;
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(3), a("reqId", m.request_id), detail::contract_block(a, m.contract);
    a("optionPrice", m.option_price), a("underPrice", m.underlying_price), a.filler("options", "");
  }
};

struct CalculateOptionPrice {
  static constexpr int id = 55;
  int request_id = 0;
  Contract contract{};
  double volatility = 0.0;
  double underlying_price = 0.0;
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(3), a("reqId", m.request_id), detail::contract_block(a, m.contract);
    a("volatility", m.volatility), a("underPrice", m.underlying_price), a.filler("options", "");
  }
};

struct RequestMarketDataType {
  static constexpr int id = 59;
  int type = 1;  // 1 live, 2 frozen, 3 delayed, 4 delayed and frozen
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(1), a("marketDataType", m.type);
  }
};

struct RequestAccountSummary {
  static constexpr int id = 62;
  int request_id = 0;
  std::string group{"All"};
  std::string tags{};
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(1), a("reqId", m.request_id), a("group", m.group), a("tags", m.tags);
  }
};

struct StartApi {
  static constexpr int id = 71;
  int client_id = 0;
  std::string capabilities{};
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(2), a("clientId", m.client_id), a.last("optionalCapabilities", m.capabilities);
  }
};

struct RequestOptionParameters {
  static constexpr int id = 78;
  int request_id = 0;
  std::string symbol{};
  std::string exchange{};  // empty unless the underlying is a future
  std::string sec_type{"STK"};
  int underlying_con_id = 0;
  template <class A, class M>
  static void fields(A& a, M& m) {
    a("reqId", m.request_id), a("underlyingSymbol", m.symbol), a("futFopExchange", m.exchange);
    a("underlyingSecType", m.sec_type), a("underlyingConId", m.underlying_con_id);
  }
};

struct RequestMarketRule {
  static constexpr int id = 91;
  int rule_id = 0;
  template <class A, class M>
  static void fields(A& a, M& m) {
    a("marketRuleId", m.rule_id);
  }
};

struct RequestCompletedOrders {
  static constexpr int id = 99;
  bool api_only = true;
  template <class A, class M>
  static void fields(A& a, M& m) {
    a("apiOnly", m.api_only);
  }
};

}  // namespace alaris::gateway
