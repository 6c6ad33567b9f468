// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rows in the format that was asked for: a table that fits the terminal, CSV, or JSON.

#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "commands/command.hpp"
#include "text/table.hpp"

namespace alaris::host {

/// On stdout; what does not fit is named on stderr unless the session is quiet.
void print_table(const TextTable& table, const Session& session);

/// Objects with the columns' titles as keys, numbers as numbers, null for what is not known. JSON is
/// {"schema": schema, key: rows}.
void print_rows(OutputFormat format, std::string_view schema, std::string_view key,
                const std::vector<TableColumn>& columns, const nlohmann::ordered_json& rows, const Session& session);

}  // namespace alaris::host
