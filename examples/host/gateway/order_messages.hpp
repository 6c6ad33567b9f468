// SPDX-License-Identifier: Apache-2.0
#pragma once
// placeOrder and cancelOrder, openOrder and completedOrder at server versions 176 to 178, field by field.

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

#include "gateway/wire_fault.hpp"
#include "gateway/wire_order.hpp"

namespace alaris::gateway {

namespace detail {

/// Of financial advisers. Up to version 176 a profile stood behind the percentage.
template <class A, class O>
void adviser_terms(A& a, O& o) {
  a("faGroup", o.fa_group), a("faMethod", o.fa_method), a("faPercentage", o.fa_percentage);
  if (a.server() < 177) a.filler("faProfile", "");
}

}  // namespace detail

/// Places, modifies (same order id) or previews (`what_if`).
struct PlaceOrder {
  static constexpr int id = 3;
  Contract contract{};
  WireOrder order{};
  std::string security_id_type{};
  std::string security_id{};

  template <class A, class M>
  static void fields(A& a, M& m) {
    auto& o = m.order;
    a("orderId", o.order_id), detail::contract_block(a, m.contract);
    a("secIdType", m.security_id_type), a("secId", m.security_id);
    a("action", o.action), a.size("totalQuantity", o.quantity), a("orderType", o.type);
    a("lmtPrice", o.limit), a("auxPrice", o.stop), a("tif", o.tif), a("ocaGroup", o.oca_group);
    a("account", o.account), a("openClose", o.open_close), a("origin", o.origin), a("orderRef", o.order_ref);
    a("transmit", o.transmit), a("parentId", o.parent_id), a("blockOrder", o.block_order);
    a("sweepToFill", o.sweep_to_fill), a("displaySize", o.display_size), a("triggerMethod", o.trigger_method);
    a("outsideRth", o.outside_regular_hours), a("hidden", o.hidden);
    if (m.contract.is_bag()) detail::order_legs(a, m.contract), detail::leg_prices_and_routing(a, o);
    a.filler("sharesAllocation(deprecated)", ""), a("discretionaryAmt", o.discretionary_amount);
    a("goodAfterTime", o.good_after), a("goodTillDate", o.good_till);
    detail::adviser_terms(a, o), a("modelCode", o.model_code), a("shortSaleSlot", o.short_sale_slot);
    a("designatedLocation", o.designated_location), a("exemptCode", o.exempt_code), a("ocaType", o.oca_type);
    a("rule80A", o.rule_80a), a("settlingFirm", o.settling_firm), a("allOrNone", o.all_or_none);
    a("minQty", o.min_quantity), a("percentOffset", o.percent_offset);
    a.filler("eTradeOnly(deprecated)", "0"), a.filler("firmQuoteOnly(deprecated)", "0");
    a.filler("nbboPriceCap(deprecated)", ""), a("auctionStrategy", o.auction_strategy);
    detail::stock_reference(a, o);
    a("overridePercentageConstraints", o.override_percentage), a("volatility", o.volatility);
    a("volatilityType", o.volatility_type), a("deltaNeutralOrderType", o.delta_neutral_type);
    a("deltaNeutralAuxPrice", o.delta_neutral_stop);
    if (!o.delta_neutral_type.empty()) {
      a("deltaNeutralConId", o.delta_neutral.con_id), a("deltaNeutralSettlingFirm", o.delta_neutral.settling_firm);
      a("deltaNeutralClearingAccount", o.delta_neutral.clearing_account);
      a("deltaNeutralClearingIntent", o.delta_neutral.clearing_intent);
      a("deltaNeutralOpenClose", o.delta_neutral.open_close), a("deltaNeutralShortSale", o.delta_neutral.short_sale);
      a("deltaNeutralShortSaleSlot", o.delta_neutral.short_sale_slot);
      a("deltaNeutralDesignatedLocation", o.delta_neutral.designated_location);
    }
    a("continuousUpdate", o.continuous_update), a("referencePriceType", o.reference_price_type);
    a("trailStopPrice", o.trail_stop), a("trailingPercent", o.trailing_percent);
    a("scaleInitLevelSize", o.scale_initial_size), a("scaleSubsLevelSize", o.scale_later_size);
    a("scalePriceIncrement", o.scale_increment), detail::scale_terms(a, o);
    a("scaleTable", o.scale_table), a("activeStartTime", o.active_start), a("activeStopTime", o.active_stop);
    detail::hedge(a, o);
    a("optOutSmartRouting", o.opt_out_smart_routing), a("clearingAccount", o.clearing_account);
    a("clearingIntent", o.clearing_intent), a("notHeld", o.not_held), a.none("deltaNeutralContractPresent");
    detail::algo(a, o);
    a("algoId", o.algo_id), a("whatIf", o.what_if), a("orderMiscOptions", o.misc_options);
    a("solicited", o.solicited), a("randomizeSize", o.randomize_size), a("randomizePrice", o.randomize_price);
    detail::no_benchmark_peg(a, o), a.none("conditionsCount");
    a("adjustedOrderType", o.adjusted_type), a("triggerPrice", o.trigger_price), a("lmtPriceOffset", o.limit_offset);
    a("adjustedStopPrice", o.adjusted_stop), a("adjustedStopLimitPrice", o.adjusted_stop_limit);
    a("adjustedTrailingAmount", o.adjusted_trailing), a("adjustableTrailingUnit", o.adjustable_trailing_unit);
    a("extOperator", o.ext_operator), a("softDollarTier.name", o.soft_dollar_name);
    a("softDollarTier.value", o.soft_dollar_value), a("cashQty", o.cash_quantity);
    a("mifid2DecisionMaker", o.decision_maker), a("mifid2DecisionAlgo", o.decision_algo);
    a("mifid2ExecutionTrader", o.execution_trader), a("mifid2ExecutionAlgo", o.execution_algo);
    a("dontUseAutoPriceForHedge", o.no_auto_price_for_hedge), a("isOmsContainer", o.oms_container);
    a("discretionaryUpToLimitPrice", o.discretionary_up_to_limit), a("usePriceMgmtAlgo", o.price_management);
    a("duration", o.duration), a("postToAts", o.post_to_ats), a("autoCancelParent", o.auto_cancel_parent);
    a("advancedErrorOverride", o.advanced_error_override), a("manualOrderTime", o.manual_time);
    if (m.contract.exchange == "IBKRATS") a("minTradeQty", o.min_trade_quantity);
    if (o.type == "PEG BEST") a("minCompeteSize", o.min_compete_size), a("competeAgainstBestOffset", o.compete_offset);
    const bool up_to_mid = o.type == "PEG BEST" && o.compete_offset && std::isinf(*o.compete_offset);
    if (o.type == "PEG MID" || up_to_mid)
      a("midOffsetAtWhole", o.mid_offset_whole), a("midOffsetAtHalf", o.mid_offset_half);
  }
};

struct CancelOrder {
  static constexpr int id = 4;
  int order_id = 0;
  std::string manual_time{};
  template <class A, class M>
  static void fields(A& a, M& m) {
    a.version(1), a("orderId", m.order_id), a("manualOrderCancelTime", m.manual_time);
  }
};

namespace detail {

/// action to the order reference: alike in openOrder and completedOrder.
template <class A, class O>
void echo_terms(A& a, O& o) {
  a("action", o.action), a.size("totalQuantity", o.quantity), a("orderType", o.type);
  a("lmtPrice", o.limit), a("auxPrice", o.stop), a("tif", o.tif), a("ocaGroup", o.oca_group);
  a("account", o.account), a("openClose", o.open_close), a("origin", o.origin), a("orderRef", o.order_ref);
}
template <class A, class O>
void echo_volatility(A& a, O& o) {
  a("volatility", o.volatility), a("volatilityType", o.volatility_type);
  a("deltaNeutralOrderType", o.delta_neutral_type), a("deltaNeutralAuxPrice", o.delta_neutral_stop);
}
template <class A, class O>
void echo_scale(A& a, O& o) {
  a.unset("scaleInitLevelSize", o.scale_initial_size), a.unset("scaleSubsLevelSize", o.scale_later_size);
  a("scalePriceIncrement", o.scale_increment), scale_terms(a, o), hedge(a, o);
}
template <class A, class O>
void echo_tail(A& a, O& o) {
  a("minTradeQty", o.min_trade_quantity), a("minCompeteSize", o.min_compete_size);
  a("competeAgainstBestOffset", o.compete_offset), a("midOffsetAtWhole", o.mid_offset_whole);
  a("midOffsetAtHalf", o.mid_offset_half);
}

}  // namespace detail

/// A working, changed or previewed order, as the gateway knows it.
struct OpenOrder {
  static constexpr int id = 5;
  Contract contract{};
  WireOrder order{};
  OrderState state{};

  template <class A, class M>
  static void fields(A& a, M& m) {
    auto& o = m.order;
    auto& s = m.state;
    a("orderId", o.order_id), detail::contract_block_of_11(a, m.contract), detail::echo_terms(a, o);
    a("clientId", o.client_id), a("permId", o.perm_id), a("outsideRth", o.outside_regular_hours);
    a("hidden", o.hidden), a("discretionaryAmt", o.discretionary_amount), a("goodAfterTime", o.good_after);
    a("sharesAllocation(deprecated)", o.shares_allocation);
    detail::adviser_terms(a, o), a("modelCode", o.model_code), a("goodTillDate", o.good_till), a("rule80A", o.rule_80a);
    a("percentOffset", o.percent_offset), a("settlingFirm", o.settling_firm);
    a("shortSaleSlot", o.short_sale_slot), a("designatedLocation", o.designated_location);
    a("exemptCode", o.exempt_code), a("auctionStrategy", o.auction_strategy), detail::stock_reference(a, o);
    a.unset("displaySize", o.display_size), a("blockOrder", o.block_order), a("sweepToFill", o.sweep_to_fill);
    a("allOrNone", o.all_or_none), a("minQty", o.min_quantity), a("ocaType", o.oca_type);
    a.filler("eTradeOnly(deprecated)", "0"), a.filler("firmQuoteOnly(deprecated)", "0");
    a.filler("nbboPriceCap(deprecated)", ""), a("parentId", o.parent_id), a("triggerMethod", o.trigger_method);
    detail::echo_volatility(a, o);
    if (!o.delta_neutral_type.empty()) {
      a("deltaNeutralConId", o.delta_neutral.con_id), a("deltaNeutralSettlingFirm", o.delta_neutral.settling_firm);
      a("deltaNeutralClearingAccount", o.delta_neutral.clearing_account);
      a("deltaNeutralClearingIntent", o.delta_neutral.clearing_intent);
      a("deltaNeutralOpenClose", o.delta_neutral.open_close), a("deltaNeutralShortSale", o.delta_neutral.short_sale);
      a("deltaNeutralShortSaleSlot", o.delta_neutral.short_sale_slot);
      a("deltaNeutralDesignatedLocation", o.delta_neutral.designated_location);
    }
    a("continuousUpdate", o.continuous_update), a("referencePriceType", o.reference_price_type);
    a("trailStopPrice", o.trail_stop), a("trailingPercent", o.trailing_percent);
    a("basisPoints", o.basis_points), a("basisPointsType", o.basis_points_type);
    a("comboLegsDescrip", o.legs_description), detail::order_legs(a, m.contract);
    detail::leg_prices_and_routing(a, o), detail::echo_scale(a, o);
    a("optOutSmartRouting", o.opt_out_smart_routing), a("clearingAccount", o.clearing_account);
    a("clearingIntent", o.clearing_intent), a("notHeld", o.not_held), a.none("deltaNeutralContractPresent");
    detail::algo(a, o), a("solicited", o.solicited), a("whatIf", o.what_if), a("status", s.status);
    a.unset("initMarginBefore", s.margin_before[0]), a.unset("maintMarginBefore", s.margin_before[1]);
    a.unset("equityWithLoanBefore", s.margin_before[2]), a.unset("initMarginChange", s.margin_change[0]);
    a.unset("maintMarginChange", s.margin_change[1]), a.unset("equityWithLoanChange", s.margin_change[2]);
    a.unset("initMarginAfter", s.margin_after[0]), a.unset("maintMarginAfter", s.margin_after[1]);
    a.unset("equityWithLoanAfter", s.margin_after[2]);
    a("commission", s.commission), a("minCommission", s.min_commission), a("maxCommission", s.max_commission);
    a("commissionCurrency", s.commission_currency), a.text("warningText", s.warning);
    a("randomizeSize", o.randomize_size), a("randomizePrice", o.randomize_price);
    detail::no_benchmark_peg(a, o), a.none("conditionsCount");
    a("adjustedOrderType", o.adjusted_type), a.unset("triggerPrice", o.trigger_price);
    a.unset("trailStopPrice", o.adjusted_trail_stop), a.unset("lmtPriceOffset", o.limit_offset);
    a.unset("adjustedStopPrice", o.adjusted_stop), a.unset("adjustedStopLimitPrice", o.adjusted_stop_limit);
    a.unset("adjustedTrailingAmount", o.adjusted_trailing);
    a("adjustableTrailingUnit", o.adjustable_trailing_unit), a("softDollarTier.name", o.soft_dollar_name);
    a("softDollarTier.value", o.soft_dollar_value), a("softDollarTier.displayName", o.soft_dollar_display);
    a("cashQty", o.cash_quantity), a("dontUseAutoPriceForHedge", o.no_auto_price_for_hedge);
    a("isOmsContainer", o.oms_container), a("discretionaryUpToLimitPrice", o.discretionary_up_to_limit);
    a("usePriceMgmtAlgo", o.price_management), a("duration", o.duration), a("postToAts", o.post_to_ats);
    a("autoCancelParent", o.auto_cancel_parent), detail::echo_tail(a, o);
  }
};

/// An order of the day that is done. It has neither order id nor client id: match by permId or order reference.
struct CompletedOrder {
  static constexpr int id = 101;
  Contract contract{};
  WireOrder order{};
  OrderState state{};
  double filled = 0.0;
  std::string auto_cancel_date{};
  int ref_futures_con_id = 0;
  std::string shareholder{};
  bool imbalance_only = false;
  bool route_marketable = false;
  std::int64_t parent_perm_id = 0;

  template <class A, class M>
  static void fields(A& a, M& m) {
    auto& o = m.order;
    auto& s = m.state;
    detail::contract_block_of_11(a, m.contract), detail::echo_terms(a, o);
    a("permId", o.perm_id), a("outsideRth", o.outside_regular_hours), a("hidden", o.hidden);
    a("discretionaryAmt", o.discretionary_amount), a("goodAfterTime", o.good_after);
    detail::adviser_terms(a, o), a("modelCode", o.model_code), a("goodTillDate", o.good_till), a("rule80A", o.rule_80a);
    a("percentOffset", o.percent_offset), a("settlingFirm", o.settling_firm);
    a("shortSaleSlot", o.short_sale_slot), a("designatedLocation", o.designated_location);
    a("exemptCode", o.exempt_code), detail::stock_reference(a, o), a.unset("displaySize", o.display_size);
    a("sweepToFill", o.sweep_to_fill), a("allOrNone", o.all_or_none), a("minQty", o.min_quantity);
    a("ocaType", o.oca_type), a("triggerMethod", o.trigger_method), detail::echo_volatility(a, o);
    if (!o.delta_neutral_type.empty()) {
      a("deltaNeutralConId", o.delta_neutral.con_id), a("deltaNeutralShortSale", o.delta_neutral.short_sale);
      a("deltaNeutralShortSaleSlot", o.delta_neutral.short_sale_slot);
      a("deltaNeutralDesignatedLocation", o.delta_neutral.designated_location);
    }
    a("continuousUpdate", o.continuous_update), a("referencePriceType", o.reference_price_type);
    a("trailStopPrice", o.trail_stop), a("trailingPercent", o.trailing_percent);
    a("comboLegsDescrip", o.legs_description), detail::order_legs(a, m.contract);
    detail::leg_prices_and_routing(a, o), detail::echo_scale(a, o);
    a("clearingAccount", o.clearing_account), a("clearingIntent", o.clearing_intent), a("notHeld", o.not_held);
    a.none("deltaNeutralContractPresent"), detail::algo(a, o), a("solicited", o.solicited), a("status", s.status);
    a("randomizeSize", o.randomize_size), a("randomizePrice", o.randomize_price);
    detail::no_benchmark_peg(a, o), a.none("conditionsCount");
    a.unset("trailStopPrice", o.adjusted_trail_stop), a.unset("lmtPriceOffset", o.limit_offset);
    a("cashQty", o.cash_quantity), a("dontUseAutoPriceForHedge", o.no_auto_price_for_hedge);
    a("isOmsContainer", o.oms_container), a("autoCancelDate", m.auto_cancel_date), a.size("filledQuantity", m.filled);
    a("refFuturesConId", m.ref_futures_con_id), a("autoCancelParent", o.auto_cancel_parent);
    a.text("shareholder", m.shareholder), a("imbalanceOnly", m.imbalance_only);
    a("routeMarketableToBbo", m.route_marketable), a("parentPermId", m.parent_perm_id);
    a("completedTime", s.completed_time), a.text("completedStatus", s.completed_status), detail::echo_tail(a, o);
  }
};

}  // namespace alaris::gateway
