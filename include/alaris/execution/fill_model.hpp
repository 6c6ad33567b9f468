// SPDX-License-Identifier: Apache-2.0
#pragma once
// At which prices a combination would trade against a chain of quotes. A missing or crossed quote never fills anything.

#include <cstdint>
#include <string_view>

#include <alaris/core/expected.hpp>
#include <alaris/execution/order.hpp>
#include <alaris/market/chain.hpp>

namespace alaris::inline v0 {

///   touch   buy at the ask, sell at the bid
///   model   `crossing` of the half-spread away from mid on every leg
///   mid     at the midpoints: what nobody gets; shown for comparison only
enum class FillModel : std::uint8_t { touch, model, mid };

enum class NoFill : std::uint8_t { not_quoted, one_sided, beyond_limit };

[[nodiscard]] constexpr std::string_view name(NoFill why) noexcept {
  switch (why) {
    case NoFill::not_quoted:
      return name(NoPrice::not_quoted);
    case NoFill::one_sided:
      return name(NoPrice::one_sided);
    case NoFill::beyond_limit:
      return "the limit was not reached";
  }
  return "unknown";
}

/// The fill of a limit order against one set of quotes, all or nothing. `crossing` in [0, 1] is the share of the
/// half-spread that FillModel::model pays. Fees are the caller's to add.
[[nodiscard]] inline expected<ComboFill, NoFill> fill_against(const ComboOrder& order, const OptionChain& chain,
                                                              Instant at, FillModel model, double crossing) {
  const auto price = price_combination(order.legs, chain);
  if (!price) return unexpected(price.error() == NoPrice::not_quoted ? NoFill::not_quoted : NoFill::one_sided);
  const double share = model == FillModel::touch ? 1.0 : model == FillModel::mid ? 0.0 : crossing;
  ComboFill fill{.order_id = order.id,
                 .symbol = order.symbol,
                 .at = at,
                 .legs = {},
                 .quantity = order.quantity,
                 .net = price->mid + share * price->crossing(),
                 .net_at_mid = price->mid,
                 .fees = {}};
  if (!(fill.net <= order.limit)) return unexpected(NoFill::beyond_limit);
  for (const Leg& leg : order.legs) {
    const OptionQuote& quote = *chain.find(leg.contract);
    const double half_spread = 0.5 * (quote.ask - quote.bid);
    fill.legs.push_back({leg.contract, leg.ratio * order.quantity,
                         0.5 * (quote.bid + quote.ask) + (leg.ratio > 0 ? share : -share) * half_spread});
  }
  return fill;
}

}  // namespace alaris::inline v0
