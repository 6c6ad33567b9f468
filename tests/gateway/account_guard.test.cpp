// SPDX-License-Identifier: Apache-2.0
#include "operations/account_guard.hpp"
#include "support/catch.hpp"

using alaris::host::disagreement;
using alaris::host::GatewaySettings;

TEST_CASE("a session starts only where mode and port and account mean the same", "[gateway][guard]") {
  const GatewaySettings paper{.port = 4002, .mode = "paper", .account = "DU1234567"};
  const GatewaySettings live{.port = 4001, .mode = "live", .account = "U1234567"};
  CHECK_FALSE(disagreement(paper, false, ""));
  CHECK_FALSE(disagreement(live, true, "U1234567"));
  SECTION("a live session wants the account twice") {
    CHECK(disagreement(live, true, ""));
    CHECK(disagreement(live, true, "U7654321"));
  }
  SECTION("the word and the mode") {
    CHECK(disagreement(paper, true, "DU1234567"));
    CHECK(disagreement(live, false, ""));
  }
  SECTION("the port") {
    for (const int port : {4001, 7496}) {
      GatewaySettings wrong = paper;
      wrong.port = port;
      CHECK(disagreement(wrong, false, ""));
    }
    for (const int port : {4002, 7497, 5000}) {
      GatewaySettings wrong = live;
      wrong.port = port;
      CHECK(disagreement(wrong, true, "U1234567"));
    }
  }
  SECTION("the account") {
    GatewaySettings wrong = paper;
    wrong.account = "U1234567";
    CHECK(disagreement(wrong, false, ""));
    wrong.account = "";
    CHECK(disagreement(wrong, false, ""));
    GatewaySettings other = live;
    other.account = "DU1234567";
    CHECK(disagreement(other, true, "DU1234567"));
  }
}
