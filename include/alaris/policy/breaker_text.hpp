// SPDX-License-Identifier: Apache-2.0
#pragma once
// The state of the breakers as one line of text, for a journal: equal states give equal lines, a line gives back
// exactly the state, and a line that is damaged gives a halt.

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>

#include <alaris/policy/breakers.hpp>

namespace alaris::inline v0 {

/// A line without its newline; converts to std::string_view.
class BreakerText {
 public:
  [[nodiscard]] constexpr operator std::string_view() const noexcept { return {text_.data(), size_}; }
  void put(std::string_view words) noexcept {
    for (const char c : words) text_[size_++] = c;
  }
  void put(std::int64_t number) noexcept {
    size_ = static_cast<std::size_t>(std::to_chars(text_.data() + size_, text_.data() + text_.size(), number).ptr -
                                     text_.data());
  }

 private:
  std::array<char, 900> text_{};  // 9 words and 38 numbers of at most 20 characters
  std::size_t size_ = 0;
};

namespace detail {
/// The stored numbers in their order. Adding one needs a new version word.
inline constexpr std::string_view breaker_words[] = {"breakers v3 vix", " daily_loss", " failures",
                                                     " kill",           " cost",       " vix_now"};
inline constexpr std::size_t breaker_numbers[] = {3, 5, 3, 1, 2 + 2 * CostOverrun::window, 4};
inline constexpr std::size_t vix_now_at = 14 + 2 * CostOverrun::window;
using BreakerValues = std::array<std::int64_t, vix_now_at + 4>;

[[nodiscard]] constexpr BreakerValues breaker_values(const Breakers& b) noexcept {
  BreakerValues values{b.vix.tripped,
                       b.vix.sessions_without_close,
                       b.vix.high,
                       b.daily_loss.session,
                       b.daily_loss.halted_session,
                       b.daily_loss.marked,
                       b.daily_loss.losing,
                       b.daily_loss.losing_since,
                       b.failures.session,
                       b.failures.count,
                       b.failures.latched,
                       static_cast<std::int64_t>(b.kill.command),
                       b.cost.trades,
                       b.cost.latched};
  for (std::size_t i = 0; i < CostOverrun::window; ++i) {
    values[14 + 2 * i] = b.cost.realised[i];
    values[15 + 2 * i] = b.cost.modelled[i];
  }
  values[vix_now_at] = b.vix_now.high;
  values[vix_now_at + 1] = b.vix_now.turning;
  values[vix_now_at + 2] = b.vix_now.turning_since;
  values[vix_now_at + 3] = b.vix_session;
  return values;
}
[[nodiscard]] constexpr Breakers breakers_of(const BreakerValues& v) noexcept {
  Breakers b{.vix = {v[0] != 0, static_cast<int>(v[1]), v[2] != 0},
             .daily_loss = {v[3], v[4], v[5] != 0, v[6] != 0, v[7]},
             .failures = {v[8], static_cast<int>(v[9]), v[10] != 0},
             .kill = {static_cast<KillCommand>(v[11] >= 0 && v[11] <= 3 ? v[11] : 3)},
             .cost = {.realised = {}, .modelled = {}, .trades = v[12], .latched = v[13] != 0},
             .vix_now = {},
             .vix_session = 0};
  for (std::size_t i = 0; i < CostOverrun::window; ++i) {
    b.cost.realised[i] = v[14 + 2 * i];
    b.cost.modelled[i] = v[15 + 2 * i];
  }
  b.vix_now = {v[vix_now_at] != 0, v[vix_now_at + 1] != 0, v[vix_now_at + 2]};
  b.vix_session = v[vix_now_at + 3];
  return b;
}
}  // namespace detail

/// "breakers v3 vix 0 0 0 daily_loss 19875 0 1 0 0 failures 19875 0 0 kill 0 cost 0 0 ... vix_now 0 0 0 19875"
[[nodiscard]] inline BreakerText to_text(const Breakers& breakers) noexcept {
  BreakerText text;
  const auto values = detail::breaker_values(breakers);
  std::size_t next = 0;
  for (std::size_t word = 0; word < std::size(detail::breaker_words); ++word) {
    text.put(detail::breaker_words[word]);
    for (std::size_t i = 0; i < detail::breaker_numbers[word]; ++i) {
      text.put(" ");
      text.put(values[next++]);
    }
  }
  return text;
}

/// Exactly what to_text wrote, or nothing.
[[nodiscard]] inline std::optional<Breakers> parse_breakers(std::string_view line) noexcept {
  detail::BreakerValues values{};
  std::size_t next = 0;
  std::string_view rest = line;
  for (std::size_t word = 0; word < std::size(detail::breaker_words); ++word) {
    if (!rest.starts_with(detail::breaker_words[word])) return std::nullopt;
    rest.remove_prefix(detail::breaker_words[word].size());
    for (std::size_t i = 0; i < detail::breaker_numbers[word]; ++i) {
      if (!rest.starts_with(' ')) return std::nullopt;
      rest.remove_prefix(1);
      const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), values[next++]);
      if (read.ec != decltype(read.ec){}) return std::nullopt;
      rest.remove_prefix(static_cast<std::size_t>(read.ptr - rest.data()));
    }
  }
  const Breakers breakers = detail::breakers_of(values);
  const BreakerText again = to_text(breakers);  // refuses numbers that no state has, and anything after the last
  return std::string_view(again) == line ? std::optional(breakers) : std::nullopt;
}

/// The stored state; a halt where it cannot be read, because a latch that was lost must not open.
[[nodiscard]] inline Breakers restored_breakers(std::string_view line) noexcept {
  const auto read = parse_breakers(line);
  return read ? *read : Breakers{.kill = {KillCommand::halt}};
}

}  // namespace alaris::inline v0
