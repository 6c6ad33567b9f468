// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "operations/alerts.hpp"
#include "support/catch.hpp"

using namespace alaris;
using namespace alaris::host;
using namespace std::chrono_literals;

namespace {

constexpr Instant start{std::chrono::seconds(1'780'000'000)};

Condition trouble(Severity severity) {
  return {"gateway", severity, "no answer"};
}

struct Watch {
  AlertBoard board{};
  Surroundings around{};
  std::vector<Announcement> told(std::chrono::seconds at, const std::vector<Condition>& conditions) {
    return board.observe(start + at, conditions, around);
  }
};

}  // namespace

TEST_CASE("the same trouble is told once however often it is seen", "[operations][alerts]") {
  Watch watch;
  CHECK(watch.told(0s, {trouble(Severity::p1)}).size() == 1);
  for (int second = 1; second < 600; ++second)
    CHECK(watch.told(std::chrono::seconds(second), {trouble(Severity::p1)}).empty());
}

TEST_CASE("capital at risk stays an alert until a person clears it with a reason", "[operations][alerts]") {
  Watch watch;
  CHECK(watch.told(0s, {trouble(Severity::p0)}).at(0).severity == Severity::p0);
  CHECK(watch.board.halts());
  CHECK(watch.board.clear(start + 1s, "gateway", "seen").empty());  // it is still so
  CHECK(watch.told(1h, {}).empty());
  CHECK(watch.board.halts());
  CHECK(watch.board.clear(start + 1h, "gateway", "  ").empty());
  const auto cleared = watch.board.clear(start + 1h, "gateway", "position checked by hand");
  REQUIRE(cleared.size() == 1);
  CHECK(cleared[0].change == AlertChange::cleared);
  CHECK(cleared[0].what.find("position checked by hand") != std::string::npos);
  CHECK(!watch.board.halts());
}

TEST_CASE("a degraded state of 15 minutes with positions open is capital at risk", "[operations][alerts]") {
  for (const bool open : {false, true}) {
    Watch watch;
    watch.around.positions_open = open;
    CHECK(watch.told(0s, {trouble(Severity::p1)}).size() == 1);
    CHECK(watch.told(899s, {trouble(Severity::p1)}).empty());
    const auto told = watch.told(900s, {trouble(Severity::p1)});
    CHECK(told.size() == (open ? 1u : 0u));
    CHECK(watch.board.halts() == open);
  }
}

TEST_CASE("a degraded state that ends in time clears itself after a quiet minute", "[operations][alerts]") {
  Watch watch;
  watch.around.positions_open = true;
  (void)watch.told(0s, {trouble(Severity::p1)});
  CHECK(watch.told(30s, {}).empty());
  CHECK(watch.told(45s, {trouble(Severity::p1)}).empty());  // back again: the same alert
  CHECK(watch.board.alerts.at("gateway").times == 2);
  CHECK(watch.told(100s, {}).empty());
  const auto told = watch.told(105s, {});
  REQUIRE(told.size() == 1);
  CHECK(told[0].change == AlertChange::cleared);
  CHECK(watch.board.alerts.empty());
}

TEST_CASE("an acknowledged alert keeps its latch and is heard again when it gets worse", "[operations][alerts]") {
  Watch watch;
  watch.around.positions_open = true;
  (void)watch.told(0s, {trouble(Severity::p1)});
  CHECK(watch.board.acknowledge(start, "gateway").size() == 1);
  CHECK(watch.board.acknowledge(start, "gateway").empty());
  CHECK(watch.told(900s, {trouble(Severity::p1)}).at(0).change == AlertChange::escalated);
  CHECK(!watch.board.alerts.at("gateway").acknowledged);
  CHECK(watch.board.halts());
}

TEST_CASE("a lost connection in a planned window is a warning and its clock starts with the window's end",
          "[operations][alerts]") {
  Watch watch;
  watch.around = {.positions_open = true, .planned_window = true};
  Condition lost{"gateway", Severity::p0, "lost", true};
  CHECK(watch.told(0s, {lost}).empty());
  CHECK(watch.told(5000s, {lost}).empty());
  CHECK(!watch.board.halts());
  watch.around.planned_window = false;
  lost.severity = Severity::p1;
  CHECK(watch.told(5400s, {lost}).at(0).severity == Severity::p1);
  CHECK(watch.told(6299s, {lost}).empty());
  CHECK(watch.told(6300s, {lost}).at(0).severity == Severity::p0);
  CHECK(watch.board.halts());
  CHECK(watch.told(6400s, {}).size() == 1);  // connected and reconciled: no person is needed
  CHECK(!watch.board.halts());
}

TEST_CASE("a planned window hides no difference in quantity", "[operations][alerts]") {
  Watch watch;
  watch.around.planned_window = true;
  CHECK(watch.told(0s, {{"reconciliation", Severity::p0, "quantities differ"}}).size() == 1);
}

TEST_CASE("warnings wait for one digest a day", "[operations][alerts]") {
  Watch watch;
  CHECK(watch.told(0s, {trouble(Severity::p2), {"disk", Severity::p2, "filling"}}).empty());
  CHECK(watch.told(60s, {trouble(Severity::p2)}).empty());
  const auto digest = watch.board.take_digest();
  CHECK(digest.size() == 3);  // two raised, one cleared
  CHECK(watch.board.take_digest().empty());
}

TEST_CASE("what was a warning is told at once when it becomes worse", "[operations][alerts]") {
  Watch watch;
  CHECK(watch.told(0s, {trouble(Severity::p2)}).empty());
  CHECK(watch.told(1s, {trouble(Severity::p1)}).at(0).change == AlertChange::escalated);
  CHECK(watch.told(2s, {trouble(Severity::p0)}).at(0).severity == Severity::p0);
}

TEST_CASE("a clock that goes back neither escalates nor clears an alert", "[operations][alerts]") {
  Watch watch;
  watch.around.positions_open = true;
  (void)watch.told(1000s, {trouble(Severity::p1)});
  CHECK(watch.told(100s, {trouble(Severity::p1)}).empty());
  CHECK(watch.told(101s, {}).empty());
  CHECK(watch.board.alerts.size() == 1);
}

TEST_CASE("what is degraded in the session grows no worse after its close", "[operations][alerts]") {
  Watch watch;
  watch.around.positions_open = true;
  Condition lost{"gateway", Severity::p1, "lost", true};
  CHECK(watch.told(0s, {lost}).size() == 1);
  lost.severity = Severity::p2;  // the session has closed
  CHECK(watch.told(300s, {lost}).empty());
  CHECK(watch.told(3600s, {lost}).empty());
  CHECK(!watch.board.halts());
  lost.severity = Severity::p1;  // half an hour before the next: its clock starts again
  CHECK(watch.told(60000s, {lost}).empty());
  CHECK(watch.told(60899s, {lost}).empty());
  CHECK(watch.told(60900s, {lost}).at(0).severity == Severity::p0);
}

TEST_CASE("a lost connection halts nothing that a person must resume and any other capital at risk does",
          "[operations][alerts]") {
  Watch watch;
  (void)watch.told(0s, {{"gateway", Severity::p0, "lost", true}});
  CHECK(watch.board.halts());
  CHECK(!watch.board.needs_a_person());
  (void)watch.told(1s, {{"journal", Severity::p0, "damaged"}});
  CHECK(watch.board.needs_a_person());
}
