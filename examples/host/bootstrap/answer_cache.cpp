// SPDX-License-Identifier: Apache-2.0
#include "bootstrap/answer_cache.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "host_error.hpp"
#include "sources/file_bytes.hpp"

namespace alaris::host {

namespace fs = std::filesystem;
using Json = nlohmann::json;

fs::path AnswerCache::default_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  return (cache && *cache ? fs::path(cache) : fs::path(home ? home : ".") / ".cache") / "alaris" / "answers";
}

fs::path AnswerCache::file_of(const std::string& url) const {
  return folder_ / fmt::format("{:016x}", fingerprint(url));
}

std::optional<HttpAnswer> AnswerCache::find(const std::string& url, Instant not_before) const {
  const fs::path file = file_of(url);
  std::error_code failed;
  if (!fs::is_regular_file(file, failed)) return std::nullopt;
  const std::string bytes = read_bytes(file);
  const std::size_t end = bytes.find('\n');
  const Json head = Json::parse(bytes.substr(0, end), nullptr, false);
  if (end == std::string::npos || !head.is_object() || head.value("url", "") != url) return std::nullopt;
  const auto received = parse_instant(head.value("received", ""));
  const std::string body = bytes.substr(end + 1);
  if (!received || *received < not_before || head.value("fnv1a64", "") != fmt::format("{:016x}", fingerprint(body)))
    return std::nullopt;
  return HttpAnswer{.status = head.value("status", 0), .headers = {}, .body = body};
}

void AnswerCache::keep(const std::string& url, const HttpAnswer& answer, Instant received) const {
  std::error_code failed;
  fs::create_directories(folder_, failed);
  fs::permissions(folder_, fs::perms::owner_all, failed);
  Json headers = Json::object();
  for (const auto& [key, value] : answer.headers) headers[key] = value;
  const Json head{{"url", url},
                  {"status", answer.status},
                  {"received", to_string(received)},
                  {"fnv1a64", fmt::format("{:016x}", fingerprint(answer.body))},
                  {"headers", headers}};
  const fs::path file = file_of(url), draft = file.string() + fmt::format(".{}", ::getpid());
  {
    std::ofstream out(draft, std::ios::binary);
    out << head.dump(-1, ' ', true, Json::error_handler_t::replace) << '\n' << answer.body;
    out.flush();
    if (!out) {
      fs::remove(draft, failed);
      throw HostError(ExitCode::needs_a_person, fmt::format("{}: cannot be written", file.string()));
    }
  }
  fs::rename(draft, file);
}

}  // namespace alaris::host
