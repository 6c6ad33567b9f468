// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a number must do to be priced with: float and double, dual numbers, multiprecision.

#include <cmath>
#include <concepts>

namespace alaris::inline v0 {

namespace detail::number {
using std::erfc;
using std::exp;
using std::log;
using std::sqrt;

/// Arithmetic may return an expression template; a result is always stored as T.
template <class T>
concept closed = requires(const T& a, const T& b) {
  { a + b } -> std::convertible_to<T>;
  { a - b } -> std::convertible_to<T>;
  { a* b } -> std::convertible_to<T>;
  { a / b } -> std::convertible_to<T>;
  { -a } -> std::convertible_to<T>;
};
/// Found by argument-dependent lookup for a type of another library.
template <class T>
concept elementary = requires(const T& a) {
  { exp(a) } -> std::convertible_to<T>;
  { log(a) } -> std::convertible_to<T>;
  { sqrt(a) } -> std::convertible_to<T>;
  { erfc(a) } -> std::convertible_to<T>;
};
}  // namespace detail::number

/// A formula over `real` T converts its literals with T(0.5) and takes std::exp and its like by using-declaration.
template <class T>
concept real = std::copyable<T> && std::constructible_from<T, double> && detail::number::closed<T> &&
    detail::number::elementary<T> && !std::integral<T>;

static_assert(real<float> && real<double> && !real<int>);

}  // namespace alaris::inline v0
