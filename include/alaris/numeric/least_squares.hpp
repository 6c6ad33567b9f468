// SPDX-License-Identifier: Apache-2.0
#pragma once
// Weighted linear least squares with a handful of parameters, one observation at a time: Givens rotations keep the
// triangular factor, so nothing is stored, nothing is allocated and nothing is squared.
//   source   Gentleman, Least squares computations by Givens transformations, J. Inst. Maths Applics 12, 1973

#include <array>
#include <cmath>
#include <cstddef>
#include <optional>

#include <alaris/core/expects.hpp>

namespace alaris::inline v0 {

template <std::size_t P>
struct LeastSquaresSolution {
  std::array<double, P> coefficients{};
  /// (X' W X)^-1: the covariance of the coefficients when each weight is one over the variance of its observation.
  std::array<std::array<double, P>, P> covariance{};
  double weighted_residuals = 0.0;  // sum of weight * residual^2: chi-square under the same condition
};

/// Up to P parameters; columns that are zero in every observation, or depend on earlier ones, leave it without a
/// solution.
template <std::size_t P>
class LeastSquares {
 public:
  explicit LeastSquares(std::size_t parameters = P) noexcept : parameters_(parameters) {
    ALARIS_EXPECTS(parameters >= 1 && parameters <= P);
  }

  /// One observation y = row . coefficients with weight >= 0; entries beyond the parameters are not read.
  void add(std::array<double, P> row, double y, double weight) noexcept {
    const double scale = std::sqrt(weight);
    for (std::size_t j = 0; j < parameters_; ++j) row[j] *= scale;
    y *= scale;
    for (std::size_t j = 0; j < parameters_; ++j) {
      if (row[j] == 0.0) continue;
      const double length = std::hypot(factor_[j][j], row[j]);
      const double c = factor_[j][j] / length, s = row[j] / length;
      for (std::size_t k = j; k < parameters_; ++k) {
        const double kept = factor_[j][k];
        factor_[j][k] = c * kept + s * row[k];
        row[k] = c * row[k] - s * kept;
      }
      const double kept = right_[j];
      right_[j] = c * kept + s * y;
      y = c * y - s * kept;
    }
    residuals_ += y * y;
  }

  /// Nothing when a diagonal of the factor is below 1e-11 of the largest entry of its column: not identified.
  [[nodiscard]] std::optional<LeastSquaresSolution<P>> solve() const noexcept {
    LeastSquaresSolution<P> solution;
    std::array<std::array<double, P>, P> inverse{};  // of the upper triangular factor
    for (std::size_t j = 0; j < parameters_; ++j) {
      double column = 0.0;
      for (std::size_t i = 0; i <= j; ++i) column = std::hypot(column, factor_[i][j]);
      if (!(std::fabs(factor_[j][j]) > 1e-11 * column) || !std::isfinite(column)) return std::nullopt;
      inverse[j][j] = 1.0 / factor_[j][j];
      for (std::size_t i = j; i-- > 0;) {
        double sum = 0.0;
        for (std::size_t k = i + 1; k <= j; ++k) sum += factor_[i][k] * inverse[k][j];
        inverse[i][j] = -sum / factor_[i][i];
      }
    }
    for (std::size_t i = 0; i < parameters_; ++i)
      for (std::size_t j = i; j < parameters_; ++j) {
        solution.coefficients[i] += inverse[i][j] * right_[j];
        for (std::size_t k = 0; k < parameters_; ++k) solution.covariance[i][k] += inverse[i][j] * inverse[k][j];
      }
    solution.weighted_residuals = residuals_;
    return solution;
  }

 private:
  std::size_t parameters_;
  std::array<std::array<double, P>, P> factor_{};
  std::array<double, P> right_{};
  double residuals_ = 0.0;
};

}  // namespace alaris::inline v0
