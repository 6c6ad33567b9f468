// SPDX-License-Identifier: Apache-2.0
#pragma once
// The golden frames: our own part in tests/reference/tws-golden, the recordings of other clients in the shared folder.

#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "gateway/codec.hpp"
#include "gateway/named_fields.hpp"
#include "gateway/wire_text.hpp"

namespace alaris::test {

using Json = nlohmann::json;

[[nodiscard]] inline Json read_json(const std::filesystem::path& path) {
  std::ifstream in(path);
  return Json::parse(in);
}
[[nodiscard]] inline Json golden(const std::string& file) {
  return read_json(std::filesystem::path(ALARIS_SOURCE_DIR) / "tests/reference/tws-golden" / file).at("cases");
}
inline constexpr const char* gateway_files[] = {"gateway-account.json", "gateway-contracts.json",
                                                "gateway-marketdata.json", "gateway-orders.json",
                                                "gateway-session.json"};

[[nodiscard]] inline std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    int value = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
    bytes.push_back(static_cast<char>(value));
  }
  return bytes;
}
[[nodiscard]] inline std::string to_hex(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) hex.push_back(digits[(c >> 4) & 0xF]), hex.push_back(digits[c & 0xF]);
  return hex;
}
/// The payload of one whole frame.
[[nodiscard]] inline std::string payload_of(const Json& hex) {
  return from_hex(hex.get<std::string>()).substr(4);
}

inline std::optional<double> number_in(std::string_view text) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}
/// Numbers compare by value, and every spelling of "unset" is the same as 0 or nothing (protocol, section 15).
[[nodiscard]] inline bool same_field(std::string_view a, std::string_view b) {
  if (a == b || gateway::undo_escapes(a) == b) return true;
  const auto x = number_in(a), y = number_in(b);
  if (x && y && *x == *y) return true;
  const auto none = [](std::string_view t) {
    return t.empty() || t == "0" || t == "2147483647" || t == "9223372036854775807" || t == "1.7976931348623157E308";
  };
  return none(a) && none(b);
}

[[nodiscard]] inline std::string text_in(const Json& object, const char* key) {
  return object.contains(key) ? object.at(key).get<std::string>() : std::string{};
}

[[nodiscard]] inline gateway::Contract contract_of(const Json& json) {
  gateway::Contract c;
  c.con_id = json.value("conId", 0), c.symbol = text_in(json, "symbol"), c.sec_type = text_in(json, "secType");
  c.expiry = text_in(json, "lastTradeDateOrContractMonth"), c.strike = json.value("strike", 0.0);
  c.right = text_in(json, "right"), c.multiplier = text_in(json, "multiplier"), c.exchange = text_in(json, "exchange");
  c.primary_exchange = text_in(json, "primaryExchange"), c.currency = text_in(json, "currency");
  c.local_symbol = text_in(json, "localSymbol"), c.trading_class = text_in(json, "tradingClass");
  for (const Json& leg : json.value("comboLegs", Json::array())) {
    gateway::ComboLeg& added = c.legs.emplace_back();
    added.con_id = leg.at("conId"), added.ratio = leg.at("ratio");
    added.action = leg.at("action"), added.exchange = leg.at("exchange");
  }
  return c;
}

[[nodiscard]] inline std::vector<gateway::TagValue> tags_of(const Json& order, const char* key) {
  std::vector<gateway::TagValue> tags;
  for (const Json& entry : order.value(key, Json::array())) tags.push_back({entry.at("tag"), entry.at("value")});
  return tags;
}

/// The message that the parameters of a golden client case ask for.
[[nodiscard]] inline gateway::ClientMessage request_of(const Json& test) {
  using namespace gateway;
  const std::string what = test.at("request");
  const Json& p = test.at("params");
  const int id = p.value("reqId", 0);
  const Contract contract = p.contains("contract") ? contract_of(p.at("contract")) : Contract{};
  if (what == "placeOrder") {
    PlaceOrder m{.contract = contract, .order = {}, .security_id_type = {}, .security_id = {}};
    const Json& o = p.at("order");
    m.order.order_id = p.at("orderId"), m.order.action = o.at("action"), m.order.quantity = o.at("totalQuantity");
    m.order.type = o.at("orderType"), m.order.tif = o.at("tif"), m.order.account = o.at("account");
    m.order.transmit = o.at("transmit"), m.order.order_ref = text_in(o, "orderRef");
    if (o.contains("lmtPrice")) m.order.limit = o.at("lmtPrice").get<double>();
    m.order.good_till = text_in(o, "goodTillDate"), m.order.outside_regular_hours = o.value("outsideRth", false);
    m.order.what_if = o.value("whatIf", false), m.order.algo_strategy = text_in(o, "algoStrategy");
    m.order.algo_params = tags_of(o, "algoParams"), m.order.routing = tags_of(o, "smartComboRoutingParams");
    return m;
  }
  if (what == "reqIds") return RequestIds{p.at("numIds")};
  if (what == "reqManagedAccts") return RequestManagedAccounts{};
  if (what == "reqCurrentTime") return RequestCurrentTime{};
  if (what == "setServerLogLevel") return SetServerLogLevel{p.at("logLevel")};
  if (what == "reqContractDetails") return RequestContractDetails{id, contract, false, {}, {}, {}};
  if (what == "reqSecDefOptParams")
    return RequestOptionParameters{id, p.at("underlyingSymbol"), p.at("futFopExchange"), p.at("underlyingSecType"),
                                   p.at("underlyingConId")};
  if (what == "reqMarketRule") return RequestMarketRule{p.at("marketRuleId")};
  if (what == "reqMarketDataType") return RequestMarketDataType{p.at("marketDataType")};
  if (what == "reqMktData")
    return RequestMarketData{id, contract, p.at("genericTickList"), p.at("snapshot"), p.at("regulatorySnapshot")};
  if (what == "cancelMktData") return CancelMarketData{id};
  if (what == "calculateImpliedVolatility")
    return CalculateImpliedVolatility{id, contract, p.at("optionPrice"), p.at("underPrice")};
  if (what == "reqHistoricalData")
    return RequestHistoricalData{.request_id = id,
                                 .contract = contract,
                                 .include_expired = false,
                                 .end = p.at("endDateTime"),
                                 .bar_size = p.at("barSizeSetting"),
                                 .duration = p.at("durationStr"),
                                 .regular_hours = p.at("useRTH").get<int>() == 1,
                                 .what_to_show = p.at("whatToShow"),
                                 .date_format = p.at("formatDate"),
                                 .keep_up_to_date = p.at("keepUpToDate")};
  if (what == "cancelHistoricalData") return CancelHistoricalData{id};
  if (what == "reqPositions") return RequestPositions{};
  if (what == "cancelPositions") return CancelPositions{};
  if (what == "reqAccountSummary") return RequestAccountSummary{id, p.at("group"), p.at("tags")};
  if (what == "cancelAccountSummary") return CancelAccountSummary{id};
  if (what == "reqAccountUpdates") return SubscribeAccount{p.at("subscribe"), p.at("acctCode")};
  if (what == "reqOpenOrders") return RequestOpenOrders{};
  if (what == "reqAllOpenOrders") return RequestAllOpenOrders{};
  if (what == "reqAutoOpenOrders") return RequestAutoOpenOrders{p.at("autoBind")};
  if (what == "reqCompletedOrders") return RequestCompletedOrders{p.at("apiOnly")};
  if (what == "reqExecutions") return RequestExecutions{.request_id = id};
  if (what == "cancelOrder") return CancelOrder{p.at("orderId"), p.at("manualOrderCancelTime")};
  if (what == "reqGlobalCancel") return GlobalCancel{};
  if (what == "exerciseOptions")
    return ExerciseOptions{id, contract, p.at("exerciseAction"), p.at("exerciseQuantity"), p.at("account"), false};
  throw std::runtime_error("no message for " + what);
}

}  // namespace alaris::test
