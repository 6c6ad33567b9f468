// SPDX-License-Identifier: Apache-2.0
#include "store/run_folder.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <utility>

#include <fmt/format.h>

#include "host_error.hpp"

namespace alaris::host {

namespace fs = std::filesystem;

PendingFolder::PendingFolder(fs::path place) : place_(std::move(place)) {
  const fs::path parent = place_.has_parent_path() ? place_.parent_path() : fs::path(".");
  hidden_ = parent / fmt::format(".{}.{}.part", place_.filename().string(), ::getpid());
  std::error_code error;
  fs::create_directories(hidden_, error);
  if (error)
    throw HostError(ExitCode::data, fmt::format("{}: cannot be created: {}", hidden_.string(), error.message()));
}

PendingFolder::~PendingFolder() {
  std::error_code ignored;
  if (!published_) fs::remove_all(hidden_, ignored);
}

void PendingFolder::write(std::string_view name, std::string_view content) const {
  const fs::path path = hidden_ / name;
  std::ofstream out(path, std::ios::binary);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.flush();
  if (!out) throw HostError(ExitCode::data, fmt::format("{}: cannot be written (is the disk full?)", path.string()));
}

void PendingFolder::publish() {
  std::error_code error;
  fs::rename(hidden_, place_, error);
  if (error)
    throw HostError(ExitCode::data, fmt::format("{}: cannot be put in place: {}", place_.string(), error.message()));
  published_ = true;
}

void write_whole(const fs::path& path, std::string_view content) {
  const fs::path part = path.string() + fmt::format(".{}.part", ::getpid());
  std::ofstream out(part, std::ios::binary);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  std::error_code error;
  if (out) fs::rename(part, path, error);
  if (out && !error) return;
  std::error_code ignored;
  fs::remove(part, ignored);
  throw HostError(ExitCode::data, fmt::format("{}: cannot be written", path.string()));
}

std::vector<std::string> list_runs(const fs::path& runs) {
  std::vector<std::string> ids;
  if (!fs::is_directory(runs)) return ids;
  for (const auto& entry : fs::directory_iterator(runs)) {
    const std::string id = entry.path().filename().string();
    if (entry.is_directory() && !id.starts_with('.') && fs::exists(entry.path() / "manifest.json")) ids.push_back(id);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

fs::path find_run(const fs::path& runs, std::string_view name) {
  if (fs::exists(fs::path(name) / "manifest.json")) return name;
  const std::vector<std::string> ids = list_runs(runs);
  if (name == "latest" && !ids.empty()) return runs / ids.back();
  std::vector<std::string> matching;
  for (const std::string& id : ids) {
    const std::size_t dash = id.rfind('-');
    const std::string_view short_id =
        dash == std::string::npos ? std::string_view(id) : std::string_view(id).substr(dash + 1);
    if (id.starts_with(name) || short_id.starts_with(name)) matching.push_back(id);
  }
  if (matching.size() == 1) return runs / matching.front();
  if (matching.size() > 1)
    throw HostError(ExitCode::data, fmt::format("'{}' fits more than one run: {}", name, fmt::join(matching, ", ")));
  throw HostError(ExitCode::data,
                  fmt::format("no run '{}' in {}; {}", name, runs.string(),
                              ids.empty() ? "there are none" : fmt::format("the latest is {}", ids.back())));
}

}  // namespace alaris::host
