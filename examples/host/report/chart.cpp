// SPDX-License-Identifier: Apache-2.0
#include "report/chart.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "report/html.hpp"

namespace alaris::host {
namespace {

constexpr double width = 720, height = 280, left = 84, right = 16, top = 12, bottom = 34;

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

/// Short enough for a phone: 99500 is 99.5k.
std::string axis_number(double value) {
  const double size = std::fabs(value);
  if (size >= 1e6) return fmt::format("{:g}M", value / 1e6);
  if (size >= 1e4) return fmt::format("{:g}k", value / 1e3);
  return fmt::format("{:g}", size < 1e-12 ? 0.0 : value);
}

std::string y_axis(const Frame& frame, std::span<const double> ticks) {
  std::string svg;
  for (const double tick : ticks)
    svg += fmt::format(
        "<line class=\"grid\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>"
        "<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>",
        left, width - right, frame.y(tick), frame.y(tick), left - 6, frame.y(tick) + 4, axis_number(tick));
  return svg;
}

/// Every second label is left out on a phone.
std::string x_text(double x, std::string_view label, bool minor) {
  const char* anchor = x > width - right - 30 ? "end" : "middle";
  return fmt::format("<text class=\"tick{}\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>",
                     minor ? " minor" : "", anchor[0] == 'e' ? width - right : x, height - bottom + 20, anchor,
                     escaped(label));
}

/// The unit and what each colour means, below the picture in the text of the page.
std::string key_of(std::string_view unit, std::span<const ChartLine> lines) {
  std::string key = fmt::format("<p class=\"key\"><span>{}</span>", escaped(unit));
  for (const ChartLine& line : lines)
    key += fmt::format("<span class=\"{}\"><i></i>{}</span>", line.css_class, escaped(line.label));
  return key + "</p>";
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

std::string line_chart(const ChartText& text, std::span<const ChartLine> lines, const ChartAxis& axis) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double x_low = axis.low, x_high = axis.high, y_low = infinity, y_high = -infinity;
  for (const ChartLine& line : lines)
    for (const ChartPoint& p : line.points) {
      x_low = std::min(x_low, p.x), x_high = std::max(x_high, p.x);
      y_low = std::min(y_low, p.y), y_high = std::max(y_high, p.y);
    }
  widen(x_low, x_high);
  widen(y_low, y_high);
  const std::vector<double> ticks = round_ticks(y_low, y_high, 5);
  const Frame frame{x_low, x_high, ticks.front(), ticks.back()};
  std::string svg = opening(text) + y_axis(frame, ticks);
  bool minor = true;
  for (const ChartTick& tick : axis.ticks) svg += x_text(frame.x(tick.at), tick.label, minor = !minor);
  for (const ChartLine& line : lines) {
    if (line.dots) {
      for (const ChartPoint& p : line.points)
        svg += fmt::format("<circle class=\"mark {}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\"/>", line.css_class,
                           frame.x(p.x), frame.y(p.y));
    } else {
      svg += fmt::format("<polyline class=\"line {}\" points=\"", line.css_class);
      for (const ChartPoint& p : line.points) svg += fmt::format("{:.1f},{:.1f} ", frame.x(p.x), frame.y(p.y));
      svg += "\"/>";
    }
  }
  return svg + "</svg>" + key_of(text.y_label, lines);
}

std::string scatter_chart(const ChartText& text, std::string_view x_label, std::span<const ScatterGroup> groups) {
  double high = 0.0;
  for (const ScatterGroup& group : groups)
    for (const ChartPoint& p : group.points) high = std::max({high, p.x, p.y});
  if (high <= 0.0) high = 1.0;
  const std::vector<double> ticks = round_ticks(0.0, high, 5);
  const Frame frame{0.0, ticks.back(), 0.0, ticks.back()};
  std::string svg = opening(text) + y_axis(frame, ticks);
  for (const double tick : ticks) svg += x_text(frame.x(tick), axis_number(tick), false);
  svg += fmt::format("<line class=\"grid diagonal\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>",
                     frame.x(0), frame.y(0), frame.x(ticks.back()), frame.y(ticks.back()));
  std::vector<ChartLine> key;
  for (const ScatterGroup& group : groups) {
    for (std::size_t i = 0; i < group.points.size(); ++i)
      svg += fmt::format("<circle class=\"dot {}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\"><title>{}</title></circle>",
                         group.css_class, frame.x(group.points[i].x), frame.y(group.points[i].y),
                         i < group.names.size() ? escaped(group.names[i]) : "");
    key.push_back({group.label, group.css_class, {}});
  }
  return svg + "</svg>" + key_of(fmt::format("{} upwards, {} to the right", text.y_label, x_label), key);
}

std::string bar_list(std::span<const BarRow> bars) {
  double most = 0.0;
  for (const BarRow& bar : bars) most = std::max(most, std::fabs(bar.value));
  std::string html = "<div class=\"bars\">";
  for (const BarRow& bar : bars) {
    const double share = most > 0.0 ? 50.0 * std::fabs(bar.value) / most : 0.0;
    html += fmt::format(
        "<span>{}</span><span class=\"track\"><i class=\"{}\" "
        "style=\"left:{:.2f}%;width:{:.2f}%\"></i></span><b>{}</b>",
        escaped(bar.label), bar.value < 0 ? "bad" : "good", bar.value < 0 ? 50.0 - share : 50.0, share, bar.text);
  }
  return html + "</div>";
}

}  // namespace alaris::host
