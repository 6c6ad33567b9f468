// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where a put with q < r < 0 is exercised (a call with r < q < 0 by symmetry): between two boundaries, which may meet.
//   source   L. Andersen, M. Lake, "Fast American option pricing: the double-boundary case", Wilmott, 2021, for the
//            problem. While the band is open, no value crosses it: what lies above is a put that is exercised at every
//            spot below the upper boundary, what lies below is one that is exercised at every spot above the lower
//            one. So each boundary solves an equation of its own, that of american_boundary.hpp; the lower one, seen in
//            1/S with the rates exchanged, is a boundary without a strike. Both equations go on smoothly past the
//            instant where the boundaries meet; the band ends there.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include <alaris/pricing/american_boundary.hpp>
#include <alaris/pricing/american_tables.hpp>

namespace alaris::inline v0 {

/// Boundaries over the strike, at the Chebyshev points of sqrt(tau) on [0, span].
template <class Level>
struct ExerciseBand {
  ExerciseBoundary<Level> upper;  // of the put in S
  ExerciseBoundary<Level> lower;  // of the put in 1 / S: its critical spot is one over the lower boundary
  double span;                    // years to run that the points cover: the life, or up to the meeting
  double meeting;                 // years to run at which the boundaries meet; infinite when not within the life
  bool found;                     // whether the equations were solved

  /// The spots over the strike between which exercise is optimal with the whole life to run; lower > upper: none.
  [[nodiscard]] double highest() const noexcept {
    return std::isinf(meeting) ? upper.critical_spot() : -std::numeric_limits<double>::infinity();
  }
  [[nodiscard]] double lowest() const noexcept {
    return std::isinf(meeting) ? 1.0 / lower.critical_spot() : std::numeric_limits<double>::infinity();
  }
};

namespace detail {

/// ln(upper / lower) of two boundaries, given what they are at expiry and their depths.
inline double band_width(double top_of_lower, double upper_depth, double lower_depth) noexcept {
  return std::log(top_of_lower) - upper_depth - lower_depth;
}

template <class Level>
class BandSolver {
  static constexpr std::size_t nodes = Level::nodes;

 public:
  explicit BandSolver(const BoundaryInputs& in) noexcept
      : upper_(in),
        lower_{.years = in.years, .rate = in.yield, .yield = in.rate, .volatility = in.volatility, .strike = false},
        top_(in.yield / in.rate) {}

  ExerciseBand<Level> solve() noexcept {
    const double life = upper_.years;
    double span = guess(life), most = life;
    for (int attempt = 0; attempt < 40; ++attempt) {
      if (!try_span(span)) {  // too far behind the meeting
        most = span;
        span *= 0.85;
        continue;
      }
      const double width = band_width(top_, band_.upper.depth[0], band_.lower.depth[0]);
      if (width <= 0.0) {
        meet();
        return band_;
      }
      if (span >= life) {
        band_.meeting = std::numeric_limits<double>::infinity();
        return band_;
      }
      span = most < life ? 0.5 * (span + most) : std::min(1.25 * span, life);
    }
    band_.found = false;
    return band_;
  }

 private:
  /// The life, or the time to run at which the two QD+ boundaries meet; the true ones meet up to a fifth earlier.
  [[nodiscard]] double guess(double life) const noexcept {
    const double most = 1.5 * std::log(top_);
    const auto open_at = [&](double root) {
      const double tau = root * root, start = std::min(2.0 * upper_.volatility * root, most);
      return band_width(top_, qd_plus_depth(upper_, tau, 1.0, start, 12), qd_plus_depth_of_forward(lower_, tau, top_)) >
             0.0;
    };
    double open = 0.0, closed = std::sqrt(life);
    if (open_at(closed)) return life;
    while (closed - open > 0.02 * closed) {
      const double root = open == 0.0 ? 0.6 * closed : 0.5 * (open + closed);
      (open_at(root) ? open : closed) = root;
      if (closed < 1e-100) break;
    }
    return closed * closed;
  }

  bool try_span(double span) noexcept {
    upper_.years = lower_.years = span;
    constexpr std::size_t steps = std::max<std::size_t>(Level::newton, 8);
    const double scale = std::min(1.0, std::log(top_)), enough = (Level::newton < 8 ? 1e-4 : 1e-9) * scale;
    band_.upper = BoundarySolver<Level>(upper_).solve(steps, enough);
    band_.lower = BoundarySolver<Level>(lower_).solve(steps, enough);
    band_.span = span;
    band_.found = std::max(band_.upper.residual, band_.lower.residual) < 1e-3 * scale;
    for (std::size_t j = 0; j < nodes; ++j) {
      const double deepest = std::max(band_.upper.depth[j], band_.lower.depth[j]);
      const double least = std::min(band_.upper.depth[j], band_.lower.depth[j]);
      band_.found = band_.found && least >= 0.0 && deepest < 700.0;
    }
    return band_.found;
  }

  [[nodiscard]] static double depth_at(const ExerciseBoundary<Level>& boundary, double root) noexcept {
    const auto weights = boundary_weights<nodes>(root);
    double square = 0.0;
    for (std::size_t j = 0; j < nodes; ++j) square += weights[j] * boundary.depth[j] * boundary.depth[j];
    return std::sqrt(std::max(square, 0.0));
  }

  /// Ends the band where the interpolants meet. They are polynomials in sqrt(tau), so nothing is lost.
  void meet() noexcept {
    double open = 0.0, closed = 1.0;
    for (int step = 0; step < 60 && closed - open > 1e-15; ++step) {
      const double root = 0.5 * (open + closed);
      (band_width(top_, depth_at(band_.upper, root), depth_at(band_.lower, root)) > 0.0 ? open : closed) = root;
    }
    const auto& tables = collocation_tables<Level>();
    const ExerciseBand<Level> wide = band_;
    for (std::size_t j = 0; j < nodes; ++j) {
      band_.upper.depth[j] = depth_at(wide.upper, closed * tables.root[j]);
      band_.lower.depth[j] = depth_at(wide.lower, closed * tables.root[j]);
    }
    band_.span = band_.meeting = wide.span * closed * closed;
  }

  BoundaryInputs upper_, lower_;
  double top_;  // upper over lower boundary just before expiry
  ExerciseBand<Level> band_{};
};

}  // namespace detail

/// The band of the put with a unit strike.
///   domain   yield < rate < 0, years > 0, volatility > 0 (strike is not read)
///   error    that of the level; where `found` is false nothing else means anything
template <class Level>
[[nodiscard]] ExerciseBand<Level> exercise_band(const BoundaryInputs& in) noexcept {
  return detail::BandSolver<Level>(in).solve();
}

}  // namespace alaris::inline v0
