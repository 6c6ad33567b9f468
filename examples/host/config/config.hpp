// SPDX-License-Identifier: Apache-2.0
#pragma once
// Layered configuration: built-in < /etc/alaris/alaris.toml < $XDG_CONFIG_HOME/alaris/alaris.toml < ./alaris.toml <
// -c FILE < ALARIS__SECTION__KEY < --set. Every value keeps its origin; every error is reported, all at once.

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"

namespace alaris::host {

enum class KeyKind { number, integer, boolean, text, choice };

/// One configuration key: what it may hold, and where it goes.
struct ConfigKey {
  std::string_view key;
  KeyKind kind;
  std::string_view fallback;  // the built-in value, as text; empty: unset
  double low, high;           // numbers and integers
  std::string_view choices;   // for a choice: "a|b|c"
  std::string_view meaning;   // unit included
  void (*apply)(Settings&, const std::string&);
};

/// Every key there is, sorted by name.
[[nodiscard]] const std::vector<ConfigKey>& config_schema();

struct ConfigValue {
  std::string text;
  std::string origin;  // "built-in", "FILE:LINE", "environment", "--set"
};

/// What a resolution starts from. Paths that do not exist are left out, except those named with -c.
struct ConfigInputs {
  std::vector<std::string> files;        // -c, in order
  std::vector<std::string> assignments;  // --set section.key=value, in order
  /// Looks up an environment variable; replaced in tests.
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<std::string> standard_files;  // in rising order of precedence

  /// The process's own environment and the three standard places.
  [[nodiscard]] static ConfigInputs of_process();
};

struct ResolvedConfig {
  Settings settings;
  std::map<std::string, ConfigValue, std::less<>> values;
  std::vector<std::string> assignments;

  /// TOML of every set value, sorted: what a run folder keeps.
  [[nodiscard]] std::string to_toml() const;
};

/// Throws HostError(configuration) listing every unknown key (with a suggestion), wrong type and value out of range.
[[nodiscard]] ResolvedConfig resolve_config(const ConfigInputs& inputs);

/// The known name nearest to `word` by edit distance, or empty when none is near.
[[nodiscard]] std::string nearest_name(std::string_view word, const std::vector<std::string_view>& names);

}  // namespace alaris::host
