// SPDX-License-Identifier: Apache-2.0
#pragma once
// What all answers of Massive have in common: status words inside the body, error text in two places, pages.

#include "feeds/json_rows.hpp"
#include "feeds/massive.hpp"

namespace alaris::host::massive {

/// The body, when neither the status line nor the status word in it says failure.
[[nodiscard]] FeedResult<Json> opened(const HttpAnswer& answer);

[[nodiscard]] FeedError schema_error(std::string where, std::string why);

/// `results` of an opened body (or the top-level list); null where there is none. Not a list: nothing.
template <class T>
void note_page(const Json& body, FeedTable<T>& table) {
  if (!body.is_object()) return;
  if (const auto at = body.find("next_url");
      at != body.end() && at->is_string() && !at->template get<std::string>().empty())
    table.next_url = at->template get<std::string>();
  if (const auto at = body.find("status"); at != body.end()) table.delayed = *at == "DELAYED";
}

/// Reads the rows of `results`: a list, or one object, or nothing at all.
template <class T, class Read>
[[nodiscard]] FeedResult<FeedTable<T>> results_of(const Json& body, Read read) {
  FeedTable<T> table;
  note_page(body, table);
  const Json* results = body.is_array() ? &body : nullptr;
  if (body.is_object())
    if (const auto at = body.find("results"); at != body.end() && !at->is_null()) results = &*at;
  if (!results) return table;
  if (results->is_array())
    read_rows(*results, "results", table, read);
  else if (results->is_object())
    read_rows(Json::array({*results}), "results", table, read);
  else
    return unexpected(schema_error("results", "neither a list nor an object"));
  return table;
}

}  // namespace alaris::host::massive
