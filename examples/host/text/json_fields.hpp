// SPDX-License-Identifier: Apache-2.0
#pragma once
// A JSON object whose fields are read once, with every complaint collected: wrong type, missing, out of range, unknown.
// Each names file and field as a JSON pointer ("order.json: /legs/0/strike: ...").

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alaris/core/time.hpp>

#include "config/config.hpp"
#include "host_error.hpp"

namespace alaris::host {

class JsonFields {
 public:
  using Json = nlohmann::ordered_json;

  /// `path` is the JSON pointer of `object` in its file; complaints go to `errors`.
  JsonFields(const Json& object, std::string path, std::vector<std::string>& errors)
      : object_(object), path_(std::move(path)), errors_(&errors) {
    if (!object_.is_object()) complain("", "an object is required here");
  }

  [[nodiscard]] bool has(std::string_view key) const { return object_.is_object() && object_.contains(key); }

  void complain(std::string_view key, std::string_view why) const {
    errors_->push_back(fmt::format("{}{}{}: {}", path_, key.empty() ? "" : "/", key, why));
  }

  [[nodiscard]] std::optional<std::string> text(std::string_view key) {
    const Json* value = find(key, "text");
    if (value && !value->is_string()) return complain(key, "text is required here"), std::nullopt;
    return value ? std::optional(value->get<std::string>()) : std::nullopt;
  }
  /// One of `words`.
  [[nodiscard]] std::optional<std::string> choice(std::string_view key, const std::vector<std::string_view>& words) {
    auto word = text(key);
    if (word && std::find(words.begin(), words.end(), *word) == words.end())
      return complain(key, fmt::format("'{}' is none of {}", *word, fmt::join(words, ", "))), std::nullopt;
    return word;
  }
  /// A finite number in [low, high].
  [[nodiscard]] std::optional<double> number(std::string_view key, double low, double high) {
    const Json* value = find(key, "a number");
    if (!value) return std::nullopt;
    if (!value->is_number()) return complain(key, "a number is required here"), std::nullopt;
    const double x = value->get<double>();
    if (!(x >= low && x <= high))
      return complain(key, fmt::format("{:g} lies outside [{:g}, {:g}]", x, low, high)), std::nullopt;
    return x;
  }
  [[nodiscard]] std::optional<int> integer(std::string_view key, int low, int high) {
    const Json* value = find(key, "a whole number");
    if (!value) return std::nullopt;
    if (!value->is_number_integer()) return complain(key, "a whole number is required here"), std::nullopt;
    const double x = value->get<double>();
    if (!(x >= low && x <= high))
      return complain(key, fmt::format("{:g} lies outside [{}, {}]", x, low, high)), std::nullopt;
    return static_cast<int>(x);
  }
  [[nodiscard]] std::optional<bool> flag(std::string_view key) {
    const Json* value = find(key, "true or false");
    if (value && !value->is_boolean()) return complain(key, "true or false is required here"), std::nullopt;
    return value ? std::optional(value->get<bool>()) : std::nullopt;
  }
  [[nodiscard]] std::optional<Date> date(std::string_view key) {
    const auto word = text(key);
    if (!word) return std::nullopt;
    const auto date = parse_date(*word);
    if (!date) complain(key, fmt::format("'{}' is not a date (YYYY-MM-DD)", *word));
    return date;
  }
  /// The elements of an array; empty when it is absent.
  [[nodiscard]] std::vector<JsonFields> objects(std::string_view key) {
    std::vector<JsonFields> out;
    const Json* value = find(key, "a list");
    if (!value) return out;
    if (!value->is_array()) return complain(key, "a list is required here"), out;
    for (std::size_t i = 0; i < value->size(); ++i)
      out.emplace_back((*value)[i], fmt::format("{}/{}/{}", path_, key, i), *errors_);
    return out;
  }
  /// The numbers of an array, each in [low, high]; empty when it is absent.
  [[nodiscard]] std::vector<double> numbers(std::string_view key, double low, double high) {
    std::vector<double> out;
    const Json* value = find(key, "a list of numbers");
    if (!value) return out;
    if (!value->is_array()) return complain(key, "a list of numbers is required here"), out;
    for (const Json& each : *value) {
      if (!each.is_number() || !(each.get<double>() >= low && each.get<double>() <= high))
        return complain(key, fmt::format("every entry is a number in [{:g}, {:g}]", low, high)), out;
      out.push_back(each.get<double>());
    }
    return out;
  }
  /// The texts of an array; empty when it is absent.
  [[nodiscard]] std::vector<std::string> texts(std::string_view key) {
    std::vector<std::string> out;
    const Json* value = find(key, "a list of texts");
    if (!value) return out;
    if (!value->is_array()) return complain(key, "a list of texts is required here"), out;
    for (const Json& each : *value) {
      if (!each.is_string()) return complain(key, "every entry is a text"), out;
      out.push_back(each.get<std::string>());
    }
    return out;
  }
  [[nodiscard]] std::optional<JsonFields> object(std::string_view key) {
    const Json* value = find(key, "an object");
    return value ? std::optional<JsonFields>(std::in_place, *value, fmt::format("{}/{}", path_, key), *errors_)
                 : std::nullopt;
  }

  /// Marks a field that must be there; call it before reading.
  JsonFields& required() {
    required_ = true;
    return *this;
  }
  /// Complains about every field nobody asked for. Call it last.
  void nothing_else() const {
    if (!object_.is_object()) return;
    for (const auto& item : object_.items()) {
      if (std::find(known_.begin(), known_.end(), item.key()) != known_.end()) continue;
      const std::string near = nearest_name(item.key(), {known_.begin(), known_.end()});
      complain(item.key(), near.empty() ? "unknown field" : fmt::format("unknown field; did you mean '{}'?", near));
    }
  }

 private:
  const Json* find(std::string_view key, std::string_view wanted) {
    known_.emplace_back(key);
    const bool must = std::exchange(required_, false);
    if (has(key)) return &object_.at(std::string(key));
    if (must && object_.is_object()) complain(key, fmt::format("missing: {} is required", wanted));
    return nullptr;
  }

  const Json& object_;
  std::string path_;
  std::vector<std::string>* errors_;
  std::vector<std::string> known_{};
  bool required_ = false;
};

}  // namespace alaris::host
