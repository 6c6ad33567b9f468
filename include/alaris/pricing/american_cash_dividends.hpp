// SPDX-License-Identifier: Apache-2.0
#pragma once
// American (or European) options on a share that pays cash dividends and may jump at one known instant, by finite
// differences.
//   model    dS/S = (r - q) dt + sigma dW between ex-dates; S -> max(S - D, 0) on an ex-date, exercise possible just
//            before; at the event ln S jumps by N(-v/2, v)
//   method   A call is turned into a put with the share as unit of account. The grid is uniform in the logarithm and
//            moves with the drift, so that only the heat equation is left: no cell Peclet limit at small volatility.
//            Crank-Nicolson on a time grid quadratic in the distance to the next cash flow (C. Reisinger, A. Whitley,
//            IMA J. Numer. Anal. 34, 2014), the exercise constraint by M. Brennan and E. Schwartz, J. Finance 32,
//            1977 (one boundary) or policy iteration (two), kinks averaged over their cell.
//   error    measured in tests/pricing/american_cash_dividends.test.cpp against tests/reference/*.csv

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>

#include <alaris/core/option.hpp>
#include <alaris/pricing/american.hpp>

namespace alaris::inline v0 {

/// Resolution of the finite differences: nodes in the logarithm of the share (odd), time steps to expiry (each ex-date
/// adds some). Time and memory are proportional to nodes * steps and nodes; no allocation.
template <std::size_t Nodes, std::size_t Steps>
struct AmericanGrid {
  static_assert(Nodes % 2 == 1 && Nodes >= 33 && Steps >= 8);
  static constexpr std::size_t nodes = Nodes, steps = Steps;
};
using ProductionGrid = AmericanGrid<201, 48>;
using ReferenceGrid = AmericanGrid<2001, 800>;

inline constexpr std::size_t max_cash_dividends = 16;

namespace detail {

/// The functions of the solver for one option; LaneMath (american_lanes.hpp) has them for a pack of options.
struct ScalarMath {
  using V = double;
  static constexpr std::size_t width = 1;
  static V all(double x) noexcept { return x; }
  static V max(V a, V b) noexcept { return std::max(a, b); }
  static V min(V a, V b) noexcept { return std::min(a, b); }
  static V abs(V a) noexcept { return std::fabs(a); }
  static V exp(V x) noexcept { return std::exp(x); }
  static V log(V x) noexcept { return std::log(x); }
  static V sqrt(V x) noexcept { return std::sqrt(x); }
  static bool same(V a, V b) noexcept { return a == b; }
  static double lane(const V& a, std::size_t) noexcept { return a; }
  static void set(V& a, std::size_t, double x) noexcept { a = x; }
};

/// What happens to the share, in the order of time, and where the centre of the grid is just before it.
template <class V>
struct ShareMove {
  enum class Kind : unsigned char { diffusion, event, dividend } kind;
  double amount;  // years, variance, or dollars
  V centre;       // of the grid, in z
};

/// Options on one share that differ in strike and volatility only: one of them, or one a lane.
template <class Grid, class M = ScalarMath>
class CashDividendSolver {
  static constexpr std::size_t nodes = Grid::nodes, middle = nodes / 2;
  using V = typename M::V;
  using Row = std::array<V, nodes>;
  using Kind = typename ShareMove<V>::Kind;

 public:
  /// `in` without its strike and volatility, which are given for every lane.
  CashDividendSolver(const AmericanInputs& in, V strike, V volatility, ExerciseStyle style,
                     DividendModel model = DividendModel::spot) noexcept
      : put_(in.type == OptionType::put),
        american_(style == ExerciseStyle::american),
        escrowed_(model == DividendModel::escrowed),
        interest_(in.rate),
        level_(put_ ? strike : M::all(1.0)),
        slope_(put_ ? M::all(1.0) : strike),
        variance_rate_(volatility * volatility),
        rate_(put_ ? in.rate : in.yield),
        yield_(put_ ? in.yield : in.rate),
        region_(american_ ? exercise_region(in) : ExerciseRegion::never),
        years_(in.years),
        spot_(in.spot) {}

  struct Values {
    V price, delta, gamma, theta;
  };
  Values value(std::span<const CashDividend> dividends, const std::optional<EventVariance>& event) noexcept {
    plan(dividends, event);
    start();
    for (std::size_t i = count_; i-- > 0;) undo(moves_[i]);
    return at_centre();
  }

 private:
  /// The moves between now and expiry; z = ln S for a put, -ln S for a call.
  void plan(std::span<const CashDividend> dividends, const std::optional<EventVariance>& event) noexcept {
    V total = variance_rate_ * years_;
    if (event && event->years > 0.0 && event->years <= years_) total += event->variance;
    step_ = 5.5 * M::sqrt(M::max(total, M::all(1e-12))) / static_cast<double>(middle);
    for (std::size_t i = 0; i < nodes; ++i)
      exponential_[i] = M::exp(step_ * (static_cast<double>(i) - static_cast<double>(middle)));
    double now = 0.0;
    V z = M::all(put_ ? std::log(spot_) : -std::log(spot_));
    while (now < years_) {
      double next = years_;
      for (const CashDividend& d : dividends)
        if (d.years > now && d.years < next) next = d.years;
      if (event && event->years > now && event->years < next) next = event->years;
      add(Kind::diffusion, next - now, z);
      z += (rate_ - yield_ - 0.5 * variance_rate_) * (next - now);
      if (event && event->years == next && event->variance > 0.0) {
        add(Kind::event, event->variance, z);
        z -= 0.5 * event->variance;
      }
      double drop = 0.0;
      for (const CashDividend& d : dividends)
        if (d.years == next) drop += d.amount;
      if (drop > 0.0) {
        add(Kind::dividend, drop, z);
        if (!escrowed_) {
          const V share = M::exp(put_ ? z : -z), after = M::log(M::max(share - drop, 0.05 * share));
          z = put_ ? after : -after;
        }
      }
      now = next;
    }
    centre_ = z;
  }
  void add(Kind kind, double amount, V centre) noexcept { moves_[count_++] = {kind, amount, centre}; }

  void start() noexcept {
    hold_level_ = level_;
    hold_slope_ = -slope_;
    const V asset = slope_ * M::exp(centre_);
    for (std::size_t i = 0; i < nodes; ++i)
      value_[i] = averaged_positive_part(level_ - asset * exponential_[i], asset * exponential_[i] * step_);
  }

  /// max(d, 0) averaged over one cell in which d is linear with this change per cell.
  static V averaged_positive_part(V d, V change) noexcept {
    const V half = 0.5 * M::abs(change);
    return M::abs(d) < half ? (d + half) * (d + half) / (4.0 * half) : M::max(d, M::all(0.0));
  }

  void undo(const ShareMove<V>& move) noexcept {
    if (move.kind == Kind::diffusion) {
      const double share_of_life = std::sqrt(move.amount / years_);
      const double steps = std::ceil(static_cast<double>(Grid::steps) * share_of_life);
      growth_of_escrow_ = interest_ * move.amount;
      diffuse(variance_rate_ * move.amount, rate_ * move.amount, yield_ * move.amount, region_, std::max(steps, 8.0));
      escrow_ *= std::exp(-growth_of_escrow_);
    } else if (move.kind == Kind::event) {
      diffuse(M::all(move.amount), 0.0, 0.0, ExerciseRegion::never, static_cast<double>(Grid::steps / 2));
      exercise_if_better(M::exp(move.centre));
    } else {
      if (escrowed_)
        escrow_ += move.amount;
      else
        pay(move.amount, move.centre);
      exercise_if_better(M::exp(move.centre));
    }
    centre_ = move.centre;
  }

  /// W = e^{rate t} V solves the heat equation on the moving grid; s = (j / steps)^2 of the segment is behind us.
  void diffuse(V variance, double rate, double yield, ExerciseRegion region, double steps) noexcept {
    const V drift = (rate - yield) - 0.5 * variance, curvature = variance / (4.0 * step_ * step_);
    const V per_cell = 1.0 / (exponential_[1] / exponential_[0] - 1.0);
    double behind = 0.0;
    for (double j = 1.0; j <= steps; j += 1.0) {
      const double s = (j / steps) * (j / steps), growth = std::exp(rate * s);
      const V asset = M::exp(centre_ - drift * s);
      const V weight = curvature * (s - behind);
      const V edge = M::min((M::exp(0.5 * variance * (s - behind)) - 1.0) * per_cell, M::all(1.0));
      const double escrow = escrow_ == 0.0 ? 0.0 : escrow_ * std::exp(-growth_of_escrow_ * s);
      obstacle_level_ = growth * level(escrow);
      obstacle_slope_ = growth * slope(escrow) * asset;
      const V top = hold_level_ + hold_slope_ * std::exp((rate - yield) * s) * asset * exponential_[nodes - 1];
      explicit_half(weight);
      work_[0] = value_[0] + edge * (value_[1] - value_[0]);
      work_[nodes - 1] = M::max(top, M::all(0.0));
      if (region != ExerciseRegion::never) {
        work_[0] = M::max(work_[0], obstacle(0));
        work_[nodes - 1] = M::max(work_[nodes - 1], obstacle(nodes - 1));
      }
      if (region != ExerciseRegion::two_boundaries)
        implicit_half(weight, region == ExerciseRegion::one_boundary);
      else if constexpr (M::width == 1)
        implicit_half_two_boundaries(weight);
      behind = s;
    }
    const double discount = std::exp(-rate);
    for (V& v : value_) v *= discount;
    hold_level_ *= discount;
    hold_slope_ *= std::exp(-yield);
  }

  /// Exercise gives up or takes the dividends in escrow with the share: they come off the strike.
  [[nodiscard]] V level(double escrow) const noexcept { return put_ ? level_ - escrow : level_; }
  [[nodiscard]] V slope(double escrow) const noexcept { return put_ ? slope_ : slope_ - escrow; }

  [[nodiscard]] V obstacle(std::size_t i) const noexcept { return obstacle_level_ - obstacle_slope_ * exponential_[i]; }

  void explicit_half(V weight) noexcept {
    for (std::size_t i = 1; i + 1 < nodes; ++i)
      work_[i] = value_[i] + weight * (value_[i - 1] - 2.0 * value_[i] + value_[i + 1]);
  }

  /// Eliminates from the far side towards the exercise side, then substitutes away from it.
  void implicit_half(V weight, bool exercise) noexcept {
    const V diagonal = 1.0 + 2.0 * weight;
    work_[nodes - 2] += weight * work_[nodes - 1];
    inverse_[nodes - 2] = 1.0 / diagonal;
    bool settled = false;  // the pivots of a constant matrix settle after a few rows
    for (std::size_t i = nodes - 3; i >= 1; --i) {
      inverse_[i] = settled ? inverse_[i + 1] : 1.0 / (diagonal - weight * weight * inverse_[i + 1]);
      settled = settled || M::same(inverse_[i], inverse_[i + 1]);
      work_[i] += weight * inverse_[i + 1] * work_[i + 1];
    }
    value_[0] = work_[0];
    value_[nodes - 1] = work_[nodes - 1];
    if (exercise)
      for (std::size_t i = 1; i + 1 < nodes; ++i)
        value_[i] = M::max((work_[i] + weight * value_[i - 1]) * inverse_[i], obstacle(i));
    else
      for (std::size_t i = 1; i + 1 < nodes; ++i) value_[i] = (work_[i] + weight * value_[i - 1]) * inverse_[i];
  }

  /// Howard's policy iteration: nodes below the obstacle, or held there against their equation, exercise.
  void implicit_half_two_boundaries(double weight) noexcept requires(M::width == 1) {
    const double diagonal = 1.0 + 2.0 * weight;
    for (std::size_t i = 0; i < nodes; ++i) exercised_[i] = value_[i] < obstacle(i);
    for (int sweep = 0; sweep < 50; ++sweep) {
      reduced_[nodes - 1] = work_[nodes - 1];
      inverse_[nodes - 1] = 0.0;
      for (std::size_t i = nodes - 2; i >= 1; --i) {
        const double pivot = exercised_[i] ? 1.0 : 1.0 / (diagonal - weight * inverse_[i + 1]);
        reduced_[i] = exercised_[i] ? obstacle(i) : (work_[i] + weight * reduced_[i + 1]) * pivot;
        inverse_[i] = exercised_[i] ? 0.0 : weight * pivot;  // factor of the neighbour on the exercise side
      }
      value_[0] = work_[0];
      value_[nodes - 1] = work_[nodes - 1];
      for (std::size_t i = 1; i + 1 < nodes; ++i) value_[i] = reduced_[i] + inverse_[i] * value_[i - 1];
      bool changed = false;
      for (std::size_t i = 1; i + 1 < nodes; ++i) {
        const double excess = diagonal * value_[i] - weight * (value_[i - 1] + value_[i + 1]) - work_[i];
        const bool exercise = exercised_[i] ? excess > 0.0 : value_[i] < obstacle(i);
        changed = changed || exercise != exercised_[i];
        exercised_[i] = exercise;
      }
      if (!changed) return;
    }
  }

  /// V(before, S) = V(after, S - D). Also moves the hold-to-expiry line, level + slope e^z.
  void pay(double amount, V centre) noexcept {
    const V asset = M::exp(centre);
    for (std::size_t i = 0; i < nodes; ++i) {
      const V z = asset * exponential_[i], before = put_ ? z : 1.0 / z, after = before - amount;
      const V low = 1e-300 * before, share = M::max(after, low), log_share = M::log(share);
      const V position = ((put_ ? log_share : -log_share) - centre_) / step_ + static_cast<double>(middle);
      const V there = put_ ? share : 1.0 / share, scale = put_ ? M::all(1.0) : share / before;
      work_[i] = after > 0.0 ? at(position, there) * scale : (put_ ? at_line(M::all(0.0)) : M::all(0.0));
    }
    value_ = work_;
    if (put_)
      hold_level_ -= hold_slope_ * amount;
    else
      hold_slope_ -= hold_level_ * amount;
  }
  /// The value after the dividend at a position on the grid (exponential of z given): cubic inside, linear in e^z
  /// below, the line above.
  [[nodiscard]] V at(V position, V exponential_of_z) const noexcept {
    const V above = M::max(hold_level_ + hold_slope_ * exponential_of_z, M::all(0.0)),
            below = at_line(exponential_of_z);
    constexpr double last = static_cast<double>(nodes - 1);
    V inside = M::all(0.0);
    for (std::size_t l = 0; l < M::width; ++l) {
      const double u = M::lane(position, l);
      if (!(u >= 0.0 && u < last)) continue;
      const std::size_t i = std::clamp<std::size_t>(static_cast<std::size_t>(u), 1, nodes - 3);
      const double t = u - static_cast<double>(i);
      const auto v = [&](std::size_t k) { return M::lane(value_[k], l); };
      M::set(inside, l,
             -t * (t - 1.0) * (t - 2.0) / 6.0 * v(i - 1) + (t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0 * v(i) -
                 (t + 1.0) * t * (t - 2.0) / 2.0 * v(i + 1) + (t + 1.0) * t * (t - 1.0) / 6.0 * v(i + 2));
    }
    return position < 0.0 ? below : (position < last ? inside : above);
  }
  [[nodiscard]] V at_line(V exponential_of_z) const noexcept {
    const V unit = exponential_[1] - exponential_[0];
    return value_[0] + (value_[1] - value_[0]) / unit * (exponential_of_z * M::exp(-centre_) - exponential_[0]);
  }

  void exercise_if_better(V asset) noexcept {
    if (!american_) return;
    const V level_here = level(escrow_), slope_here = slope(escrow_) * asset;
    const auto pays = [&](std::size_t i) { return M::max(level_here - slope_here * exponential_[i], M::all(0.0)); };
    for (std::size_t i = 0; i < nodes; ++i) work_[i] = pays(i) - value_[i];
    for (std::size_t i = 1; i + 1 < nodes; ++i)
      value_[i] += averaged_positive_part(work_[i], 0.5 * (work_[i + 1] - work_[i - 1]));
    value_[0] += M::max(work_[0], M::all(0.0));
    value_[nodes - 1] += M::max(work_[nodes - 1], M::all(0.0));
  }

  /// Differences of fourth order at the node of the spot; theta from the differential equation.
  [[nodiscard]] Values at_centre() const noexcept {
    const V* v = value_.data() + middle;
    const V first = (8.0 * (v[1] - v[-1]) - (v[2] - v[-2])) / (12.0 * step_);
    const V second = (16.0 * (v[1] + v[-1]) - (v[2] + v[-2]) - 30.0 * v[0]) / (12.0 * step_ * step_);
    const V pays = M::max(level(escrow_) - slope(escrow_) * M::exp(centre_), M::all(0.0));
    const V price = american_ ? M::max(v[0], pays) : v[0];
    V theta = rate_ * price - ((rate_ - yield_) - 0.5 * variance_rate_) * first - 0.5 * variance_rate_ * second;
    if (region_ != ExerciseRegion::never) theta = v[0] > pays ? theta : (pays > 0.0 ? M::all(0.0) : theta);
    if (put_) return {price, first / spot_, (second - first) / (spot_ * spot_), theta};
    // V = S U(-ln S): V_S = U - U', V_SS = (U'' - U') / S.
    return {spot_ * price, price - first, (second - first) / spot_, spot_ * theta};
  }

  bool put_, american_, escrowed_;
  double interest_, escrow_ = 0.0, growth_of_escrow_ = 0.0;  // escrow: of the dividends after the time that is undone
  V level_, slope_;                                          // exercise pays level - slope e^z
  V variance_rate_;
  double rate_, yield_;
  ExerciseRegion region_;
  double years_, spot_;
  V step_{}, centre_{}, hold_level_{}, hold_slope_{}, obstacle_level_{}, obstacle_slope_{};
  std::size_t count_ = 0;
  std::array<ShareMove<V>, 3 * (max_cash_dividends + 2)> moves_;
  Row exponential_, value_, work_, inverse_, reduced_;
  std::array<bool, nodes> exercised_;
};

}  // namespace detail

/// Price, delta, gamma and theta of an option with cash dividends and an optional event.
///   dividends  at most max_cash_dividends in (0, years], any order; those outside that time are ignored. One at
///              `years` itself still takes the share down before the last exercise.
///   domain     priceable(in), amounts and event variance finite and not negative, dividends in escrow worth less than
///              the share; otherwise every member is NaN
template <class Grid = ProductionGrid>
[[nodiscard]] AmericanValue american_with_dividends(const AmericanInputs& in, std::span<const CashDividend> dividends,
                                                    const std::optional<EventVariance>& event = {},
                                                    ExerciseStyle style = ExerciseStyle::american,
                                                    DividendModel model = DividendModel::spot) noexcept {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  bool sound = priceable(in) && dividends.size() <= max_cash_dividends;
  AmericanInputs risky = in;
  for (const CashDividend& d : dividends) {
    sound = sound && d.amount >= 0.0 && std::isfinite(d.amount + d.years);
    if (model == DividendModel::escrowed && d.years > 0.0 && d.years <= in.years)
      risky.spot -= d.amount * std::exp(-in.rate * d.years);
  }
  if (event) sound = sound && event->variance >= 0.0 && std::isfinite(event->variance + event->years);
  if (!sound || !(risky.spot > 0.0)) return {nan, nan, nan, nan};
  if (in.years == 0.0) {
    const double pays = exercise_value(in);
    return {pays, pays > 0.0 ? sign(in.type) : 0.0, 0.0, 0.0};
  }
  const auto [price, delta, gamma, theta] =
      detail::CashDividendSolver<Grid>(risky, in.strike, in.volatility, style, model).value(dividends, event);
  // The escrow grows at the rate, so at a fixed share the risky part shrinks by that.
  AmericanValue value{price, delta, gamma, theta - in.rate * (in.spot - risky.spot) * delta};
  if (style == ExerciseStyle::american) {
    if (model == DividendModel::escrowed && price <= exercise_value(in)) value.theta = theta;
    value.price = std::max(value.price, exercise_value(in));  // to the last bit
  }
  return value;
}

/// The same from Grid and from one of twice its resolution, extrapolated for an error of second order (L. Richardson).
/// It serves where the only kinks are those of expiry: two boundaries to 1e-7 of the strike; after a cash dividend the
/// finer grid alone is as good.
template <class Grid = AmericanGrid<1001, 400>>
[[nodiscard]] AmericanValue american_extrapolated(const AmericanInputs& in,
                                                  std::span<const CashDividend> dividends = {},
                                                  const std::optional<EventVariance>& event = {}) noexcept {
  using Fine = AmericanGrid<2 * Grid::nodes - 1, 2 * Grid::steps>;
  const AmericanValue a = american_with_dividends<Grid>(in, dividends, event);
  const AmericanValue b = american_with_dividends<Fine>(in, dividends, event);
  const auto limit = [](double coarse, double fine) { return fine + (fine - coarse) / 3.0; };
  return {std::max(limit(a.price, b.price), exercise_value(in)), limit(a.delta, b.delta), limit(a.gamma, b.gamma),
          limit(a.theta, b.theta)};
}

}  // namespace alaris::inline v0
