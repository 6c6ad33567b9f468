// SPDX-License-Identifier: Apache-2.0
#include "report/surface_page.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <alaris/volatility/event.hpp>

#include "report/chart.hpp"
#include "report/page.hpp"

namespace alaris::host {
namespace {

std::string percent(double value, int digits = 1) {
  return std::isfinite(value) ? fmt::format("{:.{}f} %", 100 * value, digits) : "n/a";
}

double days_of(const SurfaceExpiry& expiry) {
  return 365.0 * expiry.slice.to_expiry.value;
}

std::string term_chart(const KnownSurface& surface) {
  ChartLine quoted{"quoted", "first", {}}, without{"without the event", "second", {}};
  std::vector<ChartTick> ticks;
  const std::size_t every = std::max<std::size_t>(1, surface.expiries.size() / 8);
  for (std::size_t i = 0; i < surface.expiries.size(); ++i) {
    const SurfaceExpiry& expiry = surface.expiries[i];
    quoted.points.push_back({days_of(expiry), 100 * expiry.volatility});
    if (std::isfinite(expiry.without_event)) without.points.push_back({days_of(expiry), 100 * expiry.without_event});
    if (i % every == 0) ticks.push_back({days_of(expiry), fmt::format("{:.0f} d", days_of(expiry))});
  }
  const ChartLine lines[] = {std::move(quoted), std::move(without)};
  return "<h2>Term structure at the money</h2>" +
         line_chart({"Implied volatility at the money by days to expiry", "per cent a year"},
                    std::span(lines).first(lines[1].points.empty() ? 1 : 2), {.ticks = std::move(ticks)});
}

/// The quotes of one expiry and the smile that was fitted to them, the event put back.
std::string smile_chart(const KnownSurface& surface, const SurfaceExpiry& expiry) {
  if (expiry.slice.quotes.empty()) return "";
  const double years = expiry.slice.to_expiry.value;
  double jumps = 0.0;
  if (surface.term) {
    const auto seen = expiry.slice.observation<TradingTime>();
    jumps = seen.total_variance - ex_event_total_variance(*surface.term, seen);
  }
  ChartLine quotes{"quotes", "first", {}, true}, fit{"fit", "second", {}};
  for (const SmileQuote& quote : expiry.slice.quotes)
    quotes.points.push_back({quote.k, 100 * std::sqrt(quote.total_variance / years)});
  const double low = quotes.points.front().x, high = quotes.points.back().x;
  if (expiry.smile) {
    fit.label = expiry.smile->is_svi() ? "SVI" : "interpolation";
    for (int i = 0; i <= 80; ++i) {
      const double k = low + (high - low) * i / 80.0, w = expiry.smile->total_variance(k) + jumps;
      if (w >= 0.0) fit.points.push_back({k, 100 * std::sqrt(w / years)});
    }
  }
  std::vector<ChartTick> ticks;
  for (const double k : round_ticks(low, high, 6))
    if (k >= low && k <= high)
      ticks.push_back({k, k == 0.0 ? "forward" : fmt::format("{:+.0f} %", 100 * std::expm1(k))});
  const ChartLine lines[] = {std::move(quotes), std::move(fit)};
  return fmt::format("<h2>Smile of {}</h2>", to_string(expiry.slice.expiry)) +
         line_chart({"Implied volatility by strike against the forward", "per cent a year"},
                    std::span(lines).first(lines[1].points.empty() ? 1 : 2), {.ticks = std::move(ticks)});
}

std::string expiries_table(const KnownSurface& surface) {
  std::string rows;
  for (const SurfaceExpiry& e : surface.expiries)
    rows += fmt::format(
        "<tr><td>{}</td><td class=\"number\">{:.0f}</td><td class=\"number\">{:.2f}</td><td class=\"number\">{}</td>"
        "<td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}"
        "</td><td>{}</td></tr>",
        to_string(e.slice.expiry), days_of(e), e.slice.forward, e.slice.quotes.size(), percent(e.volatility),
        percent(e.volatility_error, 2), percent(e.without_event), percent(e.expected_crush),
        !e.smile            ? escaped(name(e.smile.error()))
        : e.smile->is_svi() ? "SVI"
                            : "interpolated");
  return "<h2>Expiries</h2><div class=\"scroll\"><table><thead><tr><th>expiry</th><th class=\"number\">days</th>"
         "<th class=\"number\">forward</th><th class=\"number\">quotes</th><th class=\"number\">volatility</th>"
         "<th class=\"number\">error</th><th class=\"number\">without the event</th>"
         "<th class=\"number\">falls by</th><th>smile</th></tr></thead><tbody>" +
         rows + "</tbody></table></div>";
}

}  // namespace

std::string report_text(const KnownSurface& surface) {
  if (!surface.report) return "no report is known";
  const EarningsConsensus& report = *surface.report;
  const std::string_view session = name(report.session);
  return fmt::format("{}{}, {} source{}", to_string(report.date),
                     session.empty() ? ", session not known" : " " + std::string(session), report.agreeing_sources,
                     report.agreeing_sources == 1 ? "" : "s");
}

std::string event_text(const KnownSurface& surface) {
  if (!surface.term) return fmt::format("no fit: {}", name(surface.term.error().fault));
  if (surface.term->event_count == 0) return "no event before the last expiry";
  const Estimate sigma = surface.term->sigma_event(0);
  return fmt::format("{} +- {}", percent(sigma.value, 2), percent(sigma.error, 2));
}

std::string render_surface(const std::string& symbol, const std::string& source, std::span<const std::string> labels,
                           const KnownSurface& surface) {
  const bool event = surface.term && surface.term->event_count > 0;
  std::string out = page_head(
      "Alaris surface " + symbol, fmt::format("{}: volatility at the close of {}", symbol, to_string(surface.session)),
      fmt::format("spot {:.2f}, rate {}, source {}", surface.spot, percent(surface.rate, 2), source), labels);
  out += "<div class=\"figures\">" + figure("Next report", escaped(report_text(surface))) +
         figure("Event, standard deviation of the move", escaped(event_text(surface)));
  if (event)
    out += figure("Mean absolute move it means", percent(expected_abs_move(surface.term->sigma_event(0).value), 2)) +
           figure("In calendar time", surface.term_by_calendar && surface.term_by_calendar->event_count > 0
                                          ? percent(surface.term_by_calendar->sigma_event(0).value, 2)
                                          : "n/a") +
           figure("Fit, chi-square / degrees",
                  fmt::format("{:.1f} / {}", surface.term->chi_square, surface.term->degrees)) +
           figure("Worst calendar violation", fmt::format("{:.1f} standard errors", surface.calendar_violation));
  out += "</div>" + term_chart(surface) + expiries_table(surface);
  for (std::size_t i = 0; i < std::min<std::size_t>(surface.expiries.size(), 6); ++i)
    out += smile_chart(surface, surface.expiries[i]);
  return out + "</main></body></html>\n";
}

}  // namespace alaris::host
