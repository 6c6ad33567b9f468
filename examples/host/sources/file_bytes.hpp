// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whole files into memory, gzip undone, with a fingerprint for the manifest.

#include <cstdint>
#include <filesystem>
#include <string>

namespace alaris::host {

/// The content of a file; ".gz" is decompressed. Throws HostError(data) naming the file.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);
/// The same, or standard input for "-".
[[nodiscard]] std::string read_input(const std::string& name);

/// The bytes of a file as they are. Throws HostError(data) naming the file.
[[nodiscard]] std::string read_bytes(const std::filesystem::path& path);

/// FNV-1a, 64 bits, of the text: tells versions of a file apart, is no protection against intent.
[[nodiscard]] std::uint64_t fingerprint(const std::string& text, std::uint64_t start = 0xcbf29ce484222325u) noexcept;

}  // namespace alaris::host
