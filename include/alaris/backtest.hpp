// SPDX-License-Identifier: Apache-2.0
#pragma once
// Everything over history: engine, event study, attribution, review, statistics.
// Standard library only. Written by cmake/umbrellas.py.

#include <alaris/backtest/altered_future.hpp>
#include <alaris/backtest/attribution.hpp>
#include <alaris/backtest/chain_columns.hpp>
#include <alaris/backtest/day_quality.hpp>
#include <alaris/backtest/engine.hpp>
#include <alaris/backtest/event_evidence.hpp>
#include <alaris/backtest/event_study.hpp>
#include <alaris/backtest/life_cycle.hpp>
#include <alaris/backtest/open_trade.hpp>
#include <alaris/backtest/outcomes.hpp>
#include <alaris/backtest/performance.hpp>
#include <alaris/backtest/result.hpp>
#include <alaris/backtest/review.hpp>
#include <alaris/backtest/statistics.hpp>
#include <alaris/backtest/summary.hpp>
#include <alaris/backtest/trade_attribution.hpp>
