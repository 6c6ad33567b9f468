// SPDX-License-Identifier: Apache-2.0
#include "config/config.hpp"
#include "gateway/error_actions.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <numeric>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "host_error.hpp"

extern char** environ;

namespace alaris::host {
namespace {

namespace fs = std::filesystem;

const ConfigKey* find_key(std::string_view key) {
  const auto& schema = config_schema();
  const auto at = std::lower_bound(schema.begin(), schema.end(), key,
                                   [](const ConfigKey& k, std::string_view name) { return k.key < name; });
  return at != schema.end() && at->key == key ? &*at : nullptr;
}

/// Empty when the text is a value of the key, else what is wrong with it.
std::string objection(const ConfigKey& key, const std::string& text) {
  switch (key.kind) {
    case KeyKind::text:
      return "";
    case KeyKind::boolean:
      return text == "true" || text == "false" ? "" : "must be true or false";
    case KeyKind::choice: {
      std::string_view rest = key.choices;
      while (!rest.empty()) {
        const std::size_t bar = rest.find('|');
        if (rest.substr(0, bar) == text) return "";
        rest.remove_prefix(bar == std::string_view::npos ? rest.size() : bar + 1);
      }
      return fmt::format("must be one of {}", key.choices);
    }
    case KeyKind::number:
    case KeyKind::integer: {
      double value = 0.0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return "must be a number";
      if (key.kind == KeyKind::integer && value != std::floor(value)) return "must be a whole number";
      if (value >= key.low && value <= key.high) return "";
      if (key.low == std::numeric_limits<double>::min())
        return std::isinf(key.high) ? "must be above 0" : fmt::format("must be above 0 and at most {:g}", key.high);
      return std::isinf(key.high) ? fmt::format("must be at least {:g}", key.low)
                                  : fmt::format("must lie in [{:g}, {:g}]", key.low, key.high);
    }
  }
  return "";
}

bool is_time_of_day(const std::string& text) {
  return text.size() == 5 && parse_instant("2000-01-01T" + text + "Z").has_value();
}

bool is_allowed_url(const std::string& url) {
  for (const std::string_view start : {"https://", "http://127.0.0.1", "http://localhost", "http://[::1]"})
    if (url.starts_with(start) &&
        (start == "https://" || url.size() == start.size() || url[start.size()] == ':' || url[start.size()] == '/'))
      return true;
  return false;
}

/// A TOML basic string.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20)
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      out += c;
  }
  return out + '"';
}

/// One spelling for one number: "1.20" and "1.2" are the same value.
std::string canonical(const ConfigKey& key, const std::string& text) {
  if (key.kind != KeyKind::number && key.kind != KeyKind::integer) return text;
  double value = 0.0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return fmt::format("{}", value);
}

class Resolution {
 public:
  Resolution() {
    for (const ConfigKey& key : config_schema())
      if (!key.fallback.empty())
        result_.values[std::string(key.key)] = {canonical(key, std::string(key.fallback)), "built-in"};
  }

  void assign(const std::string& key, const std::string& text, const std::string& origin) {
    const ConfigKey* known = find_key(key);
    if (!known) {
      std::vector<std::string_view> names;
      for (const ConfigKey& k : config_schema()) names.push_back(k.key);
      const std::string near = nearest_name(key, names);
      errors_.push_back(fmt::format("{}: unknown key '{}'{}", origin, key,
                                    near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
      return;
    }
    if (const std::string why = objection(*known, text); !why.empty())
      errors_.push_back(fmt::format("{}: {} = {}: {}", origin, key, text, why));
    else
      result_.values[key] = {canonical(*known, text), origin};
  }

  void read_toml(const std::string& path) {
    try {
      walk(toml::parse_file(path), "", path);
    } catch (const toml::parse_error& error) {
      errors_.push_back(fmt::format("{}:{}: {}", path, error.source().begin.line, error.description()));
    }
  }

  void complain(std::string error) { errors_.push_back(std::move(error)); }

  ResolvedConfig finish() {
    for (const ConfigKey& key : config_schema())
      if (const auto at = result_.values.find(key.key); at != result_.values.end())
        key.apply(result_.settings, at->second.text);
    if (auto sectors = SectorTable::parse(result_.settings.sectors))
      result_.settings.strategy.sectors = std::move(*sectors);
    else
      complain(fmt::format("risk.sectors: '{}' is not SYMBOL=sector, or names its symbol again", sectors.error()));
    cross_check();
    if (errors_.empty()) return std::move(result_);
    throw HostError(ExitCode::configuration,
                    fmt::format("{} in the configuration:\n  {}",
                                errors_.size() == 1 ? "an error" : fmt::format("{} errors", errors_.size()),
                                fmt::join(errors_, "\n  ")));
  }

 private:
  void walk(const toml::table& table, const std::string& prefix, const std::string& path) {
    for (const auto& [name, node] : table) {
      const std::string key = prefix.empty() ? std::string(name.str()) : prefix + "." + std::string(name.str());
      const std::string origin = fmt::format("{}:{}", path, node.source().begin.line);
      if (const auto* inner = node.as_table())
        walk(*inner, key, path);
      else if (const auto text = node.value_exact<std::string>())
        assign(key, *text, origin);
      else if (const auto flag = node.value_exact<bool>())
        assign(key, *flag ? "true" : "false", origin);
      else if (const auto whole = node.value_exact<std::int64_t>())
        assign(key, fmt::format("{}", *whole), origin);
      else if (const auto real = node.value_exact<double>())
        assign(key, fmt::format("{}", *real), origin);
      else
        errors_.push_back(fmt::format("{}: {}: lists and dates are not configuration values", origin, key));
    }
  }

  void cross_check() {
    const Settings& s = result_.settings;
    const auto require = [&](bool holds, const std::string& why) {
      if (!holds) errors_.push_back(why);
    };
    require(s.strategy.vix.reset <= s.strategy.vix.trip, "risk.vix_reset must not exceed risk.vix_trip");
    require(s.strategy.quality.critical_score <= s.strategy.quality.warning_score,
            "quality.critical_score must not exceed quality.warning_score");
    require(s.strategy.signal.min_days_to_event <= s.strategy.signal.max_days_to_event,
            "strategy.min_days_to_event must not exceed strategy.max_days_to_event");
    require(s.monitor.latency_warning_s <= s.monitor.latency_critical_s,
            "monitor.latency_warning_s must not exceed monitor.latency_critical_s");
    require(s.gateway.mode == "paper" ? s.gateway.port != 4001 && s.gateway.port != 7496
                                      : s.gateway.port != 4002 && s.gateway.port != 7497,
            "gateway.port belongs to the other gateway.mode (4001 and 7496 are live, 4002 and 7497 paper)");
    require(s.gateway.account.empty() || (s.gateway.mode == "paper") == (s.gateway.account.front() == 'D'),
            "gateway.account does not belong to gateway.mode (D... is paper)");
    require(is_time_of_day(s.backup.time), "backup.time must be HH:MM");
    require(s.gateway.restart_time.empty() || is_time_of_day(s.gateway.restart_time),
            "gateway.restart_time must be HH:MM or empty");
    if (const auto read = gateway::read_error_actions(s.gateway.error_actions); !read)
      errors_.push_back(fmt::format("gateway.error_actions: '{}' is not CODE=ACTION", read.error()));
    for (const auto& [name, url] : {std::pair("massive", &s.feeds.massive), std::pair("fmp", &s.feeds.fmp),
                                    std::pair("nasdaq", &s.feeds.nasdaq), std::pair("treasury", &s.feeds.treasury),
                                    std::pair("cboe", &s.feeds.cboe), std::pair("edgar", &s.feeds.edgar)})
      require(is_allowed_url(*url), fmt::format("feeds.{}.base_url must begin with https:// or be on loopback", name));
    require(s.monitor.memory_warning_gib <= s.monitor.memory_critical_gib,
            "monitor.memory_warning_gib must not exceed monitor.memory_critical_gib");
  }

  ResolvedConfig result_;
  std::vector<std::string> errors_;
};

/// ALARIS__STRATEGY__MIN_IV_RV -> strategy.min_iv_rv
std::string key_of_variable(std::string_view name) {
  std::string key;
  name.remove_prefix(8);
  while (!name.empty()) {
    if (name.starts_with("__")) {
      key += '.';
      name.remove_prefix(2);
    } else {
      key += static_cast<char>(std::tolower(static_cast<unsigned char>(name.front())));
      name.remove_prefix(1);
    }
  }
  return key;
}

}  // namespace

ConfigInputs ConfigInputs::of_process() {
  ConfigInputs inputs;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view pair = *entry;
    const std::size_t equals = pair.find('=');
    if (pair.starts_with("ALARIS__") && equals != std::string_view::npos)
      inputs.environment.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
  }
  std::sort(inputs.environment.begin(), inputs.environment.end());
  inputs.standard_files.emplace_back("/etc/alaris/alaris.toml");
  const char *xdg = std::getenv("XDG_CONFIG_HOME"), *home = std::getenv("HOME");
  if (xdg && *xdg)
    inputs.standard_files.push_back((fs::path(xdg) / "alaris/alaris.toml").string());
  else if (home && *home)
    inputs.standard_files.push_back((fs::path(home) / ".config/alaris/alaris.toml").string());
  inputs.standard_files.emplace_back("alaris.toml");
  return inputs;
}

ResolvedConfig resolve_config(const ConfigInputs& inputs) {
  Resolution resolution;
  for (const std::string& file : inputs.standard_files)
    if (std::error_code ignored; fs::exists(file, ignored)) resolution.read_toml(file);
  for (const std::string& file : inputs.files) {
    if (fs::exists(file))
      resolution.read_toml(file);
    else
      resolution.complain(fmt::format("-c {}: no such file", file));
  }
  for (const auto& [name, value] : inputs.environment) resolution.assign(key_of_variable(name), value, name);
  for (const std::string& assignment : inputs.assignments) {
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos)
      resolution.complain(fmt::format("--set {}: must be section.key=value", assignment));
    else
      resolution.assign(assignment.substr(0, equals), assignment.substr(equals + 1), "--set");
  }
  ResolvedConfig resolved = resolution.finish();
  resolved.assignments = inputs.assignments;
  return resolved;
}

std::string ResolvedConfig::to_toml() const {
  std::string out, section;
  for (const auto& [key, value] : values) {
    const std::size_t dot = key.rfind('.');
    if (key.substr(0, dot) != section) {
      section = key.substr(0, dot);
      out += fmt::format("{}[{}]\n", out.empty() ? "" : "\n", section);
    }
    const ConfigKey* known = find_key(key);
    const bool is_text = known->kind == KeyKind::text || known->kind == KeyKind::choice;
    out += fmt::format("{} = {}  # {}\n", key.substr(dot + 1), is_text ? quoted(value.text) : value.text, value.origin);
  }
  return out;
}

std::string nearest_name(std::string_view word, const std::vector<std::string_view>& names) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string_view name : names) {
    std::vector<std::size_t> row(name.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= word.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j <= name.size(); ++j) {
        const std::size_t above = row[j];
        row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (word[i - 1] != name[j - 1])});
        diagonal = above;
      }
    }
    if (row.back() < best_distance) {
      best_distance = row.back();
      best = name;
    }
  }
  return best;
}

}  // namespace alaris::host
