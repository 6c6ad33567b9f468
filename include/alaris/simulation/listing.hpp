// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which options of a simulated stock are listed: an expiry once listed stays until it expires, a strike once listed
// stays with its expiry, and both depend on closes up to the day alone.
//   expiries  the Fridays of the next 8 weeks (Thursday where Friday is a holiday), third Fridays up to 95 days ahead,
//             and third Fridays of one month in three up to 280 days ahead
//   strikes   spaced by about 1.25 % of the price at listing within 10 % of every close since (2.5 % beyond 56 days),
//             and twice as far apart from 30 % below the lowest to 40 % above the highest

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <alaris/market/bar.hpp>
#include <alaris/market/contract.hpp>
#include <alaris/simulation/sessions.hpp>

namespace alaris::inline v0 {

inline constexpr std::chrono::days weekly_listing{56}, monthly_listing{95}, cycle_listing{280};

/// An expiry and the first day on which it is listed.
struct ListedExpiry {
  Date expiry;
  Date listed;
};

[[nodiscard]] inline std::vector<ListedExpiry> listed_expiries(Date day, int cycle, const SimulatedSessions& days) {
  using namespace std::chrono;
  std::vector<ListedExpiry> listed;
  for (Date friday = day + (Friday - weekday_of(day)); friday <= day + cycle_listing; friday += std::chrono::days(7)) {
    const Date expiry = days.opens(friday) ? friday : days.previous(friday);
    const auto ymd = civil(friday);
    const auto month_day = static_cast<unsigned>(ymd.day());
    const bool third = month_day >= 15 && month_day <= 21;
    const bool in_cycle = third && static_cast<int>(static_cast<unsigned>(ymd.month())) % 3 == cycle;
    const std::chrono::days ahead = in_cycle ? cycle_listing : third ? monthly_listing : weekly_listing;
    if (expiry > day && friday - day <= ahead) listed.push_back({expiry, friday - ahead});
  }
  return listed;
}

/// About 1.25 % of the price, of 0.5, 1, 2.5, 5 and 10 times powers of ten; at least 0.5 dollars. In thousandths.
[[nodiscard]] inline int strike_spacing(double price) noexcept {
  const double wanted = 12.5 * price;
  int best = 500;
  for (int decade = 1000; decade <= 10'000'000; decade *= 10)
    for (const int spacing : {decade, decade * 5 / 2, decade * 5})
      if (std::fabs(std::log(spacing / wanted)) < std::fabs(std::log(best / wanted))) best = spacing;
  return best;
}

namespace detail {
struct Range {
  double low, high;
};
/// Lowest and highest close from the first session on or after `from` to the last of `bars`.
[[nodiscard]] inline Range closes_since(std::span<const Bar> bars, Date from) noexcept {
  auto at = std::lower_bound(bars.begin(), bars.end(), from, [](const Bar& b, Date d) { return b.date < d; });
  if (at == bars.end()) --at;
  Range range{at->close, at->close};
  for (; at != bars.end(); ++at) {
    range.low = std::min(range.low, at->close);
    range.high = std::max(range.high, at->close);
  }
  return range;
}
inline void add_strikes(std::vector<int>& strikes, int spacing, double low, double high) {
  const int first = std::max(1, static_cast<int>(std::ceil(1000.0 * low / spacing)));
  for (int n = first; static_cast<double>(n) * spacing <= 1000.0 * high; ++n) strikes.push_back(n * spacing);
}
[[nodiscard]] inline double first_close_since(std::span<const Bar> bars, Date from) noexcept {
  const auto at = std::lower_bound(bars.begin(), bars.end(), from, [](const Bar& b, Date d) { return b.date < d; });
  return at == bars.end() ? bars.back().close : at->close;
}
}  // namespace detail

/// Strikes in thousandths, ascending. `bars` end with the chain's own session and are not empty.
inline void listed_strikes(const ListedExpiry& listing, std::span<const Bar> bars, std::vector<int>& strikes) {
  strikes.clear();
  const auto list_since = [&](Date from, int multiple) {
    const detail::Range range = detail::closes_since(bars, from);
    const int spacing = multiple * strike_spacing(detail::first_close_since(bars, from));
    detail::add_strikes(strikes, spacing, 0.9 * range.low, 1.1 * range.high);
    detail::add_strikes(strikes, 2 * spacing, 0.7 * range.low, 1.4 * range.high);
  };
  const Date fine_from = listing.expiry - weekly_listing;
  if (listing.listed < fine_from) list_since(listing.listed, 2);
  if (bars.back().date >= fine_from) list_since(std::max(fine_from, listing.listed), 1);
  std::sort(strikes.begin(), strikes.end());
  strikes.erase(std::unique(strikes.begin(), strikes.end()), strikes.end());
}

}  // namespace alaris::inline v0
