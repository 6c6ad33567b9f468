// SPDX-License-Identifier: Apache-2.0
#pragma once
// Comma-separated answers of feeds: one bad row is refused, the others are read. (Files of our own formats are read by
// text/csv.hpp, where one bad row fails the file.)

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <alaris/core/time.hpp>

namespace alaris::host {

/// "5/2/2024", "05/02/2024"; nothing for anything else or a day that does not exist.
[[nodiscard]] std::optional<Date> american_date(std::string_view text) noexcept;

/// Lines without their ends; the last needs none.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);

/// Fields of one line; a field in double quotes may hold commas. Views into `line`.
void split_fields(std::string_view line, std::vector<std::string_view>& fields);

}  // namespace alaris::host
