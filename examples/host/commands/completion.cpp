// SPDX-License-Identifier: Apache-2.0
// `alaris completion bash|zsh|fish`: completion made from the parser itself, so it knows every word that there is.
#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "commands/command.hpp"
#include "commands/suggestion.hpp"

namespace alaris::host {
namespace {

/// A command with its place in the tree: "backtest run" and the words that may follow.
struct CommandWords {
  std::string path;
  std::vector<std::string> commands;
  std::vector<std::string> options;
  std::vector<std::string> with_value;  // those of them that take one, long and short
};

std::string first_sentence(std::string text) {
  // Examples come first in every help; the sentence after the blank line says what the command does.
  if (const std::size_t blank = text.rfind("\n\n"); blank != text.npos) text.erase(0, blank + 2);
  for (char& c : text)
    if (c == '\n' || c == '\'' || c == ':') c = ' ';
  return text.substr(0, 72);
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

void collect(const CLI::App& app, const std::string& path, const std::vector<std::string>& inherited,
             std::vector<CommandWords>& all) {
  CommandWords words{.path = path, .commands = {}, .options = inherited, .with_value = {}};
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) words.options.push_back("--" + name);
    if (!takes_value(*option)) continue;
    for (const std::string& name : option->get_lnames()) words.with_value.push_back("--" + name);
    for (const std::string& name : option->get_snames()) words.with_value.push_back("-" + name);
  }
  std::sort(words.options.begin(), words.options.end());
  words.options.erase(std::unique(words.options.begin(), words.options.end()), words.options.end());
  for (const CLI::App* sub : commands_of(app)) words.commands.push_back(sub->get_name());
  const std::vector<std::string> below = path.empty() ? words.options : inherited;
  all.push_back(std::move(words));
  for (const CLI::App* sub : commands_of(app))
    collect(*sub, (path.empty() ? "" : path + " ") + sub->get_name(), below, all);
}

/// Every option that takes a value, whichever command it belongs to: the word after it is no command.
std::string value_options(const std::vector<CommandWords>& all) {
  std::set<std::string> names;
  for (const CommandWords& words : all) names.insert(words.with_value.begin(), words.with_value.end());
  return fmt::format("{}", fmt::join(names, "|"));
}

/// One function that knows the tree; zsh runs it through bashcompinit, where the name `path` is taken.
std::string bash(const std::vector<CommandWords>& all) {
  std::string cases;
  for (const CommandWords& words : all)
    cases += fmt::format("      '{}') commands='{}' options='{}' ;;\n", words.path, fmt::join(words.commands, " "),
                         fmt::join(words.options, " "));
  return fmt::format(
      "# bash completion of alaris; put this file where your shell looks, or: source <(alaris completion bash)\n"
      "_alaris() {{\n"
      "  local word=${{COMP_WORDS[COMP_CWORD]}} place= commands= options= i\n"
      "  for ((i = 1; i < COMP_CWORD; ++i)); do\n"
      "    case ${{COMP_WORDS[i]}} in\n"
      "      {}) ((++i)); [[ ${{COMP_WORDS[i]}} == '=' ]] && ((++i)) ;;\n"
      "      -*) ;;\n"
      "      *) place=\"$place${{place:+ }}${{COMP_WORDS[i]}}\" ;;\n"
      "    esac\n"
      "  done\n"
      "  if ((i > COMP_CWORD)); then  # the value of an option\n"
      "    [[ $word == '=' ]] && word=\n"
      "    COMPREPLY=($(compgen -f -- \"$word\"))\n"
      "    return\n"
      "  fi\n"
      "  while :; do\n"
      "    case \"$place\" in\n{}"
      "      *) [[ $place == *' '* ]] && place=${{place% *}} || place=; continue ;;\n"
      "    esac\n"
      "    break\n"
      "  done\n"
      "  case $word in\n"
      "    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
      "    *) COMPREPLY=($(compgen -W \"$commands\" -- \"$word\") $(compgen -f -- \"$word\")) ;;\n"
      "  esac\n"
      "}}\n"
      "complete -o filenames -F _alaris alaris ./alaris\n",
      value_options(all), cases);
}

std::string fish(const CLI::App& app, const std::vector<CommandWords>& all) {
  std::string out = "# fish completion of alaris: alaris completion fish > ~/.config/fish/completions/alaris.fish\n";
  for (const CLI::App* command : commands_of(app)) {
    out += fmt::format("complete -c alaris -n __fish_use_subcommand -a {} -d '{}'\n", command->get_name(),
                       first_sentence(command->get_description()));
    for (const CLI::App* sub : commands_of(*command))
      out += fmt::format("complete -c alaris -n '__fish_seen_subcommand_from {}' -a {} -d '{}'\n", command->get_name(),
                         sub->get_name(), first_sentence(sub->get_description()));
  }
  for (const CommandWords& words : all) {
    const std::string last = words.path.substr(words.path.rfind(' ') + 1);
    for (const std::string& option : words.options)
      out +=
          fmt::format("complete -c alaris {}-l {}\n",
                      last.empty() ? "" : fmt::format("-n '__fish_seen_subcommand_from {}' ", last), option.substr(2));
  }
  return out;
}

}  // namespace

void add_completion_command(CLI::App& app) {
  auto shell = std::make_shared<std::string>();
  auto* command = app.add_subcommand("completion",
                                     "Examples:\n  source <(alaris completion bash)\n"
                                     "  alaris completion fish > ~/.config/fish/completions/alaris.fish\n\n"
                                     "words for the shell to complete");
  command->add_option("SHELL", *shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback([shell, &app] {
    std::vector<CommandWords> all;
    collect(app, "", {}, all);
    if (*shell == "fish") return fmt::print("{}", fish(app, all));
    if (*shell == "zsh") fmt::print("autoload -U +X bashcompinit && bashcompinit\n");
    fmt::print("{}", bash(all));
  });
}

}  // namespace alaris::host
