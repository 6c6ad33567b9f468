// SPDX-License-Identifier: Apache-2.0
#pragma once
// Contracts of use: what a caller must guarantee. A violation is a programming error, not a value.
// An application may define ALARIS_EXPECTS before the first include to install its own reaction.

#ifndef ALARIS_EXPECTS
#include <cassert>
#define ALARIS_EXPECTS(condition) assert(condition)
#endif
