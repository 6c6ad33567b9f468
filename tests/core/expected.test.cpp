// SPDX-License-Identifier: Apache-2.0
#include <alaris/core/expected.hpp>

#include <string>
#include <type_traits>
#include <vector>

#include "support/catch.hpp"

using namespace alaris;
enum class Why { missing };

static_assert(std::is_trivially_copyable_v<expected<double, Why>>);
static_assert([] {
  constexpr expected<int, Why> four(4);
  return *four.transform([](int v) { return v * v; }) == 16;
}());

TEST_CASE("an expected holds a value or the reason why there is none", "[core][expected]") {
  expected<std::vector<std::string>, std::string> words(std::vector<std::string>{"a", "b"});
  REQUIRE(words);
  auto copy = words;
  copy = unexpected(std::string("gone"));
  CHECK(copy.error() == "gone");
  words = std::move(copy);
  CHECK_FALSE(words.has_value());
  CHECK(words.value_or({}).empty());
  const expected<double, Why> none = unexpected(Why::missing);
  CHECK(none.and_then([](double v) { return expected<double, Why>(v + 1); }).error() == Why::missing);
}
