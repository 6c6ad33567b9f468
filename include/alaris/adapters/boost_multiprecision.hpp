// SPDX-License-Identifier: Apache-2.0
#pragma once
// Fifty digits: the number against which formulas in doubles are judged. Slow to compile and in need of exceptions, so
// for tests and reference values.

#include <boost/math/special_functions/erf.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>

#include <alaris/numeric/number.hpp>

namespace alaris::inline v0 {

/// Without expression templates, so that every operation yields the number itself.
using FiftyDigits =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float<50>, boost::multiprecision::et_off>;

static_assert(real<FiftyDigits>);

}  // namespace alaris::inline v0
