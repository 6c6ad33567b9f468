// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a server said, and what a feed makes of it: typed rows, rows refused with a reason, or one error that names
// feed, record and field. Every adapter maps onto the same faults.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <alaris/core/expected.hpp>

namespace alaris::host {

/// Status, headers and body, already decompressed. Header names are matched without regard to case.
struct HttpAnswer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;
};

enum class FeedFault : std::uint8_t {
  transport,       // no usable bytes: cut off, empty, HTML instead of data, server trouble
  rate_limited,    // asked too often
  auth,            // key missing or unknown
  entitlement,     // the plan does not cover it
  not_found,       // the server has no such thing
  blocked,         // refused as an automated client
  request,         // the question was wrong
  configuration,   // the operator has to set something
  malformed,       // not the format it claims to be
  schema,          // the format, but not the promised fields
  implausible,     // the fields, but not believable values
  beyond_horizon,  // further ahead than the source looks
  stopped,         // the owner of the client asked to stop
};

[[nodiscard]] std::string_view name(FeedFault fault) noexcept;

struct FeedError {
  FeedFault fault = FeedFault::transport;
  std::string feed;
  std::string where;  // record and field, "results/3/strike_price"; empty: the whole answer
  std::string why;
  bool retryable = false;
  std::optional<std::size_t> offset = std::nullopt;         // byte of the body where reading stopped
  std::optional<std::chrono::seconds> wait = std::nullopt;  // what the server asked for, or what its rules say
  bool rest_of_day = false;                                 // a daily allowance is used up
  bool range_only = false;                                  // another date range may be allowed

  /// "massive: results/3/o: a number is required here"
  [[nodiscard]] std::string text() const;
};

template <class T>
using FeedResult = expected<T, FeedError>;

/// A row that was left out, and why.
struct RefusedRow {
  std::string record;
  std::string field;
  std::string why;
};

/// The rows of one answer. A defective row never takes its neighbours with it.
template <class T>
struct FeedTable {
  std::vector<T> rows{};
  std::vector<RefusedRow> refused{};
  std::vector<std::string> warnings{};
  std::size_t duplicates = 0;             // equal rows that were dropped
  std::optional<std::string> next_url{};  // carries no key
  bool delayed = false;                   // the plan serves delayed figures
  bool ask_again = false;                 // empty in a way that was seen to be wrong
  bool beyond_horizon = false;            // further ahead than the source looks
};

enum class BodyFormat : std::uint8_t { json, csv, xml };

/// The body without byte-order mark after the checks that come before parsing: the declared length was reached, it is
/// not empty, and its first character fits the format (an HTML page never does).
[[nodiscard]] FeedResult<std::string_view> checked_body(std::string_view feed, const HttpAnswer& answer,
                                                        BodyFormat format);

/// The error that a status above 299 means for any feed; feeds refine it. `said` is the vendor's text, if it is safe.
[[nodiscard]] FeedError status_error(std::string_view feed, const HttpAnswer& answer, std::string_view said = {});

/// Retry-After in seconds or as an HTTP date, clamped to [1 s, 1 h]; nothing for anything else.
[[nodiscard]] std::optional<std::chrono::seconds> retry_after(const HttpAnswer& answer, std::chrono::sys_seconds now);

/// Vendor text fit for a log: one line, at most 160 characters, nothing that looks like a credential.
[[nodiscard]] std::string safe_text(std::string_view text);

[[nodiscard]] bool is_html(std::string_view body) noexcept;

}  // namespace alaris::host
