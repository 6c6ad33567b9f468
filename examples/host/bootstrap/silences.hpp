// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which servers asked to be left alone, and until when: kept beside the answers, so that a program started again does
// not ask too early (asking within a block prolongs it at SEC EDGAR).

#include <filesystem>
#include <map>
#include <string>

#include <alaris/core/time.hpp>

#include "http/limiter.hpp"

namespace alaris::host {

class Silences {
 public:
  explicit Silences(std::filesystem::path file) : file_(std::move(file)) {}

  /// Holds the servers whose silence lasts beyond `now`; a file that cannot be read holds none.
  void apply(Limiter& limiter, Limiter::Time steady, Instant now) const;
  /// Adds one. A folder that cannot be written is no reason to stop.
  void keep(const std::string& host, Instant until) const;

 private:
  [[nodiscard]] std::map<std::string, Instant> read() const;
  std::filesystem::path file_;
};

}  // namespace alaris::host
