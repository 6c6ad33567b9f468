// SPDX-License-Identifier: Apache-2.0
#include "gateway/handshake.hpp"

#include <charconv>
#include <optional>

#include "gateway/frame.hpp"
#include "gateway/wire_text.hpp"

namespace alaris::gateway {
namespace {

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string opening(VersionRange range) {
  std::string text = "v" + std::to_string(range.least);
  if (range.most != range.least) text += ".." + std::to_string(range.most);
  return std::string(api_prefix) + framed(text);
}

expected<VersionRange, WireError> parse_range(std::string_view payload) {
  while (!payload.empty() && payload.back() == '\0') payload.remove_suffix(1);
  payload = payload.substr(0, payload.find(' '));
  if (payload.empty() || payload.front() != 'v') return unexpected(WireError::bad_handshake);
  payload.remove_prefix(1);
  const std::size_t dots = payload.find("..");
  const auto least = number(payload.substr(0, dots));
  const auto most = dots == std::string_view::npos ? least : number(payload.substr(dots + 2));
  if (!least || !most || *least < 0 || *most < *least) return unexpected(WireError::bad_handshake);
  return VersionRange{*least, *most};
}

std::string frame_of_reply(const VersionReply& reply) {
  return framed(join_fields({std::to_string(reply.version), reply.text}));
}

expected<VersionReply, WireError> parse_reply(std::string_view payload) {
  const auto fields = split_fields(payload);
  if (!fields || fields->size() != 2) return unexpected(WireError::bad_handshake);
  const auto version = number((*fields)[0]);
  if (!version) return unexpected(WireError::bad_handshake);
  return VersionReply{*version, undo_escapes((*fields)[1])};
}

}  // namespace alaris::gateway
