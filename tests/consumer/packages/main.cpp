// SPDX-License-Identifier: Apache-2.0
// A stranger's program with the headers that use packages: a verdict as text.
#include <string>

#include <alaris/adapters/fmt.hpp>
#include <alaris/policy/pre_trade_rules.hpp>

struct MyOrder {
  double net_delta;
};

int main() {
  std::string said;
  for (const alaris::Finding& finding : alaris::assess(alaris::all_of<alaris::NetDelta<>>{}, MyOrder{0.2}).findings)
    said += fmt::format("{}", finding);
  return said.starts_with("refused gamma.net_delta") ? 0 : 1;
}
