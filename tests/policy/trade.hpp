// SPDX-License-Identifier: Apache-2.0
#pragma once
// A trade that every rule accepts, and every rule there is: a test changes the one field it is about.

#include <limits>

#include <alaris/policy.hpp>

namespace alaris::test {

inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

struct Trade {
  // signal and event
  double iv30 = 0.5, rv30 = 0.25, term_slope_per_day = -0.008, underlying_volume = 4e6, days_to_event = 3;
  double agreeing_sources = 2, disagreeing_sources = 0;
  bool tradeable_session = true;
  // the trade
  double vega30 = 0.125, round_trip_cost = 25, expected_pnl = 40, net_delta = -0.03125, event_loss = 500;
  double delta_after_event = 0.25, contracts = 2, least_leg_volume = 256, least_leg_open_interest = 512;
  double least_displayed_size = 8;
  // short legs and the contract
  double assignment_probability = 0.015625, assignment_cost = 128, dividends_owed = 0, pin_distance = 0.03125;
  double sessions_to_spare = 0, borrow_rate = 0.015625, hard_to_borrow = 0, adjusted_legs = 0,
         pending_contract_changes = 0;
  double results_in_prior_sessions = 0, other_events_before_back = 0;
  bool holds_calls = true;
  // data
  double spot_move = 0.03125, spot_move_limit = unknown, volume_ratio = 0.5, quality_score = 0.96875;
  double worst_leg_parity = 0.0078125, failed_leg_checks = 0, spot_disagreement = 0.00390625;
  // the projected portfolio
  double nav = 131'072, position_at_risk = 1024, event_night_at_risk = 2048, sector_at_risk = 4096, stress_loss = 2048;
  double cash_after = 65'536, loss_today = 256, assignment_notional = 20'000, excess_liquidity = 65'536;
  double what_if_excess_liquidity = 60'000, open_spreads_after = 3, new_today_after = 2;
  // the order
  double limit = 1.75, model_value = 1.625, natural = 1.6875, same_intent_alive = 0, orders_last_minute = 4;
};

/// Every rule of the library, once.
using EveryRule =
    all_of<EarningsDateAgreement<>, EarningsSessionKnown, ChainScore<>, BelievedSpot<>, PutCallParity<>, LegChecks,
           VolumeSpike<>, SignalIvRv<>, InvertedTermStructure<>, UnderlyingVolume<>, DaysToEventAtLeast<>,
           DaysToEventAtMost<>, CostSurvival<>, GammaRisk<>, DeltaAfterEvent<>, Liquidity<>, AssignmentRisk<>,
           ExDividend, PinRisk<>, Borrow<>, HardToBorrow, StandardContract, QuietNews, MaxContracts<>, MaxNotional<>,
           MaxAssignmentNotional<>, WhatIfMargin<>, MaxPositionShare<>, MaxSectorShare<>, MaxEventNightShare<>,
           EventNightLoss<>, StressLoss<>, MaxDailyLoss<>, CashReserve<>, MaxOpenSpreads<>, MaxNewPerDay<>,
           PriceCollar<>, DuplicateIntent, OrderRate<>>;

}  // namespace alaris::test
