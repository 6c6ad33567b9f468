// SPDX-License-Identifier: Apache-2.0
#pragma once
// Every number of the strategy and its rules, with the defaults of the operating manual. One set for backtest, paper
// and live.

#include <chrono>
#include <optional>

#include <alaris/cost/round_trip.hpp>
#include <alaris/market/earnings.hpp>
#include <alaris/policy/breakers.hpp>
#include <alaris/policy/entry_rules.hpp>
#include <alaris/policy/leg_rules.hpp>
#include <alaris/policy/limit_rules.hpp>
#include <alaris/policy/order_rules.hpp>
#include <alaris/policy/pre_trade_rules.hpp>
#include <alaris/policy/quality_rules.hpp>
#include <alaris/policy/sizing.hpp>
#include <alaris/strategy/calendar_spread.hpp>
#include <alaris/strategy/exit.hpp>
#include <alaris/strategy/sectors.hpp>
#include <alaris/volatility/realised.hpp>

namespace alaris::inline v0 {

struct StrategySettings {
  CalendarRules calendar;
  std::optional<int> fixed_contracts{};  // for studies: this many spreads, no sizing
  ExitRules exit;
  int entry_sessions_before = 0;  // fill this many sessions before the last one ahead of the announcement
  RealisedEstimator estimator = RealisedEstimator::yang_zhang;
  RealisedSettings realised;
  SessionSource session_source = SessionSource::stated;
  CostModel cost;
  SignalLimits signal;
  EarningsDateLimits earnings_date;
  CostLimits cost_limits;
  GammaLimits gamma;
  LiquidityLimits liquidity;
  LegLimits legs;
  QualityLimits quality;
  PortfolioLimits portfolio;
  OrderLimits orders;
  SizingLimits sizing;
  VixStressLimits vix;
  int quiet_sessions = 15;         // before an entry, without results of the name
  bool assume_no_actions = false;  // a source without tables of dividends and splits counts as one with empty ones
  int max_execution_failures = 5;  // of one session; then trading halts
  SectorTable sectors;
};

/// Two of the three criteria make a trade worth considering at half size, three recommend it.
using EntrySignal =
    at_least_of<2, SignalIvRv<SignalLimits>, InvertedTermStructure<SignalLimits>, UnderlyingVolume<SignalLimits>>;

[[nodiscard]] inline EntrySignal entry_signal(const SignalLimits& limits) {
  return EntrySignal{SignalIvRv{limits}, InvertedTermStructure{limits}, UnderlyingVolume{limits}};
}

/// The rules an entry must pass, in the order they are shown: data first, then the signal, the trade, the portfolio.
using EntryRules =
    all_of<EarningsDateAgreement<EarningsDateLimits>, EarningsSessionKnown, ChainScore<QualityLimits>,
           BelievedSpot<QualityLimits>, PutCallParity<QualityLimits>, LegChecks, VolumeSpike<QualityLimits>,
           DaysToEventAtLeast<SignalLimits>, DaysToEventAtMost<SignalLimits>, EntrySignal, CostSurvival<CostLimits>,
           GammaRisk<GammaLimits>, DeltaAfterEvent<GammaLimits>, Liquidity<LiquidityLimits>, AssignmentRisk<LegLimits>,
           ExDividend, PinRisk<LegLimits>, Borrow<LegLimits>, HardToBorrow, StandardContract, QuietNews,
           MaxContracts<PortfolioLimits>, MaxNotional<PortfolioLimits>, MaxAssignmentNotional<PortfolioLimits>,
           WhatIfMargin<PortfolioLimits>, MaxPositionShare<PortfolioLimits>, MaxSectorShare<PortfolioLimits>,
           MaxEventNightShare<PortfolioLimits>, EventNightLoss<PortfolioLimits>, StressLoss<PortfolioLimits>,
           MaxDailyLoss<PortfolioLimits>, CashReserve<PortfolioLimits>, MaxOpenSpreads<PortfolioLimits>,
           MaxNewPerDay<PortfolioLimits>>;

[[nodiscard]] inline EntryRules entry_rules(const StrategySettings& s) {
  return EntryRules{EarningsDateAgreement{s.earnings_date},
                    EarningsSessionKnown{},
                    ChainScore{s.quality},
                    BelievedSpot<QualityLimits>{SpotMove{s.quality}, SpotConfirmed{s.quality}},
                    PutCallParity{s.quality},
                    LegChecks{},
                    VolumeSpike{s.quality},
                    DaysToEventAtLeast{s.signal},
                    DaysToEventAtMost{s.signal},
                    entry_signal(s.signal),
                    CostSurvival<CostLimits>{SignalSurvivesCost{s.cost_limits}, EdgeSurvivesCost{s.cost_limits}},
                    GammaRisk<GammaLimits>{NetDelta{s.gamma}, EventLoss{s.gamma}},
                    DeltaAfterEvent{s.gamma},
                    liquidity_rules(s.liquidity),
                    AssignmentRisk<LegLimits>{AssignmentProbability{s.legs}, AssignmentCost{s.legs}},
                    ExDividend{},
                    PinRisk{s.legs},
                    Borrow{s.legs},
                    HardToBorrow{},
                    StandardContract{},
                    QuietNews{},
                    MaxContracts{s.portfolio},
                    MaxNotional{s.portfolio},
                    MaxAssignmentNotional{s.portfolio},
                    WhatIfMargin{s.portfolio},
                    MaxPositionShare{s.portfolio},
                    MaxSectorShare{s.portfolio},
                    MaxEventNightShare{s.portfolio},
                    EventNightLoss{s.portfolio},
                    StressLoss{s.portfolio},
                    MaxDailyLoss{s.portfolio},
                    CashReserve{s.portfolio},
                    MaxOpenSpreads{s.portfolio},
                    MaxNewPerDay{s.portfolio}};
}

}  // namespace alaris::inline v0
