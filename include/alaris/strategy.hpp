// SPDX-License-Identifier: Apache-2.0
#pragma once
// Everything about what to trade: legs, candidates, quality, size, exits, portfolio.
// Standard library only. Written by cmake/umbrellas.py.

#include <alaris/strategy/atm_term.hpp>
#include <alaris/strategy/calendar_spread.hpp>
#include <alaris/strategy/candidate.hpp>
#include <alaris/strategy/candidate_size.hpp>
#include <alaris/strategy/chain_quality.hpp>
#include <alaris/strategy/decision.hpp>
#include <alaris/strategy/desk_checks.hpp>
#include <alaris/strategy/evaluate.hpp>
#include <alaris/strategy/event_flow.hpp>
#include <alaris/strategy/event_history.hpp>
#include <alaris/strategy/exit.hpp>
#include <alaris/strategy/known_surface.hpp>
#include <alaris/strategy/measure.hpp>
#include <alaris/strategy/portfolio.hpp>
#include <alaris/strategy/priced_spread.hpp>
#include <alaris/strategy/sectors.hpp>
#include <alaris/strategy/session_scan.hpp>
#include <alaris/strategy/settings.hpp>
#include <alaris/strategy/short_legs.hpp>
#include <alaris/strategy/stress.hpp>
#include <alaris/strategy/what_if.hpp>
