// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "feeds/cboe.hpp"
#include "feeds/delimited.hpp"
#include "feeds/fixtures.hpp"
#include "feeds/treasury.hpp"
#include "support/catch.hpp"

using namespace alaris;
using Catch::Matchers::WithinRel;
using namespace alaris::host;
using alaris::test::answer;
using alaris::test::fixture;

namespace {
bool held() {
  return test::shared_data("fixtures").has_value();
}
constexpr std::size_t one_and_a_half_months = 1, two_months = 2, three_months = 3, four_months = 4;
}  // namespace

TEST_CASE("par yields are read by the name of their tenor", "[feeds][treasury]") {
  if (!held()) return;
  const auto year = treasury::parse_csv(*fixture("treasury/par_yield_2024.csv"));
  REQUIRE(year->rows.size() == 10);
  const auto may = std::find_if(year->rows.begin(), year->rows.end(),
                                [](const auto& curve) { return curve.date == make_date(2024, 5, 2); });
  REQUIRE(may != year->rows.end());
  CHECK(may->percent[three_months] == 5.46);
  CHECK(may->known() == 13);
  CHECK(treasury::rate_points(*may).size() == 13);
  CHECK_THAT(treasury::rate_points(*may)[2].rate, WithinRel(0.0538667, 1e-4));  // 2 ln(1.0273) by hand
  const auto wider = treasury::parse_csv(*fixture("treasury/par_yield_2025_new_tenor.csv"));
  REQUIRE(wider->rows.size() == 4);
  CHECK(!wider->rows[0].percent[one_and_a_half_months]);
  CHECK(wider->rows[1].percent[one_and_a_half_months] == 4.37);
  CHECK(wider->rows[0].percent[two_months] == 4.36);
  const auto few = treasury::parse_csv(*fixture("treasury/par_yield_1990_few_tenors.csv"));
  REQUIRE(few->rows.size() == 2);
  CHECK(few->rows[0].known() == 9);
}

TEST_CASE("a yield may be negative or missing and never becomes zero", "[feeds][treasury]") {
  if (!held()) return;
  const auto table = treasury::parse_csv(*fixture("treasury/par_yield_na_and_negative.csv"));
  REQUIRE(table->rows.size() == 2);
  CHECK(table->rows[1].percent[three_months] == -0.05);
  CHECK(!table->rows[1].percent[two_months]);
  CHECK(!table->rows[1].percent[four_months]);
  CHECK(table->rows[0].percent[two_months] == 0.0);
}

TEST_CASE("short rows are refused and repeated ones dropped", "[feeds][treasury]") {
  if (!held()) return;
  const auto cut = treasury::parse_csv(*fixture("treasury/par_yield_short_row.csv"));
  CHECK(cut->rows.size() == 1);
  REQUIRE(cut->refused.size() == 1);
  CHECK(cut->refused[0].record == "line 2");
  const auto shuffled = treasury::parse_csv(*fixture("treasury/par_yield_duplicate_and_shuffled.csv"));
  REQUIRE(shuffled->rows.size() == 3);
  CHECK(shuffled->duplicates == 1);
  CHECK(shuffled->rows[0].date < shuffled->rows[1].date);
}

TEST_CASE("a year without yields is empty and a page for people is not", "[feeds][treasury]") {
  if (!held()) return;
  CHECK(treasury::parse_csv(*fixture("treasury/par_yield_empty_body.csv"))->rows.empty());
  CHECK(treasury::parse_csv(*fixture("treasury/par_yield_header_only.csv"))->rows.empty());
  CHECK(treasury::parse_csv(*fixture("treasury/par_yield_html_200.csv")).error().fault == FeedFault::transport);
}

TEST_CASE("the XML feed gives the same curves without its display rows", "[feeds][treasury]") {
  const auto document_type = treasury::parse_xml(answer("<?xml version=\"1.0\"?><!DOCTYPE feed><feed></feed>"));
  CHECK(document_type.error().fault == FeedFault::malformed);
  if (!held()) return;
  const auto xml = treasury::parse_xml(*fixture("treasury/par_yield_2024-05.xml"));
  REQUIRE(xml->rows.size() == 3);
  const auto csv = treasury::parse_csv(*fixture("treasury/par_yield_2024.csv"));
  for (const auto& curve : xml->rows) CHECK(std::find(csv->rows.begin(), csv->rows.end(), curve) != csv->rows.end());
  HttpAnswer cut = *fixture("treasury/par_yield_2024-05.xml");
  cut.body.resize(cut.body.size() / 2);
  CHECK(treasury::parse_xml(cut).error().fault == FeedFault::malformed);
}

TEST_CASE("the VIX history keeps every usable close and says why others are not", "[feeds][cboe]") {
  if (!held()) return;
  const auto whole = cboe::parse_history(*fixture("cboe/VIX_History.csv"));
  REQUIRE(whole->rows.size() == 16);
  const auto august = std::find_if(whole->rows.begin(), whole->rows.end(),
                                   [](const auto& day) { return day.date == make_date(2024, 8, 5); });
  REQUIRE(august != whole->rows.end());
  CHECK(august->high == 65.73);
  CHECK(august->close == 38.57);
  const auto nasty = cboe::parse_history(*fixture("cboe/VIX_History_nasty.csv"));
  REQUIRE(nasty->rows.size() == 5);
  CHECK(nasty->refused.size() == 3);
  CHECK(nasty->duplicates == 1);
  CHECK((!nasty->rows[3].open && nasty->rows[3].close == 13.49));
  CHECK(cboe::parse_history(*fixture("cboe/VVIX_History.csv"))->rows[2].close == 173.32);
  CHECK(cboe::parse_history(*fixture("cboe/VIX_History_header_only.csv"))->rows.empty());
  CHECK(!cboe::parse_history(*fixture("cboe/VIX_History_html_200.csv")));
}

TEST_CASE("a history shorter than the one held is not believed", "[feeds][cboe]") {
  const auto cut = cboe::parse_history(answer("DATE,OPEN,HIGH,LOW,CLOSE\n05/01/2024,15.8,16,14.5,15.4\n"), 2);
  REQUIRE(!cut);
  CHECK(cut.error().fault == FeedFault::implausible);
}

TEST_CASE("waiting times are believed within an hour and in both spellings", "[feeds]") {
  const auto now = std::chrono::sys_seconds(std::chrono::seconds(1'714'679'100));  // 2024-05-02 19:45:00 UTC
  const auto wait = [&](const std::string& value) {
    return retry_after({.status = 429, .headers = {{"retry-after", value}}, .body = {}}, now);
  };
  using std::chrono::seconds;
  CHECK(wait("17") == seconds(17));
  CHECK(wait("0") == seconds(1));
  CHECK(wait("86400") == seconds(3600));
  CHECK(wait("Thu, 02 May 2024 19:46:40 GMT") == seconds(100));
  CHECK(wait("Thu, 02 May 2024 19:00:00 GMT") == seconds(1));
  CHECK(!wait("soon"));
  CHECK(!wait("-5"));
}

TEST_CASE("a body shorter than declared is no answer", "[feeds]") {
  const HttpAnswer cut{.status = 200, .headers = {{"Content-Length", "40"}}, .body = "DATE,CLOSE\n05/01/2024,15.4\n"};
  const auto parsed = cboe::parse_history(cut);
  REQUIRE(!parsed);
  CHECK(parsed.error().retryable);
}

TEST_CASE("vendor text in a message never carries a key", "[feeds]") {
  CHECK(safe_text("bad https://x/?apiKey=SECRET") == "bad https://x/?");
  CHECK(safe_text("Authorization: Bearer SECRET").find("SECRET") == std::string::npos);
  CHECK(safe_text("two\nlines\x1b[31m") == "two lines[31m");
}
