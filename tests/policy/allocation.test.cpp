// SPDX-License-Identifier: Apache-2.0
// Judging allocates nothing: every allocation of this program is counted.
#include <cstddef>
#include <cstdlib>
#include <new>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "trade.hpp"

namespace {
std::size_t allocations = 0;

void* counted(std::size_t bytes) {
  ++allocations;
  if (void* memory = std::malloc(bytes ? bytes : 1)) return memory;
  throw std::bad_alloc();
}

/// How many allocations a piece of work makes.
template <class F>
std::size_t allocated_by(F work) {
  const std::size_t before = allocations;
  work();
  return allocations - before;
}
}  // namespace

void* operator new(std::size_t bytes) {
  return counted(bytes);
}
void* operator new[](std::size_t bytes) {
  return counted(bytes);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}

using namespace alaris;
using alaris::test::EveryRule;
using alaris::test::Trade;

TEST_CASE("judging a trade by every rule allocates nothing", "[policy][allocation]") {
  const Trade trade;
  const EveryRule rules{};
  bool agreed = true;
  CHECK(allocated_by([&] {
          for (int i = 0; i < 100; ++i) agreed = agreed && admits(rules, trade) && assess(rules, trade).accepted;
        }) == 0);
  CHECK(agreed);
  CHECK(allocated_by([] { const std::vector<int> one(1); }) == 1);  // the count counts
}

TEST_CASE("a rule chosen at run time allocates when it is made and never when it judges", "[policy][allocation]") {
  const Trade trade;
  const std::size_t before = allocations;
  const any_policy<Trade> chosen{EveryRule{}};
  CHECK(allocations - before == 1);
  std::vector<Finding> findings(chosen.size());
  bool accepted = true;
  CHECK(allocated_by([&] {
          for (int i = 0; i < 100; ++i) accepted = accepted && chosen.admits(trade) && chosen.assess(trade, findings);
        }) == 0);
  CHECK(accepted);
}
