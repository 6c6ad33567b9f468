// SPDX-License-Identifier: Apache-2.0
// expect: private
// Only the gate makes a sendable order.
#include <alaris/policy/gate.hpp>

struct Ticket {
  int contracts = 1;
};

void send(const alaris::SendableOrder<Ticket>&) {}

void trade(const Ticket& ticket) {
#ifdef ALARIS_MUST_FAIL
  send(alaris::SendableOrder<Ticket>(ticket, true));
#else
  static_cast<void>(ticket);
#endif
}
