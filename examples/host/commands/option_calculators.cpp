// SPDX-License-Identifier: Apache-2.0
// `alaris price` and `alaris iv`: options in, prices and Greeks or implied volatilities out.
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <alaris/pricing/american_greeks.hpp>
#include <alaris/pricing/bsm_greeks.hpp>
#include <alaris/volatility/american_implied.hpp>
#include <alaris/volatility/implied.hpp>

#include "commands/calculator_table.hpp"
#include "commands/command.hpp"

namespace alaris::host {
namespace {

using Engine = AmericanEngine<AccurateLevel, ProductionGrid>;
constexpr std::string_view invalid_input = name(VolError::invalid_input);

std::optional<OptionType> type_of(const CsvReader& row) {
  const std::string_view text = row[row.find("type")];
  if (text == "call") return OptionType::call;
  if (text == "put") return OptionType::put;
  return std::nullopt;
}
std::optional<ExerciseStyle> style_of(const CsvReader& row) {
  const std::string_view text = row[row.find("style")];
  if (text.empty() || text == "european") return ExerciseStyle::european;
  if (text == "american") return ExerciseStyle::american;
  return std::nullopt;
}

/// The option of a row whose underlying is a share; nothing when a word in it is unknown.
struct ShareOption {
  ExerciseStyle style;
  AmericanInputs inputs;
  std::vector<CashDividend> dividends;
};

std::optional<ShareOption> share_option(const CsvReader& row, double volatility) {
  const auto type = type_of(row);
  const auto style = style_of(row);
  std::vector<TimedCash> payments;
  if (!type || !style || !parse_dividends(row[row.find("dividends")], payments)) return std::nullopt;
  const AmericanInputs in{*type,
                          number_in(row, "S"),
                          number_in(row, "K"),
                          number_in(row, "T"),
                          number_in(row, "r"),
                          number_in(row, "q"),
                          volatility};
  std::vector<CashDividend> dividends;
  for (const TimedCash& payment : payments)
    if (payment.years > 0.0 && payment.years <= in.years) dividends.push_back({payment.years, payment.amount});
  if (dividends.size() > max_cash_dividends) return std::nullopt;
  // A European option on a share that jumps by cash has no closed form here.
  if (*style == ExerciseStyle::european && !dividends.empty()) return std::nullopt;
  if (!priceable(in)) return std::nullopt;
  return ShareOption{*style, in, std::move(dividends)};
}

const std::vector<std::string> main_greeks = {"price", "delta", "gamma", "vega", "theta", "rho"};
const std::vector<std::string> more_greeks = {"epsilon", "vanna", "charm",  "volga", "veta",       "speed",
                                              "zomma",   "color", "ultima", "vera",  "dual_delta", "dual_gamma"};

RowResult price_row(const CsvReader& row) {
  const auto option = share_option(row, number_in(row, "sigma"));
  if (!option) return {{}, invalid_input};
  const AmericanInputs& in = option->inputs;
  RowResult out;
  if (option->style == ExerciseStyle::american) {
    const AmericanGreeks g = american_greeks(in, Engine{.dividends = option->dividends});
    out.numbers = {g.price, g.delta, g.gamma, g.vega, g.theta, g.rho, g.dividend_rho};
  } else {
    const BsmGreeks g = bsm_greeks({in.type, in.spot, in.strike, in.years, in.rate, in.yield, in.volatility});
    out.numbers = {g.price, g.delta, g.gamma, g.vega,  g.theta, g.rho,    g.epsilon, g.vanna,      g.charm,
                   g.volga, g.veta,  g.speed, g.zomma, g.color, g.ultima, g.vera,    g.dual_delta, g.dual_gamma};
  }
  if (std::isnan(out.numbers.front())) return {{}, name(VolError::not_converged)};
  return out;
}

expected<double, VolError> european_volatility(const QuotedEuropean& quote, double years) {
  if (!(years > 0.0) || !std::isfinite(years)) return unexpected(VolError::invalid_input);
  return implied_total_stdev(quote).transform([&](double stdev) { return stdev / std::sqrt(years); });
}

expected<double, VolError> volatility_of_row(const CsvReader& row, bool forward) {
  const double price = number_in(row, "price");
  if (forward) {
    const auto type = type_of(row);
    if (!type) return unexpected(VolError::invalid_input);
    return european_volatility({*type, price, number_in(row, "F"), number_in(row, "K"), number_in(row, "df")},
                               number_in(row, "T"));
  }
  const auto option = share_option(row, 0.0);
  if (!option) return unexpected(VolError::invalid_input);
  const AmericanInputs& in = option->inputs;
  if (option->style == ExerciseStyle::american)
    return american_implied_volatility(QuotedAmerican{in, price}, Engine{.dividends = option->dividends});
  return european_volatility(
      {in.type, price, in.spot * std::exp((in.rate - in.yield) * in.years), in.strike, std::exp(-in.rate * in.years)},
      in.years);
}

RowResult volatility_row(const CsvReader& row, bool forward) {
  const auto sigma = volatility_of_row(row, forward);
  if (sigma) return {{*sigma}};
  return {{}, name(sigma.error())};
}

/// A row that could not be read has no results.
template <class Compute>
ComputeRow of_readable(Compute compute) {
  return [compute](const CsvReader* row) { return row != nullptr ? compute(*row) : RowResult{{}, invalid_input}; };
}

bool in_forward(const CsvReader& rows) {
  return rows.find("F") != CsvReader::npos;
}

}  // namespace

void add_option_calculators(CLI::App& app, Session& session) {
  const auto files = std::make_shared<CalculatorFiles>();
  const auto greeks = std::make_shared<std::string>("main");
  auto* price =
      add_calculator(app, "price",
                     "Examples:\n  alaris price options.csv\n  alaris price - --greeks all --out priced.csv\n\n"
                     "price and Greeks; columns [style,]type,S,K,T,r,q,sigma[,dividends]",
                     *files);
  price->add_option("--greeks", *greeks, "main or all")->check(CLI::IsMember({"main", "all"}));
  price->callback([files, greeks, &session] {
    std::vector<std::string> results = main_greeks;
    if (*greeks == "all") results.insert(results.end(), more_greeks.begin(), more_greeks.end());
    const auto required = [](const CsvReader&) -> std::vector<std::string> {
      return {"type", "S", "K", "T", "r", "q", "sigma"};
    };
    if (!calculate(*files, required, results, of_readable(price_row))) session.exit_code = ExitCode::answer_is_no;
  });

  auto* iv =
      add_calculator(app, "iv",
                     "Examples:\n  alaris iv quotes.csv --out volatilities.csv\n\n"
                     "implied volatility; columns [style,]type,S,K,T,r,q,price[,dividends] or type,F,K,T,df,price",
                     *files);
  iv->callback([files, &session] {
    const auto required = [](const CsvReader& rows) -> std::vector<std::string> {
      if (in_forward(rows)) return {"type", "F", "K", "T", "df", "price"};
      return {"type", "S", "K", "T", "r", "q", "price"};
    };
    const auto row = [](const CsvReader& rows) { return volatility_row(rows, in_forward(rows)); };
    if (!calculate(*files, required, {"sigma"}, of_readable(row))) session.exit_code = ExitCode::answer_is_no;
  });
}

}  // namespace alaris::host
