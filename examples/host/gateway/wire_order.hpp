// SPDX-License-Identifier: Apache-2.0
#pragma once
// An order as the wire has it: the fields that placeOrder, openOrder and completedOrder share. Defaults are what Alaris
// sends; blocks of fields that only exist under a condition are written once, here.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/wire_contract.hpp"

namespace alaris::gateway {

struct DeltaNeutral {
  int con_id = 0;
  std::string settling_firm{};
  std::string clearing_account{};
  std::string clearing_intent{};
  std::string open_close{"?"};
  bool short_sale = false;
  int short_sale_slot = 0;
  std::string designated_location{};
  friend bool operator==(const DeltaNeutral&, const DeltaNeutral&) = default;
};

struct ScaleTerms {
  std::optional<double> price_adjust_value{};
  std::optional<int> price_adjust_interval{};
  std::optional<double> profit_offset{};
  bool auto_reset = false;
  std::optional<int> initial_position{};
  std::optional<int> initial_fill{};
  bool random_percent = false;
  friend bool operator==(const ScaleTerms&, const ScaleTerms&) = default;
};

struct WireOrder {
  int order_id = 0;
  int client_id = 0;
  std::int64_t perm_id = 0;
  std::string action{};     // BUY or SELL; of a combination as its legs define it
  double quantity = 0.0;    // contracts or combinations
  std::string type{"LMT"};  // LMT, MKT, STP ...
  std::optional<double> limit{};
  std::optional<double> stop{};  // auxPrice
  std::string tif{"DAY"};
  std::string oca_group{};
  std::string account{};
  std::string open_close{};
  int origin = 0;
  std::string order_ref{};
  bool transmit = true;
  int parent_id = 0;
  bool block_order = false;
  bool sweep_to_fill = false;
  std::optional<int> display_size{0};
  int trigger_method = 0;
  bool outside_regular_hours = false;
  bool hidden = false;
  std::vector<std::optional<double>> leg_prices{};
  std::vector<TagValue> routing{};
  std::string shares_allocation{};
  double discretionary_amount = 0.0;
  std::string good_after{};
  std::string good_till{};
  std::string fa_group{};
  std::string fa_method{};
  std::string fa_percentage{};
  std::string model_code{};
  int short_sale_slot = 0;
  std::string designated_location{};
  int exempt_code = -1;
  int oca_type = 0;
  std::string rule_80a{};
  std::string settling_firm{};
  bool all_or_none = false;
  std::optional<int> min_quantity{};
  std::optional<double> percent_offset{};
  int auction_strategy = 0;
  std::optional<double> starting_price{};
  std::optional<double> stock_ref_price{};
  std::optional<double> delta{};
  std::optional<double> stock_range_lower{};
  std::optional<double> stock_range_upper{};
  bool override_percentage = false;
  std::optional<double> volatility{};
  std::optional<int> volatility_type{};
  std::string delta_neutral_type{};
  std::optional<double> delta_neutral_stop{};
  DeltaNeutral delta_neutral{};
  bool continuous_update = false;
  std::optional<int> reference_price_type{};
  std::optional<double> trail_stop{};
  std::optional<double> trailing_percent{};
  std::optional<double> basis_points{};
  std::optional<int> basis_points_type{};
  std::string legs_description{};
  std::optional<int> scale_initial_size{};
  std::optional<int> scale_later_size{};
  std::optional<double> scale_increment{};
  ScaleTerms scale{};
  std::string scale_table{};
  std::string active_start{};
  std::string active_stop{};
  std::string hedge_type{};
  std::string hedge_param{};
  bool opt_out_smart_routing = false;
  std::string clearing_account{};
  std::string clearing_intent{};
  bool not_held = false;
  std::string algo_strategy{};
  std::vector<TagValue> algo_params{};
  std::string algo_id{};
  bool what_if = false;
  std::string misc_options{};
  bool solicited = false;
  bool randomize_size = false;
  bool randomize_price = false;
  std::string adjusted_type{};
  std::optional<double> trigger_price{};
  std::optional<double> adjusted_trail_stop{};  // the second trailStopPrice of an echo
  std::optional<double> limit_offset{};
  std::optional<double> adjusted_stop{};
  std::optional<double> adjusted_stop_limit{};
  std::optional<double> adjusted_trailing{};
  int adjustable_trailing_unit = 0;
  std::string ext_operator{};
  std::string soft_dollar_name{};
  std::string soft_dollar_value{};
  std::string soft_dollar_display{};
  std::optional<double> cash_quantity{};
  std::string decision_maker{};
  std::string decision_algo{};
  std::string execution_trader{};
  std::string execution_algo{};
  bool no_auto_price_for_hedge = false;
  bool oms_container = false;
  bool discretionary_up_to_limit = false;
  std::optional<int> price_management{};
  std::optional<int> duration{};
  std::optional<int> post_to_ats{};
  bool auto_cancel_parent = false;
  std::string advanced_error_override{};
  std::string manual_time{};
  std::optional<int> min_trade_quantity{};
  std::optional<int> min_compete_size{};
  std::optional<double> compete_offset{};
  std::optional<double> mid_offset_whole{};
  std::optional<double> mid_offset_half{};
  friend bool operator==(const WireOrder&, const WireOrder&) = default;
};

/// What the gateway says about an order beside the order.
struct OrderState {
  std::string status{};
  std::optional<double> margin_before[3]{};  // initial, maintenance, equity with loan
  std::optional<double> margin_change[3]{};
  std::optional<double> margin_after[3]{};
  std::optional<double> commission{};
  std::optional<double> min_commission{};
  std::optional<double> max_commission{};
  std::string commission_currency{};
  std::string warning{};
  // Completed orders only.
  std::string completed_time{};
  std::string completed_status{};
};

namespace detail {

template <class A, class O>
void stock_reference(A& a, O& o) {
  a("startingPrice", o.starting_price), a("stockRefPrice", o.stock_ref_price), a("delta", o.delta);
  a("stockRangeLower", o.stock_range_lower), a("stockRangeUpper", o.stock_range_upper);
}
template <class A, class O>
void leg_prices_and_routing(A& a, O& o) {
  a.list("orderComboLegsCount", "orderComboLeg", o.leg_prices, 1, [&](auto& price) { a("price", price); });
  tag_values(a, "smartComboRoutingParamsCount", "smartComboRoutingParams", o.routing);
}
template <class A, class O>
void scale_terms(A& a, O& o) {
  if (!o.scale_increment || !(*o.scale_increment > 0.0)) return;
  a("scalePriceAdjustValue", o.scale.price_adjust_value);
  a("scalePriceAdjustInterval", o.scale.price_adjust_interval), a("scaleProfitOffset", o.scale.profit_offset);
  a("scaleAutoReset", o.scale.auto_reset), a("scaleInitPosition", o.scale.initial_position);
  a("scaleInitFillQty", o.scale.initial_fill), a("scaleRandomPercent", o.scale.random_percent);
}
template <class A, class O>
void hedge(A& a, O& o) {
  a("hedgeType", o.hedge_type);
  if (!o.hedge_type.empty()) a("hedgeParam", o.hedge_param);
}
template <class A, class O>
void algo(A& a, O& o) {
  a("algoStrategy", o.algo_strategy);
  if (!o.algo_strategy.empty()) tag_values(a, "algoParamsCount", "algoParams", o.algo_params);
}
/// Pegged to a benchmark: outside the specification's use, so refused rather than misread.
template <class A, class O>
void no_benchmark_peg(A& a, O& o) {
  if (o.type == "PEG BENCH") a.fail(WireError::unsupported);
}

}  // namespace detail

}  // namespace alaris::gateway
