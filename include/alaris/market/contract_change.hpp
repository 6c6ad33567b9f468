// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a split or a special dividend does to an option contract: a whole-number split renumbers it, everything else
// makes it deliver something that is no longer 100 plain shares, which is left out with a reason.
//   source   the Options Clearing Corporation's rules for adjustments: whole-number splits divide the strike,
//            rounded to the cent, and multiply the contracts; special cash counts from 12.50 dollars a contract

#include <array>
#include <chrono>
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

/// Splits and special dividends that become effective after `today` and on or before `last`. A special dividend of an
/// amount that nobody stated counts.
[[nodiscard]] inline int pending_contract_changes(std::span<const Split> announced, std::span<const Dividend> known,
                                                  Date today, Date last) noexcept {
  const auto ahead = [&](Date date) { return date > today && date <= last; };
  int changes = 0;
  for (const Split& split : announced) changes += ahead(split.date) && split.ratio != 1.0;
  for (const Dividend& dividend : known)
    changes += ahead(dividend.ex_date) && dividend.special &&
               (special_dividend_adjusts(dividend.amount) || dividend.amount != dividend.amount);
  return changes;
}

/// How long before its expiry a contract may have been listed: a little over three years.
inline constexpr std::chrono::days longest_listing{39 * 31};

/// Whether a contract may deliver something other than 100 plain shares: a split or special dividend since it may have
/// been listed left it so. `listed(session)` says whether it was in the chain of the last session before `session`;
/// where nobody knows, it counts as listed.
template <class Listed>
[[nodiscard]] bool may_be_adjusted(const OptionContract& contract, std::span<const Split> effective,
                                   std::span<const Dividend> known, Date today, Listed listed) {
  const auto relevant = [&](Date date) { return date <= today && date > contract.expiry - longest_listing; };
  for (const Split& split : effective)
    if (relevant(split.date) && !after_split(contract, split.ratio) && listed(split.date)) return true;
  for (const Dividend& dividend : known)
    if (dividend.special && relevant(dividend.ex_date) && !(dividend.amount < 0.125) && listed(dividend.ex_date))
      return true;
  return false;
}

}  // namespace alaris::inline v0
