// SPDX-License-Identifier: Apache-2.0
#pragma once
// Numbers as a report shows them, each with its name in metrics.json and its exact value beside the rounded text.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <alaris/backtest/statistics.hpp>
#include <alaris/core/money.hpp>

namespace alaris::host {

[[nodiscard]] inline std::string dollars(Money amount) {
  const bool negative = amount < Money{};
  const std::int64_t cents = negative ? -amount.cents() : amount.cents();
  std::string whole = std::to_string(cents / 100);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(whole.size()) - 3; at > 0; at -= 3)
    whole.insert(static_cast<std::size_t>(at), ",");
  return fmt::format("{}${}.{:02d}", negative ? "-" : "", whole, cents % 100);
}
[[nodiscard]] inline std::string dollars(double amount) {
  return std::isfinite(amount) ? dollars(Money::rounded(amount)) : "n/a";
}

[[nodiscard]] inline std::string percent(double value) {
  return std::isfinite(value) ? fmt::format("{:.1f} %", 100 * value) : "n/a";
}

[[nodiscard]] inline std::string decimal(double value) {
  return std::isfinite(value) ? fmt::format("{:.2f}", value) : "n/a";
}

/// Colour of a result.
[[nodiscard]] inline std::string_view tone(double value) {
  return value > 0 ? "good" : value < 0 ? "bad" : "";
}

/// A figure of metrics.json: `path` is its place there ("fills.touch.mean"), `value` as it stands there.
[[nodiscard]] inline std::string metric(std::string_view path, std::string_view value, std::string_view text) {
  return fmt::format("<span data-metric=\"{}\" data-value=\"{}\">{}</span>", path, value, text);
}
[[nodiscard]] inline std::string metric(std::string_view path, double value, std::string_view text) {
  return metric(path, std::isfinite(value) ? fmt::format("{}", value) : "null", text);
}
[[nodiscard]] inline std::string metric(std::string_view path, int value) {
  return metric(path, std::to_string(value), std::to_string(value));
}
[[nodiscard]] inline std::string metric(std::string_view path, Money value) {
  return metric(path, to_string(value), dollars(value));
}

/// "$12.30 [-4.00, 28.60]", both with their names.
[[nodiscard]] inline std::string mean_in_dollars(std::string_view path, const MeanEstimate& mean) {
  if (mean.count == 0) return "n/a";
  std::string text = metric(fmt::format("{}.mean", path), mean.mean, dollars(mean.mean));
  if (std::isfinite(mean.lower))
    text += fmt::format(" <small>[{}, {}]</small>",
                        metric(fmt::format("{}.lower_95", path), mean.lower, decimal(mean.lower)),
                        metric(fmt::format("{}.upper_95", path), mean.upper, decimal(mean.upper)));
  return text;
}

}  // namespace alaris::host
