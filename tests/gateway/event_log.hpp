// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the tests of a session share: the account they use, the instant they begin at, and a look at what was heard.

#include <vector>

#include "gateway/session.hpp"

namespace alaris::test {

/// A Monday at 14:31:07 UTC: 09:31:07 in New York.
inline const Instant monday_morning = Instant(std::chrono::seconds(1795444267));

[[nodiscard]] inline gateway::SessionSettings paper_settings() {
  gateway::SessionSettings settings;
  settings.account = "DU1234567";
  return settings;
}

struct EventLog {
  std::vector<gateway::SessionEvent> events{};

  template <class E>
  [[nodiscard]] std::vector<E> events_of() const {
    std::vector<E> found;
    for (const auto& event : events)
      if (const E* e = std::get_if<E>(&event)) found.push_back(*e);
    return found;
  }
  template <class M>
  [[nodiscard]] std::vector<M> messages_of() const {
    std::vector<M> found;
    for (const auto& received : events_of<gateway::MessageReceived>())
      if (const M* m = std::get_if<M>(&received.message)) found.push_back(*m);
    return found;
  }
};

}  // namespace alaris::test
