// SPDX-License-Identifier: Apache-2.0
// Prints the table of docs/rules.md from the rules themselves; a test asks whether the page holds exactly this.
#include <cstdio>

#include "policy/trade.hpp"

int main() {
  using namespace alaris;
  std::puts("| name | code | what is measured | must be | default | unit |");
  std::puts("|---|---|---|---|---|---|");
  // Limits that depend on the trade are written out; every other one is the default of its type.
  const test::Trade trade;
  for (const Finding& f : assess(test::EveryRule{}, trade).findings) {
    const RuleInfo& r = *f.rule;
    char limit[64];
    std::snprintf(limit, sizeof limit, "%.6g", f.seen.limit);
    if (r.name == "limit.event_night_loss") std::snprintf(limit, sizeof limit, "min(15000, 5 %% of NAV)");
    if (r.name == "limit.assignment_notional") std::snprintf(limit, sizeof limit, "2 x excess liquidity");
    if (r.name.starts_with("order.") && r.name.ends_with("_collar"))
      std::snprintf(limit, sizeof limit, "max(0.10, 25 %% of model value)");
    if (r.name == "quality.spot_move") std::snprintf(limit, sizeof limit, "0.1, after an event 4 sigma");
    if (!f.seen.applies) std::snprintf(limit, sizeof limit, "not limited");
    std::printf("| `%.*s` | %.*s | %.*s | %.*s | %s | %.*s |\n", static_cast<int>(r.name.size()), r.name.data(),
                static_cast<int>(r.code.size()), r.code.data(), static_cast<int>(r.title.size()), r.title.data(),
                static_cast<int>(symbol(r.required).size()), symbol(r.required).data(), limit,
                static_cast<int>(r.unit.size()), r.unit.data());
  }
}
