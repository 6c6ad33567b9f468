// SPDX-License-Identifier: Apache-2.0
#include "report/chart.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "report/html.hpp"

namespace alaris::host {
namespace {

constexpr double width = 720, height = 260, left = 72, right = 12, top = 12, bottom = 34;

/// Data coordinates to the picture's.
struct Frame {
  double x_low, x_high, y_low, y_high;
  [[nodiscard]] double x(double value) const {
    return left + (value - x_low) / (x_high - x_low) * (width - left - right);
  }
  [[nodiscard]] double y(double value) const {
    return height - bottom - (value - y_low) / (y_high - y_low) * (height - top - bottom);
  }
};

/// Widens an empty range, so that a flat line is drawn in the middle.
void widen(double& low, double& high) {
  if (!(low <= high)) low = 0, high = 1;
  if (low == high) {
    const double half = std::max(1e-9, std::fabs(low) * 0.01);
    low -= half;
    high += half;
  }
}

std::string opening(const ChartText& text) {
  return fmt::format("<svg viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\"><title>{}</title>", width,
                     height, escaped(text.title), escaped(text.title));
}

std::string y_axis(const Frame& frame, std::span<const double> ticks, std::string_view label) {
  std::string svg;
  for (const double tick : ticks)
    svg += fmt::format(
        "<line class=\"grid\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>"
        "<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{:g}</text>",
        left, width - right, frame.y(tick), frame.y(tick), left - 6, frame.y(tick) + 4, tick);
  svg += fmt::format(
      "<text class=\"tick\" x=\"14\" y=\"{:.1f}\" transform=\"rotate(-90 14 {:.1f})\" "
      "text-anchor=\"middle\">{}</text>",
      height / 2, height / 2, escaped(label));
  return svg;
}

std::string x_text(double x, std::string_view label) {
  return fmt::format("<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>", x,
                     height - bottom + 18, escaped(label));
}

}  // namespace

std::vector<double> round_ticks(double low, double high, int most) {
  const double raw = (high - low) / most, magnitude = std::pow(10.0, std::floor(std::log10(raw)));
  double step = magnitude;
  for (const double factor : {1.0, 2.0, 5.0, 10.0})
    if (factor * magnitude >= raw) {
      step = factor * magnitude;
      break;
    }
  std::vector<double> ticks;
  for (double n = std::floor(low / step); n <= std::ceil(high / step) + 0.5; n += 1.0) ticks.push_back(n * step);
  return ticks;
}

std::string line_chart(const ChartText& text, std::span<const ChartLine> lines, std::span<const ChartTick> x_ticks) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double x_low = infinity, x_high = -infinity, y_low = infinity, y_high = -infinity;
  for (const ChartLine& line : lines)
    for (const ChartPoint& p : line.points) {
      x_low = std::min(x_low, p.x), x_high = std::max(x_high, p.x);
      y_low = std::min(y_low, p.y), y_high = std::max(y_high, p.y);
    }
  widen(x_low, x_high);
  widen(y_low, y_high);
  const std::vector<double> ticks = round_ticks(y_low, y_high, 5);
  const Frame frame{x_low, x_high, ticks.front(), ticks.back()};
  std::string svg = opening(text) + y_axis(frame, ticks, text.y_label);
  for (const ChartTick& tick : x_ticks) svg += x_text(frame.x(tick.at), tick.label);
  double legend = left + 8;
  for (const ChartLine& line : lines) {
    if (line.dots) {
      for (const ChartPoint& p : line.points)
        svg += fmt::format("<circle class=\"mark {}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.4\"/>", line.css_class,
                           frame.x(p.x), frame.y(p.y));
    } else {
      svg += fmt::format("<polyline class=\"line {}\" points=\"", line.css_class);
      for (const ChartPoint& p : line.points) svg += fmt::format("{:.1f},{:.1f} ", frame.x(p.x), frame.y(p.y));
      svg += "\"/>";
    }
    svg += fmt::format("<text class=\"legend {}\" x=\"{:.0f}\" y=\"{:.0f}\">{}</text>", line.css_class, legend,
                       top + 12, escaped(line.label));
    legend += 8.0 * static_cast<double>(line.label.size()) + 24;
  }
  return svg + "</svg>";
}

std::string scatter_chart(const ChartText& text, std::string_view x_label, std::span<const ChartPoint> points,
                          std::span<const std::string> names) {
  double high = 0.0;
  for (const ChartPoint& p : points) high = std::max({high, p.x, p.y});
  if (high <= 0.0) high = 1.0;
  const std::vector<double> ticks = round_ticks(0.0, high, 5);
  const Frame frame{0.0, ticks.back(), 0.0, ticks.back()};
  std::string svg = opening(text) + y_axis(frame, ticks, text.y_label);
  for (const double tick : ticks) svg += x_text(frame.x(tick), fmt::format("{:g}", tick));
  svg += x_text((left + width - right) / 2, "") +
         fmt::format("<text class=\"tick\" x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"end\">{}</text>", width - right,
                     height - bottom - 6, escaped(x_label));
  svg += fmt::format("<line class=\"grid diagonal\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>",
                     frame.x(0), frame.y(0), frame.x(ticks.back()), frame.y(ticks.back()));
  for (std::size_t i = 0; i < points.size(); ++i)
    svg += fmt::format("<circle class=\"dot\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\"><title>{}</title></circle>",
                       frame.x(points[i].x), frame.y(points[i].y), i < names.size() ? escaped(names[i]) : "");
  return svg + "</svg>";
}

}  // namespace alaris::host
