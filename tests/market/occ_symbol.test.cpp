// SPDX-License-Identifier: Apache-2.0
#include <alaris/market/occ_symbol.hpp>

#include "support/catch.hpp"

using namespace alaris;

TEST_CASE("the padded and both compact spellings name the same contract", "[market][occ]") {
  const char* text = GENERATE("AAPL  240503C00172500", "AAPL240503C00172500", "O:AAPL240503C00172500");
  CAPTURE(text);
  const auto symbol = parse_occ_symbol(text);
  REQUIRE(symbol);
  CHECK(symbol->root == "AAPL");
  CHECK(symbol->contract == OptionContract{make_date(2024, 5, 3), *Strike::from_dollars(172.5), OptionType::call});
  CHECK(symbol->is_standard());
  CHECK(*format_occ_symbol(*symbol) == "AAPL  240503C00172500");
  CHECK(*format_occ_symbol(*symbol, OccForm::compact) == "AAPL240503C00172500");
}

TEST_CASE("every root length reads back what was written", "[market][occ]") {
  const std::string root = GENERATE(as<std::string>{}, "F", "GE", "IBM", "TSLA", "GOOGL", "GOOGL1");
  const OccSymbol symbol{root, {make_date(2027, 12, 17), Strike::from_thousandths(99'999'999), OptionType::put}};
  for (const OccForm form : {OccForm::padded, OccForm::compact}) {
    const auto text = format_occ_symbol(symbol, form);
    REQUIRE(text);
    CHECK(text->size() == (form == OccForm::padded ? 21 : root.size() + 15));
    CHECK(parse_occ_symbol(*text) == expected<OccSymbol, OccFault>(symbol));
  }
}

TEST_CASE("a strike keeps its thousandth of a dollar", "[market][occ]") {
  CHECK(parse_occ_symbol("NFLX  251219P00070710")->contract.strike == *Strike::from_dollars(70.71));
  CHECK(parse_occ_symbol("SPY   251219P00000001")->contract.strike.thousandths() == 1);
}

TEST_CASE("a digit in the root marks an option that is not standard", "[market][occ]") {
  const auto adjusted = parse_occ_symbol("AAPL1 240503C00172500");
  REQUIRE(adjusted);
  CHECK(adjusted->is_adjusted());
  CHECK_FALSE(adjusted->is_standard());
  CHECK(adjusted->letters() == "AAPL");
  const auto flexible = parse_occ_symbol("1AAPL 240503C00172500");
  CHECK_FALSE(flexible->is_adjusted());
  CHECK_FALSE(flexible->is_standard());
  CHECK(flexible->letters() == "AAPL");
  CHECK_FALSE(parse_occ_symbol("BRKB  240503C00400000")->is_adjusted());
}

TEST_CASE("a Saturday expiry of 2014 and a year of the nineties are read", "[market][occ]") {
  CHECK(parse_occ_symbol("AAPL  140621C00650000")->contract.expiry == make_date(2014, 6, 21));
  CHECK(parse_occ_symbol("IBM   980117C00100000")->contract.expiry == make_date(1998, 1, 17));
}

TEST_CASE("a symbol that is not one says what is wrong with it", "[market][occ]") {
  struct Bad {
    const char* text;
    OccFault fault;
  };
  const Bad bad =
      GENERATE(Bad{"", OccFault::length}, Bad{"240503C00172500", OccFault::length}, Bad{"AAPL", OccFault::length},
               Bad{"TOOLONG240503C00172500", OccFault::length}, Bad{"      240503C00172500", OccFault::root},
               Bad{"aapl  240503C00172500", OccFault::root}, Bad{"AA PL 240503C00172500", OccFault::root},
               Bad{" AAPL 240503C00172500", OccFault::root}, Bad{"AAPL 240503C00172500", OccFault::root},
               Bad{"BRK.B 240503C00172500", OccFault::root}, Bad{"12    240503C00172500", OccFault::root},
               Bad{"AAPL  240230C00172500", OccFault::date}, Bad{"AAPL  24O503C00172500", OccFault::date},
               Bad{"AAPL  240503X00172500", OccFault::right}, Bad{"AAPL  240503c00172500", OccFault::right},
               Bad{"AAPL  240503C00000000", OccFault::strike}, Bad{"AAPL  240503C-0172500", OccFault::strike});
  CAPTURE(bad.text);
  const auto symbol = parse_occ_symbol(bad.text);
  REQUIRE_FALSE(symbol);
  CHECK(symbol.error() == bad.fault);
}

TEST_CASE("what has no symbol is refused and not cut short", "[market][occ]") {
  const OptionContract sound{make_date(2024, 5, 3), *Strike::from_dollars(172.5), OptionType::call};
  CHECK(format_occ_symbol({"", sound}).error() == OccFault::root);
  CHECK(format_occ_symbol({"TOOLONG", sound}).error() == OccFault::root);
  CHECK(format_occ_symbol({"AAPL", {make_date(2090, 1, 20), sound.strike, sound.type}}).error() == OccFault::date);
  CHECK(format_occ_symbol({"AAPL", {sound.expiry, *Strike::from_dollars(100'000), sound.type}}).error() ==
        OccFault::strike);
  CHECK(format_occ_symbol({"AAPL", {sound.expiry, Strike{}, sound.type}}).error() == OccFault::strike);
}
