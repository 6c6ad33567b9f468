// SPDX-License-Identifier: Apache-2.0
#include "simulated_gateway/wire_time.hpp"

#include <charconv>
#include <cstdio>

#include <alaris/market/new_york.hpp>

namespace alaris::simulated {
namespace {

using namespace std::chrono_literals;

std::optional<int> digits(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || text.front() == '-' || error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

/// Hours from New York's clock to the zone's, where the zone is one that changes with it; 99: UTC.
constexpr int utc = 99;
std::optional<int> hours_west(std::string_view zone) {
  struct Zone {
    std::string_view name;
    int hours;
  };
  constexpr Zone zones[] = {
      {"US/Eastern", 0}, {"America/New_York", 0},    {"EST", 0}, {"EDT", 0},   {"EST5EDT", 0}, {"US/Central", 1},
      {"CST", 1},        {"America/Chicago", 1},     {"MST", 2}, {"UTC", utc}, {"GMT", utc},   {"US/Mountain", 2},
      {"US/Pacific", 3}, {"America/Los_Angeles", 3}, {"PST", 3}, {"Z", utc},   {"UCT", utc},   {"America/Denver", 2},
      {"Etc/UTC", utc}};
  for (const Zone& known : zones)
    if (known.name == zone) return known.hours;
  return std::nullopt;
}

}  // namespace

std::string yyyymmdd(Date date) {
  std::string text = to_string(date);
  std::erase(text, '-');
  return text;
}

std::string gateway_time(Instant at) {
  const auto local = at + new_york_offset(at);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(local) -
                                   std::chrono::floor<std::chrono::days>(local));
  char text[16];
  std::snprintf(text, sizeof text, " %02d:%02d:%02d", static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  return yyyymmdd(new_york_date(at)) + text + " US/Eastern";
}

std::optional<WireTime> parse_time(std::string_view text) {
  if (text.size() < 17) return std::nullopt;
  const auto date = parse_date(std::string(text.substr(0, 4)) + "-" + std::string(text.substr(4, 2)) + "-" +
                               std::string(text.substr(6, 2)));
  const bool dash = text[8] == '-';
  if (!date || (!dash && text[8] != ' ')) return std::nullopt;
  text.remove_prefix(9);
  while (!dash && text.starts_with(' ')) text.remove_prefix(1);
  if (text.size() < 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const auto h = digits(text.substr(0, 2)), m = digits(text.substr(3, 2)), s = digits(text.substr(6, 2));
  if (!h || !m || !s || *h > 23 || *m > 59 || *s > 59) return std::nullopt;
  const std::chrono::seconds time = std::chrono::hours(*h) + std::chrono::minutes(*m) + std::chrono::seconds(*s);
  text.remove_prefix(8);
  while (text.starts_with(' ')) text.remove_prefix(1);
  const Instant as_utc = Instant(date->time_since_epoch()) + time;
  if (text.empty()) return dash ? WireTime{as_utc, true} : WireTime{new_york_instant(*date, time), false};
  const auto west = hours_west(text);
  if (!west) return std::nullopt;
  return WireTime{*west == utc ? as_utc : new_york_instant(*date, time) + std::chrono::hours(*west), true};
}

}  // namespace alaris::simulated
