// SPDX-License-Identifier: Apache-2.0
#pragma once
// At which prices a combination would trade against a chain of quotes. A missing or crossed quote never fills anything,
// and neither does one that shows no size.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include <alaris/core/expected.hpp>
#include <alaris/core/money.hpp>
#include <alaris/cost/slippage.hpp>
#include <alaris/execution/order.hpp>
#include <alaris/market/chain.hpp>

namespace alaris::inline v0 {

/// What FillModel::model knows beside the quotes.
struct FillTerms {
  FillModel model = FillModel::touch;
  SlippageModel slippage = SlippageModel::vendor_study();  // share of the half-spread by the number of legs
  double legging_chance = 0.10;  // that a leg is left behind and pays its whole half-spread; this project's own choice
};

enum class NoFill : std::uint8_t { not_quoted, one_sided, beyond_limit, stale, no_size };

[[nodiscard]] constexpr std::string_view name(NoFill why) noexcept {
  switch (why) {
    case NoFill::not_quoted:
      return name(NoPrice::not_quoted);
    case NoFill::one_sided:
      return name(NoPrice::one_sided);
    case NoFill::beyond_limit:
      return "the limit was not reached";
    case NoFill::stale:
      return "the quotes are those of an earlier session";
    case NoFill::no_size:
      return "a leg shows no size on the side it needs";
  }
  return "unknown";
}

namespace detail {

[[nodiscard]] constexpr double half_spread(const OptionQuote& quote) noexcept {
  return 0.5 * (quote.ask - quote.bid);
}

/// A number in [0, 1) that belongs to this order on this day: the same order meets the same luck in every run.
[[nodiscard]] inline double luck_of(std::string_view id, Date date) noexcept {
  std::uint64_t h = 14695981039346656037u;  // FNV-1a, then the finaliser of MurmurHash3
  const auto mix = [&](std::uint64_t byte) { h = (h ^ byte) * 1099511628211u; };
  for (const char c : id) mix(static_cast<unsigned char>(c));
  for (auto day = static_cast<std::uint64_t>(date.time_since_epoch().count()); day > 0; day >>= 8) mix(day & 0xff);
  h ^= h >> 33;
  h *= 0xff51afd7ed558ccdu;
  h ^= h >> 33;
  return static_cast<double>(h >> 11) * 0x1p-53;
}

/// Contracts that the thinnest leg shows on the side it needs, per unit; nothing where no size is known.
[[nodiscard]] inline std::optional<double> displayed_units(const ComboOrder& order, const OptionChain& chain) noexcept {
  std::optional<double> units;
  for (const Leg& leg : order.legs) {
    const OptionQuote& quote = *chain.find(leg.contract);
    const double size = leg.ratio > 0 ? quote.ask_size : quote.bid_size;
    if (size != size) continue;
    const double of_leg = std::floor(size / std::abs(leg.ratio));
    units = units ? std::min(*units, of_leg) : of_leg;
  }
  return units;
}

}  // namespace detail

/// The fill of a limit order against one set of quotes. At the touch and at mid all or nothing; by the model no more
/// than the thinnest leg shows (the rest is for the caller to cancel or to offer again), every leg at its share of the
/// half-spread, and now and then one leg, the widest, at its whole half-spread. The limit binds the chosen prices;
/// `cash` says what the same contracts had moved at each. Fees are the caller's to add.
[[nodiscard]] inline expected<ComboFill, NoFill> fill_against(const ComboOrder& order, const OptionChain& chain,
                                                              Instant at, const FillTerms& terms) {
  const auto price = price_combination(order.legs, chain);
  if (!price) return unexpected(price.error() == NoPrice::not_quoted ? NoFill::not_quoted : NoFill::one_sided);
  const auto shown = detail::displayed_units(order, chain);
  if (shown && !(*shown >= 1.0)) return unexpected(NoFill::no_size);
  ComboFill fill{.order_id = order.id, .symbol = order.symbol, .at = at, .quantity = order.quantity};
  if (terms.model == FillModel::model && shown)
    fill.quantity = static_cast<int>(std::min<double>(*shown, order.quantity));

  double widest = 0.0;
  for (const Leg& leg : order.legs) widest = std::max(widest, detail::half_spread(*chain.find(leg.contract)));
  bool behind = order.legs.size() > 1 && detail::luck_of(order.id, chain.date()) < terms.legging_chance;
  const double patient = terms.slippage.share(order.legs.size());
  double net = 0.0;
  for (const Leg& leg : order.legs) {
    const OptionQuote& quote = *chain.find(leg.contract);
    const double half = detail::half_spread(quote), middle = 0.5 * (quote.bid + quote.ask);
    const bool left = behind && half == widest;
    if (left) behind = false;
    const ByFill<double> share{1.0, left ? 1.0 : patient, 0.0};
    for (const FillModel model : fill_models) {
      const Money paid = Money::rounded(middle + (leg.ratio > 0 ? share[model] : -share[model]) * half);
      fill.cash[model] -= paid * (std::int64_t{leg.ratio} * fill.quantity * contract_multiplier);
      if (model != terms.model) continue;
      net += leg.ratio * paid.dollars();
      fill.legs.push_back({leg.contract, leg.ratio * fill.quantity, paid.dollars()});
    }
  }
  fill.net = net;
  fill.net_at_mid = price->mid;
  if (!(net <= order.limit + 1e-9)) return unexpected(NoFill::beyond_limit);
  return fill;
}

}  // namespace alaris::inline v0
