// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an order cost against the market it met: the shortfall from the middle of the quotes at which it was sent, in
// dollars and as a share of the way to the natural price.
//   source   A. Perold, "The Implementation Shortfall", Journal of Portfolio Management, 1988
//   unit     prices in dollars per spread and share, as what is paid (a receipt is negative); money in dollars

#include <limits>
#include <string>

#include <alaris/core/money.hpp>
#include <alaris/execution/order.hpp>

namespace alaris::inline v0 {

/// The quotes of a combination when its order was sent.
struct ArrivalPrice {
  double mid = std::numeric_limits<double>::quiet_NaN();
  double natural =
      std::numeric_limits<double>::quiet_NaN();  // buying every long leg at the ask, selling the rest at the bid
};

struct ExecutionQuality {
  std::string order{};
  std::string trade{};
  std::string symbol{};
  OrderPurpose purpose = OrderPurpose::entry;
  int filled = 0;  // spreads
  ArrivalPrice arrival{};
  Money cash{};  // of the executions, before fees; paid is negative
  Money fees{};

  /// NaN where nothing was filled.
  [[nodiscard]] double paid() const noexcept {
    return filled > 0 ? -cash.dollars() / (100.0 * filled) : std::numeric_limits<double>::quiet_NaN();
  }
  /// Dollars lost to the market, fees aside; negative when it was better than the middle. NaN where it is not known.
  [[nodiscard]] double shortfall() const noexcept { return (paid() - arrival.mid) * 100.0 * filled; }
  /// 0 at the middle, 1 at the natural price; NaN where it is not known or the quotes were locked.
  [[nodiscard]] double spread_share() const noexcept {
    const double way = arrival.natural - arrival.mid;
    return way > 0.0 ? (paid() - arrival.mid) / way : std::numeric_limits<double>::quiet_NaN();
  }
};

}  // namespace alaris::inline v0
