// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <random>

#include <nlohmann/json.hpp>

#include "host/support.hpp"
#include "host_error.hpp"
#include "sources/source.hpp"
#include "store/chain_block.hpp"
#include "store/market_store.hpp"
#include "store/read_ledger.hpp"
#include "store/store_schema.hpp"
#include "support/catch.hpp"
#include "support/shared_data.hpp"

using namespace alaris;
using namespace alaris::host;
using alaris::test::alaris_host;
using alaris::test::ScratchFolder;

namespace {

bool same_bits(double a, double b) {
  return (a != a && b != b) || std::memcmp(&a, &b, sizeof a) == 0;
}
bool same(const OptionQuote& a, const OptionQuote& b) {
  return a.contract == b.contract && same_bits(a.bid, b.bid) && same_bits(a.ask, b.ask) && same_bits(a.last, b.last) &&
         same_bits(a.volume, b.volume) && same_bits(a.open_interest, b.open_interest) &&
         same_bits(a.vendor_volatility, b.vendor_volatility) && same_bits(a.bid_size, b.bid_size) &&
         same_bits(a.ask_size, b.ask_size);
}

/// Cents and whole contracts, with holes, and a column of volatilities of any number of digits.
OptionChain some_chain(Date date, unsigned seed, int strikes = 40) {
  std::mt19937 random(seed);
  std::vector<OptionQuote> quotes;
  for (int expiry = 1; expiry <= 3; ++expiry)
    for (int i = 0; i < strikes; ++i)
      for (const OptionType type : {OptionType::put, OptionType::call}) {
        OptionQuote quote{
            .contract = {date + std::chrono::days(7 * expiry), Strike::from_thousandths(50'000 + 2500 * i), type}};
        const auto cents = [&] { return static_cast<double>(random() % 5000) / 100.0; };
        quote.bid = cents();
        quote.ask = random() % 7 == 0 ? not_known : quote.bid + 0.05;
        quote.last = random() % 5 == 0 ? not_known : cents();
        quote.volume = static_cast<double>(random() % 4000);
        quote.vendor_volatility = 0.2 + 1e-9 * static_cast<double>(random());
        quotes.push_back(quote);
      }
  return OptionChain(date, 100.0, std::move(quotes));
}

const Date monday = make_date(2024, 4, 29);
const Provenance vendor{"vendor", Instant(std::chrono::hours(480'000))};

Bar bar_of(Date date, double close) {
  return {date, close, close + 1.0, close - 1.0, close, 1e6};
}

std::string threw(const std::function<void()>& action, ExitCode code) {
  try {
    action();
  } catch (const HostError& e) {
    CHECK(static_cast<int>(e.code()) == static_cast<int>(code));
    return e.what();
  }
  FAIL("nothing was thrown");
  return {};
}

}  // namespace

TEST_CASE("a chain comes back from its block bit for bit", "[host][store]") {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const OptionChain chain = some_chain(monday, seed, static_cast<int>(seed) * 3);
    const auto quotes = unpack_chain(pack_chain(chain).bytes);
    REQUIRE(quotes);
    REQUIRE(quotes->size() == chain.quotes().size());
    for (std::size_t i = 0; i < quotes->size(); ++i) CHECK(same((*quotes)[i], chain.quotes()[i]));
  }
  const OptionChain empty(monday, not_known, {});
  REQUIRE(unpack_chain(pack_chain(empty).bytes));
  CHECK(unpack_chain(pack_chain(empty).bytes)->empty());
}

TEST_CASE("values that no scale fits are kept whole", "[host][store]") {
  OptionQuote quote{.contract = {monday, Strike::from_thousandths(1), OptionType::call}};
  quote.bid = 1.0 / 3.0;
  quote.ask = 3e9;
  quote.last = -0.0;
  quote.volume = 1e300;
  quote.open_interest = 4e-320;
  quote.bid_size = std::numeric_limits<double>::infinity();
  const auto back = unpack_chain(pack_chain(OptionChain(monday, 1.0, {quote})).bytes);
  REQUIRE(back);
  CHECK(same(back->front(), quote));
}

TEST_CASE("a block with any byte changed or missing is never read as quotes", "[host][store]") {
  const OptionChain chain = some_chain(monday, 7, 10);
  const std::string good = pack_chain(chain).bytes;
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x21);
    const auto read = unpack_chain(bad);
    if (!read) continue;
    REQUIRE(read->size() == chain.quotes().size());  // a bit that the format does not use
    for (std::size_t i = 0; i < read->size(); ++i) REQUIRE(same((*read)[i], chain.quotes()[i]));
  }
  for (std::size_t size = 0; size < good.size(); ++size) CHECK(!unpack_chain(std::string_view(good).substr(0, size)));
}

TEST_CASE("writing the same again changes nothing and a restatement does not replace the first", "[host][store]") {
  const ScratchFolder folder;
  MarketStore store(folder.path() / "a.db", Access::write);
  const std::vector<Bar> bars{bar_of(monday, 100.0), bar_of(monday + std::chrono::days(1), 101.0)};
  CHECK(store.write_bars("ACME", bars, vendor).added == 2);
  CHECK(store.write_bars("ACME", bars, vendor).same == 2);
  CHECK(store.write_chain("ACME", some_chain(monday, 1), vendor).added == 1);
  CHECK(store.write_chain("ACME", some_chain(monday, 1), vendor).same == 1);
  const std::vector<Bar> corrected{bar_of(monday, 100.5)};
  CHECK(store.write_bars("ACME", corrected, vendor).restated == 1);
  CHECK(store.write_bars("ACME", corrected, vendor).same == 1);
  CHECK(store.write_chain("ACME", some_chain(monday, 2), vendor).restated == 1);
  const SymbolHistory history = store.history("ACME");
  REQUIRE(history.bars.size() == 2);
  CHECK(history.bars[0].close == 100.0);
  REQUIRE(history.chains.size() == 1);
  CHECK(same(history.chains[0]->quotes()[5], some_chain(monday, 1).quotes()[5]));
  CHECK(store.damage().empty());
}

TEST_CASE("a reader notices that another process has written and only then", "[host][store]") {
  const ScratchFolder folder;
  MarketStore writer(folder.path() / "a.db", Access::write);
  MarketStore reader(folder.path() / "a.db", Access::read);
  const auto before = reader.data_version();
  CHECK(reader.data_version() == before);
  const EarningsStatement said{monday, AnnouncementSession::after_close, "nasdaq", vendor.as_of, std::nullopt};
  writer.write_earnings("AAPL", {&said, 1}, vendor);
  CHECK(reader.data_version() != before);
}

TEST_CASE("what is read before its session is over is not stored as its close", "[host][store]") {
  const ScratchFolder folder;
  MarketStore store(folder.path() / "a.db", Access::write);
  const Provenance eleven{"vendor", new_york_instant(monday, std::chrono::hours(11))};
  const Provenance evening{"vendor", new_york_instant(monday, std::chrono::hours(17))};
  CHECK(store.write_bars("ACME", std::vector{bar_of(monday, 90.0)}, eleven).early == 1);
  CHECK(store.write_index("VIX", std::vector{bar_of(monday, 19.0)}, eleven).early == 1);
  CHECK(store.write_chain("ACME", some_chain(monday, 1), eleven).early == 1);
  CHECK(store.write_rates(std::vector{RatePoint{monday, {0.25}, 0.05}}, eleven).early == 1);
  CHECK(store.history("ACME").bars.empty());
  CHECK(store.write_bars("ACME", std::vector{bar_of(monday, 100.0)}, evening).added == 1);
  CHECK(store.write_chain("ACME", some_chain(monday, 2), evening).added == 1);
  CHECK(store.history("ACME").bars[0].close == 100.0);
  CHECK(store.history("ACME").chains.size() == 1);
}

TEST_CASE("a store that froze an open session's figures forgets them", "[host][store]") {
  const ScratchFolder folder;
  const auto file = folder.path() / "a.db";
  {
    Database old(file, Access::write, std::span(store_migrations).first(2));
    old.run(
        "INSERT INTO bar VALUES('ACME',19842,'vendor',1000,999,1,1,1,1,1),('ACME',19841,'vendor',1000,1001,1,1,1,1,1)");
  }
  MarketStore store(file, Access::write);
  CHECK(store.bars("ACME").size() == 1);
}

TEST_CASE("contracts and fields that a chain did not hold are added to it and contradictions are not",
          "[host][store]") {
  const ScratchFolder folder;
  MarketStore store(folder.path() / "a.db", Access::write);
  const auto quote = [](int dollars, double last, double bid) {
    OptionQuote q{
        .contract = {monday + std::chrono::days(7), Strike::from_thousandths(dollars * 1000), OptionType::call}};
    q.last = last;
    q.bid = bid;
    return q;
  };
  const auto write = [&](std::vector<OptionQuote> quotes, double spot) {
    return store.write_chain("ACME", OptionChain(monday, spot, std::move(quotes)), vendor);
  };
  const auto held = [&] { return store.history("ACME").chains.at(0); };
  CHECK(write({quote(100, 2.5, not_known)}, not_known).added == 1);
  CHECK(write({quote(105, 1.5, not_known)}, 101.0).added == 1);  // another expiry or strike, fetched later
  CHECK(held()->quotes().size() == 2);
  CHECK(held()->spot() == 101.0);
  CHECK(write({quote(100, 2.5, not_known)}, 101.0).same == 1);
  CHECK(write({quote(105, not_known, 1.4)}, 101.0).added == 1);
  CHECK(held()->quotes()[1].bid == 1.4);
  const auto other = write({quote(100, 2.6, 2.4), quote(110, 1.0, not_known)}, 101.0);
  CHECK(other.added == 1);
  CHECK(other.restated == 1);
  CHECK(held()->quotes().size() == 3);
  CHECK(held()->quotes()[0].last == 2.5);
  CHECK(held()->quotes()[0].bid != held()->quotes()[0].bid);  // half of the new statement would be nobody's
  CHECK(write({quote(100, 2.6, 2.4)}, 101.0).same == 1);
  CHECK(store.damage().empty());
}

TEST_CASE("only days that were not read are missing", "[host][store]") {
  const ScratchFolder folder;
  MarketStore store(folder.path() / "a.db", Access::write);
  ReadLedger ledger(store.database(), "ACME", "vendor");
  const TradingCalendar nyse = TradingCalendar::nyse();
  const auto may = [](unsigned day) { return make_date(2024, 5, day); };
  const auto missing = [&](unsigned first, unsigned last) {
    return ledger.missing("T", {may(first), may(last)}, nyse);
  };
  CHECK(missing(4, 12) == std::vector{DayRange{may(6), may(10)}});  // from Saturday to Sunday
  CHECK(missing(4, 5).empty());
  ledger.note("T", {may(7), may(8)}, vendor.as_of);
  CHECK(missing(6, 10) == std::vector{DayRange{may(6), may(6)}, DayRange{may(9), may(10)}});
  ledger.note("T", {may(9), may(10)}, vendor.as_of);
  CHECK(missing(7, 12).empty());  // the rest is a weekend
  CHECK(missing(7, 13) == std::vector{DayRange{may(13), may(13)}});
  ledger.note("T", {may(1), may(31)}, vendor.as_of);
  CHECK(missing(1, 31).empty());
  CHECK(ledger.missing("OTHER", {may(7), may(8)}, nyse).size() == 1);
  ledger.stage({may(17), Strike::from_thousandths(100'000), OptionType::put}, may(13), 2.5, not_known);
  CHECK(ledger.staged()[may(13)].at(0).last == 2.5);
  ledger.clear_staged();
  CHECK(ledger.staged().empty());
}

TEST_CASE("a session once stated is not lost to a later row that does not know it", "[host][store]") {
  const ScratchFolder folder;
  MarketStore store(folder.path() / "a.db", Access::write);
  EarningsStatement said{
      .date = monday, .session = AnnouncementSession::after_close, .source = "nasdaq", .known_from = vendor.as_of};
  store.write_earnings("ACME", std::vector{said}, vendor);
  said.session = AnnouncementSession::unknown;
  store.write_earnings("ACME", std::vector{said}, vendor);
  REQUIRE(store.history("ACME").earnings.size() == 1);
  CHECK(store.history("ACME").earnings[0].session == AnnouncementSession::after_close);
}

TEST_CASE("a date that its source no longer repeats stands for thirty days", "[host][store]") {
  const ScratchFolder folder;
  MarketStore store(folder.path() / "a.db", Access::write);
  const Instant read = new_york_instant(monday - std::chrono::days(60), std::chrono::hours(9));
  const EarningsStatement said{
      .date = monday, .session = AnnouncementSession::after_close, .source = "nasdaq", .known_from = read};
  store.write_earnings("ACME", std::vector{said}, {"nasdaq", read});
  CHECK(store.history("ACME").earnings[0].known_until == read + std::chrono::days(30));
  const Instant again = read + std::chrono::days(20);
  CHECK(store.write_earnings("ACME", std::vector{said}, {"nasdaq", again}).same == 1);
  CHECK(store.history("ACME").earnings[0].known_until == again + std::chrono::days(30));
  const Instant late = read + std::chrono::days(40);  // the report comes before the statement lapses
  store.write_earnings("ACME", std::vector{said}, {"nasdaq", late});
  CHECK(!store.history("ACME").earnings[0].known_until);
}

TEST_CASE("sources that contradict each other about a split stop the reader", "[host][store]") {
  const ScratchFolder folder;
  MarketStore store(folder.path() / "a.db", Access::write);
  store.write_splits("ACME", std::vector{Split{monday, 4.0}}, vendor);
  store.write_splits("ACME", std::vector{Split{monday, 4.0}}, {"other", vendor.as_of});
  CHECK(store.history("ACME").splits.size() == 1);
  store.write_splits("ACME", std::vector{Split{monday, 5.0}}, {"third", vendor.as_of});
  CHECK(threw([&] { (void)store.history("ACME"); }, ExitCode::data).find("split") != std::string::npos);
}

TEST_CASE("a split read before it is effective is known from then on and stored once", "[host][store]") {
  const ScratchFolder folder;
  MarketStore store(folder.path() / "a.db", Access::write);
  const Provenance early{"massive", new_york_instant(monday - std::chrono::days(10), std::chrono::hours(9))};
  const Provenance later{"massive", early.as_of + std::chrono::hours(24)};
  CHECK(store.write_splits("ACME", std::vector{Split{monday, 4.0}}, early).added == 1);
  CHECK(store.write_splits("ACME", std::vector{Split{monday, 4.0}}, later).added == 0);
  REQUIRE(store.history("ACME").splits.size() == 1);
  CHECK(store.history("ACME").splits[0].known_from == early.as_of);
}

TEST_CASE("a special dividend stays one in the store", "[host][store]") {
  const ScratchFolder folder;
  MarketStore store(folder.path() / "a.db", Access::write);
  const std::vector<Dividend> rows{{monday, 15.0, vendor.as_of, true},
                                   {monday + std::chrono::days(90), 1.0, vendor.as_of}};
  store.write_dividends("ACME", rows, vendor);
  REQUIRE(store.history("ACME").dividends.size() == 2);
  CHECK(store.history("ACME").dividends[0].special);
  CHECK(!store.history("ACME").dividends[1].special);
}

TEST_CASE("a reader sees whole transactions while another process writes", "[host][store]") {
  const ScratchFolder folder;
  const auto file = folder.path() / "a.db";
  MarketStore writer(file, Access::write);
  writer.write_bars("ACME", std::vector{bar_of(monday, 100.0)}, vendor);
  MarketStore reader(file, Access::read);
  Transaction open(writer.database());
  writer.write_bars("ACME", std::vector{bar_of(monday + std::chrono::days(1), 101.0)}, vendor);
  CHECK(reader.history("ACME").bars.size() == 1);
  open.commit();
  CHECK(reader.history("ACME").bars.size() == 2);
}

TEST_CASE("a writer killed at any moment leaves whole days and a sound file", "[host][store]") {
  const ScratchFolder folder;
  const auto file = folder.path() / "a.db";
  { const MarketStore made(file, Access::write); }
  for (int round = 0; round < 8; ++round) {
    const ::pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      MarketStore store(file, Access::write);
      for (int day = 0;; ++day) {
        const Date date = monday - std::chrono::days(day + 1000 * round);
        Transaction both(store.database());
        store.write_bars("ACME", std::vector{bar_of(date, 100.0)}, vendor);
        store.write_chain("ACME", some_chain(date, static_cast<unsigned>(day), 20), vendor);
        both.commit();
      }
    }
    ::usleep(static_cast<::useconds_t>(15'000 + 9'000 * round));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    MarketStore store(file, Access::read);
    CHECK(store.damage().empty());
    const SymbolHistory history = store.history("ACME");
    CHECK(history.bars.size() == history.chains.size());
  }
}

TEST_CASE("a store of a newer version is refused and an older one is brought up to date", "[host][store]") {
  const ScratchFolder folder;
  const auto file = folder.path() / "a.db";
  constexpr std::string_view steps[]{"CREATE TABLE a(x)", "CREATE TABLE b(x)"};
  { Database first(file, Access::write, std::span(steps, 1)); }
  {
    Database second(file, Access::write, steps);
    CHECK(second.version() == 2);
    second.run("INSERT INTO b VALUES(1)");
  }
  CHECK(threw([&] { Database(file, Access::write, std::span(steps, 1)); }, ExitCode::data).find("newer") !=
        std::string::npos);
  constexpr std::string_view broken[]{steps[0], steps[1], "CREATE TABLE c(x); CREATE TABLE a(x)"};
  (void)threw([&] { Database(file, Access::write, broken); }, ExitCode::internal);
  Database after(file, Access::write, steps);
  CHECK(after.version() == 2);  // the failed step was undone as a whole
}

TEST_CASE("a disk that is full leaves the last whole symbol and says who must act", "[host][store]") {
  const ScratchFolder folder;
  const auto file = folder.path() / "a.db";
  {
    MarketStore store(file, Access::write);
    store.write_bars("ACME", std::vector{bar_of(monday, 100.0)}, vendor);
    store.database().run("PRAGMA max_page_count=40");
    const auto fill = [&] {
      Transaction whole(store.database());
      for (int day = 0; day < 500; ++day)
        store.write_chain("OTHER", some_chain(monday - std::chrono::days(day), static_cast<unsigned>(day)), vendor);
      whole.commit();
    };
    CHECK(threw(fill, ExitCode::needs_a_person).find("full") != std::string::npos);
  }
  MarketStore after(file, Access::read);
  CHECK(after.damage().empty());
  CHECK(after.history("ACME").bars.size() == 1);
  CHECK(after.history("OTHER").chains.empty());
}

TEST_CASE("a file that is no store is damage and is left as it is", "[host][store]") {
  const ScratchFolder folder;
  folder.write("a.db", std::string(5000, 'x'));
  (void)threw([&] { MarketStore(folder.path() / "a.db", Access::write); }, ExitCode::integrity);
  CHECK(test::content_of(folder.path() / "a.db") == std::string(5000, 'x'));
}

TEST_CASE("bootstrap fills the store once and the main job then reads it by itself", "[host][store]") {
  const ScratchFolder folder;
  test::write_sound_folder(folder);
  const auto first = alaris_host(folder.path(), "data bootstrap --source chains:.");
  CHECK(first.exit_code == 0);
  CHECK(first.output.find("1 symbols read, 0 unchanged") != std::string::npos);
  const auto again = alaris_host(folder.path(), "data bootstrap --source chains:.");
  CHECK(again.output.find("0 symbols read, 1 unchanged; 0 records new") != std::string::npos);
  CHECK(alaris_host(folder.path(), "data verify").exit_code == 0);
  CHECK(alaris_host(folder.path(), "data status --format json").output.find("alaris/store/1") != std::string::npos);
  const auto run = alaris_host(folder.path(), "backtest run --symbol ACME --start 2026-06-01 --end 2026-06-01");
  CHECK(run.output.find("source store") != std::string::npos);
  const auto mixed = alaris_host(folder.path(), "backtest run --symbol ACME,OTHER --start 2026-06-01 --end 2026-06-01");
  CHECK(mixed.exit_code == 4);
  const auto none = alaris_host(folder.path(), "data status --store nowhere.db");
  CHECK(none.exit_code == 4);
  CHECK(none.output.find("data bootstrap") != std::string::npos);
}

TEST_CASE("a damaged chain is found and read again from where it came", "[host][store]") {
  const ScratchFolder folder;
  test::write_sound_folder(folder);
  REQUIRE(alaris_host(folder.path(), "data bootstrap --source chains:. --store s.db").exit_code == 0);
  {
    Database file(folder.path() / "s.db", Access::write, store_migrations);
    file.run("UPDATE chain SET block=X'28B52FFD00'");
  }
  const auto found = alaris_host(folder.path(), "data verify --store s.db");
  CHECK(found.exit_code == 8);
  CHECK(found.output.find("ACME 2026-06-01") != std::string::npos);
  const auto listed = test::alaris_data(folder, "data verify --store s.db --format json");
  CHECK(listed.exit_code == 8);
  CHECK(nlohmann::json::parse(listed.output)["damage"][0]["symbol"] == "ACME");
  CHECK(test::alaris_data(folder, "data verify --store s.db --format csv")
            .output.starts_with("symbol,date,source,why\nACME,2026-06-01,"));
  CHECK(alaris_host(folder.path(), "backtest run --symbol ACME --source store:s.db --start 2026-06-01 --end 2026-06-01")
            .exit_code == 8);
  CHECK(alaris_host(folder.path(), "data verify --repair --store s.db").exit_code == 0);
  CHECK(alaris_host(folder.path(), "data verify --store s.db").exit_code == 0);
}

TEST_CASE("what cannot be read again is kept and said", "[host][store]") {
  const ScratchFolder folder;
  test::write_sound_folder(folder);
  const auto spoil = [&](const char* sql) {
    Database file(folder.path() / "s.db", Access::write, store_migrations);
    file.run(sql);
  };
  const auto rows = [&](const char* table) {
    Database file(folder.path() / "s.db", Access::write, store_migrations);
    Statement ask(file, std::string("SELECT COUNT(*) FROM ") + table);
    return ask.step() ? ask.integer(0) : -1;
  };
  std::filesystem::create_directories(folder.path() / "data");
  std::filesystem::rename(folder.path() / "ACME", folder.path() / "data/ACME");
  REQUIRE(alaris_host(folder.path(), "data bootstrap --source chains:data --store s.db").exit_code == 0);
  spoil("UPDATE bar SET low=high+1");
  const auto bars = alaris_host(folder.path(), "data verify --repair --store s.db");
  CHECK(bars.exit_code == 0);
  CHECK(bars.output.find("2 read again, 0 still damaged") != std::string::npos);
  spoil("UPDATE chain SET block=X'28B52FFD00'");
  SECTION("the folder is gone") {
    std::filesystem::rename(folder.path() / "data", folder.path() / "gone");
    const auto ran = alaris_host(folder.path(), "data verify --repair --store s.db");
    CHECK(ran.exit_code == 4);
    CHECK(ran.output.find("kept as it is: ACME chain of 2026-06-01") != std::string::npos);
    CHECK(rows("chain") == 1);
    std::filesystem::rename(folder.path() / "gone", folder.path() / "data");
    CHECK(alaris_host(folder.path(), "data verify --repair --store s.db").exit_code == 0);
  }
  SECTION("it came from a vendor and there is no key") {
    spoil("UPDATE chain SET source='massive'");
    const auto ran = alaris_host(folder.path(), "data verify --repair --store s.db");
    CHECK(ran.exit_code == 4);
    CHECK(ran.output.find("POLYGON_API_KEY") != std::string::npos);
    CHECK(rows("chain") == 1);
  }
  SECTION("the folder no longer holds the day") {
    folder.write("data/ACME/chain.csv",
                 "date,expiry,strike,right,bid,ask,last,volume,open_interest,iv\n"
                 "2026-05-29,2026-06-19,100,C,4.0,4.2,4.1,120,900,0.40\n");
    CHECK(alaris_host(folder.path(), "data verify --repair --store s.db").exit_code == 4);
    CHECK(rows("chain") == 1);
  }
}

TEST_CASE("the last days of a folder count from its own end and --until ends it", "[host][store]") {
  const ScratchFolder folder;
  test::write_sound_folder(folder);
  const std::string header = "date,expiry,strike,right,bid,ask,last,volume,open_interest,iv\n";
  folder.write("ACME/chain.csv", header +
                                     "2026-05-22,2026-06-19,100,C,4.0,4.2,4.1,120,900,0.40\n"
                                     "2026-05-29,2026-06-19,100,C,4.0,4.2,4.1,120,900,0.40\n"
                                     "2026-06-01,2026-06-19,100,C,4.0,4.2,4.1,120,900,0.40\n");
  const auto held = [&](const std::string& options) {
    std::filesystem::remove_all(folder.path() / ".local");
    const auto ran = alaris_host(folder.path(), "data bootstrap --source chains:. " + options);
    CHECK(ran.exit_code == 0);
    MarketStore store(folder.path() / ".local/state/alaris/alaris.db", Access::read);
    std::string days;
    for (const auto& chain : store.history("ACME").chains) days += to_string(chain->date()).substr(5) + " ";
    return days + "bars to " + to_string(store.bars("ACME").back().date).substr(5);
  };
  CHECK(held("") == "05-22 05-29 06-01 bars to 06-01");
  CHECK(held("--days 3") == "05-29 06-01 bars to 06-01");
  CHECK(held("--until 2026-05-30") == "05-22 05-29 bars to 05-29");
  CHECK(held("--until 2026-05-30 --days 3") == "05-29 bars to 05-29");
  const auto none = alaris_host(folder.path(), "data bootstrap --source chains:. --until 2026-05-01");
  CHECK(none.exit_code == 4);
  CHECK(none.output.find("2026-05-22") != std::string::npos);
}

TEST_CASE("clearing the cache leaves the store and everything outside alone", "[host][store]") {
  const ScratchFolder folder;
  test::write_sound_folder(folder);
  folder.write(".cache/alaris/page.json", "{}");
  folder.write(".cache/other/page.json", "{}");
  REQUIRE(alaris_host(folder.path(), "data bootstrap --source chains:.").exit_code == 0);
  const auto told = alaris_host(folder.path(), "data cache clear --dry-run");
  CHECK(told.output.find(".cache/alaris: 1 files and folders would be removed") != std::string::npos);
  CHECK(std::filesystem::exists(folder.path() / ".cache/alaris/page.json"));
  CHECK(alaris_host(folder.path(), "data cache clear").exit_code == 0);
  CHECK(!std::filesystem::exists(folder.path() / ".cache/alaris/page.json"));
  CHECK(std::filesystem::exists(folder.path() / ".cache/other/page.json"));
  CHECK(std::filesystem::exists(folder.path() / ".local/state/alaris/alaris.db"));
  CHECK(alaris_host(folder.path(), "data verify").exit_code == 0);
}

TEST_CASE("sessions without data are listed and days without a session are named", "[host][store]") {
  const ScratchFolder folder;
  test::write_sound_folder(folder);
  folder.write("ACME/bars.csv",
               "date,open,high,low,close,volume\n2026-05-27,99,101,98,100,1\n2026-06-01,100,102,99,100.5,1\n");
  REQUIRE(alaris_host(folder.path(), "data bootstrap --source chains:.").exit_code == 0);
  const auto gaps = alaris_host(folder.path(), "data gaps");
  CHECK(gaps.exit_code == 1);
  CHECK(gaps.output.find("ACME,bars,2026-05-28") != std::string::npos);
  CHECK(gaps.output.find("ACME,bars,2026-05-29") != std::string::npos);
  const auto json = nlohmann::json::parse(test::alaris_data(folder, "data gaps --format json").output);
  CHECK(json["schema"] == "alaris/gaps/1");
  CHECK(json["gaps"][0]["date"] == "2026-05-28");
  CHECK(alaris_host(folder.path(), "data gaps --format table").output.find("symbol  kind") != std::string::npos);
}
