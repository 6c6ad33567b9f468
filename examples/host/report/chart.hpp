// SPDX-License-Identifier: Apache-2.0
#pragma once
// Line charts and scatter plots as SVG text: axes with round ticks, labels in the page's own colours.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alaris::host {

struct ChartPoint {
  double x;
  double y;
};

struct ChartLine {
  std::string label;
  std::string css_class;  // "first" or "second": colour comes from the page's style
  std::vector<ChartPoint> points;
  bool dots = false;  // a mark at every point instead of a line through them
};

/// Text at a place of the x axis.
struct ChartTick {
  double at;
  std::string label;
};

struct ChartText {
  std::string title;    // read by screen readers
  std::string y_label;  // unit included
};

[[nodiscard]] std::string line_chart(const ChartText& text, std::span<const ChartLine> lines,
                                     std::span<const ChartTick> x_ticks);
/// One dot a point, with a diagonal y = x when `diagonal`.
[[nodiscard]] std::string scatter_chart(const ChartText& text, std::string_view x_label,
                                        std::span<const ChartPoint> points, std::span<const std::string> names);

/// Ticks at 1, 2 or 5 times a power of ten that cover [low, high], at most `most` of them.
[[nodiscard]] std::vector<double> round_ticks(double low, double high, int most);

}  // namespace alaris::host
