// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a split or a special dividend does to an option contract: a whole-number split renumbers it, everything else
// makes it deliver something that is no longer 100 plain shares, which is left out with a reason.
//   source   the Options Clearing Corporation's rules for adjustments: whole-number splits divide the strike,
//            rounded to the cent, and multiply the contracts; special cash counts from 12.50 dollars a contract

#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>

#include <alaris/core/expected.hpp>
#include <alaris/market/contract.hpp>
#include <alaris/market/events.hpp>

namespace alaris::inline v0 {

/// Why a contract is left out of spreads.
enum class NotStandard : std::uint8_t { reverse_split, odd_ratio, special_dividend, strike_lost };

[[nodiscard]] constexpr std::string_view name(NotStandard why) noexcept {
  constexpr std::array<std::string_view, 4> names{
      "a reverse split changed what it delivers", "a split of odd ratio changed what it delivers",
      "a special dividend changed its strike", "no strike is left after the split"};
  return names[static_cast<std::size_t>(why)];
}

/// The contract that continues another one, and how many of it there are for each of those.
struct ContinuedContract {
  OptionContract contract;
  int contracts = 1;
  friend bool operator==(const ContinuedContract&, const ContinuedContract&) = default;
};

/// A contract across one split. Whole-number splits keep 100 shares: the strike is divided and rounded to the cent, the
/// contracts are multiplied.
///   domain   ratio = shares after per share before, positive
[[nodiscard]] inline expected<ContinuedContract, NotStandard> after_split(const OptionContract& contract,
                                                                          double ratio) noexcept {
  if (!(ratio >= 1.0)) return unexpected(NotStandard::reverse_split);
  const double whole = std::nearbyint(ratio);
  if (ratio != whole || whole > 1000.0) return unexpected(NotStandard::odd_ratio);
  if (whole == 1.0) return ContinuedContract{contract, 1};
  const auto strike = Strike::from_dollars(std::round(contract.strike.dollars() / whole * 100.0) / 100.0);
  if (!strike) return unexpected(NotStandard::strike_lost);
  return ContinuedContract{{contract.expiry, *strike, contract.type}, static_cast<int>(whole)};
}

/// A contract held from the close of `from` to the close of `to`, across every split effective between them.
///   domain   splits sorted by date
[[nodiscard]] inline expected<ContinuedContract, NotStandard> continued(const OptionContract& contract, Date from,
                                                                        Date to,
                                                                        std::span<const Split> splits) noexcept {
  ContinuedContract now{contract, 1};
  for (const Split& split : splits) {
    if (split.date <= from || split.date > to || split.date > contract.expiry) continue;
    const auto next = after_split(now.contract, split.ratio);
    if (!next) return unexpected(next.error());
    now = {next->contract, now.contracts * next->contracts};
  }
  return now;
}

/// Whether a cash dividend outside the regular ones changes contracts: from 12.50 dollars a contract on.
[[nodiscard]] constexpr bool special_dividend_adjusts(double dollars_per_share) noexcept {
  return dollars_per_share >= 0.125;
}

}  // namespace alaris::inline v0
