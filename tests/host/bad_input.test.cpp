// SPDX-License-Identifier: Apache-2.0
// Bad input gets a clear error that names file and line, the documented exit code, and leaves nothing behind.
#include "support/catch.hpp"

#include "host/support.hpp"

using namespace alaris::test;
using Catch::Matchers::Contains;

namespace {
const std::string dates = " --start 2026-06-01 --end 2026-06-05 ";

struct Spoiled {
  const char* file;
  const char* content;
  const char* complaint;
};
}  // namespace

TEST_CASE("a spoiled file is named with its line and nothing is written", "[host][bad input]") {
  const Spoiled spoiled = GENERATE(
      Spoiled{"ACME/chain.csv", "", "chain.csv: the file is empty"},
      Spoiled{"ACME/chain.csv", "date,expiry,strike,bid\n", "chain.csv:1: no column 'right'"},
      Spoiled{"ACME/chain.csv",
              "date,expiry,strike,right,bid,ask,last,volume,open_interest,iv\n2026-06-01,2026-06-19,abc,C,1,2,,,,\n",
              "chain.csv:2: 'abc' in column 'strike' is not a number"},
      Spoiled{"ACME/chain.csv", "date,expiry,strike,right\n2026-06-01,2026-06-19,-5,C\n",
              "chain.csv:2: '-5' is not a strike price"},
      Spoiled{"ACME/chain.csv", "date,expiry,strike,right\n2026-06-31,2026-06-19,5,C\n",
              "chain.csv:2: '2026-06-31' in column 'date' is not a date"},
      Spoiled{"ACME/chain.csv", "date,expiry,strike,right\n2026-06-01,2026-06-19,5,X\n",
              "chain.csv:2: 'X' in column 'right' is neither C nor P"},
      Spoiled{"ACME/chain.csv", "date,expiry,strike,right\n2026-06-01,2026-06-19,5\n",
              "chain.csv:2: 3 fields, but the header has 4"},
      Spoiled{"ACME/chain.csv", "date,expiry,strike,right\n\"2026-06-01,2026-06-19,5,C\n",
              "chain.csv:2: a quoted field does not end"},
      Spoiled{"ACME/bars.csv", "date,open,high,low,close,volume\n2026-06-01,100,99,101,100,5\n",
              "bars.csv:2: the high is below the low"},
      Spoiled{"ACME/bars.csv", "date,open,high,low,close,volume\n2026-06-01,100,101,99,many,5\n",
              "bars.csv:2: 'many' in column 'close' is not a number"},
      Spoiled{"ACME/bars.csv", "date,open,high,low,close,volume\n2026-06-01,100,101,99,0,5\n",
              "bars.csv:2: a price is zero or negative"},
      Spoiled{"earnings.csv",
              "symbol,date,session,source,known_from,known_until\nACME,2026-06-03,NOON,x,2026-05-01T00:00Z,\n",
              "earnings.csv:2: 'NOON' in column 'session'"},
      Spoiled{"earnings.csv", "symbol,date,session,source,known_from,known_until\nACME,2026-06-03,AMC,x,2026-05-01,\n",
              "earnings.csv:2: '2026-05-01' in column 'known_from' is not an instant"},
      Spoiled{"rates.csv", "date,tenor_years,rate\n2026-06-01,0.25,much\n", "rates.csv:2: 'much' in column 'rate'"});
  const ScratchFolder folder;
  write_sound_folder(folder);
  folder.write(spoiled.file, spoiled.content);
  CAPTURE(spoiled.file, spoiled.content);
  const Ran ran = alaris_host(folder.path(), "backtest run --symbol ACME --source chains:." + dates);
  CHECK(ran.exit_code == 4);
  CHECK_THAT(ran.output, Contains(spoiled.complaint));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "runs"));
}

TEST_CASE("a sound folder without announcements runs and says that there is nothing to decide", "[host]") {
  const ScratchFolder folder;
  write_sound_folder(folder);
  const Ran ran = alaris_host(folder.path(), "backtest run --symbol ACME --source chains:." + dates);
  CAPTURE(ran.output);
  CHECK(ran.exit_code == 0);
  CHECK_THAT(ran.output, Contains("no announcement is known"));
}

TEST_CASE("what a file does not know is counted and the rest is used", "[host][bad input]") {
  const ScratchFolder folder;
  write_sound_folder(folder);
  const auto noted = [&](const std::string& note) {
    const Ran ran = alaris_host(folder.path(), "backtest run --symbol ACME --source chains:." + dates);
    CAPTURE(ran.output);
    CHECK(ran.exit_code == 0);
    CHECK_THAT(ran.output, Contains(note));
  };
  SECTION("a bar without a price") {
    folder.write("ACME/bars.csv",
                 "date,open,high,low,close,volume\n2026-05-28,99,101,98,,5\n2026-05-29,99,101,98,100,1000000\n"
                 "2026-06-01,100,102,99,100.5,1200000\n2026-06-02,,102,99,100.5,1\n");
    noted("bars.csv: 2 bars without a price left out");
  }
  SECTION("bars in any order, a date twice") {
    folder.write("ACME/bars.csv",
                 "date,open,high,low,close,volume\n2026-06-01,100,102,99,100.5,1200000\n"
                 "2026-05-29,99,101,98,100,1000000\n2026-05-29,99,101,98,100,1000000\n");
    noted("bars.csv: 1 bars of a date that was there already left out");
  }
  SECTION("a vendor's -1 for no bid") {
    folder.write("ACME/chain.csv",
                 "date,expiry,strike,right,bid,ask,last,volume,open_interest,iv\n"
                 "2026-06-01,2026-06-19,100,C,-1,4.2,4.1,120,900,0.40\n"
                 "2026-06-01,2026-06-19,100,P,-1,4.0,3.9,-1,800,0.40\n");
    noted("chain.csv: 3 negative prices or counts are taken as not known");
  }
}

TEST_CASE("a missing folder, an unknown symbol and dates outside the data are data errors", "[host][bad input]") {
  const ScratchFolder folder;
  write_sound_folder(folder);
  const auto [arguments, complaint] = GENERATE(table<std::string, std::string>({
      {"--symbol ACME --source chains:nowhere --start 2026-06-01 --end 2026-06-05", "nowhere: no such folder"},
      {"--symbol OTHER --source chains:. --start 2026-06-01 --end 2026-06-05",
       "no chains for 'OTHER'; the folder holds ACME"},
      {"--symbol ACME --source chains:. --start 2020-01-01 --end 2020-02-01",
       "the data covers 2026-06-01 to 2026-06-01"},
      {"--symbol ACME --source lean:. --start 2026-06-01 --end 2026-06-05", "not a LEAN Data folder"},
      {"--symbol ACME --source simulated --start 1999-01-04 --end 1999-02-01", "the simulated market covers"},
  }));
  const Ran ran = alaris_host(folder.path(), "backtest run " + arguments);
  CAPTURE(arguments);
  CHECK(ran.exit_code == 4);
  CHECK_THAT(ran.output, Contains(complaint));
}

TEST_CASE("usage errors exit with 2 and say what was meant", "[host][bad input]") {
  const ScratchFolder folder;
  const auto [arguments, complaint] = GENERATE(table<std::string, std::string>({
      {"backtst", "did you mean 'backtest'?"},
      {"backtest rnu", "did you mean 'run'?"},
      {"-q --set strategy.min_iv_rv=1.3 backtst run", "did you mean 'backtest'?"},
      {"--confg my.toml backtest run", "unknown option '--confg'; did you mean '--config'?"},
      {"backtest run --symbl A --start 2024-01-01 --end 2024-02-01", "did you mean '--symbol'?"},
      {"backtest run --symbol A --strat=2024-01-01 --end 2024-02-01", "did you mean '--start'?"},
      {"surface AAPL --at 2024-05-06 --frmat json", "did you mean '--format'?"},
      {"backtest run --start 2024-01-01 --end 2024-02-01", "--symbol is required"},
      {"backtest run --symbol 'A/../B' --start 2024-01-01 --end 2024-02-01", "is not a ticker symbol"},
      {"backtest run --symbol A --start 2024-02-30 --end 2024-12-31", "--start: '2024-02-30' is not a date"},
      {"backtest run --symbol A --start 2024-02-03 --end 2024-01-01", "--end lies before --start"},
      {"backtest run --symbol A --source nonsense --start 2024-01-01 --end 2024-02-01", "'nonsense' is not a source"},
      {"backtest run --symbol A --capital -5 --start 2024-01-01 --end 2024-02-01", "not a positive amount"},
  }));
  const Ran ran = alaris_host(folder.path(), arguments);
  CAPTURE(arguments);
  CHECK(ran.exit_code == 2);
  CHECK_THAT(ran.output, Contains(complaint));
}

TEST_CASE("a key without stored data stops and names the way to get some", "[host]") {
  const ScratchFolder folder;
  const Ran ran = run(folder.path(), "POLYGON_API_KEY=canary-5309 " + std::string(ALARIS_HOST) +
                                         " backtest run --symbol AAPL --start 2024-01-01 --end 2024-02-01");
  CHECK(ran.exit_code == 4);
  CHECK_THAT(ran.output, Contains("data bootstrap"));
  CHECK_THAT(ran.output, !Contains("canary"));
}

TEST_CASE("a damaged gzip is refused", "[host][bad input]") {
  const ScratchFolder folder;
  write_sound_folder(folder);
  std::filesystem::remove(folder.path() / "ACME/chain.csv");
  folder.write("ACME/chain.csv.gz", std::string("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x4b", 11));
  const Ran ran = alaris_host(folder.path(), "backtest run --symbol ACME --source chains:." + dates);
  CHECK(ran.exit_code == 4);
  CHECK_THAT(ran.output, Contains("the gzip data is damaged or cut off"));
}
