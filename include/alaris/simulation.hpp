// SPDX-License-Identifier: Apache-2.0
#pragma once
// Everything of the market with known truth.
// Standard library only. Written by cmake/umbrellas.py.

#include <alaris/simulation/early_exercise.hpp>
#include <alaris/simulation/event_plan.hpp>
#include <alaris/simulation/listing.hpp>
#include <alaris/simulation/market.hpp>
#include <alaris/simulation/parameters.hpp>
#include <alaris/simulation/path.hpp>
#include <alaris/simulation/quoting.hpp>
#include <alaris/simulation/sessions.hpp>
#include <alaris/simulation/stock.hpp>
#include <alaris/simulation/terminal_law.hpp>
#include <alaris/simulation/variance.hpp>
