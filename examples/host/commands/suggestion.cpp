// SPDX-License-Identifier: Apache-2.0
#include "commands/suggestion.hpp"

#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "config/config.hpp"

namespace alaris::host {
namespace {

std::string unknown(std::string_view what, std::string_view word, const std::vector<std::string>& known) {
  const std::string near = nearest_name(word, {known.begin(), known.end()});
  return near.empty() ? fmt::format("unknown {} '{}'", what, word)
                      : fmt::format("unknown {} '{}'; did you mean '{}'?", what, word, near);
}

/// The option of a command or of every command; null when there is none.
const CLI::Option* option_of(const CLI::App& app, const CLI::App& command, const std::string& name) {
  const CLI::Option* own = command.get_option_no_throw(name);
  return own ? own : app.get_option_no_throw(name);
}

std::vector<std::string> option_names(const CLI::App& app, const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* of : {&command, &app})
    for (const CLI::Option* option : of->get_options())
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

}  // namespace

std::string suggestion(const CLI::App& app, int argc, const char* const* argv) {
  const CLI::App* at = &app;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--") return "";
    if (word.size() > 1 && word.front() == '-' && word.find_first_of("0123456789.") != 1) {
      const std::string name = word.starts_with("--") ? word.substr(0, word.find('=')) : word.substr(0, 2);
      const CLI::Option* option = option_of(app, *at, name);
      if (!option) return unknown("option", name, option_names(app, *at));
      if (takes_value(*option) && name == word) ++i;
      continue;
    }
    const auto commands = at->get_subcommands([](const CLI::App*) { return true; });
    if (commands.empty()) continue;  // an argument of the command
    std::vector<std::string> names;
    for (const CLI::App* sub : commands) names.push_back(sub->get_name());
    const auto chosen = at->get_subcommands([&](const CLI::App* sub) { return sub->get_name() == word; });
    if (chosen.empty()) return unknown("command", word, names);
    at = chosen.front();
  }
  return "";
}

}  // namespace alaris::host
