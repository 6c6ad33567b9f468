// SPDX-License-Identifier: Apache-2.0
#pragma once
// The surface of one name as a picture: one HTML file that needs no network.

#include <span>
#include <string>

#include <alaris/strategy/known_surface.hpp>

namespace alaris::host {

/// "2026-07-30 AMC, 2 sources", or that none is known.
[[nodiscard]] std::string report_text(const KnownSurface& surface);
/// "4.71 % +- 0.11 %", or why there is none.
[[nodiscard]] std::string event_text(const KnownSurface& surface);

[[nodiscard]] std::string render_surface(const std::string& symbol, const std::string& source,
                                         std::span<const std::string> labels, const KnownSurface& surface);

}  // namespace alaris::host
