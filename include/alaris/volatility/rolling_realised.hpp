// SPDX-License-Identifier: Apache-2.0
#pragma once
// Realised volatility after every bar, at a cost that does not depend on the window: as a stream, and as a batch that
// gives the same bits. Window sums are a suffix of one block of n sessions plus a prefix of the next, so nothing is
// ever subtracted: no drift over millions of bars, and a flat window gives exactly 0.
//   error    as realised.hpp where no mean is removed; a removed mean costs 4 epsilon (1 + mean^2 / variance) relative
//   cost     a push is O(1) amortised (every n-th one makes n suffix sums), without allocation; the constructor
//   allocates

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>
#include <span>
#include <type_traits>
#include <vector>

#include <alaris/core/expected.hpp>
#include <alaris/core/expects.hpp>
#include <alaris/volatility/realised.hpp>

namespace alaris::inline v0 {
namespace detail {

/// Up to this many bars are turned into terms at once: five price columns and five term columns stay in the L1 cache.
inline constexpr std::size_t realised_tile = 256;

[[nodiscard]] constexpr std::size_t realised_sums(RealisedEstimator estimator) noexcept {
  return estimator == RealisedEstimator::yang_zhang ? 5 : estimator == RealisedEstimator::close_to_close ? 2 : 1;
}

/// Price columns of a tile; `before` is the close of the previous bar.
struct PriceTile {
  alignas(64) std::array<double, realised_tile> before, open, high, low, close;
};
using TermTile = std::array<std::array<double, realised_tile>, 5>;

/// ln(a / b) = 2 atanh(z), z = (a - b) / (a + b): the odd series to z^17, truncated below 3e-18 relative for |z| <=
/// 1/8.
inline constexpr double near_ratio_limit = 0.125;
[[nodiscard]] inline double log_from_z(double z) noexcept {
  const double y = z * z;
  const double tail =
      y * (1.0 / 3 +
           y * (1.0 / 5 +
                y * (1.0 / 7 + y * (1.0 / 9 + y * (1.0 / 11 + y * (1.0 / 13 + y * (1.0 / 15 + y * (1.0 / 17))))))));
  return 2.0 * (z + z * tail);
}
/// Columns of ln(numerator / denominator). Ratios outside 7/9 .. 9/7 take the library's logarithm.
template <std::size_t Count>
inline void log_ratios(const double* numerator, const double* denominator, double* out) noexcept {
  std::int64_t wide = 0;
  for (std::size_t i = 0; i < Count; ++i) {
    const double z = (numerator[i] - denominator[i]) / (numerator[i] + denominator[i]);
    wide += std::fabs(z) > near_ratio_limit ? 1 : 0;
    out[i] = log_from_z(z);
  }
  if (wide == 0) return;
  for (std::size_t i = 0; i < Count; ++i) {
    const double z = (numerator[i] - denominator[i]) / (numerator[i] + denominator[i]);
    if (std::fabs(z) > near_ratio_limit) out[i] = log_ratio(numerator[i], denominator[i]);
  }
}

/// What each session adds to the window's sums: the terms of realised.hpp, and their squares where a mean is removed.
template <RealisedEstimator Estimator, std::size_t Count>
inline void realised_terms(const PriceTile& p, TermTile& terms) noexcept {
  using enum RealisedEstimator;
  alignas(64) std::array<double, Count> a, b, c;
  if constexpr (Estimator == ewma || Estimator == close_to_close) {
    log_ratios<Count>(p.close.data(), p.before.data(), a.data());
    constexpr std::size_t square = Estimator == ewma ? 0 : 1;
    for (std::size_t i = 0; i < Count; ++i) {
      if constexpr (Estimator == close_to_close) terms[0][i] = a[i];
      terms[square][i] = a[i] * a[i];
    }
  } else if constexpr (Estimator == parkinson) {
    log_ratios<Count>(p.high.data(), p.low.data(), a.data());
    for (std::size_t i = 0; i < Count; ++i) terms[0][i] = a[i] * a[i] * (0.25 / std::numbers::ln2);
  } else if constexpr (Estimator == garman_klass || Estimator == garman_klass_yang_zhang) {
    log_ratios<Count>(p.high.data(), p.low.data(), a.data());
    log_ratios<Count>(p.close.data(), p.open.data(), b.data());
    for (std::size_t i = 0; i < Count; ++i) terms[0][i] = 0.5 * a[i] * a[i] - garman_klass_weight * b[i] * b[i];
    if constexpr (Estimator == garman_klass_yang_zhang) {
      log_ratios<Count>(p.open.data(), p.before.data(), c.data());
      for (std::size_t i = 0; i < Count; ++i) terms[0][i] += c[i] * c[i];
    }
  } else {
    log_ratios<Count>(p.high.data(), p.open.data(), a.data());
    log_ratios<Count>(p.low.data(), p.open.data(), b.data());
    log_ratios<Count>(p.close.data(), p.open.data(), c.data());
    for (std::size_t i = 0; i < Count; ++i) terms[0][i] = a[i] * (a[i] - c[i]) + b[i] * (b[i] - c[i]);
    if constexpr (Estimator == yang_zhang) {
      log_ratios<Count>(p.open.data(), p.before.data(), a.data());
      for (std::size_t i = 0; i < Count; ++i) {
        terms[1][i] = c[i];
        terms[2][i] = c[i] * c[i];
        terms[3][i] = a[i];
        terms[4][i] = a[i] * a[i];
      }
    }
  }
}

}  // namespace detail

/// A window that slides one bar at a time. Bars of one share basis (adjusted_bars.hpp), in time order.
template <RealisedEstimator Estimator>
class RollingRealised {
 public:
  /// Settings as realised_volatility; outside their domain every push answers invalid_input.
  explicit RollingRealised(const RealisedSettings& settings = {})
      : settings_(settings),
        valid_(settings.window >= smallest_window(Estimator) && settings.periods > 0.0 &&
               std::isfinite(settings.periods) && settings.decay > 0.0 && settings.decay <= 1.0),
        current_(sums * settings.window),
        suffix_(sums * (settings.window + 1)) {
    const double n = static_cast<double>(settings.window);
    weight_ = detail::yang_zhang_weight(n);
    inverse_n_ = 1.0 / n;
    inverse_degrees_ = 1.0 / (n - 1.0);
    if constexpr (decays) {
      powers_.assign(settings.window + 1, 1.0);
      double total = 0.0;
      for (std::size_t i = 1; i < powers_.size(); ++i) {
        total += powers_[i - 1];
        powers_[i] = powers_[i - 1] * settings.decay;
      }
      inverse_n_ = 1.0 / total;
    }
  }

  /// Takes one bar and answers with the volatility of the last `window` admitted sessions up to it. An excluded bar
  /// only gives its close to the next. A bad bar empties the window: nothing that it touches is reported.
  ///   error   invalid_input; bad_bar with the number of bars pushed before it; not_enough_bars until the window is
  ///   full
  expected<double, RealisedError> push(const Bar& bar, bool excluded = false) noexcept {
    if (!valid_) return unexpected(RealisedError{RealisedFault::invalid_input});
    const std::size_t index = pushed_++;
    if (const BarDefect defect = defect_of(bar); defect != BarDefect::none) {
      restart();
      return unexpected(RealisedError{RealisedFault::bad_bar, index, defect});
    }
    const bool has_terms = !needs_previous_close(Estimator) || before_ > 0.0;
    if (has_terms && !excluded) {
      detail::PriceTile prices;
      prices.before[0] = before_;
      prices.open[0] = bar.open;
      prices.high[0] = bar.high;
      prices.low[0] = bar.low;
      prices.close[0] = bar.close;
      detail::TermTile terms;
      detail::realised_terms<Estimator, 1>(prices, terms);
      accumulate(terms, 0, 1);
      for (std::size_t m = 0; m < sums; ++m) sum_[m] = terms[m][0];
    }
    before_ = bar.close;
    if (filled_ < settings_.window) return unexpected(RealisedError{RealisedFault::not_enough_bars});
    return volatility_of(sum_);
  }

  /// Takes many bars and writes one volatility each, NaN where push would give an error. Same bits as push.
  ///   shape   out.size() == bars.size(); excluded empty or of the same size, not 0 = excluded
  ///   returns the number of bad bars
  std::size_t push(std::span<const Bar> bars, std::span<double> out,
                   std::span<const std::uint8_t> excluded = {}) noexcept {
    ALARIS_EXPECTS(out.size() == bars.size() && (excluded.empty() || excluded.size() == bars.size()));
    std::size_t refused = 0, i = 0;
    while (i < bars.size()) {
      const std::size_t count = std::min(detail::realised_tile, bars.size() - i);
      if (valid_ && before_ > 0.0 && excluded.empty() && count == detail::realised_tile &&
          push_tile(bars.subspan(i, count), out.subspan(i, count))) {
        i += count;
        continue;
      }
      for (const std::size_t end = i + count; i < end; ++i) {
        const auto answer = push(bars[i], !excluded.empty() && excluded[i] != 0);
        out[i] = answer ? *answer : std::numeric_limits<double>::quiet_NaN();
        refused += !answer && answer.error().fault == RealisedFault::bad_bar;
      }
    }
    return refused;
  }

 private:
  static constexpr std::size_t sums = detail::realised_sums(Estimator);
  static constexpr bool decays = Estimator == RealisedEstimator::ewma;
  using Sums = std::array<double, sums>;

  void restart() noexcept {
    before_ = 0.0;
    filled_ = phase_ = 0;
    prefix_ = {};
    std::fill(suffix_.begin(), suffix_.end(), 0.0);
  }

  [[nodiscard]] double* current(std::size_t m) noexcept { return current_.data() + m * settings_.window; }
  [[nodiscard]] double* suffix(std::size_t m) noexcept { return suffix_.data() + m * (settings_.window + 1); }

  /// Terms first .. last of a tile become the sums of the windows that end there.
  void accumulate(detail::TermTile& terms, std::size_t first, std::size_t last) noexcept {
    while (first < last) {
      const std::size_t count = std::min(last - first, settings_.window - phase_);
      for (std::size_t m = 0; m < sums; ++m) std::copy_n(&terms[m][first], count, current(m) + phase_);
      Sums prefix = prefix_;
      const double decay = settings_.decay;
      for (std::size_t i = first; i < first + count; ++i)
        for (std::size_t m = 0; m < sums; ++m) {
          prefix[m] = (decays ? decay * prefix[m] : prefix[m]) + terms[m][i];
          terms[m][i] = prefix[m];
        }
      prefix_ = prefix;
      for (std::size_t m = 0; m < sums; ++m) {
        const double* const tail = suffix(m) + phase_ + 1;
        double* const sum = &terms[m][first];
        for (std::size_t i = 0; i < count; ++i) sum[i] += decays ? powers_[phase_ + 1 + i] * tail[i] : tail[i];
      }
      filled_ = std::min(filled_ + count, settings_.window);
      first += count;
      phase_ += count;
      if (phase_ == settings_.window) close_block();
    }
  }
  void close_block() noexcept {
    Sums running{};
    for (std::size_t j = settings_.window; j-- > 0;)
      for (std::size_t m = 0; m < sums; ++m) {
        const double term = current(m)[j];
        running[m] += decays ? powers_[settings_.window - 1 - j] * term : term;
        suffix(m)[j] = running[m];
      }
    prefix_ = {};
    phase_ = 0;
  }

  [[nodiscard]] double volatility_of(const Sums& s) const noexcept {
    double variance = 0.0;
    if constexpr (Estimator == RealisedEstimator::yang_zhang) {
      const double body = std::max((s[2] - s[1] * s[1] * inverse_n_) * inverse_degrees_, 0.0);
      const double gap = std::max((s[4] - s[3] * s[3] * inverse_n_) * inverse_degrees_, 0.0);
      variance = gap + weight_ * body + (1.0 - weight_) * std::max(s[0] * inverse_n_, 0.0);
    } else if constexpr (Estimator == RealisedEstimator::close_to_close) {
      variance = std::max((s[1] - s[0] * s[0] * inverse_n_) * inverse_degrees_, 0.0);
    } else {
      variance = std::max(s[0] * inverse_n_, 0.0);
    }
    return std::sqrt(settings_.periods * variance);
  }

  /// A full tile of good bars after a known close; false, and nothing done, when a bar is bad.
  bool push_tile(std::span<const Bar> bars, std::span<double> out) noexcept {
    constexpr std::size_t n = detail::realised_tile;
    detail::PriceTile p;
    std::int64_t good = 0;
    p.before[0] = before_;
    for (std::size_t i = 0; i < n; ++i) {
      const Bar& bar = bars[i];
      p.open[i] = bar.open;
      p.high[i] = bar.high;
      p.low[i] = bar.low;
      p.close[i] = bar.close;
      if (i + 1 < n) p.before[i + 1] = bar.close;
    }
    for (std::size_t i = 0; i < n; ++i) {  // the same as defect_of: a NaN fails every comparison
      const bool in_range = p.low[i] > 0.0 && p.high[i] <= std::numeric_limits<double>::max();
      const bool open_inside = p.open[i] <= p.high[i] && p.open[i] >= p.low[i];
      const bool close_inside = p.close[i] <= p.high[i] && p.close[i] >= p.low[i];
      good += in_range && open_inside && close_inside ? 1 : 0;
    }
    if (good != static_cast<std::int64_t>(n)) return false;
    detail::TermTile terms;
    detail::realised_terms<Estimator, n>(p, terms);
    const std::size_t missing = settings_.window - filled_;
    accumulate(terms, 0, n);
    for (std::size_t i = 0; i < n; ++i) {
      Sums s;
      for (std::size_t m = 0; m < sums; ++m) s[m] = terms[m][i];
      out[i] = volatility_of(s);
    }
    for (std::size_t i = 0; i + 1 < missing && i < n; ++i) out[i] = std::numeric_limits<double>::quiet_NaN();
    before_ = bars[n - 1].close;
    pushed_ += n;
    return true;
  }

  RealisedSettings settings_;
  bool valid_;
  double weight_ = 0.0, inverse_n_ = 0.0, inverse_degrees_ = 0.0;
  double before_ = 0.0;  // 0: unknown
  std::size_t pushed_ = 0, filled_ = 0, phase_ = 0;
  Sums prefix_{}, sum_{};
  std::vector<double> current_, suffix_, powers_;
};

/// Calls f with the estimator as a type: std::integral_constant<RealisedEstimator, E>.
template <class F>
decltype(auto) with_estimator(RealisedEstimator estimator, const F& f) {
  using enum RealisedEstimator;
  switch (estimator) {
    case ewma:
      return f(std::integral_constant<RealisedEstimator, ewma>{});
    case close_to_close:
      return f(std::integral_constant<RealisedEstimator, close_to_close>{});
    case parkinson:
      return f(std::integral_constant<RealisedEstimator, parkinson>{});
    case garman_klass:
      return f(std::integral_constant<RealisedEstimator, garman_klass>{});
    case garman_klass_yang_zhang:
      return f(std::integral_constant<RealisedEstimator, garman_klass_yang_zhang>{});
    case rogers_satchell:
      return f(std::integral_constant<RealisedEstimator, rogers_satchell>{});
    case yang_zhang:
      break;
  }
  return f(std::integral_constant<RealisedEstimator, yang_zhang>{});
}

/// One volatility after every bar, NaN until the window is full and wherever it holds a bad bar.
///   shape    out.size() == bars.size(); excluded empty or of that size, not 0 = leave this session out
///   returns  the number of bad bars, or invalid_input
[[nodiscard]] inline expected<std::size_t, RealisedError> rolling_realised_volatility(
    RealisedEstimator estimator, std::span<const Bar> bars, std::span<double> out,
    const RealisedSettings& settings = {}, std::span<const std::uint8_t> excluded = {}) {
  if (settings.window < smallest_window(estimator) || !(settings.periods > 0.0) || !std::isfinite(settings.periods) ||
      !(settings.decay > 0.0 && settings.decay <= 1.0))
    return unexpected(RealisedError{RealisedFault::invalid_input});
  return with_estimator(estimator, [&]<RealisedEstimator E>(std::integral_constant<RealisedEstimator, E>) {
    return RollingRealised<E>(settings).push(bars, out, excluded);
  });
}

}  // namespace alaris::inline v0
