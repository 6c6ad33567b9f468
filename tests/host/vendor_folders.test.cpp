// SPDX-License-Identifier: Apache-2.0
// Exports as two vendors make them, written here in their shape.
#include <cmath>
#include <string>

#include "host_error.hpp"
#include "sources/source.hpp"
#include "support.hpp"
#include "support/catch.hpp"

using namespace alaris;
using namespace alaris::host;
using alaris::test::ScratchFolder;
using Catch::Matchers::Contains;

namespace {

const std::string optionsdx_header =
    "[QUOTE_UNIXTIME], [QUOTE_READTIME], [QUOTE_DATE], [QUOTE_TIME_HOURS], [UNDERLYING_LAST], [EXPIRE_DATE], "
    "[EXPIRE_UNIX], [DTE], [C_DELTA], [C_GAMMA], [C_VEGA], [C_THETA], [C_RHO], [C_IV], [C_VOLUME], [C_LAST], [C_SIZE], "
    "[C_BID], [C_ASK], [STRIKE], [P_BID], [P_ASK], [P_SIZE], [P_LAST], [P_DELTA], [P_GAMMA], [P_VEGA], [P_THETA], "
    "[P_RHO], [P_IV], [P_VOLUME], [STRIKE_DISTANCE], [STRIKE_DISTANCE_PCT]\n";

std::string optionsdx_row(const std::string& date, const std::string& hour, const std::string& call_bid) {
  return "1704229200, " + date + " " + hour + ":00, " + date + ", " + hour +
         ".000000, 101.500000, 2024-01-19, 1705698000, 17.000000, 0.55000, 0.02000, 0.15000, -0.03000, 0.01000, "
         "0.215000, 900.000000, 2.400000, 12 x 340, " +
         call_bid +
         ", 2.600000, 100.000000, 1.100000, 1.200000, 3 x 7, 1.150000, -0.45000, 0.02000, 0.15000, -0.02000, -0.00700, "
         ", 120.000000, 1.500000, 0.015000\n";
}
std::string complaint(const SourceName& source, const std::string& symbol) {
  try {
    (void)read_source(source, {symbol});
  } catch (const HostError& e) {
    CHECK(e.code() == ExitCode::data);
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a month of OptionsDX is read with both rights of every row", "[host][sources]") {
  const ScratchFolder folder;
  folder.write("2024/acme_eod_202401.txt", optionsdx_header + optionsdx_row("2024-01-02", "16", "2.500000") +
                                               optionsdx_row("2024-01-03", "13", ""));
  const LoadedMarket loaded = read_source(parse_source("optionsdx:" + folder.path().string()), {"ACME"});
  CHECK(loaded.holds_quotes);
  REQUIRE(loaded.market.chains("ACME").size() == 2);
  const OptionChain& chain = *loaded.market.chains("ACME")[0];
  CHECK(chain.date() == make_date(2024, 1, 2));
  CHECK(chain.spot() == 101.5);
  REQUIRE(chain.quotes().size() == 2);
  const OptionQuote *put = &chain.quotes()[0], *call = &chain.quotes()[1];
  CHECK(call->contract == OptionContract{make_date(2024, 1, 19), *Strike::from_dollars(100), OptionType::call});
  CHECK(call->bid == 2.5);
  CHECK(call->ask == 2.6);
  CHECK(call->last == 2.4);
  CHECK(call->volume == 900);
  CHECK(call->bid_size == 12);
  CHECK(call->ask_size == 340);
  CHECK(call->vendor_volatility == 0.215);
  CHECK(std::isnan(call->open_interest));  // there is none in these files
  CHECK(put->bid == 1.1);
  CHECK(std::isnan(put->vendor_volatility));
  CHECK(std::isnan(loaded.market.chains("ACME")[1]->quotes()[1].bid));
  REQUIRE(loaded.market.bars("ACME").size() == 2);
  CHECK(loaded.market.bars("ACME")[0].close == 101.5);
  CHECK(std::isnan(loaded.market.bars("ACME")[0].high));
  CHECK_THAT(loaded.warnings[0], Contains("no ACME/bars.csv"));
}

TEST_CASE("of several quote times a day of OptionsDX the last one counts", "[host][sources]") {
  const ScratchFolder folder;
  folder.write("acme_eod_202401.txt", optionsdx_header + optionsdx_row("2024-01-02", "10", "1.000000") +
                                          optionsdx_row("2024-01-02", "16", "2.500000") +
                                          optionsdx_row("2024-01-02", "12", "1.500000"));
  const LoadedMarket loaded = read_source({SourceKind::optionsdx, folder.path()}, {"ACME"});
  REQUIRE(loaded.market.chains("ACME").size() == 1);
  REQUIRE(loaded.market.chains("ACME")[0]->quotes().size() == 2);
  CHECK(loaded.market.chains("ACME")[0]->quotes()[1].bid == 2.5);
}

TEST_CASE("exports of DoltHub are read for the names that are asked for", "[host][sources]") {
  const ScratchFolder folder;
  folder.write("option_chain.csv",
               "date,act_symbol,expiration,strike,call_put,bid,ask,vol,delta,gamma,theta,vega,rho\n"
               "2024-01-02,ACME,2024-01-19,100.00,Call,2.50,2.60,0.2150,0.55,0.02,-0.03,0.15,0.01\n"
               "2024-01-02,ACME,2024-01-19,100.00,Put,1.10,1.20,0.2160,-0.45,0.02,-0.03,0.15,0.01\n"
               "2024-01-02,OTHER,2024-01-19,10.00,Call,0.50,0.60,0.2150,0.55,0.02,-0.03,0.15,0.01\n");
  folder.write("ohlcv.csv",
               "date,act_symbol,open,high,low,close,volume\n2024-01-02,ACME,101,102,100,101.5,4000000\n"
               "2024-01-02,OTHER,10,11,9,10,1\n");
  const LoadedMarket loaded = read_source(parse_source("dolthub:" + folder.path().string()), {"ACME"});
  REQUIRE(loaded.market.chains("ACME").size() == 1);
  const OptionChain& chain = *loaded.market.chains("ACME")[0];
  CHECK(chain.spot() == 101.5);
  REQUIRE(chain.quotes().size() == 2);
  CHECK(chain.quotes()[1].ask == 2.6);
  CHECK(chain.quotes()[1].vendor_volatility == 0.215);
  CHECK(std::isnan(chain.quotes()[1].volume));
  CHECK(loaded.market.bars("ACME")[0].high == 102);
  CHECK(loaded.market.chains("OTHER").empty());
}

TEST_CASE("a damaged export is refused with its file and line", "[host][sources]") {
  const ScratchFolder folder;
  CHECK_THAT(complaint({SourceKind::optionsdx, folder.path()}, "ACME"), Contains("acme_eod_YYYYMM.txt"));
  CHECK_THAT(complaint({SourceKind::optionsdx, folder.path() / "none"}, "ACME"), Contains("no such folder"));
  CHECK_THAT(complaint({SourceKind::dolthub, folder.path()}, "ACME"), Contains("option_chain"));
  folder.write("acme_eod_202401.txt", optionsdx_header + optionsdx_row("2024-13-02", "16", "2.5"));
  CHECK_THAT(complaint({SourceKind::optionsdx, folder.path()}, "ACME"), Contains("acme_eod_202401.txt:2:"));
  folder.write("acme_eod_202401.txt", optionsdx_header + optionsdx_row("2024-01-02", "16", "-2.5"));
  CHECK_THAT(complaint({SourceKind::optionsdx, folder.path()}, "ACME"), Contains("[C_BID]") && Contains("negative"));
  folder.write("option_chain.csv",
               "date,act_symbol,expiration,strike,call_put,bid,ask\n"
               "2024-01-02,ACME,2024-01-19,100.00,C,2.50,2.60\n");
  CHECK_THAT(complaint({SourceKind::dolthub, folder.path()}, "ACME"),
             Contains("option_chain.csv:2:") && Contains("'C'"));
  CHECK_THAT(complaint({SourceKind::dolthub, folder.path()}, "NONE"), Contains("no rows of 'NONE'"));
}
