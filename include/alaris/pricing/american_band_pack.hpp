// SPDX-License-Identifier: Apache-2.0
#pragma once
// Puts with q < r < 0 and calls with r < q < 0 in lanes: the two boundaries of american_band.hpp in neighbouring lanes.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include <alaris/pricing/american.hpp>
#include <alaris/pricing/american_band.hpp>
#include <alaris/pricing/american_boundary_pack.hpp>
#include <alaris/pricing/american_continuous.hpp>

namespace alaris::inline v0::detail {

/// Where the lanes need no special care: a band of some width, no huge scale, carry not far above volatility.
inline bool suits_a_band_pack(const AmericanInputs& in) noexcept {
  const double v = in.volatility * std::sqrt(in.years), low = std::min(in.rate, in.yield);
  const double high = std::max(in.rate, in.yield);
  return priceable(in) && exercise_region(in) == ExerciseRegion::two_boundaries && v > 1e-4 && v < 5.0 &&
         low < 1.001 * high && high < -1e-5 && -low * in.years < 4.0 * v &&
         std::fabs(std::log(in.spot / in.strike)) < 20.0;
}

template <class Level, std::size_t Width>
class BandPack {
  static constexpr std::size_t nodes = Level::nodes, most = Width / 2;
  using M = LaneMath<Width, (nodes >= 10)>;
  using V = typename M::V;

 public:
  BandPack(std::span<const AmericanInputs> options, std::span<double> prices) noexcept
      : options_(options), prices_(prices) {}

  void add(std::size_t index) noexcept {
    which_[filled_] = index;
    if (++filled_ == most) flush();
  }

  /// Prices what has been added; an option whose lanes do not settle is priced alone, at AccurateLevel.
  void flush() noexcept {
    if (filled_ == 0) return;
    for (std::size_t j = 0; j < most; ++j) load(j, options_[which_[j < filled_ ? j : 0]]);
    shorten();
    solver_.years = span_;
    solver_.solve();
    V meeting_root = M::all(1.0);
    std::array<bool, most> sound, open;
    for (std::size_t j = 0; j < filled_; ++j) {
      sound[j] = solver_.settled(2 * j) && solver_.settled(2 * j + 1);
      const double width = width_at_end(j);
      open[j] = width > 0.0;
      if (open[j])
        sound[j] = sound[j] && span_[2 * j] == years_[2 * j];
      else if (sound[j])
        meeting_root[2 * j] = meeting_root[2 * j + 1] = meet(j);
    }
    const V part = premium(meeting_root);
    for (std::size_t j = 0; j < filled_; ++j) {
      const AmericanInputs& in = options_[which_[j]];
      const double value = part[2 * j] + part[2 * j + 1];
      double& price = prices_[which_[j]];
      if (!sound[j] || !std::isfinite(value)) {
        price = american_price<AccurateLevel>(in).price;
        continue;
      }
      const double log_spot = log_spot_[2 * j];
      const bool exercised = open[j] && log_spot <= -solver_.depth[0][2 * j] &&
                             log_spot >= solver_.depth[0][2 * j + 1] - solver_.log_top[2 * j + 1];
      const UnitPut put{spot_[2 * j], in.years, rate_[2 * j], yield_[2 * j], in.volatility};
      const double held = european_unit_put(put).price + std::max(value, 0.0);
      price = exercised ? exercise_value(in) : std::max(unit_[j] * held, exercise_value(in));
    }
    filled_ = 0;
  }

 private:
  /// Lane 2j: the upper boundary of option j, lane 2j + 1: the lower one, in 1 / S with the rates exchanged.
  void load(std::size_t j, const AmericanInputs& in) noexcept {
    const bool put = in.type == OptionType::put;
    unit_[j] = put ? in.strike : in.spot;
    const double rate = put ? in.rate : in.yield, yield = put ? in.yield : in.rate;
    for (std::size_t l = 2 * j; l < 2 * j + 2; ++l) {
      const bool upper = l % 2 == 0;
      spot_[l] = (put ? in.spot : in.strike) / unit_[j];
      log_spot_[l] = std::log(spot_[l]);
      rate_[l] = rate;
      yield_[l] = yield;
      years_[l] = in.years;
      solver_.volatility[l] = in.volatility;
      solver_.rate[l] = upper ? rate : yield;
      solver_.yield[l] = upper ? yield : rate;
      solver_.strike[l] = upper ? 1.0 : 0.0;
    }
  }

  /// Ends the span near the meeting of the QD+ boundaries, which is later than that of the true ones; the depths are
  /// about proportional to the root of time.
  void shorten() noexcept {
    V root = M::all(1.0);
    solver_.years = years_;
    for (int step = 0; step < 6; ++step) {
      const V depth = solver_.first_guess(root);
      bool within = true;
      for (std::size_t l = 0; l < Width; l += 2) {
        const double ratio = solver_.log_top[l + 1] / (depth[l] + depth[l + 1]);
        const double next = std::min(root[l] * (ratio > 0.25 ? std::min(ratio, 1.5) : 0.25), 1.0);
        within = within && std::fabs(next - root[l]) < 0.02 * root[l];
        root[l] = root[l + 1] = next;
      }
      if (within) break;
    }
    span_ = years_ * root * root;
  }

  [[nodiscard]] double width_at_end(std::size_t j) const noexcept {
    return solver_.log_top[2 * j + 1] - solver_.depth[0][2 * j] - solver_.depth[0][2 * j + 1];
  }

  /// Ends the band of option j where its boundaries meet; returns the root of the share of the span.
  double meet(std::size_t j) noexcept {
    const auto& tables = collocation_tables<Level>();
    const std::size_t upper = 2 * j, lower = upper + 1;
    const auto depth_at = [&](const std::array<double, nodes>& weights, std::size_t l) {
      double square = 0.0;
      for (std::size_t n = 0; n < nodes; ++n) square += weights[n] * solver_.depth[n][l] * solver_.depth[n][l];
      return std::sqrt(std::max(square, 0.0));
    };
    double low = 0.0, high = 1.0, root = 1.0;
    for (int step = 0; step < 20; ++step) {
      const auto weights = root_weights(root);
      const double sum = depth_at(weights, upper) + depth_at(weights, lower), top = solver_.log_top[lower];
      (sum < top ? low : high) = root;
      const double next = root * top / sum;
      const double moved = next > low && next < high ? next : 0.5 * (low + high);
      if (std::fabs(moved - root) < 1e-5 * root) break;
      root = moved;
    }
    std::array<std::array<double, 2>, nodes> shorter;
    for (std::size_t n = 0; n < nodes; ++n) {
      const auto weights = root_weights(root * tables.root[n]);
      shorter[n] = {depth_at(weights, upper), depth_at(weights, lower)};
    }
    for (std::size_t n = 0; n < nodes; ++n) {
      solver_.depth[n][upper] = shorter[n][0];
      solver_.depth[n][lower] = shorter[n][1];
    }
    return root;
  }

  /// boundary_weights with the points from the table.
  [[nodiscard]] static std::array<double, nodes> root_weights(double root) noexcept {
    const auto& points = collocation_tables<Level>().root;
    std::array<double, nodes> weight{};
    double sum = (nodes % 2 == 0 ? 0.5 : -0.5) / root;
    for (std::size_t i = 0; i < nodes; ++i) {
      const double gap = root - points[i];
      if (gap == 0.0) {
        weight.fill(0.0);
        weight[i] = 1.0;
        return weight;
      }
      weight[i] = (i % 2 == 0 ? 1.0 : -1.0) * (i == 0 ? 0.5 : 1.0) / gap;
      sum += weight[i];
    }
    for (double& w : weight) w /= sum;
    return weight;
  }

  /// The premium of exercise below the upper boundary in even lanes, less that below the lower one in odd lanes.
  [[nodiscard]] V premium(V meeting_root) const noexcept {
    const auto& tables = collocation_tables<Level>();
    std::array<V, nodes> squares;
    for (std::size_t n = 0; n < nodes; ++n) squares[n] = solver_.depth[n] * solver_.depth[n];
    const V covered = span_ * meeting_root * meeting_root, early = years_ - covered;
    const V side = 2.0 * solver_.strike - 1.0, drift = rate_ - yield_ - 0.5 * solver_.volatility * solver_.volatility;
    V value = M::all(0.0);
    for (std::size_t k = 0; k < Level::outer; ++k) {
      V square = M::all(1e-30);
      for (std::size_t n = 0; n < nodes; ++n) square += tables.outer_at[k][n] * squares[n];
      square = M::max(square, M::all(1e-30));
      const double s = tables.outer.x[k];
      const V log_edge = side * (solver_.log_top - square * M::inverse_root(square));
      const V dt = early + covered * (s * s), per_root = M::inverse_root(dt),
              spread = solver_.volatility * dt * per_root;
      const V d = (log_spot_ - log_edge + drift * dt) / spread;
      const V weight = covered * (2.0 * s * tables.outer.weight[k]);
      value += weight * (rate_ * M::exp(-rate_ * dt) * M::normal(-d).below -
                         spot_ * yield_ * M::exp(-yield_ * dt) * M::normal(-d - spread).below);
    }
    return side * value;
  }

  std::span<const AmericanInputs> options_;
  std::span<double> prices_;
  std::size_t filled_ = 0;
  std::array<std::size_t, most> which_{};
  std::array<double, most> unit_{};
  BoundaryPack<Level, Width> solver_;
  V spot_, log_spot_, rate_, yield_, years_, span_;
};

}  // namespace alaris::inline v0::detail
