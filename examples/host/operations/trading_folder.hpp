// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where a trading process keeps its state and finds what it is told while it runs: journal, status, halt and resume.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace alaris::host {

class TradingFolder {
 public:
  /// $XDG_STATE_HOME/alaris, else ~/.local/state/alaris; created for its owner only.
  [[nodiscard]] static TradingFolder of_process();
  explicit TradingFolder(std::filesystem::path folder);

  [[nodiscard]] std::filesystem::path journal() const { return folder_ / "journal" / "orders.alj"; }

  /// One JSON object, replaced whole. Not forced to the disk: after a power cut the journal says what happened. False
  /// when it could not be written.
  [[nodiscard]] bool write_status(const std::string& json) const;
  [[nodiscard]] std::optional<std::string> status() const;

  /// A word for the running process, on the disk before this returns: "reduce-only", "halt", "flatten" or "resume" with
  /// a reason, or "reconcile".
  void leave_word(std::string_view word, const std::string& reason) const;
  [[nodiscard]] std::optional<std::string> word(std::string_view word) const;
  void forget_word(std::string_view word) const;

 private:
  [[nodiscard]] bool replace(const std::string& name, const std::string& content, bool durably) const;
  [[nodiscard]] std::optional<std::string> content_of(const std::string& name) const;
  std::filesystem::path folder_;
};

}  // namespace alaris::host
