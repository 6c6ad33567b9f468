// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `signal scan`, `signal explain` and `order check` share: the instant they look from, and the decision they show.

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <alaris/backtest/event_evidence.hpp>
#include <alaris/strategy/decision.hpp>

#include "commands/backtest_options.hpp"
#include "host_error.hpp"

namespace alaris::host {

/// A date means its close (of the session before it where it is none); else an instant with offset.
[[nodiscard]] inline Instant parse_at(std::string_view option, std::string_view text, const TradingCalendar& calendar) {
  if (const auto date = parse_date(text))
    return calendar.close(calendar.is_session(*date) ? *date : calendar.previous_session(*date));
  if (const auto instant = parse_instant(text)) return *instant;
  throw HostError(ExitCode::usage, fmt::format("{}: '{}' is neither a date (YYYY-MM-DD) nor an instant with offset "
                                               "(2024-05-01T16:00:00-04:00)",
                                               option, text));
}

/// The first announcement known at the view that can still be entered before, from `fill_session` on.
template <market_source Market>
[[nodiscard]] std::optional<EarningsConsensus> next_report(const MarketView<Market>& view, std::string_view symbol,
                                                           Date fill_session, SessionSource source) {
  for (const EarningsConsensus& report : upcoming_earnings(view.earnings(symbol), fill_session, source))
    if (entry_session(report, view.calendar(), 0) >= fill_session) return report;
  return std::nullopt;
}

}  // namespace alaris::host
