// SPDX-License-Identifier: Apache-2.0
#pragma once
// The words every floor shares about an option: its right and its exercise style.

#include <cstdint>
#include <string_view>

namespace alaris::inline v0 {

enum class OptionType : std::int8_t { put = -1, call = 1 };
enum class ExerciseStyle : std::uint8_t { european, american };

/// +1 for a call, -1 for a put: the sign of the payoff in the underlying.
[[nodiscard]] constexpr int sign(OptionType type) noexcept {
  return static_cast<int>(type);
}

[[nodiscard]] constexpr std::string_view name(OptionType type) noexcept {
  return type == OptionType::call ? "call" : "put";
}
[[nodiscard]] constexpr std::string_view name(ExerciseStyle style) noexcept {
  return style == ExerciseStyle::american ? "american" : "european";
}

/// Deliverable of a standard US equity option, in shares.
inline constexpr int contract_multiplier = 100;

}  // namespace alaris::inline v0
