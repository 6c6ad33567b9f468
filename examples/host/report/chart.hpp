// SPDX-License-Identifier: Apache-2.0
#pragma once
// Line charts and scatter plots as SVG text, bars as HTML: round ticks, the page's own colours, the key below.

#include <limits>
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
  std::string css_class;  // "first", "second", "quiet" or "limit": colour comes from the page's style
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

/// The x axis. It covers [low, high] and every point: charts of one run have the same one, whatever part a line covers.
struct ChartAxis {
  std::vector<ChartTick> ticks;
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
};

[[nodiscard]] std::string line_chart(const ChartText& text, std::span<const ChartLine> lines, const ChartAxis& axis);

/// Dots of one colour; a name is shown when one is pointed at.
struct ScatterGroup {
  std::string label;
  std::string css_class;
  std::vector<ChartPoint> points;
  std::vector<std::string> names;
};

/// Both axes from 0 to the same end, with the diagonal on which y = x.
[[nodiscard]] std::string scatter_chart(const ChartText& text, std::string_view x_label,
                                        std::span<const ScatterGroup> groups);

/// One signed quantity: its bar grows from the middle, to the right when it is not negative.
struct BarRow {
  std::string label;
  double value;
  std::string text;  // HTML, shown beside the bar
};

/// Bars in the page's own text, so that they can be read on a phone.
[[nodiscard]] std::string bar_list(std::span<const BarRow> bars);

/// Ticks at 1, 2 or 5 times a power of ten that cover [low, high], at most `most` of them.
[[nodiscard]] std::vector<double> round_ticks(double low, double high, int most);

}  // namespace alaris::host
