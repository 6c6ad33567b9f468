// SPDX-License-Identifier: Apache-2.0
#pragma once
// What to do about each code of an errMsg. The table is data: an installation may add to it or change it.

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <system_error>

#include <alaris/core/expected.hpp>

namespace alaris::gateway {

enum class ErrorAction : std::uint8_t {
  note,              // log it
  ignore,            // not even that
  slow_down,         // stop for a second, halve the rate
  queue_line,        // no market data line free: the subscription waits
  refresh_id,        // ask for a new order id, never resend
  refresh_orders,    // our picture of that order is old: ask
  rebuild_order,     // modify from the echo
  request_failed,    // that request has no answer
  historical,        // pacing, no data or no permission: the text decides
  order_failed,      // dead if nothing was heard of the order before; else unknown
  order_rejected,    // terminal
  order_cancelled,   // terminal, the normal confirmation
  order_lives,       // a warning attached to a live order
  retry_modify,      // after the next orderStatus
  local_bug,         // ours: report with the frame
  client_id_in_use,  // fatal at the first connect, else retried
  session_unusable,  // report and stop
  broker_lost,       // no new orders, keep the socket
  restored_empty,    // subscribe again, then reconcile
  restored,          // reconcile
  account_displaced,
  farm_down,  // that kind of data is stale; the socket stays
  farm_up,
  no_live_data,  // the instrument has none
  partial_data,
  delayed_data,  // no trading on it
  data_taken,    // another session has it
  resubscribe    // that one request
};

/// The words of a configuration, in the order of the actions.
inline constexpr std::string_view error_action_words[] = {
    "note",           "ignore",         "slow_down",         "queue_line",       "refresh_id",       "refresh_orders",
    "rebuild_order",  "request_failed", "historical",        "order_failed",     "order_rejected",   "order_cancelled",
    "order_lives",    "retry_modify",   "local_bug",         "client_id_in_use", "session_unusable", "broker_lost",
    "restored_empty", "restored",       "account_displaced", "farm_down",        "farm_up",          "no_live_data",
    "partial_data",   "delayed_data",   "data_taken",        "resubscribe"};
static_assert(std::size(error_action_words) == static_cast<std::size_t>(ErrorAction::resubscribe) + 1);

[[nodiscard]] constexpr ErrorAction documented_action(int code) noexcept {
  using enum ErrorAction;
  switch (code) {
    case 100:
      return slow_down;
    case 101:
      return queue_line;
    case 103:
      return refresh_id;
    case 104:
    case 135:
    case 136:
    case 161:
    case 10147:
    case 10148:
      return refresh_orders;
    case 105:
      return rebuild_order;
    case 106:
    case 107:
    case 109:
    case 110:
    case 111:
    case 113:
    case 114:
    case 115:
    case 116:
    case 312:
    case 313:
    case 314:
    case 315:
    case 329:
    case 360:
    case 382:
    case 383:
    case 434:
    case 436:
    case 451:
    case 460:
    case 10311:
      return order_failed;
    case 162:
      return historical;
    case 165:
    case 300:
    case 310:
    case 366:
    case 2107:
    case 2108:
    case 2119:
      return ignore;
    case 200:
    case 203:
    case 321:
    case 322:
      return request_failed;
    case 201:
      return order_rejected;
    case 202:
      return order_cancelled;
    case 399:
    case 404:
    case 2109:
    case 2137:
    case 2148:
    case 10349:
      return order_lives;
    case 102:
    case 320:
    case 327:
    case 2168:
    case 2169:
    case 2170:
    case 2174:
    case 10268:
    case 10269:
    case 10270:
    case 10274:
    case 10314:
      return local_bug;
    case 326:
      return client_id_in_use;
    case 506:
    case 507:
    case 1300:
    case 10285:
      return session_unusable;
    case 354:
    case 10168:
    case 10186:
      return no_live_data;
    case 1100:
    case 2110:
      return broker_lost;
    case 1101:
      return restored_empty;
    case 1102:
      return restored;
    case 2100:
    case 2101:
      return account_displaced;
    case 2102:
      return retry_modify;
    case 2103:
    case 2105:
    case 2157:
      return farm_down;
    case 2104:
    case 2106:
    case 2158:
      return farm_up;
    case 10089:
    case 10090:
    case 10091:
      return partial_data;
    case 10167:
      return delayed_data;
    case 10182:
    case 10225:
      return resubscribe;
    case 10197:
      return data_taken;
    default:
      return note;
  }
}

/// Codes named here win over the documented action.
using ErrorOverrides = std::map<int, ErrorAction>;

/// "10349=order_lives,399=note"; else the first part that is not a code and an action.
[[nodiscard]] inline expected<ErrorOverrides, std::string> read_error_actions(std::string_view text) {
  ErrorOverrides read;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    const std::size_t equals = std::min(part.find('='), part.size());
    int code = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + equals, code);
    const auto* const word = std::find(std::begin(error_action_words), std::end(error_action_words),
                                       part.substr(std::min(part.size(), equals + 1)));
    if (error != std::errc{} || end != part.data() + equals || code < 1 || word == std::end(error_action_words))
      return unexpected(std::string(part));
    read[code] = static_cast<ErrorAction>(word - std::begin(error_action_words));
  }
  return read;
}

[[nodiscard]] inline ErrorAction action_of(int code, const ErrorOverrides& overrides) {
  const auto found = overrides.find(code);
  return found != overrides.end() ? found->second : documented_action(code);
}

/// "read-only" in a 321 means that no order will ever be accepted in this session.
[[nodiscard]] inline bool says_read_only(std::string_view text) {
  const auto has = [&](std::string_view word) {
    return std::search(text.begin(), text.end(), word.begin(), word.end(),
                       [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; }) != text.end();
  };
  return has("read-only") || has("read only");
}

}  // namespace alaris::gateway
