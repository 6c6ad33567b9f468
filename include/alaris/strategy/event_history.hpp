// SPDX-License-Identifier: Apache-2.0
#pragma once
// What past announcements did against what options had priced: the evidence behind the physical event volatility.

#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <alaris/core/time.hpp>

namespace alaris::inline v0 {

/// One past announcement: z^2 = (move^2 - base variance) / sigma_Q^2, known once the first close after it was in.
struct EventEvidence {
  std::string symbol{};
  Date known_at_close{};
  double squared_score = 0.0;
};

/// Every past event seen so far, over all names. Only additions; ask as of a session.
class EventHistory {
 public:
  void add(EventEvidence evidence) { evidence_.push_back(std::move(evidence)); }

  /// Scores of one name known by the close of `session`.
  [[nodiscard]] std::vector<double> of(std::string_view symbol, Date session) const {
    std::vector<double> scores;
    for (const EventEvidence& e : evidence_)
      if (e.symbol == symbol && e.known_at_close <= session) scores.push_back(e.squared_score);
    return scores;
  }
  /// Mean over all names known by the close of `session`; 1 (no premium assumed) while there are none.
  [[nodiscard]] double pooled_mean(Date session) const noexcept {
    double sum = 0.0;
    int count = 0;
    for (const EventEvidence& e : evidence_)
      if (e.known_at_close <= session) sum += e.squared_score, ++count;
    return count > 0 ? sum / count : 1.0;
  }

 private:
  std::vector<EventEvidence> evidence_{};
};

}  // namespace alaris::inline v0
