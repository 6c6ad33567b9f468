// SPDX-License-Identifier: Apache-2.0
#pragma once
// Why a held spread made or lost money: its change in value from one set of marks to the next, split by what changed.
// Each mark becomes a state that reprices it: the share, diffusion time left, base variance a year, the variance of the
// announcement still ahead, and carry (interest and dividends). The change of every input gets its Shapley value, the
// average over all orders in which the inputs could have changed, so that no order is preferred and nothing is counted
// twice; the share's part is then split into delta at the start and all the rest, gamma over the move.
//   source   Shapley, Contributions to the Theory of Games II, 1953; as a decomposition: Shorrocks, J. Economic
//            Inequality 11, 2013
//   theta    event-consistent: base variance decays with diffusion time. The announcement's variance does not decay; it
//            leaves at the announcement and counts, like every change of it before, as event volatility (the crush)
//   error    the parts add up to the change of the repriced values to rounding; what the marks hold beyond them (a
//            price that no volatility explains) is the residual, bounded by the misfit of the first and the last mark

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <alaris/core/expected.hpp>
#include <alaris/core/option.hpp>
#include <alaris/core/time.hpp>
#include <alaris/pricing/american_continuous.hpp>
#include <alaris/pricing/american_greeks.hpp>
#include <alaris/volatility/american_implied.hpp>

namespace alaris::inline v0 {

/// One leg at one session's close.
struct LegMark {
  OptionType type = OptionType::call;
  int ratio = 0;                 // contracts a spread, negative sold
  double strike = 0.0;           // dollars per share
  double mid = 0.0;              // dollars per share
  double diffusion_years = 0.0;  // trading time left, 0 at expiry
  double interest = 0.0;         // continuous rate x calendar years left
  double dividends = 0.0;        // what is paid until expiry, as a yield x years: -ln(forward x discount / share)
  bool before_event = false;     // the announcement lies between this mark and the leg's expiry
};

/// All legs at one session's close.
struct SpreadMark {
  Date date{};
  double spot = 0.0;
  std::vector<LegMark> legs;
};

/// What reprices one leg. `misfit` is what no volatility explains: mark less repriced value, dollars per share.
struct LegState {
  LegMark mark;
  double spot = 0.0;
  double base_variance = 0.0;  // per year of diffusion time
  double event_variance = 0.0;
  double misfit = 0.0;
};

/// Dollars per spread and share, or of a whole position. Costs are negative.
struct Attribution {
  double base_volatility = 0.0;
  double event_volatility = 0.0;
  double theta = 0.0;
  double gamma = 0.0;
  double delta = 0.0;
  double carry = 0.0;
  double cost = 0.0;
  double residual = 0.0;
  double residual_bound = 0.0;

  [[nodiscard]] double explained() const noexcept {
    return base_volatility + event_volatility + theta + gamma + delta + carry + cost;
  }
  /// Whether the marks account for the result as far as their own misfit allows.
  [[nodiscard]] bool complete() const noexcept { return std::fabs(residual) <= residual_bound; }

  Attribution& operator+=(const Attribution& other) noexcept {
    base_volatility += other.base_volatility;
    event_volatility += other.event_volatility;
    theta += other.theta;
    gamma += other.gamma;
    delta += other.delta;
    carry += other.carry;
    cost += other.cost;
    residual += other.residual;
    residual_bound += other.residual_bound;
    return *this;
  }
  friend Attribution operator*(Attribution a, double factor) noexcept {
    for (double* part : {&a.base_volatility, &a.event_volatility, &a.theta, &a.gamma, &a.delta, &a.carry, &a.cost,
                         &a.residual, &a.residual_bound})
      *part *= factor;
    return a;
  }
};

namespace detail {

/// An American option knows time only as variance, interest and dividends still to come.
inline AmericanInputs timeless(const LegMark& leg, double spot, double variance) noexcept {
  return {.type = leg.type,
          .spot = spot,
          .strike = leg.strike,
          .years = 1.0,
          .rate = leg.interest,
          .yield = leg.dividends,
          .volatility = std::sqrt(std::max(variance, 0.0))};
}

inline AmericanValue value_of(const LegState& s) noexcept {
  const double variance = s.base_variance * s.mark.diffusion_years + s.event_variance;
  if (!(variance > 0.0) && s.mark.diffusion_years <= 0.0) {
    const double pays = exercise_value(timeless(s.mark, s.spot, 0.0));
    return {pays, pays > 0.0 ? static_cast<double>(sign(s.mark.type)) : 0.0, 0.0, 0.0};
  }
  return american_price<FastLevel>(timeless(s.mark, s.spot, variance));
}

/// The announcement's variance that makes base variance equal in both expiries: w = base x time + event. Between 0 and
/// all of the thinner leg's variance.
inline double event_variance_of(std::span<const LegMark> legs, std::span<const double> variances) noexcept {
  double near = 0.0, far = 0.0, least = 0.0, w_near = 0.0, w_far = 0.0;
  int n_near = 0, n_far = 0;
  bool any = false;
  for (std::size_t i = 0; i < legs.size(); ++i) {
    if (!legs[i].before_event) continue;
    near = any ? std::min(near, legs[i].diffusion_years) : legs[i].diffusion_years;
    far = any ? std::max(far, legs[i].diffusion_years) : legs[i].diffusion_years;
    least = any ? std::min(least, variances[i]) : variances[i];
    any = true;
  }
  if (!any || !(far > near)) return 0.0;
  for (std::size_t i = 0; i < legs.size(); ++i) {
    if (!legs[i].before_event) continue;
    if (legs[i].diffusion_years == near) w_near += variances[i], ++n_near;
    if (legs[i].diffusion_years == far) w_far += variances[i], ++n_far;
  }
  w_near /= n_near;
  w_far /= n_far;
  return std::clamp((w_near * far - w_far * near) / (far - near), 0.0, least);
}

}  // namespace detail

/// The states that reprice a set of marks, in the order of its legs.
[[nodiscard]] inline std::vector<LegState> leg_states(const SpreadMark& marks) {
  std::vector<double> variances;
  for (const LegMark& leg : marks.legs) {
    const AmericanInputs terms = detail::timeless(leg, marks.spot, 0.0);
    const auto volatility = leg.diffusion_years > 0.0 ? american_implied_volatility({.option = terms, .price = leg.mid},
                                                                                    ContinuousEngine<FastLevel>{})
                                                      : expected<double, VolError>(0.0);
    variances.push_back(volatility ? *volatility * *volatility : 0.0);
  }
  const double event = detail::event_variance_of(marks.legs, variances);
  std::vector<LegState> states;
  for (std::size_t i = 0; i < marks.legs.size(); ++i) {
    const LegMark& leg = marks.legs[i];
    LegState state{.mark = leg, .spot = marks.spot};
    state.event_variance = leg.before_event ? std::min(event, variances[i]) : 0.0;
    if (leg.diffusion_years > 0.0) state.base_variance = (variances[i] - state.event_variance) / leg.diffusion_years;
    state.misfit = leg.mid - detail::value_of(state).price;
    states.push_back(state);
  }
  return states;
}

/// The parts of one leg's change from `before` to `after`, dollars per share of the option itself.
[[nodiscard]] inline Attribution leg_attribution(const LegState& before, const LegState& after) noexcept {
  enum : unsigned { share, time, base, event, carry, inputs };
  std::array<double, 1u << inputs> value{};
  for (unsigned changed = 0; changed < value.size(); ++changed) {
    const auto pick = [changed](unsigned input, const LegState& from, const LegState& to) -> const LegState& {
      return (changed >> input & 1u) ? to : from;
    };
    LegState mixed = before;
    mixed.spot = pick(share, before, after).spot;
    mixed.mark.diffusion_years = pick(time, before, after).mark.diffusion_years;
    mixed.base_variance = pick(base, before, after).base_variance;
    mixed.event_variance = pick(event, before, after).event_variance;
    mixed.mark.interest = pick(carry, before, after).mark.interest;
    mixed.mark.dividends = pick(carry, before, after).mark.dividends;
    value[changed] = detail::value_of(mixed).price;
  }
  constexpr std::array<double, inputs> weight{1.0 / 5, 1.0 / 20, 1.0 / 30, 1.0 / 20, 1.0 / 5};  // k! (4 - k)! / 5!
  std::array<double, inputs> part{};
  for (unsigned input = 0; input < inputs; ++input)
    for (unsigned others = 0; others < value.size(); ++others)
      if (!(others >> input & 1u))
        part[input] +=
            weight[static_cast<std::size_t>(std::popcount(others))] * (value[others | 1u << input] - value[others]);
  Attribution out;
  out.delta = detail::value_of(before).delta * (after.spot - before.spot);
  out.gamma = part[share] - out.delta;
  out.theta = part[time];
  out.base_volatility = part[base];
  out.event_volatility = part[event];
  out.carry = part[carry];
  return out;
}

/// From the first marks to the last, per spread and share. The residual is the part of the change at mid that the
/// states do not reprice. Every set of marks has the same legs in the same order; fewer than two sets give zeros.
[[nodiscard]] inline Attribution attribute(std::span<const std::vector<LegState>> states) noexcept {
  Attribution total;
  if (states.size() < 2) return total;
  for (std::size_t t = 1; t < states.size(); ++t)
    for (std::size_t i = 0; i < states[t].size(); ++i)
      total += leg_attribution(states[t - 1][i], states[t][i]) * states[t][i].mark.ratio;
  double change = 0.0, gross = 0.0;
  for (std::size_t i = 0; i < states.front().size(); ++i) {
    const LegState &first = states.front()[i], &last = states.back()[i];
    change += first.mark.ratio * (last.mark.mid - first.mark.mid);
    total.residual_bound += std::abs(first.mark.ratio) * (std::fabs(first.misfit) + std::fabs(last.misfit));
    gross += std::abs(first.mark.ratio) * (first.spot + first.mark.strike);
  }
  total.residual = change - total.explained();
  total.residual_bound += 1e-12 * gross * static_cast<double>(states.size());  // rounding of the sums
  return total;
}

/// Sensitivities of one spread, per share, at event-consistent prices.
struct SpreadGreeks {
  Date date{};
  double delta = 0.0;        // shares
  double gamma = 0.0;        // shares a dollar
  double vega = 0.0;         // dollars for one point more of base volatility in every leg
  double event_vega = 0.0;   // dollars for one point more of announcement move (sigma_event)
  double theta = 0.0;        // dollars a session: diffusion time alone, the announcement stays ahead
  double sigma_event = 0.0;  // of the marks; 0 when it has passed
};

[[nodiscard]] inline SpreadGreeks spread_greeks(Date date, std::span<const LegState> states,
                                                double sessions_per_year = 252.0) noexcept {
  SpreadGreeks sum{.date = date};
  for (const LegState& s : states) {
    const AmericanValue now = detail::value_of(s);
    const auto moved = [&](auto change) {
      LegState other = s;
      change(other);
      return detail::value_of(other).price - now.price;
    };
    const auto more = [](double variance, double points) {
      const double volatility = std::sqrt(std::max(variance, 0.0)) + points;
      return volatility * volatility;
    };
    sum.delta += s.mark.ratio * now.delta;
    sum.gamma += s.mark.ratio * now.gamma;
    sum.sigma_event = std::max(sum.sigma_event, std::sqrt(std::max(s.event_variance, 0.0)));
    if (!(s.mark.diffusion_years > 0.0)) continue;
    sum.vega += s.mark.ratio * moved([&](LegState& o) { o.base_variance = more(o.base_variance, 0.01); });
    if (s.mark.before_event)
      sum.event_vega += s.mark.ratio * moved([&](LegState& o) { o.event_variance = more(o.event_variance, 0.01); });
    sum.theta += s.mark.ratio * moved([&](LegState& o) {
                   o.mark.diffusion_years = std::max(0.0, o.mark.diffusion_years - 1.0 / sessions_per_year);
                 });
  }
  return sum;
}

}  // namespace alaris::inline v0
