// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is said about a company's future and when it became known: earnings dates, dividends, splits; and market-wide
// rates. Every statement carries its publication time, so that an as-of view can leave out what was not known.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <alaris/core/time.hpp>

namespace alaris::inline v0 {

/// When on its date a company reports, relative to the regular session.
enum class AnnouncementSession : std::uint8_t { unknown, before_open, during_market, after_close };

[[nodiscard]] constexpr std::string_view name(AnnouncementSession session) noexcept {
  switch (session) {
    case AnnouncementSession::before_open:
      return "BMO";
    case AnnouncementSession::during_market:
      return "DMH";
    case AnnouncementSession::after_close:
      return "AMC";
    case AnnouncementSession::unknown:
      break;
  }
  return "";
}

/// What one source said about one report. Two source names have a meaning of their own:
///   derived    inferred afterwards from prices; says something about the session, never an independent date
///   reported   the report itself; known only once it was out
struct EarningsStatement {
  Date date{};
  AnnouncementSession session = AnnouncementSession::unknown;
  std::string source{};
  Instant known_from{};
  std::optional<Instant> known_until{};  // the same source replaced or withdrew it
};

/// A statement as a view shows it: when it was made, never whether it was taken back later.
struct KnownStatement {
  Date date{};
  AnnouncementSession session = AnnouncementSession::unknown;
  std::string source{};
  Instant known_from{};
  friend bool operator==(const KnownStatement&, const KnownStatement&) = default;
};

/// Cash per share; the amount is NaN where only the date is known.
struct Dividend {
  Date ex_date{};
  double amount;
  Instant known_from{};
  bool special = false;  // outside the regular ones: it may change contracts
};

/// Shares after per share before; effective at the open of `date`.
struct Split {
  Date date{};
  double ratio;
  std::optional<Instant> known_from{};  // the announcement; nothing: known once effective
};

/// A point of the yield curve, known at the close of `date`; used as a continuous rate per year.
struct RatePoint {
  Date date{};
  Years<Act365> tenor;
  double rate;
};

}  // namespace alaris::inline v0
