// SPDX-License-Identifier: Apache-2.0
#include "http/url.hpp"

#include <charconv>

#include <fmt/format.h>

namespace alaris::host {

std::string Url::text() const {
  const bool usual = (scheme == "https" && port == 443) || (scheme == "http" && port == 80);
  return usual ? fmt::format("{}://{}{}", scheme, host, target)
               : fmt::format("{}://{}:{}{}", scheme, host, port, target);
}

std::string Url::place() const {
  return host + target.substr(0, target.find('?'));
}

std::optional<Url> parse_url(std::string_view text) {
  for (const char c : text)
    if (c <= ' ' || c > '~' || c == '\\') return std::nullopt;
  Url url;
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  url.scheme = text.substr(0, colon);
  if (url.scheme != "http" && url.scheme != "https") return std::nullopt;
  url.port = url.scheme == "https" ? 443 : 80;
  text.remove_prefix(colon + 3);
  if (text.find('#') != std::string_view::npos) return std::nullopt;
  const std::size_t slash = text.find_first_of("/?");
  std::string_view authority = text.substr(0, slash);
  url.target = slash == std::string_view::npos ? "/" : std::string(text.substr(slash));
  if (url.target.front() == '?') url.target.insert(0, "/");
  if (authority.find('@') != std::string_view::npos) return std::nullopt;
  if (const std::size_t at = authority.rfind(':'); at != std::string_view::npos) {
    const std::string_view port = authority.substr(at + 1);
    const auto [end, fault] = std::from_chars(port.data(), port.data() + port.size(), url.port);
    if (fault != std::errc{} || end != port.data() + port.size() || url.port < 1 || url.port > 65535)
      return std::nullopt;
    authority = authority.substr(0, at);
  }
  for (const char c : authority) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool legal = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    if (!legal) return std::nullopt;
    url.host += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (url.host.empty()) return std::nullopt;
  return url;
}

std::optional<Url> resolve(const Url& base, std::string_view location) {
  if (!location.starts_with('/') || location.starts_with("//")) return parse_url(location);
  return parse_url(fmt::format("{}://{}:{}{}", base.scheme, base.host, base.port, location));
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace alaris::host
