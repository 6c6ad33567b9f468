// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rows of the American reference tables as inputs.
#include <cstddef>

#include <alaris/pricing/american.hpp>

#include "support/table.hpp"

namespace alaris::test {

[[nodiscard]] inline AmericanInputs american_inputs(const Table& table, std::size_t row) {
  return {.type = table.text(row, "type") == "put" ? OptionType::put : OptionType::call,
          .spot = table.number(row, "S"),
          .strike = table.number(row, "K"),
          .years = table.number(row, "T"),
          .rate = table.number(row, "r"),
          .yield = table.number(row, "q"),
          .volatility = table.number(row, "sigma")};
}

}  // namespace alaris::test
