// SPDX-License-Identifier: Apache-2.0
#include "operations/trading_folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "host_error.hpp"

namespace alaris::host {

namespace fs = std::filesystem;

TradingFolder TradingFolder::of_process() {
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  const fs::path base = state && *state ? fs::path(state) : fs::path(home ? home : ".") / ".local" / "state";
  return TradingFolder(base / "alaris");
}

TradingFolder::TradingFolder(fs::path folder) : folder_(std::move(folder)) {
  std::error_code error;
  const bool made = fs::create_directories(folder_, error);
  if (error) throw HostError(ExitCode::data, fmt::format("{}: {}", folder_.string(), error.message()));
  if (made) fs::permissions(folder_, fs::perms::owner_all, error);
}

bool TradingFolder::replace(const std::string& name, const std::string& content, bool durably) const {
  const fs::path target = folder_ / name, draft = folder_ / (name + ".new");
  const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool written = file >= 0 &&
                       ::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()) &&
                       (!durably || ::fsync(file) == 0);
  if (file >= 0) ::close(file);
  std::error_code error;
  if (written) fs::rename(draft, target, error);
  return written && !error;
}

std::optional<std::string> TradingFolder::content_of(const std::string& name) const {
  std::ifstream in(folder_ / name, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

bool TradingFolder::write_status(const std::string& json) const {
  return replace("trading.json", json, false);
}
std::optional<std::string> TradingFolder::status() const {
  return content_of("trading.json");
}
void TradingFolder::leave_word(std::string_view word, const std::string& reason) const {
  const std::string name = "trading." + std::string(word);
  if (!replace(name, reason, true))
    throw HostError(ExitCode::data, fmt::format("{} cannot be written", (folder_ / name).string()));
}
std::optional<std::string> TradingFolder::word(std::string_view word) const {
  return content_of("trading." + std::string(word));
}
void TradingFolder::forget_word(std::string_view word) const {
  std::error_code ignored;
  fs::remove(folder_ / ("trading." + std::string(word)), ignored);
}

}  // namespace alaris::host
