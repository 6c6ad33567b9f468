// SPDX-License-Identifier: Apache-2.0
#pragma once
// The volatilities of many European prices at once: columns in, columns out, no allocation, a reason for every price
// that has none. The widest vector unit of the processor does the work, whatever the program was compiled for.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include <alaris/core/expects.hpp>
#include <alaris/core/option.hpp>
#include <alaris/numeric/instruction_set.hpp>
#include <alaris/volatility/implied.hpp>
#include <alaris/volatility/implied_lanes.hpp>

namespace alaris::inline v0 {

/// ok, or why there is no answer: the values of VolError after it.
enum class VolStatus : std::uint8_t { ok };

[[nodiscard]] constexpr VolStatus status_of(VolError error) noexcept {
  return static_cast<VolStatus>(static_cast<std::uint8_t>(error) + 1);
}
/// The reason; nothing for ok.
[[nodiscard]] constexpr std::optional<VolError> error_of(VolStatus status) noexcept {
  if (status == VolStatus::ok) return std::nullopt;
  return static_cast<VolError>(static_cast<std::uint8_t>(status) - 1);
}
[[nodiscard]] constexpr std::string_view name(VolStatus status) noexcept {
  const auto error = error_of(status);
  return error ? name(*error) : "ok";
}

/// Columns of equal length, a quote a row; units as QuotedEuropean.
struct ImpliedBatch {
  std::span<const OptionType> type;
  std::span<const double> price;
  std::span<const double> forward;
  std::span<const double> strike;
  std::span<const double> discount;

  [[nodiscard]] std::size_t size() const noexcept { return price.size(); }
};

/// The quotes of one expiry: forward, discount and time are the same for all.
struct ImpliedChain {
  std::span<const OptionType> type;
  std::span<const double> price;
  std::span<const double> strike;
  double forward;
  double discount;  // positive
  double years;     // to expiry; positive

  [[nodiscard]] std::size_t size() const noexcept { return price.size(); }
};

namespace detail {

inline void implied_columns(const QuoteColumns& in, std::span<double> stdev, std::span<VolStatus> status,
                            InstructionSet set) noexcept {
  for (VolStatus& one : status) one = VolStatus::ok;
  const auto again = [&](std::size_t i) noexcept {
    const auto answer = implied_total_stdev({in.type[i], in.price[i], in.forward[i * in.forward_stride], in.strike[i],
                                             in.discount[i * in.discount_stride]});
    stdev[i] = answer ? *answer : std::numeric_limits<double>::quiet_NaN();
    if (!answer) status[i] = status_of(answer.error());
  };
  switch (set) {
#if ALARIS_HAS_X86_SETS
    case InstructionSet::avx512:
      return avx512::imply_columns(in, stdev.data(), stdev.size(), again);
    case InstructionSet::avx2:
      return avx2::imply_columns(in, stdev.data(), stdev.size(), again);
#endif
    default:
      return baseline::imply_columns(in, stdev.data(), stdev.size(), again);
  }
}

}  // namespace detail

/// implied_total_stdev of every row. A row without an answer gets NaN and its reason.
///   error   as implied_total_stdev
///   set     must run on this processor
inline void implied_total_stdevs(const ImpliedBatch& in, std::span<double> stdev, std::span<VolStatus> status,
                                 InstructionSet set = best_instruction_set()) noexcept {
  const std::size_t n = in.size();
  ALARIS_EXPECTS(in.type.size() == n && in.forward.size() == n && in.strike.size() == n && in.discount.size() == n &&
                 stdev.size() == n && status.size() == n && runs(set));
  detail::implied_columns(
      {in.type.data(), in.price.data(), in.forward.data(), in.strike.data(), in.discount.data(), 1, 1}, stdev, status,
      set);
}

/// Volatility per square root of a year of every quote of one expiry. A row without an answer gets NaN and its reason;
/// so do all when years is not positive.
inline void implied_volatilities(const ImpliedChain& in, std::span<double> volatility, std::span<VolStatus> status,
                                 InstructionSet set = best_instruction_set()) noexcept {
  const std::size_t n = in.size();
  ALARIS_EXPECTS(in.type.size() == n && in.strike.size() == n && volatility.size() == n && status.size() == n &&
                 runs(set));
  if (!(in.years > 0.0) || !std::isfinite(in.years)) {
    for (std::size_t i = 0; i < n; ++i) {
      volatility[i] = std::numeric_limits<double>::quiet_NaN();
      status[i] = status_of(VolError::invalid_input);
    }
    return;
  }
  detail::implied_columns({in.type.data(), in.price.data(), &in.forward, in.strike.data(), &in.discount, 0, 0},
                          volatility, status, set);
  const double root = std::sqrt(in.years);
  for (double& one : volatility) one /= root;
}

/// Bid and ask of every quote of one expiry.
struct ImpliedMarketChain {
  std::span<const OptionType> type;
  std::span<const double> bid;
  std::span<const double> ask;
  std::span<const double> strike;
  double forward;
  double discount;  // positive
  double years;     // to expiry; positive

  [[nodiscard]] std::size_t size() const noexcept { return bid.size(); }
};

/// Every volatility whose price lies between bid and ask, as implied_total_stdev_interval: a bid that excludes nothing
/// leaves the lower end at 0, an ask that excludes nothing the upper at infinity. Rows without an answer get NaN twice
/// and the reason.
inline void implied_volatility_intervals(const ImpliedMarketChain& in, std::span<double> lower, std::span<double> upper,
                                         std::span<VolStatus> status,
                                         InstructionSet set = best_instruction_set()) noexcept {
  const std::size_t n = in.size();
  ALARIS_EXPECTS(in.ask.size() == n && upper.size() == n && lower.size() == n && status.size() == n);
  constexpr std::size_t tile = 256;
  VolStatus of_bid[tile];
  for (std::size_t from = 0; from < n; from += tile) {
    const std::size_t count = n - from < tile ? n - from : tile;
    const auto side = [&](std::span<const double> price, std::span<double> out, std::span<VolStatus> reason) {
      implied_volatilities({in.type.subspan(from, count), price.subspan(from, count), in.strike.subspan(from, count),
                            in.forward, in.discount, in.years},
                           out.subspan(from, count), reason, set);
    };
    side(in.bid, lower, {of_bid, count});
    side(in.ask, upper, status.subspan(from, count));
    for (std::size_t i = 0; i < count; ++i) {
      double &low = lower[from + i], &high = upper[from + i];
      VolStatus& reason = status[from + i];
      const auto bid = error_of(of_bid[i]), ask = error_of(reason);
      if (!(in.bid[from + i] <= in.ask[from + i]))
        reason = status_of(VolError::invalid_input);
      else if (ask && *ask != VolError::above_bound)
        ;  // even the ask has no volatility
      else if (bid && *bid != VolError::below_intrinsic && *bid != VolError::at_intrinsic)
        reason = of_bid[i];
      else
        reason = VolStatus::ok;
      if (reason != VolStatus::ok) {
        low = high = std::numeric_limits<double>::quiet_NaN();
      } else {
        if (bid) low = 0.0;
        if (ask) high = std::numeric_limits<double>::infinity();
      }
    }
  }
}

}  // namespace alaris::inline v0
