// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a broker holds back for positions in a margin account, beside what was paid for them.
//   source   FINRA rule 4210 (f)(2) and (c), maintenance margin of listed equity options and of stock; a long calendar
//            whose long leg expires no earlier at the same or a better strike asks for nothing but its debit

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include <alaris/core/money.hpp>
#include <alaris/market/contract.hpp>

namespace alaris::inline v0 {

struct MarginLeg {
  OptionContract contract{};
  std::int64_t contracts = 0;  // signed
  double mark = 0.0;           // dollars per share
};

namespace detail {

/// By how much the strike is out of the money, dollars per share.
[[nodiscard]] inline double out_of_money(const OptionContract& c, double spot) noexcept {
  return std::max(sign(c.type) * (c.strike.dollars() - spot), 0.0);
}
/// A short option that nothing covers, per share: its value and 20 % of the stock less what it is out of the money, at
/// least 10 % of the stock (of the strike for a put).
[[nodiscard]] inline double naked(const MarginLeg& leg, double spot) noexcept {
  const double strike = leg.contract.strike.dollars();
  const double least = 0.10 * (leg.contract.type == OptionType::call ? spot : strike);
  return std::max(leg.mark, 0.0) + std::max(0.20 * spot - out_of_money(leg.contract, spot), least);
}

}  // namespace detail

/// Maintenance margin of one name's options and shares. Shares first: stock that a long option protects asks for less,
/// a short option that stock covers asks for nothing more; then each short leg against the long leg of its right that
/// covers it cheapest, for the difference of a worse strike; what is left is naked.
///   domain   spot > 0 and marks known where anything is short; else the answer counts what it knows
[[nodiscard]] inline Money margin_requirement(std::span<const MarginLeg> legs, std::int64_t shares, double spot) {
  if (!(spot > 0.0)) return {};
  std::vector<MarginLeg> longs, shorts;
  for (const MarginLeg& leg : legs) (leg.contracts > 0 ? longs : shorts).push_back(leg);
  double required = 0.0;  // dollars
  const double multiplier = contract_multiplier;
  auto lots = static_cast<std::int64_t>(std::abs(shares)) / contract_multiplier;
  const OptionType protects = shares > 0 ? OptionType::put : OptionType::call;
  required += static_cast<double>(std::abs(shares)) * spot * (shares > 0 ? 0.25 : 0.30);
  for (MarginLeg& leg : longs) {
    if (shares == 0 || leg.contract.type != protects || lots == 0) continue;
    const std::int64_t used = std::min(lots, leg.contracts);
    const double plain = spot * (shares > 0 ? 0.25 : 0.30);
    const double with = 0.10 * leg.contract.strike.dollars() + detail::out_of_money(leg.contract, spot);
    required -= std::max(plain - with, 0.0) * multiplier * static_cast<double>(used);
    leg.contracts -= used;
    lots -= used;
  }
  auto covering = static_cast<std::int64_t>(std::abs(shares)) / contract_multiplier;
  for (MarginLeg& leg : shorts) {
    std::int64_t open = -leg.contracts;
    if (shares != 0 && leg.contract.type != protects) {
      const std::int64_t covered = std::min(open, covering);
      covering -= covered;
      open -= covered;
    }
    std::sort(longs.begin(), longs.end(), [&](const MarginLeg& a, const MarginLeg& b) {
      return sign(leg.contract.type) * (a.contract.strike.dollars() - b.contract.strike.dollars()) < 0.0;
    });
    for (MarginLeg& cover : longs) {
      if (cover.contract.type != leg.contract.type || cover.contract.expiry < leg.contract.expiry) continue;
      const std::int64_t covered = std::min(open, cover.contracts);
      const double worse = sign(leg.contract.type) * (cover.contract.strike.dollars() - leg.contract.strike.dollars());
      if (!(std::max(worse, 0.0) < detail::naked(leg, spot))) continue;
      required += std::max(worse, 0.0) * multiplier * static_cast<double>(covered);
      cover.contracts -= covered;
      open -= covered;
    }
    required += detail::naked(leg, spot) * multiplier * static_cast<double>(open);
  }
  return Money::rounded(required);
}

}  // namespace alaris::inline v0
