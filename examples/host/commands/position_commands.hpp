// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands/command.hpp"

namespace alaris::host {

/// position list, position reconcile.
void add_position_commands(CLI::App& app, Session& session);

}  // namespace alaris::host
