// SPDX-License-Identifier: Apache-2.0
#pragma once
// Recorded and constructed answers of the feeds, with status and headers as their manifest states them.

#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "feeds/answer.hpp"
#include "support/shared_data.hpp"

namespace alaris::test {

struct Fixture {
  std::string file;
  host::HttpAnswer answer;
};

/// Every answer of one feed; empty (and the test counts as skipped) where the shared folder is absent.
inline std::vector<Fixture> fixtures_of(const std::string& feed) {
  std::vector<Fixture> found;
  const auto root = shared_data("fixtures");
  if (!root) return found;
  std::ifstream manifest_file(*root / "manifest.json");
  const nlohmann::json manifest = nlohmann::json::parse(manifest_file);
  for (const auto& entry : manifest["fixtures"]) {
    if (entry["feed"] != feed) continue;
    Fixture fixture{entry["file"], {}};
    fixture.answer.status = entry["http_status"];
    for (const auto& [key, value] : entry["headers"].items())
      fixture.answer.headers.emplace_back(key, value.get<std::string>());
    std::ifstream body(*root / fixture.file, std::ios::binary);
    fixture.answer.body.assign(std::istreambuf_iterator<char>(body), {});
    found.push_back(std::move(fixture));
  }
  return found;
}

/// One answer, "FEED/FILE"; nothing where the shared folder is absent. An unknown name is a mistake of the test.
inline std::optional<host::HttpAnswer> fixture(const std::string& file) {
  static std::vector<std::pair<std::string, std::vector<Fixture>>> read;
  const std::string feed = file.substr(0, file.find('/'));
  const std::vector<Fixture>* of_feed = nullptr;
  for (const auto& [name, list] : read)
    if (name == feed) of_feed = &list;
  if (!of_feed) of_feed = &read.emplace_back(feed, fixtures_of(feed)).second;
  if (of_feed->empty()) {
    shared_data_was_missing() = true;
    return std::nullopt;
  }
  for (const Fixture& f : *of_feed)
    if (f.file == file) return f.answer;
  throw std::runtime_error("no such fixture: " + file);
}

/// An answer made up in a test.
inline host::HttpAnswer answer(std::string body, int status = 200) {
  return {.status = status, .headers = {}, .body = std::move(body)};
}

}  // namespace alaris::test
