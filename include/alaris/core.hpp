// SPDX-License-Identifier: Apache-2.0
#pragma once
// Everything that the other floors stand on: expected, exact money, dates, clocks, option terms.
// Standard library only. Written by cmake/umbrellas.py.

#include <alaris/core/expected.hpp>
#include <alaris/core/expects.hpp>
#include <alaris/core/money.hpp>
#include <alaris/core/option.hpp>
#include <alaris/core/time.hpp>
#include <alaris/core/version.hpp>
