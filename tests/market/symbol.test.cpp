// SPDX-License-Identifier: Apache-2.0
#include <alaris/market/symbol.hpp>

#include "support/catch.hpp"

using namespace alaris;

TEST_CASE("every vendor's spelling of a share class is one stock", "[market][symbol]") {
  for (const char* text : {"BRK.B", "BRK-B", "BRK/B", "brk/b"}) CHECK(canonical_symbol(text) == "BRK.B");
  CHECK(spelled("BRK.B", SymbolSpelling::dash) == "BRK-B");
  CHECK(spelled("BRK.B", SymbolSpelling::slash) == "BRK/B");
  CHECK(spelled("BRK.B", SymbolSpelling::option_root) == "BRKB");
  CHECK(spelled("BRK.B", SymbolSpelling::canonical) == "BRK.B");
}

TEST_CASE("an exchange suffix is no share class", "[market][symbol]") {
  CHECK(canonical_symbol("0700.HK") == "0700.HK");
  CHECK(spelled("0700.HK", SymbolSpelling::dash) == "0700.HK");
  CHECK(spelled("AAPL", SymbolSpelling::option_root) == "AAPL");
}
