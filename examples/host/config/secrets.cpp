// SPDX-License-Identifier: Apache-2.0
#include "config/secrets.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "host_error.hpp"

namespace alaris::host {

std::optional<Secret> read_secret(const std::string& name) {
  const auto one_line = [](const std::string& value) {
    return !value.empty() && std::all_of(value.begin(), value.end(),
                                         [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != 127; });
  };
  if (const char* value = std::getenv(name.c_str()); value && *value) {
    std::string key = value;
    while (key.ends_with('\n') || key.ends_with('\r')) key.pop_back();
    if (!one_line(key))
      throw HostError(ExitCode::configuration,
                      name + ": one line with the key is required, without control characters");
    return Secret(std::move(key));
  }
  const std::string file_name = name + "_FILE";
  const char* path = std::getenv(file_name.c_str());
  if (!path || !*path) return std::nullopt;
  const auto refuse = [&](std::string_view why) {
    throw HostError(ExitCode::configuration, fmt::format("{}: {}: {}", file_name, path, why));
  };
  std::error_code failed;
  const auto status = std::filesystem::status(path, failed);
  if (failed || !std::filesystem::is_regular_file(status)) refuse("no such file");
  using std::filesystem::perms;
  if ((status.permissions() & (perms::group_all | perms::others_all)) != perms::none)
    refuse("others may read it; 'chmod 600' it");
  std::ifstream in(path, std::ios::binary);
  std::string value((std::istreambuf_iterator<char>(in)), {});
  while (value.ends_with('\n') || value.ends_with('\r')) value.pop_back();
  if (!in.good() && !in.eof()) refuse("cannot be read");
  if (!one_line(value)) refuse("one line with the key is required");
  return Secret(std::move(value));
}

}  // namespace alaris::host
