// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which calendar spread: legs that really span the event, at a strike that both expiries list.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <alaris/core/expected.hpp>
#include <alaris/market/calendar.hpp>
#include <alaris/market/chain.hpp>
#include <alaris/market/combination.hpp>
#include <alaris/market/earnings.hpp>
#include <alaris/market/expiry.hpp>

namespace alaris::inline v0 {

enum class SpreadStructure : std::uint8_t { call_calendar, put_calendar, double_calendar };

[[nodiscard]] constexpr std::string_view name(SpreadStructure structure) noexcept {
  switch (structure) {
    case SpreadStructure::call_calendar:
      return "call_calendar";
    case SpreadStructure::put_calendar:
      return "put_calendar";
    case SpreadStructure::double_calendar:
      return "double_calendar";
  }
  return "unknown";
}

/// A long calendar: the front expiry sold, the back expiry bought, one strike. A double calendar holds both rights.
struct CalendarSpread {
  Date front{};
  Date back{};
  Strike strike{};
  SpreadStructure structure = SpreadStructure::call_calendar;

  [[nodiscard]] bool has(OptionType type) const noexcept {
    return structure == SpreadStructure::double_calendar ||
           (structure == SpreadStructure::call_calendar) == (type == OptionType::call);
  }
  /// The opening combination, one unit a leg.
  [[nodiscard]] std::vector<Leg> legs() const {
    std::vector<Leg> legs;
    for (const OptionType type : {OptionType::put, OptionType::call})
      if (has(type)) {
        legs.push_back({{front, strike, type}, -1});
        legs.push_back({{back, strike, type}, +1});
      }
    return legs;
  }
};

struct CalendarRules {
  SpreadStructure structure = SpreadStructure::call_calendar;
  std::chrono::days back_days{30};  // after the front expiry
  bool front_any_weekday = false;
};

enum class NoSpread : std::uint8_t {
  no_front_expiry,
  no_back_expiry,
  no_common_strike,
  front_misses_event,
  leg_not_quoted
};

[[nodiscard]] constexpr std::string_view name(NoSpread why) noexcept {
  switch (why) {
    case NoSpread::no_front_expiry:
      return "no listed front expiry spans the event";
    case NoSpread::no_back_expiry:
      return "no back expiry is listed";
    case NoSpread::no_common_strike:
      return "no strike is quoted in both expiries";
    case NoSpread::front_misses_event:
      return "the front expiry does not span the event";
    case NoSpread::leg_not_quoted:
      return "a leg is not listed or has no two-sided quote";
  }
  return "unknown";
}

namespace detail {
/// The front spans the event iff it still trades 12 hours after the announcement and a full session follows the
/// planned exit.
inline bool spans(Date expiry, const EventSessions& event, const TradingCalendar& calendar) {
  return event.announced + std::chrono::hours(12) <= last_trading_instant(expiry, calendar) &&
         last_trading_day(expiry, calendar) > event.first_close_after;
}
inline bool quotes_both(const OptionChain& chain, Date front, Date back, Strike strike, OptionType type) {
  const OptionQuote *near = chain.find({front, strike, type}), *far = chain.find({back, strike, type});
  return near && far && two_sided(*near) && two_sided(*far);
}
}  // namespace detail

/// The front is the first weekly expiry that spans the event; the back the weekly expiry nearest to front + back_days
/// (tie: earlier); the strike is two-sided in every leg and nearest to `forward` (tie: lower).
[[nodiscard]] inline expected<CalendarSpread, NoSpread> choose_calendar(const OptionChain& chain, double forward,
                                                                        const EventSessions& event,
                                                                        const CalendarRules& rules,
                                                                        const TradingCalendar& calendar) {
  CalendarSpread spread{.front = {}, .back = {}, .strike = {}, .structure = rules.structure};
  const auto expiries = chain.expiries();
  const auto front = std::find_if(expiries.begin(), expiries.end(), [&](Date expiry) {
    return detail::spans(expiry, event, calendar) && (rules.front_any_weekday || is_weekly_expiry(expiry, calendar));
  });
  if (front == expiries.end()) return unexpected(NoSpread::no_front_expiry);
  spread.front = *front;

  const Date target = *front + rules.back_days;
  std::optional<Date> back{};
  for (auto at = front + 1; at != expiries.end(); ++at)
    if (is_weekly_expiry(*at, calendar) && (!back || std::chrono::abs(*at - target) < std::chrono::abs(*back - target)))
      back = *at;
  if (!back) return unexpected(NoSpread::no_back_expiry);
  spread.back = *back;

  std::optional<Strike> strike{};
  for (const OptionQuote& quote : chain.of_expiry(spread.front)) {
    const Strike k = quote.contract.strike;
    if (strike && std::fabs(k.dollars() - forward) >= std::fabs(strike->dollars() - forward)) continue;
    bool quoted = true;
    for (const OptionType type : {OptionType::put, OptionType::call})
      if (spread.has(type)) quoted = quoted && detail::quotes_both(chain, spread.front, spread.back, k, type);
    if (quoted) strike = k;
  }
  if (!strike) return unexpected(NoSpread::no_common_strike);
  spread.strike = *strike;
  return spread;
}

/// The proposed spread itself, if its front spans the event and every leg is listed with two sides.
[[nodiscard]] inline expected<CalendarSpread, NoSpread> listed_calendar(const OptionChain& chain,
                                                                        const CalendarSpread& proposed,
                                                                        const EventSessions& event,
                                                                        const TradingCalendar& calendar) {
  if (!detail::spans(proposed.front, event, calendar)) return unexpected(NoSpread::front_misses_event);
  for (const OptionType type : {OptionType::put, OptionType::call})
    if (proposed.has(type) && !detail::quotes_both(chain, proposed.front, proposed.back, proposed.strike, type))
      return unexpected(NoSpread::leg_not_quoted);
  return proposed;
}

/// The long calendar that these legs open, a unit of each: one expiry sold, a later one bought, at one strike, of one
/// right or of both. Nothing for any other combination.
[[nodiscard]] inline std::optional<CalendarSpread> calendar_of(std::span<const Leg> legs) {
  if (legs.size() != 2 && legs.size() != 4) return std::nullopt;
  CalendarSpread spread{
      .front = legs[0].contract.expiry, .back = legs[0].contract.expiry, .strike = legs[0].contract.strike};
  bool call = false, put = false;
  for (const Leg& leg : legs) {
    spread.front = std::min(spread.front, leg.contract.expiry);
    spread.back = std::max(spread.back, leg.contract.expiry);
    (leg.contract.type == OptionType::call ? call : put) = true;
  }
  spread.structure = call && put ? SpreadStructure::double_calendar
                     : call      ? SpreadStructure::call_calendar
                                 : SpreadStructure::put_calendar;
  const std::vector<Leg> meant = spread.legs();
  const bool same = spread.front < spread.back && meant.size() == legs.size() &&
                    std::is_permutation(meant.begin(), meant.end(), legs.begin());
  return same ? std::optional(spread) : std::nullopt;
}

}  // namespace alaris::inline v0
