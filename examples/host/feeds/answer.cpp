// SPDX-License-Identifier: Apache-2.0
#include "feeds/answer.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include <fmt/format.h>

#include <alaris/core/time.hpp>

namespace alaris::host {
namespace {

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool same_word(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}
std::size_t find_word(std::string_view text, std::string_view word) noexcept {
  const auto at = std::search(text.begin(), text.end(), word.begin(), word.end(),
                              [](char x, char y) { return lower(x) == lower(y); });
  return at == text.end() ? std::string_view::npos : static_cast<std::size_t>(at - text.begin());
}

std::string_view without_leading_blanks(std::string_view text) noexcept {
  const std::size_t at = text.find_first_not_of(" \t\r\n");
  return at == std::string_view::npos ? std::string_view{} : text.substr(at);
}

template <class Integer>
std::optional<Integer> whole(std::string_view text) noexcept {
  Integer value{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "Thu, 02 May 2024 20:00:00 GMT"
std::optional<std::chrono::sys_seconds> http_date(std::string_view text) {
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || text.substr(25) != " GMT") return std::nullopt;
  const auto month = std::find(months.begin(), months.end(), text.substr(8, 3));
  if (month == months.end()) return std::nullopt;
  const auto at = parse_instant(fmt::format("{}-{:02}-{}T{}Z", text.substr(12, 4), month - months.begin() + 1,
                                            text.substr(5, 2), text.substr(17, 8)));
  if (!at) return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(*at);
}

}  // namespace

std::string_view name(FeedFault fault) noexcept {
  switch (fault) {
    case FeedFault::transport:
      return "transport";
    case FeedFault::rate_limited:
      return "rate limited";
    case FeedFault::auth:
      return "authentication";
    case FeedFault::entitlement:
      return "entitlement";
    case FeedFault::not_found:
      return "not found";
    case FeedFault::blocked:
      return "blocked";
    case FeedFault::request:
      return "request";
    case FeedFault::configuration:
      return "configuration";
    case FeedFault::malformed:
      return "malformed";
    case FeedFault::schema:
      return "schema";
    case FeedFault::implausible:
      return "implausible";
    case FeedFault::beyond_horizon:
      return "beyond horizon";
    case FeedFault::stopped:
      return "stopped";
  }
  return "unknown";
}

std::optional<std::string_view> HttpAnswer::header(std::string_view wanted) const noexcept {
  for (const auto& [key, value] : headers)
    if (same_word(key, wanted)) return value;
  return std::nullopt;
}

std::string FeedError::text() const {
  std::string out = feed + ": ";
  if (!where.empty()) out += where + ": ";
  out += why;
  if (offset) out += fmt::format(" (byte {})", *offset);
  return out;
}

std::string safe_text(std::string_view text) {
  for (const std::string_view word : {"apikey=", "api_key=", "token=", "authorization:", "bearer "})
    if (const std::size_t at = find_word(text, word); at != std::string_view::npos) text = text.substr(0, at);
  std::string out;
  for (const char c : text.substr(0, 160)) {
    const bool plain = c >= ' ' && c <= '~';
    if (plain || (c == '\n' && !out.empty())) out += plain ? c : ' ';
  }
  return out;
}

bool is_html(std::string_view body) noexcept {
  const std::string_view start = without_leading_blanks(body).substr(0, 16);
  return find_word(start, "<!doctype") == 0 || find_word(start, "<html") == 0 || find_word(start, "<head") == 0;
}

FeedResult<std::string_view> checked_body(std::string_view feed, const HttpAnswer& answer, BodyFormat format) {
  const auto broken = [&](std::string why, std::optional<std::size_t> offset = std::nullopt) {
    return unexpected(FeedError{.fault = FeedFault::transport,
                                .feed = std::string(feed),
                                .where = {},
                                .why = std::move(why),
                                .retryable = true,
                                .offset = offset});
  };
  std::string_view body = answer.body;
  const auto encoding = answer.header("Content-Encoding");
  if (!encoding || *encoding == "identity")
    if (const auto length = answer.header("Content-Length"))
      if (const auto declared = whole<std::uint64_t>(*length); declared && *declared != body.size())
        return broken(fmt::format("{} of {} declared bytes arrived", body.size(), *declared), body.size());
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  const std::string_view start = without_leading_blanks(body);
  if (start.empty()) return broken("the body is empty");
  if (is_html(start)) return broken("an HTML page came instead of data");
  if (format == BodyFormat::json && start.front() != '{' && start.front() != '[')
    return broken("the body does not begin like JSON");
  if (format == BodyFormat::xml && !start.starts_with("<?xml") && !start.starts_with("<feed"))
    return broken("the body does not begin like XML");
  if (format == BodyFormat::csv && start.front() == '<') return broken("markup came instead of a table");
  return body;
}

FeedError status_error(std::string_view feed, const HttpAnswer& answer, std::string_view said) {
  FeedError error{.feed = std::string(feed), .where = {}, .why = fmt::format("status {}", answer.status)};
  const int status = answer.status;
  if (status == 400 || status == 414 || status == 422)
    error.fault = FeedFault::request;
  else if (status == 401)
    error.fault = FeedFault::auth;
  else if (status == 402 || status == 403)
    error.fault = FeedFault::entitlement;
  else if (status == 404 || status == 410)
    error.fault = FeedFault::not_found;
  else if (status == 429)
    error.fault = FeedFault::rate_limited;
  error.retryable = status == 408 || status == 413 || status == 429 || status == 499 || status == 500 ||
                    (status >= 502 && status <= 504);
  if (error.fault != FeedFault::auth && !said.empty()) error.why += ": " + safe_text(said);
  return error;
}

std::optional<std::chrono::seconds> retry_after(const HttpAnswer& answer, std::chrono::sys_seconds now) {
  using std::chrono::seconds;
  const auto value = answer.header("Retry-After");
  if (!value) return std::nullopt;
  std::optional<seconds> wait;
  if (const auto count = whole<std::int64_t>(*value); count && *count >= 0) wait = seconds(*count);
  if (const auto at = http_date(*value)) wait = *at - now;
  if (!wait) return std::nullopt;
  return std::clamp(*wait, seconds(1), seconds(3600));
}

}  // namespace alaris::host
