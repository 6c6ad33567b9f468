// SPDX-License-Identifier: Apache-2.0
#pragma once
// Typed messages to frames and payloads to typed messages, for both sides of a connection at server versions 176 to
// 178.

#include <string>
#include <string_view>
#include <variant>

#include <alaris/core/expected.hpp>

#include "gateway/client_messages.hpp"
#include "gateway/field_writer.hpp"
#include "gateway/gateway_messages.hpp"
#include "gateway/gateway_rows.hpp"
#include "gateway/order_messages.hpp"
#include "gateway/wire_fault.hpp"

namespace alaris::gateway {

inline constexpr int server_version = newest_version;

using ClientMessage =
    std::variant<RequestMarketData, CancelMarketData, PlaceOrder, CancelOrder, RequestOpenOrders, SubscribeAccount,
                 RequestExecutions, RequestIds, RequestContractDetails, SetServerLogLevel, RequestAutoOpenOrders,
                 RequestAllOpenOrders, RequestManagedAccounts, RequestHistoricalData, ExerciseOptions,
                 CancelHistoricalData, RequestCurrentTime, CalculateImpliedVolatility, CalculateOptionPrice,
                 CancelImpliedVolatility, CancelOptionPrice, GlobalCancel, RequestMarketDataType, RequestPositions,
                 RequestAccountSummary, CancelAccountSummary, CancelPositions, StartApi, RequestOptionParameters,
                 RequestMarketRule, RequestCompletedOrders>;

using GatewayMessage =
    std::variant<TickPrice, TickSize, OrderStatus, ErrorMessage, OpenOrder, AccountValue, PortfolioValue,
                 AccountUpdateTime, NextValidId, ContractData, ExecutionDetails, ManagedAccounts, HistoricalData,
                 TickOptionComputation, TickGeneric, TickString, CurrentTime, ContractDataEnd, OpenOrderEnd,
                 AccountDownloadEnd, ExecutionDetailsEnd, TickSnapshotEnd, MarketDataType, CommissionReport, Position,
                 PositionEnd, AccountSummary, AccountSummaryEnd, OptionParameters, OptionParametersEnd,
                 TickRequestParameters, HistoricalDataUpdate, MarketRule, OrderBound, CompletedOrder,
                 CompletedOrdersEnd>;

/// Appends the whole frame to `out`; on a fault `out` is as it was.
template <class M>
[[nodiscard]] expected<std::monostate, WireFault> append_frame(std::string& out, const M& message,
                                                               int server = server_version) {
  const std::size_t before = out.size();
  FieldWriter writer(out, server);
  writer.message_id(M::id);
  M::fields(writer, message);
  writer.finish();
  if (!writer.fault()) return std::monostate{};
  out.resize(before);
  return unexpected(*writer.fault());
}

/// The frame of a message, length prefix included.
template <class M>
[[nodiscard]] expected<std::string, WireFault> frame_of(const M& message, int server = server_version) {
  std::string out;
  const auto done = append_frame(out, message, server);
  if (!done) return unexpected(done.error());
  return out;
}
[[nodiscard]] expected<std::string, WireFault> frame_of(const ClientMessage& message, int server = server_version);
[[nodiscard]] expected<std::string, WireFault> frame_of(const GatewayMessage& message, int server = server_version);

/// A payload from a gateway. Fields after the last known one are ignored.
[[nodiscard]] expected<GatewayMessage, WireFault> decode_gateway(std::string_view payload, int server = server_version);
/// A payload from a client, as a gateway reads it: any version number of the message, either decimal form, empty
/// numbers; text that is not printable ASCII is bad.
[[nodiscard]] expected<ClientMessage, WireFault> decode_client(std::string_view payload, int server = server_version);

}  // namespace alaris::gateway
