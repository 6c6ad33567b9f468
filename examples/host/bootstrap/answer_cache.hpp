// SPDX-License-Identifier: Apache-2.0
#pragma once
// Answers that were read well, as they came: address, status, headers, time of receipt, body. A broken-off bootstrap
// goes on from them. The folder may be deleted at any time.

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include <alaris/core/time.hpp>

#include "feeds/answer.hpp"

namespace alaris::host {

class AnswerCache {
 public:
  /// $XDG_CACHE_HOME/alaris/answers, else under ~/.cache.
  [[nodiscard]] static std::filesystem::path default_folder();
  explicit AnswerCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// The answer to an address, when it was received at `not_before` or later. A damaged entry counts as none.
  [[nodiscard]] std::optional<HttpAnswer> find(const std::string& url, Instant not_before) const;
  /// Put in place by one rename. Addresses carry no keys: those travel in headers.
  void keep(const std::string& url, const HttpAnswer& answer, Instant received) const;

 private:
  [[nodiscard]] std::filesystem::path file_of(const std::string& url) const;
  std::filesystem::path folder_;
};

}  // namespace alaris::host
