// SPDX-License-Identifier: Apache-2.0
// `alaris man`: the manual page, made from the parser itself like --help.
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <alaris/core/version.hpp>

#include "commands/command.hpp"

namespace alaris::host {
namespace {

/// Text as troff takes it literally: minus signs, backslashes, and lines that begin with a control character.
std::string literal(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool begins_line = i == 0 || text[i - 1] == '\n';
    if (begins_line && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out;
}

/// A description as the help prints it: examples first, then a blank line, then what the command does.
struct Described {
  std::string examples;
  std::string words;
};
Described described(const std::string& text) {
  const std::size_t blank = text.rfind("\n\n");
  if (!text.starts_with("Examples:\n") || blank == std::string::npos) return {"", text};
  return {text.substr(10, blank - 10), text.substr(blank + 2)};
}

std::string example_block(const std::string& examples) {
  return examples.empty() ? "" : fmt::format(".PP\n.nf\n{}\n.fi\n", literal(examples));
}

std::string options_of(const CLI::App& app) {
  std::string out;
  for (const CLI::Option* option : app.get_options()) {
    const std::string name = option->get_name(false, true);
    if (name.empty() || name == "--help,-h" || name == "-h,--help") continue;
    out += fmt::format(".TP\n.B {}\n{}\n", literal(name), literal(option->get_description()));
  }
  return out;
}

void add_commands(const CLI::App& app, const std::string& path, std::string& out) {
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    const std::string whole = (path.empty() ? "" : path + " ") + sub->get_name();
    const Described text = described(sub->get_description());
    out += fmt::format(".SS {}\n{}\n{}{}", literal(whole), literal(text.words), example_block(text.examples),
                       options_of(*sub));
    add_commands(*sub, whole, out);
  }
}

constexpr std::string_view ending =
    ".SH FILES\n"
    "Configuration: /etc/alaris/alaris.toml, $XDG_CONFIG_HOME/alaris/alaris.toml, ./alaris.toml, then \\-c FILE, then\n"
    "ALARIS__SECTION__KEY in the environment, then \\-\\-set. The store and run folders lie in "
    "$XDG_STATE_HOME/alaris,\n"
    "answers of servers in $XDG_CACHE_HOME/alaris.\n"
    ".SH EXIT STATUS\n"
    "0 done; 1 the answer is no; 2 usage; 3 configuration; 4 data; 5 something is not available; 6 a person is "
    "needed;\n"
    "7 halted; 8 what is stored is damaged; 70 an error in the program.\n"
    ".SH ENVIRONMENT\n"
    "POLYGON_API_KEY, FMP_API_KEY and EDGAR_USER_AGENT open the data feeds; each may be given as NAME_FILE, a file "
    "that\n"
    "only its owner can read.\n";

}  // namespace

void add_man_command(CLI::App& app) {
  app.add_subcommand("man",
                     "Examples:\n  alaris man > ~/.local/share/man/man1/alaris.1\n  alaris man | man -l -\n\n"
                     "the manual page, as troff")
      ->callback([&app] {
        const Described text = described(app.get_description());
        std::string commands;
        add_commands(app, "", commands);
        fmt::print(
            ".TH ALARIS 1 \"\" \"alaris {}\"\n.SH NAME\nalaris \\- {}\n.SH SYNOPSIS\n.B alaris\nCOMMAND [OPTION]...\n"
            ".SH EXAMPLES{}\n.SH OPTIONS\nOf every command:\n{}.SH COMMANDS\n{}{}",
            literal(ALARIS_VERSION_STRING), literal(text.words), "\n" + example_block(text.examples), options_of(app),
            commands, ending);
      });
}

}  // namespace alaris::host
