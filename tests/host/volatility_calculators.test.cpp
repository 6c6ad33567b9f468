// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "support.hpp"
#include "support/catch.hpp"
#include "support/table.hpp"

using namespace alaris::test;

namespace {

std::string reference(const std::string& file) {
  return (std::filesystem::path(ALARIS_SOURCE_DIR) / "tests" / "reference" / file).string();
}

/// 1e-12 of the value, the accuracy that the kernels state.
void agrees(double found, double truth) {
  CHECK(std::fabs(found - truth) <= 1e-12 * std::fabs(truth));
}

}  // namespace

TEST_CASE("realised volatility of a table of bars is the reference after every bar", "[host][calculators]") {
  const Table bars = reference_table("ohlc.csv"), truth = reference_table("realised_vol.csv");
  const ScratchFolder folder;
  std::map<std::string, std::string> texts;
  for (std::size_t row = 0; row < bars.size(); ++row) {
    std::string& text = texts[bars.text(row, "series")];
    if (text.empty()) text = "close,low,high,open,date\n";  // any order of columns
    for (const char* column : {"close", "low", "high", "open"}) text += bars.text(row, column) + ',';
    text += bars.text(row, "date") + '\n';
  }
  const std::map<std::string, std::string> columns{{"close-to-close", "cc"},
                                                   {"parkinson", "parkinson"},
                                                   {"garman-klass", "garman_klass"},
                                                   {"rogers-satchell", "rogers_satchell"},
                                                   {"garman-klass-yang-zhang", "gk_yz"},
                                                   {"yang-zhang", "yang_zhang"}};
  for (const auto& [series, text] : texts) {
    folder.write(series + ".csv", text);
    std::set<std::string> windows;
    for (std::size_t row = 0; row < truth.size(); ++row)
      if (truth.text(row, "series") == series) windows.insert(truth.text(row, "window"));
    for (const auto& [estimator, column] : columns) {
      if (windows.empty()) continue;
      const std::string window = *windows.begin();
      const Ran ran = alaris_host(
          folder.path(), "vol " + series + ".csv --estimator " + estimator + " --window " + window + " --out out.csv");
      CHECK(ran.exit_code == 0);
      const Table out(folder.path() / "out.csv");
      for (std::size_t row = 0; row < truth.size(); ++row) {
        if (truth.text(row, "series") != series || truth.text(row, "window") != window ||
            truth.text(row, column).empty())
          continue;
        INFO(series << " " << estimator << " window " << window << " bar " << truth.text(row, "idx"));
        agrees(out.number(static_cast<std::size_t>(truth.number(row, "idx")), "volatility"), truth.number(row, column));
      }
    }
  }
}

TEST_CASE("a bad bar has no volatility and the window begins anew after it", "[host][calculators]") {
  const ScratchFolder folder;
  folder.write("bars.csv",
               "date,open,high,low,close\n2024-01-02,10,11,9,10\n2024-01-03,10,12,9,11\n2024-01-04,11,10,12,11\n"
               "2024-01-05,11,12,10,11\n2024-01-08,11,13,10,12\n2024-01-09,x,13,10,12\n");
  const Ran ran = alaris_host(folder.path(), "vol bars.csv --estimator parkinson --window 2 --out out.csv");
  CHECK(ran.exit_code == 1);
  const Table out(folder.path() / "out.csv");
  CHECK(out.text(0, "volatility").empty());
  CHECK(out.text(0, "status") == "ok");  // not enough bars yet is no fault of the row
  CHECK_FALSE(out.text(1, "volatility").empty());
  CHECK(out.text(2, "status") == "invalid_input");
  CHECK(out.text(3, "volatility").empty());
  CHECK_FALSE(out.text(4, "volatility").empty());
  CHECK(out.text(5, "status") == "invalid_input");
  CHECK(alaris_host(folder.path(), "vol bars.csv --window 1").exit_code == 2);  // Yang and Zhang take out a mean
  CHECK(alaris_host(folder.path(), "vol bars.csv --estimator hurst").exit_code == 2);
}

TEST_CASE("the event calculator splits every pair of the reference or names the variance that is negative",
          "[host][calculators]") {
  const ScratchFolder folder;
  CHECK(alaris_host(folder.path(), "event " + reference("earnings_jump.csv") + " --out out.csv").exit_code == 1);
  const Table out(folder.path() / "out.csv");
  REQUIRE(out.size() > 100);
  for (std::size_t row = 0; row < out.size(); ++row) {
    INFO("line " << row + 2);
    CHECK(out.text(row, "status") == out.text(row, "in_status"));
    if (out.text(row, "status") != "ok") {
      CHECK(out.text(row, "sigma_event").empty());
      continue;
    }
    // The event's variance is a difference of two total variances: its digits are those of the larger one.
    const double w = std::pow(out.number(row, "iv2"), 2) * out.number(row, "T2"), e = out.number(row, "event_variance");
    const double open = 1e-12 + (e > 0.0 ? 8 * 2.2e-16 * w / e : 0.0);
    const auto close = [](double found, double truth, double relative) {
      CHECK(std::fabs(found - truth) <= relative * truth);
    };
    close(out.number(row, "sigma_event"), out.number(row, "sigma_e"), open);
    close(out.number(row, "expected_abs_move"), out.number(row, "expected_abs_move_lognormal"), open);
    close(out.number(row, "sigma_base"), out.number(row, "base_vol"), 1e-11);
  }
}

TEST_CASE("the parity calculator finds the reference's violations in both styles", "[host][calculators]") {
  const ScratchFolder folder;
  for (const std::string style : {"european", "american"}) {
    const Table in = reference_table(style == "european" ? "parity.csv" : "parity_american.csv");
    std::string text = "style,S_bid,S_ask,K,T,r,q,call_bid,call_ask,put_bid,put_ask,dividends\n";
    for (std::size_t row = 0; row < in.size(); ++row) {
      text += style;
      for (const char* column : {"S_bid", "S_ask", "K", "T", "r", "q", "call_bid", "call_ask", "put_bid", "put_ask"})
        text += ',' + in.text(row, column);
      text += ',';
      for (const char* n : {"1", "2", "3"})
        if (const std::string& when = in.text(row, std::string("t") + n); !when.empty())
          text += (text.back() == ',' ? "" : ";") + when + ':' + in.text(row, std::string("D") + n);
      text += '\n';
    }
    folder.write("in.csv", text);
    CHECK(alaris_host(folder.path(), "parity in.csv --out out.csv").exit_code == 0);
    const Table out(folder.path() / "out.csv");
    REQUIRE(out.size() == in.size());
    for (std::size_t row = 0; row < in.size(); ++row) {
      INFO(style << " line " << row + 2);
      const bool american = style == "american";
      const double lower =
          american ? in.number(row, "violation_lower") : std::max(in.number(row, "reversal_profit"), 0.0);
      const double upper =
          american ? in.number(row, "violation_upper") : std::max(in.number(row, "conversion_profit"), 0.0);
      const double unit = 1e-14 * in.number(row, "S");
      CHECK(std::fabs(out.number(row, "violation_lower") - lower) <= 1e-12 * lower + unit);
      CHECK(std::fabs(out.number(row, "violation_upper") - upper) <= 1e-12 * upper + unit);
    }
  }
}

TEST_CASE("the smile calculator gives variance and volatility and shows arbitrage by its sign", "[host][calculators]") {
  const ScratchFolder folder;
  CHECK(alaris_host(folder.path(), "svi " + reference("svi.csv") + " --check --out out.csv").exit_code == 0);
  const Table out(folder.path() / "out.csv");
  REQUIRE(out.size() > 300);
  for (std::size_t row = 0; row < out.size(); ++row) {
    INFO("line " << row + 2);
    agrees(out.number(row, "total_variance"), out.number(row, "w"));
    agrees(out.number(row, "implied_vol"), out.number(row, "in_implied_vol"));
    const double g = out.number(row, "in_durrleman_g");
    CHECK(std::fabs(out.number(row, "durrleman_g") - g) <= 1e-12 * std::max(std::fabs(g), 1.0));
  }
  folder.write("bad.csv", "a,b,rho,m,sigma,T,k\n0.04,-1,0,0,0.1,1,0\n0.04,0.1,0,0,0.1,0,0\n0.04,0.1,0,,0.1,1,0\n");
  CHECK(alaris_host(folder.path(), "svi bad.csv --out bad_out.csv").exit_code == 1);
  const Table bad(folder.path() / "bad_out.csv");
  for (std::size_t row = 0; row < 3; ++row) CHECK(bad.text(row, "status") == "invalid_input");
}
