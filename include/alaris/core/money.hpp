// SPDX-License-Identifier: Apache-2.0
#pragma once
// Exact money: US dollars in millionths, so that per-contract fees (0.02685) and cash add up to the last cent.

#include <charconv>
#include <cmath>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <alaris/core/expects.hpp>

namespace alaris::inline v0 {

/// US dollars, exact. Range +-9.2e12 dollars; sums and integer multiples are exact, a product with a real number is
/// rounded once, half away from zero. Overflow is a contract violation.
class Money {
 public:
  static constexpr std::int64_t micros_per_dollar = 1'000'000;

  constexpr Money() noexcept = default;
  [[nodiscard]] static constexpr Money from_micros(std::int64_t micros) noexcept { return Money(micros); }
  [[nodiscard]] static constexpr Money from_cents(std::int64_t cents) noexcept { return Money(cents * 10'000); }
  [[nodiscard]] static constexpr Money from_dollars(std::int64_t dollars) noexcept {
    return Money(dollars * micros_per_dollar);
  }
  /// Nearest millionth, half away from zero. Precondition: finite, below 9.2e12.
  [[nodiscard]] static Money rounded(double dollars) noexcept {
    ALARIS_EXPECTS(std::isfinite(dollars) && std::fabs(dollars) < 9.2e12);
    return Money(static_cast<std::int64_t>(std::llround(dollars * 1e6)));
  }
  /// A decimal with at most six places ("-12.345600"); nothing else is accepted.
  [[nodiscard]] static constexpr std::optional<Money> parse(std::string_view text) noexcept {
    bool negative = false;
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
      negative = text.front() == '-';
      text.remove_prefix(1);
    }
    std::int64_t micros = 0;
    int places = -1, digits = 0;
    for (const char c : text) {
      if (c == '.' && places < 0) {
        places = 0;
        continue;
      }
      if (c < '0' || c > '9' || places == 6 || micros > 900'000'000'000'000'000) return std::nullopt;
      micros = micros * 10 + (c - '0');
      ++digits;
      if (places >= 0) ++places;
    }
    if (digits == 0 || places == 0) return std::nullopt;
    for (int i = places < 0 ? 0 : places; i < 6; ++i) {
      if (micros > 900'000'000'000'000'000) return std::nullopt;
      micros *= 10;
    }
    return Money(negative ? -micros : micros);
  }

  [[nodiscard]] constexpr std::int64_t micros() const noexcept { return micros_; }
  [[nodiscard]] constexpr double dollars() const noexcept { return static_cast<double>(micros_) / 1e6; }
  /// Whole cents, half away from zero: what a statement shows.
  [[nodiscard]] constexpr std::int64_t cents() const noexcept {
    return (micros_ + (micros_ < 0 ? -5'000 : 5'000)) / 10'000;
  }

  constexpr Money& operator+=(Money other) noexcept { return *this = *this + other; }
  constexpr Money& operator-=(Money other) noexcept { return *this = *this - other; }
  friend constexpr Money operator+(Money a, Money b) noexcept { return Money(a.micros_ + b.micros_); }
  friend constexpr Money operator-(Money a, Money b) noexcept { return Money(a.micros_ - b.micros_); }
  friend constexpr Money operator-(Money a) noexcept { return Money(-a.micros_); }
  friend constexpr Money operator*(Money a, std::int64_t n) noexcept { return Money(a.micros_ * n); }
  friend constexpr Money operator*(std::int64_t n, Money a) noexcept { return a * n; }
  friend constexpr auto operator<=>(Money, Money) noexcept = default;

 private:
  constexpr explicit Money(std::int64_t micros) noexcept : micros_(micros) {}
  std::int64_t micros_ = 0;
};

/// Decimal string with at least two and at most six places: "12.50", "-0.02685".
[[nodiscard]] inline std::string to_string(Money amount) {
  const std::int64_t micros = amount.micros();
  const std::uint64_t size = micros < 0 ? 0 - static_cast<std::uint64_t>(micros) : static_cast<std::uint64_t>(micros);
  std::string fraction = std::to_string(size % 1'000'000);
  fraction.insert(0, 6 - fraction.size(), '0');
  while (fraction.size() > 2 && fraction.back() == '0') fraction.pop_back();
  return (micros < 0 ? "-" : "") + std::to_string(size / 1'000'000) + "." + fraction;
}

}  // namespace alaris::inline v0
