// SPDX-License-Identifier: Apache-2.0
#pragma once
// Text into HTML, nothing else: whatever a symbol, a path or a configuration value holds cannot become markup.

#include <string>
#include <string_view>

namespace alaris::host {

[[nodiscard]] inline std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 && c != '\n' ? ' ' : c;
    }
  return out;
}

}  // namespace alaris::host
