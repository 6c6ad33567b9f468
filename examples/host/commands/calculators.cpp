// SPDX-License-Identifier: Apache-2.0
// `alaris price` and `alaris iv`: a table of options in, the same table with results out.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <alaris/pricing/american_greeks.hpp>
#include <alaris/pricing/bsm_greeks.hpp>
#include <alaris/volatility/american_implied.hpp>
#include <alaris/volatility/implied.hpp>

#include "commands/command.hpp"
#include "sources/file_bytes.hpp"
#include "store/run_folder.hpp"
#include "text/csv.hpp"

namespace alaris::host {
namespace {

constexpr double not_known = std::numeric_limits<double>::quiet_NaN();
using Engine = AmericanEngine<AccurateLevel, ProductionGrid>;

/// What is computed for a row: numbers in the order of the result columns (empty where there is none), or the reason.
struct RowResult {
  std::vector<double> numbers;
  std::optional<VolError> error;
};

/// The fields of the row at which the reader stands. A number that does not parse is NaN, as is a missing one: the
/// kernels refuse both.
class OptionRow {
 public:
  explicit OptionRow(const CsvReader& rows) : rows_(&rows) {}

  [[nodiscard]] double number(std::string_view column) const {
    const std::string_view text = (*rows_)[rows_->find(column)];
    double value = not_known;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? value : not_known;
  }
  [[nodiscard]] std::optional<OptionType> type() const {
    const std::string_view text = (*rows_)[rows_->find("type")];
    if (text == "call") return OptionType::call;
    if (text == "put") return OptionType::put;
    return std::nullopt;
  }
  [[nodiscard]] std::optional<ExerciseStyle> style() const {
    const std::string_view text = (*rows_)[rows_->find("style")];
    if (text.empty() || text == "european") return ExerciseStyle::european;
    if (text == "american") return ExerciseStyle::american;
    return std::nullopt;
  }
  /// "t:amount;t:amount", or nothing when it cannot be read.
  [[nodiscard]] std::optional<std::vector<CashDividend>> dividends() const {
    std::vector<CashDividend> out;
    std::string_view text = (*rows_)[rows_->find("dividends")];
    while (!text.empty()) {
      const std::size_t end = text.find(';');
      const std::string_view one = text.substr(0, end);
      CashDividend dividend{not_known, not_known};
      const char* const last = one.data() + one.size();
      const auto time = std::from_chars(one.data(), last, dividend.years);
      if (time.ec != std::errc{} || time.ptr == last || *time.ptr != ':') return std::nullopt;
      const auto amount = std::from_chars(time.ptr + 1, last, dividend.amount);
      if (amount.ec != std::errc{} || amount.ptr != last || !(dividend.amount >= 0.0)) return std::nullopt;
      out.push_back(dividend);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return out;
  }

 private:
  const CsvReader* rows_;
};

/// The option of a row whose underlying is a share; nothing when a word in it is unknown.
struct ShareOption {
  ExerciseStyle style;
  AmericanInputs inputs;
  std::vector<CashDividend> dividends;
};

std::optional<ShareOption> share_option(const OptionRow& row, double volatility) {
  const auto type = row.type();
  const auto style = row.style();
  auto dividends = row.dividends();
  if (!type || !style || !dividends || dividends->size() > max_cash_dividends) return std::nullopt;
  const AmericanInputs in{*type,           row.number("S"), row.number("K"), row.number("T"),
                          row.number("r"), row.number("q"), volatility};
  std::erase_if(*dividends, [&](const CashDividend& d) { return !(d.years > 0.0 && d.years <= in.years); });
  // A European option on a share that jumps by cash has no closed form here.
  if (*style == ExerciseStyle::european && !dividends->empty()) return std::nullopt;
  if (!priceable(in)) return std::nullopt;
  return ShareOption{*style, in, std::move(*dividends)};
}

const std::vector<std::string> main_greeks = {"price", "delta", "gamma", "vega", "theta", "rho"};
const std::vector<std::string> more_greeks = {"epsilon", "vanna", "charm",  "volga", "veta",       "speed",
                                              "zomma",   "color", "ultima", "vera",  "dual_delta", "dual_gamma"};

RowResult price_row(const OptionRow& row, std::size_t results) {
  const auto option = share_option(row, row.number("sigma"));
  if (!option) return {{}, VolError::invalid_input};
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
  out.numbers.resize(results, not_known);
  if (std::isnan(out.numbers.front())) return {{}, VolError::not_converged};
  return out;
}

expected<double, VolError> european_volatility(const QuotedEuropean& quote, double years) {
  if (!(years > 0.0) || !std::isfinite(years)) return unexpected(VolError::invalid_input);
  return implied_total_stdev(quote).transform([&](double stdev) { return stdev / std::sqrt(years); });
}

expected<double, VolError> volatility_of_row(const OptionRow& row, bool in_forward) {
  const double price = row.number("price");
  if (in_forward) {
    const auto type = row.type();
    if (!type) return unexpected(VolError::invalid_input);
    return european_volatility({*type, price, row.number("F"), row.number("K"), row.number("df")}, row.number("T"));
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

RowResult volatility_row(const OptionRow& row, bool in_forward) {
  const auto sigma = volatility_of_row(row, in_forward);
  if (sigma) return {{*sigma}, std::nullopt};
  return {{}, sigma.error()};
}

struct Files {
  std::string in;
  std::string out;
};

/// Copies the table and appends the results of every row. Returns whether every row had an answer.
template <class Required, class Compute>
bool calculate(const Files& files, const Required& required, const std::vector<std::string>& results,
               const Compute& compute) {
  const std::string text = read_input(files.in);
  CsvReader rows(text, files.in);
  for (const std::string& column : required(rows)) static_cast<void>(rows.require(column));
  std::vector<std::string> cells;
  for (const std::string& column : rows.header()) {
    const bool taken = column == "status" || std::find(results.begin(), results.end(), column) != results.end();
    cells.push_back(csv_field(taken ? "in_" + column : column));
  }
  cells.insert(cells.end(), results.begin(), results.end());
  cells.emplace_back("status");
  std::string output = csv_row(cells);

  bool all_answered = true;
  for (;;) {
    cells.clear();
    RowResult result{{}, VolError::invalid_input};
    try {
      if (!rows.next()) break;
      for (std::size_t i = 0; i < rows.header().size(); ++i) cells.push_back(csv_field(rows[i]));
      result = compute(rows);
    } catch (const HostError& error) {  // a row with too many or too few fields
      fmt::print(stderr, "alaris: {}\n", error.what());
      cells.assign(rows.header().size(), "");
    }
    if (result.error) result.numbers.assign(results.size(), not_known);
    for (const double number : result.numbers) cells.push_back(csv_number_17(number));
    cells.emplace_back(result.error ? name(*result.error) : "ok");
    all_answered = all_answered && !result.error;
    output += csv_row(cells);
  }
  if (files.out.empty())
    fmt::print("{}", output);
  else
    write_whole(files.out, output);
  return all_answered;
}

CLI::App* add_calculator(CLI::App& app, const std::string& word, const std::string& help, Files& files) {
  auto* command = app.add_subcommand(word, help);
  command->add_option("IN.csv", files.in, "input table, - for stdin")->required();
  command->add_option("--out", files.out, "file to write instead of stdout");
  return command;
}

}  // namespace

void add_calculator_commands(CLI::App& app, Session& session) {
  const auto files = std::make_shared<Files>();
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
    const bool ok = calculate(*files, required, results,
                              [&](const CsvReader& rows) { return price_row(OptionRow(rows), results.size()); });
    if (!ok) session.exit_code = ExitCode::answer_is_no;
  });

  auto* iv =
      add_calculator(app, "iv",
                     "Examples:\n  alaris iv quotes.csv --out volatilities.csv\n\n"
                     "implied volatility; columns [style,]type,S,K,T,r,q,price[,dividends] or type,F,K,T,df,price",
                     *files);
  iv->callback([files, &session] {
    const auto in_forward = [](const CsvReader& rows) { return rows.find("F") != CsvReader::npos; };
    const auto required = [&](const CsvReader& rows) -> std::vector<std::string> {
      if (in_forward(rows)) return {"type", "F", "K", "T", "df", "price"};
      return {"type", "S", "K", "T", "r", "q", "price"};
    };
    const bool ok = calculate(*files, required, {"sigma"},
                              [&](const CsvReader& rows) { return volatility_row(OptionRow(rows), in_forward(rows)); });
    if (!ok) session.exit_code = ExitCode::answer_is_no;
  });
}

}  // namespace alaris::host
