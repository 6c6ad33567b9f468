// SPDX-License-Identifier: Apache-2.0
#pragma once
// Everything about volatility: realised, implied, forwards, term structure, smile, event variance.
// Standard library only. Written by cmake/umbrellas.py.

#include <alaris/volatility/adjusted_bars.hpp>
#include <alaris/volatility/american_implied.hpp>
#include <alaris/volatility/american_surface.hpp>
#include <alaris/volatility/bridge.hpp>
#include <alaris/volatility/bridge_tables.hpp>
#include <alaris/volatility/chain_surface.hpp>
#include <alaris/volatility/event.hpp>
#include <alaris/volatility/event_calendar.hpp>
#include <alaris/volatility/event_move.hpp>
#include <alaris/volatility/forward.hpp>
#include <alaris/volatility/implied.hpp>
#include <alaris/volatility/implied_batch.hpp>
#include <alaris/volatility/implied_lanes.hpp>
#include <alaris/volatility/implied_step_lanes.hpp>
#include <alaris/volatility/measured_event.hpp>
#include <alaris/volatility/physical_event.hpp>
#include <alaris/volatility/realised.hpp>
#include <alaris/volatility/rolling_realised.hpp>
#include <alaris/volatility/smile.hpp>
#include <alaris/volatility/ssvi.hpp>
#include <alaris/volatility/svi.hpp>
#include <alaris/volatility/svi_fit.hpp>
#include <alaris/volatility/term_structure.hpp>
#include <alaris/volatility/total_variance.hpp>
#include <alaris/volatility/variance_premium.hpp>
