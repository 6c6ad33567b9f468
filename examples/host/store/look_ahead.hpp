// SPDX-License-Identifier: Apache-2.0
#pragma once
// The look-ahead check: a run again with its future cut off and with its future made wrong. What it had decided, traded
// and booked up to the border must be the same to the last byte.

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include <alaris/backtest/result.hpp>
#include <alaris/core/time.hpp>
#include <alaris/market/any_market.hpp>

namespace alaris::host {

struct LookAheadCheck {
  std::vector<Date> borders{};             // sessions after whose close the future was altered, in both ways
  std::vector<std::string> differences{};  // one sentence each; empty: nothing before a border changed
  std::string not_made{};                  // why there was no check; empty when there was one
};

/// Runs once for each of at most `most_borders` sessions, spread over those of the decisions, and each of two futures.
[[nodiscard]] LookAheadCheck check_look_ahead(const AnyMarket& market, const BacktestResult& whole,
                                              std::size_t most_borders,
                                              const std::function<BacktestResult(const AnyMarket&)>& run);

}  // namespace alaris::host
