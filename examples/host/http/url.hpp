// SPDX-License-Identifier: Apache-2.0
#pragma once
// Addresses a feed may be asked at: https, or http to this machine; no user, no password, no fragment.

#include <optional>
#include <string>
#include <string_view>

namespace alaris::host {

struct Url {
  std::string scheme;  // http or https
  std::string host;    // lower case
  int port = 0;
  std::string target;  // path and query, begins with "/"

  [[nodiscard]] std::string text() const;
  /// Without the query: fit for a message.
  [[nodiscard]] std::string place() const;
  [[nodiscard]] bool is_loopback() const noexcept { return host == "127.0.0.1" || host == "localhost"; }
  /// https everywhere, http only to this machine.
  [[nodiscard]] bool is_safe() const noexcept { return scheme == "https" || (scheme == "http" && is_loopback()); }
  [[nodiscard]] bool same_origin(const Url& other) const noexcept {
    return scheme == other.scheme && host == other.host && port == other.port;
  }
};

/// Nothing for anything else than an absolute http or https address.
[[nodiscard]] std::optional<Url> parse_url(std::string_view text);

/// Where a Location header of an answer from `base` leads: absolute, or a path of the same origin.
[[nodiscard]] std::optional<Url> resolve(const Url& base, std::string_view location);

/// For a path or a query value: everything but letters, digits and -._~ as %XX.
[[nodiscard]] std::string percent_encoded(std::string_view text);

}  // namespace alaris::host
