// SPDX-License-Identifier: Apache-2.0
#pragma once
// Entries of a zip archive, one after the other.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace alaris::host {

/// Calls visit(name, content) for every entry in archive order; returns a fingerprint of it all. Throws
/// HostError(data) naming archive and entry when something cannot be read or does not match its checksum.
std::uint64_t for_each_entry(const std::filesystem::path& archive,
                             const std::function<void(const std::string& name, const std::string& content)>& visit);

}  // namespace alaris::host
