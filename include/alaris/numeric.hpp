// SPDX-License-Identifier: Apache-2.0
#pragma once
// Everything numerical: normal distribution, roots, quadrature, least squares, random numbers, lanes.
// Standard library only. Written by cmake/umbrellas.py.

#include <alaris/numeric/chebyshev.hpp>
#include <alaris/numeric/each_instruction_set.hpp>
#include <alaris/numeric/instruction_set.hpp>
#include <alaris/numeric/inverse_normal.hpp>
#include <alaris/numeric/lanes.hpp>
#include <alaris/numeric/least_squares.hpp>
#include <alaris/numeric/nelder_mead.hpp>
#include <alaris/numeric/normal.hpp>
#include <alaris/numeric/number.hpp>
#include <alaris/numeric/quadrature.hpp>
#include <alaris/numeric/random.hpp>
#include <alaris/numeric/roots.hpp>
