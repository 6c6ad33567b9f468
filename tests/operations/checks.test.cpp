// SPDX-License-Identifier: Apache-2.0
#include <limits>
#include <string_view>

#include "operations/checks.hpp"
#include "operations/standing_conditions.hpp"
#include "support/catch.hpp"

using namespace alaris;
using namespace alaris::host;
using namespace std::chrono_literals;

namespace {

constexpr Instant now{std::chrono::seconds(1'780'000'000)};

Observations well() {
  Observations seen;
  seen.now = now;
  seen.expected_running = seen.running = seen.connected = seen.reconciled = seen.session_hours = true;
  seen.status_at = now - 1s;
  seen.latencies = {0.1, 0.2};
  seen.validation_score = 0.99;
  seen.resident_gib = 0.1;
  seen.newest_data = now - 60s;
  seen.newest_backup = now - 3h;
  seen.journal_known = true;
  seen.disk_free_gib = 100;
  seen.calendar_days = 400;
  return seen;
}

CheckRow row(const Observations& seen, std::string_view wanted) {
  for (const CheckRow& found : judge(seen, {}))
    if (found.name == wanted) return found;
  FAIL("no such check");
  return {};
}

}  // namespace

TEST_CASE("a host that is well raises nothing", "[operations][checks]") {
  const auto rows = judge(well(), {});
  CHECK(worst(rows) == Health::ok);
  CHECK(conditions_of(rows).empty());
  for (const CheckRow& found : rows) CHECK(found.health == Health::ok);
}

TEST_CASE("latency warns above 2 s and is critical above 5 s at the 95th percentile", "[operations][checks]") {
  Observations seen = well();
  seen.latencies.assign(100, 0.1);
  for (std::size_t i = 0; i < 5; ++i) seen.latencies[i] = 60;  // five of a hundred: p95 does not see them
  CHECK(row(seen, "latency_p95").health == Health::ok);
  seen.latencies[5] = 2.0;
  CHECK(row(seen, "latency_p95").health == Health::ok);
  seen.latencies[5] = 2.001;
  CHECK(row(seen, "latency_p95").health == Health::warning);
  seen.latencies[5] = std::numeric_limits<double>::infinity();  // a timeout
  CHECK(row(seen, "latency_p95").health == Health::critical);
  CHECK(row(seen, "latency_p95").condition->severity == Severity::p1);
  seen.latencies.clear();
  CHECK(row(seen, "latency_p95").health == Health::unknown);
}

TEST_CASE("the data score warns below 95 percent and is critical below 90", "[operations][checks]") {
  Observations seen = well();
  for (const auto& [score, health] :
       {std::pair{0.95, Health::ok}, {0.949, Health::warning}, {0.90, Health::warning}, {0.899, Health::critical}}) {
    seen.validation_score = score;
    CHECK(row(seen, "validation_score").health == health);
  }
}

TEST_CASE("memory above 6 GiB is a warning and above 7 GiB stops new work", "[operations][checks]") {
  Observations seen = well();
  seen.resident_gib = 6.5;
  CHECK(row(seen, "memory").condition->severity == Severity::p2);
  seen.resident_gib = 7.01;
  CHECK(row(seen, "memory").condition->severity == Severity::p1);
  CHECK(row(seen, "memory").health == Health::critical);
}

TEST_CASE("a lost gateway is capital at risk with positions open and timed in session hours only",
          "[operations][checks]") {
  Observations seen = well();
  seen.connected = false;
  CHECK(row(seen, "gateway").condition->severity == Severity::p1);
  seen.positions_open = true;
  CHECK(row(seen, "gateway").condition->severity == Severity::p0);
  CHECK(row(seen, "gateway").condition->of_connection);
  seen.session_hours = false;
  CHECK(row(seen, "gateway").condition->severity == Severity::p2);
  CHECK(row(seen, "gateway").health == Health::warning);
}

TEST_CASE("a difference in quantity is capital at risk and any other blocks the symbol", "[operations][checks]") {
  Observations seen = well();
  seen.other_differences = 1;
  CHECK(row(seen, "reconciliation").condition->severity == Severity::p1);
  seen.quantity_differences = 1;
  CHECK(row(seen, "reconciliation").condition->severity == Severity::p0);
  seen = well();
  seen.reconciled = false;
  CHECK(!row(seen, "reconciliation").condition);
  seen.after_deadline = true;
  CHECK(row(seen, "reconciliation").condition->severity == Severity::p0);
}

TEST_CASE("a newest backup older than 26 hours is an alarm and so is none", "[operations][checks]") {
  Observations seen = well();
  seen.newest_backup = now - 26h;
  CHECK(row(seen, "backup_age").health == Health::ok);
  seen.newest_backup = now - 26h - 1s;
  CHECK(row(seen, "backup_age").condition->severity == Severity::p1);
  seen.newest_backup.reset();
  CHECK(row(seen, "backup_age").health == Health::critical);
}

TEST_CASE("stale data may mark and close and is no emergency", "[operations][checks]") {
  Observations seen = well();
  seen.newest_data = now - 901s;
  CHECK(row(seen, "data_age").health == Health::warning);
  CHECK(row(seen, "data_age").condition->severity == Severity::p2);
  seen.session_hours = false;
  CHECK(!row(seen, "data_age").condition);
}

TEST_CASE("a trading process that ended or hangs is noticed", "[operations][checks]") {
  Observations seen = well();
  seen.running = false;
  CHECK(row(seen, "process").condition->severity == Severity::p1);
  seen.positions_open = true;
  CHECK(row(seen, "process").condition->severity == Severity::p0);
  seen.running = true;
  seen.status_at = now - 31s;
  CHECK(row(seen, "process").health == Health::critical);
}

TEST_CASE("a damaged journal and a full disk are told", "[operations][checks]") {
  Observations seen = well();
  seen.journal_damaged = true;
  seen.disk_free_gib = 0.4;
  CHECK(row(seen, "journal").condition->severity == Severity::p0);
  CHECK(row(seen, "disk_free").condition->severity == Severity::p1);
}

TEST_CASE("an exchange calendar that ends is told months before", "[operations][checks]") {
  Observations seen = well();
  seen.calendar_days = 119;
  CHECK(row(seen, "calendar").condition->severity == Severity::p2);
  seen.calendar_days = 44;
  CHECK(row(seen, "calendar").condition->severity == Severity::p1);
}

TEST_CASE("where nothing trades nothing is wrong that nobody could know", "[operations][checks]") {
  Observations seen;
  seen.now = now;
  const auto rows = judge(seen, {});
  CHECK(worst(rows) == Health::ok);
  CHECK(conditions_of(rows).empty());
}

namespace {

/// Monday, an hour after the deadline of the books.
Observations compared_this_morning() {
  Observations seen = well();
  seen.now = new_york_instant(make_date(2026, 11, 30), 10h + 15min);
  seen.status_at = seen.now - 1s, seen.newest_data = seen.now - 60s, seen.newest_backup = seen.now - 3h;
  seen.after_deadline = true;
  seen.started_at = seen.now - 3h;
  seen.compared_at = seen.now - 2h;
  return seen;
}

}  // namespace

TEST_CASE("books that were compared this morning are not missed when the connection drops", "[operations][checks]") {
  Observations seen = compared_this_morning();
  seen.connected = seen.reconciled = false;
  CHECK(!row(seen, "reconciliation").condition);
  CHECK(row(seen, "gateway").condition->severity == Severity::p1);  // the drop is the gateway's
  seen.compared_at = seen.now - 24h;
  REQUIRE(row(seen, "reconciliation").condition);
  CHECK(row(seen, "reconciliation").condition->severity == Severity::p0);
  CHECK(row(seen, "reconciliation").condition->of_connection);  // it ends with the next comparison
}

TEST_CASE("a process that has just started has five minutes to compare its books", "[operations][checks]") {
  Observations seen = compared_this_morning();
  seen.reconciled = false;
  seen.compared_at.reset();
  seen.started_at = seen.now - 4min - 59s;
  CHECK(!row(seen, "reconciliation").condition);
  seen.started_at = seen.now - 5min;
  CHECK(row(seen, "reconciliation").condition->severity == Severity::p0);
  seen.after_deadline = false;  // the evening of a session day, and every other time at which nothing trades
  CHECK(!row(seen, "reconciliation").condition);
}

TEST_CASE("a planned window raises nothing of the connection above a warning", "[operations][checks][alerts]") {
  Observations seen = compared_this_morning();
  seen.connected = seen.reconciled = false;
  seen.compared_at.reset();
  seen.planned_window = seen.positions_open = true;
  AlertBoard board;
  (void)board.observe(seen.now, conditions_of(judge(seen, {}), seen), {true, true});
  for (const auto& [key, alert] : board.alerts) CHECK(alert.severity == Severity::p2);
}

TEST_CASE("a session that practises is judged by the time it keeps", "[operations][checks]") {
  Observations seen = compared_this_morning();
  seen.session_clock = new_york_instant(make_date(2023, 7, 20), 10h);
  seen.started_at = *seen.session_clock - 1h;
  seen.compared_at = *seen.session_clock - 30min;
  CHECK(!row(seen, "reconciliation").condition);
}

TEST_CASE("what the trading process says is wrong reaches the alerts beside the checks", "[operations][checks]") {
  Observations seen = well();
  seen.conditions = {{"AAPL-entry", Severity::p0, "one leg is executed and the other is not"}};
  const auto rows = judge(seen, {});
  CHECK(worst(rows) == Health::critical);
  const auto conditions = conditions_of(rows, seen);
  REQUIRE(conditions.size() == 1);
  CHECK(conditions[0].key == "AAPL-entry");
}

TEST_CASE("at night nobody quotes and old data is no failure", "[operations][checks]") {
  Observations seen = well();
  seen.newest_data = now - 12h;
  seen.session_hours = false;
  CHECK(row(seen, "data_age").health == Health::ok);
}

TEST_CASE("an event is told for two minutes and a state for as long as it lasts", "[operations][alerts]") {
  StandingConditions standing;
  standing.happened(now, "order", Severity::p1, "rejected");
  standing.happened(now + 1s, "order", Severity::p0, "one leg");
  standing.happened(now + 2s, "order", Severity::p1, "rejected");
  standing.stands("journal", Severity::p0, "not written");
  auto told = standing.at(now + 60s);
  REQUIRE(told.size() == 2);
  CHECK(told[1].severity == Severity::p0);
  CHECK(told[1].what == "one leg");
  CHECK(standing.at(now + 122s).size() == 1);
  standing.over("journal");
  CHECK(standing.at(now + 122s).empty());
}
