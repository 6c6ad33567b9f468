// SPDX-License-Identifier: Apache-2.0
#pragma once
// Realised volatility of one window of bars, with or without the sessions of past events.
//   sources  Parkinson (1980), Garman & Klass (1980), Rogers & Satchell (1991), all J. Business or Ann. Appl. Prob.;
//            Yang & Zhang (2000), J. Business 73(3) 477-491; EWMA: RiskMetrics technical document (1996), decay 0.94
//   unit     volatility per square root of a year of `periods` sessions, as a decimal
//   error    relative error <= 1e-12 on tests/reference/realised_vol.csv (40-digit oracle)

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <optional>
#include <span>
#include <string_view>

#include <alaris/core/expected.hpp>
#include <alaris/market/bar.hpp>

namespace alaris::inline v0 {

/// What is summed over the n sessions of the window; r = ln(C / previous C), o = ln(O / previous C), hl = ln(H / L),
/// co = ln(C / O), u = ln(H / O), d = ln(L / O).
///   ewma                       sum of decay^age r^2 / sum of decay^age
///   close_to_close             variance of r, divisor n - 1
///   parkinson                  mean hl^2 / (4 ln 2)
///   garman_klass               mean of hl^2 / 2 - (2 ln 2 - 1) co^2
///   garman_klass_yang_zhang    the same plus o^2: allows opening gaps
///   rogers_satchell            mean of u (u - co) + d (d - co): allows a trend
///   yang_zhang                 var(o) + k var(co) + (1 - k) rogers_satchell, k = 0.34 / (1.34 + (n + 1) / (n - 1))
enum class RealisedEstimator : std::uint8_t {
  ewma,
  close_to_close,
  parkinson,
  garman_klass,
  garman_klass_yang_zhang,
  rogers_satchell,
  yang_zhang
};

inline constexpr std::array<std::string_view, 7> realised_estimator_names{
    "ewma", "close-to-close", "parkinson", "garman-klass", "garman-klass-yang-zhang", "rogers-satchell", "yang-zhang"};

[[nodiscard]] constexpr std::string_view name(RealisedEstimator estimator) noexcept {
  return realised_estimator_names[static_cast<std::size_t>(estimator)];
}
/// "yang-zhang", ...: exactly the names above.
[[nodiscard]] constexpr std::optional<RealisedEstimator> parse_realised_estimator(std::string_view text) noexcept {
  for (std::size_t i = 0; i < realised_estimator_names.size(); ++i)
    if (realised_estimator_names[i] == text) return static_cast<RealisedEstimator>(i);
  return std::nullopt;
}
/// Does a session's term use the close before it? Then n sessions need n + 1 bars.
[[nodiscard]] constexpr bool needs_previous_close(RealisedEstimator estimator) noexcept {
  return estimator == RealisedEstimator::ewma || estimator == RealisedEstimator::close_to_close ||
         estimator == RealisedEstimator::garman_klass_yang_zhang || estimator == RealisedEstimator::yang_zhang;
}
/// Does it take out a mean? Then the window must hold at least two sessions.
[[nodiscard]] constexpr std::size_t smallest_window(RealisedEstimator estimator) noexcept {
  return estimator == RealisedEstimator::close_to_close || estimator == RealisedEstimator::yang_zhang ? 2 : 1;
}

struct RealisedSettings {
  std::size_t window = 30;  // sessions
  double periods = 252.0;   // sessions a year
  double decay = 0.94;      // of ewma, per session, in (0, 1]
};

enum class RealisedFault : std::uint8_t { invalid_input, not_enough_bars, bad_bar };

/// Why there is no number. `bar` is the index in the given span and `defect` what is wrong with it, for bad_bar only.
struct RealisedError {
  RealisedFault fault;
  std::size_t bar = 0;
  BarDefect defect = BarDefect::none;
  friend constexpr bool operator==(const RealisedError&, const RealisedError&) = default;
};

[[nodiscard]] constexpr std::string_view name(RealisedFault fault) noexcept {
  switch (fault) {
    case RealisedFault::invalid_input:
      return "invalid_input";
    case RealisedFault::not_enough_bars:
      return "not_enough_bars";
    case RealisedFault::bad_bar:
      return "bad_bar";
  }
  return "unknown";
}

/// Excludes nothing.
struct NoExclusion {
  constexpr bool operator()(Date) const noexcept { return false; }
};
/// Excludes the listed sessions (any order): those whose open or close is the first to know a past announcement.
struct ExcludeSessions {
  std::span<const Date> dates;
  constexpr bool operator()(Date date) const noexcept {
    return std::find(dates.begin(), dates.end(), date) != dates.end();
  }
};

namespace detail {

/// ln(a / b) without the rounding of a ratio near 1.
[[nodiscard]] inline double log_ratio(double a, double b) noexcept {
  return std::log1p((a - b) / b);
}
inline constexpr double garman_klass_weight = 2.0 * std::numbers::ln2 - 1.0;

[[nodiscard]] inline double parkinson_term(const Bar& bar) noexcept {
  const double range = log_ratio(bar.high, bar.low);
  return range * range / (4.0 * std::numbers::ln2);
}
[[nodiscard]] inline double garman_klass_term(const Bar& bar) noexcept {
  const double range = log_ratio(bar.high, bar.low), body = log_ratio(bar.close, bar.open);
  return 0.5 * range * range - garman_klass_weight * body * body;
}
/// u (u - co) + d (d - co) with u - co = ln(H / C), d - co = ln(L / C): a sum of products of equal signs, never below
/// 0.
[[nodiscard]] inline double rogers_satchell_term(const Bar& bar) noexcept {
  return log_ratio(bar.high, bar.open) * log_ratio(bar.high, bar.close) +
         log_ratio(bar.low, bar.open) * log_ratio(bar.low, bar.close);
}
/// k of Yang & Zhang (2000), eq. 15, with their alpha - 1 = 0.34.
[[nodiscard]] constexpr double yang_zhang_weight(double n) noexcept {
  return 0.34 / (1.34 + (n + 1.0) / (n - 1.0));
}

/// Visits f(previous bar, bar) for every admitted session from `first` on; the first bar of all has no previous.
template <class Excluded, class F>
void visit_sessions(std::span<const Bar> bars, std::size_t first, const Excluded& excluded, F&& f) {
  for (std::size_t i = first; i < bars.size(); ++i)
    if (!excluded(bars[i].date)) f(bars[i == 0 ? 0 : i - 1], bars[i]);
}
/// Mean of term over the window.
template <class Excluded, class Term>
[[nodiscard]] double mean_of(std::span<const Bar> bars, std::size_t first, const Excluded& excluded, std::size_t n,
                             Term&& term) {
  double sum = 0.0;
  visit_sessions(bars, first, excluded, [&](const Bar& before, const Bar& bar) { sum += term(before, bar); });
  return sum / static_cast<double>(n);
}
/// Sample variance, divisor n - 1, in two passes.
template <class Excluded, class Term>
[[nodiscard]] double variance_of(std::span<const Bar> bars, std::size_t first, const Excluded& excluded, std::size_t n,
                                 Term&& term) {
  const double mean = mean_of(bars, first, excluded, n, term);
  const double biased = mean_of(bars, first, excluded, n, [&](const Bar& before, const Bar& bar) {
    const double deviation = term(before, bar) - mean;
    return deviation * deviation;
  });
  return biased * static_cast<double>(n) / static_cast<double>(n - 1);
}

template <class Excluded>
[[nodiscard]] double session_variance(RealisedEstimator estimator, std::span<const Bar> bars, std::size_t first,
                                      const Excluded& excluded, const RealisedSettings& settings) {
  const std::size_t n = settings.window;
  const auto close_return = [](const Bar& before, const Bar& bar) { return log_ratio(bar.close, before.close); };
  const auto gap = [](const Bar& before, const Bar& bar) { return log_ratio(bar.open, before.close); };
  switch (estimator) {
    case RealisedEstimator::ewma: {
      double sum = 0.0, weights = 0.0;  // oldest first: the newest ends with weight 1
      visit_sessions(bars, first, excluded, [&](const Bar& before, const Bar& bar) {
        const double r = close_return(before, bar);
        sum = settings.decay * sum + r * r;
        weights = settings.decay * weights + 1.0;
      });
      return sum / weights;
    }
    case RealisedEstimator::close_to_close:
      return variance_of(bars, first, excluded, n, close_return);
    case RealisedEstimator::parkinson:
      return mean_of(bars, first, excluded, n, [](const Bar&, const Bar& bar) { return parkinson_term(bar); });
    case RealisedEstimator::garman_klass:
      return mean_of(bars, first, excluded, n, [](const Bar&, const Bar& bar) { return garman_klass_term(bar); });
    case RealisedEstimator::garman_klass_yang_zhang:
      return mean_of(bars, first, excluded, n, [&](const Bar& before, const Bar& bar) {
        const double o = gap(before, bar);
        return o * o + garman_klass_term(bar);
      });
    case RealisedEstimator::rogers_satchell:
      return mean_of(bars, first, excluded, n, [](const Bar&, const Bar& bar) { return rogers_satchell_term(bar); });
    case RealisedEstimator::yang_zhang:
      break;
  }
  const double k = yang_zhang_weight(static_cast<double>(n));
  return variance_of(bars, first, excluded, n, gap) +
         k * variance_of(bars, first, excluded, n,
                         [](const Bar&, const Bar& bar) { return log_ratio(bar.close, bar.open); }) +
         (1.0 - k) *
             mean_of(bars, first, excluded, n, [](const Bar&, const Bar& bar) { return rogers_satchell_term(bar); });
}

}  // namespace detail

/// Annualised volatility of the last `settings.window` sessions that are not excluded. An excluded session gives
/// neither its gap nor its range, and the window reaches further back instead; its close still opens the next session.
///   input    bars sorted by date, on one share basis (adjusted_bars.hpp), up to and including the day of the estimate
///   error    invalid_input: window below smallest_window, periods or decay outside their domain;
///            not_enough_bars; bad_bar: a bar that the window needs is refused, the latest one first
///   cost     O(window), no allocation
template <std::predicate<Date> Excluded = NoExclusion>
[[nodiscard]] expected<double, RealisedError> realised_volatility(RealisedEstimator estimator,
                                                                  std::span<const Bar> bars,
                                                                  const RealisedSettings& settings = {},
                                                                  const Excluded& excluded = {}) {
  if (settings.window < smallest_window(estimator) || !(settings.periods > 0.0) || !std::isfinite(settings.periods) ||
      !(settings.decay > 0.0 && settings.decay <= 1.0))
    return unexpected(RealisedError{RealisedFault::invalid_input});
  const std::size_t before = needs_previous_close(estimator) ? 1 : 0;
  std::size_t first = bars.size(), admitted = 0;
  while (admitted < settings.window) {
    if (first <= before) return unexpected(RealisedError{RealisedFault::not_enough_bars});
    --first;
    if (!excluded(bars[first].date)) ++admitted;
  }
  for (std::size_t i = bars.size(); i-- > first - before;)
    if (const BarDefect defect = defect_of(bars[i]); defect != BarDefect::none)
      return unexpected(RealisedError{RealisedFault::bad_bar, i, defect});
  return std::sqrt(settings.periods * detail::session_variance(estimator, bars, first, excluded, settings));
}

}  // namespace alaris::inline v0
