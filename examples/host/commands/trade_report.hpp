// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

namespace alaris::host {

void add_trade_report(CLI::App& trade);

}  // namespace alaris::host
