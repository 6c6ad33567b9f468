// SPDX-License-Identifier: Apache-2.0
#pragma once
// Every floor of the library, and the simulated market.
// Standard library only. Written by cmake/umbrellas.py.

#include <alaris/backtest.hpp>
#include <alaris/core.hpp>
#include <alaris/cost.hpp>
#include <alaris/execution.hpp>
#include <alaris/market.hpp>
#include <alaris/numeric.hpp>
#include <alaris/policy.hpp>
#include <alaris/pricing.hpp>
#include <alaris/simulation.hpp>
#include <alaris/strategy.hpp>
#include <alaris/volatility.hpp>
