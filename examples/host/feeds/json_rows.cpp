// SPDX-License-Identifier: Apache-2.0
#include "feeds/json_rows.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace alaris::host {
namespace {

constexpr std::array<std::string_view, 8> words_for_nothing{"", "N/A", "n/a", "NaN", "nan", "--", "-", "null"};

bool means_nothing(std::string_view text) noexcept {
  return std::find(words_for_nothing.begin(), words_for_nothing.end(), text) != words_for_nothing.end();
}

}  // namespace

WrittenNumber written_number(std::string_view text) noexcept {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
  const bool digit_first = !text.empty() && text.front() >= '0' && text.front() <= '9';
  if (!digit_first && means_nothing(text)) return {};
  double value = 0.0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return {std::nullopt, false};
  return {value, true};
}

FeedResult<Json> parse_json(std::string_view feed, const HttpAnswer& answer) {
  const auto body = checked_body(feed, answer, BodyFormat::json);
  if (!body) return unexpected(body.error());
  FeedError error{.fault = FeedFault::malformed, .feed = std::string(feed), .where = {}, .why = {}, .retryable = true};
  try {
    return Json::parse(body->begin(), body->end());
  } catch (const Json::parse_error& e) {
    error.why = "not JSON, or cut off";
    error.offset = e.byte;
  } catch (const Json::exception&) {
    error.why = "a number is out of range";
  }
  return unexpected(std::move(error));
}

const Json* JsonRow::find(std::string_view key) const {
  if (!object_->is_object()) return nullptr;
  const auto at = object_->find(key);
  return at == object_->end() || at->is_null() ? nullptr : &*at;
}

void JsonRow::refuse(std::string_view field, std::string why) {
  if (!refused_) refused_ = RefusedRow{record_, std::string(field), std::move(why)};
}

std::optional<double> JsonRow::number(std::string_view key) {
  const Json* value = find(key);
  if (!value) return std::nullopt;
  if (value->is_number()) return value->get<double>();
  if (value->is_string()) {
    const auto written = written_number(value->get_ref<const std::string&>());
    if (written.ok) return written.value;
  }
  refuse(key, "not a number");
  return std::nullopt;
}

std::optional<std::int64_t> JsonRow::integer(std::string_view key) {
  const Json* value = find(key);
  if (!value) return std::nullopt;
  if (value->is_number_unsigned() && value->get<std::uint64_t>() > std::uint64_t{INT64_MAX}) {
    refuse(key, "a whole number too large for 63 bits");
    return std::nullopt;
  }
  if (value->is_number_integer()) return value->get<std::int64_t>();
  refuse(key, "not a whole number");
  return std::nullopt;
}

std::optional<std::string> JsonRow::text(std::string_view key) {
  const Json* value = find(key);
  if (!value) return std::nullopt;
  if (!value->is_string()) {
    refuse(key, "not text");
    return std::nullopt;
  }
  const auto& said = value->get_ref<const std::string&>();
  return said.empty() ? std::nullopt : std::optional(said);
}

std::optional<bool> JsonRow::flag(std::string_view key) {
  const Json* value = find(key);
  if (!value) return std::nullopt;
  if (!value->is_boolean()) {
    refuse(key, "neither true nor false");
    return std::nullopt;
  }
  return value->get<bool>();
}

std::optional<Date> JsonRow::date(std::string_view key) {
  const auto said = text(key);
  if (!said) return std::nullopt;
  const bool timed = said->size() > 10 && ((*said)[10] == ' ' || (*said)[10] == 'T');
  const auto date = parse_date(timed ? std::string_view(*said).substr(0, 10) : std::string_view(*said));
  if (!date) refuse(key, fmt::format("'{}' is not a date", safe_text(*said)));
  return date;
}

JsonRow JsonRow::object(std::string_view key) const {
  static const Json nothing = Json::object();
  const Json* value = find(key);
  return JsonRow(value ? *value : nothing, record_ + "/" + std::string(key));
}

const Json* JsonRow::array(std::string_view key) {
  const Json* value = find(key);
  if (value && !value->is_array()) {
    refuse(key, "not a list");
    return nullptr;
  }
  return value;
}

}  // namespace alaris::host
