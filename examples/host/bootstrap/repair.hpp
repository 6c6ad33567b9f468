// SPDX-License-Identifier: Apache-2.0
#pragma once
// Puts sound data in the place of damaged data: read again first, replaced after that, and what cannot be read again
// stays where it is.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "store/market_store.hpp"

namespace alaris::host {

/// Reads one chain again from its vendor into the store; why that was not possible, or nothing.
using AskVendor = std::function<std::optional<std::string>(const std::string& symbol, Date date)>;

/// What was kept damaged, and why, one sentence each.
[[nodiscard]] std::vector<std::string> repair(MarketStore& store, const std::vector<Damage>& damage,
                                              const AskVendor& ask_vendor);

}  // namespace alaris::host
