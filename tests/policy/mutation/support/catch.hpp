// SPDX-License-Identifier: Apache-2.0
#pragma once
// The few words of Catch2 that the policy tests use, small enough to compile hundreds of times: mutation.py builds the
// same test files against this seam. A failed check ends the program with 1.
#include <cstdio>
#include <cstdlib>

namespace alaris::test {
struct Case {
  void (*run)();
  Case* next;
};
inline Case* cases = nullptr;
struct Registration {
  Case one;
  explicit Registration(void (*run)()) : one{run, cases} { cases = &one; }
};
inline void check(bool holds, const char* what) {
  if (holds) return;
  std::puts(what);
  std::exit(1);
}
}  // namespace alaris::test

#define ALARIS_JOIN2(a, b) a##b
#define ALARIS_JOIN(a, b) ALARIS_JOIN2(a, b)
#define ALARIS_CASE(function)                                                        \
  static void function();                                                            \
  static ::alaris::test::Registration ALARIS_JOIN(registered_, function)(&function); \
  static void function()
#define TEST_CASE(...) ALARIS_CASE(ALARIS_JOIN(case_, __COUNTER__))
#define CHECK(...) ::alaris::test::check(static_cast<bool>(__VA_ARGS__), #__VA_ARGS__)
#define REQUIRE(...) CHECK(__VA_ARGS__)
#define CHECK_FALSE(...) ::alaris::test::check(!static_cast<bool>(__VA_ARGS__), #__VA_ARGS__)
#define CAPTURE(...) static_cast<void>(0)

#ifdef ALARIS_MUTATION_MAIN
int main() {
  for (const auto* one = alaris::test::cases; one; one = one->next) one->run();
}
#endif
