// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which option: expiry, strike, right. The strike is exact, as the OCC symbol has it.

#include <cmath>
#include <compare>
#include <cstdint>
#include <optional>

#include <alaris/core/option.hpp>
#include <alaris/core/time.hpp>

namespace alaris::inline v0 {

/// A strike price in thousandths of a dollar: equality is exact.
class Strike {
 public:
  constexpr Strike() noexcept = default;
  [[nodiscard]] static constexpr Strike from_thousandths(std::int32_t thousandths) noexcept {
    return Strike(thousandths);
  }
  /// Nothing when the amount is not a positive multiple of 0.001 below two million dollars.
  [[nodiscard]] static std::optional<Strike> from_dollars(double dollars) noexcept {
    if (!(dollars > 0.0) || dollars >= 2e6) return std::nullopt;
    const double thousandths = std::nearbyint(dollars * 1000.0);
    if (thousandths < 1.0 || std::fabs(dollars * 1000.0 - thousandths) > 1e-6 * thousandths) return std::nullopt;
    return Strike(static_cast<std::int32_t>(thousandths));
  }
  [[nodiscard]] constexpr std::int32_t thousandths() const noexcept { return thousandths_; }
  [[nodiscard]] constexpr double dollars() const noexcept { return thousandths_ / 1000.0; }
  friend constexpr auto operator<=>(Strike, Strike) noexcept = default;

 private:
  constexpr explicit Strike(std::int32_t thousandths) noexcept : thousandths_(thousandths) {}
  std::int32_t thousandths_ = 0;
};

/// A standard option of one underlying. `expiry` is the listed date; calendars turn it into instants.
/// Ordered by expiry, strike, then put before call: the order of a chain.
struct OptionContract {
  Date expiry;
  Strike strike;
  OptionType type = OptionType::call;
  friend constexpr auto operator<=>(const OptionContract&, const OptionContract&) noexcept = default;
};

}  // namespace alaris::inline v0
