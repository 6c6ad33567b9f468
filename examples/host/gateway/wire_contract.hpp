// SPDX-License-Identifier: Apache-2.0
#pragma once
// A contract as the wire has it. The same fields appear in several messages in slightly different blocks.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <alaris/core/option.hpp>

namespace alaris::gateway {

struct TagValue {
  std::string tag{};
  std::string value{};
  friend bool operator==(const TagValue&, const TagValue&) = default;
};

struct ComboLeg {
  int con_id = 0;
  int ratio = 0;  // positive; the side is in `action`
  std::string action{};
  std::string exchange{};
  int open_close = 0;
  int short_sale_slot = 0;
  std::string designated_location{};
  int exempt_code = -1;
  friend bool operator==(const ComboLeg&, const ComboLeg&) = default;
};

/// The hedge of a delta-neutral combination.
struct DeltaNeutralContract {
  int con_id = 0;
  double delta = 0.0;
  double price = 0.0;
  friend bool operator==(const DeltaNeutralContract&, const DeltaNeutralContract&) = default;
};

struct Contract {
  int con_id = 0;
  std::string symbol{};
  std::string sec_type{};
  std::string expiry{};  // YYYYMMDD; lastTradeDateOrContractMonth
  double strike = 0.0;
  std::string right{};
  std::string multiplier{};
  std::string exchange{};
  std::string primary_exchange{};
  std::string currency{};
  std::string local_symbol{};
  std::string trading_class{};
  std::vector<ComboLeg> legs{};  // of a BAG

  [[nodiscard]] bool is_bag() const noexcept { return sec_type == "BAG"; }
  friend bool operator==(const Contract&, const Contract&) = default;
};

/// "C", "CALL", "P", "PUT"; nothing for "?", "0" and "".
[[nodiscard]] constexpr std::optional<OptionType> right_of(std::string_view text) noexcept {
  if (text == "C" || text == "CALL") return OptionType::call;
  if (text == "P" || text == "PUT") return OptionType::put;
  return std::nullopt;
}

namespace detail {

/// conId to multiplier: the start of every block.
template <class A, class C>
void contract_head(A& a, C& c) {
  a("conId", c.con_id), a("symbol", c.symbol), a("secType", c.sec_type);
  a("lastTradeDateOrContractMonth", c.expiry), a("strike", c.strike), a("right", c.right);
  a("multiplier", c.multiplier);
}
/// The block of 12.
template <class A, class C>
void contract_block(A& a, C& c) {
  contract_head(a, c);
  a("exchange", c.exchange), a("primaryExchange", c.primary_exchange), a("currency", c.currency);
  a("localSymbol", c.local_symbol), a("tradingClass", c.trading_class);
}
/// Without the primary exchange: what gateways send, and exerciseOptions.
template <class A, class C>
void contract_block_of_11(A& a, C& c) {
  contract_head(a, c);
  a("exchange", c.exchange), a("currency", c.currency);
  a("localSymbol", c.local_symbol), a("tradingClass", c.trading_class);
}
/// The four fields of a leg in requests for data.
template <class A, class C>
void data_legs(A& a, C& c) {
  if (!c.is_bag()) return;
  a.list("comboLegsCount", "leg", c.legs, 4, [&](auto& leg) {
    a("conId", leg.con_id), a("ratio", leg.ratio), a("action", leg.action), a("exchange", leg.exchange);
  });
}
/// The eight fields of a leg in orders.
template <class A, class C>
void order_legs(A& a, C& c) {
  a.list("comboLegsCount", "leg", c.legs, 8, [&](auto& leg) {
    a("conId", leg.con_id), a("ratio", leg.ratio), a("action", leg.action), a("exchange", leg.exchange);
    a("openClose", leg.open_close), a("shortSaleSlot", leg.short_sale_slot);
    a("designatedLocation", leg.designated_location), a("exemptCode", leg.exempt_code);
  });
}
/// A flag, and the hedge when there is one.
template <class A, class C>
void delta_neutral_contract(A& a, C& hedge) {
  bool present = hedge.has_value();
  a("deltaNeutralContractPresent", present);
  if (!present) return;
  if constexpr (A::reads) hedge.emplace();
  a("conId", hedge->con_id), a("delta", hedge->delta), a("price", hedge->price);
}
template <class A, class L>
void tag_values(A& a, const char* count, const char* each, L& list) {
  a.list(count, each, list, 2, [&](auto& entry) { a("tag", entry.tag), a("value", entry.value); });
}

}  // namespace detail

}  // namespace alaris::gateway
