// SPDX-License-Identifier: Apache-2.0
#pragma once
// The folder a backtest leaves behind. It appears whole or not at all: written beside its place, then renamed.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace alaris::host {

/// Collects files in a hidden folder and puts them in place with one rename. Without publish() nothing remains.
class PendingFolder {
 public:
  /// `place` must not exist yet; its parent is created. Throws HostError(data) when the disk says no.
  explicit PendingFolder(std::filesystem::path place);
  ~PendingFolder();
  PendingFolder(const PendingFolder&) = delete;
  PendingFolder& operator=(const PendingFolder&) = delete;

  void write(std::string_view name, std::string_view content) const;
  void publish();

 private:
  std::filesystem::path place_;
  std::filesystem::path hidden_;
  bool published_ = false;
};

/// Writes a file so that it appears whole or not at all. Throws HostError(data).
void write_whole(const std::filesystem::path& path, std::string_view content);

/// A run by path, id, unique prefix of an id, or "latest", below `runs`. Throws HostError(data) naming what there is.
[[nodiscard]] std::filesystem::path find_run(const std::filesystem::path& runs, std::string_view name);

/// Ids of finished runs, oldest first.
[[nodiscard]] std::vector<std::string> list_runs(const std::filesystem::path& runs);

}  // namespace alaris::host
