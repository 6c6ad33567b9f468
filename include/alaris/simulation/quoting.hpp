// SPDX-License-Identifier: Apache-2.0
#pragma once
// From a fair value to what a market maker shows: bid and ask on the tick grid, size, volume and open interest. A pure
// function of the option, the day and the seed.

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <alaris/market/quote.hpp>
#include <alaris/numeric/random.hpp>
#include <alaris/simulation/parameters.hpp>

namespace alaris::inline v0 {

/// What all quotes of one expiry share.
struct QuotingContext {
  double spot;
  double half_spread;   // dollars, at the money, before the option's own part
  double activity;      // contracts a day at the money in the front week
  double days_left;     // calendar days to expiry
  double listed_share;  // of open interest built up since the listing, 0 to 1
  bool event_ahead;     // a report within three sessions and before the expiry
  std::uint64_t day_seed;
  std::uint64_t listing_seed;
};

/// Penny programme: $0.01 below $3, $0.05 from $3.
[[nodiscard]] constexpr double simulated_tick(double price) noexcept {
  return price < 3.0 ? 0.01 : 0.05;
}

/// Bid below and ask above `value`, each on the nearest tick and never beyond it; the spread grows with the distance
/// from the money in standard deviations (`standardised`) and by a quarter before a report. An option worth less than a
/// tick has no bid.
[[nodiscard]] inline OptionQuote quote_of(const OptionContract& contract, double value, double standardised,
                                          const QuotingContext& context) noexcept {
  const std::uint64_t key =
      static_cast<std::uint64_t>(contract.strike.thousandths()) * 2 + (contract.type == OptionType::call ? 1u : 0u);
  const std::uint64_t noise = split_seed(context.day_seed, key);
  const double wing = std::min(standardised * standardised, 16.0);
  const double wanted =
      (context.half_spread * (1.0 + 0.15 * wing) + 0.002 * value) * (context.event_ahead ? 1.25 : 1.0);
  // Both sides use the grid of the ask, which is part of the bid's: the middle has no bias where the tick changes.
  const double tick = simulated_tick(value + wanted), per_dollar = tick < 0.05 ? 100.0 : 20.0;
  const double half = std::clamp(wanted, 0.5 * tick, std::max(0.5 * tick, value));

  OptionQuote quote;
  quote.contract = contract;
  // Nearest ticks, counted in ticks: at least half a tick from the value they cannot cross it.
  quote.bid = std::max(std::floor((value - half) * per_dollar + 0.5), 0.0) / per_dollar;
  quote.ask = std::max(std::ceil((value + half) * per_dollar - 0.5), 1.0) / per_dollar;
  if (!(quote.ask > quote.bid)) quote.ask = quote.bid + tick;

  const double near = 1.0 / ((1.0 + wing) * (1.0 + wing)), soon = 1.0 / (1.0 + context.days_left / 14.0);
  const double share = 0.4 + 1.2 * open_unit(noise);
  quote.volume = std::floor(context.activity * near * soon * share * (context.event_ahead ? 2.0 : 1.0));
  const double held = 0.5 + open_unit(split_seed(context.listing_seed, key));
  quote.open_interest = std::floor(8.0 * context.activity * near * std::sqrt(soon) * context.listed_share * held);
  if (quote.volume > 0.0) {
    const double at = open_unit(mix_bits(noise));
    quote.last = std::max(std::round((quote.bid + at * (quote.ask - quote.bid)) * per_dollar) / per_dollar, 0.01);
  }
  quote.bid_size = quote.bid > 0.0 ? std::floor(10.0 + 90.0 * near * share) : 0.0;
  quote.ask_size = std::floor(10.0 + 90.0 * near * (2.0 - share));
  return quote;
}

}  // namespace alaris::inline v0
