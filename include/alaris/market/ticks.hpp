// SPDX-License-Identifier: Apache-2.0
#pragma once
// The prices an order may carry. A price between two ticks is moved away from the market (a buyer pays less, a seller
// asks more) unless the caller says otherwise, because rounding towards it spends money nobody decided to spend.
//   source   penny programme of the US option exchanges; live, the broker's market rule of the contract

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <alaris/core/money.hpp>

namespace alaris::inline v0 {

/// From this price up, prices are multiples of the increment.
struct TickStep {
  Money from;
  Money increment;
  friend constexpr auto operator<=>(const TickStep&, const TickStep&) noexcept = default;
};

/// Price increments by price, as a broker's market rule states them. Negative prices (a combination that pays) mirror
/// positive ones.
class TickLadder {
 public:
  /// Nothing unless the first step is from 0, steps rise, increments are positive, and each step begins at a multiple
  /// of its own increment and of the one below it: then rounding never leaves the grid.
  [[nodiscard]] static std::optional<TickLadder> from_steps(std::span<const TickStep> steps) {
    if (steps.empty() || steps.front().from != Money{}) return std::nullopt;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (steps[i].increment <= Money{} || steps[i].from.micros() % steps[i].increment.micros() != 0)
        return std::nullopt;
      if (i > 0 &&
          (steps[i].from <= steps[i - 1].from || steps[i].from.micros() % steps[i - 1].increment.micros() != 0))
        return std::nullopt;
    }
    return TickLadder({steps.begin(), steps.end()});
  }

  /// $0.01 below $3.00 and $0.05 from there: classes in the penny programme.
  [[nodiscard]] static TickLadder penny_programme() {
    return TickLadder({{Money{}, Money::from_cents(1)}, {Money::from_dollars(3), Money::from_cents(5)}});
  }
  /// $0.05 below $3.00 and $0.10 from there: every other class.
  [[nodiscard]] static TickLadder outside_programme() {
    return TickLadder({{Money{}, Money::from_cents(5)}, {Money::from_dollars(3), Money::from_cents(10)}});
  }
  /// $0.01 at every price: SPY, QQQ and IWM, and net prices of complex orders and their legs in every class.
  [[nodiscard]] static TickLadder pennies() { return TickLadder({{Money{}, Money::from_cents(1)}}); }

  [[nodiscard]] std::span<const TickStep> steps() const noexcept { return steps_; }

  /// The increment in force at a price.
  [[nodiscard]] Money increment_at(Money price) const noexcept {
    return step_at(price < Money{} ? -price : price).increment;
  }
  [[nodiscard]] bool on_tick(Money price) const noexcept { return price.micros() % increment_at(price).micros() == 0; }

  /// The nearest allowed price that is not above, or not below.
  [[nodiscard]] Money down(Money price) const noexcept { return price < Money{} ? -outwards(-price) : inwards(price); }
  [[nodiscard]] Money up(Money price) const noexcept { return price < Money{} ? -inwards(-price) : outwards(price); }

  friend bool operator==(const TickLadder&, const TickLadder&) = default;

 private:
  explicit TickLadder(std::vector<TickStep> steps) noexcept : steps_(std::move(steps)) {}

  [[nodiscard]] const TickStep& step_at(Money size) const noexcept {
    const auto above = std::upper_bound(steps_.begin(), steps_.end(), size,
                                        [](Money price, const TickStep& step) { return price < step.from; });
    return *(above - 1);
  }
  [[nodiscard]] Money inwards(Money size) const noexcept {
    return Money::from_micros(size.micros() - size.micros() % step_at(size).increment.micros());
  }
  [[nodiscard]] Money outwards(Money size) const noexcept {
    const Money within = inwards(size);
    return within == size ? size : within + step_at(size).increment;
  }

  std::vector<TickStep> steps_;
};

enum class OrderSide : std::uint8_t { buy, sell };

/// A limit that is no more aggressive than `price`: what a buyer pays goes down, what a seller asks goes up. For a
/// combination bought at a net price, the net price is what is paid (negative: received).
[[nodiscard]] inline Money away_from_market(const TickLadder& ladder, OrderSide side, Money price) noexcept {
  return side == OrderSide::buy ? ladder.down(price) : ladder.up(price);
}
/// A limit that is at least as aggressive as `price`: for orders that must trade.
[[nodiscard]] inline Money towards_market(const TickLadder& ladder, OrderSide side, Money price) noexcept {
  return side == OrderSide::buy ? ladder.up(price) : ladder.down(price);
}

}  // namespace alaris::inline v0
