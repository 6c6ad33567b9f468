// SPDX-License-Identifier: Apache-2.0
#include "bootstrap/silences.hpp"

#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>

namespace alaris::host {

using Json = nlohmann::json;

std::map<std::string, Instant> Silences::read() const {
  std::ifstream in(file_, std::ios::binary);
  const Json list = Json::parse(std::string(std::istreambuf_iterator<char>(in), {}), nullptr, false);
  std::map<std::string, Instant> out;
  if (!list.is_object()) return out;
  for (const auto& [host, until] : list.items())
    if (until.is_string())
      if (const auto at = parse_instant(until.get<std::string>())) out[host] = *at;
  return out;
}

void Silences::apply(Limiter& limiter, Limiter::Time steady, Instant now) const {
  constexpr std::chrono::hours longest{24};  // a clock that was wrong then must not silence a server for ever
  for (const auto& [host, until] : read())
    if (until > now && until <= now + longest) limiter.hold(host, steady, until - now);
}

void Silences::keep(const std::string& host, Instant until) const {
  std::map<std::string, Instant> all = read();
  all[host] = until;
  Json list = Json::object();
  for (const auto& [name, at] : all) list[name] = to_string(at);
  std::error_code failed;
  std::filesystem::create_directories(file_.parent_path(), failed);
  const std::filesystem::path draft = file_.string() + ".new";
  {
    std::ofstream out(draft, std::ios::binary);
    out << list.dump();
    if (!out.flush()) return;
  }
  std::filesystem::rename(draft, file_, failed);
}

}  // namespace alaris::host
