// SPDX-License-Identifier: Apache-2.0
#pragma once
// A disk that forgets what was not synced, tears the last write, and fails on command.

#include <random>
#include <string>

#include "gateway/intent_journal.hpp"

namespace alaris::test {

class SimulatedDisk final : public gateway::JournalStorage {
 public:
  std::string durable{};
  std::string cached{};
  int syncs = 0;
  bool write_fails = false;
  bool sync_fails = false;
  bool sync_lies = false;  // says it is durable when it is not

  bool read(std::string& all) override { return all = cached, true; }
  bool append(std::string_view bytes) override {
    if (write_fails) return false;
    cached += bytes;
    return true;
  }
  bool sync() override {
    if (sync_fails) return false;
    if (!sync_lies) durable = cached;
    ++syncs;
    return true;
  }
  bool truncate(std::size_t size) override { return cached.resize(size), true; }

  /// The power goes: of what was not synced some prefix survives, its last bytes perhaps as noise.
  template <class Random>
  void crash(Random& random) {
    std::string tail = cached.substr(std::min(durable.size(), cached.size()));
    if (!tail.empty()) tail.resize(random() % (tail.size() + 1));
    if (!tail.empty() && random() % 3 == 0) tail.back() = static_cast<char>(random());
    cached = durable + tail;
    durable = cached;
    write_fails = sync_fails = false;
  }
};

}  // namespace alaris::test
