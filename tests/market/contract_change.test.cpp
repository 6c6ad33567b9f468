// SPDX-License-Identifier: Apache-2.0
#include <alaris/market/contract_change.hpp>
#include <alaris/market/occ_symbol.hpp>
#include <alaris/market/quote.hpp>

#include "support/catch.hpp"

using namespace alaris;

namespace {
OptionContract of(const char* symbol) {
  return parse_occ_symbol(symbol)->contract;
}
}  // namespace

TEST_CASE("a whole number split divides the strike and multiplies the contracts", "[market][split]") {
  struct Case {
    const char* before;
    double ratio;
    const char* after;
  };
  for (const Case& c : {Case{"AAPL200918C00500000", 4.0, "AAPL200918C00125000"},     // 2020-08-31
                        Case{"NVDA240621C01200000", 10.0, "NVDA240621C00120000"},    // 2024-06-10
                        Case{"AAPL140719P00645000", 7.0, "AAPL140719P00092140"},     // 2014-06-09: 92.142857
                        Case{"AAPL140719C00650000", 7.0, "AAPL140719C00092860"}}) {  // 92.857143
    CAPTURE(c.before);
    const auto after = after_split(of(c.before), c.ratio);
    REQUIRE(after);
    CHECK(after->contract == of(c.after));
    CHECK(after->contracts == static_cast<int>(c.ratio));
  }
}

TEST_CASE("a reverse split or an odd ratio leaves no standard contract", "[market][split]") {
  CHECK(after_split(of("SDS220204C00003000"), 0.2).error() == NotStandard::reverse_split);
  CHECK(after_split(of("XYZ240621C00050000"), 1.5).error() == NotStandard::odd_ratio);
  CHECK(after_split(of("XYZ240621C00000010"), 100.0).error() == NotStandard::strike_lost);
  CHECK(!after_split(of("XYZ240621C00050000"), not_known));
  CHECK(after_split(of("XYZ240621C00050000"), 1.0)->contracts == 1);
}

TEST_CASE("a contract meets only the splits between two closes and before its expiry", "[market][split]") {
  const std::vector<Split> splits{{make_date(2014, 6, 9), 7.0}, {make_date(2020, 8, 31), 4.0}};
  const OptionContract call = of("AAPL200918C00500000");
  const auto held = [&](Date from, Date to) { return continued(call, from, to, splits)->contracts; };
  CHECK(held(make_date(2020, 8, 28), make_date(2020, 8, 31)) == 4);
  CHECK(held(make_date(2020, 8, 27), make_date(2020, 8, 28)) == 1);
  CHECK(held(make_date(2020, 8, 31), make_date(2020, 9, 1)) == 1);
  CHECK(continued(of("AAPL200821C00500000"), make_date(2020, 8, 20), make_date(2020, 9, 1), splits)->contracts == 1);
}

TEST_CASE("a special dividend changes contracts from twelve and a half dollars a contract on", "[market][split]") {
  CHECK(special_dividend_adjusts(15.0));  // COST, ex 2023-12-27
  CHECK(special_dividend_adjusts(0.125));
  CHECK(!special_dividend_adjusts(0.12));
}

TEST_CASE("a split or special dividend announced before the back expiry is a pending change", "[market][split]") {
  const Date today = make_date(2024, 5, 30), back = make_date(2024, 6, 21);
  const std::vector<Split> splits{{make_date(2024, 6, 10), 10.0}, {make_date(2024, 7, 1), 2.0}};
  CHECK(pending_contract_changes(splits, {}, today, back) == 1);
  CHECK(pending_contract_changes(splits, {}, make_date(2024, 6, 10), back) == 0);  // effective, no longer pending
  const auto special = [](double amount) {
    return std::vector<Dividend>{{make_date(2024, 6, 12), amount, {}, true}, {make_date(2024, 6, 12), 0.25, {}}};
  };
  CHECK(pending_contract_changes({}, special(15.0), today, back) == 1);
  CHECK(pending_contract_changes({}, special(0.10), today, back) == 0);
  CHECK(pending_contract_changes({}, special(not_known), today, back) == 1);
}

TEST_CASE("a contract listed before a reverse split may deliver something else", "[market][split]") {
  const OptionContract put = of("SDS220617P00040000");
  const std::vector<Split> splits{{make_date(2022, 1, 13), 0.2}};
  const auto adjusted = [&](Date today, bool listed, std::span<const Split> effective) {
    return may_be_adjusted(put, effective, {}, today, [&](Date session) {
      CHECK(session == make_date(2022, 1, 13));
      return listed;
    });
  };
  CHECK(adjusted(make_date(2022, 6, 1), true, splits));
  CHECK(!adjusted(make_date(2022, 6, 1), false, splits));
  CHECK(!adjusted(make_date(2022, 1, 12), true, splits));                                            // not yet
  CHECK(!adjusted(make_date(2022, 6, 1), true, std::vector<Split>{{make_date(2022, 1, 13), 4.0}}));  // whole number
  CHECK(!adjusted(make_date(2022, 6, 1), true, std::vector<Split>{{make_date(2018, 1, 13), 0.2}}));  // before listing
}
