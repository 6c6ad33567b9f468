// SPDX-License-Identifier: Apache-2.0
#include "operations/config_history.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "gateway/sha256.hpp"
#include "host_error.hpp"
#include "store/run_folder.hpp"

namespace alaris::host {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

Instant used_at(const fs::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return {};
  return Instant(std::chrono::seconds(info.st_mtim.tv_sec));
}

void use_at(const fs::path& file, Instant at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
  const timespec times[2] = {{seconds, 0}, {seconds, 0}};
  (void)::utimensat(AT_FDCWD, file.c_str(), times, 0);
}

}  // namespace

std::string configuration_hash(std::string_view toml) {
  return gateway::sha256_hex(toml).substr(0, 16);
}

std::string keep_configuration(const fs::path& state, std::string_view toml, Instant now, std::chrono::days kept) {
  const std::string hash = configuration_hash(toml);
  const fs::path folder = state / "config", file = folder / (hash + ".toml");
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw HostError(ExitCode::data, fmt::format("{}: {}", folder.string(), error.message()));
  fs::permissions(folder, fs::perms::owner_all, error);
  if (text_of(file) != toml) write_whole(file, toml);
  use_at(file, now);
  for (const KeptConfiguration& old : configuration_history(state))
    if (old.hash != hash && now - old.used > kept) fs::remove(folder / (old.hash + ".toml"), error);
  return hash;
}

std::vector<KeptConfiguration> configuration_history(const fs::path& state) {
  std::vector<KeptConfiguration> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(state / "config", error)) {
    if (entry.path().extension() != ".toml") continue;
    const std::string hash = entry.path().stem().string();
    found.push_back({hash, used_at(entry.path()), configuration_hash(text_of(entry.path())) == hash});
  }
  std::sort(found.begin(), found.end(), [](const KeptConfiguration& a, const KeptConfiguration& b) {
    return a.used != b.used ? a.used > b.used : a.hash < b.hash;
  });
  return found;
}

std::string kept_configuration(const fs::path& state, std::string_view hash) {
  std::vector<std::string> matching;
  for (const KeptConfiguration& kept : configuration_history(state))
    if (kept.hash.starts_with(hash)) matching.push_back(kept.hash);
  if (hash.empty() || matching.size() != 1)
    throw HostError(ExitCode::data, fmt::format("'{}' names {} kept configurations", hash, matching.size()));
  return text_of(state / "config" / (matching[0] + ".toml"));
}

}  // namespace alaris::host
