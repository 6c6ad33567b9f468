// SPDX-License-Identifier: Apache-2.0
#include <alaris/cost/fees.hpp>

#include "support/catch.hpp"

using namespace alaris;

namespace {
const FeeSchedule schedule = FeeSchedule::us_equity_options();

Money dollars(const char* text) {
  return *Money::parse(text);
}
FeeBreakdown one_leg(int contracts, double price, const char* date = "2024-03-01") {
  const TradedLeg leg[] = {{contracts, price}};
  return fee_breakdown(schedule, leg, *parse_date(date));
}
}  // namespace

TEST_CASE("the regulator's fee on a million of sales changes on the day its notice says", "[cost][fees]") {
  struct Change {
    const char *before, *from;
    const char *old_rate, *new_rate;
  };
  const Change change = GENERATE(
      Change{"2019-04-15", "2019-04-16", "13.00", "20.70"}, Change{"2020-02-17", "2020-02-18", "20.70", "22.10"},
      Change{"2021-02-24", "2021-02-25", "22.10", "5.10"}, Change{"2022-05-13", "2022-05-14", "5.10", "22.90"},
      Change{"2023-02-26", "2023-02-27", "22.90", "8.00"}, Change{"2024-05-21", "2024-05-22", "8.00", "27.80"},
      Change{"2025-05-13", "2025-05-14", "27.80", "0.00"}, Change{"2026-04-03", "2026-04-04", "0.00", "20.60"});
  CAPTURE(change.from);
  // 1000 contracts sold at 10.00 are a million dollars.
  CHECK(one_leg(-1000, 10.0, change.before).section_31 == dollars(change.old_rate));
  CHECK(one_leg(-1000, 10.0, change.from).section_31 == dollars(change.new_rate));
  CHECK(one_leg(1000, 10.0, change.from).section_31 == Money{});
  CHECK(stock_sale_fees(schedule, Money::from_dollars(1'000'000), *parse_date(change.from)) ==
        dollars(change.new_rate));
}

TEST_CASE("the first row holds from its own day", "[cost][fees]") {
  CHECK(one_leg(-1000, 10.0, "2018-05-22").section_31 == dollars("13.00"));
}

TEST_CASE("only contracts sold pay the activity fee and it rises in 2026", "[cost][fees]") {
  CHECK(one_leg(-10, 2.0, "2025-12-31").trading_activity == dollars("0.0279"));
  CHECK(one_leg(-10, 2.0, "2026-01-02").trading_activity == dollars("0.0329"));
  CHECK(one_leg(10, 2.0, "2026-01-02").trading_activity == Money{});
}

TEST_CASE("clearing costs two cents to 2024 and two and a half from 2025", "[cost][fees]") {
  CHECK(one_leg(10, 2.0, "2024-12-31").clearing == dollars("0.20"));
  CHECK(one_leg(-10, 2.0, "2025-01-02").clearing == dollars("0.25"));
}

TEST_CASE("every contract bought or sold pays the options regulatory fee", "[cost][fees]") {
  CHECK(one_leg(10, 2.0).options_regulatory == dollars("0.379"));
  CHECK(one_leg(-10, 2.0).options_regulatory == dollars("0.379"));
  const Money rate = schedule.options_regulatory.front().amount;
  CHECK((rate >= dollars("0.027") && rate <= dollars("0.043")));
}

TEST_CASE("a cheap option costs less commission per contract", "[cost][fees]") {
  CHECK(one_leg(10, 0.10).commission == dollars("6.50"));
  CHECK(one_leg(10, 0.0999).commission == dollars("5.00"));
  CHECK(one_leg(10, 0.05).commission == dollars("5.00"));
  CHECK(one_leg(10, 0.0499).commission == dollars("2.50"));
  CHECK(one_leg(10, 0.0).commission == dollars("2.50"));
}

TEST_CASE("an order minimum bites leg by leg on one spread and not at all on two", "[cost][fees]") {
  const TradedLeg one[] = {{-1, 3.10}, {1, 4.72}}, two[] = {{-2, 3.10}, {2, 4.72}};
  const Date date = make_date(2024, 3, 1);
  CHECK(fee_breakdown(schedule, one, date).commission == dollars("2.00"));
  CHECK(fee_breakdown(schedule, two, date).commission == dollars("2.60"));
  FeeSchedule lenient = schedule;
  lenient.commission.front().minimum = OrderMinimum::per_combination;
  CHECK(fee_breakdown(lenient, one, date).commission == dollars("1.30"));
  const TradedLeg cheap[] = {{-1, 0.02}, {1, 0.03}};
  CHECK(fee_breakdown(lenient, cheap, date).commission == dollars("1.00"));
}

TEST_CASE("the minimum per leg is never the smaller reading", "[cost][fees]") {
  FeeSchedule lenient = schedule;
  lenient.commission.front().minimum = OrderMinimum::per_combination;
  const int contracts = GENERATE(1, 2, 3, 10);
  const double price = GENERATE(0.02, 0.07, 0.5, 4.0);
  const TradedLeg legs[] = {{-contracts, price}, {contracts, 2 * price}};
  const Date date = make_date(2024, 3, 1);
  CHECK(option_fees(schedule, legs, date) >= option_fees(lenient, legs, date));
}

TEST_CASE("fees add up to the millionth whatever the number of contracts", "[cost][fees]") {
  // 7 contracts sold at 1.37 on 2024-03-01: 4.55 + 7 * (0.0379 + 0.02 + 0.00279) + 959 * 8 / 1e6
  CHECK(one_leg(-7, 1.37).total() == dollars("4.982502"));
  const TradedLeg many[] = {{-7, 1.37}, {-7, 1.37}, {-7, 1.37}};
  CHECK(option_fees(schedule, many, make_date(2024, 3, 1)) == 3 * dollars("4.982502"));
  CHECK(option_fees(schedule, {}, make_date(2024, 3, 1)) == Money{});
}

TEST_CASE("stock sold by an assignment pays the regulator as any sale does", "[cost][fees]") {
  // one contract at 172.50: 17250 * 27.80 / 1e6
  CHECK(stock_sale_fees(schedule, Money::from_dollars(17'250), make_date(2024, 8, 1)) == dollars("0.47955"));
  CHECK(stock_sale_fees(schedule, Money::from_dollars(17'250), make_date(2025, 8, 1)) == Money{});
}

TEST_CASE("a tariff may change on a day of its own", "[cost][fees]") {
  FeeSchedule changed = schedule;
  changed.commission.push_back({make_date(2026, 7, 1), {{Money{}, dollars("0.15")}}, Money{}});
  const TradedLeg legs[] = {{-10, 3.0}};
  CHECK(fee_breakdown(changed, legs, make_date(2026, 6, 30)).commission == dollars("6.50"));
  CHECK(fee_breakdown(changed, legs, make_date(2026, 7, 1)).commission == dollars("1.50"));
}

TEST_CASE("the schedule says which of its rows nobody confirmed", "[cost][fees]") {
  CHECK_FALSE(schedule.source.empty());
  CHECK(in_force(schedule.options_regulatory, make_date(2024, 1, 2))->certainty == Certainty::not_sure);
  CHECK(in_force(schedule.sec_per_million_sold, make_date(2024, 6, 3))->certainty == Certainty::confirmed);
  CHECK(in_force(schedule.sec_per_million_sold, make_date(2026, 6, 3))->certainty == Certainty::not_sure);
  CHECK(in_force(schedule.clearing, make_date(2025, 6, 3))->certainty == Certainty::not_sure);
  CHECK(in_force(std::vector<DatedFee>{}, make_date(2025, 6, 3)) == nullptr);
}
