// SPDX-License-Identifier: Apache-2.0
// The LEAN files among the shared answers: archives, factors, maps, universes, sound and damaged.
#include <cmath>

#include <alaris/market/new_york.hpp>

#include "feeds/lean.hpp"
#include "host_error.hpp"
#include "sources/file_bytes.hpp"
#include "sources/source.hpp"
#include "sources/zip_archive.hpp"
#include "support/catch.hpp"
#include "support/shared_data.hpp"

using namespace alaris;
using namespace alaris::host;
using Catch::Matchers::Contains;

namespace {

std::optional<std::filesystem::path> lean_root() {
  return test::shared_data("fixtures/lean");
}
std::vector<std::pair<std::string, std::string>> entries(const std::filesystem::path& archive) {
  std::vector<std::pair<std::string, std::string>> out;
  for_each_entry(archive,
                 [&](const std::string& name, const std::string& content) { out.emplace_back(name, content); });
  return out;
}

}  // namespace

TEST_CASE("a daily archive gives scaled bars and says what it cannot use", "[host][lean]") {
  const auto root = lean_root();
  if (!root) return;
  const auto daily = *root / "constructed/equity/usa/daily";
  const auto parsed = [&](const char* file) {
    return lean::parse_daily(entries(daily / file)[0].second, lean::Scale::ten_thousandths);
  };
  CHECK(parsed("aapl.zip")->rows.size() == 45);
  const auto ragged = parsed("ragged.zip");
  REQUIRE(ragged->rows.size() == 3);
  CHECK(ragged->rows[0].date < ragged->rows[1].date);
  CHECK(ragged->refused.size() == 1);
  CHECK(ragged->duplicates == 1);
  CHECK(parsed("unscaled.zip").error().fault == FeedFault::implausible);
  CHECK_THROWS_AS(entries(daily / "corrupt.zip"), HostError);
}

TEST_CASE("an archive that holds another symbol is refused", "[host][lean]") {
  const auto root = lean_root();
  if (!root) return;
  CHECK_THROWS_WITH(read_lean_folder(*root / "constructed", {"WRONG_ENTRY"}), Contains("another symbol"));
}

TEST_CASE("the constructed folder is a market of eighteen contracts around a report", "[host][lean]") {
  const auto root = lean_root();
  if (!root) return;
  const auto option = *root / "constructed/option/usa/daily";
  for (const char* kind : {"quote", "openinterest"})
    CHECK(entries(option / ("aapl_2024_" + std::string(kind) + "_american.zip")).size() == 18);
  CHECK(entries(option / "aapl_2024_trade_american.zip").size() <= 18);
  const LoadedMarket loaded = read_lean_folder(*root / "constructed", {"AAPL"});
  CHECK(loaded.market.bars("AAPL").size() == 45);
  REQUIRE(!loaded.market.chains("AAPL").empty());
  CHECK(loaded.holds_quotes);
}

TEST_CASE("minutes without a bid keep their ask and no bid is made up", "[host][lean]") {
  const auto root = lean_root();
  if (!root) return;
  const Date day = make_date(2024, 5, 2);
  const auto minute = *root / "constructed/equity/usa/minute/aapl";
  const auto quotes = lean::parse_minute_quotes(entries(minute / "20240502_quote.zip")[0].second, day);
  CHECK(quotes->refused.empty());
  std::size_t one_sided = 0;
  for (const auto& quote : quotes->rows) one_sided += quote.bid ? 0u : 1u;
  CHECK(one_sided == (quotes->rows.size() + 49) / 50);  // every fiftieth, from the first on
  const auto trades = lean::parse_minute_trades(entries(minute / "20240502_trade.zip")[0].second, day);
  CHECK(trades->refused.empty());
  for (const auto& trade : trades->rows) CHECK(new_york_date(trade.start) == day);
}

TEST_CASE("factors and names hold up to and including their date", "[host][lean]") {
  const auto root = lean_root();
  if (!root) return;
  const auto factors = [&](const char* file) {
    return *lean::parse_factors(read_file(*root / "constructed/equity/usa/factor_files" / file));
  };
  const auto apple = factors("aapl.csv").rows;
  CHECK(lean::factor_on(apple, make_date(2020, 8, 28))->split == 0.25);
  CHECK(lean::factor_on(apple, make_date(2020, 8, 31))->split == 1.0);
  CHECK(lean::factor_on(factors("nvda.csv").rows, make_date(2024, 6, 7))->split == 0.1);
  CHECK(lean::factor_on(factors("nvda.csv").rows, make_date(2024, 6, 10))->split == 1.0);
  CHECK(factors("bad_inf.csv").rows.size() == 2);
  CHECK(factors("bad_inf.csv").refused.size() == 3);
  const auto names = *lean::parse_map(read_file(*root / "constructed/equity/usa/map_files/meta.csv"));
  CHECK(lean::ticker_on(names.rows, make_date(2022, 6, 8)) == "fb");
  CHECK(lean::ticker_on(names.rows, make_date(2022, 6, 9)) == "meta");
}

TEST_CASE("a universe file that carries a later day's bar is recognised", "[host][lean]") {
  const auto root = lean_root();
  if (!root) return;
  for (const char* day : {"20240502.csv", "20240503.csv"}) {
    const auto universe = lean::parse_universe(read_file(*root / "constructed/option/usa/universes/aapl" / day));
    REQUIRE(universe);
    CHECK(universe->contracts.rows.size() == 36);
    CHECK(universe->contracts.refused.empty());
    CHECK(universe->underlying_close.has_value());
  }
  const auto daily =
      lean::parse_daily(entries(*root / "recorded/equity/usa/daily/aapl.zip")[0].second, lean::Scale::ten_thousandths);
  REQUIRE(daily);
  const auto bar_of = [&](Date date) {
    for (const Bar& bar : daily->rows)
      if (bar.date == date) return bar;
    FAIL("no such bar");
    return Bar{};
  };
  const auto shifted = lean::parse_universe(read_file(*root / "recorded/option/usa/universes/aapl/20151211.csv"));
  CHECK(!shifted->belongs_to(bar_of(make_date(2015, 12, 11))));
  CHECK(shifted->belongs_to(bar_of(make_date(2015, 12, 14))));
}

TEST_CASE("every recorded file of the public sample can be read", "[host][lean]") {
  const auto root = lean_root();
  if (!root) return;
  const auto sample = *root / "recorded";
  std::size_t files = 0;
  for (const auto& item : std::filesystem::recursive_directory_iterator(sample)) {
    if (!item.is_regular_file()) continue;
    CAPTURE(item.path().string());
    const std::string path = item.path().string();
    const auto has = [&](const char* part) { return path.find(part) != std::string::npos; };
    if (item.path().extension() == ".zip") {
      const auto content = entries(item.path());
      CHECK(!content.empty());
      if (has("/daily/") && has("equity"))
        CHECK(lean::parse_daily(content[0].second, lean::Scale::ten_thousandths)->refused.empty());
      if (has("index")) CHECK(lean::parse_daily(content[0].second, lean::Scale::dollars)->rows.size() > 0);
      if (has("minute") && has("equity") && has("_trade"))
        CHECK(lean::parse_minute_trades(content[0].second, make_date(2014, 6, 6))->refused.empty());
      if (has("minute") && has("_quote"))
        for (const auto& entry : content)
          CHECK(lean::parse_minute_quotes(entry.second, make_date(2014, 6, 6))->refused.empty());
    } else if (has("factor_files")) {
      CHECK(lean::parse_factors(read_file(item.path()))->rows.size() > 0);
    } else if (has("map_files")) {
      CHECK(lean::parse_map(read_file(item.path()))->refused.empty());
    } else if (has("universes")) {
      CHECK(lean::parse_universe(read_file(item.path()))->contracts.refused.empty());
    } else if (has("interest-rate")) {
      CHECK(lean::parse_rates(read_file(item.path()))->refused.empty());
    } else {
      continue;
    }
    ++files;
  }
  CHECK(files > 30);
}
