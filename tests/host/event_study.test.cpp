// SPDX-License-Identifier: Apache-2.0
// The event study on a folder made for it: quotes with and without stated volatilities, holidays, half-dollar strikes,
// announcements at every time of day and of the week, and everything that keeps one from being studied.
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <alaris/market/calendar.hpp>
#include <alaris/market/expiry.hpp>
#include <alaris/pricing/black.hpp>

#include "host/study_tables.hpp"

using namespace alaris;
using namespace alaris::test;
using Catch::Matchers::Contains;

namespace {

const TradingCalendar calendar = TradingCalendar::nyse();
const Date split_day = make_date(2026, 4, 29);

double spot_on(Date date) {
  const auto day = static_cast<double>((date - make_date(2026, 1, 1)).count());
  return std::round(100.0 * (104.0 + 0.1 * day + 3.0 * std::sin(0.7 * day)) / (date < split_day ? 1.0 : 2.0)) / 100.0;
}

enum class Quotes { with_volatility, alone, none };

/// Strikes every 2.50 around the price, both rights, all weekly expiries and one Wednesday of the next two months.
std::string chain_of(Date date, Quotes kind, const std::vector<Date>& without = {}, bool puts = true) {
  std::string rows;
  const double spot = spot_on(date), rate = 0.04;
  for (Date expiry = date + std::chrono::days(1); expiry < date + std::chrono::days(60);
       expiry += std::chrono::days(1)) {
    if (std::chrono::weekday{expiry} == std::chrono::Saturday) continue;  // listed no more since 2015
    if (!is_weekly_expiry(expiry, calendar) && expiry != make_date(2026, 4, 8)) continue;
    if (std::find(without.begin(), without.end(), expiry) != without.end()) continue;
    const double days = static_cast<double>((expiry - date).count()), years = days / 365.0;
    for (double strike = 2.5 * std::floor(spot / 2.5) - 7.5; strike < spot + 10.0; strike += 2.5)
      for (const OptionType type : {OptionType::call, OptionType::put}) {
        if (type == OptionType::put && !puts) continue;
        const double sigma = 0.30 + 0.25 / std::sqrt(days) + 0.001 * (spot - strike);
        const double value = black_price(type, {.forward = spot * std::exp(rate * years),
                                                .strike = strike,
                                                .total_stdev = sigma * std::sqrt(years),
                                                .discount = std::exp(-rate * years)});
        const bool quoted = kind != Quotes::none;
        rows += fmt::format("{},{},{:g},{},{},{},,10,100,{}\n", to_string(date), to_string(expiry), strike,
                            type == OptionType::call ? "C" : "P", quoted ? fmt::format("{:.2f}", value) : "",
                            quoted ? fmt::format("{:.2f}", value + 0.10) : "",
                            kind == Quotes::alone ? "" : fmt::format("{:.4f}", sigma + 0.01));
      }
  }
  return rows;
}

Date on(unsigned month, unsigned day) {
  return make_date(2026, month, day);
}

/// Bars of every session, the last first; a chain around every announcement.
void write_quoted_folder(const ScratchFolder& folder) {
  std::string bars = "date,open,high,low,close,volume\n";
  for (Date day = on(5, 20); day > on(1, 31); day = calendar.previous_session(day)) {
    const double open = spot_on(day) * 1.002, close = spot_on(day);
    bars +=
        fmt::format("{},{:.4f},{:.4f},{:.4f},{:.2f},1000000\n", to_string(day), open, open * 1.01, close * 0.98, close);
  }
  folder.write("q/ACME/bars.csv", bars);
  folder.write("q/ACME/splits.csv", "date,ratio\n2026-04-29,2\n");
  folder.write("q/rates.csv", "date,tenor_years,rate\n2026-01-02,0.25,0.04\n");
  std::string chain = "date,expiry,strike,right,bid,ask,last,volume,open_interest,iv\n";
  for (const auto& [date, kind] : std::map<Date, Quotes>{{on(3, 25), Quotes::with_volatility},
                                                         {on(3, 26), Quotes::with_volatility},
                                                         {on(3, 30), Quotes::alone},
                                                         {on(3, 31), Quotes::alone},
                                                         {on(4, 2), Quotes::alone},
                                                         {on(4, 6), Quotes::with_volatility},
                                                         {on(4, 7), Quotes::none},
                                                         {on(4, 8), Quotes::none},
                                                         {on(4, 14), Quotes::alone},
                                                         {on(4, 15), Quotes::alone},
                                                         {on(4, 21), Quotes::alone},
                                                         {on(4, 28), Quotes::alone},
                                                         {split_day, Quotes::alone},
                                                         {on(5, 12), Quotes::alone},
                                                         {on(5, 13), Quotes::none}})
    chain += chain_of(date, kind);
  std::vector<Date> late;  // all but the first weekly expiry
  for (Date day = on(5, 2); day < on(7, 1); day += std::chrono::days(1)) late.push_back(day);
  chain += chain_of(on(4, 24), Quotes::alone, late) + chain_of(on(4, 27), Quotes::alone);
  chain += chain_of(on(5, 5), Quotes::alone, {}, false) + chain_of(on(5, 6), Quotes::alone);
  chain += chain_of(on(5, 7), Quotes::alone) + chain_of(on(5, 8), Quotes::alone, {on(5, 15)});
  folder.write("q/ACME/chain.csv", chain);
  std::string said = "symbol,date,session,source,known_from,known_until\n";
  const auto say = [&](const char* date, const char* session, const char* known, const char* until = "") {
    said += fmt::format("ACME,{},{},reported,{}T22:00:00-04:00,{}\n", date, session, known, until);
  };
  say("2026-03-25", "AMC", "2026-03-25");
  say("2026-03-31", "BMO", "2026-03-31");  // front: the Thursday before Good Friday
  say("2026-04-04", "AMC", "2026-04-04");  // a Saturday after a Friday without a session
  say("2026-04-08", "DMH", "2026-04-08");
  say("2026-04-10", "", "2026-04-10");
  say("2026-04-15", "AMC", "2026-04-15");
  say("2026-04-15", "BMO", "2026-04-16");                               // said again, corrected
  say("2026-04-17", "AMC", "2026-04-17", "2026-04-18T09:00:00-04:00");  // withdrawn
  say("2026-04-21", "AMC", "2026-04-21");                               // no chain after
  say("2026-04-24", "AMC", "2026-04-24");                               // one expiry
  say("2026-04-28", "AMC", "2026-04-28");                               // a split overnight
  say("2026-05-05", "AMC", "2026-05-05");                               // no puts
  say("2026-05-07", "AMC", "2026-05-07");                               // the front is gone the day after
  say("2026-05-12", "AMC", "2026-05-12");                               // no quotes the day after
  say("2026-05-20", "AMC", "2026-05-20");                               // no bar after
  folder.write("q/earnings.csv", said);
}

}  // namespace

TEST_CASE("a quoted folder is studied as a second implementation does, or says why not", "[host][events]") {
  const ScratchFolder folder;
  write_quoted_folder(folder);
  CHECK(same_study(folder, "q", "ACME") == 13);
  const std::string table = content_of(folder.path() / "ours.csv");
  for (const char* status : {"session_unknown", "no_chain_after", "no_back_expiry", "split_between", "no_common_strike",
                             "no_volatility_after", "no_bar_after", "ok_estimated"})
    CHECK_THAT(table, Contains(status));
  CHECK_THAT(table, Contains("ACME,2026-03-31,BMO,2026-03-30,2026-03-31,") && Contains(",2026-04-02,2026-05-01,"));
  CHECK_THAT(table, Contains("ACME,2026-04-04,AMC,2026-04-02,2026-04-06,"));
  CHECK_THAT(table, Contains("ACME,2026-04-08,DMH,2026-04-07,2026-04-08,"));
  CHECK_THAT(table, Contains("ACME,2026-04-15,BMO,2026-04-14,2026-04-15,"));
  CHECK_THAT(table, !Contains("2026-04-17,AMC"));

  SECTION("without rates midpoints and stated volatilities still make a row") {
    std::filesystem::remove(folder.path() / "q/rates.csv");
    CHECK(same_study(folder, "q", "ACME") == 13);
    const std::string rateless = content_of(folder.path() / "ours.csv");
    CHECK_THAT(rateless, Contains("no_rate") && Contains(",ok\n"));
  }
}

TEST_CASE("the days between which a spread is held must be two, in order", "[host][events]") {
  const ScratchFolder folder;
  write_quoted_folder(folder);
  const std::string study = "backtest events --symbol ACME --source chains:q ";
  CHECK(alaris_host(folder.path(), study + "--from 2026-03-26 --to 2026-03-25").exit_code == 2);
  CHECK(alaris_host(folder.path(), study + "--from 2026-03-26 --to 2026-03-26").exit_code == 2);
  CHECK(alaris_host(folder.path(), study + "--from 2026-03-26").exit_code == 2);
  CHECK(alaris_host(folder.path(), study + "--from 2026-03-25 --to 2026-03-26").exit_code == 0);
}
