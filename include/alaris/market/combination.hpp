// SPDX-License-Identifier: Apache-2.0
#pragma once
// Several options traded as one, and what the market asks for them. A missing or crossed quote never prices anything; a
// leg is bought where there is an ask, sold only where there is a bid.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <alaris/core/expected.hpp>
#include <alaris/market/chain.hpp>

namespace alaris::inline v0 {

/// One leg of a combination: `ratio` contracts per unit, positive bought, negative sold.
struct Leg {
  OptionContract contract;
  int ratio = 0;
  friend bool operator==(const Leg&, const Leg&) = default;
};

/// The same legs, traded the other way.
[[nodiscard]] inline std::vector<Leg> reversed(std::vector<Leg> legs) {
  for (Leg& leg : legs) leg.ratio = -leg.ratio;
  return legs;
}

enum class NoPrice : std::uint8_t { not_quoted, one_sided };

[[nodiscard]] constexpr std::string_view name(NoPrice why) noexcept {
  return why == NoPrice::not_quoted ? "a leg is not quoted" : "a leg has no quote on the side it needs";
}

/// Net prices of one unit, dollars per share; positive is paid.
struct CombinationPrice {
  double natural = 0.0;  // buying at asks, selling at bids
  double mid = 0.0;
  [[nodiscard]] constexpr double crossing() const noexcept { return natural - mid; }  // never negative
};

[[nodiscard]] inline expected<CombinationPrice, NoPrice> price_combination(std::span<const Leg> legs,
                                                                           const OptionChain& chain) {
  CombinationPrice price;
  for (const Leg& leg : legs) {
    const OptionQuote* quote = chain.find(leg.contract);
    if (!quote) return unexpected(NoPrice::not_quoted);
    if (leg.ratio > 0 ? !can_buy(*quote) : !two_sided(*quote)) return unexpected(NoPrice::one_sided);
    price.natural += leg.ratio * (leg.ratio > 0 ? quote->ask : quote->bid);
    price.mid += leg.ratio * 0.5 * (quote->bid + quote->ask);
  }
  return price;
}

}  // namespace alaris::inline v0
