// SPDX-License-Identifier: Apache-2.0
#include "sources/zip_archive.hpp"

#include <zip.h>

#include <memory>

#include <fmt/format.h>

#include "host_error.hpp"
#include "sources/file_bytes.hpp"

namespace alaris::host {

std::uint64_t for_each_entry(const std::filesystem::path& archive,
                             const std::function<void(const std::string&, const std::string&)>& visit) {
  int code = 0;
  const std::unique_ptr<zip_t, void (*)(zip_t*)> zip(zip_open(archive.c_str(), ZIP_RDONLY, &code), zip_discard);
  if (!zip) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string why = zip_error_strerror(&error);
    zip_error_fini(&error);
    throw HostError(ExitCode::data, fmt::format("{}: {}", archive.string(), why));
  }
  constexpr std::uint64_t largest = 1u << 30;  // no entry of this format comes near
  std::uint64_t print = fingerprint("");
  const zip_int64_t entries = zip_get_num_entries(zip.get(), 0);
  for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(entries); ++i) {
    zip_stat_t stat;
    zip_stat_init(&stat);
    const auto fail = [&](const std::string& why) -> void {
      throw HostError(ExitCode::data, fmt::format("{}: entry {}: {}", archive.string(), i, why));
    };
    if (zip_stat_index(zip.get(), i, 0, &stat) != 0) fail(zip_strerror(zip.get()));
    if (stat.size > largest) fail("too large");
    const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(zip_fopen_index(zip.get(), i, 0), zip_fclose);
    if (!file) fail(zip_strerror(zip.get()));
    std::string content(stat.size, '\0');
    if (zip_fread(file.get(), content.data(), stat.size) != static_cast<zip_int64_t>(stat.size))
      fail("damaged or cut off");
    char beyond = 0;
    if (zip_fread(file.get(), &beyond, 1) != 0) fail("does not match its checksum");
    print = fingerprint(content, fingerprint(stat.name, print));
    visit(stat.name, content);
  }
  return print;
}

}  // namespace alaris::host
