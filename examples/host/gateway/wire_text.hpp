// SPDX-License-Identifier: Apache-2.0
#pragma once
// Text on the wire: identifiers must be clean, free text is repaired, \uXXXX escapes are undone and made.

#include <string>
#include <string_view>

namespace alaris::gateway {

[[nodiscard]] constexpr bool printable_ascii(std::string_view text) noexcept {
  for (const char c : text)
    if (c < 0x20 || c > 0x7E) return false;
  return true;
}
/// Valid UTF-8 without control characters.
[[nodiscard]] bool clean_utf8(std::string_view text) noexcept;
/// Escapes undone; what is not UTF-8 becomes U+FFFD, control characters a space. Never fails.
[[nodiscard]] std::string undo_escapes(std::string_view text);
/// Printable ASCII: everything else as \uXXXX (above U+FFFF as two).
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace alaris::gateway
