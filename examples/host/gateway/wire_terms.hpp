// SPDX-License-Identifier: Apache-2.0
#pragma once
// Between the words of the wire and the terms of the library: dates, options, ends of orders.

#include <optional>
#include <string>
#include <string_view>

#include <alaris/core/time.hpp>
#include <alaris/market/contract.hpp>

#include "gateway/wire_contract.hpp"

namespace alaris::gateway {

/// 2026-12-18 -> "20261218".
[[nodiscard]] std::string digits_of(Date date);
/// The date that a text begins with; nothing when it is none.
[[nodiscard]] std::optional<Date> date_of(std::string_view digits);
/// The option a contract names; nothing for anything else.
[[nodiscard]] std::optional<OptionContract> option_of(const Contract& contract);
[[nodiscard]] bool cancelled_word(std::string_view status) noexcept;

}  // namespace alaris::gateway
