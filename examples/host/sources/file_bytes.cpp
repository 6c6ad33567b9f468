// SPDX-License-Identifier: Apache-2.0
#include "sources/file_bytes.hpp"

#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include <fmt/format.h>

#include "host_error.hpp"

namespace alaris::host {
namespace {

std::string inflate(const std::string& packed, const std::filesystem::path& path) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) throw HostError(ExitCode::internal, "zlib could not be initialised");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> closing(&stream, inflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string text(packed.size() * 8 + 1024, '\0');
  for (;;) {
    if (stream.total_out == text.size()) text.resize(2 * text.size());
    stream.next_out = reinterpret_cast<Bytef*>(text.data() + stream.total_out);
    stream.avail_out = static_cast<uInt>(text.size() - stream.total_out);
    const int status = ::inflate(&stream, Z_NO_FLUSH);
    if (status == Z_STREAM_END) break;
    if (status != Z_OK || (stream.avail_in == 0 && stream.avail_out != 0))
      throw HostError(ExitCode::data, fmt::format("{}: the gzip data is damaged or cut off", path.string()));
  }
  text.resize(stream.total_out);
  return text;
}

}  // namespace

std::string read_input(const std::string& name) {
  if (name != "-") return read_file(name);
  return {std::istreambuf_iterator<char>(std::cin), {}};
}

std::string read_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in || std::filesystem::is_directory(path))
    throw HostError(ExitCode::data,
                    fmt::format("{}: cannot be read: {}", path.string(),
                                std::filesystem::exists(path) ? "not a readable file" : "no such file"));
  std::string bytes(static_cast<std::size_t>(in.tellg()), '\0');
  in.seekg(0);
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!in) throw HostError(ExitCode::data, fmt::format("{}: {}", path.string(), std::strerror(errno)));
  return bytes;
}

std::string read_file(const std::filesystem::path& path) {
  std::string bytes = read_bytes(path);
  return path.extension() == ".gz" ? inflate(bytes, path) : bytes;
}

std::uint64_t fingerprint(const std::string& text, std::uint64_t start) noexcept {
  std::uint64_t hash = start;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

}  // namespace alaris::host
