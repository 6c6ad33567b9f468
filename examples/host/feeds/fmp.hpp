// SPDX-License-Identifier: Apache-2.0
#pragma once
// Financial Modeling Prep: earnings calendar and history, in the stable and in the legacy shape.

#include <optional>
#include <string>
#include <vector>

#include <alaris/market/events.hpp>

#include "feeds/answer.hpp"

namespace alaris::host::fmp {

inline constexpr std::string_view feed = "fmp";

struct Earnings {
  std::string symbol{};  // canonical
  Date date{};           // of the announcement
  AnnouncementSession session = AnnouncementSession::unknown;
  std::optional<bool> confirmed{};
  std::optional<double> eps{}, eps_estimated{}, revenue{}, revenue_estimated{};  // an estimate of 0 means none
  std::optional<Date> updated{}, period_end{};
  [[nodiscard]] bool is_upcoming() const noexcept { return !eps && !revenue; }
};

/// Newest first, as the vendor sends them. A session that was not asked for, is null or is a word not known is unknown.
[[nodiscard]] FeedResult<FeedTable<Earnings>> parse_earnings(const HttpAnswer& answer);

/// One row per report: rows of a symbol at most 45 days apart are one event; the confirmed one wins, then the newest
/// update. Rows of the winning date and update that contradict it are reported as warnings.
[[nodiscard]] FeedTable<Earnings> one_per_report(FeedTable<Earnings> table);

}  // namespace alaris::host::fmp
