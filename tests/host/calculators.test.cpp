// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <filesystem>
#include <string>

#include "support.hpp"
#include "support/catch.hpp"
#include "support/table.hpp"

using namespace alaris::test;

namespace {

std::string reference(const std::string& file) {
  return (std::filesystem::path(ALARIS_SOURCE_DIR) / "tests" / "reference" / file).string();
}

}  // namespace

TEST_CASE("a table of options comes back with its prices and Greeks", "[host][calculators]") {
  const ScratchFolder folder;
  folder.write("in.csv",
               "note,sigma,type,S,K,r,q,T,price\n"
               "a,0.3,call,100,100,0.05,0.02,0.25,old\n"
               "b,0.3,put,110,100,0.05,0.02,0,\n"
               "c,0.3,call,100,100,0.05,0.02,-1,\n"
               "d,0.3,swap,100,100,0.05,0.02,1,\n"
               "e,x,call,100,100,0.05,0.02,1,\n");
  const Ran ran = alaris_host(folder.path(), "price in.csv --out out.csv");
  CHECK(ran.exit_code == 1);  // three rows have no answer
  CHECK(content_of(folder.path() / "out.csv")
            .starts_with("note,sigma,type,S,K,r,q,T,in_price,price,delta,gamma,vega,theta,rho,status\na,0.3,call,100,"
                         "100,0.05,0.02,0.25,old,"));
  const Table out(folder.path() / "out.csv");
  REQUIRE(out.size() == 5);
  CHECK(std::fabs(out.number(0, "price") - 6.30561313329) < 6e-12);  // the quantitative reference, 12 digits
  CHECK(out.text(0, "status") == "ok");
  CHECK(out.number(1, "price") == 0.0);  // expired out of the money
  CHECK(out.text(1, "status") == "ok");
  for (const std::size_t row : {2u, 3u, 4u}) {
    CHECK(out.text(row, "price").empty());
    CHECK(out.text(row, "status") == "invalid_input");
  }
}

TEST_CASE("an American option is priced from the table that holds European ones", "[host][calculators]") {
  const ScratchFolder folder;
  folder.write("in.csv",
               "style,type,S,K,T,r,q,sigma,dividends\n"
               "european,put,90,100,1,0.06,0,0.2,\n"
               "american,put,90,100,1,0.06,0,0.2,\n"
               "american,put,90,100,1,0.06,0,0.2,0.5:2;0.75:2\n"
               "european,put,90,100,1,0.06,0,0.2,0.5:2\n"
               "american,put,90,100,1,0.06,0,0.2,0.5\n");
  const Ran ran = alaris_host(folder.path(), "price in.csv --greeks all --out out.csv");
  CHECK(ran.exit_code == 1);
  const Table out(folder.path() / "out.csv");
  CHECK(out.number(1, "price") > out.number(0, "price"));  // the right to exercise early
  CHECK(out.number(2, "price") > out.number(1, "price"));  // the share falls by its dividends
  CHECK(out.text(1, "dual_gamma").empty());
  CHECK_FALSE(out.text(0, "dual_gamma").empty());
  CHECK(out.text(2, "status") == "ok");
  CHECK(out.text(3, "status") == "invalid_input");
  CHECK(out.text(4, "status") == "invalid_input");
}

TEST_CASE("the volatility calculator answers or says why for every reference row", "[host][calculators]") {
  const ScratchFolder folder;
  const Ran ran = alaris_host(folder.path(), "iv " + reference("implied_vol.csv") + " --out out.csv");
  CHECK(ran.exit_code == 1);
  const Table out(folder.path() / "out.csv"), in = reference_table("implied_vol.csv");
  REQUIRE(out.size() == in.size());
  for (std::size_t row = 0; row < in.size(); ++row) {
    INFO("line " << row + 2 << " " << in.text(row, "status"));
    const bool ok = in.text(row, "status") == "ok";
    CHECK((out.text(row, "status") == "ok") == ok);
    CHECK(out.text(row, "sigma").empty() == !ok);
    const double truth = in.number(row, "sigma");
    if (ok) CHECK(std::fabs(out.number(row, "sigma") / truth - 1) <= 4 * in.number(row, "cond_rel") + 4 * 2.3e-16);
  }
}

TEST_CASE("a quote on a share gives back the volatility it was priced with", "[host][calculators]") {
  const ScratchFolder folder;
  folder.write("in.csv",
               "style,type,S,K,T,r,q,sigma\n"
               "european,call,100,110,0.5,0.04,0.01,0.35\n"
               "american,put,100,110,0.5,0.04,0.01,0.35\n");
  CHECK(alaris_host(folder.path(), "price in.csv --out priced.csv").exit_code == 0);
  const Ran ran = alaris_host(folder.path(), "iv priced.csv --out out.csv");
  CHECK(ran.exit_code == 0);
  const Table out(folder.path() / "out.csv");
  CHECK(std::fabs(out.number(0, "sigma") - 0.35) < 1e-14);
  CHECK(std::fabs(out.number(1, "sigma") - 0.35) < 1e-8);  // the search stops at 1e-9
  CHECK(out.number(0, "in_sigma") == 0.35);
}

TEST_CASE("a row with too few fields keeps its place and does not stop the file", "[host][calculators]") {
  const ScratchFolder folder;
  folder.write("in.csv", "type,F,K,T,df,price\ncall,100,100\ncall,100,100,1,1,7.965567455405804\n");
  const Ran ran = alaris_host(folder.path(), "iv in.csv");
  CHECK(ran.exit_code == 1);
  CHECK_THAT(ran.output, Catch::Contains("in.csv:2"));
  CHECK_THAT(ran.output, Catch::Contains("\n,,,,,,,invalid_input\ncall,100,100,1,1,7.965567455405804,0.2"));
  const Ran missing = alaris_host(folder.path(), "price in.csv");
  CHECK(missing.exit_code == 4);  // the columns of a price are not there
}
