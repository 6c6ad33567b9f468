// SPDX-License-Identifier: Apache-2.0
#pragma once
// One JSON record of a feed, read field by field. Absent, null and a vendor's words for nothing ("N/A", "NaN", "--")
// are the same: no value. A required field without a value, or a value of the wrong kind, refuses the record and says
// which field. Whole numbers are never read through floating point.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <alaris/core/time.hpp>

#include "feeds/answer.hpp"

namespace alaris::host {

using Json = nlohmann::json;

/// The parsed body, or `malformed` with the byte where it stopped being JSON.
[[nodiscard]] FeedResult<Json> parse_json(std::string_view feed, const HttpAnswer& answer);

/// A number written as text by a feed; nothing for its words for nothing; `ok` is false for anything else.
struct WrittenNumber {
  std::optional<double> value;
  bool ok = true;
};
[[nodiscard]] WrittenNumber written_number(std::string_view text) noexcept;

class JsonRow {
 public:
  JsonRow(const Json& object, std::string record) : object_(&object), record_(std::move(record)) {
    if (!object.is_object()) refuse("", "an object is required here");
  }

  /// Finite; text that spells a number counts.
  [[nodiscard]] std::optional<double> number(std::string_view key);
  /// A whole number as the feed printed it; a fraction or an exponent refuses the record.
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key);
  /// Empty text is no value.
  [[nodiscard]] std::optional<std::string> text(std::string_view key);
  [[nodiscard]] std::optional<bool> flag(std::string_view key);
  /// "2024-05-02", also with a time of day behind it.
  [[nodiscard]] std::optional<Date> date(std::string_view key);
  /// An object inside; an empty row when it is absent or null.
  [[nodiscard]] JsonRow object(std::string_view key) const;
  [[nodiscard]] const Json* array(std::string_view key);
  [[nodiscard]] bool has(std::string_view key) const { return find(key) != nullptr; }

  [[nodiscard]] double required_number(std::string_view key) { return required(key, number(key)); }
  [[nodiscard]] std::int64_t required_integer(std::string_view key) { return required(key, integer(key)); }
  [[nodiscard]] std::string required_text(std::string_view key) { return required(key, text(key)); }
  [[nodiscard]] Date required_date(std::string_view key) { return required(key, date(key)); }

  void refuse(std::string_view field, std::string why);
  [[nodiscard]] bool refused() const noexcept { return refused_.has_value(); }
  [[nodiscard]] const RefusedRow& reason() const { return *refused_; }
  [[nodiscard]] const std::string& record() const noexcept { return record_; }
  /// Takes over the refusal of an object inside.
  void adopt(const JsonRow& inner) {
    if (inner.refused() && !refused_) refused_ = inner.reason();
  }

 private:
  [[nodiscard]] const Json* find(std::string_view key) const;
  template <class T>
  T required(std::string_view key, std::optional<T> value) {
    if (!value) refuse(key, "a value is required here");
    return value ? std::move(*value) : T{};
  }
  const Json* object_;
  std::string record_;
  std::optional<RefusedRow> refused_{};
};

/// Reads every element of `list` with read(row) -> T; refused ones go to the table's list.
template <class T, class Read>
void read_rows(const Json& list, const std::string& path, FeedTable<T>& table, Read read) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    JsonRow row(list[i], path + "/" + std::to_string(i));
    T value{};
    if (!row.refused()) value = read(row);
    if (row.refused())
      table.refused.push_back(row.reason());
    else
      table.rows.push_back(std::move(value));
  }
}

}  // namespace alaris::host
