// SPDX-License-Identifier: Apache-2.0
// `alaris vol`, `event`, `parity` and `svi`: realised volatility after every bar, the event's part of two volatilities,
// what quotes say about parity, a smile and its arbitrage.
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <alaris/pricing/parity.hpp>
#include <alaris/volatility/event.hpp>
#include <alaris/volatility/implied.hpp>
#include <alaris/volatility/rolling_realised.hpp>
#include <alaris/volatility/svi.hpp>

#include "commands/calculator_table.hpp"
#include "commands/command.hpp"

namespace alaris::host {
namespace {

constexpr std::string_view invalid_input = name(VolError::invalid_input);
using Columns = std::vector<std::string>;

/// A calculator whose rows do not depend on each other.
template <class Compute>
void add_row_calculator(CLI::App& app, Session& session, const std::string& word, const std::string& help,
                        const Columns& required, const Columns& results, Compute compute) {
  const auto files = std::make_shared<CalculatorFiles>();
  add_calculator(app, word, help, *files)->callback([=, &session] {
    const auto each = [&](const CsvReader* row) {
      return row != nullptr ? compute(*row) : RowResult{{}, invalid_input};
    };
    if (!calculate(
            *files, [&](const CsvReader&) { return required; }, results, each))
      session.exit_code = ExitCode::answer_is_no;
  });
}

RowResult event_row(const CsvReader& row) {
  const auto model = parse_event_model(row[row.find("model")]);
  if (!model) return {{}, invalid_input};
  const auto at = [&](std::string_view years, std::string_view volatility) {
    return ExpiryVolatility<Act365>{Years<Act365>{number_in(row, years)}, number_in(row, volatility)};
  };
  const auto split = event_split(*model, at("T1", "iv1"), at("T2", "iv2"));
  if (!split) return {{}, name(split.error())};
  return {{split->sigma_event, split->sigma_base, expected_abs_move(split->sigma_event)}};
}

RowResult parity_row(const CsvReader& row) {
  const std::string_view text = row[row.find("style")];
  if (text != "european" && text != "american") return {{}, invalid_input};
  std::vector<TimedCash> dividends;
  if (!parse_dividends(row[row.find("dividends")], dividends)) return {{}, invalid_input};
  const double years = number_in(row, "T"), rate = number_in(row, "r");
  double present = 0.0;
  for (const TimedCash& one : dividends)
    if (one.years > 0.0 && one.years <= years) present += one.amount * std::exp(-rate * one.years);
  const ParityBounds bounds = parity_bounds(text == "american" ? ExerciseStyle::american : ExerciseStyle::european,
                                            {.spot_bid = number_in(row, "S_bid"),
                                             .spot_ask = number_in(row, "S_ask"),
                                             .strike = number_in(row, "K"),
                                             .to_expiry = Years<Act365>{years},
                                             .rate = rate,
                                             .dividend_yield = number_in(row, "q"),
                                             .present_dividends = present,
                                             .call_bid = number_in(row, "call_bid"),
                                             .call_ask = number_in(row, "call_ask"),
                                             .put_bid = number_in(row, "put_bid"),
                                             .put_ask = number_in(row, "put_ask")});
  if (std::isnan(bounds.lower)) return {{}, invalid_input};
  return {{bounds.lower, bounds.upper, bounds.violation_lower, bounds.violation_upper}};
}

RowResult svi_row(const CsvReader& row) {
  const SviRaw svi{number_in(row, "a"), number_in(row, "b"), number_in(row, "rho"), number_in(row, "m"),
                   number_in(row, "sigma")};
  const double k = number_in(row, "k"), years = number_in(row, "T");
  const SmilePointValue at = svi_value(svi, k);
  if (!(at.total_variance >= 0.0) || !(years > 0.0)) return {{}, invalid_input};
  return {{at.total_variance, svi_volatility(svi, k, years), durrleman(at, k)}};
}

struct RollingWords {
  CalculatorFiles files;
  std::string estimator = "yang-zhang";
  std::size_t window = 30;
  double periods = 252.0;
};

/// One bar a row. A row without a usable bar is a session whose prices are not known: the window begins anew after it.
template <RealisedEstimator Estimator>
bool roll(const RollingWords& words, const Columns& required) {
  RollingRealised<Estimator> rolling({.window = words.window, .periods = words.periods});
  const auto each = [&](const CsvReader* row) -> RowResult {
    Bar bar{};
    bar.open = bar.high = bar.low = bar.close = std::numeric_limits<double>::quiet_NaN();
    if (row != nullptr) {
      bar.open = number_in(*row, "open");
      bar.high = number_in(*row, "high");
      bar.low = number_in(*row, "low");
      bar.close = number_in(*row, "close");
    }
    const auto volatility = rolling.push(bar);
    if (volatility) return {{*volatility}};
    if (volatility.error().fault == RealisedFault::not_enough_bars) return {};
    return {{}, invalid_input};
  };
  return calculate(
      words.files, [&](const CsvReader&) { return required; }, {"volatility"}, each);
}

void add_rolling_calculator(CLI::App& app, Session& session) {
  const auto words = std::make_shared<RollingWords>();
  auto* command = add_calculator(app, "vol",
                                 "Examples:\n  alaris vol bars.csv --estimator yang-zhang --window 30\n"
                                 "  alaris vol - --estimator ewma --periods 365 --out volatility.csv\n\n"
                                 "realised volatility after every bar, empty until the window is full; columns "
                                 "date,open,high,low,close",
                                 words->files);
  command->add_option("--estimator", words->estimator, "how, default yang-zhang")
      ->check(
          CLI::IsMember(std::vector<std::string>(realised_estimator_names.begin(), realised_estimator_names.end())));
  command->add_option("--window", words->window, "sessions, default 30")->check(CLI::Range(1, 100'000));
  command->add_option("--periods", words->periods, "sessions a year, default 252")->check(CLI::Range(1.0, 1e6));
  command->callback([words, &session] {
    using enum RealisedEstimator;
    const RealisedEstimator estimator = *parse_realised_estimator(words->estimator);
    if (words->window < smallest_window(estimator))
      throw HostError(ExitCode::usage, "--window: " + words->estimator + " takes out a mean, so it needs at least 2");
    const Columns required{"date", "open", "high", "low", "close"};
    bool ok = false;
    switch (estimator) {
      case ewma:
        ok = roll<ewma>(*words, required);
        break;
      case close_to_close:
        ok = roll<close_to_close>(*words, required);
        break;
      case parkinson:
        ok = roll<parkinson>(*words, required);
        break;
      case garman_klass:
        ok = roll<garman_klass>(*words, required);
        break;
      case garman_klass_yang_zhang:
        ok = roll<garman_klass_yang_zhang>(*words, required);
        break;
      case rogers_satchell:
        ok = roll<rogers_satchell>(*words, required);
        break;
      case yang_zhang:
        ok = roll<yang_zhang>(*words, required);
        break;
    }
    if (!ok) session.exit_code = ExitCode::answer_is_no;
  });
}

}  // namespace

void add_volatility_calculators(CLI::App& app, Session& session) {
  add_rolling_calculator(app, session);
  add_row_calculator(app, session, "event",
                     "Examples:\n  alaris event pairs.csv\n\n"
                     "the variance of one event from two expiries; columns model,T1,iv1,T2,iv2, where model is "
                     "both_after (both expiries span the event) or before_after",
                     {"model", "T1", "iv1", "T2", "iv2"}, {"sigma_event", "sigma_base", "expected_abs_move"},
                     event_row);
  add_row_calculator(
      app, session, "parity",
      "Examples:\n  alaris parity strikes.csv --out violations.csv\n\n"
      "put-call parity on executable quotes; columns style,S_bid,S_ask,K,T,r,q,call_bid,call_ask,put_bid,"
      "put_ask[,dividends]",
      {"style", "S_bid", "S_ask", "K", "T", "r", "q", "call_bid", "call_ask", "put_bid", "put_ask"},
      {"lower", "upper", "violation_lower", "violation_upper"}, parity_row);
  add_row_calculator(app, session, "svi",
                     "Examples:\n  alaris svi smiles.csv --check\n\n"
                     "total variance of a raw SVI smile, its volatility and Durrleman's g, negative where there is "
                     "butterfly arbitrage; columns a,b,rho,m,sigma,T,k",
                     {"a", "b", "rho", "m", "sigma", "T", "k"}, {"total_variance", "implied_vol", "durrleman_g"},
                     svi_row);
  app.get_subcommand("svi")->add_flag("--check")->description("print Durrleman's g too (always done)");
}

}  // namespace alaris::host
