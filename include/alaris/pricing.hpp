// SPDX-License-Identifier: Apache-2.0
#pragma once
// Everything that prices: Black and all Greeks, American options, columns and chains, parity.
// Standard library only. Written by cmake/umbrellas.py.

#include <alaris/pricing/american.hpp>
#include <alaris/pricing/american_band.hpp>
#include <alaris/pricing/american_band_pack.hpp>
#include <alaris/pricing/american_batch.hpp>
#include <alaris/pricing/american_boundary.hpp>
#include <alaris/pricing/american_boundary_pack.hpp>
#include <alaris/pricing/american_cash_dividends.hpp>
#include <alaris/pricing/american_chain.hpp>
#include <alaris/pricing/american_continuous.hpp>
#include <alaris/pricing/american_dividend_chain.hpp>
#include <alaris/pricing/american_early_exercise.hpp>
#include <alaris/pricing/american_exercise_decision.hpp>
#include <alaris/pricing/american_greeks.hpp>
#include <alaris/pricing/american_lanes.hpp>
#include <alaris/pricing/american_tables.hpp>
#include <alaris/pricing/black.hpp>
#include <alaris/pricing/bsm.hpp>
#include <alaris/pricing/bsm_formula.hpp>
#include <alaris/pricing/bsm_greeks.hpp>
#include <alaris/pricing/estimated_quotes.hpp>
#include <alaris/pricing/european_batch.hpp>
#include <alaris/pricing/european_chain.hpp>
#include <alaris/pricing/european_lanes.hpp>
#include <alaris/pricing/parity.hpp>
