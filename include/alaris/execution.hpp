// SPDX-License-Identifier: Apache-2.0
#pragma once
// Everything about orders: machine, fills, ledger, margin, reconciliation, the trader.
// Standard library only. Written by cmake/umbrellas.py.

#include <alaris/execution/day_order.hpp>
#include <alaris/execution/execution_quality.hpp>
#include <alaris/execution/fill_model.hpp>
#include <alaris/execution/ledger.hpp>
#include <alaris/execution/margin.hpp>
#include <alaris/execution/order.hpp>
#include <alaris/execution/order_judgement.hpp>
#include <alaris/execution/order_machine.hpp>
#include <alaris/execution/price_ladder.hpp>
#include <alaris/execution/reconcile.hpp>
#include <alaris/execution/session_exits.hpp>
#include <alaris/execution/trade_costs.hpp>
#include <alaris/execution/trade_plan.hpp>
#include <alaris/execution/trader.hpp>
#include <alaris/execution/trader_book.hpp>
#include <alaris/execution/trader_events.hpp>
