// SPDX-License-Identifier: Apache-2.0
#pragma once
// How busy the legs of a candidate are against their own past. Before an event many times the usual volume is normal:
// it is shown, and judges nothing.

#include <utility>
#include <vector>

#include <alaris/market/as_of.hpp>
#include <alaris/strategy/candidate.hpp>
#include <alaris/strategy/chain_quality.hpp>

namespace alaris::inline v0 {

struct LegFlow {
  OptionContract contract;
  double volume;       // contracts of the last session
  double over_median;  // over the median of the 20 sessions before it; NaN with fewer than 10 that traded it

  /// Far above its usual volume.
  [[nodiscard]] constexpr bool event_flow(const QualityLimits& limits) const noexcept {
    return over_median > limits.max_volume_ratio;
  }
};

/// Reads the closing chains of 21 sessions. Sessions without a chain, a listing, or any volume do not count.
template <market_source Market>
[[nodiscard]] std::vector<LegFlow> leg_flow(const MarketView<Market>& view, const Candidate& c) {
  std::vector<LegFlow> flow;
  if (!c.spread) return flow;
  const std::vector<Leg> legs = c.spread->legs();
  std::vector<std::vector<double>> before(legs.size());
  Date session = view.last_session();
  for (int i = 0; i < 20; ++i) {
    session = view.calendar().previous_session(session);
    const auto chain = view.chain(c.symbol, view.session(session));
    for (std::size_t leg = 0; chain && leg < legs.size(); ++leg)
      if (const OptionQuote* quote = chain->find(legs[leg].contract); quote && quote->volume > 0.0)
        before[leg].push_back(quote->volume);
  }
  const auto chain = view.chain(c.symbol);
  for (std::size_t leg = 0; leg < legs.size(); ++leg) {
    const OptionQuote* quote = chain ? chain->find(legs[leg].contract) : nullptr;
    const double volume = quote ? quote->volume : not_known;
    flow.push_back({legs[leg].contract, volume, detail::over_median(volume, std::move(before[leg]))});
  }
  return flow;
}

}  // namespace alaris::inline v0
