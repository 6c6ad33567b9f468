// SPDX-License-Identifier: Apache-2.0
#pragma once
// Eigen in and out: columns of a batch as arrays, and arrays of fixed size as the number of a formula.
//   number   Eigen::Array<double, N, 1> is `real`: bsm_formula prices N options whose inputs lie in N rows

#include <span>

#include <Eigen/Core>
#include <unsupported/Eigen/SpecialFunctions>

#include <alaris/numeric/number.hpp>

namespace alaris::inline v0 {

/// The elements of a dense vector or array that lie one after the other, without a copy. The argument must outlive the
/// answer; a matrix is read column by column, an expression has no elements and does not compile.
template <class Derived>
[[nodiscard]] std::span<const typename Derived::Scalar> column(const Eigen::PlainObjectBase<Derived>& array) noexcept {
  return {array.data(), static_cast<std::size_t>(array.size())};
}
template <class Derived>
[[nodiscard]] std::span<typename Derived::Scalar> column(Eigen::PlainObjectBase<Derived>& array) noexcept {
  return {array.data(), static_cast<std::size_t>(array.size())};
}
template <class Derived>
void column(const Eigen::PlainObjectBase<Derived>&&) = delete;

/// A span as an array that can take part in expressions, without a copy.
[[nodiscard]] inline Eigen::Map<const Eigen::ArrayXd> array(std::span<const double> column) noexcept {
  return {column.data(), static_cast<Eigen::Index>(column.size())};
}
[[nodiscard]] inline Eigen::Map<Eigen::ArrayXd> array(std::span<double> column) noexcept {
  return {column.data(), static_cast<Eigen::Index>(column.size())};
}

static_assert(real<Eigen::Array<double, 8, 1>> && real<Eigen::Array4f>);

}  // namespace alaris::inline v0
