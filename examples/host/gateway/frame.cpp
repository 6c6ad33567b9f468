// SPDX-License-Identifier: Apache-2.0
#include "gateway/frame.hpp"

namespace alaris::gateway {
namespace {

std::uint32_t length_at(const char* p) {
  const auto byte = [&](int i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(p[i])); };
  return byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
}

}  // namespace

void FrameReader::feed(std::string_view bytes) {
  if (broken_) return;
  if (read_ > 0) {
    buffer_.erase(0, read_);
    read_ = 0;
  }
  buffer_.append(bytes);
}

std::optional<std::string_view> FrameReader::next() {
  if (broken_ || waiting() < 4) return std::nullopt;
  const std::uint32_t length = length_at(buffer_.data() + read_);
  if (length > longest_frame) {
    broken_ = true;
    return std::nullopt;
  }
  if (waiting() - 4 < length) return std::nullopt;
  const std::string_view payload(buffer_.data() + read_ + 4, length);
  read_ += 4 + length;
  return payload;
}

std::optional<std::string> FrameReader::take(std::size_t count) {
  if (broken_ || waiting() < count) return std::nullopt;
  std::string bytes = buffer_.substr(read_, count);
  read_ += count;
  return bytes;
}

void FrameReader::clear() {
  buffer_.clear();
  read_ = 0;
  broken_ = false;
}

std::string framed(std::string_view payload) {
  const auto n = static_cast<std::uint32_t>(payload.size());
  std::string out;
  out.reserve(4 + payload.size());
  for (const int shift : {24, 16, 8, 0}) out.push_back(static_cast<char>(n >> shift & 0xFF));
  return out.append(payload);
}

std::optional<std::vector<std::string>> split_fields(std::string_view payload) {
  std::vector<std::string> fields;
  while (!payload.empty()) {
    const std::size_t end = payload.find('\0');
    if (end == std::string_view::npos) return std::nullopt;
    fields.emplace_back(payload.substr(0, end));
    payload.remove_prefix(end + 1);
  }
  return fields;
}

std::string join_fields(const std::vector<std::string>& fields) {
  std::string payload;
  for (const std::string& field : fields) payload.append(field).push_back('\0');
  return payload;
}

}  // namespace alaris::gateway
