// SPDX-License-Identifier: Apache-2.0
#pragma once
// All strikes of one expiry and right under a continuous yield. The exercise boundary over the strike depends on years,
// rate, yield and volatility only: it is solved at four, eight or sixteen volatilities once and interpolated for every
// strike and for every step of an implied volatility. Puts and calls of four fill one pack.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <span>

#include <alaris/core/expects.hpp>
#include <alaris/core/option.hpp>
#include <alaris/pricing/american.hpp>
#include <alaris/pricing/american_batch.hpp>
#include <alaris/pricing/american_continuous.hpp>
#include <alaris/pricing/american_lanes.hpp>

namespace alaris::inline v0 {

/// What the options of a chain share.
struct ChainTerms {
  OptionType type;
  double spot;
  double years;
  double rate;   // continuous
  double yield;  // continuous
};

/// The volatilities a chain is prepared for; others are priced one by one.
struct VolatilityRange {
  double low = 0.05;
  double high = 1.5;
};

/// Prepared for one expiry and right.
///   cost    construction: four boundaries for a range up to 3.5:1, else eight (sixteen for a range over 6:1 where
///           yield > rate for a put, rate > yield for a call); then one premium integral a price
///   error   that of the level plus the interpolation in volatility, 5e-6 of the strike over the default range
template <class Level = FastLevel, std::size_t Width = native_pack_width>
class AmericanChain {
  static constexpr std::size_t nodes = Level::nodes, most_volatilities = 16;
  static_assert(8 % Width == 0);
  using M = detail::LaneMath<Width, (nodes >= 10)>;
  using V = typename M::V;

 public:
  explicit AmericanChain(const ChainTerms& terms, const VolatilityRange& range = {}) noexcept
      : AmericanChain(terms, range, Unprepared{}) {
    if (in_lanes_) prepare();
  }

  /// The puts and the calls of one expiry (terms.type is not read), for less than two chains cost.
  struct Rights;
  [[nodiscard]] static Rights both_rights(ChainTerms terms, const VolatilityRange& range = {}) noexcept {
    const auto of = [&](OptionType type) {
      terms.type = type;
      return AmericanChain(terms, range, Unprepared{});
    };
    Rights both{of(OptionType::put), of(OptionType::call)};
    if (both.puts.in_lanes_ && both.calls.in_lanes_ && 2 * both.puts.volatilities_ == Width) {
      Pack pack;
      both.puts.load(pack, 0, 0, Width / 2);
      both.calls.load(pack, 0, Width / 2, Width);
      pack.solve();
      Values value;
      both.puts.read(pack, value, 0, 0, Width / 2);
      both.puts.fit(value);
      both.calls.read(pack, value, 0, Width / 2, Width);
      both.calls.fit(value);
      return both;
    }
    if (both.puts.in_lanes_) both.puts.prepare();
    if (both.calls.in_lanes_) both.calls.prepare();
    return both;
  }

  /// Whether the strikes go through the lanes; if not, every option is priced alone, at AccurateLevel.
  [[nodiscard]] bool in_lanes() const noexcept { return in_lanes_; }

  /// prices[i] of strikes[i] at sigmas[i]; three spans of one length.
  void prices(std::span<const double> strikes, std::span<const double> sigmas,
              std::span<double> prices) const noexcept {
    ALARIS_EXPECTS(strikes.size() == sigmas.size() && strikes.size() == prices.size());
    for (std::size_t first = 0; first < strikes.size(); first += Width) {
      const std::size_t count = std::min(Width, strikes.size() - first);
      V unit_spot = M::all(1.0), sigma = M::all(std::sqrt(range_.low * range_.high));
      for (std::size_t l = 0; l < count; ++l) {
        const double strike = strikes[first + l];
        if (!suits(strike, sigmas[first + l])) continue;
        unit_spot[l] = put_ ? terms_.spot / strike : strike / terms_.spot;
        sigma[l] = sigmas[first + l];
      }
      const V value = in_lanes_ ? unit_put(unit_spot, sigma) : M::all(0.0);
      for (std::size_t l = 0; l < count; ++l) {
        const double strike = strikes[first + l];
        if (!suits(strike, sigmas[first + l])) {
          prices[first + l] = alone(strike, sigmas[first + l]);
          continue;
        }
        const double pays = put_ ? strike - terms_.spot : terms_.spot - strike;
        prices[first + l] = std::max(value[l] * (put_ ? strike : terms_.spot), pays);
      }
    }
  }

  /// sigmas[i] that make strikes[i] worth prices[i] to 1e-9 of the volatility; NaN where none in the range does
  /// (american_implied_volatility says why). Three spans of one length.
  void implied(std::span<const double> strikes, std::span<const double> prices,
               std::span<double> sigmas) const noexcept {
    ALARIS_EXPECTS(strikes.size() == sigmas.size() && strikes.size() == prices.size());
    for (std::size_t first = 0; first < strikes.size(); first += Width)
      imply(strikes.subspan(first, std::min(Width, strikes.size() - first)), prices.subspan(first),
            sigmas.subspan(first));
  }

 private:
  using Pack = detail::BoundaryPack<Level, Width>;
  using Values = std::array<std::array<double, nodes>, most_volatilities>;
  struct Unprepared {};

  AmericanChain(const ChainTerms& terms, const VolatilityRange& range, Unprepared) noexcept
      : terms_(terms), range_(range), put_(terms.type == OptionType::put) {
    rate_ = put_ ? terms.rate : terms.yield;
    yield_ = put_ ? terms.yield : terms.rate;
    // The depth turns where sigma sqrt(T) passes ln(q/r): a wide range needs more of them.
    if (yield_ > rate_ && range.high > 6.0 * range.low) volatilities_ = 16;
    if (range.high <= 3.5 * range.low) volatilities_ = 4;
    middle_ = 0.5 * std::log(range.low * range.high);
    half_ = 0.5 * std::log(range.high / range.low);
    const double atm_strike = terms.spot;
    in_lanes_ =
        range.low > 0.0 && range.low < range.high &&
        detail::suits_a_pack({terms.type, terms.spot, atm_strike, terms.years, terms.rate, terms.yield, range.low}) &&
        detail::suits_a_pack({terms.type, terms.spot, atm_strike, terms.years, terms.rate, terms.yield, range.high});
  }

  [[nodiscard]] bool suits(double strike, double sigma) const noexcept {
    return in_lanes_ && strike > 0.0 && sigma >= range_.low && sigma <= range_.high &&
           std::fabs(std::log(strike / terms_.spot)) < 20.0;
  }
  [[nodiscard]] double alone(double strike, double sigma) const noexcept {
    return american_price<AccurateLevel>(
               {terms_.type, terms_.spot, strike, terms_.years, terms_.rate, terms_.yield, sigma})
        .price;
  }

  void prepare() noexcept {
    Values value;
    for (std::size_t first = 0; first < volatilities_; first += Width) {
      Pack pack;
      load(pack, first, 0, Width);
      pack.solve();
      read(pack, value, first, 0, Width);
    }
    fit(value);
  }

  /// ln sigma at the Chebyshev points of the first kind, on [-1, 1].
  [[nodiscard]] double point(std::size_t m) const noexcept {
    return std::cos(std::numbers::pi * (static_cast<double>(m) + 0.5) / static_cast<double>(volatilities_));
  }
  /// Lanes from `begin` to `end` take the volatilities from `first` on; lanes to spare repeat them.
  void load(Pack& pack, std::size_t first, std::size_t begin, std::size_t end) const noexcept {
    for (std::size_t l = begin; l < end; ++l) {
      pack.spot[l] = 1.0;
      pack.years[l] = terms_.years;
      pack.rate[l] = rate_;
      pack.yield[l] = yield_;
      pack.volatility[l] = std::exp(middle_ + half_ * point((first + l - begin) % volatilities_));
    }
  }
  void read(const Pack& pack, Values& value, std::size_t first, std::size_t begin, std::size_t end) noexcept {
    for (std::size_t l = begin; l < end; ++l) {
      in_lanes_ = in_lanes_ && pack.settled(l);
      for (std::size_t j = 0; j < nodes; ++j)
        value[(first + l - begin) % volatilities_][j] = pack.depth[j][l] / pack.volatility[l];
    }
    log_top_ = pack.log_top[begin];
  }

  /// Chebyshev series in ln sigma of depth / sigma at every node of the boundary, and the factors of the integral.
  void fit(const Values& value) noexcept {
    const std::size_t volatilities = volatilities_;
    for (std::size_t m = 0; m < volatilities; ++m) {
      const double x = point(m);
      double before = x, now = 1.0;  // T_1 and T_0: going down is the same recurrence
      for (std::size_t n = 0; n < volatilities; ++n) {
        const double scale = now * (n == 0 ? 1.0 : 2.0) / static_cast<double>(volatilities);
        for (std::size_t j = 0; j < nodes; ++j) series_[n][j] += scale * value[m][j];
        const double next = 2.0 * x * now - before;
        before = now;
        now = next;
      }
    }
    const auto& rule = tables_.outer;
    for (std::size_t k = 0; k < Level::outer; ++k) {
      const double dt = terms_.years * rule.x[k] * rule.x[k], weight = 2.0 * terms_.years * rule.x[k] * rule.weight[k];
      on_strike_[k] = weight * rate_ * std::exp(-rate_ * dt);
      on_share_[k] = weight * yield_ * std::exp(-yield_ * dt);
    }
  }

  /// The American put with unit strike, every lane its own spot and volatility.
  [[gnu::always_inline]] V unit_put(V spot, V sigma) const noexcept {
    std::array<V, nodes> squares;
    const V log_sigma = M::log(sigma), x = (log_sigma - middle_) * (1.0 / half_);
    for (std::size_t j = 0; j < nodes; ++j) squares[j] = series_[0][j] + series_[1][j] * x;
    V before = M::all(1.0), now = x;
    for (std::size_t n = 2; n < volatilities_; ++n) {
      const V next = 2.0 * x * now - before;
      before = now;
      now = next;
      for (std::size_t j = 0; j < nodes; ++j) squares[j] += series_[n][j] * now;
    }
    const V deepest = squares[0] * sigma;
    for (std::size_t j = 0; j < nodes; ++j) squares[j] *= squares[j] * sigma * sigma;
    const double years = terms_.years;
    const V v = sigma * std::sqrt(years), per_v = 1.0 / v, log_spot = M::log(spot);
    const V drift = (rate_ - yield_) - 0.5 * sigma * sigma, d2 = (log_spot + drift * years) * per_v;
    V value =
        std::exp(-rate_ * years) * M::normal(-d2).below - spot * std::exp(-yield_ * years) * M::normal(-d2 - v).below;
    for (std::size_t k = 0; k < Level::outer; ++k) {
      V square = M::all(1e-30);
      for (std::size_t j = 0; j < nodes; ++j) square += tables_.outer_at[k][j] * squares[j];
      square = M::max(square, M::all(1e-30));
      const double s = tables_.outer.x[k];
      const V d = (log_spot - log_top_ + square * M::inverse_root(square) + drift * (years * s * s)) *
                  (per_v * tables_.per_outer[k]);
      value += on_strike_[k] * M::normal(-d).below;
      if (yield_ != 0.0) value -= spot * on_share_[k] * M::normal(-d - v * s).below;
    }
    const V pays = M::max(1.0 - spot, M::all(0.0));
    return log_spot <= log_top_ - deepest ? pays : M::max(value, pays);
  }

  void imply(std::span<const double> strikes, std::span<const double> prices, std::span<double> sigmas) const noexcept {
    const std::size_t count = strikes.size();
    V spot = M::all(1.0), target = M::all(0.2), low = M::all(range_.low), high = M::all(range_.high);
    bool any = false;
    std::array<bool, Width> sound{};
    for (std::size_t l = 0; l < count; ++l) {
      const double unit = put_ ? strikes[l] : terms_.spot;
      sound[l] = suits(strikes[l], range_.low) && prices[l] > 0.0 && std::isfinite(prices[l]);
      any = any || sound[l];
      if (!sound[l]) continue;
      spot[l] = (put_ ? terms_.spot : strikes[l]) / unit;
      target[l] = prices[l] / unit;
    }
    V sigma = M::all(0.0), step = M::all(0.0);
    if (any) {
      // The inflection of the European price is the safe start of Newton; then secants, inside the bracket.
      const V moneyness = M::abs(M::log(spot) + (rate_ - yield_) * terms_.years) * (2.0 / terms_.years) + 1e-4;
      sigma = M::max(M::min(moneyness * M::inverse_root(moneyness), 0.9 * high), 1.1 * low);
      V before = sigma, gap_before = M::all(0.0);
      const double root = std::sqrt(terms_.years);
      for (int i = 0; i < 40; ++i) {
        const V gap = unit_put(spot, sigma) - target;
        low = gap < 0.0 ? M::max(low, sigma) : low;
        high = gap > 0.0 ? M::min(high, sigma) : high;
        const V d1 = (M::log(spot) + (rate_ - yield_) * terms_.years) / (sigma * root) + 0.5 * sigma * root;
        const V vega = M::max(spot * M::density(d1) * root, M::all(1e-12));
        const V moved = sigma - before, secant = (gap - gap_before) / (moved == 0.0 ? M::all(1.0) : moved);
        V next = sigma - gap / (moved == 0.0 || secant <= 0.0 ? vega : secant);
        next = next > low && next < high ? next : 0.5 * (low + high);
        before = sigma;
        gap_before = gap;
        step = M::abs(next - sigma);
        sigma = next;
        bool done = true;
        for (std::size_t l = 0; l < count; ++l) done = done && (!sound[l] || step[l] <= 1e-9 * sigma[l]);
        if (done) break;
      }
    }
    const V miss = any ? M::abs(unit_put(spot, sigma) - target) : M::all(0.0);
    for (std::size_t l = 0; l < count; ++l)
      sigmas[l] = sound[l] && miss[l] <= 1e-9 ? sigma[l] : std::numeric_limits<double>::quiet_NaN();
  }

  ChainTerms terms_;
  VolatilityRange range_;
  bool put_, in_lanes_ = false;
  double rate_, yield_, middle_, half_, log_top_ = 0.0;
  const detail::CollocationTables<Level>& tables_ = detail::collocation_tables<Level>();
  std::size_t volatilities_ = 8;
  std::array<std::array<double, nodes>, most_volatilities> series_{};
  std::array<double, Level::outer> on_strike_{}, on_share_{};
};

template <class Level, std::size_t Width>
struct AmericanChain<Level, Width>::Rights {
  AmericanChain puts, calls;
};

}  // namespace alaris::inline v0
