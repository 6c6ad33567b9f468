// SPDX-License-Identifier: Apache-2.0
#pragma once
// Everything about a market: bars, quotes, chains, sessions, statements, as-of views.
// Standard library only. Written by cmake/umbrellas.py.

#include <alaris/market/any_market.hpp>
#include <alaris/market/as_of.hpp>
#include <alaris/market/bar.hpp>
#include <alaris/market/calendar.hpp>
#include <alaris/market/chain.hpp>
#include <alaris/market/combination.hpp>
#include <alaris/market/contract.hpp>
#include <alaris/market/contract_change.hpp>
#include <alaris/market/earnings.hpp>
#include <alaris/market/earnings_standing.hpp>
#include <alaris/market/events.hpp>
#include <alaris/market/expiry.hpp>
#include <alaris/market/holiday_copy.hpp>
#include <alaris/market/live_market.hpp>
#include <alaris/market/new_york.hpp>
#include <alaris/market/occ_symbol.hpp>
#include <alaris/market/quote.hpp>
#include <alaris/market/rates.hpp>
#include <alaris/market/results_filing.hpp>
#include <alaris/market/source.hpp>
#include <alaris/market/symbol.hpp>
#include <alaris/market/ticks.hpp>
#include <alaris/market/trading_time.hpp>
