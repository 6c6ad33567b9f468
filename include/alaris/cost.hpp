// SPDX-License-Identifier: Apache-2.0
#pragma once
// Everything that trading costs: fees, slippage, carry, round trips.
// Standard library only. Written by cmake/umbrellas.py.

#include <alaris/cost/calibration.hpp>
#include <alaris/cost/carry.hpp>
#include <alaris/cost/fees.hpp>
#include <alaris/cost/round_trip.hpp>
#include <alaris/cost/slippage.hpp>
