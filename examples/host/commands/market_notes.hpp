// SPDX-License-Identifier: Apache-2.0
#pragma once
// What every output made from a market carries: its labels beside the data of a table, else on stderr with the
// warnings.

#include <cstdio>
#include <string>

#include <fmt/format.h>

#include "commands/command.hpp"
#include "commands/market_options.hpp"

namespace alaris::host {

inline void print_notes(const MarketNotes& notes, const Session& session, OutputFormat format) {
  for (const std::string& label : notes.labels)
    format == OutputFormat::table ? fmt::print("** {} **\n", label) : fmt::print(stderr, "note: {}\n", label);
  if (!session.quiet)
    for (const std::string& warning : notes.warnings) fmt::print(stderr, "note: {}\n", warning);
}

}  // namespace alaris::host
