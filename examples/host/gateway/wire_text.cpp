// SPDX-License-Identifier: Apache-2.0
#include "gateway/wire_text.hpp"

#include <charconv>
#include <cstdint>
#include <optional>

namespace alaris::gateway {
namespace {

constexpr std::uint32_t replacement = 0xFFFD;

/// One code point from the front of `text`, or nothing when the bytes there are not UTF-8.
std::optional<std::uint32_t> take_code_point(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const std::uint32_t first = byte(0);
  const std::size_t length = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
  if (length == 0 || text.size() < length) return std::nullopt;
  std::uint32_t code = length == 1 ? first : first & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (byte(i) >> 6 != 2) return std::nullopt;
    code = code << 6 | (byte(i) & 0x3F);
  }
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < least[length] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return std::nullopt;
  text.remove_prefix(length);
  return code;
}

void append_code_point(std::string& out, std::uint32_t code) {
  const auto push = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) return push(code);
  if (code < 0x800) return push(0xC0 | code >> 6), push(0x80 | (code & 0x3F));
  if (code < 0x10000) return push(0xE0 | code >> 12), push(0x80 | (code >> 6 & 0x3F)), push(0x80 | (code & 0x3F));
  push(0xF0 | code >> 18), push(0x80 | (code >> 12 & 0x3F)), push(0x80 | (code >> 6 & 0x3F));
  push(0x80 | (code & 0x3F));
}

/// "\u002c" at the front of `text`.
std::optional<std::uint32_t> escape_at(std::string_view text) {
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return std::nullopt;
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 6, code, 16);
  if (error != std::errc{} || end != text.data() + 6) return std::nullopt;
  return code;
}

bool control(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

}  // namespace

bool clean_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const auto code = take_code_point(text);
    if (!code || control(*code)) return false;
  }
  return true;
}

std::string undo_escapes(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    std::uint32_t code = replacement;
    if (const auto escape = escape_at(text)) {
      code = *escape;
      text.remove_prefix(6);
      if (code >= 0xD800 && code < 0xDC00) {
        const auto low = escape_at(text);
        const bool pair = low && *low >= 0xDC00 && *low < 0xE000;
        if (pair) text.remove_prefix(6);
        code = pair ? 0x10000 + ((code - 0xD800) << 10) + (*low - 0xDC00) : replacement;
      } else if (code >= 0xDC00 && code < 0xE000) {
        code = replacement;
      }
    } else if (const auto read = take_code_point(text)) {
      code = *read;
    } else {
      text.remove_prefix(1);
    }
    append_code_point(out, control(code) ? ' ' : code);
  }
  return out;
}

std::string escaped(std::string_view text) {
  std::string out;
  const auto unit = [&](std::uint32_t value) {
    constexpr char digits[] = "0123456789abcdef";
    out += "\\u";
    for (const int shift : {12, 8, 4, 0}) out.push_back(digits[value >> shift & 0xF]);
  };
  while (!text.empty()) {
    const auto code = take_code_point(text);
    if (!code) {
      text.remove_prefix(1);
      unit(replacement);
    } else if (*code >= 0x20 && *code < 0x7F) {
      out.push_back(static_cast<char>(*code));
    } else if (*code < 0x10000) {
      unit(*code);
    } else {
      unit(0xD800 + ((*code - 0x10000) >> 10));
      unit(0xDC00 + ((*code - 0x10000) & 0x3FF));
    }
  }
  return out;
}

}  // namespace alaris::gateway
