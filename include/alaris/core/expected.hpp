// SPDX-License-Identifier: Apache-2.0
#pragma once
// A value, or the reason why there is none. Our own type in every language mode, so that its layout does not depend on
// -std=; works without exceptions.

#include <type_traits>
#include <utility>
#include <variant>

#include <alaris/core/expects.hpp>

namespace alaris::inline v0 {

/// Wraps an error so that it converts to any expected<T, E>:  return unexpected(VolError::no_vega);
template <class E>
struct unexpected {
  E value;
  constexpr explicit unexpected(E error) noexcept(std::is_nothrow_move_constructible_v<E>) : value(std::move(error)) {}
};
template <class E>
unexpected(E) -> unexpected<E>;

/// Either a T or an E. Reading the side that is not there is a contract violation (ALARIS_EXPECTS).
/// Trivially copyable when both are (std::variant gives that on Clang 14, a hand-written union cannot).
template <class T, class E>
class [[nodiscard]] expected {
 public:
  using value_type = T;
  using error_type = E;

  constexpr expected(T value) noexcept(std::is_nothrow_move_constructible_v<T>)
      : either_(std::in_place_index<0>, std::move(value)) {}
  constexpr expected(unexpected<E> error) noexcept(std::is_nothrow_move_constructible_v<E>)
      : either_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] constexpr bool has_value() const noexcept { return either_.index() == 0; }
  constexpr explicit operator bool() const noexcept { return has_value(); }

  constexpr const T& operator*() const& noexcept { return value(); }
  constexpr T& operator*() & noexcept { return value(); }
  constexpr T&& operator*() && noexcept { return std::move(value()); }
  constexpr const T* operator->() const noexcept {
    ALARIS_EXPECTS(has_value());
    return std::get_if<0>(&either_);
  }
  constexpr T* operator->() noexcept {
    ALARIS_EXPECTS(has_value());
    return std::get_if<0>(&either_);
  }
  constexpr const E& error() const noexcept {
    ALARIS_EXPECTS(!has_value());
    return std::get_if<1>(&either_)->value;
  }

  [[nodiscard]] constexpr T value_or(T otherwise) const { return has_value() ? value() : std::move(otherwise); }

  /// f(value) when there is one, else the same error. F returns an expected with the same error type.
  template <class F>
  constexpr auto and_then(F&& f) const -> std::invoke_result_t<F, const T&> {
    if (has_value()) return std::forward<F>(f)(value());
    return unexpected<E>(error());
  }
  /// expected holding f(value), else the same error.
  template <class F>
  constexpr auto transform(F&& f) const -> expected<std::invoke_result_t<F, const T&>, E> {
    if (has_value()) return std::forward<F>(f)(value());
    return unexpected<E>(error());
  }

  friend constexpr bool operator==(const expected& a, const expected& b) {
    if (a.has_value() != b.has_value()) return false;
    return a.has_value() ? a.value() == b.value() : a.error() == b.error();
  }

 private:
  constexpr const T& value() const noexcept {
    ALARIS_EXPECTS(has_value());
    return *std::get_if<0>(&either_);
  }
  constexpr T& value() noexcept {
    ALARIS_EXPECTS(has_value());
    return *std::get_if<0>(&either_);
  }
  std::variant<T, unexpected<E>> either_;
};

}  // namespace alaris::inline v0
