// SPDX-License-Identifier: Apache-2.0
#pragma once
// A journal's bytes in memory: read and written to like the file they come from, which stays as it is.

#include <string>
#include <string_view>
#include <utility>

#include "gateway/intent_journal.hpp"

namespace alaris::gateway {

class JournalCopy final : public JournalStorage {
 public:
  explicit JournalCopy(std::string bytes) : bytes_(std::move(bytes)) {}
  bool read(std::string& all) override { return all = bytes_, true; }
  bool append(std::string_view more) override { return bytes_ += more, true; }
  bool sync() override { return true; }
  bool truncate(std::size_t size) override { return bytes_.resize(size), true; }
  [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace alaris::gateway
