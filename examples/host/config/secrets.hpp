// SPDX-License-Identifier: Apache-2.0
#pragma once
// Keys and addresses that nobody else may read: from the environment, or from a file for the owner alone that NAME_FILE
// names. They have no text form: only what sends them may look inside.

#include <optional>
#include <string>

namespace alaris::host {

class Secret {
 public:
  explicit Secret(std::string value) : value_(std::move(value)) {}
  /// For the one place that sends it.
  [[nodiscard]] const std::string& reveal() const noexcept { return value_; }

 private:
  std::string value_;
};

/// $NAME, else the content of the file $NAME_FILE without the line end; nothing when neither is set. Throws
/// HostError(configuration) for a file that others may read or that is missing, and for anything but one plain line.
[[nodiscard]] std::optional<Secret> read_secret(const std::string& name);

}  // namespace alaris::host
