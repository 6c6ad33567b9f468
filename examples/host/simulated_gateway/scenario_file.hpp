// SPDX-License-Identifier: Apache-2.0
#pragma once
// A scenario from its JSON file; docs/formats.md describes every field.

#include <filesystem>

#include <alaris/core/time.hpp>

#include "simulated_gateway/scenario.hpp"

namespace alaris::simulated {

/// Throws host::HostError with every complaint at once. What the file leaves out is as in `default_scenario(today)`.
[[nodiscard]] Scenario read_scenario(const std::filesystem::path& file, Date today);

}  // namespace alaris::simulated
