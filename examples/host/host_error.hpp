// SPDX-License-Identifier: Apache-2.0
#pragma once
// How the host fails: with a sentence and an exit code, turned into both in main() and nowhere else.

#include <stdexcept>
#include <string>

namespace alaris::host {

enum class ExitCode : int {
  done = 0,
  answer_is_no = 1,
  usage = 2,
  configuration = 3,
  data = 4,
  unavailable = 5,
  needs_a_person = 6,
  halted = 7,
  integrity = 8,
  internal = 70,
};

class HostError : public std::runtime_error {
 public:
  HostError(ExitCode code, const std::string& what) : std::runtime_error(what), code_(code) {}
  [[nodiscard]] ExitCode code() const noexcept { return code_; }

 private:
  ExitCode code_;
};

}  // namespace alaris::host
