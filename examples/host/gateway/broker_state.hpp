// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the broker answered, completely, after a connection: only then is an empty list empty.

#include <string>
#include <vector>

#include "gateway/codec.hpp"

namespace alaris::gateway {

struct BrokerState {
  std::vector<OpenOrder> open_orders{};
  std::vector<OrderStatus> statuses{};
  std::vector<ExecutionDetails> executions{};
  std::vector<CommissionReport> commissions{};
  std::vector<CompletedOrder> completed{};
  std::vector<Position> positions{};
  std::vector<AccountSummary> account{};
};

}  // namespace alaris::gateway
