// SPDX-License-Identifier: Apache-2.0
#include "commands/calculator_table.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <limits>
#include <system_error>

#include <fmt/format.h>

#include "sources/file_bytes.hpp"
#include "store/run_folder.hpp"

namespace alaris::host {
namespace {
constexpr double not_known = std::numeric_limits<double>::quiet_NaN();
}

CLI::App* add_calculator(CLI::App& app, const std::string& word, const std::string& help, CalculatorFiles& files) {
  auto* command = app.add_subcommand(word, help);
  command->add_option("IN.csv", files.in, "input table, - for stdin")->required();
  command->add_option("--out", files.out, "file to write instead of stdout");
  return command;
}

double number_in(const CsvReader& row, std::string_view column) {
  const std::string_view text = row[row.find(column)];
  double value = not_known;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? value : not_known;
}

bool parse_dividends(std::string_view text, std::vector<TimedCash>& out) {
  while (!text.empty()) {
    const std::size_t end = text.find(';');
    const std::string_view one = text.substr(0, end);
    TimedCash dividend{not_known, not_known};
    const char* const last = one.data() + one.size();
    const auto time = std::from_chars(one.data(), last, dividend.years);
    if (time.ec != std::errc{} || time.ptr == last || *time.ptr != ':') return false;
    const auto amount = std::from_chars(time.ptr + 1, last, dividend.amount);
    if (amount.ec != std::errc{} || amount.ptr != last || !(dividend.amount >= 0.0)) return false;
    out.push_back(dividend);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return true;
}

bool calculate(const CalculatorFiles& files, const std::function<std::vector<std::string>(const CsvReader&)>& required,
               const std::vector<std::string>& results, const ComputeRow& compute) {
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
    RowResult result;
    try {
      if (!rows.next()) break;
      for (std::size_t i = 0; i < rows.header().size(); ++i) cells.push_back(csv_field(rows[i]));
      result = compute(&rows);
    } catch (const HostError& error) {  // a row with too many or too few fields
      fmt::print(stderr, "alaris: {}\n", error.what());
      cells.assign(rows.header().size(), "");
      result = compute(nullptr);
    }
    if (result.status != "ok") result.numbers.clear();
    result.numbers.resize(results.size(), not_known);
    for (const double number : result.numbers) cells.push_back(csv_number_17(number));
    cells.emplace_back(result.status);
    all_answered = all_answered && result.status == "ok";
    output += csv_row(cells);
  }
  if (files.out.empty())
    fmt::print("{}", output);
  else
    write_whole(files.out, output);
  return all_answered;
}

}  // namespace alaris::host
