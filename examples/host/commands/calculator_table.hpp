// SPDX-License-Identifier: Apache-2.0
#pragma once
// A calculator: a table in, the same table with the results of every row out. A bad row never stops the file.
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "commands/command.hpp"
#include "text/csv.hpp"

namespace alaris::host {

struct CalculatorFiles {
  std::string in;   // - is stdin
  std::string out;  // empty is stdout
};

/// Adds `alaris WORD IN.csv [--out OUT.csv]`; `examples` come first in its help.
CLI::App* add_calculator(CLI::App& app, const std::string& word, const std::string& help, CalculatorFiles& files);

/// The number of a column; NaN where it does not parse, is empty or is not there: the kernels refuse that.
[[nodiscard]] double number_in(const CsvReader& row, std::string_view column);

/// One cash payment of a `dividends` column: "years:cash;years:cash".
struct TimedCash {
  double years;
  double amount;
};
/// False when the text cannot be read.
[[nodiscard]] bool parse_dividends(std::string_view text, std::vector<TimedCash>& out);

/// Numbers in the order of the result columns (NaN and whatever is missing at the end are written empty), and `ok` or
/// the word that says why there are none.
struct RowResult {
  std::vector<double> numbers;
  std::string_view status = "ok";
};
/// Gets the row, or nothing where the row has too many or too few fields.
using ComputeRow = std::function<RowResult(const CsvReader*)>;

/// Copies the table and appends the results of every row and the status. A column that has the name of a result is
/// passed through as in_<name>. Returns whether every row had an answer.
[[nodiscard]] bool calculate(const CalculatorFiles& files,
                             const std::function<std::vector<std::string>(const CsvReader&)>& required,
                             const std::vector<std::string>& results, const ComputeRow& compute);

}  // namespace alaris::host
