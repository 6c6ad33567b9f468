// SPDX-License-Identifier: Apache-2.0
#pragma once
// What every page that we write begins with: one file, no network, light and dark, readable on a phone.

#include <span>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "report/html.hpp"

namespace alaris::host {

inline constexpr std::string_view page_style =
#include "report/style.css.inc"
    ;

/// From the doctype to the labels. `heading` and `below` are plain text.
[[nodiscard]] inline std::string page_head(std::string_view title, std::string_view heading, std::string_view below,
                                           std::span<const std::string> labels) {
  std::string marks;
  for (const std::string& label : labels) marks += fmt::format("<span>{}</span>", escaped(label));
  return fmt::format(
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
      "<meta name=\"color-scheme\" content=\"light dark\"><link rel=\"icon\" href=\"data:,\">"
      "<title>{}</title><style>{}</style></head><body><main><h1>{}</h1><p class=\"faint\">{}</p><p "
      "class=\"labels\">{}</p>",
      escaped(title), page_style, escaped(heading), escaped(below), marks);
}

[[nodiscard]] inline std::string figure(std::string_view label, std::string_view value) {
  return fmt::format("<div><small>{}</small><b>{}</b></div>", label, value);
}

}  // namespace alaris::host
